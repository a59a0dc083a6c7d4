import Basics

/// Names securities: what can be held, as one connection knows it.
package enum Security: Identified {
  package static let idPrefix = "sec"
}

/// Names investment transactions: purchases, sales, dividends and fees inside an investment account.
package enum InvestmentTransaction: Identified {
  package static let idPrefix = "trd"
}

/// Names rows that could not be understood and are kept as they came.
package enum QuarantinedRow: Identified {
  package static let idPrefix = "qtn"
}

/// What a bank connection may offer. Stored as text: a spelling never changes once shipped.
package enum Product: String, Sendable, CaseIterable {
  /// The list of accounts itself.
  case accounts
  case transactions, holdings
  case investmentTransactions = "investment_transactions"
  case liabilities
  /// What the provider found to come again and again.
  case recurring
}
