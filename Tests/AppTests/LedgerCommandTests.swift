import Basics
import Finance
import JSON
import Store
import Testing

@testable import App

@Suite struct `A bank that is linked by command` {
  private let dwelling = Dwelling()

  private func link(_ more: String = "") async throws -> Outcome {
    let outcome = await dwelling.run("link --institution ins_109508\(more)")
    try #require(outcome.code == 0, "\(outcome)")
    return outcome
  }

  /// One that is linked and only looked at: two years are not fetched anew for each question.
  private static let furnished = Task {
    let dwelling = Dwelling()
    let outcome = await dwelling.run("link --institution ins_109508")
    try #require(outcome.code == 0, "\(outcome)")
    return dwelling
  }

  private func json(_ line: String, in other: Dwelling? = nil) async throws -> JSONValue {
    let outcome = await (other ?? dwelling).run(line + " --json")
    #expect(outcome.code == 0 && outcome.complaints.isEmpty, "\(outcome)")
    return try JSONValue.parse(outcome.output)
  }

  @Test func `has its whole history at once, and nothing new right after`() async throws {
    let linked = try await link()
    #expect(linked.output.contains("Linked First Platypus Bank, a simulated bank: all of its money is invented."))
    #expect(linked.lines.contains { $0.hasPrefix("  con_") })
    #expect(linked.output.contains(" new, back to "))
    let again = await dwelling.run("sync")
    #expect(again.code == 0 && again.output == "First Platypus Bank: nothing new\n", "\(again)")
    let full = await dwelling.run("sync --all --full")
    #expect(full.code == 0 && full.output.contains(" rows read anew, none gone"), "\(full)")
  }

  @Test func `is refused a second time, and carried on when that is asked for`() async throws {
    _ = try await link()
    let twice = await dwelling.run("link --institution ins_109508")
    #expect(twice.code == 1 && twice.output.isEmpty)
    #expect(twice.complaints.contains("is linked already, as con_") && twice.complaints.contains("--adopt"))
    let before = try await json("accounts")["data"]?.elements.count
    _ = try await link(" --adopt")
    #expect(try await json("accounts")["data"]?.elements.count == before)
    #expect(try await json("connections")["data"]?.elements.count == 2)
  }

  @Test func `shows its accounts in 80 columns, marked as simulated`() async throws {
    let dwelling = try await Self.furnished.value
    let shown = await dwelling.run("accounts")
    #expect(shown.code == 0 && shown.lines.allSatisfy { PlainText.width($0) <= 80 })
    #expect(shown.lines[0].hasPrefix("Bank ") && shown.lines[0].hasSuffix("Balance"))
    let rows = shown.lines.filter { $0.hasPrefix("First Platypus Bank *") }
    #expect(rows.count >= 5 && rows.allSatisfy { $0.hasSuffix(" USD") || $0.hasSuffix(" EUR") })
    #expect(rows.contains { $0.contains("credit card") && $0.contains(" -") }, "a debt is below zero")
    #expect(shown.output.contains("* simulated: all of this money is invented"))
    let data = try #require(try await json("accounts", in: dwelling)["data"]?.elements)
    #expect(data.count == rows.count)
    for account in data {
      #expect(account["simulated"]?.bool == true && account["id"]?.string?.hasPrefix("acc_") == true)
      let amount = try #require(account["balance"]?["current"]?["amount"]?.string)
      #expect(DecimalText(amount) != nil && account["balance"]?["current"]?["currency"]?.string?.utf8.count == 3)
    }
  }

  @Test func `shows its transactions by account, day, number and state`() async throws {
    let dwelling = try await Self.furnished.value
    let shown = await dwelling.run("transactions --limit 40")
    #expect(shown.code == 0 && shown.lines.allSatisfy { PlainText.width($0) <= 80 })
    #expect(shown.output.contains("There are more: --limit 80"))
    #expect(shown.output.contains("* simulated"))
    let all = try #require(try await json("transactions --limit 100000", in: dwelling)["data"]?.elements)
    #expect(all.count > 500)
    let days = all.compactMap { $0["occurred_on"]?.string }
    #expect(days == days.sorted(by: >), "newest first")
    let middle = days[days.count / 2]
    let since = try #require(
      try await json("transactions --limit 100000 --since \(middle)", in: dwelling)["data"]?.elements)
    let until = try #require(
      try await json("transactions --limit 100000 --until \(middle)", in: dwelling)["data"]?.elements)
    let both = try #require(
      try await json("transactions --limit 100000 --since \(middle) --until \(middle)", in: dwelling)["data"]?.elements)
    #expect(since.count + until.count - both.count == all.count && !both.isEmpty)
    let pending = try #require(try await json("transactions --limit 100000 --pending", in: dwelling)["data"]?.elements)
    let posted = try #require(try await json("transactions --limit 100000 --posted", in: dwelling)["data"]?.elements)
    #expect(pending.allSatisfy { $0["pending"]?.bool == true } && pending.count + posted.count == all.count)
    let account = try #require(all.first?["account"]?.string)
    let own = try #require(
      try await json("transactions --limit 100000 --account \(account)", in: dwelling)["data"]?.elements)
    #expect(own.allSatisfy { $0["account"]?.string == account } && own.count < all.count)
    #expect(own.count == all.count { $0["account"]?.string == account })
    let savings = await dwelling.run("transactions --account savings --limit 5")
    #expect(savings.lines.filter { $0.hasPrefix("20") }.allSatisfy { $0.contains("Savings") })
  }

  @Test(arguments: [
    "transactions --since 2026-02-30", "transactions --until yesterday", "transactions --limit 0",
    "transactions --pending --posted", "transactions --since 2026-02-02 --until 2026-02-01",
    "transactions --account nobody", "link --renew a --institution b", "link --institution a --public-token b",
    "sync --all con_x", "sync nobody",
    "connections drop", "connections remove", "connections remove nobody",
  ])
  func `cannot be asked nonsense`(line: String) async {
    let outcome = await dwelling.run(line)
    #expect(outcome.code == 2, "\(outcome)")
    #expect(outcome.complaints.hasPrefix("magpie: ") && outcome.complaints.split(separator: "\n").count == 1)
    #expect(outcome.output.isEmpty)
  }

  @Test func `is ended, and its rows stay`() async throws {
    _ = try await link()
    let before = try await json("transactions --limit 100000")["data"]?.elements.count
    let ended = await dwelling.run("connections remove platypus")
    #expect(ended.code == 0 && ended.output.contains("not linked any more"), "\(ended)")
    #expect(try await json("connections")["data"]?.elements.isEmpty == true)
    #expect(try await json("connections --all")["data"]?.elements.first?["state"] == "removed")
    #expect(try await json("transactions --limit 100000")["data"]?.elements.count == before)
    let sync = await dwelling.run("sync")
    #expect(sync.code == 1 && sync.complaints.contains("no bank is linked yet"))
  }

  @Test func `tells programs what a sync did`() async throws {
    let linked = await dwelling.run("link --institution ins_109508 --json")
    let reports = try #require(try JSONValue.parse(linked.output)["data"]?.elements)
    #expect(reports.contains { $0["outcome"] == "applied" && ($0["counts"]?["added"]?.int ?? 0) > 0 })
    let id = try #require(reports.first?["connection"]?.string)
    let synced = try #require(try await json("sync \(id)")["data"]?.elements)
    #expect(synced.count == 1 && synced[0]["outcome"] == "applied" && synced[0]["simulated"]?.bool == true)
    #expect(synced[0]["counts"]?["added"]?.int == 0)
  }

  @Test func `is not there before anything is linked`() async throws {
    for line in ["accounts", "transactions", "connections"] {
      let outcome = await dwelling.run(line)
      #expect(outcome.code == 0 && outcome.output.contains("magpie help link"), "\(outcome)")
      #expect(try await json(line)["data"]?.elements.isEmpty == true)
    }
  }

  @Test func `draws a bar for eyes, and nothing for a pipe`() async throws {
    let dwelling = try await Self.furnished.value
    let piped = await dwelling.run("sync")
    #expect(piped.code == 0 && piped.complaints.isEmpty && !piped.output.contains("\u{1B}"))
    let drawn = await dwelling.run("sync --full", isTerminal: true)
    let frames = drawn.complaints.split(separator: "\r")
    #expect(frames.contains { $0.contains("█") } && drawn.complaints.hasSuffix("\r"))
    #expect(frames.allSatisfy { PlainText.width(String($0)) < 80 })
    #expect(!drawn.output.contains("\r"))
  }
}
