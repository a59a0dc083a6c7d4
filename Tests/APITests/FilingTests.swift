import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@Suite struct `Filing over HTTP` {
  @Test func `has a tree of categories that people make their own`() async throws {
    try await HTTPBench.run { http in
      let all = try await http.get("/v1/categories").rows
      #expect(all.count > 50 && all.first?["parent"] == .null && all.dropFirst().first?["parent"] != .null)
      let made = try await http.post("/v1/categories", ["name": "Garden", "parent": "HOME_IMPROVEMENT"])
      #expect(made.status == 201 && made.json["flow"] == "expense" && made.json["system"] == false, "\(made.text)")
      let path = try #require(made.headers["Location"])
      let code = try #require(made.json["code"])
      #expect(
        try await http.post("/v1/categories", ["name": "x", "parent": code]).pointers == ["/parent"], "two levels")
      #expect(try await http.post("/v1/categories", ["name": "x", "parent": "NOWHERE"]).pointers == ["/parent"])
      let edited = try await http.send("PATCH", path, ["name": "Gardens", "color": "#1a7f5a", "flow": "transfer"])
      #expect(
        edited.json["name"] == "Gardens" && edited.json["flow"] == "transfer" && edited.json["color"] == "#1a7f5a")
      let system = "/v1/categories/FOOD_AND_DRINK_COFFEE"
      #expect(try await http.send("PATCH", system, ["name": "Coffee!"]).json["name"] == "Coffee!")
      #expect(try await http.send("PATCH", system, ["flow": "income"]).code == "category.fixed")
      #expect(try await http.send("DELETE", system).code == "category.fixed")
      #expect(try await http.send("PATCH", "/v1/categories/NOWHERE", ["name": "x"]).code == "category.not_found")

      _ = try await http.link()
      let row = try #require(try await http.get("/v1/transactions?limit=1").rows.first?["id"]?.string)
      #expect(try await http.send("PATCH", "/v1/transactions/\(row)", ["category": code]).status == 200)
      #expect(try await http.send("DELETE", path).code == "category.in_use")
      #expect(try await http.send("DELETE", "\(path)?replacement=NOWHERE").pointers == ["?replacement"])
      let merged = try await http.post("\(path)/merge", ["into": "HOME_IMPROVEMENT_FURNITURE"])
      #expect(merged.json["code"] == "HOME_IMPROVEMENT_FURNITURE", "\(merged.text)")
      #expect(try await http.get("/v1/transactions/\(row)").json["category"] == "HOME_IMPROVEMENT_FURNITURE")
      #expect(try await http.send("DELETE", path).code == "category.not_found")
      let group = try #require(merged.headers["Magpie-Change"])
      #expect(try await http.post("/v1/changes/\(group)/undo").status == 200)
      #expect(try await http.get("/v1/transactions/\(row)").json["category"] == code)
    }
  }

  @Test func `has tags, each name once`() async throws {
    try await HTTPBench.run { http in
      let one = try await http.post("/v1/tags", ["name": "Éire 2026", "color": "#1a7f5a"])
      #expect(one.status == 201 && one.json["transactions"] == 0)
      let taken = try await http.post("/v1/tags", ["name": "eire 2026"])
      #expect(
        taken.code == "tag.name_taken" && taken.json["detail"]?.string?.contains(one.json["id"]?.string ?? "-") == true)
      let two = try await http.post("/v1/tags", ["name": "Other"])
      let (first, second) = (try #require(one.headers["Location"]), try #require(two.headers["Location"]))
      #expect(try await http.send("PATCH", second, ["name": "EIRE 2026"]).code == "tag.name_taken")
      #expect(try await http.send("PATCH", second, ["color": "#000000"]).json["color"] == "#000000")
      _ = try await http.link()
      let row = try #require(try await http.get("/v1/transactions?limit=1").rows.first?["id"]?.string)
      let tags: JSONValue = ["tags": [one.json["id"] ?? .null]]
      #expect(try await http.send("PATCH", "/v1/transactions/\(row)", tags).status == 200)
      let replaced = try await http.send("DELETE", "\(first)?replacement=\(two.json["id"]?.string ?? "")")
      #expect(replaced.status == 204, "\(replaced.text)")
      #expect(try await http.get("/v1/transactions/\(row)").json["tags"] == [two.json["id"] ?? .null])
      #expect(try await http.get("/v1/tags").rows.map { $0["name"] } == ["Other"])
      #expect(try await http.send("DELETE", first).code == "tag.not_found")
    }
  }

  @Test func `gathers merchants, which people call what they like`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let (scope, world) = (http.bench.scope.wholeHousehold, http.bench.world)
      var isMore = true
      while isMore {
        isMore = try await http.bench.database.write {
          try Search.catchUp(rowsMax: 5_000, world: world, scope, $0)
        }
      }
      var seen: [JSONValue] = []
      var cursor = ""
      repeat {
        let page = try await http.get("/v1/merchants?limit=5\(cursor)")
        seen += page.rows
        cursor = page.json["next"]?.string.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty
      let ids = Set(seen.compactMap { $0["id"]?.string })
      #expect(seen.count > 5 && ids.count == seen.count)
      let merchant = try #require(seen.first)
      let path = "/v1/merchants/\(merchant["id"]?.string ?? "")"
      let renamed = try await http.send("PATCH", path, ["name": "The corner shop", "hidden": true])
      #expect(renamed.json["name"] == "The corner shop" && renamed.json["bank_name"] == merchant["bank_name"])
      #expect(try await http.get("/v1/merchants?text=the%20corner%20shop").rows == [renamed.json])
      let rows = try await http.get("/v1/transactions?merchant=\(merchant["id"]?.string ?? "")").rows
      #expect(!rows.isEmpty && rows.allSatisfy { $0["merchant"] == merchant["bank_name"] })
      #expect(try await http.send("PATCH", path, ["name": .null]).json["name"] == merchant["bank_name"])
      #expect(try await http.get("/v1/merchants/\(world.newID(Merchant.self))").code == "merchant.not_found")
    }
  }
}
