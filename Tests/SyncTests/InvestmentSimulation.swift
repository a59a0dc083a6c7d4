import Basics
import Databases
import Finance
import Store
import Sync
import Testing
import Workshop

/// A bank's holdings, trades and debts over some months of random changes, faults, moving lists and crashes; afterwards
/// the store must tell the bank's truth for every day that was synced.
@Suite struct `Investments in the long run` {
  private typealias Place = SimulatedBroker.Place

  /// What a person should see of one holding.
  private struct Line: Equatable {
    var quantity: DecimalText
    var price: DecimalText?
    var value: DecimalText?
    var cost: DecimalText?
  }

  private struct Truth {
    var holdings: [Place: Line] = [:]
    var rates: [String: DecimalText] = [:]
  }

  @Test func `equal the bank on every day that was synced`() async throws {
    var counts: [String: Int] = [:]
    for seed in UInt64(1)...30 {
      for (event, count) in try await simulate(seed) { counts[event, default: 0] += count }
    }
    for event in [
      "bank unavailable", "something happened between two slices", "holding of a strange account",
      "holding bought or changed", "holding sold", "close price", "trade", "trade booked late", "trade corrected",
      "trade no longer listed", "one trade came as another went", "rate changed", "unreadable holding",
      "holding in two parts", "crash between writes", "account not listed", "lease lost", "full reading",
      "applied holdings", "applied trades", "applied liabilities", "list kept moving",
    ] {
      #expect(counts[event, default: 0] > 0, "\(event) never happened: the simulation proves nothing about it")
    }
  }

  private func simulate(_ seed: UInt64) async throws -> [String: Int] {
    let house = try await ProductHouse(seed: seed)
    let broker = SimulatedBroker(seed: seed &* 7)
    var random = SeededRandom(seed: seed &+ 99)
    var counts: [String: Int] = [:]
    var truth = Truth()
    var days: [CalendarDate: Truth] = [:]
    broker.change { $0.failing = seed % 3 == 0 ? 10 : 0 }
    for _ in 0..<40 {
      try await house.world.sleep(.seconds(random.int(in: 1...80_000)))
      let today = house.today
      let step = (
        damaged: random.chance(1, in: 6), hidden: random.chance(1, in: 10), restless: random.pick([0, 0, 30, 90])
      )
      broker.change { state in
        state.today = today
        for _ in 0..<3 { state.live() }
        state.restless = step.restless
        state.hidden = step.hidden ? ["Y"] : []
        state.damaged =
          step.damaged ? state.positions.keys.sorted { "\($0)" < "\($1)" }.first { $0.account == "X" } : nil
        state.isDamagedBeyondItsAccount = state.random.chance(1, in: 3)
      }
      if step.hidden { counts["account not listed", default: 0] += 1 }
      let (before, now) = (broker.now, house.world.now())
      switch random.int(in: 0...5) {
      case 0:
        let dying = CrashingDatabase(house.database, afterWrites: random.int(in: 0...30))
        do { _ = try await house.sync(broker.feed, on: dying) } catch is DatabaseError {
          counts["crash between writes", default: 0] += 1
        }
        try await house.world.sleep(SyncEngine.leaseTime + .seconds(1))
      case 1:
        let outcomes = try await house.sync(stealing(broker.feed, house))
        if outcomes?[.holdings] == .superseded { counts["lease lost", default: 0] += 1 }
        try await house.world.sleep(SyncEngine.leaseTime + .seconds(1))
      default:
        let isFull = random.chance(1, in: 8)
        if isFull { counts["full reading", default: 0] += 1 }
        let outcomes = try #require(try await house.sync(broker.feed, isFull: isFull))
        let after = broker.now
        for (product, outcome) in outcomes {
          if case .applied = outcome {
            counts["applied \(product == .investmentTransactions ? "trades" : "\(product)")", default: 0] += 1
          }
        }
        if case .applied = outcomes[.investmentTransactions] {
          try await expectTrades(house, before, after, isFull: isFull, &counts, "seed \(seed), \(today)")
        }
      }
      // Each product is applied whole or not at all, however the run ended.
      let states = try await house.states().filter { $0.value.lastSuccessAt.map { $0 >= now } ?? false }
      if states[.holdings] != nil { told(before, &truth) }
      if states[.liabilities] != nil { truth.rates = broker.now.rates.mapValues(SimulatedBroker.State.decimal) }
      days[today] = truth
    }
    for (day, truth) in days { try await expect(truth, on: day, house, "seed \(seed), \(day)") }
    try await expectRest(house, broker, "seed \(seed)")
    for (event, count) in broker.now.counts { counts[event, default: 0] += count }
    return counts
  }

  /// A feed during whose first answer another takes over the connection.
  private func stealing(_ feed: BankFeed, _ house: ProductHouse) -> BankFeed {
    var feed = feed
    let holdings = feed.holdings
    feed.holdings = { () throws(FeedError) in
      let answer = try await holdings()
      do {
        try await house.world.sleep(SyncEngine.leaseTime + .seconds(1))
        let now = house.world.now()
        _ = try await house.database.write { session in
          try Connections.takeLease(
            house.connection, owner: "thief", until: now + .seconds(1), now: now, house.scope, session)
        }
      } catch { Issue.record(error) }
      return answer
    }
    return feed
  }

  /// A good answer about holdings replaces what was known of the accounts it lists; a damaged row leaves its account's
  /// missing ones, or everybody's, as they were.
  private func told(_ state: SimulatedBroker.State, _ truth: inout Truth) {
    let isDamaged = state.damaged.map { state.positions[$0] != nil && !state.hidden.contains($0.account) } ?? false
    for account in SimulatedBroker.accounts where !state.hidden.contains(account) {
      let isCertain = !isDamaged || (account != state.damaged?.account && !state.isDamagedBeyondItsAccount)
      if isCertain { truth.holdings = truth.holdings.filter { $0.key.account != account } }
      for (place, position) in state.positions where place.account == account {
        if isDamaged && place == state.damaged { continue }
        truth.holdings[place] = Line(
          quantity: SimulatedBroker.State.decimal(position.quantity),
          price: SimulatedBroker.State.decimal(position.price), value: position.value,
          cost: position.cost.map(SimulatedBroker.State.decimal))
      }
    }
  }

  private func expect(_ truth: Truth, on day: CalendarDate, _ house: ProductHouse, _ place: Comment) async throws {
    let (accounts, securities) = (try await house.accountNames(), try await house.securityNames())
    let (holdings, liabilities) = try await house.database.read { [scope = house.scope] session in
      (
        try Holdings.latest(in: Array(accounts.keys), on: day, scope, session),
        try Liabilities.latest(in: Array(accounts.keys), on: day, scope, session)
      )
    }
    var found: [Place: Line] = [:]
    for row in holdings where row != row.closed(on: row.day) {
      let key = Place(account: accounts[row.account] ?? "", security: securities[row.security] ?? "")
      // Two parts of different price have none in common; here they always share it.
      found[key] = Line(quantity: row.quantity, price: row.price, value: row.value, cost: row.costBasis)
    }
    #expect(found == truth.holdings, place)
    let rates = Dictionary(uniqueKeysWithValues: liabilities.map { (accounts[$0.account] ?? "", $0.ratePercent) })
    #expect(rates == truth.rates.mapValues(Optional.some), place)
  }

  /// A trade that the bank listed all along is there and not marked as removed; and when nothing moved, those of the
  /// days that were read are exactly the bank's.
  private func expectTrades(
    _ house: ProductHouse, _ before: SimulatedBroker.State, _ after: SimulatedBroker.State, isFull: Bool,
    _ counts: inout [String: Int], _ place: Comment
  ) async throws {
    let state = try await house.database.read { [house] session in
      try #require(try Products.find(.investmentTransactions, house.connection, house.scope, session))
    }
    let living = Dictionary(uniqueKeysWithValues: try await house.trades().map { ($0.providerID, $0) })
    let known = Set(try await house.trades(removed: true).map(\.providerID))
    let first = isFull ? before.today.adding(months: -24) + 3 : before.today - 11
    let mine = { (trade: SimulatedBroker.Trade) in
      SimulatedBroker.accounts.contains(trade.account) && !before.hidden.contains(trade.account)
    }
    let isWhole = state.code == nil
    if !isWhole { counts["list kept moving", default: 0] += 1 }
    for trade in before.trades where mine(trade) && after.trades.contains(where: { $0.id == trade.id }) {
      if trade.day >= first && isWhole { #expect(living[trade.id] != nil, "\(trade.id) is missing, \(place)") }
      if known.contains(trade.id) { #expect(living[trade.id] != nil, "\(trade.id) was removed, \(place)") }
    }
    guard before.trades == after.trades, isWhole else { return }
    for trade in before.trades where mine(trade) && trade.day >= first {
      let row = try #require(living[trade.id], place)
      let exact = DecimalText("\(trade.mills)e-3")
      #expect(row.exact ?? DecimalText(row.amount.decimal) == exact && row.bookedOn == trade.day, place)
    }
    let listed = Set(before.trades.map(\.id))
    let accounts = try await house.accountNames()
    for row in living.values where row.bookedOn >= first && !before.hidden.contains(accounts[row.account] ?? "") {
      #expect(listed.contains(row.providerID), "\(row.providerID) lives on, \(place)")
    }
  }

  /// In the end, with a quiet bank: all trades are the bank's, prices are, and a second run writes nothing.
  private func expectRest(_ house: ProductHouse, _ broker: SimulatedBroker, _ place: Comment) async throws {
    let today = house.today
    broker.change { state in
      (state.failing, state.restless, state.hidden, state.damaged, state.today) = (0, 0, [], nil, today)
    }
    _ = try await house.sync(broker.feed, isFull: true)
    let rows = try await house.rows()
    let again = try #require(try await house.sync(broker.feed, isFull: true))
    #expect(again.values.allSatisfy { $0 == .applied(ProductCounts()) }, place)
    #expect(try await house.rows() == rows, place)
    let living = Set(try await house.trades().filter { $0.bookedOn > today.adding(months: -24) + 3 }.map(\.providerID))
    let truth = broker.now.trades.filter {
      SimulatedBroker.accounts.contains($0.account) && $0.day > today.adding(months: -24) + 3
    }
    #expect(living == Set(truth.map(\.id)), place)
    for (id, name) in try await house.securityNames() where name != "never described" {
      let prices = try await house.database.read { [scope = house.scope] session in
        try Securities.prices(of: id, scope, session).filter { $0.source == .close }
      }
      let last = prices.last { $0.day == today - 1 }
      #expect(last?.price == broker.now.closes[name].map(SimulatedBroker.State.decimal), place)
    }
  }
}
