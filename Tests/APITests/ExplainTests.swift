import Basics
import Finance
import JSON
import Testing

@testable import API

/// Every number of every measure, opened: the same number, from parts, rows and balances that come to it.
@Suite struct `A number that is opened` {
  private struct Asking {
    let http: HTTPBench

    func get(_ target: String) async throws -> JSONValue {
      let answer = try await http.get(target)
      #expect(answer.status == 200, "\(target): \(answer.text)")
      return answer.json
    }

    func open(_ measure: String, _ more: String = "") async throws -> JSONValue {
      try await get("/v1/explain?measure=\(measure)&limit=500\(more)")
    }
  }

  private static func minor(_ money: JSONValue?) -> Int64? {
    guard let text = money?["amount"]?.string, let code = money?["currency"]?.string,
      let currency = Currency(stored: code)
    else { return nil }
    return try? Money(decimal: text, currency).minorUnits
  }

  /// What is in another currency has no rate here, and is in no number.
  private static func sum(_ opened: JSONValue, _ list: String, _ field: String = "amount") -> Int64 {
    (opened[list]?.elements ?? []).reduce(0) { sum, one in
      one[field]?["currency"] == "USD" ? sum + (minor(one[field]) ?? 0) : sum
    }
  }

  /// A household that was linked, and whose bank gave two years.
  private static func run(_ body: (Asking) async throws -> Void) async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      try await body(Asking(http: http))
    }
  }

  @Test func `is what the flows say, and the sum of its rows`() async throws {
    try await Self.run { ask in
      let window = "from=2026-01-20&to=2026-03-14"
      let summary = try await ask.get("/v1/cashflow/summary?\(window)")
      let flow = try #require(summary["window"])
      for measure in ["income", "expenses", "net", "pending"] {
        let opened = try await ask.open(measure, "&\(window)")
        let value = try #require(Self.minor(opened["value"]))
        #expect(value == Self.minor(flow[measure]), "\(measure)")
        let rows = Self.sum(opened, "rows")
        #expect(rows == (measure == "expenses" ? -value : value), "\(measure)")
        #expect(opened["next_offset"]?.isNull == true, "all rows fit the page")
        let counted = measure == "pending" ? nil : opened["inputs"]?["rows_counted"]?.int
        #expect(counted == nil || counted == summary["inputs"]?["rows_counted"]?.int, "\(measure)")
      }
      #expect(try await ask.open("savings_rate", "&\(window)")["ratio"] == flow["savings_rate"])
      let burn = try await ask.get("/v1/burn?months=6")
      let opened = try await ask.open("burn", "&months=6")
      #expect(opened["value"] == burn["per_month"] && opened["divided_by"] == 6)
      let runway = try await ask.get("/v1/runway")
      #expect(try await ask.open("runway")["ratio"] == runway["runway"]?["months"])
      let liquid = try await ask.open("liquid")
      #expect(liquid["value"] == runway["liquid"])
      #expect(Self.sum(liquid, "accounts", "balance") == Self.minor(liquid["value"]))
    }
  }

  @Test(arguments: ["category", "group", "merchant", "account", "person"])
  func `may be any line of spending`(grouping: String) async throws {
    try await Self.run { ask in
      let window = "from=2025-09-01&to=2026-02-28"
      let spending = try await ask.get("/v1/spending?by=\(grouping)&\(window)&limit=500")
      let lines = spending["data"]?.elements ?? []
      #expect(!lines.isEmpty)
      for line in lines.prefix(6) {
        let key = (line["key"]?.string ?? "").utf8.map { byte in
          let hex = String(byte, radix: 16, uppercase: true)
          return hex.count == 1 ? "%0\(hex)" : "%\(hex)"
        }.joined()
        let opened = try await ask.open("expenses", "&\(window)&by=\(grouping)&key=\(key)")
        #expect(opened["value"] == line["amount"], "\(line.text())")
        #expect(opened["rows_counted"] == line["rows"])
      }
      let flows = try await ask.get("/v1/cashflow?count=3&by=\(grouping)&limit=500")
      for period in flows["data"]?.elements ?? [] {
        #expect(Self.sum(period, "lines", "income") == Self.minor(period["income"]))
        #expect(Self.sum(period, "lines", "expenses") == Self.minor(period["expenses"]))
      }
    }
  }

  @Test func `is the worth of any day, also of one worked out`() async throws {
    try await Self.run { ask in
      let worth = try await ask.get("/v1/net-worth?days=60&every=week")
      let today = try await ask.open("net_worth")
      #expect(today["value"] == worth["currencies"]?.elements.first?["total"])
      #expect(Self.sum(today, "accounts", "balance") == Self.minor(today["value"]))
      var workedOut = 0
      for day in worth["days"]?.elements ?? [] {
        let opened = try await ask.open("net_worth", "&from=2020-01-01&to=\(day["day"]?.string ?? "")")
        #expect(opened["value"] == day["total"], "\(day.text())")
        guard day["reconstructed"]?.bool == true else { continue }
        workedOut += 1
        let known = (today["accounts"]?.elements ?? []).filter { account in
          (opened["accounts"]?.elements ?? []).contains {
            $0["account"] == account["account"] && $0["worked_out_from"]?.isNull == false
          }
        }
        let (now, then) = (
          known.reduce(0) { $0 + (Self.minor($1["balance"]) ?? 0) },
          (opened["accounts"]?.elements ?? []).filter { $0["worked_out_from"]?.isNull == false }
            .reduce(0) { $0 + (Self.minor($1["balance"]) ?? 0) }
        )
        #expect(now - then == Self.sum(opened, "rows"), "the rows explain the difference")
      }
      #expect(workedOut > 3)
    }
  }

  @Test func `is what lies ahead, what comes again, and what is planned`() async throws {
    try await Self.run { ask in
      let recurring = try await ask.get("/v1/recurring")
      let streams = try await ask.open("recurring")
      let monthly = try #require(Self.minor(recurring["monthly_in"])) - (Self.minor(recurring["monthly_out"]) ?? 0)
      #expect(Self.minor(streams["value"]) == monthly && Self.sum(streams, "parts") == monthly)
      #expect((recurring["inputs"]?["rows_counted"]?.int ?? 0) > 0)
      let told = (recurring["data"]?.elements ?? []).compactMap { $0["source"]?.string }
      #expect(told.contains("both"), "the simulated bank tells streams too: \(told)")
      let forecast = try await ask.get("/v1/forecast?days=90")
      let opened = try await ask.open("forecast")
      #expect(opened["value"] == forecast["days"]?.elements.last?["middle"])
      #expect(Self.sum(opened, "parts") == Self.minor(opened["value"]))
      #expect(opened["rows_counted"] == forecast["inputs"]?["rows_counted"])
      let set = try await ask.http.send("PUT", "/v1/budgets/FOOD_AND_DRINK", ["amount": "400.00", "rollover": "both"])
      #expect(set.status == 200, "\(set.text)")
      let budget = try await ask.open("budget", "&category=FOOD_AND_DRINK")
      #expect(budget["value"] == set.json["left"] && Self.sum(budget, "parts") == Self.minor(budget["value"]))
      #expect(-Self.sum(budget, "rows") == Self.minor(set.json["spent"]))
      let made = try await ask.http.post("/v1/goals", ["name": "Sea", "amount": "90000.00"])
      let goal = try await ask.open("goal", "&goal=\(made.json["id"]?.string ?? "")")
      #expect(goal["value"] == made.json["saved"])
      #expect(Self.sum(goal, "accounts", "balance") == Self.minor(goal["value"]))
      let portfolio = try await ask.get("/v1/portfolio")
      let held = try await ask.open("portfolio")
      #expect(held["value"] == portfolio["value"] && Self.sum(held, "parts") == Self.minor(held["value"]))
      #expect(try await ask.open("gain")["value"] == portfolio["gain"])
      let window = "&from=2025-03-14&to=2026-03-14"
      for (measure, field) in [
        ("time_weighted_return", "time_weighted"), ("money_weighted_return", "money_weighted"),
      ] {
        let share = try await ask.open(measure, window)["ratio"]
        #expect(share == portfolio["returns"]?[field]?["share"], "\(measure)")
      }
    }
  }

  @Test func `has to be named`() async throws {
    try await Self.run { ask in
      for (target, pointer) in [
        ("budget", "?category"), ("budget&category=TRAVEL", "?category"), ("goal", "?goal"),
        ("goal&goal=goa_01kj3v5d8ve2r9q0w4y7h6t1cz", "?goal"),
      ] {
        let answer = try await ask.http.get("/v1/explain?measure=\(target)")
        #expect(answer.status == 422 && answer.pointers == [pointer], "\(target): \(answer.text)")
      }
    }
  }
}
