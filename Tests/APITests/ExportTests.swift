import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

@Suite struct `Transactions as a table` {
  @Test func `are all of the list, in its order`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      var ids: [String] = []
      var cursor = ""
      repeat {
        let page = try await http.get("/v1/transactions?limit=500&order=oldest\(cursor)")
        ids += page.rows.compactMap { $0["id"]?.string }
        cursor = page.json["next"]?.string.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty
      let table = try await http.get("/v1/transactions.csv?order=oldest")
      #expect(table.status == 200 && table.headers["Content-Type"]?.hasPrefix("text/csv") == true)
      let lines = table.text.split(separator: "\r\n")
      #expect(lines.count == ids.count + 1 && ids.count > 500, "more than one page")
      #expect(lines.dropFirst().map { $0.prefix { $0 != "," } }.elementsEqual(ids.map { $0[...] }))
      #expect(try await http.get("/v1/transactions.csv?text=nothing%20has%20this").text == TransactionTable.head)
      #expect(try await http.get("/v1/transactions.csv?limit=5").pointers == ["?limit"])
      #expect(try await http.send("GET", "/v1/transactions.csv", token: "wrong").status == 401)
      #expect(try await http.send("HEAD", "/v1/transactions.csv").text.isEmpty)
    }
  }

  @Test func `show the parts of a divided one, and fields of one's own`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let row = try #require(try await http.get("/v1/transactions?limit=1&amount_to=-1").rows.first)
      let (id, whole) = (row["id"]?.string ?? "", row["amount"]?["amount"]?.string ?? "")
      let rest = Money(minorUnits: try Money(decimal: whole, .usd).minorUnits + 25, .usd).decimal
      let split = try await http.send(
        "PUT", "/v1/transactions/\(id)/splits",
        [
          "splits": [
            [
              "amount": ["amount": "-0.25", "currency": "USD"], "category": "FOOD_AND_DRINK_GROCERIES",
              "note": "milk; eggs",
            ], ["amount": ["amount": .string(rest), "currency": "USD"]],
          ]
        ])
      #expect(split.status == 200, "\(split.text)")
      _ = try await http.send("PATCH", "/v1/transactions/\(id)", ["fields": ["room": "kitchen"]])
      let table = try await http.get("/v1/transactions.csv")
      let line = try #require(table.text.split(separator: "\r\n").first { $0.hasPrefix(id) })
      #expect(line.hasSuffix(",\"FOOD_AND_DRINK_GROCERIES -0.25 milk, eggs; * \(rest)\",room=kitchen"), "\(line)")
    }
  }

  @Test(arguments: [
    ("plain", "plain"), ("a, \"b\"", "\"a, \"\"b\"\"\""), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"),
    ("@x", "'@x"),
    ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("=cmd|'/c calc'!A1,x", "\"'=cmd|'/c calc'!A1,x\""),
    ("\u{FF1D}1", "'\u{FF1D}1"), ("two\nlines", "\"two\nlines\""), ("", ""),
  ])
  func `are no formulas`(text: String, cell: String) { #expect(TransactionTable.cell(text) == cell) }
}
