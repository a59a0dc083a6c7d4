import Databases
package import Finance
package import Store

/// Income and expenses by month, each currency by itself until it is ``converted(_:_:_:)``.
///
/// Money moved between own accounts, card payments, excluded rows and pending ones are in no sum. A refund lowers what
/// was spent in its category and is no income.
package struct CashFlow: Sendable, Equatable {
  /// One month in one currency, in minor units.
  package struct Flow: Sendable, Equatable {
    package var incomeMinor: Int64 = 0
    /// Positive: spent. Negative when more was refunded than spent.
    package var expensesMinor: Int64 = 0
    /// Positive: spent, by effective category.
    package var spentMinor: [String: Int64] = [:]

    package init() {}

    fileprivate mutating func earn(_ minor: Int64) throws(MoneyError) { incomeMinor = try sum(incomeMinor, minor) }

    fileprivate mutating func spend(_ line: PostedFlow) throws(MoneyError) {
      guard line.amountMinor != .min else { throw .overflow }
      let minor = -line.amountMinor
      expensesMinor = try sum(expensesMinor, minor)
      try add(minor, to: &spentMinor[line.category, default: 0])
    }

    /// What was left of the income.
    package func net() throws(MoneyError) -> Int64 {
      let (net, overflowed) = incomeMinor.subtractingReportingOverflow(expensesMinor)
      guard !overflowed else { throw .overflow }
      return net
    }
  }

  /// Oldest first, without gaps.
  package let months: [Month]
  /// For each currency that occurs, one flow per month.
  package let flows: [Currency: [Flow]]

  /// - Parameter lines: What ``Totals/postedFlows(over:_:_:_:)`` gives for these months.
  package init(months: [Month], lines: [PostedFlow]) throws(MoneyError) {
    self.months = months
    let none = [Flow](repeating: Flow(), count: months.count)
    var places: [Currency: Int] = [:]
    var columns: [[Flow]] = []
    // Nearly all lines are in the currency of the one before.
    var last: (currency: Currency, place: Int)?
    for line in lines {
      let place: Int
      if let last, last.currency == line.currency {
        place = last.place
      } else if let known = places[line.currency] {
        place = known
      } else {
        place = columns.count
        places[line.currency] = place
        columns.append(none)
      }
      last = (line.currency, place)
      if line.isIncome {
        try columns[place][line.period].earn(line.amountMinor)
      } else {
        try columns[place][line.period].spend(line)
      }
    }
    self.flows = places.mapValues { columns[$0] }
  }

  /// The same in the household's currency, each month at the last rate known on its last day, as everywhere: what has no
  /// rate stays by itself. Costs nothing where all is in one currency.
  func converted(_ ground: Ground, _ scope: Scope, _ session: any Session) throws -> CashFlow {
    let others = others(than: ground.base)
    let rates = try Rates.read(others, ground, scope, session)
    guard others.contains(where: rates.isKnown) else { return self }
    let sums = try Flows.read(over: months.map(\.days), ground, scope, session)
    var flows = self.flows.filter { sums.others.keys.contains($0.key) }
    flows[ground.base] = sums.flows.map { sum in
      var flow = Flow()
      (flow.incomeMinor, flow.expensesMinor, flow.spentMinor) = (sum.incomeMinor, sum.expensesMinor, sum.spentMinor)
      return flow
    }
    return CashFlow(months: months, flows: flows)
  }

  private init(months: [Month], flows: [Currency: [Flow]]) {
    self.months = months
    self.flows = flows
  }

  /// One flow per month; all zero for a currency that does not occur.
  package func flows(in currency: Currency) -> [Flow] {
    flows[currency] ?? [Flow](repeating: Flow(), count: months.count)
  }

  /// Currencies other than this one, by code: what a sum in this one leaves out.
  package func others(than currency: Currency) -> [Currency] {
    flows.keys.filter { $0 != currency }.sorted { $0.code < $1.code }
  }

  /// What was spent by whatever `group` makes of a category, most first; ties by name.
  ///
  /// - Parameter months: Positions in ``months``.
  package func spending(
    in currency: Currency, months: Range<Int>, by group: (String) -> String = { $0 }
  ) throws(MoneyError) -> [(category: String, minor: Int64)] {
    var sums: [String: Int64] = [:]
    for flow in flows(in: currency)[months] {
      for (category, minor) in flow.spentMinor {
        let name = group(category)
        sums[name] = try sum(sums[name, default: 0], minor)
      }
    }
    return sums.map { (category: $0.key, minor: $0.value) }
      .sorted { ($1.minor, $0.category) < ($0.minor, $1.category) }
  }
}

private func sum(_ left: Int64, _ right: Int64) throws(MoneyError) -> Int64 {
  let (sum, overflowed) = left.addingReportingOverflow(right)
  guard !overflowed else { throw .overflow }
  return sum
}

private func add(_ minor: Int64, to total: inout Int64) throws(MoneyError) { total = try sum(total, minor) }
