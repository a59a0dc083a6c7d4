import Basics
import JSON
import Sandbox
import Testing

@Suite struct `Transactions by cursor` {
  @Test func `come in pages that are the same however often they are asked for`() async throws {
    let bench = Bench()
    let client = SyncClient(bench, try await bench.link(days: 60))
    var pages: [[JSONValue]] = []
    for _ in 0..<2 {
      var run: [JSONValue] = []
      var cursor = ""
      while true {
        let page = try await client.page(cursor, count: 7)
        let rows = ["added", "modified", "removed"].reduce(0) { $0 + (page[$1]?.elements.count ?? 0) }
        #expect(rows <= 7)
        run.append(page.removing(keys: ["request_id"]))
        cursor = try #require(page["next_cursor"]?.string)
        #expect(cursor.utf8.count <= 256)
        guard page["has_more"]?.bool == true else { break }
        #expect(rows > 0)
      }
      pages.append(run)
      let after = try await client.page(cursor, count: 7)
      #expect(after["added"] == [] && after["has_more"] == false && after["next_cursor"] == .string(cursor))
    }
    let areSame = pages[0] == pages[1]
    #expect(areSame)
    #expect(pages[0].count > 5)
  }

  @Test(arguments: [1, 13, 100, 500]) func `add up to the bank's truth`(count: Int) async throws {
    let bench = Bench()
    let linked = try await bench.link(days: 90)
    var client = SyncClient(bench, linked)
    try await client.sync(count: count)
    let truth = try await bench.truth(of: linked)
    let isTrue = client.summary == SyncClient.summary(ofTruth: truth)
    #expect(isTrue)
    #expect(client.rows.count > 100)
    #expect(client.status == "HISTORICAL_UPDATE_COMPLETE")
  }

  @Test func `belong to their Item and their account`() async throws {
    let bench = Bench()
    let one = SyncClient(bench, try await bench.link(days: 30))
    let two = SyncClient(bench, try await bench.link(days: 30))
    let cursor = try await one.page(nil, count: 5)["next_cursor"]?.string
    let foreign = try await two.page(cursor, count: 5)
    #expect(foreign["error_code"] == "INVALID_FIELD" && foreign["error_type"] == "INVALID_REQUEST")
    #expect(foreign["error_message"] == "cursor not associated with access_token")
    #expect(try await one.page("bm90LWEtY3Vyc29y", count: 5)["error_code"] == "INVALID_FIELD")

    let accounts =
      try await bench.post("/accounts/get", ["access_token": one.linked.access])["accounts"]?.elements ?? []
    let checking = try #require(accounts.first { $0["subtype"] == "checking" }?["account_id"]?.string)
    var stream = SyncClient(bench, one.linked, account: checking)
    #expect(try await stream.page(cursor, count: 5)["error_code"] == "INVALID_FIELD")
    try await stream.sync()
    #expect(!stream.rows.isEmpty)
    #expect(stream.rows.values.allSatisfy { $0["account_id"]?.string == checking })
    stream.account = "nobody's"
    #expect(try await stream.page(nil, count: 5)["error_code"] == "INVALID_ACCOUNT_ID")
  }

  @Test func `start after what has happened when asked for now`() async throws {
    let bench = Bench()
    let client = SyncClient(bench, try await bench.link(days: 30))
    let page = try await client.page("now", count: 500)
    #expect(page["added"] == [] && page["has_more"] == false)
    #expect(page["next_cursor"]?.string?.isEmpty == false)
  }

  @Test func `have to be read from the loop's beginning when the bank changed them in between`() async throws {
    let bench = Bench()
    let linked = try await bench.link(days: 30)
    var client = SyncClient(bench, linked)
    let first = try await client.page(nil, count: 5)
    try await bench.control("item/mutate_during_pagination", ["item_id": linked.item])
    for _ in 0..<2 {
      let failed = try await client.page(first["next_cursor"]?.string, count: 5)
      #expect(failed["error_code"] == "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")
      #expect(failed["error_type"] == "TRANSACTIONS_ERROR")
    }
    try await client.sync(count: 5)
    let isTrue = client.summary == SyncClient.summary(ofTruth: try await bench.truth(of: linked))
    #expect(isTrue)
  }

  @Test func `climb from not ready over thirty days to everything`() async throws {
    let bench = Bench(initialDelay: .seconds(10), historicalDelay: .seconds(60))
    var client = SyncClient(bench, try await bench.link(days: 200))
    let early = try await client.page(nil, count: 100)
    #expect(early["transactions_update_status"] == "NOT_READY")
    #expect(early["next_cursor"] == "" && early["has_more"] == false && early["added"] == [])
    let range: JSONValue = [
      "access_token": client.linked.access, "start_date": "2025-01-01", "end_date": "2026-03-02",
    ]
    #expect(try await bench.errorCode("/transactions/get", range) == "PRODUCT_NOT_READY")
    await bench.server.advance(by: .seconds(10))
    try await client.sync()
    #expect(client.status == "INITIAL_UPDATE_COMPLETE")
    #expect(client.rows.values.allSatisfy { ($0["date"]?.string ?? "") >= "2026-01-31" })
    let recent = client.rows.count
    await bench.server.advance(by: .seconds(50))
    try await client.sync()
    #expect(client.status == "HISTORICAL_UPDATE_COMPLETE")
    #expect(client.rows.count > recent * 3)
    #expect(client.rows.values.allSatisfy { ($0["date"]?.string ?? "") >= "2025-08-14" })
    #expect(client.rows.values.contains { ($0["date"]?.string ?? "") < "2025-08-24" })
  }

  @Test func `reach back ninety days unless more is asked for`() async throws {
    let bench = Bench()
    var client = SyncClient(bench, try await bench.link())
    try await client.sync()
    let first = client.rows.values.compactMap { $0["date"]?.string }.min() ?? ""
    #expect(("2025-12-02"..."2025-12-09").contains(first))
  }

  @Test func `start with the first call on an Item that had no transactions`() async throws {
    let bench = Bench(initialDelay: .seconds(1), historicalDelay: .seconds(2))
    let linked = try await bench.link(products: ["auth"], webhook: "https://app.example/hook")
    await bench.server.advance(by: .seconds(60))
    #expect(bench.inbox.codes.isEmpty)
    var body: JSONValue = ["access_token": linked.access]
    body["options"] = ["days_requested": 45]
    #expect(try await bench.post("/transactions/sync", body)["transactions_update_status"] == "NOT_READY")
    await bench.server.advance(by: .seconds(2))
    var client = SyncClient(bench, linked)
    try await client.sync()
    #expect(client.status == "HISTORICAL_UPDATE_COMPLETE")
    #expect((client.rows.values.compactMap { $0["date"]?.string }.min() ?? "") >= "2026-01-16")
    let updates = bench.inbox.bodies.filter { $0["webhook_code"] == "SYNC_UPDATES_AVAILABLE" }
    #expect(updates.map { $0["historical_update_complete"] } == [false, true])
  }

  @Test func `agree with those by date, newest first`() async throws {
    let bench = Bench()
    let linked = try await bench.link(days: 90)
    var client = SyncClient(bench, linked)
    try await client.sync()
    var seen: [JSONValue] = []
    while true {
      let page = try await bench.post(
        "/transactions/get",
        [
          "access_token": linked.access, "start_date": "2024-01-01", "end_date": "2026-03-03",
          "options": ["count": 50, "offset": .int(seen.count)],
        ])
      #expect(page["total_transactions"] == .int(client.rows.count))
      let rows = page["transactions"]?.elements ?? []
      if rows.isEmpty { break }
      seen += rows
    }
    let dates = seen.compactMap { $0["date"]?.string }
    #expect(dates == dates.sorted(by: >))
    #expect(Set(seen.compactMap { $0["transaction_id"]?.string }) == Set(client.rows.keys))
  }
}
