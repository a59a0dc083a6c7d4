package import Basics
package import Databases
package import Finance

/// What an account held on a day, as it was known at that day's end.
package struct BalanceDay: Sendable, Equatable {
  package var day: CalendarDate
  /// Owner's side, in minor units. Nil: the bank gave none.
  package var currentMinor: Int64?
  package var availableMinor: Int64?
  package var limitMinor: Int64?
  package var currency: Currency
  package var asOf: Timestamp
  /// `cached`, `live` or `typed`.
  package var source: String
}

/// Balances by day. Days on which nobody looked have none.
package enum BalanceDays {
  /// The latest day first, from before `before`.
  package static func list(
    of account: ID<Account>, from: CalendarDate?, to: CalendarDate?, before: CalendarDate?, limit: Int,
    _ scope: Scope, _ session: any Session
  ) throws -> [BalanceDay] {
    var rest: SQL = ""
    if let from { rest = "\(rest) AND day >= \(from)" }
    if let to { rest = "\(rest) AND day <= \(to)" }
    if let before { rest = "\(rest) AND day < \(before)" }
    return try session.query(
      """
      SELECT day, current_minor, available_minor, limit_minor, currency, as_of, source FROM balance_snapshot
      WHERE household_id = \(scope.household) AND account_id = \(account)\(Visibility.accounts(scope, "account_id"))
        \(rest)
      ORDER BY day DESC LIMIT \(limit)
      """
    ) { row in
      BalanceDay(
        day: try row(0), currentMinor: try row(1), availableMinor: try row(2), limitMinor: try row(3),
        currency: try row(4), asOf: try row(5), source: try row(6))
    }
  }
}
