import Basics
import Crypto
import HTTP
import JSON
import Sandbox
import Testing

@Suite struct `Webhooks of the sandbox` {
  private let hook = "https://app.example/hook"

  @Test func `are signed over their very bytes, by a key that can be fetched`() async throws {
    let bench = Bench()
    _ = try await bench.link(webhook: hook)
    await bench.server.deliverDue()
    let call = try #require(bench.inbox.calls.first)
    #expect(call.url == hook && call.method == "POST")
    #expect(call.headers["Content-Type"] == "application/json")
    #expect(String(decoding: call.body, as: UTF8.self).hasPrefix("{\n  \"webhook_type\": \"TRANSACTIONS\",\n"))
    let token = try JWT(try #require(call.headers["Plaid-Verification"]))
    let header = try JSONValue.parse(token.header)
    #expect(header["alg"] == "ES256")
    let key = try #require(
      try await bench.post("/webhook_verification_key/get", ["key_id": header["kid"] ?? nil])["key"])
    #expect(key["expired_at"]?.isNull == true)
    let publicKey = try #require(ES256.PublicKey(x: key["x"]?.string ?? "", y: key["y"]?.string ?? ""))
    let claims = try JSONValue.parse(try token.claims(verifiedBy: publicKey, algorithm: "ES256"))
    #expect(claims["request_body_sha256"] == .string(Hex.encode(Hash.sha256(call.body))))
    #expect(claims["iat"] == .int(Bench.start.seconds))
  }

  @Test func `are signed by another key after a rotation, and the old one has expired`() async throws {
    let bench = Bench()
    let linked = try await bench.link(webhook: hook)
    await bench.server.deliverDue()
    let before = try keyID(of: try #require(bench.inbox.calls.first))
    await bench.server.advance(by: .seconds(31 * 86_400))
    bench.inbox.clear()
    try await bench.control("item/repair", ["item_id": linked.item])
    await bench.server.deliverDue()
    let after = try keyID(of: try #require(bench.inbox.calls.last))
    #expect(before != after)
    let old = try await bench.post("/webhook_verification_key/get", ["key_id": before])["key"]
    let expiry = Bench.start + .seconds(30 * 86_400)
    #expect(old?["expired_at"] == .int(expiry.seconds))
    #expect(
      try await bench.errorCode("/webhook_verification_key/get", ["key_id": "nobody's"])
        == "INVALID_WEBHOOK_VERIFICATION_KEY_ID")
  }

  private func keyID(of call: HTTPCall) throws -> JSONValue {
    try JSONValue.parse(try JWT(call.headers["Plaid-Verification"] ?? "").header)["kid"] ?? nil
  }

  @Test func `tell of both stages always, of updates to read only once somebody reads`() async throws {
    let bench = Bench(initialDelay: .seconds(5), historicalDelay: .seconds(30))
    let linked = try await bench.link(webhook: hook)
    await bench.server.advance(by: .seconds(10))
    #expect(bench.inbox.codes == ["INITIAL_UPDATE"])
    _ = try await SyncClient(bench, linked).page(nil, count: 10)
    await bench.server.advance(by: .seconds(30))
    #expect(bench.inbox.codes == ["INITIAL_UPDATE", "HISTORICAL_UPDATE", "SYNC_UPDATES_AVAILABLE"])
    let last = bench.inbox.bodies.last
    #expect(last?["historical_update_complete"] == true && last?["environment"] == "sandbox")
    bench.inbox.clear()
    await bench.server.advance(by: .seconds(3 * 86_400))
    #expect(bench.inbox.codes.contains("DEFAULT_UPDATE") && bench.inbox.codes.contains("SYNC_UPDATES_AVAILABLE"))
  }

  @Test func `are tried again after 30 s, each time four times later, for a day`() async throws {
    let bench = Bench()
    bench.inbox.answer([500, 0, 302, 500, 500, 500, 500, 500, 500])
    let linked = try await bench.link(products: ["auth"], webhook: hook)
    try await bench.post(
      "/sandbox/item/fire_webhook",
      ["access_token": linked.access, "webhook_code": "NEW_ACCOUNTS_AVAILABLE", "webhook_type": "ITEM"])
    await bench.server.advance(by: .seconds(3 * 86_400))
    let attempts = try await bench.post("/control/webhooks/list")["attempts"]?.elements ?? []
    let times = attempts.compactMap { $0["at"]?.string.flatMap { Timestamp(rfc3339: $0) } }.map { $0 - Bench.start }
    #expect(times == [0, 30, 150, 630, 2_550, 10_230, 40_950].map { .seconds($0) })
    #expect(attempts.last?["next_at"]?.isNull == true)
    #expect(bench.inbox.calls.count == 7)
    let tokens = Set(bench.inbox.calls.map { $0.headers["Plaid-Verification"] ?? "" })
    #expect(tokens.count == 7)
  }

  @Test(arguments: [
    ("120", 120), ("2026-03-02T13:00:00Z", 3_600), ("Mon, 02 Mar 2026 12:10:00 GMT", 600), ("90000", 14_400),
  ])
  func `wait as long as a busy receiver asks, up to four hours`(retryAfter: String, seconds: Int) async throws {
    let bench = Bench()
    bench.inbox.answer([429], retryAfter: retryAfter)
    let linked = try await bench.link(products: ["auth"], webhook: hook)
    try await bench.post("/sandbox/item/reset_login", ["access_token": linked.access])
    await bench.server.advance(by: .seconds(86_000))
    let attempts = try await bench.post("/control/webhooks/list")["attempts"]?.elements ?? []
    let second = attempts.dropFirst().first?["at"]?.string.flatMap { Timestamp(rfc3339: $0) }
    #expect(second == Bench.start + .seconds(seconds))
  }

  @Test func `get no second try once nearly all of a day's were refused`() async throws {
    let bench = Bench()
    bench.inbox.answer(Array(repeating: 500, count: 100))
    let linked = try await bench.link(products: ["auth"], webhook: hook)
    for _ in 0..<12 { try await bench.post("/sandbox/item/reset_login", ["access_token": linked.access]) }
    await bench.server.deliverDue()
    let waiting = try await bench.post("/control/webhooks/list")["waiting"]?.elements.count
    #expect(waiting == 9)
  }

  @Test func `come twice, in disorder or never when a tester wants it`() async throws {
    let bench = Bench()
    let linked = try await bench.link("user_transactions_dynamic", "x", webhook: hook)
    var client = SyncClient(bench, linked)
    try await client.sync()
    await bench.server.deliverDue()
    bench.inbox.clear()
    try await bench.control("webhooks/disorder", ["duplicate": 1])
    try await bench.post("/transactions/refresh", ["access_token": linked.access])
    await bench.server.deliverDue()
    #expect(
      bench.inbox.codes == [
        "TRANSACTIONS_REMOVED", "TRANSACTIONS_REMOVED", "DEFAULT_UPDATE", "SYNC_UPDATES_AVAILABLE",
      ])
    bench.inbox.clear()
    try await bench.control("webhooks/disorder", ["hold": true])
    try await bench.post("/transactions/refresh", ["access_token": linked.access])
    await bench.server.deliverDue()
    #expect(bench.inbox.codes.isEmpty)
    try await bench.control("webhooks/disorder", ["hold": false, "reversed": true])
    await bench.server.deliverDue()
    #expect(bench.inbox.codes == ["SYNC_UPDATES_AVAILABLE", "DEFAULT_UPDATE", "TRANSACTIONS_REMOVED"])
    bench.inbox.clear()
    try await bench.control("webhooks/disorder", ["lose": 3])
    try await bench.post("/transactions/refresh", ["access_token": linked.access])
    await bench.server.deliverDue()
    #expect(bench.inbox.codes.isEmpty)
  }

  @Test(arguments: [
    ("http://app.example/hook", false), ("http://127.0.0.1:8080/hook", true), ("http://localhost/x", true),
    ("http://[::1]:9/x", true), ("https://app.example", true), ("ftp://127.0.0.1/", false), ("nonsense", false),
    ("http://127.0.0.1.example.com/", false), ("http://user@127.0.0.1/", false), ("https://a b/", false),
  ])
  func `go to https, or to this machine`(url: String, isAllowed: Bool) async throws {
    let bench = Bench()
    let linked = try await bench.link()
    let code = try await bench.errorCode(
      "/item/webhook/update", ["access_token": linked.access, "webhook": .string(url)])
    #expect(code == (isAllowed ? nil : "INVALID_FIELD"))
  }

  @Test func `cannot be fired without a URL, without the product, or when they do not exist`() async throws {
    let bench = Bench()
    let bare = try await bench.link()
    let with = try await bench.link(webhook: hook)
    func fire(_ linked: Linked, _ code: String, _ type: String) async throws -> String? {
      try await bench.errorCode(
        "/sandbox/item/fire_webhook",
        ["access_token": linked.access, "webhook_code": .string(code), "webhook_type": .string(type)])
    }
    #expect(try await fire(bare, "DEFAULT_UPDATE", "TRANSACTIONS") == "SANDBOX_WEBHOOK_INVALID")
    #expect(try await fire(with, "DEFAULT_UPDATE", "LIABILITIES") == "SANDBOX_PRODUCT_NOT_ENABLED")
    #expect(try await fire(with, "INITIAL_UPDATE", "TRANSACTIONS") == "INVALID_FIELD")
    #expect(try await fire(with, "LOGIN_REPAIRED", "TRANSACTIONS") == "INVALID_FIELD")
    #expect(try await fire(with, "DEFAULT_UPDATE", "TRANSACTIONS") == nil)
  }

  @Test func `are acknowledged at the new address`() async throws {
    let bench = Bench()
    let linked = try await bench.link(products: ["auth"], webhook: hook)
    let answer = try await bench.post(
      "/item/webhook/update", ["access_token": linked.access, "webhook": "https://app.example/new"])
    #expect(answer["item"]?["webhook"] == "https://app.example/new")
    await bench.server.deliverDue()
    #expect(bench.inbox.calls.map(\.url) == ["https://app.example/new"])
    #expect(bench.inbox.codes == ["WEBHOOK_UPDATE_ACKNOWLEDGED"])
  }
}
