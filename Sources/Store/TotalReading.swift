package import Basics
package import Databases
package import Finance

/// Which lines of the totals a question is about.
package struct TotalFilter: Sendable, Equatable {
  /// Nil: all accounts of the household. Empty: none.
  package var accounts: [ID<Account>]?

  package static let all = TotalFilter(accounts: nil)

  package init(accounts: [ID<Account>]?) { self.accounts = accounts }
}

/// The sum of an account's rows over a period that share category, currency, flow and pending.
package struct PeriodTotal: Hashable, Sendable {
  /// Where the period stands in the list that was asked for.
  package var period: Int
  package var account: ID<Account>
  package var category: String
  package var currency: Currency
  package var flow: FlowKind
  package var isPending: Bool
  package var sum: TotalSum

  package init(
    period: Int, account: ID<Account>, category: String, currency: Currency, flow: FlowKind, isPending: Bool,
    sum: TotalSum
  ) {
    self.period = period
    self.account = account
    self.category = category
    self.currency = currency
    self.flow = flow
    self.isPending = isPending
    self.sum = sum
  }
}

/// What the posted rows of a category earned or cost, or some of them.
package struct PostedFlow: Sendable {
  /// Where the period stands in the list that was asked for.
  package var period: Int
  package var category: String
  package var currency: Currency
  package var isIncome: Bool
  package var amountMinor: Int64

  package init(period: Int, category: String, currency: Currency, isIncome: Bool, amountMinor: Int64) {
    self.period = period
    self.category = category
    self.currency = currency
    self.isIncome = isIncome
    self.amountMinor = amountMinor
  }
}

/// What the posted rows of an account come to, for comparing with what its bank says it holds.
package struct BookedSum: Hashable, Sendable {
  package var currency: Currency
  package var sum: TotalSum
  /// The days on which the first and the last of them occurred.
  package var firstOn: CalendarDate
  package var lastOn: CalendarDate

  package init(
    currency: Currency, sum: TotalSum, firstOn: CalendarDate, lastOn: CalendarDate
  ) {
    self.currency = currency
    self.sum = sum
    self.firstOn = firstOn
    self.lastOn = lastOn
  }
}

extension Totals {
  /// Sums over each of the periods, such as months, in their order. Periods without rows have no lines.
  ///
  /// - Parameter periods: From the first day up to, but not with, the last. At most ``Limits/listMax``.
  package static func sums(
    over periods: [Range<CalendarDate>], _ filter: TotalFilter, _ scope: Scope, _ session: any Session
  ) throws -> [PeriodTotal] {
    precondition(periods.count <= Limits.listMax, "more periods than one question may have")
    if periods.isEmpty { return [] }
    let (months, days) = try pieces(of: periods, scope, session)
    var sums: [PeriodTotal] = []
    for (table, pieces) in [("total_month", months), ("total_day", days)] as [(SQL, [Piece])] where !pieces.isEmpty {
      sums += try Self.sums(of: table, over: pieces, filter, scope, session)
    }
    return months.isEmpty || days.isEmpty ? sums : try together(sums)
  }

  private typealias Piece = (place: Int, days: Range<CalendarDate>)

  /// Whole months are kept; only what sticks out of them is put together from days.
  private static func pieces(
    of periods: [Range<CalendarDate>], _ scope: Scope, _ session: any Session
  ) throws -> (months: [Piece], days: [Piece]) {
    let firstDay = try firstMonthDay(scope, session)
    var (months, days): ([Piece], [Piece]) = ([], [])
    for (place, period) in periods.enumerated() {
      let first = month(of: period.lowerBound, firstDay: firstDay)
      let from = first == period.lowerBound ? first : first.adding(months: 1)
      let to = month(of: period.upperBound, firstDay: firstDay)
      guard from < to else {
        days.append((place, period))
        continue
      }
      months.append((place, from..<to))
      if period.lowerBound < from { days.append((place, period.lowerBound..<from)) }
      if to < period.upperBound { days.append((place, to..<period.upperBound)) }
    }
    return (months, days)
  }

  private static func list(_ pieces: [Piece]) -> SQL {
    var list: SQL = ""
    for (index, piece) in pieces.enumerated() {
      // Cast, because PostgreSQL takes a bare parameter here for text.
      let row: SQL = """
        (CAST(\(piece.place) AS bigint), CAST(\(piece.days.lowerBound) AS bigint),
          CAST(\(piece.days.upperBound) AS bigint))
        """
      list = index == 0 ? row : "\(list), \(row)"
    }
    return list
  }

  /// What was earned and spent over each of the periods, as it is kept: several lines may be about the same category.
  /// Nothing is put together here, which costs more than reading it.
  package static func postedFlows(
    over periods: [Range<CalendarDate>], _ filter: TotalFilter, _ scope: Scope, _ session: any Session
  ) throws -> [PostedFlow] {
    precondition(periods.count <= Limits.listMax, "more periods than one question may have")
    if periods.isEmpty { return [] }
    let (months, days) = try pieces(of: periods, scope, session)
    var lines: [PostedFlow] = []
    for (table, pieces) in [("total_month", months), ("total_day", days)] as [(SQL, [Piece])] where !pieces.isEmpty {
      lines += try session.query(
        """
        WITH period (place, first_day, end_day) AS (VALUES \(list(pieces)))
        SELECT p.place, t.category, t.currency, CASE t.flow WHEN 'income' THEN 1 ELSE 0 END, t.amount_minor
        FROM account a CROSS JOIN period p CROSS JOIN \(table) t
        WHERE a.household_id = \(scope.household) AND t.household_id = a.household_id AND t.account_id = a.id
          AND t.day >= p.first_day AND t.day < p.end_day AND t.is_pending = 0 AND t.flow IN ('income', 'expense')
          \(only(filter, "a.id"))\(Visibility.rows(scope, "a.id"))
        """
      ) { row in
        PostedFlow(
          period: try row(0), category: try row(1), currency: try row(2), isIncome: try row(3),
          amountMinor: try row(4))
      }
    }
    return lines
  }

  private static func sums(
    of table: SQL, over pieces: [Piece], _ filter: TotalFilter, _ scope: Scope, _ session: any Session
  ) throws -> [PeriodTotal] {
    // In this order each account and period is one range of the key; SQLite keeps the order of a CROSS JOIN.
    try session.query(
      """
      WITH period (place, first_day, end_day) AS (VALUES \(list(pieces)))
      SELECT p.place, t.account_id, t.category, t.currency, t.flow, t.is_pending,
        CAST(SUM(t.amount_minor) AS bigint), CAST(SUM(t.rows) AS bigint)
      FROM account a CROSS JOIN period p CROSS JOIN \(table) t
      WHERE a.household_id = \(scope.household) AND t.household_id = a.household_id AND t.account_id = a.id
        AND t.day >= p.first_day AND t.day < p.end_day \(only(filter, "a.id"))
        \(Visibility.rows(scope, "a.id"))
      GROUP BY p.place, t.account_id, t.category, t.currency, t.flow, t.is_pending
      ORDER BY p.place, t.account_id, t.category, t.currency, t.flow, t.is_pending
      """
    ) { row in
      PeriodTotal(
        period: try row(0), account: try row(1), category: try row(2), currency: try row(3), flow: try flow(row(4)),
        isPending: try row(5), sum: TotalSum(amountMinor: try row(6), rows: try row(7)))
    }
  }

  /// One line for what is the same but for its sum, in the order of periods.
  private static func together(_ sums: [PeriodTotal]) throws(MoneyError) -> [PeriodTotal] {
    var places: [PeriodTotal: Int] = [:]
    var lines: [PeriodTotal] = []
    for sum in sums {
      var name = sum
      name.sum = TotalSum(amountMinor: 0, rows: 0)
      guard let place = places[name] else {
        places[name] = lines.count
        lines.append(sum)
        continue
      }
      let (minor, overflow) = lines[place].sum.amountMinor.addingReportingOverflow(sum.sum.amountMinor)
      guard !overflow else { throw .overflow }
      lines[place].sum = TotalSum(amountMinor: minor, rows: lines[place].sum.rows + sum.sum.rows)
    }
    return lines.sorted {
      ($0.period, $0.account, $0.category, $0.currency.code) < ($1.period, $1.account, $1.category, $1.currency.code)
    }
  }

  /// The lines themselves, by account and day.
  package static func lines(
    of days: Range<CalendarDate>, _ filter: TotalFilter, _ scope: Scope, _ session: any Session
  ) throws -> [(key: TotalKey, sum: TotalSum)] {
    try session.query(
      """
      SELECT account_id, day, category, currency, flow, is_pending, amount_minor, rows FROM total_day
      WHERE household_id = \(scope.household) AND day >= \(days.lowerBound) AND day < \(days.upperBound)
        \(only(filter, "account_id"))\(Visibility.rows(scope, "account_id"))
      ORDER BY account_id, day, category, currency, flow, is_pending
      """, line)
  }

  /// The first and the last day on which a row occurred; nil when there is none.
  package static func span(
    _ filter: TotalFilter, _ scope: Scope, _ session: any Session
  ) throws -> ClosedRange<CalendarDate>? {
    // Both ends of each account's range of the key: a ledger may have years of days.
    let days: SQL = "FROM total_day d WHERE d.household_id = a.household_id AND d.account_id = a.id"
    let ends = try session.first(
      """
      SELECT MIN(first_day), MAX(last_day) FROM (
        SELECT (SELECT MIN(d.day) \(days)) AS first_day, (SELECT MAX(d.day) \(days)) AS last_day FROM account a
        WHERE a.household_id = \(scope.household) \(only(filter, "a.id"))\(Visibility.rows(scope, "a.id"))) AS ends
      """
    ) { (try $0(0, as: CalendarDate?.self), try $0(1, as: CalendarDate?.self)) }
    guard let ends, let first = ends.0, let last = ends.1 else { return nil }
    return first...last
  }

  /// What the posted rows of each account add up to, by currency. Rows a person deleted are in it: the bank still
  /// counts them.
  ///
  /// Read from the totals and the few rows that those leave out, since a ledger may have a million. The few come first:
  /// SQLite keeps the order of a CROSS JOIN, and would look at all rows else.
  package static func booked(_ scope: Scope, _ session: any Session) throws -> [ID<Account>: [BookedSum]] {
    let days: SQL = """
      SELECT d.day FROM total_day d WHERE d.household_id = t.household_id AND d.account_id = t.account_id
        AND d.is_pending = 0 AND d.currency = t.currency ORDER BY d.day
      """
    let sums = try session.query(
      """
      SELECT account_id, currency, CAST(SUM(amount) AS bigint), CAST(SUM(line_rows) AS bigint), MIN(first_day),
        MAX(last_day)
      FROM (
        SELECT t.account_id, t.currency, t.amount_minor AS amount, t.rows AS line_rows,
          (\(days) LIMIT 1) AS first_day, (\(days) DESC LIMIT 1) AS last_day
        FROM total_account t
        WHERE t.household_id = \(scope.household) AND t.is_pending = 0\(Visibility.rows(scope, "t.account_id"))
        UNION ALL
        SELECT t.account_id, t.currency, t.amount_minor, 1, t.occurred_on, t.occurred_on
        FROM transaction_overlay o CROSS JOIN bank_transaction t
        WHERE o.household_id = \(scope.household) AND o.deleted_at IS NOT NULL
          AND t.household_id = o.household_id AND t.id = o.transaction_id AND t.is_gone = 0 AND t.is_pending = 0
          AND t.origin NOT IN (\(Origin.manual.rawValue), \(Origin.imported.rawValue))
          \(Visibility.rows(scope, "t.account_id"))
      ) AS posted
      GROUP BY account_id, currency ORDER BY account_id, currency
      """
    ) { row in
      (
        try row(0, as: ID<Account>.self),
        BookedSum(
          currency: try row(1), sum: TotalSum(amountMinor: try row(2), rows: try row(3)), firstOn: try row(4),
          lastOn: try row(5))
      )
    }
    return Dictionary(grouping: sums, by: \.0).mapValues { $0.map(\.1) }
  }

  /// How many rows have not posted yet.
  package static func pendingRows(_ scope: Scope, _ session: any Session) throws -> Int {
    try session.first(
      """
      SELECT CAST(COALESCE(SUM(rows), 0) AS bigint) FROM total_account
      WHERE household_id = \(scope.household) AND is_pending = 1\(Visibility.rows(scope, "account_id"))
      """
    ) { try $0(0, as: Int.self) } ?? 0
  }

  private static func only(_ filter: TotalFilter, _ column: SQL) -> SQL {
    guard let accounts = filter.accounts else { return "" }
    precondition(accounts.count <= Limits.listMax, "more accounts than one question may have")
    return "AND \(column) IN \(list: accounts)"
  }
}
