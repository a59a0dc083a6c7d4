// Cards and loans as Plaid's liabilities product shows them.

package import Finance

/// What an account costs and when it is due; the rest of a ``BankLiability`` follows from the rows.
package struct BankTerms: Sendable, Equatable {
  /// Yearly rate, in hundredths of a percent. For a card: on purchases.
  package var rateBasisPoints: Int64
  package var cashRateBasisPoints: Int64?
  package var transferRateBasisPoints: Int64?
  /// Day of the month on which a statement closes.
  package var statementDay: Int
  /// Days from the statement to its due day (cards), or the day of the month (loans).
  package var dueDay: Int
  /// The least a card asks for, or a loan's monthly instalment, in minor units.
  package var minimumMinor: Int64
  package var originatedOn: CalendarDate?
  package var principalMinor: Int64?
  package var termMonths: Int?
  package var loanName: String?
  /// `15 year` …, or `conventional`.
  package var loanType: String?
  package var servicer: BankServicer?
  package var accountNumber: String?
  package var paymentReference: String?
  /// Monthly share of the instalment that goes to taxes and insurance, in minor units.
  package var escrowMinor: Int64?
  package var property: BankHolder?
}

/// Where a loan's payments are sent.
package struct BankServicer: Sendable, Equatable {
  package var street: String
  package var city: String
  package var region: String
  package var postalCode: String
  package var country: String
}

/// One yearly rate of a card, and what it cost in the last cycle.
package struct BankAPR: Sendable, Equatable {
  /// Percent.
  package var percentage: FixedPoint
  /// Plaid's words: `purchase_apr`, `cash_apr`, `balance_transfer_apr`, `special`.
  package var type: String
  package var balanceSubjectMinor: Int64?
  package var interestChargeMinor: Int64?
}

/// One card or loan on a day. Fields that the kind does not have are nil.
package struct BankLiability: Sendable, Equatable {
  package enum Kind: String, Sendable { case credit, student, mortgage }

  package var kind: Kind
  package var account: String
  package var aprs: [BankAPR] = []
  package var isOverdue = false
  /// Positive.
  package var lastPaymentMinor: Int64?
  package var lastPaymentOn: CalendarDate?
  package var lastStatementMinor: Int64?
  package var lastStatementOn: CalendarDate?
  package var minimumPaymentMinor: Int64?
  package var nextPaymentDueOn: CalendarDate?

  // Loans.
  package var accountNumber: String?
  package var rate: FixedPoint?
  /// `fixed` or `variable`.
  package var rateType: String?
  package var originatedOn: CalendarDate?
  package var principalMinor: Int64?
  package var expectedPayoffOn: CalendarDate?
  package var yearToDateInterestMinor: Int64?
  package var yearToDatePrincipalMinor: Int64?

  // Student loans.
  package var loanName: String?
  /// Plaid's words, such as `repayment`.
  package var loanStatus: String?
  package var loanStatusEndsOn: CalendarDate?
  package var outstandingInterestMinor: Int64?
  package var disbursedOn: [CalendarDate] = []
  package var guarantor: String?
  package var paymentReference: String?
  package var sequenceNumber: String?
  package var repaymentPlanType: String?
  package var repaymentPlanDescription: String?
  package var servicer: BankServicer?

  // Mortgages.
  package var loanTypeDescription: String?
  /// Such as `30 year`.
  package var loanTerm: String?
  package var maturesOn: CalendarDate?
  package var escrowMinor: Int64?
  package var hasPMI: Bool?
  package var hasPrepaymentPenalty: Bool?
  package var currentLateFeeMinor: Int64?
  package var pastDueMinor: Int64?
  package var property: BankHolder?
}
