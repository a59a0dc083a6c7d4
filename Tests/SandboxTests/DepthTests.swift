import Basics
import Finance
import JSON
import Testing

@testable import Sandbox

@Suite struct `The depth of an Item` {
  /// What a row says, apart from ids, which are the Item's own.
  private func words(_ row: JSONValue) -> String {
    ["date", "authorized_date", "name", "amount", "pending"].map { row[$0]?.text() ?? "-" }.joined(separator: " ")
  }

  private func rows(_ bench: Bench, days: Int) async throws -> [JSONValue] {
    var client = SyncClient(bench, try await bench.link(days: days))
    try await client.sync()
    return Array(client.rows.values)
  }

  @Test(arguments: [30, 41, 90, 365])
  func `goes by the date of a row: what was bought before and posted after is there`(
    days: Int
  ) async throws {
    let bench = Bench()
    let deep = try await rows(bench, days: 500)
    let shallow = try await rows(bench, days: days)
    // It is noon in UTC, so the Items were made on the same day wherever the bank is.
    let first = try #require(CalendarDate("2026-03-02")) - days
    let expected = deep.filter { ($0["date"]?.string ?? "") >= "\(first)" }
    #expect(shallow.map(words).sorted() == expected.map(words).sorted())
    #expect(shallow.count < deep.count)
    let across = shallow.filter { $0["pending"]?.bool == false && ($0["authorized_date"]?.string ?? "9") < "\(first)" }
    #expect(!across.isEmpty)
  }

  @Test func `leaves balances that the rows of the window lead to`() async throws {
    let bench = Bench()
    _ = try await rows(bench, days: 60)
    let item = try bench.server.state.withLock { try #require($0.bank.items.values.first) }
    let (first, today) = (item.depth, item.ledger.now.day)
    for account in item.accounts where account.hasTransactions {
      let told = item.ledger.liveRows().filter { !$0.isPending && $0.source.entry.account == account.key }
      let before = item.customer.history.entries.filter { entry in
        entry.account == account.key && entry.postsOn.map { $0 < first } == true
      }.reduce(Int64(0)) { $0 + $1.postedMinor(on: today) }
      #expect(told.allSatisfy { $0.date >= first })
      #expect(item.ledger.sums(of: account.key).posted == before + told.reduce(0) { $0 + $1.amountMinor })
    }
  }

  @Test func `does not tell a purchase of the day before while it is pending, and tells it once it has posted`() throws
  {
    let day = try #require(CalendarDate("2026-03-02"))
    var ledger = Ledger(
      names: .init(naming: Naming(seed: 1), itemID: "item", accountIDs: ["a": "A"]), showsPending: true, hours: .atOnce,
      now: Moment(day, second: 0))
    ledger.covered = ["a"]
    let hold = CustomAccount.plainEntry(
      key: "hold", account: "a", occurred: day - 1, posts: nil, amount: 100, currency: "USD", name: "Hold",
      isPendingFirst: true)
    let lunch = CustomAccount.plainEntry(
      key: "lunch", account: "a", occurred: day - 1, posts: day + 1, amount: 900, currency: "USD", name: "Lunch",
      isPendingFirst: true)
    let old = CustomAccount.plainEntry(
      key: "old", account: "a", occurred: day - 3, posts: day - 1, amount: 300, currency: "USD", name: "Old",
      isPendingFirst: true)
    ledger.extend(with: [old, hold, lunch])
    ledger.load(from: day)
    #expect(ledger.liveRows().isEmpty)
    ledger.advance(to: Moment(day + 1, second: 0))
    #expect(ledger.liveRows().map(\.name) == ["Lunch"])
    #expect(ledger.liveRows().first?.pendingID == nil)
    ledger.load(from: day - 1)
    #expect(ledger.liveRows().map(\.name).sorted() == ["Hold", "Lunch", "Old"])
    #expect(ledger.log.end == 3)
  }
}
