package import Basics
package import Databases
package import Finance

package enum Budget: Identified {
  package static let idPrefix = "bud"
}

package enum Goal: Identified {
  package static let idPrefix = "goa"
}

/// What a household means to spend on a category in a month.
package struct StoredBudget: Sendable, Equatable {
  /// What is left of one month, and goes to the next. Stored: a spelling never changes.
  package enum Rollover: String, Sendable, CaseIterable {
    case none
    /// What was not spent is added; what was overspent is forgiven.
    case surplus
    case both
  }

  package var id: ID<Budget>
  /// A category's code; a group's stands for all in it.
  package var category: String
  package var amountMinor: Int64
  package var currency: Currency
  package var rollover: Rollover
  /// The first day of its first month.
  package var startsOn: CalendarDate

  package init(
    id: ID<Budget>, category: String, amountMinor: Int64, currency: Currency, rollover: Rollover,
    startsOn: CalendarDate
  ) {
    self.id = id
    self.category = category
    self.amountMinor = amountMinor
    self.currency = currency
    self.rollover = rollover
    self.startsOn = startsOn
  }
}

package enum Budgets {
  package static let countMax = 500

  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredBudget] {
    try session.query(
      """
      SELECT id, category, amount_minor, currency, rollover, starts_on FROM budget
      WHERE household_id = \(scope.household) ORDER BY category
      """
    ) { row in
      StoredBudget(
        id: try row(0), category: try row(1), amountMinor: try row(2), currency: try row(3),
        rollover: StoredBudget.Rollover(rawValue: try row(4)) ?? .none, startsOn: try row(5))
    }
  }

  /// Another budget of the same category gives way.
  package static func keep(_ budget: StoredBudget, now: Timestamp, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      DELETE FROM budget WHERE household_id = \(scope.household)
        AND (category = \(budget.category) OR id = \(budget.id))
      """)
    try session.execute(
      """
      INSERT INTO budget (household_id, id, category, amount_minor, currency, rollover, starts_on, created_at)
      VALUES (\(scope.household), \(budget.id), \(budget.category), \(budget.amountMinor), \(budget.currency),
        \(budget.rollover.rawValue), \(budget.startsOn), \(now))
      """)
  }

  /// - Returns: Whether there was one.
  package static func delete(of category: String, _ scope: Scope, _ session: any Session) throws -> Bool {
    try session.changes("DELETE FROM budget WHERE household_id = \(scope.household) AND category = \(category)") > 0
  }
}

/// Something a household saves for.
package struct StoredGoal: Sendable, Equatable {
  package var id: ID<Goal>
  package var name: String
  package var targetMinor: Int64
  package var currency: Currency
  /// Whose balance counts; nil: all liquid savings.
  package var account: ID<Account>?
  package var dueOn: CalendarDate?

  package init(
    id: ID<Goal>, name: String, targetMinor: Int64, currency: Currency, account: ID<Account>?, dueOn: CalendarDate?
  ) {
    self.id = id
    self.name = name
    self.targetMinor = targetMinor
    self.currency = currency
    self.account = account
    self.dueOn = dueOn
  }
}

package enum Goals {
  package static let countMax = 200

  /// One about an account that the person does not see is not there.
  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredGoal] {
    try session.query(
      """
      SELECT id, name, target_minor, currency, account_id, due_on FROM goal
      WHERE household_id = \(scope.household) AND (account_id IS NULL OR account_id IN (
        SELECT id FROM account WHERE household_id = \(scope.household)\(Visibility.accounts(scope, "id"))))
      ORDER BY created_at, id
      """
    ) { row in
      StoredGoal(
        id: try row(0), name: try row(1), targetMinor: try row(2), currency: try row(3), account: try row(4),
        dueOn: try row(5))
    }
  }

  package static func keep(_ goal: StoredGoal, now: Timestamp, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO goal (household_id, id, name, target_minor, currency, account_id, due_on, created_at)
      VALUES (\(scope.household), \(goal.id), \(goal.name), \(goal.targetMinor), \(goal.currency), \(goal.account),
        \(goal.dueOn), \(now))
      """)
  }

  package static func delete(_ id: ID<Goal>, _ scope: Scope, _ session: any Session) throws -> Bool {
    try session.changes("DELETE FROM goal WHERE household_id = \(scope.household) AND id = \(id)") > 0
  }
}

/// The secret address at which a calendar finds what is due. Only its digest is kept.
package enum CalendarAddresses {
  package static func make(_ hash: [UInt8], now: Timestamp, _ scope: Scope, _ session: any Session) throws {
    _ = try revoke(scope, session)
    try session.execute(
      """
      INSERT INTO calendar_address (household_id, person_id, secret_hash, made_at)
      VALUES (\(scope.household), \(scope.user), \(hash), \(now))
      """)
  }

  package static func revoke(_ scope: Scope, _ session: any Session) throws -> Bool {
    try session.changes(
      "DELETE FROM calendar_address WHERE household_id = \(scope.household) AND person_id = \(scope.user)") > 0
  }

  /// Whose it is, while that person still belongs to the household.
  package static func owner(_ hash: [UInt8], _ session: any Session) throws -> Scope? {
    try session.first(
      """
      SELECT c.household_id, c.person_id FROM calendar_address c
      JOIN membership m ON m.household_id = c.household_id AND m.person_id = c.person_id
      WHERE c.secret_hash = \(hash)
      """
    ) { Scope(household: try $0(0), user: try $0(1)) }
  }
}
