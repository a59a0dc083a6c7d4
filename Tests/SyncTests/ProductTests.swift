import Basics
import Databases
import Finance
import Store
import Testing

@testable import Sync

private let day = firstDay

@Suite struct `A product of a connection` {
  @Test func `that the bank lacks is not asked for again soon, until an account is new or a person insists`()
    async throws
  {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.liabilities.withLock { $0 = .failure(.unsupported(fault("PRODUCTS_NOT_SUPPORTED"))) }
    let first = try #require(try await house.sync(script.feed))
    #expect(first[.holdings] == .absent && first[.investmentTransactions] == .absent)
    #expect(first[.liabilities] == .failed(.unsupported(fault("PRODUCTS_NOT_SUPPORTED"))))
    try await house.world.sleep(.seconds(6 * 86_400))
    let second = try #require(try await house.sync(script.feed))
    #expect(second.values.allSatisfy { $0 == .notDue } && second.count == 3)
    #expect(script.asked.withLock { $0 } == [.holdings: 1, .investmentTransactions: 1, .liabilities: 1])
    _ = try await house.sync(script.feed, isFull: true)
    #expect(script.asked.withLock { $0[.holdings] } == 2)
    try await house.world.sleep(.seconds(1))
    try await house.addAccount("Z")
    _ = try await house.sync(script.feed)
    #expect(script.asked.withLock { $0[.holdings] } == 3)
    try await house.database.write { [house] in try Products.askAgain(house.connection, house.scope, $0) }
    _ = try await house.sync(script.feed)
    #expect(script.asked.withLock { $0[.holdings] } == 4)
    try await house.world.sleep(.seconds(8 * 86_400))
    _ = try await house.sync(script.feed)
    #expect(script.asked.withLock { $0 } == [.holdings: 5, .investmentTransactions: 5, .liabilities: 5])
  }

  @Test func `that fails spoils no other, and is remembered with its code`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.holdings.withLock { $0 = .failure(.retry(fault("INSTITUTION_DOWN"))) }
    script.trade([trade("A")])
    script.liabilities.withLock { $0 = .success(FeedLiabilities(accounts: [], liabilities: [])) }
    let outcomes = try #require(try await house.sync(script.feed))
    #expect(outcomes[.holdings] == .failed(.retry(fault("INSTITUTION_DOWN"))))
    #expect(outcomes[.liabilities] == .applied(ProductCounts()))
    #expect(try await house.trades().count == 1)
    let states = try await house.states()
    #expect(states[.holdings]?.code == "INSTITUTION_DOWN" && states[.holdings]?.lastSuccessAt == nil)
    #expect(states[.liabilities]?.code == nil && states[.liabilities]?.lastSuccessAt == house.world.now())
    script.hold([])
    _ = try await house.sync(script.feed)
    #expect(try await house.states()[.holdings]?.code == nil, "any success heals")
  }

  @Test func `that was fetched under a lease since lost writes nothing`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.hold([holding("S", "1")])
    script.trade([trade("A")])
    var feed = script.feed
    feed.holdings = { () throws(FeedError) in
      do {
        try await house.world.sleep(SyncEngine.leaseTime + .seconds(1))
        let now = house.world.now()
        _ = try await house.database.write { session in
          try Connections.takeLease(
            house.connection, owner: "other", until: now + .seconds(9), now: now, house.scope, session)
        }
      } catch { Issue.record(error) }
      return try await script.feed.holdings()
    }
    let outcomes = try #require(try await house.sync(feed))
    #expect(outcomes == [.holdings: .superseded])
    #expect(try await house.rows() == 0)
    #expect(try await house.states().isEmpty)
    #expect(try await house.sync(script.feed) == nil, "the other one holds it")
  }

  @Test func `whose bank wants a new sign-in says so, and the rest is not asked`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.holdings.withLock { $0 = .failure(.reauthenticate(fault("ITEM_LOGIN_REQUIRED"))) }
    let outcomes = try #require(try await house.sync(script.feed))
    #expect(outcomes.count == 1)
    let error = try #require(outcomes[.holdings].flatMap { ProductHealth.concernsConnection($0) })
    #expect(error == .reauthenticate(fault("ITEM_LOGIN_REQUIRED")))
    #expect(script.asked.withLock { $0 } == [.holdings: 1])
  }

  @Test(arguments: [
    (FeedError.unsupported(fault("A")), 7 * 86_400), (.configuration(fault("B")), 86_400), (.bug(fault("C")), 86_400),
    (.wait(.seconds(90), fault("D")), 90), (.retry(fault("E")), 0), (.notReady(fault("F")), 0),
    (.reauthenticate(fault("G")), 0),
  ])
  func `waits as long as its failure lasts`(error: FeedError, seconds: Int64) {
    let now = Timestamp(seconds: 1_000_000)
    let last = StoredProduct(
      product: .holdings, lastAttemptAt: now, lastSuccessAt: now - .seconds(5), throughOn: day)
    let next = ProductHealth.next(last, .holdings, after: .failed(error), now: now)
    #expect(next.code == error.fault.code && next.lastSuccessAt == last.lastSuccessAt && next.throughOn == day)
    for (after, isDue) in [(seconds - 1, seconds <= 0), (seconds, true)] {
      #expect(ProductHealth.isDue(next, newestAccount: nil, now: now + .seconds(after)) == isDue)
    }
  }
}

@Suite struct `A row that waits in quarantine` {
  private func keep(_ house: ProductHouse, _ id: String, _ raw: String) async throws {
    try await house.database.write { [house] session in
      try Quarantine.keep(
        FeedUnreadable(id: id, reason: "why", raw: raw), as: house.world.newID(), .transactions, house.connection,
        now: house.world.now(), house.scope, session)
    }
  }

  private func replay(_ house: ProductHouse, accounts: [String: Currency]) async throws -> [String] {
    let feed = ProductScript().feed
    return try await house.database.write { [house] session in
      var applied: [String] = []
      let waiting = try Quarantine.waiting(.transactions, house.connection, house.scope, session)
      let count = try waiting.newest.map { newest in
        try Replay.run(
          house.connection, to: newest, accounts: accounts, feed: feed, now: house.world.now(), house.scope, session
        ) { applied.append($0.raw) }
      }
      #expect(count ?? 0 == applied.count)
      return applied
    }
  }

  @Test func `is applied once, when it can be read and its account is known`() async throws {
    let house = try await ProductHouse()
    for raw in ["ok A 1", "bad", "ok B 2", "ok A 3 huge", "ok A 4"] { try await keep(house, raw, raw) }
    #expect(try await replay(house, accounts: ["A": .usd]) == ["ok A 1", "ok A 4"])
    #expect(try await replay(house, accounts: ["A": .usd]).isEmpty)
    #expect(try await replay(house, accounts: ["A": .usd, "B": .usd]) == ["ok B 2"])
    #expect(try await house.waitingCount() == 2)
  }

  @Test func `does not come back after the bank said something later under its name`() async throws {
    let house = try await ProductHouse()
    try await keep(house, "one", "ok A 1")
    try await keep(house, "two", "ok A 2")
    try await house.database.write { [house] session in
      var waiting = WaitingRows(
        try Quarantine.waiting(.transactions, house.connection, house.scope, session), of: house.connection,
        now: house.world.now(), world: house.world, house.scope)
      try waiting.heard(of: "one", session)
      try waiting.heard(of: "never waited", session)
      // Kept and heard of within one run.
      #expect(try waiting.keep(FeedUnreadable(id: "three", reason: "why", raw: "ok A 3"), session))
      try waiting.heard(of: "three", session)
      #expect(try waiting.keep(FeedUnreadable(id: "three", reason: "why", raw: "ok A 4"), session))
    }
    #expect(try await replay(house, accounts: ["A": .usd]) == ["ok A 2", "ok A 4"])
  }
}
