import Basics
import Databases
import Finance

/// Balances that a person typed, for accounts that no bank tells us about. The latest day's is the account's.
enum TypedBalances {
  /// Followed by the day, in the record of changes.
  static let fieldPrefix = "balance:"
  private static let source = "typed"

  /// Minor units as text, from the owner's side.
  static func value(
    on day: CalendarDate, of id: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> String? {
    try session.first(
      """
      SELECT current_minor FROM balance_snapshot
      WHERE household_id = \(scope.household) AND account_id = \(id) AND day = \(day) AND source = \(source)
      """
    ) { try $0(0, as: Int64?.self).map { String($0) } } ?? nil
  }

  static func set(
    _ text: String?, on day: CalendarDate, of id: ID<Account>, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    if let minor = text.flatMap({ Int64($0) }) {
      try session.execute(
        """
        INSERT INTO balance_snapshot (household_id, account_id, day, current_minor, currency, as_of, source)
        SELECT household_id, id, \(day), \(minor), currency, \(now), \(source) FROM account
        WHERE household_id = \(scope.household) AND id = \(id)
        ON CONFLICT (household_id, account_id, day)
        DO UPDATE SET current_minor = excluded.current_minor, as_of = excluded.as_of, source = excluded.source
        """)
    } else {
      try session.execute(
        """
        DELETE FROM balance_snapshot
        WHERE household_id = \(scope.household) AND account_id = \(id) AND day = \(day) AND source = \(source)
        """)
    }
    let latest: SQL = """
      FROM balance_snapshot b WHERE b.household_id = \(scope.household) AND b.account_id = \(id)
      ORDER BY b.day DESC LIMIT 1
      """
    try session.execute(
      """
      UPDATE account SET current_minor = (SELECT b.current_minor \(latest)), balance_at = (SELECT b.as_of \(latest))
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }
}
