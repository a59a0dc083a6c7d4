import Basics
import Databases
import Finance
import Store
import Testing

@testable import Sync

private func stream(_ id: String, in account: String = "X", rows: [String] = ["T1", "T2"]) -> FeedStream {
  FeedStream(
    id: id, accountID: account, name: id, isIncoming: false, rhythm: .monthly, standing: .mature, rows: rows,
    raw: "{\"\(id)\":1}")
}

@Suite struct `What a provider says comes again` {
  private static func house() async throws -> ProductHouse {
    let house = try await ProductHouse()
    try await house.database.write { [house] session in
      try session.execute(
        "UPDATE connection SET progress = 'historical' WHERE household_id = \(house.scope.household)")
    }
    return house
  }

  private static func feed(_ streams: [FeedStream], unreadable: [FeedUnreadable] = []) -> BankFeed {
    var feed = ProductScript().feed
    feed.streams = { () throws(FeedError) in FeedStreams(streams: streams, unreadable: unreadable) }
    return feed
  }

  private static func kept(_ house: ProductHouse) async throws -> [StoredBankStream] {
    try await house.database.read { [house] in try BankStreams.kept(house.connection, house.scope, $0) }
  }

  @Test func `is kept as it was told last, and written only when it changed`() async throws {
    let house = try await Self.house()
    let first = try #require(try await house.sync(Self.feed([stream("A"), stream("B", in: "Y")])))
    #expect(first[.recurring] == .applied(counts(added: 2)))
    #expect(try await Self.kept(house).map(\.providerID) == ["A", "B"])
    let again = try #require(try await house.sync(Self.feed([]), isFull: false))
    #expect(again[.recurring] == .notDue, "what was told lasts for a day")
    try await house.database.write { [house] in
      try Products.askAgain(house.connection, only: .recurring, house.scope, $0)
    }
    let next = try #require(try await house.sync(Self.feed([stream("A", rows: ["T1", "T2", "T3"])])))
    #expect(next[.recurring] == .applied(counts(changed: 1, removed: 1)))
    let rows = try await Self.kept(house).map(\.rowNames)
    #expect(rows == [["T1", "T2", "T3"]])
    try await house.world.sleep(.seconds(86_400))
    let last = try #require(try await house.sync(Self.feed([stream("A", rows: ["T1", "T2", "T3"])])))
    #expect(last[.recurring] == .applied(ProductCounts()))
  }

  @Test func `is not asked for while the history is not whole, nor where it costs extra and nobody wants it`()
    async throws
  {
    let young = try await ProductHouse()
    #expect(try await young.sync(Self.feed([stream("A")]))?[.recurring] == .notDue)
    let house = try await Self.house()
    #expect(try await house.sync(ProductScript().feed)?[.recurring] == nil)
    #expect(try await Self.kept(house).isEmpty)
  }

  @Test func `spoils nothing when it fails, and waits in quarantine when it cannot be placed`() async throws {
    let house = try await Self.house()
    var failing = ProductScript().feed
    failing.streams = { () throws(FeedError) in throw .configuration(fault("INVALID_PRODUCT")) }
    let failed = try #require(try await house.sync(failing))
    #expect(failed[.recurring] == .failed(.configuration(fault("INVALID_PRODUCT"))) && failed[.holdings] == .absent)
    let strange = Self.feed(
      [stream("A"), stream("A"), stream("C", in: "Nowhere")],
      unreadable: [FeedUnreadable(id: nil, reason: "unreadable", raw: "{}")])
    let outcome = try #require(try await house.sync(strange, isFull: true))
    #expect(outcome[.recurring] == .applied(counts(added: 1, quarantined: 3)))
    #expect(try await house.waitingCount() == 3)
  }

  private func counts(added: Int = 0, changed: Int = 0, removed: Int = 0, quarantined: Int = 0) -> ProductCounts {
    var counts = ProductCounts()
    (counts.added, counts.changed, counts.removed, counts.quarantined) = (added, changed, removed, quarantined)
    return counts
  }
}
