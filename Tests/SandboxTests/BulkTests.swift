import Basics
import JSON
import Sandbox
import Testing

@Suite struct `A bulk customer` {
  @Test(arguments: [1, 500, 12_345]) func `has exactly as many rows as were ordered`(rows: Int) async throws {
    let bench = Bench()
    let linked = try await bench.link("user_bulk_\(rows)", "x")
    let client = SyncClient(bench, linked)
    var ids: Set<String> = []
    var accounts: Set<String> = []
    var cursor = ""
    var lastDate = ""
    while true {
      let page = try await client.page(cursor, count: 500)
      for row in page["added"]?.elements ?? [] {
        ids.insert(row["transaction_id"]?.string ?? "")
        accounts.insert(row["account_id"]?.string ?? "")
        let date = row["date"]?.string ?? ""
        #expect(date >= lastDate)
        lastDate = date
      }
      cursor = page["next_cursor"]?.string ?? ""
      guard page["has_more"]?.bool == true else { break }
    }
    #expect(ids.count == rows)
    #expect(accounts.count == min(rows, 4))
    #expect(try await client.page(cursor, count: 500)["added"] == [])
    let known = try await bench.post("/accounts/get", ["access_token": linked.access])["accounts"]?.elements ?? []
    let knownIDs = known.compactMap { $0["account_id"]?.string }
    #expect(accounts.isSubset(of: knownIDs))
  }

  @Test func `gives the same page again`() async throws {
    let bench = Bench()
    let client = SyncClient(bench, try await bench.link("user_bulk_2000", "x"))
    let first = try await client.page(nil, count: 500)["next_cursor"]?.string
    let one = try await client.page(first, count: 300).removing(keys: ["request_id"])
    let two = try await client.page(first, count: 300).removing(keys: ["request_id"])
    let areSame = one == two
    #expect(areSame)
  }

  @Test(arguments: ["user_bulk_0", "user_bulk_x", "user_bulk_99999999"]) func `has a sensible size`(name: String)
    async throws
  {
    let bench = Bench()
    await #expect(throws: Unexpected.self) { try await bench.link(name, "x") }
  }
}
