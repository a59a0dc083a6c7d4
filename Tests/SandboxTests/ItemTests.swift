import Basics
import JSON
import Sandbox
import Testing

@Suite struct `An Item of the sandbox` {
  let bench = Bench()

  @Test func `is had for a public token, once and within half an hour`() async throws {
    func token() async throws -> JSONValue {
      let body: JSONValue = ["institution_id": "ins_109508", "initial_products": ["transactions"]]
      return try await bench.post("/sandbox/public_token/create", body)["public_token"] ?? nil
    }
    let first = try await token()
    #expect(first.string?.hasPrefix("public-sandbox-") == true)
    #expect(try await bench.errorCode("/item/public_token/exchange", ["public_token": first]) == nil)
    #expect(try await bench.errorCode("/item/public_token/exchange", ["public_token": first]) == "INVALID_PUBLIC_TOKEN")
    let second = try await token()
    await bench.server.advance(by: .seconds(1_801))
    #expect(
      try await bench.errorCode("/item/public_token/exchange", ["public_token": second]) == "INVALID_PUBLIC_TOKEN")
  }

  @Test func `stays readable when its login is broken, and nothing else does`() async throws {
    let linked = try await bench.link(products: ["transactions", "investments", "liabilities", "identity"])
    try await bench.post("/sandbox/item/reset_login", ["access_token": linked.access])
    for path in [
      "/accounts/get", "/accounts/balance/get", "/transactions/sync", "/transactions/refresh",
      "/transactions/recurring/get", "/investments/holdings/get", "/liabilities/get", "/identity/get",
    ] {
      #expect(try await bench.errorCode(path, ["access_token": linked.access]) == "ITEM_LOGIN_REQUIRED")
    }
    let item = try await bench.post("/item/get", ["access_token": linked.access])["item"]
    #expect(item?["error"]?["error_code"] == "ITEM_LOGIN_REQUIRED")
    #expect(try await bench.errorCode("/item/remove", ["access_token": linked.access]) == nil)
  }

  @Test func `has to be signed in to again after thirty days`() async throws {
    let linked = try await bench.link(webhook: "https://app.example/hook")
    await bench.server.advance(by: .seconds(30 * 86_400 - 1))
    #expect(try await bench.errorCode("/accounts/get", ["access_token": linked.access]) == nil)
    await bench.server.advance(by: .seconds(1))
    #expect(try await bench.errorCode("/accounts/get", ["access_token": linked.access]) == "ITEM_LOGIN_REQUIRED")
    #expect(bench.inbox.bodies.last?["error"]?["error_code"] == "ITEM_LOGIN_REQUIRED")
    #expect(bench.inbox.bodies.last?["error"]?["status"] == 400)
    #expect(bench.inbox.bodies.last?["error"]?["request_id"] == nil)
  }

  @Test func `loses its token when it is removed or replaced`() async throws {
    let linked = try await bench.link()
    let answer = try await bench.post("/item/access_token/invalidate", ["access_token": linked.access])
    let fresh = try #require(answer["new_access_token"])
    #expect(try await bench.errorCode("/item/get", ["access_token": linked.access]) == "INVALID_ACCESS_TOKEN")
    #expect(try await bench.errorCode("/item/get", ["access_token": fresh]) == nil)
    #expect(
      try await bench.errorCode("/item/remove", ["access_token": fresh, "reason_code": "BORED"]) == "INVALID_FIELD")
    #expect(try await bench.errorCode("/item/remove", ["access_token": fresh]) == nil)
    #expect(try await bench.errorCode("/item/get", ["access_token": fresh]) == "ITEM_NOT_FOUND")
    #expect(try await bench.errorCode("/item/remove", ["access_token": fresh]) == "ITEM_NOT_FOUND")
  }

  @Test func `switches a product on by using it, where the bank has it`() async throws {
    func billed(_ linked: Linked) async throws -> [JSONValue] {
      try await bench.post("/item/get", ["access_token": linked.access])["item"]?["billed_products"]?.elements ?? []
    }
    let linked = try await bench.link()
    #expect(try await billed(linked) == ["transactions"])
    #expect(try await bench.errorCode("/liabilities/get", ["access_token": linked.access]) == nil)
    #expect(try await billed(linked) == ["transactions", "liabilities"])
    let british = try await bench.link(institution: "ins_117650")
    #expect(try await bench.errorCode("/liabilities/get", ["access_token": british.access]) == "PRODUCTS_NOT_SUPPORTED")
  }

  @Test func `warns a week before its consent ends, and starts anew with every sign-in`() async throws {
    let linked = try await bench.link(institution: "ins_116834", webhook: "https://app.example/hook")
    await bench.server.advance(by: .seconds(82 * 86_400))
    try await bench.control("item/repair", ["item_id": linked.item, "login_repaired": false])
    await bench.server.advance(by: .seconds(82 * 86_400))
    #expect(!bench.inbox.codes.contains("PENDING_EXPIRATION"))
    await bench.server.advance(by: .seconds(2 * 86_400))
    let warning = try #require(bench.inbox.bodies.last { $0["webhook_code"] == "PENDING_EXPIRATION" })
    let ends = Bench.start + .seconds(172 * 86_400)
    #expect(warning["consent_expiration_time"] == .string(ends.description))
    let item = try await bench.post("/item/get", ["access_token": linked.access])["item"]
    #expect(item?["consent_expiration_time"] == .string(ends.description))
  }

  @Test(arguments: [
    ("ins_132361", "INSTITUTION_DOWN"), ("ins_133402", "INSTITUTION_NO_LONGER_SUPPORTED"),
    ("ins_0", "INVALID_INSTITUTION"),
  ])
  func `cannot be made at a bank in trouble`(institution: String, code: String) async throws {
    let body: JSONValue = ["institution_id": .string(institution), "initial_products": ["transactions"]]
    #expect(try await bench.errorCode("/sandbox/public_token/create", body) == code)
  }

  @Test(arguments: [
    ("error_ITEM_LOCKED", "ITEM_LOCKED"), ("error_INVALID_CREDENTIALS", "INVALID_CREDENTIALS"),
    ("error_INSTITUTION_DOWN", "INSTITUTION_DOWN"), ("wrong", "INVALID_CREDENTIALS"),
    (#"{"recaptcha":"bad"}"#, "RECAPTCHA_BAD"),
  ])
  func `does not come to be with a bad password`(password: String, code: String) async throws {
    let body: JSONValue = [
      "institution_id": "ins_109508", "initial_products": ["transactions"],
      "options": ["override_username": "user_good", "override_password": .string(password)],
    ]
    #expect(try await bench.errorCode("/sandbox/public_token/create", body) == code)
    #expect(try await bench.post("/control/state")["items"] == [])
  }

  @Test func `fails now and then at a shaky bank, and is slow at a slow one`() async throws {
    let shaky = try await linkTrying("ins_132363")
    var codes: [String?] = []
    for _ in 0..<40 { codes.append(try await bench.errorCode("/accounts/balance/get", ["access_token": shaky.access])) }
    #expect((5...25).contains(codes.count { $0 == "INSTITUTION_NOT_RESPONDING" }))
    #expect(codes.count { $0 == nil } > 10)
    let slow = try await bench.link(institution: "ins_900001")
    let before = bench.outside.now()
    #expect(try await bench.errorCode("/accounts/balance/get", ["access_token": slow.access]) == nil)
    #expect(bench.outside.now() - before == .seconds(4))
  }

  private func linkTrying(_ institution: String) async throws -> Linked {
    for _ in 0..<20 { if let linked = try? await bench.link(institution: institution) { return linked } }
    throw Unexpected(answer: nil)
  }

  @Test func `may lose accounts, and find them under other names`() async throws {
    let linked = try await bench.link(days: 30)
    var client = SyncClient(bench, linked)
    try await client.sync()
    func ids() async throws -> [String] {
      let answer = try await bench.post("/accounts/get", ["access_token": linked.access])
      return (answer["accounts"]?.elements ?? []).compactMap { $0["account_id"]?.string }
    }
    let before = try await ids()
    try await bench.control("item/vanish_account", ["item_id": linked.item, "account_id": .string(before[0])])
    #expect(try await ids() == Array(before.dropFirst()))
    let body: JSONValue = ["access_token": linked.access, "options": ["account_ids": [.string(before[0])]]]
    #expect(try await bench.errorCode("/accounts/get", body) == "INVALID_ACCOUNT_ID")
    try await bench.control("item/restore_accounts", ["item_id": linked.item])
    try await bench.control("item/relink_ids", ["item_id": linked.item])
    let after = try await ids()
    #expect(after.count == before.count && Set(after).isDisjoint(with: before))
    let old = Set(client.rows.keys)
    try await client.sync()
    #expect(client.rows.count == old.count && old.isDisjoint(with: client.rows.keys))
    #expect(client.rows.values.allSatisfy { after.contains($0["account_id"]?.string ?? "") })
  }
}
