package import Basics
package import Databases
package import Finance
package import Store

/// Income and expenses over any periods, in the household's currency where a rate is known.
package struct Flows: Sendable, Equatable {
  package struct Flow: Sendable, Equatable {
    package var incomeMinor: Int64 = 0
    /// Positive: spent, refunds netted.
    package var expensesMinor: Int64 = 0
    /// What has not posted: in none of the sums above.
    package var pendingMinor: Int64 = 0
    /// Moved between own accounts, counted once for each leg: in no sum.
    package var movedMinor: Int64 = 0
    package var rows = 0
    /// By category: positive for spent.
    package var spentMinor: [String: Int64] = [:]
    package var earnedMinor: [String: Int64] = [:]

    package var netMinor: Int64 { incomeMinor &- expensesMinor }

    /// Net by income, with four decimals; nil without income.
    package var savingsRate: String? {
      incomeMinor > 0 ? Ratio.text(netMinor, by: incomeMinor, digits: 4) : nil
    }
  }

  package let currency: Currency
  package let periods: [Range<CalendarDate>]
  /// One for each period.
  package let flows: [Flow]
  /// Sums in currencies that could not be converted, over all periods.
  package let others: [Currency: Flow]
  package private(set) var inputs: Inputs

  /// - Parameter own: So many of the periods, from the first, are what was asked for; nil: all.
  package init(
    _ totals: [PeriodTotal], over periods: [Range<CalendarDate>], own: Int? = nil, in currency: Currency,
    rates: Rates, accounts: [ID<Account>]
  ) throws(MoneyError) {
    self.currency = currency
    self.periods = periods
    var flows = [Flow](repeating: Flow(), count: periods.count)
    var others: [Currency: Flow] = [:]
    let asked = periods.prefix(own ?? periods.count)
    let first = asked.map(\.lowerBound).min() ?? CalendarDate(days: 0)
    var inputs = Inputs(days: first..<(asked.map(\.upperBound).max() ?? first), accounts: accounts)
    for total in totals {
      if total.period < asked.count { inputs.note(total) }
      let amount = Money(minorUnits: total.sum.amountMinor, total.currency)
      // A period's sums are converted at its last day's rate.
      if let minor = try rates.minor(of: amount, in: currency, on: periods[total.period].upperBound - 1) {
        try Self.add(minor, total, to: &flows[total.period])
      } else {
        var flow = others[total.currency] ?? Flow()
        // What is only compared with is listed nowhere.
        if total.period < asked.count { try Self.add(amount.minorUnits, total, to: &flow) }
        others[total.currency] = flow
      }
    }
    inputs.currenciesLeftOut = others.keys.sorted { $0.code < $1.code }
    self.flows = flows
    self.others = others
    self.inputs = inputs
  }

  private static func add(_ minor: Int64, _ total: PeriodTotal, to flow: inout Flow) throws(MoneyError) {
    guard minor != .min else { throw .overflow }
    if total.isPending {
      if total.flow == .income || total.flow == .expense { try sum(&flow.pendingMinor, minor) }
      return
    }
    switch total.flow {
    case .excluded: return
    case .transfer: try sum(&flow.movedMinor, abs(minor))
    case .income:
      try sum(&flow.incomeMinor, minor)
      try sum(&flow.earnedMinor[total.category, default: 0], minor)
      flow.rows += total.sum.rows
    case .expense:
      try sum(&flow.expensesMinor, -minor)
      try sum(&flow.spentMinor[total.category, default: 0], -minor)
      flow.rows += total.sum.rows
    }
  }

  private static func sum(_ left: inout Int64, _ right: Int64) throws(MoneyError) {
    let (sum, overflowed) = left.addingReportingOverflow(right)
    guard !overflowed else { throw .overflow }
    left = sum
  }

  /// All periods together.
  package func total() throws(MoneyError) -> Flow {
    var total = Flow()
    for flow in flows {
      try Self.sum(&total.incomeMinor, flow.incomeMinor)
      try Self.sum(&total.expensesMinor, flow.expensesMinor)
      try Self.sum(&total.pendingMinor, flow.pendingMinor)
      try Self.sum(&total.movedMinor, flow.movedMinor)
      total.rows += flow.rows
      for (category, minor) in flow.spentMinor { try Self.sum(&total.spentMinor[category, default: 0], minor) }
      for (category, minor) in flow.earnedMinor { try Self.sum(&total.earnedMinor[category, default: 0], minor) }
    }
    return total
  }

  /// - Parameter compared: More periods, whose flows come after those of `periods`, and whose rows are not counted among
  ///   the inputs.
  package static func read(
    over periods: [Range<CalendarDate>], comparedWith compared: [Range<CalendarDate>] = [],
    accounts: [ID<Account>] = [], _ ground: Ground, _ scope: Scope,
    _ session: any Session
  ) throws -> Flows {
    let filter = ground.only(accounts)
    let all = periods + compared
    let totals = try Totals.sums(over: all, filter, scope, session)
    let rates = try Rates.read(totals.map(\.currency), ground, scope, session)
    var flows = try Flows(
      totals, over: all, own: periods.count, in: ground.base, rates: rates, accounts: filter.accounts ?? [])
    flows.inputs.accountsLeftOut = ground.inputs(flows.inputs.days, filter).accountsLeftOut
    return flows
  }
}
