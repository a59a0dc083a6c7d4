package import Basics

/// Names households: the people who share one view of their money.
package enum Household: Identified {
  package static let idPrefix = "hhd"
}

/// Names people.
package enum User: Identified {
  package static let idPrefix = "usr"
}

/// Who asks, and what they may see. Every question to the store carries one, so that a row of another household cannot
/// be read by mistake, nor one of an account that somebody in the household keeps to themselves.
package struct Scope: Sendable, Hashable {
  package var household: ID<Household>
  package var user: ID<User>
  /// Whether accounts that people keep to themselves are seen too: for work on the household's behalf, whose results no
  /// person reads as they are.
  package private(set) var isWhole = false

  /// What this person sees of this household.
  package init(household: ID<Household>, user: ID<User>) {
    self.household = household
    self.user = user
  }

  /// The same household with nothing withheld: for sync, upkeep and export of everything by the operator.
  package var wholeHousehold: Scope {
    var whole = self
    whole.isWhole = true
    return whole
  }
}

/// How much of an account the rest of its household sees. Stored as text.
package enum SharingLevel: String, Sendable, CaseIterable {
  case full
  /// The account and what is on it, but no rows, sums or holdings.
  case balances
  case hidden
}
