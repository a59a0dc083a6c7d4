package import Basics
package import Databases
package import Finance
package import Store

/// What is invested: worth, cost and gain where a cost is known, and what it consists of.
///
/// A value the bank does not state is quantity times price; where neither is known it is unknown and in no sum. A gain is
/// told only of what has a cost, and what has none is counted beside it.
package struct Portfolio: Sendable, Equatable {
  package struct Position: Sendable, Equatable {
    package var holding: StoredHolding
    package var security: StoredSecurity?
    /// In the holding's currency; nil: unknown.
    package var value: Money?
    package var cost: Money?
    /// In the base currency; nil without a value or a rate.
    package var baseMinor: Int64?

    package var gain: Money? {
      guard let value, let cost, value.currency == cost.currency else { return nil }
      return Money(minorUnits: value.minorUnits &- cost.minorUnits, value.currency)
    }
  }

  /// A part of the whole, in the base currency.
  package struct Slice: Sendable, Equatable {
    package var key: String
    package var name: String
    package var minor: Int64
  }

  package var currency: Currency
  package var positions: [Position]
  package var totalMinor: Int64 = 0
  /// Of the positions whose value and cost are both known, in the base currency.
  package var costMinor: Int64 = 0
  package var gainMinor: Int64 = 0
  package var withCost = 0
  package var withoutValue = 0
  package var currenciesLeftOut: [Currency] = []
  package var byType: [Slice] = []
  package var bySecurity: [Slice] = []
  package var byAccount: [Slice] = []
  package var byCurrency: [Slice] = []

  package static func read(
    accounts chosen: [ID<Account>], _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> Portfolio {
    let accounts = ground.counted.filter { chosen.isEmpty || chosen.contains($0.id) }
    let securities = Dictionary(try Securities.all(scope, session).map { ($0.id, $0) }) { $1 }
    let holdings = try Holdings.latest(in: accounts.map(\.id).prefix(Limits.listMax), scope, session)
      .filter { !$0.quantity.isZero }
    let currencies = holdings.map { holding in currency(of: holding, accounts) }
    let rates = try Rates.read(currencies, ground, scope, session)
    let positions = try zip(holdings, currencies).map { holding, currency in
      let value = try value(of: holding, currency)
      return Position(
        holding: holding, security: securities[holding.security], value: value,
        cost: try holding.costBasis.map { try Money.rounding($0, currency).money },
        baseMinor: try value.flatMap { try rates.minor(of: $0, in: ground.base, on: ground.today) })
    }
    var portfolio = Portfolio(currency: ground.base, positions: positions)
    try portfolio.sum(rates, ground)
    return portfolio
  }

  private static func currency(of holding: StoredHolding, _ accounts: [StoredAccount]) -> Currency {
    holding.currency ?? accounts.first { $0.id == holding.account }?.currency ?? .unknown
  }

  private static func value(of holding: StoredHolding, _ currency: Currency) throws(MoneyError) -> Money? {
    if let value = holding.value { return try Money.rounding(value, currency).money }
    guard let price = holding.price else { return nil }
    return Decimals.product(holding.quantity, price, currency)
  }

  private mutating func sum(_ rates: Rates, _ ground: Ground) throws {
    var left: Set<Currency> = []
    var (types, names, held, monies) = ([String: Slice](), [String: Slice](), [String: Slice](), [String: Slice]())
    func add(_ minor: Int64, _ key: String, _ name: String, _ slices: inout [String: Slice]) {
      slices[key, default: Slice(key: key, name: name, minor: 0)].minor &+= minor
    }
    for position in positions {
      guard let value = position.value else {
        withoutValue += 1
        continue
      }
      guard let minor = position.baseMinor else {
        left.insert(value.currency)
        continue
      }
      let (sum, overflow) = totalMinor.addingReportingOverflow(minor)
      guard !overflow else { throw MoneyError.overflow }
      totalMinor = sum
      let (holding, security) = (position.holding, position.security)
      let type = security?.isCash == true ? "cash" : security?.type ?? "unknown"
      add(minor, type, type, &types)
      add(minor, holding.security.description, security?.ticker ?? security?.name ?? "unknown", &names)
      let account = ground.accounts.first { $0.id == holding.account }
      add(minor, holding.account.description, account?.name ?? "", &held)
      add(minor, value.currency.code, value.currency.code, &monies)
      if let cost = position.cost, let costs = try rates.minor(of: cost, in: ground.base, on: ground.today) {
        costMinor &+= costs
        gainMinor &+= minor &- costs
        withCost += 1
      }
    }
    func sorted(_ slices: [String: Slice]) -> [Slice] {
      slices.values.sorted { ($1.minor, $0.key) < ($0.minor, $1.key) }
    }
    (byType, bySecurity, byAccount, byCurrency) = (sorted(types), sorted(names), sorted(held), sorted(monies))
    currenciesLeftOut = left.sorted { $0.code < $1.code }
  }
}
