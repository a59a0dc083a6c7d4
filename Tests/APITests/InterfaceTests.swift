import API
import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@Suite struct `The interface` {
  @Test func `says without a token whether it can work`() async throws {
    try await HTTPBench.run { http in
      let health = try await http.send("GET", "/health", token: nil)
      #expect(health.status == 200)
      #expect(
        health.json == ["status": "ok", "database": "ok", "simulated": true, "version": "1.2.3"])
      #expect(health.headers["Cache-Control"] == "no-store")
    }
  }

  @Test func `links a bank, syncs it and shows the money`() async throws {
    try await HTTPBench.run { http in
      let made = try await http.post("/v1/link-token")
      #expect(made.status == 200 && made.json["link_token"]?.string?.hasPrefix("link-sandbox-") == true)
      let id = try await http.link()
      #expect(http.linked.withLock { $0 } == [id])

      let connection = try await http.get("/v1/connections/\(id)").json
      #expect(connection["state"] == "healthy" && connection["simulated"] == true)
      #expect(connection["institution"]?["id"] == "ins_109508")
      #expect(connection["latest_run"]?["outcome"] == "applied")
      #expect(connection["last_success_at"] == "2026-03-14T09:00:00Z")
      let listed = try await http.get("/v1/connections")
      #expect(listed.rows.first == connection.removing(keys: ["latest_run"]) && listed.json["next"] == .null)

      let accounts = try await http.get("/v1/accounts").rows
      #expect(accounts.count == connection["accounts"]?.int && accounts.count > 2)
      let checking = try #require(accounts.first { $0["kind"] == "checking" })
      #expect(checking["simulated"] == true && checking["connection"] == .string(id))
      let current = try #require(checking["balance"]?["current"])
      #expect(current["currency"] == "USD")
      #expect(try Money(decimal: #require(current["amount"]?.string), .usd).minorUnits != 0)

      let page = try await http.get("/v1/transactions?limit=5")
      #expect(page.rows.count == 5 && page.json["next"]?.string != nil)
      for row in page.rows {
        #expect(row["id"]?.string.flatMap { ID<Transaction>($0) } != nil && row["simulated"] == true)
        #expect(CalendarDate(row["occurred_on"]?.string ?? "") != nil)
        _ = try Money(decimal: #require(row["amount"]?["amount"]?.string), .usd)
      }

      #expect(try await http.post("/v1/sync").rows.map { $0["outcome"] } == ["applied"])
      #expect(try await http.post("/v1/connections/\(id)/sync", ["full": true]).json["outcome"] == "applied")
      #expect(try await http.send("DELETE", "/v1/connections/\(id)").status == 204)
      #expect(try await http.get("/v1/connections/\(id)").json["state"] == "removed")
      #expect(try await http.post("/v1/connections/\(id)/sync").code == "connection.removed")
      #expect(try await http.post("/v1/sync").rows.isEmpty)
      #expect(try await http.get("/v1/transactions").rows.count == 100, "the rows stay")
    }
  }

  @Test func `lets nobody in without the token`() async throws {
    try await HTTPBench.run { http in
      let basic: HeaderFields = ["Authorization": "Basic \(HTTPBench.token)"]
      for answer in [
        try await http.send("GET", "/v1/accounts", token: nil), try await http.send("GET", "/v1/accounts", token: ""),
        try await http.send("GET", "/v1/accounts", token: HTTPBench.token + "x"),
        try await http.send("GET", "/v1/accounts?token=\(HTTPBench.token)", token: nil),
        try await http.send("GET", "/v1/accounts", token: nil, headers: basic),
        try await http.send("POST", "/v1/exchange", ["public_token": "x"], token: "wrong"),
      ] {
        #expect(answer.status == 401 && answer.code == "unauthorized")
        #expect(answer.headers["WWW-Authenticate"] == "Bearer realm=\"magpie\"")
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        #expect(answer.json["request_id"]?.string == answer.headers["Request-Id"])
      }
      #expect(http.bench.calls.isEmpty)
    }
  }

  @Test func `tells each mistake of a body by its place`() async throws {
    try await HTTPBench.run { http in
      func refusal(_ body: JSONValue) async throws -> HTTPBench.Answer { try await http.post("/v1/exchange", body) }
      for (body, pointers) in [
        ([:], ["/public_token"]), (["public_token": 5], ["/public_token"]), (["public_token": ""], ["/public_token"]),
        (["public_token": "a\nb"], ["/public_token"]), (["public_token": "x", "adopt": "yes"], ["/adopt"]),
        (["public_token": "x", "publik": 1, "a/b": 1], ["/a~1b", "/publik"]),
        (["public_token": "x", "institution": ["name": 3]], ["/institution/id", "/institution/name"]),
        (["public_token": "x", "accounts": [["name": "A"]]], ["/institution"]),
        (
          ["public_token": "x", "institution": ["id": "ins_1"], "accounts": [["name": "A", "mask": 5], 7]],
          ["/accounts/0/mask", "/accounts/1"]
        ), ([], [""]), (["public_token": .string(String(repeating: "x", count: 300))], ["/public_token"]),
      ] as [(JSONValue, [String])] {
        let answer = try await refusal(body)
        #expect(answer.status == 422 && answer.code == "input.invalid", "\(body.text())")
        #expect(answer.pointers.sorted() == pointers, "\(body.text())")
      }
      #expect(try await http.post("/v1/link-token", ["connection": "acc_1"]).pointers == ["/connection"])

      let json: HeaderFields = ["Content-Type": "application/json; charset=utf-8"]
      let torn = try await http.send("POST", "/v1/exchange", raw: Array("{\"public".utf8), headers: json)
      #expect(torn.status == 400 && torn.code == "body.malformed")
      let form: HeaderFields = ["Content-Type": "application/x-www-form-urlencoded"]
      let typed = try await http.send("POST", "/v1/exchange", raw: Array("public_token=x".utf8), headers: form)
      #expect(typed.status == 415 && typed.code == "body.not_json")
      for count in [100_000, 2 << 20] {
        let large = Array("{\"public_token\":\"\(String(repeating: "x", count: count))\"}".utf8)
        let answer = try await http.send("POST", "/v1/exchange", raw: large, headers: json)
        #expect(answer.status == 413 && answer.code == "too_large")
      }
      #expect(http.bench.calls.isEmpty, "the bank was not asked")
    }
  }

  @Test func `tells each mistake of a query by its name`() async throws {
    try await HTTPBench.run { http in
      for (query, pointers) in [
        ("limit=0", ["?limit"]), ("limit=501", ["?limit"]), ("limit=x", ["?limit"]), ("limit=5&limit=6", ["?limit"]),
        ("from=2026-02-30", ["?from"]), ("to=yesterday", ["?to"]), ("from=2026-02-02&to=2026-02-01", ["?to"]),
        ("pending=maybe", ["?pending"]), ("account=con_1", ["?account"]), ("acount=1", ["?acount"]),
        ("cursor=zzz", ["?cursor"]), ("cursor=", ["?cursor"]),
        (Array(repeating: "account=x", count: 51).joined(separator: "&"), ["?account"]),
      ] {
        let answer = try await http.get("/v1/transactions?\(query)")
        #expect(answer.status == 422 && answer.pointers == pointers, "\(query): \(answer.text)")
      }
    }
  }

  @Test func `knows its paths and their methods`() async throws {
    try await HTTPBench.run { http in
      #expect(try await http.get("/v1/nothing").code == "not_found")
      #expect(try await http.get("/v1/connections/con_x").code == "not_found")
      let absent = try await http.get("/v1/connections/\(http.bench.world.newID(Connection.self))")
      #expect(absent.status == 404 && absent.code == "connection.not_found")
      let refused = try await http.send("PUT", "/v1/connections")
      #expect(refused.status == 405 && refused.headers["Allow"] == "GET, HEAD")
      let asked = try await http.send("OPTIONS", "/v1/accounts", headers: ["Origin": "https://evil.example"])
      #expect(asked.status == 405 && asked.headers["Access-Control-Allow-Origin"] == nil)
    }
  }

  @Test func `answers for its own hosts only`() async throws {
    try await HTTPBench.run(publicURL: "https://Money.example:8443/magpie") { http in
      for host in ["localhost:8080", "127.0.0.1", "127.3.4.5:1", "[::1]:8080", "money.example", "MONEY.EXAMPLE:8443"] {
        #expect(try await http.send("GET", "/health", headers: ["Host": host]).status == 200, "\(host)")
      }
      for host in [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0", "[::2]", "money.example.", "",
      ] {
        for path in ["/health", "/v1/accounts"] {
          let answer = try await http.send("GET", path, headers: ["Host": host])
          #expect([400, 421].contains(answer.status), "\(host)")
          if !host.isEmpty { #expect(answer.code == "host.unknown", "\(host)") }
        }
      }
    }
  }

  @Test func `refuses to link the same accounts twice`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      let token = try await http.bench.publicToken()
      let again = try await http.post("/v1/exchange", ["public_token": .string(token.reveal)])
      #expect(again.status == 409 && again.code == "connection.duplicate")
      #expect(again.json["detail"]?.string?.contains(id) == true)
      let accounts = try await http.get("/v1/accounts").rows
      let shown = try #require(accounts.first)
      let fresh = try await http.bench.publicToken()
      var body: JSONValue = ["public_token": .string(fresh.reveal), "institution": ["id": "ins_109508"]]
      body["accounts"] = [["name": shown["name"] ?? "", "mask": shown["mask"] ?? ""]]
      #expect(try await http.post("/v1/exchange", body).code == "connection.duplicate")
      body["adopt"] = true
      #expect(try await http.post("/v1/exchange", body).status == 201)
    }
  }

  @Test func `says when a sync has to wait for the bank or for another run`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      http.bench.intercept { call in
        guard call.url.hasSuffix("/transactions/sync") else { return nil }
        let body: JSONValue = [
          "added": [], "modified": [], "removed": [], "next_cursor": "", "has_more": false, "request_id": "r",
          "accounts": [], "transactions_update_status": "NOT_READY",
        ]
        return .success(HTTPAnswer(status: 200, body: body.serialized()))
      }
      let early = try await http.post("/v1/connections/\(id)/sync")
      #expect(early.status == 202 && early.json["outcome"] == "not_ready", "\(early.text)")
      http.bench.intercept(nil)
      let (scope, now) = (http.bench.scope, http.bench.world.now())
      let connection = try #require(ID<Connection>(id))
      try await http.bench.database.write { session in
        _ = try Connections.takeLease(
          connection, owner: "another", until: now + .seconds(99), now: now, scope, session)
      }
      let busy = try await http.post("/v1/connections/\(id)/sync")
      #expect(busy.status == 202 && busy.json["outcome"] == "running_elsewhere")
    }
  }

  @Test func `passes on what the bank says, with when to come back`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      func sync(_ code: String, type: String, status: Int, headers: HeaderFields = .init()) async throws
        -> HTTPBench.Answer
      {
        let body: JSONValue = [
          "error_type": .string(type), "error_code": .string(code), "error_message": "words", "request_id": "r1",
        ]
        http.bench.intercept { call in
          guard call.url.hasSuffix("/transactions/sync") else { return nil }
          return .success(HTTPAnswer(status: status, headers: headers, body: body.serialized()))
        }
        return try await http.post("/v1/connections/\(id)/sync")
      }
      let login = try await sync("ITEM_LOGIN_REQUIRED", type: "ITEM_ERROR", status: 400)
      #expect(login.status == 409 && login.code == "bank.sign_in_needed")
      #expect(try await http.get("/v1/connections/\(id)").json["state"] == "needs_reauthentication")
      let all = try await http.post("/v1/sync")
      #expect(all.status == 200 && all.rows.first?["problem"]?["code"] == "bank.sign_in_needed")
      let limited = try await sync(
        "TRANSACTIONS_LIMIT", type: "RATE_LIMIT_EXCEEDED", status: 429, headers: ["Retry-After": "30"])
      #expect(limited.status == 503 && limited.code == "bank.wait" && limited.headers["Retry-After"] == "30")
      #expect(try await sync("INVALID_API_KEYS", type: "INVALID_INPUT", status: 400).code == "plaid.configuration")
      #expect(try await sync("INSTITUTION_DOWN", type: "INSTITUTION_ERROR", status: 400).code == "bank.unreachable")
      http.bench.intercept(nil)
      #expect(try await http.post("/v1/connections/\(id)/sync").status == 200)
      #expect(try await http.get("/v1/connections/\(id)").json["state"] == "healthy", "a success heals it")
    }
  }

  @Test func `never tells a secret`() async throws {
    try await HTTPBench.run { http in
      let publicToken = try await http.bench.publicToken()
      var told: [String] = []
      let exchanged = try await http.post("/v1/exchange", ["public_token": .string(publicToken.reveal)])
      told.append(exchanged.text)
      let id = try #require(exchanged.json["id"]?.string)
      for (method, path) in [
        ("POST", "/v1/connections/\(id)/sync"), ("GET", "/v1/connections"), ("GET", "/v1/connections/\(id)"),
        ("GET", "/v1/accounts"), ("GET", "/v1/transactions"), ("POST", "/v1/sync"), ("GET", "/v1/x"),
        ("DELETE", "/v1/connections/\(id)"), ("DELETE", "/v1/connections/\(id)"),
      ] {
        told.append(try await http.send(method, path).text)
      }
      told.append(try await http.post("/v1/exchange", ["public_token": .string(publicToken.reveal)]).text)
      let bodies = try http.bench.asked("/transactions/sync")
      let accessToken = try #require(bodies.first?["access_token"]?.string)
      let secrets = [publicToken.reveal, accessToken, HTTPBench.token, "secret-1"]
      let places = told + http.bench.logged
      for secret in secrets {
        let forms = [secret, Base64.encode(Array(secret.utf8)), Hex.encode(Array(secret.utf8))]
        #expect(!places.contains { place in forms.contains { place.contains($0) } }, "\(secret.prefix(8))")
      }
      #expect(http.bench.logged.contains { $0.contains("\"request\"") }, "there was a log to look at")
    }
  }
}
