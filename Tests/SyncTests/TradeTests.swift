import Basics
import Databases
import Finance
import Store
import Testing

@testable import Sync

private let day = firstDay

@Suite struct `What was traded` {
  @Test func `is rounded to the currency, with what the bank wrote beside it`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
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
    let script = ProductScript()
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
    let script = ProductScript()
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
    let script = ProductScript()
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
    let script = ProductScript()
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
    let script = ProductScript()
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
