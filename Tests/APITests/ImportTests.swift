import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

@Suite struct `Importing a bank's file` {
  private static let file =
    "Date,Description,Amount,Balance\n2026-03-12,Corner shop,-3.50,96.50\nTotal,,-3.50,\n"

  private static func post(
    _ http: HTTPBench, _ query: String, _ file: String = file, plan: Bool = false, headers: HeaderFields = .init()
  ) async throws -> HTTPBench.Answer {
    let path = plan ? "/v1/imports/plan" : "/v1/imports"
    return try await http.send(
      "POST", query.isEmpty ? path : "\(path)?\(query)", raw: Array(file.utf8), headers: headers)
  }

  @Test func `is shown first, then written as one change, and undone as one`() async throws {
    try await HTTPBench.run { http in
      let plan = try await Self.post(http, "", plan: true)
      #expect(plan.status == 200, "\(plan.text)")
      #expect(plan.json == Wire.importPlanExample, "\(plan.text)")
      #expect(try await http.get("/v1/accounts").rows.isEmpty, "nothing is written")

      let made = try await Self.post(http, "name=Old%20bank&kind=savings&currency=USD")
      #expect(made.status == 201, "\(made.text)")
      #expect(PromiseTestsDifferences.between(Wire.importExample, made.json).isEmpty, "\(made.text)")
      let account = try #require(made.json["account"]?.string)
      let shown = try await http.get("/v1/accounts/\(account)").json
      #expect(shown["name"] == "Old bank" && shown["by_hand"] == true)
      #expect(shown["balance"]?["current"]?["amount"] == "96.50" || shown.text().contains("96.50"), "\(shown.text())")
      let rows = try await http.get("/v1/transactions?account=\(account)").rows
      #expect(rows.count == 1)
      #expect(rows.first?["amount"]?["amount"] == "-3.50" && rows.first?["name"] == "Corner shop")
      let change = try #require(made.json["change"]?.string)
      #expect(made.headers["Magpie-Change"] == change)

      let again = try await Self.post(http, "account=\(account)")
      #expect(again.status == 200 && again.headers["Magpie-Change"] == nil, "\(again.text)")
      #expect(PromiseTestsDifferences.between(Wire.nothingImportedExample, again.json).isEmpty, "\(again.text)")
      #expect(again.json["known"] == 1)

      let undone = try await http.send("POST", "/v1/changes/\(change)/undo")
      #expect(undone.status < 300, "\(undone.text)")
      #expect(try await http.get("/v1/accounts").rows.isEmpty, "the account that it made went too")
      #expect(try await http.get("/v1/transactions").rows.isEmpty)
    }
  }

  @Test func `brings an export of ours back as it was filed`() async throws {
    try await HTTPBench.run { http in
      let first = try await http.send("POST", "/v1/accounts", ["name": "Cash", "kind": "cash", "currency": "USD"])
      let account = try #require(first.json["id"]?.string)
      let own = try await http.send("POST", "/v1/categories", ["name": "Bees & honey"])
      let code = try #require(own.json["code"]?.string, "\(own.text)")
      for (name, category) in [("Hives", code), ("Kiosk", "FOOD_AND_DRINK_GROCERIES")] {
        let made = try await http.send(
          "POST", "/v1/transactions",
          [
            "account": .string(account), "amount": ["amount": "-4.50", "currency": "USD"], "booked_on": "2026-03-12",
            "name": .string(name), "category": .string(category),
          ])
        #expect(made.status == 201, "\(made.text)")
      }
      let file = try await http.get("/v1/transactions.csv").text
      #expect(file.contains(code), "\(file)")
      let plan = try await Self.post(http, "name=Twin&currency=USD", file, plan: true)
      let told = (plan.json["rows"]?.elements ?? []).compactMap { $0["category"]?.string }
      #expect(Set(told) == [code, "FOOD_AND_DRINK_GROCERIES"], "\(plan.text)")
      let twin = try await Self.post(http, "name=Twin&currency=USD", file)
      let copy = try #require(twin.json["account"]?.string, "\(twin.text)")
      let rows = try await http.get("/v1/transactions?account=\(copy)").rows
      #expect(Set(rows.compactMap { $0["category"]?.string }) == [code, "FOOD_AND_DRINK_GROCERIES"])
      let same = try await Self.post(http, "account=\(account)", file)
      #expect(same.json["imported"] == 0 && same.json["known"] == 2, "\(same.text)")
    }
  }

  @Test func `comes back as it was after it was undone`() async throws {
    try await HTTPBench.run { http in
      let made = try await http.send("POST", "/v1/accounts", ["name": "Cash", "kind": "cash", "currency": "USD"])
      let account = try #require(made.json["id"]?.string)
      let two = Self.file + "2026-03-12,Corner shop,-3.50,93.00\n2026-03-15,NETFLIX.COM,-2.00,91.00\n"
      let first = try await Self.post(http, "account=\(account)", two)
      #expect(first.json["imported"] == 3, "\(first.text)")
      let rows = try await http.get("/v1/transactions?account=\(account)").rows
      let film = try #require(rows.first { $0["name"] == "NETFLIX.COM" }?["id"]?.string)
      #expect(
        rows.first { $0["name"] == "NETFLIX.COM" }?["category"]?.string?.hasPrefix("ENTERTAINMENT") == true,
        "it is judged as a bank's row is")
      _ = try await http.send("PATCH", "/v1/transactions/\(film)", ["notes": "Sunday"])
      let change = try #require(first.json["change"]?.string)
      #expect(try await http.send("POST", "/v1/changes/\(change)/undo").status < 300)
      #expect(try await http.get("/v1/transactions?account=\(account)").rows.isEmpty)
      let plan = try await Self.post(http, "account=\(account)", two, plan: true)
      #expect(plan.json["counts"]?["new"] == 3, "\(plan.text)")
      let second = try await Self.post(http, "account=\(account)", two)
      #expect(second.json["imported"] == 3, "\(second.text)")
      let back = try await http.get("/v1/transactions?account=\(account)").rows
      #expect(back.count == 3)
      #expect(
        back.first { $0["id"]?.string == film }?["notes"] == "Sunday", "the same rows, with what was written on them")

      // What a person deleted stays deleted.
      _ = try await http.send("DELETE", "/v1/transactions/\(film)")
      let third = try await Self.post(http, "account=\(account)", two)
      #expect(third.json["imported"] == 0 && third.json["known"] == 3, "\(third.text)")
      #expect(try await http.get("/v1/transactions?account=\(account)").rows.count == 2)
    }
  }

  @Test func `into a bank's own account leaves out what the bank sent in other words`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let rows = try await http.get("/v1/transactions?limit=50").rows.filter { $0["pending"] == false }
      let row = try #require(rows.first)
      let (account, day) = (try #require(row["account"]?.string), try #require(row["booked_on"]?.string))
      let amount = try #require(row["amount"]?["amount"]?.string)
      let text = "Date,Description,Amount\n\(day),In the file's words,\(amount)\n1999-01-04,Long ago,-1.00\n"
      let plan = try await Self.post(http, "account=\(account)", text, plan: true)
      #expect(plan.json["counts"]?["possible"] == 1 && plan.json["counts"]?["new"] == 1, "\(plan.text)")
      let possible = plan.json["rows"]?.elements.first { $0["standing"] == "possible" }
      #expect(possible?["transaction"]?.string?.hasPrefix("txn_") == true)
      let before = try await http.get("/v1/accounts/\(account)").json["balances"]
      let made = try await Self.post(http, "account=\(account)", text)
      #expect(made.json["imported"] == 1 && made.json["left_out"] == 1, "\(made.text)")
      #expect(made.json["balance_kept"] == false, "its balance is the bank's word")
      #expect(try await http.get("/v1/accounts/\(account)").json["balances"] == before)
      let all = try await Self.post(http, "account=\(account)&with_possible=true", text)
      #expect(all.json["imported"] == 1 && all.json["known"] == 1, "\(all.text)")
    }
  }

  @Test func `keeps the totals equal to the rows, and is told`() async throws {
    try await HTTPBench.run { http in
      let lines = (0..<40).map { "2026-0\($0 % 3 + 1)-1\($0 % 7),Shop \($0 % 5),-\($0 % 9 + 1).25\n" }.joined()
      let made = try await Self.post(http, "name=Card&kind=credit_card&currency=USD", "Date,Payee,Amount\n" + lines)
      #expect(made.json["imported"] == 40, "\(made.text)")
      let scope = http.bench.scope
      #expect(try await http.bench.database.read { try Totals.check(scope, $0) }.isEmpty)
      let change = try #require(made.json["change"]?.string)
      _ = try await http.send("POST", "/v1/changes/\(change)/undo")
      #expect(try await http.bench.database.read { try Totals.check(scope, $0) }.isEmpty)
    }
  }

  @Test func `is done once under one key, and only once`() async throws {
    try await HTTPBench.run { http in
      let key: HeaderFields = ["Idempotency-Key": "import-1"]
      let one = try await Self.post(http, "name=A&currency=USD", headers: key)
      let two = try await Self.post(http, "name=A&currency=USD", headers: key)
      #expect(one.status == 201 && two.json == one.json && two.headers["Idempotent-Replayed"] == "true", "\(two.text)")
      let other = try await Self.post(http, "name=A&currency=USD", Self.file + "\n", headers: key)
      #expect(other.code == "idempotency.key_reused", "\(other.text)")
      #expect(try await http.get("/v1/accounts").rows.count == 1)
    }
  }

  @Test func `says what is wrong with a file, and writes nothing of it`() async throws {
    try await HTTPBench.run { http in
      for (query, file, code) in [
        ("name=A&currency=USD", "", "import.unreadable"), ("name=A&currency=USD", "%PDF-1.7", "import.unreadable"),
        ("name=A&currency=USD&format=mt940", Self.file, "import.unreadable"), ("", Self.file, "input.invalid"),
        ("name=A", Self.file, "input.invalid"), ("account=acc_01kj3v5d8ve2r9q0w4y7h6t1cz", Self.file, "input.invalid"),
        ("name=A&currency=USD&statement=1", Self.file, "import.unreadable"),
        ("name=A&currency=USD&columns=date,nonsense", Self.file, "input.invalid"),
      ] {
        let answer = try await Self.post(http, query, file)
        #expect(answer.status == 422 && answer.code?.hasPrefix(code.prefix(6)) == true, "\(query): \(answer.text)")
      }
      // Whoever goes on sending when the answer is there may find the line cut before reading it.
      do {
        let large = try await http.send("POST", "/v1/imports/plan", raw: [UInt8](repeating: 65, count: 9 << 20))
        #expect(large.status == 413)
      } catch HTTPClientError.cut {}
      let twoMegabytes = Self.file + String(repeating: "2026-03-12,Row,-1.00,\n", count: 90_000)
      let long = try await Self.post(http, "", twoMegabytes, plan: true)
      #expect(long.code == "import.too_long", "\(long.text.prefix(300))")
      #expect(try await http.get("/v1/accounts").rows.isEmpty)
    }
  }

  @Test func `of another household, or withheld, is no place for a file`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let world = house.bench.world
    let other = Scope(household: world.newID(), user: world.newID())
    try await house.bench.database.write { session in
      try Households.create(other, name: "Other", timeZone: "UTC", currency: .usd, now: world.now(), session)
    }
    _ = try await house.add("stranger@x.example", .owner, to: other)
    _ = try await house.add("member@x.example", .member)
    _ = try await house.add("viewer@x.example", .viewer)
    let (owner, stranger) = (try await house.token(), try await house.token("stranger@x.example"))
    let member = try await house.token("member@x.example")
    let new: JSONValue = ["name": "Cash", "kind": "cash", "currency": "USD"]
    let own = try #require(try await house.send("POST", "/v1/accounts", new, token: owner).json["id"]?.string)
    let theirs = try #require(try await house.send("POST", "/v1/accounts", new, token: stranger).json["id"]?.string)
    func ask(_ path: String, _ account: String, _ token: String) async throws -> HTTPBench.Answer {
      try await house.send("POST", "\(path)?account=\(account)", raw: Array(Self.file.utf8), token: token)
    }
    for path in ["/v1/imports/plan", "/v1/imports"] {
      let foreign = try await ask(path, theirs, owner)
      #expect(foreign.status == 422 && foreign.text.contains("is not an account here"), "\(path): \(foreign.text)")
      let viewer = try await ask(path, own, try await house.token("viewer@x.example"))
      #expect(viewer.code == "role.too_low", "\(viewer.text)")
      #expect(try await ask(path, own, member).status < 300)
      for level in ["balances", "hidden"] {
        let shared = try await house.send(
          "PUT", "/v1/accounts/\(own)/sharing", ["level": .string(level)], token: owner)
        #expect(shared.status == 200, "\(shared.text)")
        let answer = try await ask(path, own, member)
        #expect(answer.status == 422 && answer.text.contains("is not an account here"), "\(level): \(answer.text)")
      }
      _ = try await house.send("PUT", "/v1/accounts/\(own)/sharing", ["level": "full"], token: owner)
    }
    let log = try await house.send("GET", "/v1/audit-log", token: owner)
    #expect(log.rows.filter { $0["action"] == "import.made" }.count == 1, "the one that was let through")
  }
}

private enum PromiseTestsDifferences {
  static func between(_ example: JSONValue, _ answer: JSONValue) -> [String] {
    `What the description promises`.differences(example, answer, at: "")
  }
}
