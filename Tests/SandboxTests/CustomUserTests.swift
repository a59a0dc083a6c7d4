import Basics
import Foundation
import JSON
import Sandbox
import Testing

@Suite struct `A custom user` {
  let bench = Bench()

  private func link(_ description: String, products: [String] = ["transactions"]) async throws -> Linked {
    try await bench.link("user_custom", description, products: products)
  }

  private static let card = """
    {"version":"2","override_accounts":[{"type":"credit","subtype":"credit card","starting_balance":1245.67,
    "meta":{"name":"My Card","official_name":"My Official Card","limit":10000,"mask":"4321"},
    "transactions":[
      {"date_transacted":"2026-02-20","date_posted":"2026-02-21","amount":87.43,"description":"A shop"},
      {"date_transacted":"2026-03-02","date_posted":"2026-03-05","amount":10,"description":"A café","currency":"USD"}],
    "liability":{"type":"credit","purchase_apr":16.99,"special_apr":0,"minimum_payment_amount":35}}]}
    """

  @Test func `has the accounts and rows that were described`() async throws {
    let linked = try await link(Self.card)
    let accounts = try await bench.post("/accounts/get", ["access_token": linked.access])["accounts"]?.elements ?? []
    #expect(accounts.count == 1)
    #expect(accounts[0]["name"] == "My Card" && accounts[0]["mask"] == "4321")
    #expect(accounts[0]["balances"]?["current"] == .number("1245.67"))
    #expect(accounts[0]["balances"]?["limit"] == 10_000)
    var client = SyncClient(bench, linked)
    try await client.sync()
    let rows = client.rows.values.sorted { ($0["date"]?.string ?? "") < ($1["date"]?.string ?? "") }
    #expect(rows.map { $0["name"] } == ["A shop", "A café"])
    #expect(rows.map { $0["pending"] } == [false, true])
    #expect(rows.map { $0["date"] } == ["2026-02-21", "2026-03-02"])
    let liabilities = try await bench.post("/liabilities/get", ["access_token": linked.access])["liabilities"]
    let card = liabilities?["credit"]?.elements.first
    #expect(card?["aprs"]?.elements.map { $0["apr_percentage"] } == [.number("16.99"), 0])
    #expect(card?["minimum_payment_amount"] == 35)
    #expect(liabilities?["student"]?.isNull == true)
  }

  @Test func `sees a future booking post when its day comes`() async throws {
    let linked = try await link(Self.card)
    var client = SyncClient(bench, linked)
    try await client.sync()
    await bench.server.advance(by: .seconds(3 * 86_400))
    try await client.sync()
    #expect(client.rows.values.allSatisfy { $0["pending"] == false })
    let accounts = try await bench.post("/accounts/get", ["access_token": linked.access])["accounts"]?.elements ?? []
    #expect(accounts[0]["balances"]?["current"] == .number("1255.67"))
  }

  @Test func `is paid every month by an inflow model`() async throws {
    let linked = try await link(
      """
      {"override_accounts":[{"type":"depository","subtype":"checking","starting_balance":100,
      "inflow_model":{"type":"monthly-income","income_amount":5125.25,"payment_day_of_month":31,
      "transaction_name":"WAGES"}}]}
      """)
    var client = SyncClient(bench, linked)
    try await client.sync()
    #expect(client.rows.count == 24)
    #expect(client.rows.values.allSatisfy { $0["amount"] == .number("-5125.25") && $0["name"] == "WAGES" })
    await bench.server.advance(by: .seconds(65 * 86_400))
    try await bench.control("item/repair", ["item_id": linked.item])
    try await client.sync()
    let dates = client.rows.values.compactMap { $0["date"]?.string }.sorted()
    #expect(dates.suffix(3) == ["2026-02-28", "2026-03-31", "2026-04-30"])
  }

  @Test(arguments: [
    ("nonsense", "INVALID_CREDENTIALS"), ("{}", "INVALID_FIELD"), (#"{"override_accounts":[]}"#, "INVALID_FIELD"),
    (#"{"override_accounts":[{"type":"piggy bank"}]}"#, "INVALID_FIELD"),
    (#"{"override_accounts":[{"transactions":[{"amount":"much"}]}]}"#, "INVALID_FIELD"),
    (#"{"override_accounts":[{}],"force_error":"ITEM_LOCKED"}"#, "ITEM_LOCKED"),
  ])
  func `has to be described in a way that makes sense`(description: String, code: String) async throws {
    let body: JSONValue = [
      "institution_id": "ins_109508", "initial_products": ["transactions"],
      "options": ["override_username": "user_custom", "override_password": .string(description)],
    ]
    #expect(try await bench.errorCode("/sandbox/public_token/create", body) == code)
  }

  /// Plaid's published examples, when a copy lies beside the checkout or where the variable says.
  private static let examples: [String] = {
    let fallback = "../shared/samples/plaid-custom-users"
    let folder = ProcessInfo.processInfo.environment["MAGPIE_CUSTOM_USERS"] ?? fallback
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { folder + "/" + $0 }
  }()

  @Test(.enabled(if: !examples.isEmpty), arguments: examples)
  func `of Plaid's examples can be linked and read`(path: String) async throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let description = try JSONValue.parse(text)
    // Some of the examples describe documents, not customers.
    guard let described = description["override_accounts"]?.elements else { return }
    let linked = try await link(text, products: ["transactions", "investments", "liabilities", "identity"])
    let accounts = try await bench.post("/accounts/get", ["access_token": linked.access])["accounts"]?.elements ?? []
    #expect(accounts.count == described.count)
    for (account, wanted) in zip(accounts, described) {
      if let balance = wanted["starting_balance"]?.numberText {
        #expect(account["balances"]?["current"]?.numberText == balance)
      }
      if let available = wanted["force_available_balance"]?.numberText {
        #expect(account["balances"]?["available"]?.numberText == available)
      }
    }
    var client = SyncClient(bench, linked)
    try await client.sync()
    #expect(client.status == "HISTORICAL_UPDATE_COMPLETE")
    for path in ["/investments/holdings/get", "/liabilities/get", "/identity/get"] {
      let code = try await bench.errorCode(path, ["access_token": linked.access])
      #expect([nil, "NO_INVESTMENT_ACCOUNTS", "NO_LIABILITY_ACCOUNTS"].contains(code))
    }
  }
}
