import Basics
import HTTP
import JSON
import Sandbox
import Testing

@Suite struct `The stand-in for Link` {
  let bench = Bench()

  private func token(_ more: [JSONValue.Member] = []) async throws -> JSONValue {
    let body: JSONValue = [
      "client_name": "My <App>", "language": "en", "country_codes": ["US"], "user": ["client_user_id": "u-1"],
      "products": ["transactions"], "webhook": "https://app.example/hook",
    ]
    return try await bench.post("/link/token/create", .object((body.members + more)))
  }

  private func visit(_ more: [JSONValue.Member] = []) async throws -> Visitor {
    await Visitor(bench, try #require(try await token(more)["link_token"]?.string))
  }

  @Test func `leads from a bank over a sign-in and accounts to a public token`() async throws {
    var visitor = try await visit([.init("transactions", ["days_requested": 40])])
    #expect(visitor.page.contains("First Platypus Bank") && visitor.page.contains("My &lt;App&gt;"))
    #expect(!visitor.page.contains("Royal Bank of Plaid"))
    await visitor.submit("institution", [("institution", "ins_109508")])
    await visitor.submit("credentials", [("username", "user_good"), ("password", "nope")])
    #expect(visitor.page.contains("role=\"alert\"") && visitor.page.contains("INVALID_CREDENTIALS"))
    await visitor.submit("credentials", [("username", "user_good"), ("password", "pass_good")])
    #expect(visitor.accounts.count > 3)
    let chosen = visitor.accounts[0]
    await visitor.submit("accounts", [("account", chosen)])
    let answer = try await bench.post("/item/public_token/exchange", ["public_token": .string(visitor.publicToken)])
    let access = try #require(answer["access_token"])
    let accounts = try await bench.post("/accounts/get", ["access_token": access])["accounts"]?.elements
    #expect(accounts?.count == 1)
    let told = try await bench.post("/link/token/get", ["link_token": .string(visitor.token)])
    let session = told["link_sessions"]?.elements.first
    #expect(session?["results"]?["item_add_results"]?.elements.first?["public_token"] == .string(visitor.publicToken))
    #expect(session?["finished_at"]?.string != nil)
  }

  @Test(arguments: [
    ("mfa_device", [[("answer0", "1234")]]),
    (
      "mfa_questions_2_2",
      [
        [("answer0", "answer_0_0"), ("answer1", "answer_0_1")], [("answer0", "answer_1_0"), ("answer1", "answer_1_1")],
      ]
    ),
    ("mfa_selections", [[("answer0", "Yes")]]),
  ])
  func `asks for a second factor`(password: String, rounds: [[(String, String)]]) async throws {
    var visitor = try await visit()
    await visitor.submit("institution", [("institution", "ins_109508")])
    await visitor.submit("credentials", [("username", "user_good"), ("password", password)])
    await visitor.submit("mfa", [("answer0", "wrong")])
    #expect(visitor.page.contains("INVALID_MFA"))
    // Nobody gets past it by asking for the next page.
    await visitor.submit("accounts", [("account", "checking")])
    #expect(visitor.publicToken.isEmpty)
    for answers in rounds { await visitor.submit("mfa", answers) }
    #expect(!visitor.accounts.isEmpty)
  }

  @Test func `tells a hosted session's outcome by webhook and leads back to the app`() async throws {
    let hosted: JSONValue.Member = .init("hosted_link", ["completion_redirect_uri": "https://app.example/done?x=1"])
    let made = try await token([hosted])
    let url = try #require(made["hosted_link_url"]?.string)
    #expect(url.hasPrefix("https://link.example/fake-link?token=link-sandbox-"))
    var visitor = await Visitor(bench, try #require(made["link_token"]?.string))
    await visitor.submit("institution", [("institution", "ins_127287")])
    #expect(visitor.page.contains("Allow"))
    await visitor.submit("consent")
    await visitor.submit("accounts", [("account", visitor.accounts[0])])
    #expect(visitor.status == 303 && visitor.location == "https://app.example/done?x=1")
    await bench.server.deliverDue()
    let link = bench.inbox.bodies.filter { $0["webhook_type"] == "LINK" }
    #expect(link.map { $0["webhook_code"] } == ["ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"])
    #expect(link.last?["public_tokens"]?.elements == [.string(visitor.publicToken)])
    #expect(link.last?["status"] == "SUCCESS")
    let names = link[1]["events"]?.elements.compactMap { $0["event_name"]?.string }
    #expect(names == ["OPEN", "SELECT_INSTITUTION", "HANDOFF"])
  }

  @Test func `repairs an Item in update mode, for its own user only`() async throws {
    let linked = try await bench.link(webhook: "https://app.example/hook")
    try await bench.post("/sandbox/item/reset_login", ["access_token": linked.access])
    let body: JSONValue = [
      "client_name": "App", "language": "en", "country_codes": ["US"], "user": ["client_user_id": "u-1"],
      "access_token": linked.access,
    ]
    let made = try await bench.post("/link/token/create", body)
    let expires = Bench.start + .seconds(1_800)
    #expect(made["expiration"] == .string(expires.description))
    var visitor = await Visitor(bench, try #require(made["link_token"]?.string))
    await visitor.submit("credentials", [("username", "user_yuppie"), ("password", "x")])
    #expect(visitor.page.contains("INVALID_UPDATED_USERNAME"))
    let answers = [("username", "user_good"), ("password", "pass_good"), ("login_repaired", "yes")]
    await visitor.submit("credentials", answers)
    #expect(visitor.page.contains("works again"))
    await bench.server.deliverDue()
    #expect(bench.inbox.codes.contains("LOGIN_REPAIRED"))
    #expect(try await bench.errorCode("/accounts/get", ["access_token": linked.access]) == nil)
  }

  @Test func `lets the person change accounts in update mode when told to`() async throws {
    let linked = try await bench.link(days: 30)
    var client = SyncClient(bench, linked)
    try await client.sync()
    let body: JSONValue = [
      "client_name": "App", "language": "en", "country_codes": ["US"], "user": ["client_user_id": "u-1"],
      "access_token": linked.access, "update": ["account_selection_enabled": true],
    ]
    let made = try await bench.post("/link/token/create", body)
    var visitor = await Visitor(bench, try #require(made["link_token"]?.string))
    await visitor.submit("credentials", [("username", "user_good"), ("password", "pass_good")])
    await visitor.submit("accounts", [("account", "checking")])
    let accounts = try await bench.post("/accounts/get", ["access_token": linked.access])["accounts"]?.elements ?? []
    #expect(accounts.map { $0["subtype"] } == ["checking"])
    let all = client.rows.count
    try await client.sync()
    #expect(client.rows.count < all && !client.rows.isEmpty)
    #expect(client.rows.values.allSatisfy { $0["account_id"] == accounts[0]["account_id"] })
  }

  @Test func `shows a bank that is down, and can be left`() async throws {
    var visitor = try await visit()
    await visitor.submit("institution", [("institution", "ins_132361")])
    #expect(visitor.page.contains("INSTITUTION_DOWN"))
    await visitor.submit("exit")
    #expect(visitor.page.contains("Nothing was connected"))
    let told = try await bench.post("/link/token/get", ["link_token": .string(visitor.token)])
    let session = try #require(told["link_sessions"]?.elements.first)
    #expect(session["on_success"]?.isNull == true && session["on_exit"]?.isNull == false)
  }

  @Test func `opens for a valid token only`() async throws {
    let none = await Visitor(bench, "link-sandbox-nobody")
    #expect(none.status == 404)
    let made = try await token()
    await bench.server.advance(by: .seconds(4 * 3600))
    let late = await Visitor(bench, try #require(made["link_token"]?.string))
    #expect(late.status == 404 && late.page.contains("not valid any more"))
  }

  @Test func `keeps scripts and foreign resources out`() async throws {
    let made = try await token()
    let path = "/fake-link?token=" + (made["link_token"]?.string ?? "")
    let response = await bench.server.handle(Request("GET", path))
    let policy = try #require(response.headers["Content-Security-Policy"])
    #expect(policy.hasPrefix("default-src 'none'"))
    let page = String(decoding: response.body, as: UTF8.self)
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"))
    #expect(page.contains("<meta name=\"viewport\"") && page.contains("lang=\"en\""))
  }

  @Test(arguments: [
    ("products", #"["balance"]"#, "INVALID_PRODUCT"), ("products", #"["nonsense"]"#, "INVALID_FIELD"),
    ("products", "[]", "MISSING_FIELDS"), ("redirect_uri", #""""#, "INVALID_FIELD"),
    ("redirect_uri", #""https://app.example/?x=1""#, "INVALID_FIELD"),
    ("optional_products", #"["transactions"]"#, "INVALID_FIELD"), ("country_codes", #"["XX"]"#, "INVALID_FIELD"),
    ("user", #"{"client_user_id":"me@example.com"}"#, "INVALID_FIELD"), ("language", #""xx""#, "INVALID_FIELD"),
    ("transactions", #"{"days_requested":731}"#, "INVALID_FIELD"),
    ("institution_id", #""ins_0""#, "INVALID_INSTITUTION"), ("webhook", #""http://app.example""#, "INVALID_FIELD"),
  ])
  func `needs a request that makes sense`(field: String, value: String, code: String) async throws {
    let body: JSONValue = [
      "client_name": "App", "language": "en", "country_codes": ["US"], "user": ["client_user_id": "u-1"],
      "products": ["transactions"],
    ]
    #expect(try await bench.errorCode("/link/token/create", body.setting(field, try JSONValue.parse(value))) == code)
  }
}
