import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@Suite struct `Transactions over HTTP` {
  /// An account of one's own with some rows; gives it and their ids.
  private static func book(_ http: HTTPBench) async throws -> (account: String, rows: [String]) {
    let made = try await http.post("/v1/accounts", ["name": "Cash", "kind": "cash", "currency": "USD"])
    let account = try #require(made.json["id"]?.string, "\(made.text)")
    var rows: [String] = []
    for (day, amount, name) in [
      ("2026-03-01", "-4.50", "Flea market"), ("2026-03-02", "-120.00", "Café Zürich"), ("2026-03-03", "20.00", "Gift"),
    ] {
      let row = try await http.post(
        "/v1/transactions",
        [
          "account": .string(account), "amount": ["amount": .string(amount), "currency": "USD"],
          "booked_on": .string(day), "name": .string(name),
        ])
      #expect(row.status == 201 && row.headers["Location"] == "/v1/transactions/\(row.json["id"]?.string ?? "")")
      rows.append(try #require(row.json["id"]?.string, "\(row.text)"))
    }
    return (account, rows)
  }

  @Test func `are written down by hand, and found by what they say`() async throws {
    try await HTTPBench.run { http in
      let (account, rows) = try await Self.book(http)
      func found(_ query: String) async throws -> [String] {
        try await http.get("/v1/transactions?\(query)").rows.compactMap { $0["id"]?.string }
      }
      #expect(try await found("account=\(account)") == rows.reversed())
      #expect(try await found("order=oldest") == rows)
      #expect(try await found("order=largest") == [rows[2], rows[0], rows[1]])
      #expect(try await found("order=smallest&limit=1") == [rows[1]])
      #expect(try await found("text=cafe%20zurich") == [rows[1]])
      #expect(try await found("text=ZÜR") == [rows[1]])
      #expect(try await found("text=zur%20gift").isEmpty)
      #expect(try await found("amount_from=-5&amount_to=0") == [rows[0]])
      #expect(try await found("currency=EUR").isEmpty)
      let all = try await http.get("/v1/transactions?account=\(account)").rows
      let nobodys = all.filter { $0["category"]?.string == nil }.compactMap { $0["id"]?.string }
      #expect(try await found("uncategorized=true") == nobodys)
      #expect(try await found("edited=true").isEmpty)
      #expect(try await found("from=2026-03-02&to=2026-03-02") == [rows[1]])
    }
  }

  @Test func `come in pages in every order`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      for order in ["newest", "oldest", "largest", "smallest"] {
        let whole = try await http.get("/v1/transactions?order=\(order)&limit=500").rows.prefix(120)
        var seen: [JSONValue] = []
        var cursor = ""
        while seen.count < 120 {
          let page = try await http.get("/v1/transactions?order=\(order)&limit=40\(cursor)")
          seen += page.rows
          cursor = "&cursor=\(try #require(page.json["next"]?.string))"
        }
        #expect(seen == Array(whole), "\(order)")
        #expect(
          try await http.get("/v1/transactions?order=newest&text=a\(cursor)").pointers == ["?cursor"],
          "another question")
      }
    }
  }

  @Test func `carry what people write, and take it back`() async throws {
    try await HTTPBench.run { http in
      let (_, rows) = try await Self.book(http)
      let tag = try #require(try await http.post("/v1/tags", ["name": "Trip"]).json["id"])
      let path = "/v1/transactions/\(rows[0])"
      let before = try await http.get(path)
      let body: JSONValue = [
        "category": "GENERAL_MERCHANDISE", "name": "Market", "notes": "Line\nand line", "tags": [tag],
        "fields": ["project": "garden"], "occurred_on": "2026-02-27", "excluded": true, "reviewed": true,
      ]
      let edited = try await http.send("PATCH", path, body)
      #expect(edited.status == 200, "\(edited.text)")
      for (key, value) in [
        ("category", "GENERAL_MERCHANDISE"), ("name", "Market"), ("notes", "Line\nand line"), ("tags", [tag]),
        ("fields", ["project": "garden"]), ("occurred_on", "2026-02-27"), ("excluded", true), ("reviewed", true),
        ("flow", "excluded"), ("booked_on", "2026-03-01"),
      ] as [(String, JSONValue)] { #expect(edited.json[key] == value, "\(key)") }
      #expect(try await http.get(path).json == edited.json)
      for query in ["edited=true", "reviewed=true", "excluded=true", "category=GENERAL_MERCHANDISE", "text=garden"] {
        let found = try await http.get("/v1/transactions?\(query)").rows.count
        #expect(found == (query == "text=garden" ? 0 : 1), "\(query)")
      }
      #expect(try await http.get("/v1/transactions?tag=\(tag.string ?? "")").rows.count == 1)

      let history = try await http.get("\(path)/history").rows
      #expect(history.contains { $0["field"] == "notes" && $0["after"] == "Line\nand line" })
      let group = try #require(edited.headers["Magpie-Change"])
      #expect(history.first?["group"] == .string(group) && history.first?["through"] == "api")
      let undone = try await http.post("/v1/changes/\(group)/undo")
      #expect(undone.status == 200)
      #expect(try await http.get(path).json == before.json)
      #expect(try await http.post("/v1/changes/\(group)/undo").code == "change.undone")
      let again = try #require(undone.json["change"]?.string)
      #expect(try await http.post("/v1/changes/\(again)/undo").status == 200)
      #expect(try await http.get(path).json == edited.json)
      #expect(try await http.send("PATCH", path, ["category": .null, "fields": ["project": .null]]).status == 200)
      #expect(try await http.get(path).json["fields"] == [:])
      #expect(try await http.post("/v1/changes/\(http.bench.world.newID(ChangeGroup.self))/undo").status == 404)
    }
  }

  @Test func `refuse what is not there, each by its place`() async throws {
    try await HTTPBench.run { http in
      let (account, rows) = try await Self.book(http)
      let path = "/v1/transactions/\(rows[0])"
      let nobody = http.bench.world.newID(Store.Tag.self).description
      let body: JSONValue = ["category": "NOT_A_PLACE", "tags": [.string(nobody)], "fields": ["a\nb": "x"]]
      #expect(try await http.send("PATCH", path, body).pointers == ["/fields"])
      let known = try await http.send("PATCH", path, body.removing(keys: ["fields"]))
      #expect(known.status == 422 && known.pointers == ["/category", "/tags/0"])
      #expect(try await http.send("PATCH", path, ["note": "x", "reviewed": 1]).pointers == ["/note", "/reviewed"])
      let absent = http.bench.world.newID(Transaction.self)
      #expect(
        try await http.send("PATCH", "/v1/transactions/\(absent)", ["notes": "x"]).code == "transaction.not_found")
      #expect(try await http.get("/v1/transactions/\(absent)").code == "transaction.not_found")
      #expect(try await http.get("/v1/transactions/\(absent)/history").code == "transaction.not_found")
      var row: JSONValue = [
        "account": .string(account), "amount": ["amount": "1.234", "currency": "USD"], "booked_on": "2026-02-30",
        "name": "x",
      ]
      #expect(try await http.post("/v1/transactions", row).pointers == ["/amount/amount", "/booked_on"])
      row["amount"] = ["amount": "1", "currency": "USD"]
      row["booked_on"] = "2026-02-28"
      row["account"] = .string(http.bench.world.newID(Account.self).description)
      #expect(try await http.post("/v1/transactions", row).pointers == ["/account"])
    }
  }

  @Test func `are changed only as they were seen, where that is asked`() async throws {
    try await HTTPBench.run { http in
      let (_, rows) = try await Self.book(http)
      let path = "/v1/transactions/\(rows[0])"
      let tag = try #require(try await http.get(path).headers["ETag"])
      let first = try await http.send("PATCH", path, ["notes": "one"], headers: ["If-Match": tag])
      #expect(first.status == 200 && first.headers["ETag"] != tag)
      let late = try await http.send("PATCH", path, ["notes": "two"], headers: ["If-Match": tag])
      #expect(late.status == 412 && late.code == "precondition.failed")
      let shown = try #require(first.headers["ETag"])
      #expect(try await http.send("GET", path, headers: ["If-None-Match": shown]).status == 304)
      #expect(try await http.send("DELETE", path, headers: ["If-Match": tag]).status == 412)
      #expect(try await http.send("DELETE", path, headers: ["If-Match": shown]).status == 204)
    }
  }

  @Test func `are made once under one key`() async throws {
    try await HTTPBench.run { http in
      let (account, _) = try await Self.book(http)
      let row: JSONValue = [
        "account": .string(account), "amount": ["amount": "-1", "currency": "USD"], "booked_on": "2026-03-05",
        "name": "Once",
      ]
      let key: HeaderFields = ["Idempotency-Key": "k1"]
      let first = try await http.send("POST", "/v1/transactions", row, headers: key)
      let second = try await http.send("POST", "/v1/transactions", row, headers: key)
      #expect(first.status == 201 && second.json == first.json)
      #expect(try await http.get("/v1/transactions?text=once").rows.count == 1)
    }
  }

  @Test func `stand in parts that come to their amount`() async throws {
    try await HTTPBench.run { http in
      let (_, rows) = try await Self.book(http)
      let path = "/v1/transactions/\(rows[1])/splits"
      func split(_ parts: [(String, JSONValue)]) async throws -> HTTPBench.Answer {
        let splits: [JSONValue] = parts.map { amount, category in
          ["amount": ["amount": .string(amount), "currency": "USD"], "category": category]
        }
        return try await http.send("PUT", path, ["splits": .array(splits)])
      }
      let done = try await split([("-100", "FOOD_AND_DRINK_GROCERIES"), ("-20", .null)])
      #expect(done.status == 200, "\(done.text)")
      #expect(done.json["splits"]?.elements.count == 2)
      #expect(done.json["splits"]?.elements.first?["category"] == "FOOD_AND_DRINK_GROCERIES")
      #expect(try await split([("-100", .null), ("-19.99", .null)]).pointers == ["/splits"])
      #expect(try await split([("-120", .null)]).pointers == ["/splits"])
      #expect(try await split([("-100", "NOWHERE"), ("-20", .null)]).pointers == ["/splits/0/category"])
      let foreign: JSONValue = ["amount": ["amount": "-60", "currency": "EUR"]]
      let refused = try await http.send("PUT", path, ["splits": [foreign, foreign]])
      #expect(refused.pointers == ["/splits/0/amount/currency", "/splits/1/amount/currency"])
      #expect(try await http.get("/v1/transactions?category=FOOD_AND_DRINK").rows.count == 1)
      #expect(try await split([]).json["splits"] == [])
    }
  }

  @Test func `keep parts that come to what the bank says, and are looked at again`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      let items = try await http.bench.control("state")["items"]?.elements ?? []
      let item = try #require(items.first?["item_id"])
      /// The bank corrects its newest posted row by a dollar.
      func correct() async throws -> [JSONValue] {
        _ = try await http.bench.control("item/correct", ["item_id": item, "rows": 1, "by_minor": 100])
        #expect(try await http.post("/v1/connections/\(id)/sync").status == 200)
        return try await http.get("/v1/transactions?limit=500").rows
      }
      let before = try await http.get("/v1/transactions?limit=500").rows
      let row = try #require(try await correct().first { !before.contains($0) })
      let path = "/v1/transactions/\(row["id"]?.string ?? "")"
      let amount = try Money(decimal: try #require(row["amount"]?["amount"]?.string), .usd)
      let part = Money(minorUnits: amount.minorUnits - 1, .usd)
      let splits: JSONValue = [
        "splits": [
          ["amount": ["amount": "0.01", "currency": "USD"], "note": "A penny"],
          ["amount": ["amount": .string(part.decimal), "currency": "USD"]],
        ]
      ]
      #expect(try await http.send("PUT", "\(path)/splits", splits).status == 200)
      #expect(try await http.send("PATCH", path, ["reviewed": true]).json["reviewed"] == true)
      _ = try await correct()
      let after = try await http.get(path).json
      let parts = try (after["splits"]?.elements ?? []).map {
        try Money(decimal: $0["amount"]?["amount"]?.string ?? "", .usd).minorUnits
      }
      let now = try Money(decimal: after["amount"]?["amount"]?.string ?? "", .usd).minorUnits
      #expect(now != amount.minorUnits && parts.count == 2 && parts.first == 1)
      #expect(parts.reduce(0, +) == now && after["reviewed"] == false)
    }
  }

  @Test func `are deleted and brought back by people`() async throws {
    try await HTTPBench.run { http in
      let (_, rows) = try await Self.book(http)
      let path = "/v1/transactions/\(rows[0])"
      let gone = try await http.send("DELETE", path)
      #expect(gone.status == 204 && gone.text.isEmpty && gone.headers["Magpie-Change"] != nil)
      #expect(try await http.send("DELETE", path).headers["Magpie-Change"] == nil, "it was before")
      #expect(try await http.get("/v1/transactions").rows.count == 2)
      #expect(try await http.get("/v1/transactions?deleted=true").rows.count == 1)
      #expect(try await http.get(path).json["deleted"] == true)
      #expect(try await http.post("\(path)/restore").json["deleted"] == false)
      #expect(try await http.get("/v1/transactions").rows.count == 3)
    }
  }

  @Test func `change many at one stroke, and show before what would`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let count = try await http.get("/v1/transactions?text=uber&limit=500").rows.count
      #expect(count > 1)
      let tag = try #require(try await http.post("/v1/tags", ["name": "Rides"]).json["id"])
      var body: JSONValue = [
        "filter": ["text": "UBER"], "set": ["reviewed": true], "add_tags": [tag], "dry_run": true,
      ]
      let dry = try await http.post("/v1/transactions/bulk", body)
      #expect(dry.json["matched"] == .int(count) && dry.json["changed"] == .int(count) && dry.json["change"] == .null)
      #expect(try await http.get("/v1/transactions?reviewed=true").rows.isEmpty)
      body["dry_run"] = false
      let done = try await http.post("/v1/transactions/bulk", body)
      #expect(done.json["changed"] == .int(count), "\(done.text)")
      #expect(try await http.get("/v1/transactions?reviewed=true&limit=500").rows.count == count)
      #expect(try await http.post("/v1/transactions/bulk", body).json["changed"] == 0)
      let tagged = try await http.get("/v1/tags").rows.first
      #expect(tagged?["transactions"] == .int(count))
      let group = try #require(done.json["change"]?.string)
      #expect(done.headers["Magpie-Change"] == group)
      #expect(try await http.post("/v1/changes/\(group)/undo").status == 200)
      #expect(try await http.get("/v1/transactions?edited=true").rows.isEmpty)

      let ids = try await http.get("/v1/transactions?limit=2").rows.compactMap { $0["id"] }
      let some = try await http.post("/v1/transactions/bulk", ["ids": .array(ids), "deleted": true])
      #expect(some.json["changed"] == 2)
      #expect(try await http.post("/v1/transactions/bulk", [:]).pointers == ["/ids"])
      #expect(
        try await http.post("/v1/transactions/bulk", ["ids": .array(ids), "filter": [:]]).pointers == ["/filter"])
      let nobody: JSONValue = .string(http.bench.world.newID(Transaction.self).description)
      #expect(
        try await http.post("/v1/transactions/bulk", ["ids": [ids[0], nobody], "deleted": true]).pointers == ["/ids/1"])
      let odd: JSONValue = ["filter": ["from": "2026-02-02", "to": "2026-01-01"], "set": ["category": "NOWHERE"]]
      #expect(try await http.post("/v1/transactions/bulk", odd).pointers == ["/filter/to"])
    }
  }

  @Test func `are asked for by views that people save`() async throws {
    try await HTTPBench.run { http in
      let body: JSONValue = ["name": "Eating out", "query": "category=FOOD_AND_DRINK&order=largest"]
      let made = try await http.post("/v1/views", body)
      #expect(made.status == 201 && made.json["yours"] == true, "\(made.text)")
      let path = try #require(made.headers["Location"])
      #expect(try await http.get("/v1/transactions?\(made.json["query"]?.string ?? "")").status == 200)
      for query in ["catgory=X", "from=yesterday", "limit=5", "order=best", "from=2026-02-02&to=2026-01-01"] {
        let answer = try await http.post("/v1/views", ["name": "x", "query": .string(query)])
        #expect(answer.pointers == ["/query"], "\(query)")
      }
      let changed = try await http.send("PATCH", path, ["name": "Food", "shared": true])
      #expect(changed.json["name"] == "Food" && changed.json["shared"] == true)
      #expect(try await http.get("/v1/views").rows == [changed.json])
      #expect(try await http.send("DELETE", path).status == 204)
      #expect(try await http.get(path).code == "view.not_found")
    }
  }
}
