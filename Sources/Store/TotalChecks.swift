import Basics
package import Databases
package import Finance

/// A line where the kept totals and a fresh count disagree. Nil = no such line there.
package struct TotalDifference: Hashable, Sendable, CustomStringConvertible {
  /// Which of the kept totals it is about.
  package enum Span: Hashable, Sendable {
    case day, month
    /// All that an account ever took in a currency; the key says no more than that.
    case ever
  }

  package var key: TotalKey
  package var span = Span.day
  package var kept: TotalSum?
  package var counted: TotalSum?

  package init(key: TotalKey, span: Span = .day, kept: TotalSum?, counted: TotalSum?) {
    self.key = key
    self.span = span
    self.kept = kept
    self.counted = counted
  }

  package var description: String {
    func text(_ sum: TotalSum?) -> String {
      sum.map { "\(Money(minorUnits: $0.amountMinor, key.currency)) in \($0.rows) rows" } ?? "nothing"
    }
    let pending = key.isPending ? " pending" : ""
    let line =
      switch span {
      case .day: "\(key.day) \(key.category) \(key.flow.rawValue)"
      case .month: "month of \(key.day) \(key.category) \(key.flow.rawValue)"
      case .ever: "in all \(key.currency.code)"
      }
    return "\(key.account) \(line)\(pending): \(text(kept)) kept, \(text(counted)) counted"
  }
}

/// Counting anew, and comparing what is kept with that.
extension Totals {
  /// Counts everything anew and replaces what was kept.
  ///
  /// - Returns: How many lines by the day there are now.
  @discardableResult
  package static func recount(_ scope: Scope, _ session: any Session) throws -> Int {
    for table: SQL in ["total_day", "total_month", "total_account"] {
      try session.execute("DELETE FROM \(table) WHERE household_id = \(scope.household)")
    }
    let whole = scope.wholeHousehold
    let lines = try session.changes(
      """
      INSERT INTO total_day (household_id, account_id, day, category, currency, flow, is_pending, amount_minor, rows)
      SELECT \(scope.household), account_id, day, category, currency, flow, is_pending, amount_minor, line_rows
      FROM (\(counted(whole))) AS counted
      """)
    let days: SQL = """
      SELECT account_id, day, category, currency, flow, is_pending, amount_minor, rows AS line_rows FROM total_day
      WHERE household_id = \(scope.household)
      """
    try session.execute(
      """
      INSERT INTO total_month (household_id, account_id, day, category, currency, flow, is_pending, amount_minor, rows)
      SELECT \(scope.household), account_id, day, category, currency, flow, is_pending, amount_minor, line_rows
      FROM (\(monthly(days, whole))) AS counted
      """)
    try session.execute(
      """
      INSERT INTO total_account (household_id, account_id, currency, is_pending, amount_minor, rows)
      SELECT \(scope.household), account_id, currency, is_pending, amount_minor, line_rows
      FROM (\(ever(days))) AS counted
      """)
    return lines
  }

  /// Where what is kept differs from a recount, in no particular order; empty when all is well. Changes nothing.
  package static func check(_ scope: Scope, _ session: any Session) throws -> [TotalDifference] {
    func kept(_ table: SQL, _ key: SQL) -> SQL {
      """
      SELECT account_id, \(key), amount_minor, rows FROM \(table)
      WHERE household_id = \(scope.household)\(Visibility.rows(scope, "account_id"))
      """
    }
    let line: SQL = "day, category, currency, flow, is_pending"
    let counted = counted(scope)
    return try differences(.day, kept("total_day", line), counted, session, Self.line)
      + differences(.month, kept("total_month", line), monthly(counted, scope), session, Self.line)
      + differences(.ever, kept("total_account", "currency, is_pending"), ever(counted), session) { row in
        (
          TotalKey(
            account: try row(0), day: CalendarDate(days: 0), category: "", currency: try row(1), flow: .excluded,
            isPending: try row(2)), TotalSum(amountMinor: try row(3), rows: try row(4))
        )
      }
  }

  private static func differences(
    _ span: TotalDifference.Span, _ kept: SQL, _ counted: SQL, _ session: any Session,
    _ read: (borrowing Row) throws -> (TotalKey, TotalSum)
  ) throws -> [TotalDifference] {
    var found: [TotalKey: TotalDifference] = [:]
    for (key, sum) in try session.query("\(kept) EXCEPT \(counted)", read) {
      found[key] = TotalDifference(key: key, span: span, kept: sum, counted: nil)
    }
    for (key, sum) in try session.query("\(counted) EXCEPT \(kept)", read) {
      found[key, default: TotalDifference(key: key, span: span, kept: nil, counted: nil)].counted = sum
    }
    return Array(found.values)
  }

  /// Lines by the day put together by the household's months. Days become months by the rules of the Gregorian calendar,
  /// counted from a 1 March in years of 400, since the two stores have no function for it in common.
  private static func monthly(_ days: SQL, _ scope: Scope) -> SQL {
    """
    SELECT account_id, shifted - (year_day - (153 * ((5 * year_day + 2) / 153) + 2) / 5) + shift AS day, category,
      currency, flow, is_pending, CAST(SUM(amount_minor) AS bigint) AS amount_minor,
      CAST(SUM(line_rows) AS bigint) AS line_rows
    FROM (
      SELECT of_year.*, age_day - (365 * year + year / 4 - year / 100) AS year_day FROM (
        SELECT of_age.*, (age_day - age_day / 1460 + age_day / 36524 - age_day / 146096) / 365 AS year FROM (
          SELECT of_shift.*, (shifted + 719468) % 146097 AS age_day FROM (
            SELECT of_day.*, of_day.day - (h.first_month_day - 1) AS shifted, h.first_month_day - 1 AS shift
            FROM (\(days)) AS of_day CROSS JOIN household h WHERE h.id = \(scope.household)
          ) AS of_shift
        ) AS of_age
      ) AS of_year
    ) AS of_month
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(line_rows) <> 0 OR SUM(amount_minor) <> 0
    """
  }

  private static func ever(_ days: SQL) -> SQL {
    """
    SELECT account_id, currency, is_pending, CAST(SUM(amount_minor) AS bigint) AS amount_minor,
      CAST(SUM(line_rows) AS bigint) AS line_rows
    FROM (\(days)) AS lines GROUP BY account_id, currency, is_pending
    HAVING SUM(line_rows) <> 0 OR SUM(amount_minor) <> 0
    """
  }

  /// On which day of the calendar the household's months begin.
  static func firstMonthDay(_ scope: Scope, _ session: any Session) throws -> Int {
    try Households.settings(scope, session)?.firstMonthDay ?? 1
  }

  /// The first day of the month that a day belongs to.
  static func month(of day: CalendarDate, firstDay: Int) -> CalendarDate {
    (day - (firstDay - 1)).firstOfMonth + (firstDay - 1)
  }
}
