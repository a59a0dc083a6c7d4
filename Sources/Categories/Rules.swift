package import Basics
package import Databases
package import Finance
import JSON

/// The rules of a household, as they are kept.
package enum Rules {
  /// A thousand rules are looked through in a microsecond or so; more are a mistake.
  package static let rulesMax = 1_000

  package static func all(_ scope: Scope, _ session: any Session) throws -> [Rule] {
    try askForAll(scope, session).get()
  }

  package static func askForAll(_ scope: Scope, _ session: any Session) throws -> Later<[Rule]> {
    try ask("ORDER BY position, id", scope, session)
  }

  package static func find(_ id: ID<RuleName>, _ scope: Scope, _ session: any Session) throws -> Rule? {
    try read("AND id = \(id)", scope, session).first
  }

  /// Makes it, or writes it over.
  package static func keep(_ rule: Rule, now: Timestamp, _ scope: Scope, _ session: any Session) throws {
    let definition = RuleCodec.definition(rule).text()
    try session.execute(
      """
      INSERT INTO rule (household_id, id, name, position, is_on, definition, made_at, made_by)
      VALUES (\(scope.household), \(rule.id), \(rule.name), \(rule.position), \(rule.isOn), \(definition), \(now),
        \(scope.user))
      ON CONFLICT (household_id, id) DO UPDATE SET name = excluded.name, position = excluded.position,
        is_on = excluded.is_on, definition = excluded.definition
      """)
  }

  /// What it did stays done, and its runs stay in the log.
  ///
  /// - Returns: False when there was none.
  package static func delete(_ id: ID<RuleName>, _ scope: Scope, _ session: any Session) throws -> Bool {
    guard try find(id, scope, session) != nil else { return false }
    try session.execute("DELETE FROM rule WHERE household_id = \(scope.household) AND id = \(id)")
    return true
  }

  package static func nextPosition(_ scope: Scope, _ session: any Session) throws -> Int {
    try session.first("SELECT COALESCE(MAX(position), 0) + 1 FROM rule WHERE household_id = \(scope.household)") {
      try $0(0, as: Int.self)
    } ?? 1
  }

  private static func read(_ rest: SQL, _ scope: Scope, _ session: any Session) throws -> [Rule] {
    try ask(rest, scope, session).get()
  }

  private static func ask(_ rest: SQL, _ scope: Scope, _ session: any Session) throws -> Later<[Rule]> {
    try session.ask(
      """
      SELECT id, name, position, is_on, definition FROM rule WHERE household_id = \(scope.household) \(rest)
      """
    ) { row in
      (
        try row(0, as: ID<RuleName>.self), try row(1, as: String.self), try row(2, as: Int.self),
        try row(3, as: Bool.self), try row(4, as: String.self)
      )
    }.map { rows in
      // A definition that an older version wrote and this one cannot read does nothing, rather than stop everything.
      rows.compactMap { id, name, position, isOn, definition in
        guard let value = try? JSONValue.parse(definition) else { return nil }
        return try? RuleCodec.rule(id, name: name, position: position, isOn: isOn, definition: value)
      }
    }
  }
}
