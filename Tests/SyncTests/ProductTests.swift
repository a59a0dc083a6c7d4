import Basics
import Databases
import Finance
import Store
import Testing

@testable import Sync

private func fault(_ code: String) -> FeedFault { FeedFault(type: "TEST", code: code, message: "words") }
private let day = CalendarDate(days: 20_000)

private func account(_ id: String) -> FeedAccount {
  FeedAccount(id: id, name: id, kind: .investment, type: "investment", currency: .usd)
}

private func trade(_ id: String, _ amount: String = "-1", on day: CalendarDate = day, in account: String = "X")
  -> FeedInvestmentTransaction
{
  FeedInvestmentTransaction(
    id: id, accountID: account, bookedOn: day, name: id, quantity: .zero, amount: DecimalText(amount) ?? .zero,
    type: "buy",
    raw: "{\"\(id)\":1}")
}

private func holding(_ security: String, _ quantity: String, in account: String = "X") -> FeedHolding {
  FeedHolding(
    accountID: account, securityID: security, quantity: DecimalText(quantity) ?? .zero,
    raw: "\(account) \(security) \(quantity)")
}

/// A bank that answers what a test says, and counts how often it was asked.
private final class Script: Sendable {
  let holdings = Locked<Result<FeedHoldings?, FeedError>>(.success(nil))
  let trades = Locked<Result<[FeedInvestmentTransaction]?, FeedError>>(.success(nil))
  let liabilities = Locked<Result<FeedLiabilities?, FeedError>>(.success(nil))
  let asked = Locked<[Product: Int]>([:])
  let windows = Locked<[ClosedRange<CalendarDate>]>([])
  let accounts: [String]

  init(accounts: [String] = ["X", "Y"]) { self.accounts = accounts }

  func hold(_ holdings: [FeedHolding], accounts: [String]? = nil, unreadable: [FeedUnreadable] = []) {
    let answer = FeedHoldings(
      accounts: (accounts ?? self.accounts).map(account), holdings: holdings, securities: [], unreadable: unreadable)
    self.holdings.withLock { $0 = .success(answer) }
  }

  func trade(_ trades: [FeedInvestmentTransaction]) { self.trades.withLock { $0 = .success(trades) } }

  private func note(_ product: Product) { asked.withLock { $0[product, default: 0] += 1 } }

  var feed: BankFeed {
    BankFeed(
      page: { _ throws(FeedError) in throw .bug(fault("NO_PAGES")) },
      rows: { _ in FeedRows(upserts: [], removals: []) },
      row: { raw in
        let text = String(decoding: raw, as: UTF8.self)
        guard text.hasPrefix("ok ") else {
          return .unreadable(FeedUnreadable(id: nil, reason: "still unreadable", raw: text))
        }
        let amount = text.hasSuffix("huge") ? String(repeating: "9", count: 40) : "-1.005"
        return .transaction(
          FeedTransaction(
            id: text, accountID: String(text.dropFirst(3).prefix(1)), isPending: false,
            amount: DecimalText(amount) ?? .zero,
            bookedOn: day, name: text))
      },
      accounts: { FeedAccounts(accounts: []) },
      holdings: { () throws(FeedError) in
        self.note(.holdings)
        return try self.holdings.withLock { $0 }.get()
      },
      investmentTransactions: { from, through, offset throws(FeedError) in
        self.note(.investmentTransactions)
        self.windows.withLock { $0.append(from...through) }
        guard let all = try self.trades.withLock({ $0 }).get() else { return nil }
        let found = all.filter { (from...through).contains($0.bookedOn) }
        return FeedInvestmentTransactions(
          accounts: self.accounts.map(account), securities: [], transactions: Array(found.dropFirst(offset).prefix(2)),
          total: found.count)
      },
      liabilities: { () throws(FeedError) in
        self.note(.liabilities)
        return try self.liabilities.withLock { $0 }.get()
      })
  }
}

@Suite struct `What is held` {
  private func held(_ house: ProductHouse, on day: CalendarDate? = nil) async throws -> [String: String] {
    let (accounts, securities) = (try await house.accountNames(), try await house.securityNames())
    let rows = try await house.database.read { [scope = house.scope] session in
      try Holdings.latest(in: Array(accounts.keys), on: day, scope, session)
    }
    return Dictionary(
      uniqueKeysWithValues: rows.map {
        ("\(accounts[$0.account] ?? "?") \(securities[$0.security] ?? "?")", $0.quantity.text)
      })
  }

  @Test func `is closed on the day it is gone, and stays as it was on the days before`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    script.hold([holding("S", "2.5"), holding("T", "1")])
    _ = try await house.sync(script.feed)
    try await house.world.sleep(.seconds(86_400))
    script.hold([holding("T", "1")])
    let outcome = try await house.sync(script.feed)?[.holdings]
    guard case .applied(let counts) = outcome else { throw Problem(500, "test", "\(String(describing: outcome))") }
    #expect(counts.removed == 1 && counts.changed == 0 && counts.added == 0)
    #expect(try await held(house) == ["X S": "0", "X T": "1"])
    #expect(try await held(house, on: day) == ["X S": "2.5", "X T": "1"])
    // It is closed once, and may be bought again.
    try await house.world.sleep(.seconds(86_400))
    #expect(try await house.sync(script.feed)?[.holdings] == .applied(ProductCounts()))
    script.hold([holding("S", "7"), holding("T", "1")])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == ["X S": "7", "X T": "1"])
    #expect(try await held(house, on: day + 1) == ["X S": "0", "X T": "1"])
  }

  @Test func `is not taken for sold when its account is not listed, or a row could not be read`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    script.hold([holding("S", "1"), holding("S", "2", in: "Y")])
    _ = try await house.sync(script.feed)
    let all = try await held(house)
    script.hold([], accounts: [])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == all)
    script.hold([], unreadable: [FeedUnreadable(id: nil, reason: "?", raw: "5")])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == all)
    script.hold([], unreadable: [FeedUnreadable(id: "X S", reason: "?", raw: "6", accountID: "X")])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == ["X S": "1", "Y S": "0"], "the other account is certain")
  }

  @Test func `is kept with its reason when its account is unknown, and its neighbours survive`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    script.hold([holding("S", "3", in: "strange"), holding("T", "1")])
    let outcome = try await house.sync(script.feed)?[.holdings]
    guard case .applied(let counts) = outcome else { throw Problem(500, "test", "\(String(describing: outcome))") }
    #expect(counts.quarantined == 1 && counts.added == 1)
    let waiting = try await house.database.read { [house] session in
      try Quarantine.unsettled(.holdings, house.connection, house.scope, session)
    }
    #expect(waiting.map(\.raw) == ["strange S 3"] && waiting.first?.reason.contains("account") == true)
    try await house.addAccount("strange")
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == ["strange S": "3", "X T": "1"])
    #expect(try await house.waitingCount() == 0)
  }

  @Test func `is written behind what is known when the clock was set back`() async throws {
    let house = try await ProductHouse()
    let target = ProductTarget(
      connection: house.connection, accounts: ["X": TargetAccount(id: house.world.newID(), currency: .usd)],
      today: day, now: house.world.now(), world: house.world, scope: house.scope)
    let known = StoredSecurity(id: house.world.newID(), providerID: "S")
    let later = StoredHolding(
      account: target.accounts["X"]!.id, security: known.id, day: day + 3, quantity: .zero, currency: .usd)
    let answer = FeedHoldings(accounts: [account("X")], holdings: [holding("S", "1")], securities: [])
    let plan = HoldingsPlan(answer, target: target, known: ["S": known], latest: [later])
    #expect(plan.rows.map(\.day) == [day + 3] && plan.rows.first?.quantity.text == "1")
  }

  @Test func `moves with its account to a new connection, and a muted account is left to the other one`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    script.hold([holding("S", "1"), holding("S", "2", in: "Y")])
    script.trade([trade("A"), trade("B", in: "Y")])
    _ = try await house.sync(script.feed)
    let accounts = try await house.accountNames()
    let anew: ID<Connection> = house.world.newID()
    try await house.link(anew)
    for (id, name) in accounts where ["X", "Y"].contains(name) {
      try await house.name(id, "new \(name)", anew, isMuted: name == "Y")
    }
    let second = Script(accounts: ["new X", "new Y"])
    second.hold([holding("S2", "1", in: "new X"), holding("S2", "2", in: "new Y")])
    second.trade([trade("A2", in: "new X"), trade("B2", in: "new Y")])
    try await house.world.sleep(.seconds(86_400))
    _ = try await house.sync(second.feed, connection: anew)
    #expect(try await held(house) == ["X S": "0", "X S2": "1", "Y S": "2"])
    #expect(try await held(house, on: day) == ["X S": "1", "Y S": "2"])
    #expect(Set(try await house.trades().map(\.providerID)) == ["A2", "B"])
    #expect(try await house.waitingCount() == 0)
  }
}

@Suite struct `What was traded` {
  @Test func `is rounded to the currency, with what the bank wrote beside it`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    script.trade([trade("A", "1.005"), trade("B", "-1.015"), trade("C", "23631.9805"), trade("D", "-2")])
    _ = try await house.sync(script.feed)
    let rows = Dictionary(uniqueKeysWithValues: try await house.trades().map { ($0.providerID, $0) })
    #expect(rows["A"]?.amount.decimal == "1.00" && rows["A"]?.exact?.text == "1.005")
    #expect(rows["B"]?.amount.decimal == "-1.02" && rows["B"]?.exact?.text == "-1.015")
    #expect(rows["C"]?.amount.decimal == "23631.98" && rows["C"]?.exact?.text == "23631.9805")
    #expect(rows["D"]?.amount == Money(minorUnits: -200, .usd) && rows["D"]?.exact == nil)
  }

  @Test func `is kept with its reason when it cannot be counted or placed`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    script.trade([trade("A", String(repeating: "9", count: 40)), trade("B", in: "strange"), trade("C")])
    _ = try await house.sync(script.feed)
    let waiting = try await house.database.read { [house] session in
      try Quarantine.unsettled(.investmentTransactions, house.connection, house.scope, session)
    }
    #expect(Set(waiting.map(\.raw)) == ["{\"A\":1}", "{\"B\":1}"] && Set(waiting.map(\.reason)).count == 2)
    #expect(try await house.trades().map(\.providerID) == ["C"])
    script.trade([trade("A", "1"), trade("B", in: "strange"), trade("C")])
    _ = try await house.sync(script.feed)
    #expect(Set(try await house.trades().map(\.providerID)) == ["A", "C"])
    #expect(try await house.waitingCount() == 1)
  }

  @Test func `is asked for two years first, then from two weeks before the last success`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    let old = trade("old", on: day - 600)
    script.trade([trade("A"), trade("B", on: day - 3), old])
    _ = try await house.sync(script.feed)
    try await house.world.sleep(.seconds(86_400))
    // Long ago is out of sight now; a few days ago is not.
    script.trade([trade("C", on: day - 13)])
    _ = try await house.sync(script.feed)
    let windows = Set(script.windows.withLock { $0 })
    #expect(windows == [day.adding(months: -24)...day, (day - 14)...(day + 1)])
    #expect(Set(try await house.trades().map(\.providerID)) == ["C", "old"])
    // A new account has never been read.
    try await house.world.sleep(.seconds(60))
    try await house.addAccount("Z")
    _ = try await house.sync(script.feed)
    let last = script.windows.withLock { $0.last }
    #expect(last == (day + 1).adding(months: -24)...(day + 1))
    #expect(try await house.trades().map(\.providerID) == ["C"])
    script.trade([old])
    _ = try await house.sync(script.feed, isFull: true)
    #expect(try await house.trades().map(\.providerID) == ["old"], "listed again, it is back")
    #expect(try await house.trades(removed: true).count == 4, "nothing is ever deleted")
  }

  /// After how many slices of two rows the list is another one, and which.
  @Test(arguments: [
    // One came and one went in what had been read: nothing behind it moved.
    (1, ["new", "T2", "T3", "T4", "T5", "T6"]),
    // Two went behind the first slice and two came at the end: the list begins as before and is as long.
    (3, ["T1", "T2", "T5", "T6", "new", "newer"]),
    (1, ["T2", "T3", "T4", "T5", "T6", "new"]),
    // One went, or one came.
    (1, ["T2", "T3", "T4", "T5", "T6"]), (2, ["new", "T1", "T2", "T3", "T4", "T5", "T6"]),
  ])
  func `is read again when the list moved meanwhile`(slices: Int, after: [String]) async throws {
    let before = (1...6).map { "T\($0)" }
    let house = try await ProductHouse()
    let script = Script()
    script.trade(before.map { trade($0) })
    _ = try await house.sync(script.feed)
    let asked = Locked(0)
    var feed = script.feed
    feed.investmentTransactions = { _, _, offset throws(FeedError) in
      let isBefore = asked.withLock { asked in
        asked += 1
        return asked <= slices
      }
      let list = isBefore ? before : after
      return FeedInvestmentTransactions(
        accounts: [account("X")], securities: [],
        transactions: list.dropFirst(offset).prefix(2).map { trade($0) }, total: list.count)
    }
    let outcome = try await house.sync(feed)?[.investmentTransactions]
    guard case .applied(let counts) = outcome else { throw Problem(500, "test", "\(String(describing: outcome))") }
    #expect(counts.isWhole)
    #expect(try await house.trades().map(\.providerID).sorted() == after.sorted())
  }

  @Test func `is kept but not compared when the list never holds still`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    script.trade((1...6).map { trade("T\($0)") })
    _ = try await house.sync(script.feed)
    try await house.world.sleep(.seconds(86_400))
    var feed = script.feed
    // The order is another one each time, as of a bank that sorts by nothing.
    let turn = Locked(0)
    feed.investmentTransactions = { _, _, offset throws(FeedError) in
      let shift = turn.withLock { turn in
        turn += 1
        return turn
      }
      let list = (2...7).map { trade("T\($0)", on: day + 1) }
      let turned = (0..<6).map { list[($0 + shift) % 6] }
      return FeedInvestmentTransactions(
        accounts: [account("X")], securities: [], transactions: Array(turned.dropFirst(offset).prefix(2)), total: 6)
    }
    let outcome = try await house.sync(feed)?[.investmentTransactions]
    guard case .applied(let counts) = outcome else { throw Problem(500, "test", "\(String(describing: outcome))") }
    #expect(!counts.isWhole && counts.removed == 0)
    let state = try #require(try await house.states()[.investmentTransactions])
    #expect(state.code == "LIST_KEPT_MOVING" && state.throughOn == day)
    #expect(try await house.trades().contains { $0.providerID == "T1" })
  }

  @Test func `stops at a bank whose list has no end`() async throws {
    let house = try await ProductHouse()
    let script = Script()
    var feed = script.feed
    feed.investmentTransactions = { _, _, offset throws(FeedError) in
      FeedInvestmentTransactions(
        accounts: [account("X")], securities: [], transactions: [trade("T\(offset)"), trade("T\(offset + 1)")],
        total: 1_000_000)
    }
    let outcome = try await house.sync(feed)?[.investmentTransactions]
    guard case .failed(.retry(let fault)) = outcome else {
      throw Problem(500, "test", "\(String(describing: outcome))")
    }
    #expect(fault.code == "TOO_MANY_TRADES")
    #expect(try await house.trades().isEmpty)
  }
}

@Suite struct `A product of a connection` {
  @Test func `that the bank lacks is not asked for again soon, until an account is new or a person insists`()
    async throws
  {
    let house = try await ProductHouse()
    let script = Script()
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
    let script = Script()
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
    let script = Script()
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
    let script = Script()
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
    let feed = Script().feed
    return try await house.database.write { [house] session in
      var applied: [String] = []
      let count = try Replay.run(
        house.connection, accounts: accounts, feed: feed, now: house.world.now(), house.scope, session
      ) { applied.append($0.raw) }
      #expect(count == applied.count)
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
      var waiting = try WaitingRows(house.connection, now: house.world.now(), world: house.world, house.scope, session)
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
