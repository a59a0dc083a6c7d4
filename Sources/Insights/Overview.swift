package import Basics
package import Databases
package import Finance
package import Store

/// A household's money at a glance: what the command line's summary and the first page show.
package struct Overview: Sendable, Equatable {
  package struct AccountLine: Sendable, Equatable {
    package var account: StoredAccount
    /// What its posted rows come to, in its own currency.
    package var booked: TotalSum
    /// The days of its first and last posted row; nil when it has none.
    package var rowDays: ClosedRange<CalendarDate>?
    /// What it held before its first known row, as its bank sees it today: the balance less the rows. For an account
    /// whose bank sends no rows that is the balance itself. Nil when the balance is unknown.
    package var openingMinor: Int64?
    /// Another connection shows the same account, and counts.
    package var isMuted: Bool
  }

  package var today: CalendarDate
  package var base: Currency
  package var accounts: [AccountLine]
  package var netWorth: NetWorth
  package var cashFlow: CashFlow
  package var burn: Burn
  package var runway: Runway
  /// Savings that could be spent tomorrow, in the base currency, other currencies converted where a rate is known.
  package var liquidMinor: Int64
  /// The days of the first and last row, pending ones included; nil when there is none.
  package var rowDays: ClosedRange<CalendarDate>?
  /// How many posted rows the accounts have, and how many that have not posted: those are in no sum.
  package var postedRows: Int
  package var pendingRows: Int
  /// The banks that are linked, by name.
  package var banks: [String]

  /// Reads it in one transaction, so that all of it is of one moment.
  ///
  /// - Parameters:
  ///   - now: Cut into days in the household's time zone.
  ///   - monthsMax: How many months back, the present one included; never fewer than the burn needs.
  /// - Throws: ``TimeZoneError`` when the household's zone is unknown here, ``MoneyError`` when a sum is beyond counting.
  package static func read(
    now: Timestamp, monthsMax: Int = 25, _ scope: Scope, _ session: any Session
  ) throws -> Overview {
    let ground = try Ground.read(now: now, scope, session)
    let (today, base, span, household) = (ground.today, ground.base, ground.rowDays, ground.settings)
    let last = Month(of: today, firstDay: household.firstMonthDay)
    let first = max(
      last.adding(1 - max(monthsMax, Burn.monthsMax + 1)).days.lowerBound, span?.lowerBound ?? last.days.lowerBound)
    // Rows dated after today belong to no month that is shown.
    let months = Month.all(in: min(first, today)...today, firstDay: household.firstMonthDay)
    let cashFlow = try CashFlow(
      months: months, lines: try Totals.postedFlows(over: months.map(\.days), ground.counting, scope, session)
    ).converted(ground, scope, session)
    let netWorth = try NetWorth(ground.accounts, muted: ground.muted, base: base)
    let liquid = try Footing.liquid(netWorth, ground, scope, session).minor
    let lines = try lines(ground.accounts, ground.muted, scope, session)
    let banks = try Connections.all(scope, session).filter { $0.state != .removed }.compactMap(\.institutionName)
    let burn = Burn(cashFlow, in: base, today: today, knownSince: span?.lowerBound)
    return Overview(
      today: today, base: base, accounts: lines, netWorth: netWorth, cashFlow: cashFlow, burn: burn,
      runway: Runway(savings: Money(minorUnits: liquid, base), burn: burn), liquidMinor: liquid, rowDays: span,
      postedRows: lines.reduce(0) { $0 + $1.booked.rows }, pendingRows: try Totals.pendingRows(scope, session),
      banks: Array(Set(banks)).sorted())
  }

  private static func lines(
    _ accounts: [StoredAccount], _ muted: Set<ID<Account>>, _ scope: Scope, _ session: any Session
  ) throws -> [AccountLine] {
    let booked = try Totals.booked(scope, session)
    return try accounts.map { account in
      let own = booked[account.id]?.first { $0.currency == account.currency }
      let sum = own?.sum ?? TotalSum(amountMinor: 0, rows: 0)
      let opening = try account.currentMinor.map { balance in
        let (opening, overflowed) = balance.subtractingReportingOverflow(sum.amountMinor)
        guard !overflowed else { throw MoneyError.overflow }
        return opening
      }
      return AccountLine(
        account: account, booked: sum, rowDays: own.map { $0.firstOn...$0.lastOn }, openingMinor: opening,
        isMuted: muted.contains(account.id))
    }
  }
}
