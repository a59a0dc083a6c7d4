import Basics
import HTTP
import JSON
import Sandbox
import Testing

@Suite struct `A fault` {
  let bench = Bench()

  @Test(arguments: [
    ("500", 500, "INTERNAL_SERVER_ERROR"), ("503", 503, "PLANNED_MAINTENANCE"), ("429", 429, "TRANSACTIONS_SYNC_LIMIT"),
    ("error=ITEM_LOCKED", 400, "ITEM_LOCKED"), ("error=INSTITUTION_DOWN", 400, "INSTITUTION_DOWN"),
  ])
  func `by header takes the place of the answer`(fault: String, status: Int, code: String) async throws {
    let linked = try await bench.link()
    let response = await bench.send(
      "/transactions/sync", ["access_token": linked.access], headers: ["Sandbox-Fault": fault])
    #expect(response.status == status)
    #expect(try JSONValue.parse(response.body)["error_code"] == .string(code))
    #expect(await bench.send("/transactions/sync", ["access_token": linked.access]).status == 200)
  }

  private func spoiled(_ fault: String, _ linked: Linked) async throws -> JSONValue {
    let response = await bench.send(
      "/transactions/sync", ["access_token": linked.access, "count": 20], headers: ["Sandbox-Fault": fault])
    #expect(response.status == 200)
    return try JSONValue.parse(response.body)
  }

  @Test func `spoils an answer in one place and leaves the rest`() async throws {
    let linked = try await bench.link()
    let good = try await bench.post("/transactions/sync", ["access_token": linked.access, "count": 20])
    let rows = good["added"]?.elements ?? []
    #expect(rows.count == 20)

    let null = try await spoiled("null=amount", linked)["added"]?.elements ?? []
    #expect(null.first?["amount"]?.isNull == true)
    let restIsGood = null.dropFirst().elementsEqual(rows.dropFirst())
    #expect(restIsGood)

    let typed = try await spoiled("wrong-type=amount", linked)["added"]?.elements.first
    #expect(typed?["amount"]?.string != nil)
    let deep = try await spoiled("null=primary", linked)["added"]?.elements.first
    #expect(deep?["personal_finance_category"]?["primary"]?.isNull == true)
    let top = try await spoiled("wrong-type=has_more", linked)
    #expect(top["has_more"]?.string != nil)
    let missing = try await spoiled("missing-key=date", linked)["added"]?.elements.first
    #expect(missing?["date"] == nil && missing?["name"] != nil)

    let words = try await spoiled("unknown-enum", linked)["added"]?.elements ?? []
    #expect(words.allSatisfy { $0["payment_channel"] == "never_seen_before" })
    let extra = try await spoiled("extra-key", linked)
    #expect(extra["brand_new_key"] != nil && extra["added"]?.elements.last?["brand_new_key"] != nil)
    let garbage = try await spoiled("garbage-row", linked)["added"]?.elements ?? []
    let onlyOneMore = garbage.count == 21 && garbage.dropFirst().elementsEqual(rows)
    #expect(onlyOneMore)
  }

  @Test func `cuts, delays and replaces what goes over the wire`() async throws {
    let cut = await bench.send("/categories/get", .object([]), headers: ["Sandbox-Fault": "cut=20"])
    #expect(cut.cutAfterBytes == 20 && cut.body.count > 20)
    let before = bench.outside.now()
    let page = await bench.send("/categories/get", .object([]), headers: ["Sandbox-Fault": "html, slow=1500"])
    #expect(page.status == 200 && page.headers["Content-Type"]?.hasPrefix("text/html") == true)
    #expect(bench.outside.now() - before == .milliseconds(1_500))
    #expect(bench.server.now == Bench.start)
  }

  @Test func `waits for the calls it was meant for`() async throws {
    let one = try await bench.link()
    let two = try await bench.link(institution: "ins_109510")
    func codes(_ linked: Linked, _ count: Int) async throws -> Int {
      var failed = 0
      for _ in 0..<count where try await bench.errorCode("/item/get", ["access_token": linked.access]) != nil {
        failed += 1
      }
      return failed
    }
    try await bench.control("faults/add", ["fault": "500", "institution_id": "ins_109510", "count": 2])
    #expect(try await codes(one, 5) == 0)
    #expect(try await codes(two, 5) == 2)
    try await bench.control("faults/add", ["fault": "500", "endpoint": "/accounts/get"])
    #expect(try await codes(one, 5) == 0)
    try await bench.control("faults/remove")
    try await bench.control("faults/add", ["fault": "503", "item_id": one.item, "percent": 30])
    let failed = try await codes(one, 200)
    #expect((30...90).contains(failed))
    #expect(try await codes(two, 20) == 0)
    #expect(try await bench.errorCode("/control/faults/add", ["fault": "nonsense"]) == "INVALID_FIELD")
  }
}
