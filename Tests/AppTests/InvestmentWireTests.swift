import Basics
import Databases
import Finance
import Plaid
import Sandbox
import Store
import Sync
import Testing

/// The whole way of what is held, traded and owed: from the simulated bank over HTTP into the store, day by day.
@Suite struct `Investments over the wire` {
  /// As the bank says it: by the provider's names, and what is worth nothing any more left out.
  private struct Line: Hashable {
    var account: String
    var security: String
    var quantity: String
    var value: String?
    var cost: String?
  }

  @Test func `are in the store as the bank told them on each day`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link(products: ["transactions", "investments", "liabilities"])
    let feed = bench.client.feed(accessToken: linked.accessToken)
    let clock = Locked(WireBench.start)
    let random = Locked(SeededRandom(seed: 5))
    let world = World(
      now: { clock.withLock { $0 } }, sleep: { pause in clock.withLock { $0 = $0 + pause } },
      random: { random.withLock { $0.next() } })
    let database = try SQLiteDatabase.inMemory()
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    let id: ID<Connection> = world.newID()
    try await database.write { session in
      try Households.create(scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), session)
      try Connections.insert(
        NewConnection(id: id, origin: .simulated, environment: "sandbox", host: bench.base, itemID: linked.itemID),
        scope, now: world.now(), session)
    }
    let engine = SyncEngine(database: database, world: world, scope: scope, owner: "test")
    var told: [CalendarDate: Set<Line>] = [:]
    for _ in 0..<12 {
      _ = try await engine.run(id, feed: feed)
      let answer = try #require(try await feed.holdings())
      told[CalendarDate(utc: world.now())] = Set(
        answer.holdings.map {
          Line(
            account: $0.accountID, security: $0.securityID, quantity: $0.quantity.text, value: $0.value?.text,
            cost: $0.costBasis?.text)
        })
      let day = Duration.seconds(86_400)
      await bench.sandbox.advance(by: day)
      clock.withLock { $0 = $0 + day }
    }
    #expect(Set(told.values).count > 3, "nothing happened at the bank")
    for (day, lines) in told {
      #expect(try await held(database, scope, id, on: day) == lines, "\(day)")
    }

    _ = try await engine.run(id, feed: feed)
    try await expectTradesAndDebts(database, scope, id, feed, through: CalendarDate(utc: world.now()))
    let rows = try await count(database)
    _ = try await engine.run(id, feed: feed)
    _ = try await engine.run(id, feed: feed, isFull: true)
    #expect(try await count(database) == rows)
    await bench.stop()
  }

  private func held(
    _ database: SQLiteDatabase, _ scope: Scope, _ connection: ID<Connection>, on day: CalendarDate
  ) async throws -> Set<Line> {
    try await database.read { session in
      let accounts = try Accounts.bySource(connection, scope, session)
      let names = Dictionary(uniqueKeysWithValues: accounts.map { ($0.value.id, $0.key) })
      let securities = Dictionary(
        uniqueKeysWithValues: try Securities.bySource(connection, scope, session).map { ($0.value.id, $0.key) })
      let rows = try Holdings.latest(in: Array(names.keys), on: day, scope, session)
      return Set(
        rows.filter { $0 != $0.closed(on: $0.day) }.map {
          Line(
            account: names[$0.account] ?? "", security: securities[$0.security] ?? "", quantity: $0.quantity.text,
            value: $0.value?.text, cost: $0.costBasis?.text)
        })
    }
  }

  private func expectTradesAndDebts(
    _ database: SQLiteDatabase, _ scope: Scope, _ connection: ID<Connection>, _ feed: BankFeed, through: CalendarDate
  ) async throws {
    let trades = try await database.read { try InvestmentTransactions.page(scope, limit: 10_000, $0) }
    var listed: [String: FeedInvestmentTransaction] = [:]
    while let page = try await feed.investmentTransactions(through.adding(months: -24), through, listed.count) {
      for trade in page.transactions { listed[trade.id] = trade }
      if listed.count >= page.total { break }
    }
    #expect(trades.count >= listed.count && listed.count > 10)
    for trade in trades {
      guard let bank = listed[trade.providerID] else { continue }
      #expect((trade.exact ?? DecimalText(trade.amount.decimal)) == bank.amount && trade.bookedOn == bank.bookedOn)
    }
    #expect(Set(listed.keys).isSubset(of: Set(trades.map(\.providerID))))
    let owed = try #require(try await feed.liabilities()).liabilities
    let kept = try await database.read { session in
      let accounts = try Accounts.bySource(connection, scope, session)
      return try Liabilities.latest(in: accounts.values.map(\.id), scope, session)
    }
    #expect(!owed.isEmpty && Set(kept.map(\.raw)) == Set(owed.map(\.raw)))
    let states = try await database.read { try Products.all(connection, scope, $0) }
    #expect(states.count == 3 && states.allSatisfy { $0.code == nil && $0.lastSuccessAt != nil })
    #expect(try await waiting(database, scope) == 0)
  }

  private func waiting(_ database: SQLiteDatabase, _ scope: Scope) async throws -> Int {
    try await database.read { try Quarantine.count(scope, $0) }
  }

  private func count(_ database: SQLiteDatabase) async throws -> Int {
    try await database.read { session in
      try ["security", "security_price", "holding", "investment_transaction", "liability"].map { table in
        try session.first(SQL(stringLiteral: "SELECT COUNT(*) FROM \(table)")) { try $0(0, as: Int.self) } ?? 0
      }.reduce(0, +)
    }
  }
}
