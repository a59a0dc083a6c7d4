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
/// be read by mistake.
package struct Scope: Sendable, Hashable {
  package var household: ID<Household>
  package var user: ID<User>

  package init(household: ID<Household>, user: ID<User>) {
    self.household = household
    self.user = user
  }
}
