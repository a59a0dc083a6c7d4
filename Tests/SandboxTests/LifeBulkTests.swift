import Finance
import Sandbox
import Testing

private let today = CalendarDate(days: 20_819)  // 2027-01-01

@Suite struct `Bulk rows` {
  @Test func `are exactly as many as asked for, in order, each from its index alone`() {
    let bulk = HouseholdLife.bulk(seed: 7, rows: 5000, accounts: 3, through: today)
    #expect(bulk.count == 5000)
    let entries = (0..<bulk.count).map { bulk.entry(at: $0) }
    #expect(Set(entries.map(\.key)).count == 5000)
    #expect(entries.first?.occurredOn == bulk.from && entries.last?.occurredOn == today)
    for (before, after) in zip(entries, entries.dropFirst()) {
      #expect((before.occurredOn, before.key) < (after.occurredOn, after.key))
    }
    #expect(bulk.entry(at: 1234) == entries[1234])
    #expect(Set(entries.map(\.account)).count == 3)
  }

  @Test func `have posted, but for those of the last two days`() {
    let bulk = HouseholdLife.bulk(seed: 7, rows: 20_000, accounts: 4, through: today)
    let pending = (0..<bulk.count).map { bulk.entry(at: $0) }.filter { $0.postsOn.map { $0 > today } ?? true }
    #expect(!pending.isEmpty && pending.count < 100)
    #expect(pending.allSatisfy { $0.isPendingFirst && today - $0.occurredOn < 2 })
  }

  @Test func `keep balances sensible`() {
    let bulk = HouseholdLife.bulk(seed: 7, rows: 28_000, accounts: 2, through: today)
    let out = (0..<bulk.count).reduce(Int64(0)) { $0 + bulk.entry(at: $1).amountMinor }
    // Within twenty dollars a row, in either direction.
    #expect(abs(out) < 28_000 * 2000)
  }

  @Test(arguments: [0, 1, 2]) func `may be few`(rows: Int) {
    let bulk = HouseholdLife.bulk(seed: 1, rows: rows, accounts: 1, through: today)
    #expect(bulk.count == rows)
    for index in 0..<rows { #expect(bulk.entry(at: index).occurredOn <= today) }
  }
}

@Suite struct `A statement` {
  @Test func `opens where the month before closed and lists what moved`() throws {
    let from = today - 365
    let history = HouseholdLife.history(.household, seed: 4, from: from, through: today)
    var last: String?
    for month in 0..<12 {
      let text = Statement.render(history, account: "credit_card", month: from.adding(months: month))
      let lines = text.split(separator: "\n").map(String.init)
      let opening = try #require(lines.first { $0.contains("opening balance") }).split(separator: " ").last.map(
        String.init)
      let closing = try #require(lines.first { $0.contains("closing balance") }).split(separator: " ").last.map(
        String.init)
      if let last { #expect(opening == last) }
      last = closing
      #expect(lines.count > 20)
    }
  }

  @Test func `of an unknown account is empty`() {
    let history = HouseholdLife.history(.dynamic, seed: 4, from: today - 10, through: today)
    #expect(Statement.render(history, account: "nothing", month: today).isEmpty)
  }
}
