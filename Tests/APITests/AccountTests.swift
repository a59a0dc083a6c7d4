import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@Suite struct `Accounts over HTTP` {
  @Test func `are kept by hand, with balances that people type`() async throws {
    try await HTTPBench.run { http in
      let made = try await http.post(
        "/v1/accounts",
        [
          "name": "Mattress", "kind": "cash", "currency": "USD", "balance": ["amount": "250", "currency": "USD"],
        ])
      #expect(made.status == 201 && made.json["by_hand"] == true, "\(made.text)")
      #expect(made.json["balance"]?["current"] == ["amount": "250.00", "currency": "USD"])
      let path = try #require(made.headers["Location"])
      let typed = try await http.send(
        "PATCH", path, ["balance": ["day": "2026-03-01", "amount": ["amount": "300", "currency": "USD"]]])
      #expect(typed.json["balance"]?["current"] == ["amount": "250.00", "currency": "USD"], "today's stands")
      let days = try await http.get("\(path)/balances").rows
      #expect(days.map { $0["day"] } == ["2026-03-14", "2026-03-01"] && days.first?["source"] == "typed")
      #expect(try await http.get("\(path)/balances?to=2026-03-01").rows.count == 1)
      let next = try #require(try await http.get("\(path)/balances?limit=1").json["next"]?.string)
      #expect(try await http.get("\(path)/balances?limit=1&cursor=\(next)").rows == [days[1]])
      #expect(try await http.get("\(path)/proof").json["verdict"] == "differs")
      #expect(try await http.get("\(path)/proof").json["difference"] == ["amount": "-50.00", "currency": "USD"])
      let row: JSONValue = [
        "account": made.json["id"] ?? .null, "amount": ["amount": "-50", "currency": "USD"], "booked_on": "2026-03-10",
        "name": "Spent",
      ]
      #expect(try await http.post("/v1/transactions", row).status == 201)
      #expect(try await http.get("\(path)/proof").json["verdict"] == "adds_up")
      let foreign = try await http.send("PATCH", path, ["balance": ["amount": ["amount": "1", "currency": "EUR"]]])
      #expect(foreign.pointers == ["/balance"])
      #expect(try await http.send("PATCH", path, ["kind": "checking"]).code == "account.has_rows")
      #expect(try await http.post("\(path)/sync").code == "account.by_hand")
      let back = try await http.send("PATCH", path, ["balance": ["day": "2026-03-14", "amount": .null]])
      #expect(back.json["balance"]?["current"] == ["amount": "300.00", "currency": "USD"])
    }
  }

  @Test func `are turned where their bank tells amounts the wrong way round, and turned back`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      func rows() async throws -> [JSONValue] { try await http.get("/v1/transactions?limit=500").rows }
      let before = try await rows()
      let account = try #require(before.first?["account"]?.string)
      let path = "/v1/accounts/\(account)/feed"
      func isSound() async throws -> Bool {
        try await http.bench.database.read { [scope = http.bench.scope] in try Totals.check(scope, $0).isEmpty }
      }
      let turned = try await http.post(path, ["turned": true])
      #expect((turned.json["rows"]?.int ?? 0) > 3 && turned.json["turned"] == true, "\(turned.text)")
      let after = try await rows()
      for (one, two) in zip(before, after) {
        let (old, new) = (one["amount"]?["amount"]?.string ?? "", two["amount"]?["amount"]?.string ?? "")
        let wanted = one["account"]?.string != account ? old : old.hasPrefix("-") ? String(old.dropFirst()) : "-" + old
        #expect(new == wanted)
      }
      #expect(try await isSound())
      #expect(try await http.post(path, ["turned": true]).json["rows"] == 0)
      // The bank says them all again, and they stand as they were turned.
      #expect(try await http.post("/v1/accounts/\(account)/sync").status == 200)
      #expect(try await rows().map { $0["amount"] } == after.map { $0["amount"] })
      let back = try await http.post(path, ["turned": false])
      #expect(back.json["rows"] == turned.json["rows"])
      #expect(try await rows().map { $0["amount"] } == before.map { $0["amount"] })
      #expect(try await rows().map { $0["flow"] } == before.map { $0["flow"] })
      #expect(try await isSound())
      #expect(try await http.post("/v1/accounts/acc_01kj3v5d8ve2r9q0w4y7h6t1cz/feed", ["turned": true]).status == 404)
    }
  }

  @Test func `are renamed, hidden, closed and put in an order`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let before = try await http.get("/v1/accounts").rows
      let (first, second) = (before[0], before[1])
      let path = "/v1/accounts/\(second["id"]?.string ?? "")"
      let shown = try await http.get(path)
      #expect(shown.json == second)
      let tag = try #require(shown.headers["ETag"])
      let changes: JSONValue = ["name": "Ours", "notes": "Joint", "hidden": true, "closed": true]
      let edited = try await http.send("PATCH", path, changes, headers: ["If-Match": tag])
      #expect(edited.json["name"] == "Ours" && edited.json["hidden"] == true && edited.json["notes"] == "Joint")
      #expect(edited.json["closed_at"]?.string != nil && edited.json["sharing"] == "full")
      #expect(try await http.send("PATCH", path, ["name": "x"], headers: ["If-Match": tag]).status == 412)
      #expect(try await http.send("PATCH", path, ["kind": "cash"]).code == "account.kept_by_bank")
      let order: JSONValue = ["accounts": [second["id"] ?? .null, first["id"] ?? .null]]
      #expect(try await http.send("PUT", "/v1/accounts/order", order).status == 204)
      let after = try await http.get("/v1/accounts").rows.compactMap { $0["id"] }
      #expect(after == [second["id"], first["id"]].compactMap(\.self) + before.dropFirst(2).compactMap { $0["id"] })
      let twice: JSONValue = ["accounts": [first["id"] ?? .null, first["id"] ?? .null]]
      #expect(try await http.send("PUT", "/v1/accounts/order", twice).pointers == ["/accounts"])
      // A sync leaves what people wrote.
      #expect(try await http.post("\(path)/sync").json["outcome"] == "applied")
      #expect(try await http.get(path).json["name"] == "Ours")
      let group = try #require(edited.headers["Magpie-Change"])
      #expect(try await http.post("/v1/changes/\(group)/undo").status == 200)
      #expect(try await http.get(path).json["name"] == second["name"])
    }
  }

  @Test func `show what they hold, trade and owe`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let holdings = try await http.get("/v1/holdings").rows
      #expect(!holdings.isEmpty && holdings.allSatisfy { $0["quantity"]?.string != "0" })
      let held = try #require(holdings.first { $0["security"] != .null })
      let account = try #require(held["account"]?.string)
      #expect(try await http.get("/v1/holdings?account=\(account)").rows.contains(held))
      #expect(try await http.get("/v1/holdings?day=2001-01-01").rows.isEmpty)
      let securities = try await http.get("/v1/securities?limit=2")
      #expect(securities.rows.count == 2)
      let next = try #require(securities.json["next"]?.string)
      #expect(try await http.get("/v1/securities?limit=2&cursor=\(next)").rows.first != securities.rows.first)
      let id = try #require(held["security"]?["id"]?.string)
      let priced = try await http.get("/v1/securities/\(id)")
      #expect(priced.json["id"] == .string(id) && priced.json["prices"]?.elements.isEmpty == false)
      let trades = try await http.get("/v1/investment-transactions?limit=3")
      #expect(trades.rows.count == 3)
      let more = try #require(trades.json["next"]?.string)
      let second = try await http.get("/v1/investment-transactions?limit=3&cursor=\(more)").rows
      let ids = (trades.rows + second).compactMap { $0["id"]?.string }
      #expect(ids.count == 6 && Set(ids).count == 6)
      let day = try #require(trades.rows.first?["booked_on"]?.string)
      #expect(
        try await http.get("/v1/investment-transactions?from=\(day)&to=\(day)").rows.allSatisfy {
          $0["booked_on"] == .string(day)
        })
      let debts = try await http.get("/v1/liabilities")
      let liabilities = debts.rows
      let told = debts.json["inputs"]?["accounts"]?.elements.compactMap(\.string)
      #expect(try Set(#require(told)) == Set(liabilities.compactMap { $0["account"]?.string }))
      let nothing = try await http.get("/v1/liabilities?day=2001-01-01")
      #expect(nothing.rows.isEmpty && nothing.json["inputs"]?["accounts_left_out"]?["not_told"] != nil)
      #expect(!liabilities.isEmpty && liabilities.allSatisfy { $0["currency"] == "USD" })
    }
  }
}
