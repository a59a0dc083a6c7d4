import Basics

/// Names transactions.
package enum Transaction: Identified {
  package static let idPrefix = "txn"
}

/// Where a row came from. Stored as text.
package enum Origin: String, Sendable {
  case plaid, simulated, manual, imported = "import"
}

/// How a row counts in sums over income and expenses. Stored as text.
package enum FlowKind: String, Sendable, CaseIterable {
  case income, expense, transfer, excluded
}
