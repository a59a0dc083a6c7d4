import Basics
import Finance
import HTTP
import JSON
import Testing

@testable import API

@Suite struct `Paths of other programs` {
  @Test func `answer in their shapes, and say where to ask instead`() async throws {
    try await HTTPBench.run { http in
      let former = http.conformance.operations.filter { $0.id.hasPrefix("former") }
      #expect(former.count == 23)
      let household = JSONValue.string(http.bench.scope.household.description)
      for operation in former where operation.id.contains("LinkToken") {
        let made = try await http.post(operation.path, ["household_id": household])
        #expect(made.status == 200 && made.json["link_token"]?.string?.hasPrefix("link-sandbox-") == true)
        #expect(made.headers["Link"] == #"</v1/plaid/link-token>; rel="successor-version""#)
      }
      let banks = ["ins_109508", "ins_109509", "ins_109510", "ins_109511", "ins_109512", "ins_109508"]
      for (operation, bank) in zip(former.filter { $0.successor == "/v1/plaid/exchange" }, banks) {
        let token = try await http.bench.publicToken(bank)
        let body: JSONValue = ["public_token": .string(token.reveal), "metadata": ["institution": ["name": "x"]]]
        let linked = try await http.post(operation.path, body)
        if operation.id == "formerItemExchange" {
          #expect(linked.code == "connection.duplicate", "the same rules as at the successor")
        } else {
          #expect(linked.status == 200 && (linked.json["accounts_added"]?.int ?? 0) > 0, "\(operation.id)")
        }
      }
      let accounts = try await http.get("/plaid/accounts?household_id=\(http.bench.scope.household)").json.elements
      #expect(try await http.get("/api/v1/banking/accounts").json.elements.count == accounts.count)
      #expect(try await http.get("/api/v1/plaid/accounts").json.elements.count == accounts.count)
      let id = try #require(accounts.first?["id"]?.string)
      for prefix in ["", "/api/v1"] {
        let synced = try await http.post("\(prefix)/plaid/accounts/\(id)/sync")
        #expect(synced.status == 200 && synced.json["transactions_added"]?.int == 0)
      }
      #expect(try await http.post("/v1/sync/trigger").rows.count == 5)
      for prefix in ["", "/api/v1"] {
        #expect(try await http.send("DELETE", "\(prefix)/plaid/accounts/\(id)").status == 204)
      }
      #expect(try await http.post("/v1/sync/trigger").rows.count == 4)
    }
  }

  @Test func `act in the household of whoever asks, and in no other`() async throws {
    try await HTTPBench.run { http in
      let other = http.bench.world.newID(Household.self).description
      let listed = try await http.get("/plaid/accounts?household_id=\(other)")
      #expect(listed.status == 404)
      let body: JSONValue = ["public_token": "public-sandbox-1", "household_id": .string(other)]
      let exchanged = try await http.post("/plaid/link/exchange", body)
      #expect(exchanged.status == 404)
      #expect(http.bench.calls.isEmpty)
    }
  }
}

@Suite struct `Every operation` {
  @Test func `lets nobody in who is not known, and says so as declared`() async throws {
    var settings = Interface.Settings()
    settings.limits = .off
    try await HTTPBench.run(settings: settings) { http in
      for operation in http.conformance.operations {
        let path = operation.path.replacing("{id}", with: "con_01kj3v5d8ve2r9q0w4y7h6t1cz")
        for token in [nil, "wrong", ""] {
          let answer = try await http.send(operation.method.rawValue, path, token: token)
          switch operation.access {
          case .open:
            // Where something must be said, that it is missing; what is behind no door else is for everybody.
            let isAsked = operation.parameters.contains { $0.isRequired && $0.place == .query }
            let status = operation.body != nil ? 415 : isAsked ? 422 : 200
            #expect(answer.status == status, "\(operation.id)")
          case .signed: #expect(answer.status == 401, "\(operation.id)")
          case .measuring: #expect(answer.status == 404, "\(operation.id)")
          case .person, .household: #expect(answer.status == 401, "\(operation.id)")
          }
        }
      }
      #expect(http.bench.calls.isEmpty, "no bank was asked")
    }
  }

  @Test(arguments: Role.allCases) func `asks for the scope and the role that it declares`(role: Role) async throws {
    let bench = try await BankBench()
    for scopes in [Set<APIScope>(APIScope.allCases), [.read], [.write], []] {
      var interface = Interface(bench.banks(), token: Secret("t"), version: "1", log: .silent)
      let caller = Caller(
        user: bench.scope.user, membership: .success(.init(scope: bench.scope, role: role)), scopes: scopes,
        via: .apiKey(id: "key"))
      interface.authenticate = { _ in caller }
      let handler = interface.handler()
      for operation in interface.operations {
        let path = operation.path.replacing("{id}", with: "nothing")
        let answer = await handler(
          Request(
            operation.method.rawValue, path, headers: ["Host": "localhost", "Content-Type": "text/plain"],
            body: operation.body == nil ? [] : [0]))
        let isAllowed: Bool
        switch operation.access {
        case .open, .signed, .measuring: continue
        case .person(let scope): isAllowed = scopes.contains(scope)
        case .household(let scope, let least): isAllowed = scopes.contains(scope) && role >= least
        }
        let mayDoAll = !operation.needsFreshProof || scopes.contains(.admin)
        let code = (try? JSONValue.parse(answer.body))?["code"]?.string ?? ""
        let isRefused = ["scope.missing", "role.too_low"].contains(code)
        #expect(isRefused == !(isAllowed && mayDoAll), "\(operation.id) \(scopes) \(code)")
      }
    }
    #expect(bench.calls.isEmpty)
  }
}

@Suite struct `A request that comes twice` {
  private func exchange(_ http: HTTPBench, _ token: Secret<String>, key: String) async throws -> HTTPBench.Answer {
    try await http.send(
      "POST", "/v1/plaid/exchange", ["public_token": .string(token.reveal)], headers: ["Idempotency-Key": key])
  }

  @Test func `acts once and is answered alike`() async throws {
    try await HTTPBench.run { http in
      let token = try await http.bench.publicToken()
      let first = try await exchange(http, token, key: "one")
      #expect(first.status == 201)
      let calls = http.bench.calls.count
      let second = try await exchange(http, token, key: "one")
      #expect(second.status == 201 && second.json == first.json)
      #expect(
        second.headers["Location"] == first.headers["Location"] && second.headers["Idempotent-Replayed"] == "true")
      #expect(http.bench.calls.count == calls, "the bank was not asked again")
      let other = try await http.bench.publicToken("ins_109509")
      #expect(try await exchange(http, other, key: "one").code == "idempotency.key_reused")
      #expect(try await exchange(http, token, key: "two").code == "link.public_token_invalid")
      #expect(try await exchange(http, token, key: "a b").pointers == ["Idempotency-Key"])
      try await http.bench.world.sleep(.seconds(24 * 60 * 60))
      #expect(try await exchange(http, token, key: "one").code == "link.public_token_invalid", "a day is enough")
    }
  }

  @Test func `may be tried again when it failed`() async throws {
    try await HTTPBench.run { http in
      let token = try await http.bench.publicToken()
      http.bench.intercept { $0.url.hasSuffix("public_token/exchange") ? .failure(.cannotConnect("away")) : nil }
      #expect(try await exchange(http, token, key: "one").status == 502)
      http.bench.intercept(nil)
      #expect(try await exchange(http, token, key: "one").status == 201)
    }
  }
}
