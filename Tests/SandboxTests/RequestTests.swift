import Basics
import HTTP
import JSON
import Sandbox
import Testing

@Suite struct `A request to the sandbox` {
  let bench = Bench()

  @Test func `hears of its first mistake in Plaid's order`() async throws {
    let path = "/transactions/sync"
    func code(_ text: String, _ path: String = path, keys: Bool = false) async throws -> String? {
      var headers = HeaderFields()
      if keys {
        headers["PLAID-CLIENT-ID"] = "client"
        headers["PLAID-SECRET"] = "wrong"
      }
      let response = await bench.server.handle(Request("POST", path, headers: headers, body: Array(text.utf8)))
      return try JSONValue.parse(response.body)["error_code"]?.string
    }
    #expect(try await code("{", "/no/such/thing") == "NOT_FOUND")
    #expect(try await code("{") == "INVALID_BODY")
    #expect(try await code("[1]") == "INVALID_BODY")
    #expect(try await code(#"{"surprise":1,"count":0}"#) == "MISSING_FIELDS")
    #expect(try await code(#"{"access_token":"x","surprise":1,"count":0}"#) == "UNKNOWN_FIELDS")
    #expect(try await code(#"{"access_token":"x","options":{"surprise":1},"count":0}"#) == "UNKNOWN_FIELDS")
    #expect(try await code(#"{"access_token":"x","count":0}"#) == "INVALID_FIELD")
    #expect(try await code(#"{"access_token":"x","count":501}"#) == "INVALID_FIELD")
    #expect(try await code(#"{"access_token":17}"#) == "INVALID_FIELD")
    #expect(try await code(#"{"access_token":"x"}"#) == "MISSING_FIELDS")
    #expect(try await code(#"{"access_token":"x"}"#, keys: true) == "INVALID_API_KEYS")
    #expect(try await code(#"{"access_token":"x","client_id":"client","secret":"secret"}"#) == "INVALID_ACCESS_TOKEN")
  }

  @Test func `is answered by an error object with every key`() async throws {
    let response = await bench.send("/item/get", ["access_token": "access-sandbox-x"])
    let error = try JSONValue.parse(response.body)
    #expect(response.status == 400)
    #expect(response.headers["Content-Type"] == "application/json")
    let keys = [
      "display_message", "documentation_url", "error_code", "error_message", "error_type", "request_id",
      "suggested_action",
    ]
    #expect(error.members.map(\.key) == keys)
    #expect(error["error_message"] == "could not find matching access token")
  }

  @Test func `gets an id of its own`() async throws {
    var ids: Set<String> = []
    for index in 0..<50 {
      let path = index % 2 == 0 ? "/categories/get" : "/nowhere"
      let id = try #require(try await bench.post(path)["request_id"]?.string)
      #expect(id.count == 15)
      ids.insert(id)
    }
    #expect(ids.count == 50)
  }

  @Test func `needs POST`() async throws {
    #expect(await bench.server.handle(Request("GET", "/item/get")).status == 404)
  }

  @Test func `needs no keys for the categories, and finds no levers where there are none`() async throws {
    #expect(await bench.send("/categories/get", .object([]), keys: false).status == 200)
    let plain = Bench(isControllable: false)
    #expect(try await plain.errorCode("/control/state") == "NOT_FOUND")
    #expect(try await plain.errorCode("/control/clock/advance", ["seconds": 5]) == "NOT_FOUND")
    let spoiled = await plain.send("/categories/get", .object([]), headers: ["Sandbox-Fault": "500"])
    #expect(spoiled.status == 200)
  }

  @Test(arguments: ["", "1999-01-01"]) func `must name a version that exists`(version: String) async throws {
    let code = try await bench.errorCode("/categories/get", headers: ["Plaid-Version": version])
    #expect(code == "INCOMPATIBLE_API_VERSION")
  }

  @Test func `is limited as often as Plaid says`() async throws {
    let limited = Bench(rateLimits: .sandbox)
    let linked = try await limited.link()
    for _ in 0..<40 { #expect(await limited.send("/item/get", ["access_token": linked.access]).status == 200) }
    let refused = await limited.send("/item/get", ["access_token": linked.access])
    #expect(refused.status == 429)
    #expect(try JSONValue.parse(refused.body)["error_code"] == "ITEM_GET_LIMIT")
    #expect(try JSONValue.parse(refused.body)["error_type"] == "RATE_LIMIT_EXCEEDED")
    await limited.server.advance(by: .seconds(60))
    #expect(await limited.send("/item/get", ["access_token": linked.access]).status == 200)
  }

  @Test func `may be limited endpoint by endpoint`() async throws {
    let linked = try await bench.link()
    try await bench.control("rates", ["endpoint": "/transactions/sync", "per_item": 1])
    #expect(await bench.send("/transactions/sync", ["access_token": linked.access]).status == 200)
    #expect(
      try await bench.errorCode("/transactions/sync", ["access_token": linked.access]) == "TRANSACTIONS_SYNC_LIMIT")
  }
}

@Suite struct `Two sandboxes of one seed` {
  @Test func `answer with the same bytes`() async throws {
    var answers: [[UInt8]] = []
    for _ in 0..<2 {
      let bench = Bench(seed: 99, initialDelay: .seconds(1), historicalDelay: .seconds(2))
      var bytes: [UInt8] = []
      let linked = try await bench.link(products: ["transactions", "investments", "liabilities"], days: 200)
      for path in ["/accounts/get", "/transactions/sync", "/investments/holdings/get", "/liabilities/get"] {
        bytes += await bench.send(path, ["access_token": linked.access]).body
      }
      await bench.server.advance(by: .seconds(5 * 86_400))
      for path in ["/transactions/sync", "/transactions/recurring/get", "/item/get", "/identity/get", "/accounts/get"] {
        bytes += await bench.send(path, ["access_token": linked.access]).body
      }
      bytes += await bench.send("/control/item/truth", ["item_id": linked.item]).body
      answers.append(bytes)
    }
    #expect(answers[0] == answers[1])
    #expect(answers[0].count > 100_000)
  }

  @Test func `differ from those of another`() async throws {
    let one = try await Bench(seed: 1).link()
    let two = try await Bench(seed: 2).link()
    #expect(one.access != two.access && one.item != two.item)
  }
}
