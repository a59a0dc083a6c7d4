import Basics
import Finance
import JSON

/// Liabilities in Plaid's words: every key of each kind, null where the bank says nothing.
extension SandboxWorld {
  func liabilities(of item: Item, in accounts: [BankAccount]) -> [(kind: String, json: JSONValue)] {
    if let custom = item.customer.custom {
      return custom.accounts.compactMap { described in
        guard let account = accounts.first(where: { $0.key == described.account.key }),
          let liability = described.liability
        else { return nil }
        return customLiability(Body(liability), of: account, in: item)
      }
    }
    return item.customer.history.liabilities(on: item.ledger.now.day).compactMap { liability in
      guard let account = accounts.first(where: { $0.key == liability.account }) else { return nil }
      return (liability.kind.rawValue, json(of: liability, account, in: item))
    }
  }

  private func json(of liability: BankLiability, _ account: BankAccount, in item: Item) -> JSONValue {
    let id = JSONValue.string(item.accountID(account.key))
    let money = { (minor: Int64?) in Wire.amount(minor, account.currency) }
    return switch liability.kind {
    case .credit: Self.credit(liability, id: id, money)
    case .student: Self.student(liability, id: id, money)
    case .mortgage: Self.mortgage(liability, id: id, money)
    }
  }

  private static func credit(_ card: BankLiability, id: JSONValue, _ money: (Int64?) -> JSONValue) -> JSONValue {
    let rates = card.aprs.map { rate -> JSONValue in
      [
        "apr_percentage": Wire.number(rate.percentage), "apr_type": .string(rate.type),
        "balance_subject_to_apr": money(rate.balanceSubjectMinor),
        "interest_charge_amount": money(rate.interestChargeMinor),
      ]
    }
    return [
      "account_id": id, "aprs": .array(rates), "is_overdue": .bool(card.isOverdue),
      "last_payment_amount": money(card.lastPaymentMinor), "last_payment_date": Wire.date(card.lastPaymentOn),
      "last_statement_balance": money(card.lastStatementMinor),
      "last_statement_issue_date": Wire.date(card.lastStatementOn),
      "minimum_payment_amount": money(card.minimumPaymentMinor),
      "next_payment_due_date": Wire.date(card.nextPaymentDueOn),
    ]
  }

  private static func student(_ loan: BankLiability, id: JSONValue, _ money: (Int64?) -> JSONValue) -> JSONValue {
    let servicer = loan.servicer
    return [
      "account_id": id, "account_number": JSONValue(loan.accountNumber),
      "disbursement_dates": loan.disbursedOn.isEmpty ? .null : JSONValue(loan.disbursedOn.map(\.description)),
      "expected_payoff_date": Wire.date(loan.expectedPayoffOn), "guarantor": JSONValue(loan.guarantor),
      "interest_rate_percentage": loan.rate.map { Wire.number($0) } ?? 0, "is_overdue": .bool(loan.isOverdue),
      "last_payment_amount": money(loan.lastPaymentMinor), "last_payment_date": Wire.date(loan.lastPaymentOn),
      "last_statement_balance": money(loan.lastStatementMinor),
      "last_statement_issue_date": Wire.date(loan.lastStatementOn), "loan_name": JSONValue(loan.loanName),
      "loan_status": ["end_date": Wire.date(loan.loanStatusEndsOn), "type": JSONValue(loan.loanStatus)],
      "minimum_payment_amount": money(loan.minimumPaymentMinor),
      "next_payment_due_date": Wire.date(loan.nextPaymentDueOn), "origination_date": Wire.date(loan.originatedOn),
      "origination_principal_amount": money(loan.principalMinor),
      "outstanding_interest_amount": money(loan.outstandingInterestMinor),
      "payment_reference_number": JSONValue(loan.paymentReference),
      "pslf_status": ["estimated_eligibility_date": nil, "payments_made": nil, "payments_remaining": nil],
      "repayment_plan": [
        "description": JSONValue(loan.repaymentPlanDescription), "type": JSONValue(loan.repaymentPlanType),
      ],
      "sequence_number": JSONValue(loan.sequenceNumber),
      "servicer_address": [
        "city": JSONValue(servicer?.city), "country": JSONValue(servicer?.country),
        "postal_code": JSONValue(servicer?.postalCode), "region": JSONValue(servicer?.region),
        "street": JSONValue(servicer?.street),
      ],
      "ytd_interest_paid": money(loan.yearToDateInterestMinor),
      "ytd_principal_paid": money(loan.yearToDatePrincipalMinor),
    ]
  }

  private static func mortgage(_ loan: BankLiability, id: JSONValue, _ money: (Int64?) -> JSONValue) -> JSONValue {
    let property = loan.property
    return [
      "account_id": id, "account_number": JSONValue(loan.accountNumber),
      "current_late_fee": money(loan.currentLateFeeMinor), "escrow_balance": money(loan.escrowMinor),
      "has_pmi": JSONValue(loan.hasPMI), "has_prepayment_penalty": JSONValue(loan.hasPrepaymentPenalty),
      "interest_rate": ["percentage": Wire.number(loan.rate), "type": JSONValue(loan.rateType)],
      "last_payment_amount": money(loan.lastPaymentMinor), "last_payment_date": Wire.date(loan.lastPaymentOn),
      "loan_term": JSONValue(loan.loanTerm), "loan_type_description": JSONValue(loan.loanTypeDescription),
      "maturity_date": Wire.date(loan.maturesOn), "next_monthly_payment": money(loan.minimumPaymentMinor),
      "next_payment_due_date": Wire.date(loan.nextPaymentDueOn), "origination_date": Wire.date(loan.originatedOn),
      "origination_principal_amount": money(loan.principalMinor), "past_due_amount": money(loan.pastDueMinor),
      "property_address": [
        "city": JSONValue(property?.city), "country": JSONValue(property?.country),
        "postal_code": JSONValue(property?.postalCode), "region": JSONValue(property?.region),
        "street": JSONValue(property?.street),
      ],
      "ytd_interest_paid": money(loan.yearToDateInterestMinor),
      "ytd_principal_paid": money(loan.yearToDatePrincipalMinor),
    ]
  }

  /// What a custom user's description says of a card or a student loan.
  private func customLiability(
    _ described: Body, of account: BankAccount, in item: Item
  ) -> (kind: String, json: JSONValue)? {
    let id = JSONValue.string(item.accountID(account.key))
    let money = { (minor: Int64?) in Wire.amount(minor, account.currency) }
    let amount = { (name: String) in (try? CustomAccount.minor(described, name, account.currency)) ?? nil }
    let rate = { (name: String) in
      ((try? CustomAccount.minor(described, name, "USD")) ?? nil).map { FixedPoint($0, digits: 2) }
    }
    var liability = BankLiability(kind: .credit, account: account.key)
    liability.isOverdue = described.bool("is_overdue") ?? false
    liability.lastPaymentMinor = amount("last_payment_amount")
    liability.minimumPaymentMinor = amount("minimum_payment_amount")
    if described.string("type") == "credit" {
      let kinds = [
        ("purchase_apr", "purchase_apr"), ("cash_apr", "cash_apr"), ("balance_transfer_apr", "balance_transfer_apr"),
        ("special_apr", "special"),
      ]
      liability.aprs = kinds.compactMap { field, type in rate(field).map { BankAPR(percentage: $0, type: type) } }
      return ("credit", Self.credit(liability, id: id, money))
    }
    guard described.string("type") == "student" else { return nil }
    liability.kind = .student
    liability.rate = rate("nominal_apr")
    liability.principalMinor = amount("principal")
    liability.originatedOn = described.date("origination_date")
    liability.expectedPayoffOn = described.date("expected_payoff_date")
    liability.guarantor = described.string("guarantor")
    liability.loanName = described.string("loan_name")
    liability.loanStatus = described.nested("loan_status").string("type") ?? "repayment"
    liability.loanStatusEndsOn = described.nested("loan_status").date("end_date")
    liability.paymentReference = described.string("payment_reference_number")
    liability.sequenceNumber = described.string("sequence_number")
    liability.repaymentPlanType = described.string("repayment_plan_type") ?? "standard"
    return ("student", Self.student(liability, id: id, money))
  }
}
