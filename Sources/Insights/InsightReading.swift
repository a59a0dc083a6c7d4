package import Basics
package import Databases
package import Finance
package import Store

/// Reads what the rules and the forecast look at, in the transaction of the question.
extension RecurringFinder {
  /// Two years and a month: a yearly bill has come twice.
  static let pastDays = 765

  package static func read(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [RecurringStream] {
    let days = (ground.today - pastDays)..<(ground.today + 1)
    return find(try MeasuredRows.read(days, ground.counting, scope, session), today: ground.today)
  }
}

extension Forecast {
  /// Over the liquid accounts in the base currency.
  package static func read(
    days: Int, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> (forecast: Forecast?, accounts: [StoredAccount]) {
    let liquid = ground.counted.filter { $0.kind.isLiquid && $0.currency == ground.base && $0.currentMinor != nil }
    guard !liquid.isEmpty, let span = ground.rowDays else { return (nil, liquid) }
    let rows = try MeasuredRows.read(
      (ground.today - RecurringFinder.pastDays)..<(ground.today + 1), TotalFilter(accounts: liquid.map(\.id)), scope,
      session
    ).filter { $0.currency == ground.base }
    let start = liquid.reduce(Int64(0)) { $0 &+ ($1.currentMinor ?? 0) }
    let forecast = make(
      rows, start: start, first: ground.today + 1, days: days,
      knownSince: max(span.lowerBound, rows.first?.day ?? span.lowerBound),
      seed: UInt64(bitPattern: Int64(ground.today.days)))
    return (forecast, liquid)
  }
}

extension FindingRules {
  /// Only charges that are much more than usual, the newest last.
  package static func unusualCharges(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [Finding] {
    let days = (ground.today - RecurringFinder.pastDays)..<(ground.today + 1)
    return unusual(try MeasuredRows.read(days, ground.counting, scope, session), today: ground.today)
      .sorted { ($0.day, $0.about) < ($1.day, $1.about) }
  }

  /// Everything that stands out, the newest first.
  package static func read(_ ground: Ground, _ scope: Scope, _ session: any Session) throws -> [Finding] {
    let today = ground.today
    let rows = try MeasuredRows.read(
      (today - RecurringFinder.pastDays)..<(today + 1), ground.counting, scope, session)
    let footing = try Footing.read(ground, scope, session)
    var found = duplicates(rows, today: today) + unusual(rows, today: today)
    found += streams(RecurringFinder.find(rows, today: today), today: today) + fees(rows, today: today)
    found += idle(ground.counted, burnMinor: footing.burnMinor, base: ground.base, today: today)
    let balances = try BalanceProofs.all(scope, session)
    found += proofs(balances, today: today)
    let known = balances.filter { if case .unknown = $0.verdict { false } else { true } }.map(\.account)
    found += turned(rows, ground.counted, known: Set(known), today: today)
    if let lowest = try Forecast.read(days: 30, ground, scope, session).forecast?.lowest, lowest.middleMinor < 0 {
      found.append(
        Finding(
          .lowBalanceAhead, on: lowest.day, Money(minorUnits: lowest.middleMinor, ground.base),
          about: "before the next income"))
    }
    return found.sorted { ($1.day, $0.kind.rawValue, $0.about) < ($0.day, $1.kind.rawValue, $1.about) }
  }
}

/// A number opened: how it is made, and every row in it.
package struct OpenedNumber: Sendable {
  package enum Measure: String, Sendable, CaseIterable {
    case income, expenses, net, pending, burn
    case netWorth = "net_worth"

    package var formula: String {
      switch self {
      case .income: "The sum of posted rows that count as income."
      case .expenses: "Less the sum of posted rows that count as expenses: refunds lower it."
      case .net: "Income less expenses."
      case .pending: "The sum of rows that have not posted, transfers and excluded rows aside."
      case .burn: "Less the sum of posted expenses of the last full months, divided by how many they are."
      case .netWorth: "The sum of the accounts' last known balances; debts are negative."
      }
    }
  }

  package var measure: Measure
  package var days: Range<CalendarDate>
  package var currency: Currency
  /// Nil: unknown.
  package var valueMinor: Int64?
  /// What the sum is divided by.
  package var divisor: Int
  package var rows: [MeasuredRow]
  package var accounts: [StoredAccount]
  /// Rows in other currencies without a rate: in no sum.
  package var rowsWithoutRate: Int

  package static func read(
    _ measure: Measure, _ window: Range<CalendarDate>, category: String?, accounts: [ID<Account>], _ ground: Ground,
    _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    var opened = OpenedNumber(
      measure: measure, days: window, currency: ground.base, valueMinor: nil, divisor: 1, rows: [], accounts: [],
      rowsWithoutRate: 0)
    if measure == .netWorth {
      opened.accounts = ground.counted
      let rates = try Rates.read(ground.counted.map(\.currency), ground, scope, session)
      var sum: Int64 = 0
      for account in ground.counted {
        guard let minor = account.currentMinor else { continue }
        sum &+= try rates.minor(of: Money(minorUnits: minor, account.currency), in: ground.base, on: ground.today) ?? 0
      }
      opened.valueMinor = sum
      return opened
    }
    if measure == .burn {
      let footing = try Footing.read(ground, scope, session)
      guard let first = footing.burnMonths.first, let last = footing.burnMonths.last else { return opened }
      opened.days = first.days.lowerBound..<last.days.upperBound
      opened.divisor = footing.burnMonths.count
    }
    let rows = try MeasuredRows.read(opened.days, ground.only(accounts), scope, session)
    opened.rows = rows.filter { measure.takes($0) && (category == nil || $0.category == category) }
    let rates = try Rates.read(opened.rows.map(\.currency), ground, scope, session)
    // Put together as the totals are, and converted at the same day's rate: so the number is the same to the cent.
    struct Line: Hashable {
      var account: ID<Account>
      var category: String
      var currency: Currency
      var flow: FlowKind
      var rateDay: CalendarDate
    }
    var lines: [Line: Int64] = [:]
    for row in opened.rows {
      let rateDay =
        measure == .burn
        ? Month(of: row.day, firstDay: ground.settings.firstMonthDay).days.upperBound - 1
        : opened.days.upperBound - 1
      let line = Line(
        account: row.account, category: row.category, currency: row.currency, flow: row.flow, rateDay: rateDay)
      lines[line, default: 0] &+= row.amountMinor
      if try rates.minor(of: Money(minorUnits: 0, row.currency), in: ground.base, on: rateDay) == nil {
        opened.rowsWithoutRate += 1
      }
    }
    var sum: Int128 = 0
    for (line, minor) in lines {
      let amount = Money(minorUnits: minor, line.currency)
      sum += Int128(try rates.minor(of: amount, in: ground.base, on: line.rateDay) ?? 0)
    }
    if measure == .expenses || measure == .burn { sum = -sum }
    opened.valueMinor = Int64(exactly: Ratio.rounded(sum, by: Int128(opened.divisor)))
    return opened
  }
}

extension OpenedNumber.Measure {
  fileprivate func takes(_ row: MeasuredRow) -> Bool {
    let counts = row.flow == .income || row.flow == .expense
    switch self {
    case .income: return row.flow == .income && !row.isPending
    case .expenses, .burn: return row.flow == .expense && !row.isPending
    case .net: return counts && !row.isPending
    case .pending: return counts && row.isPending
    case .netWorth: return false
    }
  }
}
