import Basics
import JSON
import Sandbox
import Testing

@Suite struct `The rows of a bank` {
  /// Reads an Item day by day and hands every page to a closure.
  private func follow(
    _ days: Int, seed: UInt64 = 3, _ look: (JSONValue, SyncClient) throws -> Void
  ) async throws -> (Bench, SyncClient) {
    let bench = Bench(seed: seed)
    var client = SyncClient(bench, try await bench.link(days: 30))
    for _ in 0..<days {
      let page = try await client.page(client.cursor, count: 500)
      try look(page, client)
      try await client.sync(count: 500)
      await bench.server.advance(by: .seconds(86_400))
    }
    return (bench, client)
  }

  @Test func `are pending first, and post under a new id`() async throws {
    var linked = 0
    var unlinked = 0
    var otherAmount = 0
    _ = try await follow(28) { page, client in
      let gone = Set((page["removed"]?.elements ?? []).compactMap { $0["transaction_id"]?.string })
      for row in page["added"]?.elements ?? [] {
        guard row["pending"] == false else {
          #expect(row["pending_transaction_id"]?.isNull == true)
          continue
        }
        if let pending = row["pending_transaction_id"]?.string {
          #expect(gone.contains(pending))
          #expect(row["transaction_id"]?.string != pending)
          #expect(client.rows[pending]?["pending"] == true)
          if client.rows[pending]?["amount"] != row["amount"] { otherAmount += 1 }
          linked += 1
        } else {
          unlinked += 1
        }
      }
    }
    #expect(linked > 30)
    #expect(unlinked > 5)
    #expect(otherAmount > 0)
  }

  @Test func `are modified and removed now and then`() async throws {
    var modified = 0
    var removed = 0
    for seed in UInt64(1)...8 {
      _ = try await follow(28, seed: seed) { page, _ in
        for row in page["modified"]?.elements ?? [] where row["pending"] == false { modified += 1 }
        removed += page["removed"]?.elements.count ?? 0
      }
    }
    #expect(modified > 0)
    #expect(removed > 0)
  }

  @Test func `grow as days pass, and their sum moves the balance`() async throws {
    let bench = Bench()
    let linked = try await bench.link(days: 30)
    func state() async throws -> (rows: [JSONValue], balances: [String: String]) {
      let truth = try await bench.truth(of: linked)
      let balances = (truth["accounts"]?.elements ?? []).map {
        ($0["account_id"]?.string ?? "", $0["balances"]?["current"]?.numberText ?? "")
      }
      return (truth["transactions"]?.elements ?? [], Dictionary(uniqueKeysWithValues: balances))
    }
    func cents(_ text: String?) -> Int {
      let parts = (text ?? "0").split(separator: ".")
      let fraction = parts.count > 1 ? (parts[1] + "0").prefix(2) : "00"
      let value = (Int(parts[0].drop { $0 == "-" }) ?? 0) * 100 + (Int(fraction) ?? 0)
      return parts[0].first == "-" ? -value : value
    }
    let before = try await state()
    await bench.server.advance(by: .seconds(20 * 86_400))
    let after = try await state()
    #expect(after.rows.count > before.rows.count + 20)
    let accounts = try await bench.post("/accounts/get", ["access_token": linked.access])["accounts"]?.elements ?? []
    for account in accounts where account["type"] == "depository" || account["type"] == "credit" {
      let id = try #require(account["account_id"]?.string)
      func posted(_ rows: [JSONValue]) -> Int {
        rows.filter { $0["account_id"]?.string == id && $0["pending"] == false }
          .reduce(0) { $0 + cents($1["amount"]?.numberText) }
      }
      let out = posted(after.rows) - posted(before.rows)
      let moved = cents(after.balances[id]) - cents(before.balances[id])
      #expect(moved == (account["type"] == "credit" ? out : -out), "\(account["name"]?.text() ?? "")")
    }
  }

  @Test(arguments: UInt64(1)...12) func `end up with a careful reader, whatever the bank does`(seed: UInt64)
    async throws
  {
    let bench = Bench(seed: seed, initialDelay: .seconds(5), historicalDelay: .seconds(3_600))
    let linked = try await bench.link(webhook: "https://app.example/hook", days: 40)
    var client = SyncClient(bench, linked)
    var chance = SeededRandom(seed: seed)
    let levers = ["churn", "resend", "remove_rows", "correct", "mutate_during_pagination", "relink_ids", "poll"]
    for _ in 0..<40 {
      switch chance.int(in: 0...9) {
      case 0...3: await bench.server.advance(by: .seconds(chance.int(in: 1...200_000)))
      case 4...6:
        let lever = chance.pick(levers)
        var body: JSONValue = ["item_id": linked.item]
        if ["churn", "resend", "remove_rows", "correct"].contains(lever) { body["rows"] = .int(chance.int(in: 1...9)) }
        if lever == "correct" { body["by_minor"] = 7 }
        try await bench.control("item/" + lever, body)
      case 7: try await bench.post("/transactions/refresh", ["access_token": linked.access])
      default: try await client.sync(count: chance.pick([3, 20, 500]))
      }
    }
    await bench.server.advance(by: .seconds(3_600))
    try await bench.control("item/repair", ["item_id": linked.item])
    try await client.sync()
    let truth = SyncClient.summary(ofTruth: try await bench.truth(of: linked))
    let isTrue = client.summary == truth
    #expect(isTrue)
    // Whoever starts from nothing is told the present state, as added rows alone.
    var fresh = SyncClient(bench, linked)
    try await fresh.sync(count: 500)
    let isTrueAtOnce = fresh.summary == truth
    #expect(isTrueAtOnce)
  }

  @Test func `of the dynamic user change only when they are asked to`() async throws {
    let bench = Bench()
    let linked = try await bench.link("user_transactions_dynamic", "anything", webhook: "https://app.example/hook")
    var client = SyncClient(bench, linked)
    try await client.sync()
    let before = client
    #expect(before.rows.values.contains { $0["pending"] == true })
    await bench.server.advance(by: .seconds(86_400))
    try await client.sync()
    let isUnchanged = client.summary == before.summary
    #expect(isUnchanged)
    #expect((50...250).contains(before.rows.count))
    bench.inbox.clear()
    try await bench.post("/transactions/refresh", ["access_token": linked.access])
    let page = try await client.page(client.cursor, count: 500)
    let removed = Set((page["removed"]?.elements ?? []).compactMap { $0["transaction_id"]?.string })
    #expect(removed.count >= 4)
    #expect(removed == Set(before.rows.filter { $0.value["pending"] == true }.keys))
    let added = page["added"]?.elements ?? []
    #expect(added.contains { $0["pending"] == true })
    #expect(added.contains { $0["pending"] == false && $0["pending_transaction_id"]?.string != nil })
    #expect(page["modified"]?.elements.count == 1)
    let twin = try #require(added.first { $0["pending_transaction_id"]?.string != nil })
    let ids = JSONValue.array([twin["transaction_id"] ?? nil])
    await bench.server.deliverDue()
    #expect(bench.inbox.codes == ["TRANSACTIONS_REMOVED", "DEFAULT_UPDATE", "SYNC_UPDATES_AVAILABLE"])
    // What is corrected later is still the same purchase.
    try await bench.control("item/correct", ["item_id": linked.item, "transaction_ids": ids, "by_minor": 5])
    try await client.sync()
    let corrected = client.rows[twin["transaction_id"]?.string ?? ""]
    #expect(corrected?["amount"] != twin["amount"])
    #expect(corrected?["pending_transaction_id"] == twin["pending_transaction_id"])
  }

  @Test func `can be invented for it, but not in the future`() async throws {
    let bench = Bench()
    let linked = try await bench.link("user_transactions_dynamic", "anything")
    func create(_ date: String, access: JSONValue) async throws -> JSONValue {
      let row: JSONValue = [
        "date_transacted": .string(date), "date_posted": .string(date), "amount": .number("12.34"),
        "description": "A book",
      ]
      return try await bench.post("/sandbox/transactions/create", ["access_token": access, "transactions": [row]])
    }
    var client = SyncClient(bench, linked)
    try await client.sync()
    #expect(try await create("2026-03-03", access: linked.access)["error_code"] == "INVALID_FIELD")
    #expect(try await create("2026-03-02", access: linked.access)["error_code"] == nil)
    let added = try await client.page(client.cursor, count: 500)["added"]?.elements ?? []
    #expect(added.map { $0["name"] } == ["A book"])
    #expect(added.first?["amount"] == .number("12.34"))
    let other = try await bench.link()
    #expect(try await create("2026-03-02", access: other.access)["error_code"] == "INVALID_FIELD")
  }

  @Test func `have every key Plaid promises`() async throws {
    let bench = Bench()
    let linked = try await bench.link(days: 30)
    let row = try #require(try await SyncClient(bench, linked).page(nil, count: 1)["added"]?.elements.first)
    let keys = Set(row.members.map(\.key))
    let promised: Set<String> = [
      "account_id", "amount", "iso_currency_code", "unofficial_currency_code", "date", "location", "name",
      "payment_meta", "pending", "pending_transaction_id", "account_owner", "transaction_id", "authorized_date",
      "authorized_datetime", "datetime", "payment_channel", "transaction_code", "counterparties",
      "personal_finance_category",
    ]
    #expect(promised.isSubset(of: keys))
    #expect(!keys.contains("original_description"))
    #expect(row["personal_finance_category"]?["version"] == "v2")
    let asked = try await bench.post(
      "/transactions/sync",
      [
        "access_token": linked.access, "count": 1,
        "options": ["include_original_description": true, "personal_finance_category_version": "v1"],
      ])
    let other = try #require(asked["added"]?.elements.first)
    #expect(other["original_description"]?.string != nil)
    #expect(other["personal_finance_category"]?["version"] == "v1")
  }
}
