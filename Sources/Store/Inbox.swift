package import Basics
package import Databases
package import Finance

/// Names questions to people.
package enum Question: Identified {
  package static let idPrefix = "qst"
}

/// Questions that only a person can answer.
package enum Inbox {
  /// A spelling never changes once shipped.
  package enum Kind: String, Sendable {
    /// A row known from an earlier connection which the bank, linked anew, does not list.
    case leftOverRow = "left_over_row"
    /// The bank changed the amount of a row that stands in parts: the difference went to the last part.
    case splitAmountChanged = "split_amount_changed"
  }

  package static func ask(
    _ kind: Kind, about entity: ID<Transaction>, id: ID<Question>, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO inbox (household_id, id, kind, entity_id, made_at)
      VALUES (\(scope.household), \(id), \(kind.rawValue), \(entity), \(now))
      """)
  }

  /// The question has answered itself.
  package static func settle(
    _ kind: Kind, about entity: ID<Transaction>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE inbox SET settled_at = \(now)
      WHERE household_id = \(scope.household) AND kind = \(kind.rawValue) AND entity_id = \(entity)
        AND settled_at IS NULL
      """)
  }

  package static func open(
    _ kind: Kind, _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>] {
    try session.query(
      """
      SELECT entity_id FROM inbox
      WHERE household_id = \(scope.household) AND kind = \(kind.rawValue) AND settled_at IS NULL AND EXISTS (
          SELECT 1 FROM bank_transaction t
          WHERE t.household_id = \(scope.household) AND t.id = entity_id\(Visibility.rows(scope, "t.account_id")))
      ORDER BY id
      """
    ) { try $0(0) }
  }
}
