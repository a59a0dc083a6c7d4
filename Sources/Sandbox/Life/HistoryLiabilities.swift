// Statements, due dates and interest of cards and loans, read off the rows.

import Basics
package import Finance

extension BankHistory {
  /// Every card and loan that has terms, as the bank states it on a day.
  package func liabilities(on day: CalendarDate) -> [BankLiability] {
    accounts.compactMap { account in
      guard let terms = account.terms, (account.openedOn ?? from) <= day else { return nil }
      switch (account.type, account.subtype) {
      case ("credit", _): return card(account, terms, day)
      case ("loan", "student"): return student(account, terms, day)
      case ("loan", "mortgage"): return mortgage(account, terms, day)
      default: return nil
      }
    }
  }

  private func posted(_ account: BankAccount, _ day: CalendarDate) -> [(on: CalendarDate, entry: BankEntry)] {
    entries.compactMap { entry in
      guard entry.account == account.key, let postsOn = entry.postsOn, postsOn <= day, entry.postedMinor(on: day) != 0
      else { return nil }
      return (postsOn, entry)
    }
  }

  private func lastPayment(_ account: BankAccount, _ day: CalendarDate) -> (on: CalendarDate, minor: Int64)? {
    var last: (on: CalendarDate, minor: Int64)?
    for (on, entry) in posted(account, day)
    where entry.amountMinor < 0 && entry.category.primary == "LOAN_PAYMENTS" && on >= last?.on ?? on {
      last = (on, -entry.amountMinor)
    }
    return last
  }

  private func card(_ account: BankAccount, _ terms: BankTerms, _ day: CalendarDate) -> BankLiability {
    var liability = BankLiability(kind: .credit, account: account.key)
    var statement = day.inMonth(day: terms.statementDay)
    if statement > day { statement = day.firstOfMonth.adding(months: -1).inMonth(day: terms.statementDay) }
    let payment = lastPayment(account, day)
    var due = statement + terms.dueDay
    if statement >= from, let owed = balance(of: account.key, on: statement) {
      liability.lastStatementOn = statement
      liability.lastStatementMinor = owed
      let wanted = max(terms.minimumMinor, owed / 100)
      liability.minimumPaymentMinor = max(0, min(owed, wanted))
      let isPaid = owed <= 0 || (payment.map { $0.on > statement } ?? false)
      liability.isOverdue = !isPaid && day > due
      if due < day, isPaid {
        due =
          day.firstOfMonth.adding(months: statement.month == day.month ? 1 : 0).inMonth(day: terms.statementDay)
          + terms.dueDay
      }
    }
    liability.lastPaymentMinor = payment?.minor
    liability.lastPaymentOn = payment?.on
    liability.nextPaymentDueOn = due
    let charged = posted(account, day).last { $0.entry.category == .bankFeesInterestCharge }
    let carried = charged.map { $0.on > day - 31 } ?? false
    liability.aprs = [
      BankAPR(
        percentage: FixedPoint(terms.rateBasisPoints, digits: 2), type: "purchase_apr",
        balanceSubjectMinor: carried ? balance(of: account.key, on: day) : 0,
        interestChargeMinor: carried ? charged?.entry.amountMinor : 0)
    ]
    if let rate = terms.transferRateBasisPoints {
      liability.aprs.append(
        BankAPR(
          percentage: FixedPoint(rate, digits: 2), type: "balance_transfer_apr", balanceSubjectMinor: 0,
          interestChargeMinor: 0))
    }
    if let rate = terms.cashRateBasisPoints {
      liability.aprs.append(
        BankAPR(
          percentage: FixedPoint(rate, digits: 2), type: "cash_apr", balanceSubjectMinor: 0, interestChargeMinor: 0))
    }
    return liability
  }

  /// What the two kinds of loan have in common.
  private func loan(
    _ kind: BankLiability.Kind, _ account: BankAccount, _ terms: BankTerms, _ day: CalendarDate
  ) -> BankLiability {
    var liability = BankLiability(kind: kind, account: account.key)
    let rows = posted(account, day)
    var interest: Int64 = 0
    var paid: Int64 = 0
    for (on, entry) in rows where on.year == day.year {
      if entry.category == .bankFeesInterestCharge {
        interest += entry.amountMinor
      } else if entry.amountMinor < 0 {
        paid -= entry.amountMinor
      } else {
        paid -= entry.amountMinor  // escrow leaves with the instalment and is no principal
      }
    }
    let payment = lastPayment(account, day)
    let instalment = day.inMonth(day: terms.dueDay)
    let isPaid = payment.map { $0.on >= instalment - 12 } ?? false
    liability.accountNumber = terms.accountNumber
    liability.rate = FixedPoint(terms.rateBasisPoints, digits: 2)
    liability.rateType = "fixed"
    liability.originatedOn = terms.originatedOn
    liability.principalMinor = terms.principalMinor
    liability.lastPaymentMinor = payment?.minor
    liability.lastPaymentOn = payment?.on
    liability.nextPaymentDueOn =
      isPaid || instalment < day ? day.firstOfMonth.adding(months: 1).inMonth(day: terms.dueDay) : instalment
    liability.minimumPaymentMinor = terms.minimumMinor
    liability.yearToDateInterestMinor = interest
    liability.yearToDatePrincipalMinor = max(0, paid - interest)
    return liability
  }

  private func student(_ account: BankAccount, _ terms: BankTerms, _ day: CalendarDate) -> BankLiability {
    var liability = loan(.student, account, terms, day)
    let owed = balance(of: account.key, on: day) ?? 0
    let charged = posted(account, day).last { $0.entry.category == .bankFeesInterestCharge }?.on ?? from
    var statement = day.inMonth(day: terms.statementDay)
    if statement > day { statement = day.firstOfMonth.adding(months: -1).inMonth(day: terms.statementDay) }
    liability.lastStatementOn = statement
    liability.lastStatementMinor = terms.minimumMinor
    liability.outstandingInterestMinor = Self.interest(owed, terms.rateBasisPoints, days: day - charged)
    liability.loanName = terms.loanName
    liability.loanStatus = "repayment"
    let payoff = Self.payoff(owed, terms, after: day)
    liability.expectedPayoffOn = payoff
    liability.loanStatusEndsOn = payoff
    liability.disbursedOn = terms.originatedOn.map { [$0, $0.adding(months: 5)] } ?? []
    liability.guarantor = "DEPT OF ED"
    liability.paymentReference = terms.paymentReference
    liability.sequenceNumber = "1"
    liability.repaymentPlanType = "standard"
    liability.repaymentPlanDescription = "Standard Repayment"
    liability.servicer = terms.servicer
    return liability
  }

  private func mortgage(_ account: BankAccount, _ terms: BankTerms, _ day: CalendarDate) -> BankLiability {
    var liability = loan(.mortgage, account, terms, day)
    liability.loanTypeDescription = terms.loanType
    liability.loanTerm = terms.termMonths.map { "\($0 / 12) year" }
    liability.maturesOn = terms.originatedOn.map { $0.adding(months: terms.termMonths ?? 360) }
    liability.expectedPayoffOn = liability.maturesOn
    // Taxes are paid from escrow in December, insurance in June; in between it fills month by month.
    liability.escrowMinor = terms.escrowMinor.map { $0 * Int64(day.month % 6 + 1) }
    liability.hasPMI = false
    liability.hasPrepaymentPenalty = false
    liability.currentLateFeeMinor = 0
    liability.pastDueMinor = 0
    liability.property = terms.property
    return liability
  }

  /// Simple interest for so many days of a year of 365, rounded half up.
  static func interest(_ balanceMinor: Int64, _ basisPoints: Int64, days: Int) -> Int64 {
    let product = max(0, balanceMinor) * basisPoints * Int64(max(0, days))
    return (product + 1_825_000) / 3_650_000
  }

  /// The day of the last instalment if nothing changes; bounded at fifty years.
  private static func payoff(_ owed: Int64, _ terms: BankTerms, after day: CalendarDate) -> CalendarDate {
    var owed = owed
    var months = 0
    while owed > 0, months < 600 {
      owed += owed * terms.rateBasisPoints / 120_000 - terms.minimumMinor
      months += 1
    }
    return day.firstOfMonth.adding(months: months).inMonth(day: terms.dueDay)
  }
}
