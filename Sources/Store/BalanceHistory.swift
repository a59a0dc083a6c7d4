package import Basics
package import Databases
package import Finance

/// What a bank or a person said an account held on a day.
package struct KnownBalance: Sendable, Equatable {
  package var account: ID<Account>
  package var day: CalendarDate
  package var minor: Int64
  package var currency: Currency
  /// How many rows it is the sum of; none of a balance.
  package var rows: Int

  package init(account: ID<Account>, day: CalendarDate, minor: Int64, currency: Currency, rows: Int = 0) {
    self.account = account
    self.day = day
    self.minor = minor
    self.currency = currency
    self.rows = rows
  }
}

/// Balances by day, and what the rows moved on a day: for worth over time.
package enum BalanceHistory {
  /// That a row named `t` says something about its account's balance: not when the bank took it back, and not when a person
  /// deleted what no bank told. What a bank told moved its balance, whatever a person thinks of the row.
  static let isTold: SQL = """
    t.is_gone = 0 AND (t.origin NOT IN (\(Origin.manual.rawValue), \(Origin.imported.rawValue)) OR NOT EXISTS (
      SELECT 1 FROM transaction_overlay o
      WHERE o.household_id = t.household_id AND o.transaction_id = t.id AND o.deleted_at IS NOT NULL))
    """

  /// Every known balance up to a day, by account and day. One row a day at most, so that years are a few thousand.
  package static func known(
    through day: CalendarDate, _ scope: Scope, _ session: any Session
  ) throws -> [KnownBalance] {
    try session.query(
      """
      SELECT account_id, day, current_minor, currency FROM balance_snapshot
      WHERE household_id = \(scope.household) AND day <= \(day) AND current_minor IS NOT NULL
        \(Visibility.accounts(scope, "account_id"))
      ORDER BY account_id, day
      """
    ) { KnownBalance(account: try $0(0), day: try $0(1), minor: try $0(2), currency: try $0(3)) }
  }

  /// What posted rows moved an account on the days they were booked, by account and day, in the account's own currency.
  package static func moved(
    _ days: Range<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> [KnownBalance] {
    try session.query(
      """
      SELECT t.account_id, t.booked_on, CAST(SUM(t.amount_minor) AS bigint), t.currency, COUNT(*)
      FROM account a JOIN bank_transaction t ON t.household_id = a.household_id AND t.account_id = a.id
      WHERE a.household_id = \(scope.household) AND t.booked_on >= \(days.lowerBound)
        AND t.booked_on < \(days.upperBound) AND \(isTold) AND t.is_pending = 0 AND t.currency = a.currency
        \(Visibility.rows(scope, "a.id"))
      GROUP BY t.account_id, t.booked_on, t.currency ORDER BY t.account_id, t.booked_on
      """
    ) {
      KnownBalance(account: try $0(0), day: try $0(1), minor: try $0(2), currency: try $0(3), rows: try $0(4))
    }
  }

  /// The posted rows that moved one account on some days, by the days they were booked: those that ``moved(_:_:_:)``
  /// adds up.
  package static func rows(
    of account: ID<Account>, in currency: Currency, _ days: Range<CalendarDate>, _ scope: Scope,
    _ session: any Session
  ) throws -> [MeasuredRow] {
    try session.query(
      """
      SELECT t.id, t.booked_on, t.amount_minor, t.flow, COALESCE(t.category_detailed, \(Totals.uncategorized)),
        t.merchant_name, t.name
      FROM bank_transaction t
      WHERE t.household_id = \(scope.household) AND t.account_id = \(account) AND t.booked_on >= \(days.lowerBound)
        AND t.booked_on < \(days.upperBound) AND \(isTold) AND t.is_pending = 0 AND t.currency = \(currency)
        \(Visibility.rows(scope, "t.account_id"))
      ORDER BY t.booked_on, t.id
      """
    ) { row in
      MeasuredRow(
        id: try row(0), account: account, day: try row(1), amountMinor: try row(2), currency: currency,
        flow: FlowKind(rawValue: try row(3)) ?? .expense, category: try row(4), merchant: try row(5),
        name: try row(6))
    }
  }

  /// The day on which the first posted row of each account was booked.
  package static func firstRows(_ scope: Scope, _ session: any Session) throws -> [ID<Account>: CalendarDate] {
    let rows = try session.query(
      """
      SELECT a.id, (SELECT t.booked_on FROM bank_transaction t
        WHERE t.household_id = a.household_id AND t.account_id = a.id AND \(isTold) AND t.is_pending = 0
        ORDER BY t.booked_on LIMIT 1)
      FROM account a WHERE a.household_id = \(scope.household)\(Visibility.rows(scope, "a.id"))
      """
    ) { (try $0(0, as: ID<Account>.self), try $0(1, as: CalendarDate?.self)) }
    return Dictionary(rows.compactMap { row in row.1.map { (row.0, $0) } }) { first, _ in first }
  }
}
