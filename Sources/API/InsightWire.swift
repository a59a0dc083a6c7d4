import Basics
import Databases
import Finance
import Insights
import JSON
import Store

/// How answers about money look: every sum with its currency, every answer with what it was made from.
extension Wire {
  static func minor(_ minor: Int64, _ currency: Currency) -> JSONValue { money(Money(minorUnits: minor, currency)) }

  static func window(_ days: Range<CalendarDate>) -> [JSONValue.Member] {
    [.init("from", day(days.lowerBound)), .init("to", day(days.upperBound - 1))]
  }

  static func inputs(_ inputs: Inputs) -> JSONValue {
    .object(
      window(inputs.days) + [
        .init("accounts", .array(inputs.accounts.map { id($0) })), .init("rows_counted", .int(inputs.rowsCounted)),
        .init(
          "rows_left_out", .object(inputs.rowsLeftOut.sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) })),
        .init(
          "accounts_left_out",
          .object(inputs.accountsLeftOut.sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) })),
        .init("currencies_without_rate", .array(inputs.currenciesLeftOut.map { .string($0.code) })),
      ])
  }

  static func worths(_ worths: some Sequence<NetWorth.Worth>) -> JSONValue {
    .array(
      worths.map { worth in
        [
          "assets": minor(worth.assetsMinor, worth.currency), "debts": minor(worth.debtsMinor, worth.currency),
          "total": minor(worth.totalMinor, worth.currency), "liquid": minor(worth.liquidMinor, worth.currency),
          "invested": minor(worth.investedMinor, worth.currency),
        ]
      })
  }

  static func worth(_ worth: NetWorth) -> [JSONValue.Member] {
    [
      .init("currencies", worths(worth.worths)), .init("unknown_accounts", .array(worth.unknown.map { id($0) })),
      .init("old_accounts", .array(worth.old.map { id($0) })),
    ]
  }

  static func netWorth(_ ground: Ground, _ history: WorthOverTime) throws -> JSONValue {
    let worth = try NetWorth(ground.accounts, muted: ground.muted, base: ground.base)
    let days = history.points.map { point -> JSONValue in
      [
        "day": day(point.day), "assets": minor(point.assetsMinor, history.currency),
        "debts": minor(point.debtsMinor, history.currency), "total": minor(point.totalMinor, history.currency),
        "reconstructed": .bool(point.isReconstructed), "unknown_accounts": .int(point.unknown),
      ]
    }
    let kinds = Dictionary(grouping: ground.counted.filter { $0.currentMinor != nil }) {
      Kind(kind: $0.kind.rawValue, currency: $0.currency)
    }.map { kind, accounts -> (Kind, Int64) in (kind, accounts.reduce(0) { $0 &+ ($1.currentMinor ?? 0) }) }
    return .object(
      [.init("today", day(ground.today)), .init("base_currency", .string(ground.base.code))] + Self.worth(worth) + [
        .init(
          "kinds",
          .array(
            kinds.sorted { ($0.0.kind, $0.0.currency.code) < ($1.0.kind, $1.0.currency.code) }.map { kind, sum in
              ["kind": .string(kind.kind), "balance": minor(sum, kind.currency)]
            })),
        .init("days", .array(days)),
        .init("currencies_without_rate", .array(history.currenciesLeftOut.map { .string($0.code) })),
        .init("inputs", inputs(history.inputs)),
      ])
  }

  private struct Kind: Hashable {
    var kind: String
    var currency: Currency
  }

  static func flow(_ flow: Flows.Flow, _ currency: Currency) -> [JSONValue.Member] {
    [
      .init("income", minor(flow.incomeMinor, currency)), .init("expenses", minor(flow.expensesMinor, currency)),
      .init("net", minor(flow.netMinor, currency)), .init("savings_rate", JSONValue(flow.savingsRate)),
      .init("pending", minor(flow.pendingMinor, currency)), .init("rows", .int(flow.rows)),
    ]
  }

  static func others(_ flows: Flows) -> JSONValue {
    .array(
      flows.others.filter { $0.value.rows > 0 || $0.value.pendingMinor != 0 }
        .sorted { $0.key.code < $1.key.code }.map { .object(flow($0.value, $0.key)) })
  }

  /// - Parameter flows: Of the periods, of those before them, and of those a year before them.
  static func cashFlow(
    _ periods: [Period], _ flows: Flows, lines: FlowLines?, limit: Int, _ ground: Ground
  ) -> JSONValue {
    let count = periods.count
    func compared(_ flow: Flows.Flow) -> JSONValue {
      [
        "income": minor(flow.incomeMinor, flows.currency), "expenses": minor(flow.expensesMinor, flows.currency),
        "net": minor(flow.netMinor, flows.currency),
      ]
    }
    let rows = periods.indices.map { index -> JSONValue in
      let (period, all) = (periods[index], flows.flows)
      var members =
        [.init("period", .string(period.name))] + window(period.days) + [
          .init("complete", .bool(period.isFull(today: ground.today, knownSince: ground.rowDays?.lowerBound)))
        ] + Self.flow(all[index], flows.currency)
      members.append(.init("before", compared(all[count + index])))
      members.append(.init("year_before", compared(all[2 * count + index])))
      if let lines { members.append(.init("lines", flowLines(lines.lines[index], limit, lines.currency))) }
      return .object(members)
    }
    return [
      "data": .array(rows), "other_currencies": others(flows), "inputs": inputs(flows.inputs),
    ]
  }

  /// The rest beyond the limit is one more line, under no key.
  private static func flowLines(_ lines: [FlowLines.Line], _ limit: Int, _ currency: Currency) -> JSONValue {
    var shown = Array(lines.prefix(limit))
    if lines.count > limit {
      var rest = FlowLines.Line(key: "", name: "Everything else")
      for line in lines.dropFirst(limit) {
        rest.incomeMinor &+= line.incomeMinor
        rest.expensesMinor &+= line.expensesMinor
      }
      shown.append(rest)
    }
    return .array(
      shown.map { line in
        [
          "key": .string(line.key), "name": .string(line.name), "income": minor(line.incomeMinor, currency),
          "expenses": minor(line.expensesMinor, currency), "net": minor(line.netMinor, currency),
        ]
      })
  }

  static func summary(
    _ days: Range<CalendarDate>, _ accounts: [ID<Account>], _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> JSONValue {
    let windows = [days, Comparison.before(days), Comparison.yearBefore(days)]
    let flows = try Flows.read(
      over: [days], comparedWith: Array(windows.dropFirst()), accounts: accounts, ground, scope, session)
    let book = try CategoryBook.read(scope, session)
    func named(_ index: Int) -> JSONValue {
      .object(window(windows[index]) + Self.flow(flows.flows[index], flows.currency))
    }
    func categories(_ sums: [String: Int64]) -> JSONValue {
      .array(
        sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { category, sum in
          [
            "category": .string(category), "name": .string(book.words(category)),
            "group": .string(book.group(category)), "amount": minor(sum, flows.currency),
          ]
        })
    }
    let flow = flows.flows[0]
    return [
      "window": named(0), "before": named(1), "year_before": named(2), "income": categories(flow.earnedMinor),
      "expenses": categories(flow.spentMinor), "sankey": sankey(flow, flows.currency, book),
      "other_currencies": others(flows), "inputs": inputs(flows.inputs),
    ]
  }

  /// From each source of income to the pot, from the pot to each group of spending and to what is left. What is missing
  /// comes from savings, so that as much goes in as comes out; a group that gave back more than it took stands among the
  /// sources, and income that was taken back among the groups: so what is left is the net.
  static func sankey(_ flow: Flows.Flow, _ currency: Currency, _ book: CategoryBook) -> JSONValue {
    let pot = "Income"
    // No band leads from the pot to itself.
    func end(_ name: String) -> String { name == pot ? "Other income" : name }
    var links: [(from: String, to: String, minor: Int64)] = []
    var (came, went) = (Int64(0), Int64(0))
    func add(_ name: String, earned minor: Int64) {
      if minor > 0 {
        links.append((end(name), pot, minor))
        came &+= minor
      } else if minor < 0 {
        links.append((pot, end(name), 0 &- minor))
        went &-= minor
      }
    }
    for (category, minor) in flow.earnedMinor.sorted(by: { $0.key < $1.key }) {
      add(book.words(category), earned: minor)
    }
    var groups: [String: Int64] = [:]
    for (category, minor) in flow.spentMinor { groups[book.group(category), default: 0] &+= minor }
    for (group, minor) in groups.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      add(group, earned: 0 &- minor)
    }
    if came > went { links.append(("Income", "Left over", came - went)) }
    if went > came { links.append(("Savings", "Income", went - came)) }
    return .array(
      links.map { ["from": .string($0.from), "to": .string($0.to), "amount": minor($0.minor, currency)] })
  }

  static func expenses(
    _ days: Range<CalendarDate>, _ accounts: [ID<Account>], _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> JSONValue {
    let windows = [days, Comparison.before(days), Comparison.yearBefore(days)]
    let flows = try Flows.read(
      over: [days], comparedWith: Array(windows.dropFirst()), accounts: accounts, ground, scope, session)
    let spent = flows.flows.map { minor($0.expensesMinor, flows.currency) }
    return [
      "from": day(days.lowerBound), "to": day(days.upperBound - 1), "expenses": spent[0], "before": spent[1],
      "year_before": spent[2], "pending": minor(flows.flows[0].pendingMinor, flows.currency),
      "other_currencies": others(flows), "inputs": inputs(flows.inputs),
    ]
  }

  static func spending(_ spending: Spending, by grouping: Spending.Grouping, limit: Int) -> JSONValue {
    func line(_ line: Spending.Line) -> JSONValue {
      [
        "key": .string(line.key), "name": .string(line.name), "amount": minor(line.minor, spending.currency),
        "rows": .int(line.rows), "before": minor(line.beforeMinor, spending.currency),
        "year_before": minor(line.yearBeforeMinor, spending.currency),
        "share": JSONValue(
          spending.total.minor > 0 ? Ratio.text(line.minor, by: spending.total.minor, digits: 4) : nil),
      ]
    }
    var rest = Spending.Line(name: "Everything else")
    for one in spending.lines.dropFirst(limit) {
      rest.minor &+= one.minor
      rest.rows += one.rows
      rest.beforeMinor &+= one.beforeMinor
      rest.yearBeforeMinor &+= one.yearBeforeMinor
    }
    return .object(
      [.init("by", .string(grouping.rawValue))] + window(spending.days) + [
        .init("data", .array(spending.lines.prefix(limit).map(line))),
        .init("rest", spending.lines.count > limit ? line(rest) : .null), .init("total", line(spending.total)),
        .init("inputs", inputs(spending.inputs)),
      ])
  }

  static func burn(_ footing: Footing, _ ground: Ground) -> JSONValue {
    let currency = ground.base
    let months = zip(footing.months, footing.flows.flows).filter { footing.burnMonths.contains($0.0) }
    return [
      "per_month": money(footing.burnMinor, currency), "of_months": .int(footing.burnMonths.count),
      "months": .array(
        months.map { ["month": .string($0.0.description), "expenses": minor($0.1.expensesMinor, currency)] }),
      "dearest": money(footing.burnMostMinor, currency), "cheapest": money(footing.burnLeastMinor, currency),
      "inputs": inputs(footing.burnInputs),
    ]
  }

  static func runway(_ footing: Footing, _ ground: Ground) -> JSONValue {
    func words(_ runway: Runway) -> JSONValue {
      switch runway {
      case .unknown: ["state": "unknown", "months": .null]
      case .unlimited: ["state": "unlimited", "months": .null]
      case .months: ["state": "months", "months": JSONValue(runway.months(digits: 1))]
      }
    }
    return [
      "liquid": minor(footing.liquidMinor, ground.base),
      "liquid_without_rate": .array(footing.currenciesLeftOut.map { .string($0.code) }),
      "burn": money(footing.burnMinor, ground.base), "runway": words(footing.runway),
      "pessimistic": words(footing.runwayPessimistic), "optimistic": words(footing.runwayOptimistic),
      "inputs": inputs(footing.burnInputs),
    ]
  }
}
