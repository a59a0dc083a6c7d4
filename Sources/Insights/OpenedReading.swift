import Basics
package import Databases
package import Finance
import Store

/// Opens numbers, in the transaction of the question, with the sums that the measures themselves use.
extension OpenedNumber {
  /// - Throws: ``NumberToOpen/Vagueness`` when there are several such numbers, or none of that name.
  package static func read(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    switch wanted.measure {
    case .income, .expenses, .net, .pending, .burn, .savingsRate: try flow(wanted, ground, scope, session)
    case .netWorth: try worth(wanted, ground, scope, session)
    case .liquid, .runway: try liquid(wanted, ground, scope, session)
    case .recurring: try recurring(wanted, ground, scope, session)
    case .forecast: try forecast(wanted, ground, scope, session)
    case .budget: try budget(wanted, ground, scope, session)
    case .goal: try goal(wanted, ground, scope, session)
    case .portfolio, .gain: try portfolio(wanted, ground, scope, session)
    case .timeWeightedReturn, .moneyWeightedReturn: try returns(wanted, ground, scope, session)
    }
  }

  private static func flow(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let measure = wanted.measure
    let filter = ground.only(wanted.accounts)
    var opened = OpenedNumber(measure, wanted.days, ground, filter)
    if measure == .burn {
      let footing = try Footing.read(months: wanted.months, ground, scope, session)
      guard let first = footing.burnMonths.first, let last = footing.burnMonths.last else { return opened }
      opened.days = first.days.lowerBound..<last.days.upperBound
      opened.inputs.days = opened.days
      opened.divisor = footing.burnMonths.count
    }
    let rows = try MeasuredRows.read(opened.days, filter, scope, session)
    for row in rows { opened.inputs.note(row) }
    let isInLine = try lineTest(wanted, opened.days, scope, session)
    opened.rows = rows.filter { row in
      measure.takes(row) && (wanted.category.map { row.category == $0 } ?? true) && isInLine(row)
    }
    let sums = try opened.sums(ground, scope, session)
    switch measure {
    case .savingsRate:
      let income = sums[.income] ?? 0
      let net = income + (sums[.expense] ?? 0)
      opened.parts = [
        Part(name: "income", minor: Int64(clamping: income)),
        Part(name: "expenses", minor: Int64(clamping: sums[.expense] ?? 0)),
      ]
      opened.ratio = income > 0 ? Ratio.text(Int64(clamping: net), by: Int64(clamping: income), digits: 4) : nil
    case .expenses, .burn:
      opened.valueMinor = Int64(exactly: Ratio.rounded(-sums.values.reduce(0, +), by: Int128(opened.divisor)))
    default: opened.valueMinor = Int64(exactly: sums.values.reduce(0, +))
    }
    return opened
  }

  /// Sums in the base currency. Put together as the totals are, and converted at the same day's rate: so the number is
  /// the same to the cent.
  private mutating func sums(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [FlowKind: Int128] {
    struct Line: Hashable {
      var account: ID<Account>
      var category: String
      var currency: Currency
      var flow: FlowKind
      var rateDay: CalendarDate
    }
    let rates = try Rates.read(rows.map(\.currency), ground, scope, session)
    var lines: [Line: Int64] = [:]
    for row in rows {
      let rateDay =
        measure == .burn
        ? Month(of: row.day, firstDay: ground.settings.firstMonthDay).days.upperBound - 1 : days.upperBound - 1
      let line = Line(
        account: row.account, category: row.category, currency: row.currency, flow: row.flow, rateDay: rateDay)
      lines[line, default: 0] &+= row.amountMinor
      if try rates.minor(of: Money(minorUnits: 0, row.currency), in: ground.base, on: rateDay) == nil {
        rowsWithoutRate += 1
      }
    }
    var sums: [FlowKind: Int128] = [:]
    for (line, minor) in lines {
      let amount = Money(minorUnits: minor, line.currency)
      sums[line.flow, default: 0] += Int128(try rates.minor(of: amount, in: ground.base, on: line.rateDay) ?? 0)
    }
    return sums
  }

  /// Whether a row is in one line of spending.
  private static func lineTest(
    _ wanted: NumberToOpen, _ days: Range<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> (MeasuredRow) -> Bool {
    guard let (grouping, key) = wanted.line else { return { _ in true } }
    let tags = grouping == .tag ? try MeasuredRows.tags(days, scope, session) : [:]
    let people = grouping == .person ? try MeasuredRows.people(scope, session) : [:]
    let book = grouping == .group ? try CategoryBook.read(scope, session) : CategoryBook()
    return { Spending.keys(of: $0, by: grouping, tags: tags, people: people, book: book).contains(key) }
  }

  private static func worth(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let day = min(wanted.last ?? ground.today, ground.today)
    var opened = OpenedNumber(.netWorth, day..<day + 1, ground)
    opened.balances = try WorthOverTime.held(on: day, ground, scope, session)
    opened.inputs.accounts = opened.balances.filter { $0.baseMinor != nil }.map(\.account.id)
    let unknown = opened.balances.count { $0.minor == nil }
    if unknown > 0 { opened.inputs.accountsLeftOut["unknown_balance"] = unknown }
    let left = Set(opened.balances.filter { $0.minor != nil && $0.baseMinor == nil }.map(\.account.currency))
    opened.inputs.currenciesLeftOut = left.sorted { $0.code < $1.code }
    opened.valueMinor = opened.balances.reduce(Int64(0)) { $0 &+ ($1.baseMinor ?? 0) }
    for held in opened.balances {
      guard let known = held.reconstructedFrom else { continue }
      opened.rows += try BalanceHistory.rows(
        of: held.account.id, in: held.account.currency, (day + 1)..<(known + 1), scope, session)
      opened.days = day..<max(opened.days.upperBound, known + 1)
    }
    opened.inputs.days = opened.days
    opened.inputs.rowsCounted = opened.rows.count
    return opened
  }

  private static func liquid(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let footing = try Footing.read(months: wanted.months, ground, scope, session)
    let today = ground.today..<ground.today + 1
    var opened = OpenedNumber(wanted.measure, today, ground)
    if wanted.measure == .runway {
      var burn = NumberToOpen(.burn, today)
      burn.months = wanted.months
      opened = try flow(burn, ground, scope, session)
      opened.measure = .runway
      opened.parts = [Part(name: "liquid", minor: footing.liquidMinor)]
      if let burn = footing.burnMinor { opened.parts.append(Part(name: "burn", minor: burn)) }
      opened.valueMinor = nil
      opened.ratio = footing.runway.months(digits: 1)
    } else {
      opened.valueMinor = footing.liquidMinor
    }
    opened.balances = try liquidBalances(ground, scope, session)
    opened.inputs.accounts = opened.balances.filter { $0.baseMinor != nil }.map(\.account.id)
    opened.inputs.currenciesLeftOut = footing.currenciesLeftOut
    return opened
  }

  private static func liquidBalances(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [WorthOverTime.Held] {
    try WorthOverTime.held(on: ground.today, ground, scope, session)
      .filter { $0.account.kind.isLiquid && ($0.minor ?? 0) > 0 }
  }

  private static func recurring(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let (streams, inputs) = try RecurringFinder.told(ground, scope, session)
    var opened = OpenedNumber(.recurring, inputs.days, ground)
    opened.inputs = inputs
    let living = streams.filter { $0.state != .ended && !$0.isTransfer }
    let counted = living.filter { $0.currency == ground.base }
    opened.parts = counted.map { Part(name: $0.name, minor: $0.monthlyMinor) }
    opened.valueMinor = opened.parts.reduce(Int64(0)) { $0 &+ $1.minor }
    opened.rows = counted.flatMap(\.rows).sorted { ($0.day, $0.id) < ($1.day, $1.id) }
    opened.rowsWithoutRate = living.filter { $0.currency != ground.base }.reduce(0) { $0 + $1.rows.count }
    return opened
  }

  private static func forecast(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let day = min(max(wanted.last ?? ground.today + 90, ground.today + 1), ground.today + 180)
    let reading = try Forecast.read(days: day - ground.today, ground, scope, session)
    var opened = OpenedNumber(.forecast, reading.inputs.days, ground)
    opened.inputs = reading.inputs
    opened.rows = reading.rows
    opened.balances = try WorthOverTime.held(on: ground.today, ground, scope, session)
      .filter { held in reading.accounts.contains { $0.id == held.account.id } }
    guard let forecast = reading.forecast, let last = forecast.days.last else { return opened }
    let expected = forecast.days.reduce(Int64(0)) { $0 &+ $1.expectedMinor }
    opened.valueMinor = last.middleMinor
    opened.parts = [
      Part(name: "held today", minor: forecast.startMinor), Part(name: "recurring", minor: expected),
      Part(name: "habitual rest", minor: last.middleMinor &- forecast.startMinor &- expected),
    ]
    return opened
  }

  private static func budget(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let standings = try BudgetStanding.read(ground, scope, session)
    guard let standing = standings.first(where: { $0.budget.category == wanted.category }) else {
      throw NumberToOpen.Vagueness.budget
    }
    var opened = OpenedNumber(.budget, standing.days, ground)
    let rows = try MeasuredRows.read(standing.days, ground.counting, scope, session)
    for row in rows { opened.inputs.note(row) }
    let parents = try BudgetStanding.parents(scope, session)
    opened.rows = rows.filter {
      Measure.expenses.takes($0) && BudgetStanding.covers($0.category, standing.budget, parents)
    }
    _ = try opened.sums(ground, scope, session)
    opened.valueMinor = standing.leftMinor
    opened.parts = [
      Part(name: "budget", minor: standing.budget.amountMinor), Part(name: "carried", minor: standing.carriedMinor),
      Part(name: "spent", minor: 0 &- standing.spentMinor),
    ]
    return opened
  }

  private static func goal(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let standings = try GoalStanding.read(ground, scope, session)
    guard let standing = standings.first(where: { $0.goal.id == wanted.goal }) else {
      throw NumberToOpen.Vagueness.goal
    }
    var opened = OpenedNumber(.goal, ground.today..<ground.today + 1, ground)
    opened.currency = standing.goal.currency
    opened.valueMinor = standing.savedMinor
    opened.balances =
      if let account = standing.goal.account {
        try WorthOverTime.held(on: ground.today, ground, scope, session).filter { $0.account.id == account }
      } else {
        try liquidBalances(ground, scope, session)
      }
    opened.inputs.accounts = opened.balances.map(\.account.id)
    return opened
  }

  private static func portfolio(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let portfolio = try Portfolio.read(accounts: wanted.accounts, ground, scope, session)
    var opened = OpenedNumber(
      wanted.measure, ground.today..<ground.today + 1, ground, ground.only(wanted.accounts))
    opened.inputs.currenciesLeftOut = portfolio.currenciesLeftOut
    if wanted.measure == .gain {
      opened.valueMinor = portfolio.withCost > 0 ? portfolio.gainMinor : nil
      opened.parts = [
        Part(name: "value", minor: portfolio.gainMinor &+ portfolio.costMinor),
        Part(name: "cost", minor: 0 &- portfolio.costMinor),
      ]
    } else {
      opened.valueMinor = portfolio.totalMinor
      opened.parts = portfolio.positions.compactMap { position in
        position.baseMinor.map {
          Part(name: position.security?.ticker ?? position.security?.name ?? "\(position.holding.security)", minor: $0)
        }
      }
    }
    return opened
  }

  private static func returns(
    _ wanted: NumberToOpen, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> OpenedNumber {
    let returns = try Returns.read(wanted.days, accounts: wanted.accounts, ground, scope, session)
    var opened = OpenedNumber(wanted.measure, wanted.days, ground, ground.only(wanted.accounts))
    let answer = wanted.measure == .timeWeightedReturn ? returns.timeWeighted : returns.moneyWeighted
    if case .share(let share) = answer { opened.ratio = share }
    if let start = returns.startMinor, let first = returns.first {
      opened.parts.append(Part(name: "worth on \(first)", minor: start))
    }
    opened.parts += returns.movements.map { Part(name: "moved on \($0.day)", minor: $0.minor) }
    if let end = returns.endMinor, let last = returns.last {
      opened.parts.append(Part(name: "worth on \(last)", minor: end))
    }
    return opened
  }
}

extension OpenedNumber.Measure {
  fileprivate func takes(_ row: MeasuredRow) -> Bool {
    let counts = row.flow == .income || row.flow == .expense
    switch self {
    case .income: return row.flow == .income && !row.isPending
    case .expenses, .burn: return row.flow == .expense && !row.isPending
    case .net, .savingsRate: return counts && !row.isPending
    case .pending: return counts && row.isPending
    default: return false
    }
  }
}
