import Basics
import Finance
import HTTP
import JSON
import Testing

@testable import API

/// The same number asked for in several ways is the same number: whatever currencies, parts and tags are in it.
@Suite struct `Measures of one household` {
  private static func minor(_ money: JSONValue?) throws -> Int64 {
    let text = try #require(money?["amount"]?.string)
    let currency = try #require(money?["currency"]?.string.flatMap { Currency(stored: $0) })
    return try Money(decimal: text, currency).minorUnits
  }

  private static func money(_ amount: String, _ currency: String) -> JSONValue {
    ["amount": .string(amount), "currency": .string(currency)]
  }

  /// A linked household that also spends euros and yen, with rates that move, of which only euros have some.
  private static func run(_ body: (HTTPBench, _ euros: String) async throws -> Void) async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      func account(_ currency: String, _ amount: String) async throws -> String {
        let made = try await http.post(
          "/v1/accounts",
          [
            "name": .string(currency), "kind": "cash", "currency": .string(currency),
            "balance": money(amount, currency),
          ])
        return try #require(made.json["id"]?.string, "\(made.text)")
      }
      let (euros, yen) = (try await account("EUR", "400.00"), try await account("JPY", "9000"))
      var tags: [JSONValue] = []
      for name in ["holiday", "kids"] {
        tags.append(try await http.post("/v1/tags", ["name": .string(name)]).json["id"] ?? .null)
      }
      let rows = [
        ("2025-10-31", "-10.01"), ("2025-11-01", "-20.02"), ("2025-12-31", "-33.33"), ("2026-01-01", "-7.77"),
        ("2026-01-31", "-120.50"), ("2026-02-28", "90.00"), ("2026-03-01", "-1.11"),
      ]
      for (day, amount) in rows {
        for (id, currency) in [(euros, "EUR"), (yen, "JPY")] {
          let text = currency == "JPY" ? String(amount.split(separator: ".")[0]) : amount
          let made = try await http.post(
            "/v1/transactions",
            [
              "account": .string(id), "amount": money(text, currency), "booked_on": .string(day), "name": "Kiosk",
              "category": "FOOD_AND_DRINK_COFFEE", "tags": .array(tags),
            ])
          #expect(made.status == 201, "\(made.text)")
        }
      }
      let rates = [("2025-10-15", "1.05"), ("2025-12-31", "1.2"), ("2026-01-15", "1.1"), ("2026-03-01", "1.3")]
      let told = rates.map { day, rate -> JSONValue in
        ["currency": "EUR", "quote": "USD", "day": .string(day), "rate": .string(rate)]
      }
      #expect(try await http.post("/v1/rates", ["rates": .array(told)]).status == 200)
      try await body(http, euros)
    }
  }

  @Test func `come to the same sum however it is grouped, in currencies whose rates move`() async throws {
    try await Self.run { http, _ in
      for window in ["from=2025-10-20&to=2026-03-10", "from=2025-11-01&to=2025-12-31", "from=2026-01-01&to=2026-01-31"]
      {
        let expenses = try await http.get("/v1/expenses?\(window)").json
        for grouping in ["category", "group", "merchant", "account", "tag", "person"] {
          let answer = try await http.get("/v1/spending?\(window)&by=\(grouping)&limit=500")
          let total = answer.json["total"]
          #expect(total?["amount"] == expenses["expenses"], "\(grouping) \(window)")
          #expect(total?["before"] == expenses["before"], "\(grouping) \(window)")
          #expect(answer.json["inputs"]?["rows_counted"] == expenses["inputs"]?["rows_counted"])
          guard grouping != "tag" else { continue }
          // Lines are rounded one by one where they are converted.
          let lines = try answer.rows.reduce(Int64(0)) { try $0 + Self.minor($1["amount"]) }
          #expect(abs(lines - (try Self.minor(total?["amount"]))) <= 2, "\(grouping) \(window)")
        }
        let kiosk = try await http.get("/v1/spending?\(window)&by=merchant&limit=500").rows.first {
          $0["key"] == "Kiosk"
        }
        let opened = try await http.get("/v1/explain?measure=expenses&by=merchant&key=Kiosk&\(window)").json
        #expect(opened["value"] == kiosk?["amount"], "\(window)")
      }
    }
  }

  @Test func `are in the overview what they are by themselves`() async throws {
    try await Self.run { http, _ in
      let overview = try await http.get("/v1/overview").json
      #expect(overview["burn"]?["per_month"] == (try await http.get("/v1/burn")).json["per_month"])
      #expect(overview["runway"]?["months"] == (try await http.get("/v1/runway")).json["runway"]?["months"])
      let flows = try await http.get("/v1/cashflow?count=13").rows
      let months = overview["months"]?.elements ?? []
      #expect(months.count == 13)
      for (month, flow) in zip(months, flows) {
        for part in ["from", "income", "expenses", "net"] { #expect(month[part] == flow[part], "\(part)") }
      }
      #expect(overview["left_out"]?["currencies"] == ["JPY"], "no rate of it is known")
    }
  }

  @Test func `leave over in the picture of a window what is its net, also where more came back than went`() async throws
  {
    try await Self.run { http, euros in
      let window = "account=\(euros)&from=2026-02-01&to=2026-02-28"
      let summary = try await http.get("/v1/cashflow/summary?\(window)").json
      let net = try Self.minor(summary["window"]?["net"])
      #expect(net == 99_00)
      let links = summary["sankey"]?.elements ?? []
      let left = try links.filter { $0["to"] == "Left over" }.reduce(Int64(0)) { try $0 + Self.minor($1["amount"]) }
      #expect(left == net)
      #expect(links.first?["from"] == "Food and drink")
    }
  }

  @Test func `may be asked of some accounts alone`() async throws {
    try await Self.run { http, euros in
      let burn = try await http.get("/v1/burn?months=2&account=\(euros)").json
      // 128.27 euros at 1.1 in January, and 90.00 that came back at 1.1 in February.
      #expect(try Self.minor(burn["per_month"]) == (141_10 - 99_00) / 2)
      let opened = try await http.get("/v1/explain?measure=burn&months=2&account=\(euros)").json
      #expect(opened["value"] == burn["per_month"])
      #expect(burn["inputs"]?["from"] == "2026-01-01" && burn["inputs"]?["to"] == "2026-02-28")
      #expect(burn["inputs"]?["rows_counted"] == 3 && opened["rows_counted"] == 3)
      let worth = try await http.get("/v1/net-worth?every=day&from=2025-10-30&account=\(euros)").json
      #expect(worth["days"]?.elements.first?["day"] == "2025-10-30")
      #expect(try Self.minor(worth["days"]?.elements.last?["total"]) == 520_00)
      #expect(try await http.get("/v1/explain?measure=net_worth&account=\(euros)").json["value"]?["amount"] == "520.00")
      #expect(try await http.get("/v1/runway?account=\(euros)").json["liquid"]?["amount"] == "520.00")
      #expect(try await http.get("/v1/net-worth?from=2026-03-20&to=2026-03-10").pointers == ["?to"])
    }
  }

  @Test func `follow what the household counts by`() async throws {
    try await Self.run { http, _ in
      let changed = try await http.send(
        "PATCH", "/v1/household", ["base_currency": "EUR", "first_month_day": 25, "first_weekday": 7])
      #expect(changed.status == 200 && changed.json["first_month_day"] == 25, "\(changed.text)")
      let flows = try await http.get("/v1/cashflow?count=6").rows
      #expect(flows.allSatisfy { $0["from"]?.string?.hasSuffix("-25") == true && $0["net"]?["currency"] == "EUR" })
      for flow in flows {
        let (from, to) = (try #require(flow["from"]?.string), try #require(flow["to"]?.string))
        let window = try await http.get("/v1/expenses?from=\(from)&to=\(to)").json
        #expect(window["expenses"] == flow["expenses"], "\(from)")
      }
      #expect(try await http.get("/v1/cashflow?period=week&count=1").rows.first?["from"] == "2026-03-08")
      let budget = try await http.send("PUT", "/v1/budgets/FOOD_AND_DRINK", ["amount": "300.00"])
      #expect(budget.json["from"]?.string?.hasSuffix("-25") == true, "\(budget.text)")
      let refused = try await http.send("PATCH", "/v1/household", ["base_currency": "USD"])
      #expect(refused.status == 422 && refused.pointers == ["/base_currency"])
    }
  }

  @Test func `count no row by hand that was deleted in what an account held, and no balance of a day ahead`()
    async throws
  {
    try await HTTPBench.run { http in
      let made = try await http.post("/v1/accounts", ["name": "Wallet", "kind": "cash", "currency": "USD"])
      let path = "/v1/accounts/\(try #require(made.json["id"]?.string))"
      let today = try #require(try await http.get("/v1/net-worth").json["today"]?.string.flatMap { CalendarDate($0) })
      func balance(_ amount: String, on day: CalendarDate) async throws -> HTTPBench.Answer {
        try await http.send(
          "PATCH", path, ["balance": ["day": .string(day.description), "amount": Self.money(amount, "USD")]])
      }
      func row(_ amount: String, on day: CalendarDate) async throws -> String {
        let row: JSONValue = [
          "account": made.json["id"] ?? .null, "amount": Self.money(amount, "USD"), "name": "Kiosk",
          "booked_on": .string(day.description),
        ]
        return try #require(try await http.post("/v1/transactions", row).json["id"]?.string)
      }
      _ = try await balance("100.00", on: today - 10)
      _ = try await row("-10.00", on: today - 4)
      let wrong = try await row("-7.00", on: today - 15)
      let other = try await row("-3.00", on: today - 5)
      _ = try await balance("90.00", on: today)
      #expect(try await http.get(path + "/proof").json["verdict"] == "differs")
      for id in [wrong, other] { #expect(try await http.send("DELETE", "/v1/transactions/\(id)").status == 204) }
      #expect(try await http.get(path + "/proof").json["verdict"] == "adds_up")
      let days = try await http.get("/v1/net-worth?every=day&days=20").json["days"]?.elements ?? []
      #expect(
        days.map { $0["unknown_accounts"]?.int } == Array(repeating: 1, count: 10) + Array(repeating: 0, count: 11))
      let ahead = try await balance("5000.00", on: today + 1)
      #expect(ahead.status == 422 && ahead.pointers == ["/balance/day"], "\(ahead.text)")
      #expect(try await http.get(path).json["balance"]?["current"]?["amount"] == "90.00")
    }
  }

  @Test func `call categories what the household calls them, and group them as it does`() async throws {
    try await HTTPBench.run { http in
      let made = try await http.post("/v1/accounts", ["name": "Wallet", "kind": "cash", "currency": "USD"])
      let garden = try await http.post("/v1/categories", ["name": "Garden", "parent": "HOME_IMPROVEMENT"])
      let code = try #require(garden.json["code"]?.string, "\(garden.text)")
      let group = try #require(
        try await http.get("/v1/categories").rows.first { $0["code"] == "HOME_IMPROVEMENT" }?["name"]?.string)
      for category in [code, "HOME_IMPROVEMENT_FURNITURE"] {
        let row: JSONValue = [
          "account": made.json["id"] ?? .null, "amount": Self.money("-30.00", "USD"), "name": "Shop",
          "booked_on": "2026-02-10", "category": .string(category),
        ]
        #expect(try await http.post("/v1/transactions", row).status == 201)
      }
      let window = "from=2026-02-01&to=2026-02-28"
      let lines = try await http.get("/v1/spending?by=category&\(window)").rows
      #expect(lines.first { $0["key"] == .string(code) }?["name"] == "Garden")
      let groups = try await http.get("/v1/spending?by=group&\(window)").rows
      #expect(groups.map { $0["key"] } == [.string(group)] && groups.first?["amount"]?["amount"] == "60.00")
      let key = group.replacing(" ", with: "%20")
      let opened = try await http.get("/v1/explain?measure=expenses&by=group&key=\(key)&\(window)").json
      #expect(opened["value"]?["amount"] == "60.00")
      let summary = try await http.get("/v1/cashflow/summary?\(window)").json
      #expect(summary["expenses"]?.elements.allSatisfy { $0["group"] == .string(group) } == true)
    }
  }
}
