import Basics
import Databases
import Finance
import HTTP
import JSON
import Plaid
import Store
import Testing

@Suite struct `Connections over HTTP` {
  @Test func `ask banks for more, and say what is billed`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      let asked = try await http.post("/v1/connections/\(id)/refresh")
      #expect(asked.status == 202 && asked.json["billed"] == true, "\(asked.text)")
      #expect(try http.bench.asked("/transactions/refresh").count == 1)
      let live = try await http.post("/v1/connections/\(id)/balances")
      #expect(live.status == 200 && live.json["billed"] == true, "\(live.text)")
      #expect(live.rows.count > 2)
      let account = try #require(live.rows.first?["id"]?.string)
      #expect(try await http.get("/v1/accounts/\(account)/balances").rows.first?["source"] == "live")
      #expect(try await http.get("/v1/accounts").rows.contains { $0 == live.rows.first })
    }
  }

  @Test func `tell of their syncs, and do not keep anybody waiting`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      for _ in 0..<2 { #expect(try await http.post("/v1/connections/\(id)/sync").status == 200) }
      let runs = try await http.get("/v1/connections/\(id)/sync-runs?limit=2")
      #expect(runs.rows.count == 2 && runs.rows.allSatisfy { $0["outcome"] == "applied" })
      #expect(try await http.get("/v1/connections/\(id)").json["latest_run"] == runs.rows.first)
      let next = try #require(runs.json["next"]?.string)
      #expect(try await http.get("/v1/connections/\(id)/sync-runs?cursor=\(next)").rows.count == 1)
      let quick = try await http.post("/v1/connections/\(id)/sync?wait=0")
      #expect([200, 202].contains(quick.status), "\(quick.text)")
      #expect(try await http.post("/v1/connections/\(id)/sync?wait=61").pointers == ["?wait"])
      let absent = http.bench.world.newID(Connection.self)
      for path in ["sync?wait=1", "refresh", "balances", "repaired"] {
        #expect(try await http.post("/v1/connections/\(absent)/\(path)").code == "connection.not_found", "\(path)")
      }
      #expect(try await http.get("/v1/connections/\(absent)/sync-runs").code == "connection.not_found")
    }
  }

  @Test func `are repaired by signing in again, and not by saying so`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      let token = try #require(try http.bench.asked("/transactions/sync").first?["access_token"]?.string)
      _ = try await http.bench.plaid().sandboxResetLogin(Secret(token))
      #expect(try await http.post("/v1/connections/\(id)/sync").code == "bank.sign_in_needed")
      let early = try await http.post("/v1/connections/\(id)/repaired")
      #expect(early.status == 409 && early.code == "bank.sign_in_needed", "\(early.text)")
      let made = try await http.post("/v1/plaid/link-token", ["connection": .string(id), "select_accounts": true])
      #expect(made.status == 200, "\(made.text)")
      #expect(try http.bench.asked("/link/token/create").last?["update"] == ["account_selection_enabled": true])
      #expect(try await http.post("/v1/plaid/link-token", ["select_accounts": true]).pointers == ["/connection"])
      http.bench.intercept { call in
        guard call.url.hasSuffix("/item/get") else { return nil }
        let body: JSONValue = ["item": ["item_id": "item", "error": .null], "request_id": "r"]
        return .success(HTTPAnswer(status: 200, body: body.serialized()))
      }
      let repaired = try await http.post("/v1/connections/\(id)/repaired")
      #expect(repaired.json["state"] == "healthy" && repaired.json["state_code"] == .null, "\(repaired.text)")
      #expect(http.linked.withLock { $0 } == [id, id], "a sync begins")
    }
  }

  @Test func `are found by their bank's name`() async throws {
    try await HTTPBench.run { http in
      let found = try await http.get("/v1/institutions/search?query=platypus").rows
      #expect(found.contains { $0["id"] == "ins_109508" })
      _ = try await http.get("/v1/institutions/search?query=Platypus")
      #expect(try http.bench.asked("/institutions/search").count == 1, "remembered")
      let shown = try await http.get("/v1/institutions/ins_109508").json
      #expect(shown["name"] == "First Platypus Bank" && shown["products"]?.elements.isEmpty == false)
      _ = try await http.get("/v1/institutions/ins_109508")
      #expect(try http.bench.asked("/institutions/get_by_id").count == 1)
      #expect(try await http.get("/v1/institutions/ins_0").code == "institution.not_found")
      #expect(try await http.get("/v1/institutions/search").pointers == ["?query"])
    }
  }

  @Test func `keep what Link told, and none of its tokens`() async throws {
    try await HTTPBench.run { http in
      let body: JSONValue = [
        "event": "EXIT",
        "metadata": [
          "link_session_id": "4d2a", "status": "requires_credentials",
          "institution": ["institution_id": "ins_109508", "name": "First\nPlatypus"],
          "public_token": "public-sandbox-0c3e5a6b-1f64-4f7b-9d5d-0a1c3f2b4d5e", "new_member": [1],
        ], "error": ["error_type": "ITEM_ERROR", "error_code": "access-sandbox-0c3e5a6b-1f64-4f7b-9d5d-0a1c3f2b4d5e"],
      ]
      let kept = try await http.post("/v1/plaid/link-events", body)
      #expect(kept.status == 201 && kept.json["institution"] == ["id": "ins_109508", "name": "FirstPlatypus"])
      #expect(kept.json["exit_status"] == "requires_credentials" && kept.json["error_type"] == "ITEM_ERROR")
      #expect(!kept.text.contains("0c3e5a6b"), "\(kept.text)")
      for number in 0..<3 {
        _ = try await http.post("/v1/plaid/link-events", ["event": .string("VIEW_\(number)")])
      }
      let page = try await http.get("/v1/plaid/link-events?limit=3")
      #expect(page.rows.map { $0["event"] } == ["VIEW_2", "VIEW_1", "VIEW_0"])
      let next = try #require(page.json["next"]?.string)
      #expect(try await http.get("/v1/plaid/link-events?cursor=\(next)").rows == [kept.json])
      let large: JSONValue = ["event": "X", "metadata": ["a": .string(String(repeating: "x", count: 20_000))]]
      #expect(try await http.post("/v1/plaid/link-events", large).status == 413)
    }
  }

  @Test func `keep the latest 500 of what Link told`() async throws {
    let bench = try await BankBench()
    let (scope, world) = (bench.scope, bench.world)
    let kept = try await bench.database.write { session in
      for number in 0..<520 {
        try LinkEvents.keep(
          StoredLinkEvent(id: world.newID(), at: world.now(), name: "E\(number)"), scope, session)
      }
      return try LinkEvents.list(before: nil, limit: 1_000, scope, session)
    }
    #expect(kept.count == 500 && kept.first?.name == "E519" && kept.last?.name == "E20")
  }
}
