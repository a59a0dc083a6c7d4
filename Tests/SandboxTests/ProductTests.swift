import Basics
import Crypto
import JSON
import Sandbox
import Testing

@Suite struct `The other products` {
  let bench = Bench()

  @Test func `hold securities on known accounts, worth what the account says`() async throws {
    let linked = try await bench.link(products: ["investments"])
    let answer = try await bench.post("/investments/holdings/get", ["access_token": linked.access])
    let accounts = Set((answer["accounts"]?.elements ?? []).compactMap { $0["account_id"]?.string })
    let securities = Set((answer["securities"]?.elements ?? []).compactMap { $0["security_id"]?.string })
    let holdings = answer["holdings"]?.elements ?? []
    #expect(holdings.count > 2)
    #expect(holdings.allSatisfy { accounts.contains($0["account_id"]?.string ?? "") })
    #expect(holdings.allSatisfy { securities.contains($0["security_id"]?.string ?? "") })
    let trades = try await bench.post(
      "/investments/transactions/get",
      [
        "access_token": linked.access, "start_date": "2025-03-02", "end_date": "2026-03-02", "options": ["count": 10],
      ])
    #expect(trades["investment_transactions"]?.elements.count == 10)
    #expect((trades["total_investment_transactions"]?.int ?? 0) > 20)
    let dates = (trades["investment_transactions"]?.elements ?? []).compactMap { $0["date"]?.string }
    #expect(dates == dates.sorted(by: >))
  }

  @Test func `find what recurs`() async throws {
    let linked = try await bench.link(days: 365)
    let answer = try await bench.post("/transactions/recurring/get", ["access_token": linked.access])
    let outflows = answer["outflow_streams"]?.elements ?? []
    let inflows = answer["inflow_streams"]?.elements ?? []
    #expect(outflows.contains { $0["frequency"] == "MONTHLY" && $0["status"] == "MATURE" && $0["is_active"] == true })
    #expect(inflows.contains { $0["average_amount"]?["amount"]?.numberText?.hasPrefix("-") == true })
    for stream in outflows + inflows {
      #expect((stream["first_date"]?.string ?? "z") <= (stream["last_date"]?.string ?? ""))
      #expect((stream["transaction_ids"]?.elements.count ?? 0) >= 2)
    }
  }

  @Test func `name the owners`() async throws {
    let linked = try await bench.link(products: ["identity"])
    let answer = try await bench.post("/identity/get", ["access_token": linked.access])
    for account in answer["accounts"]?.elements ?? [] {
      let owner = try #require(account["owners"]?.elements.first)
      #expect(owner["names"]?.elements.isEmpty == false)
      #expect(owner["emails"]?.elements.first?["primary"] == true)
      #expect(owner["addresses"]?.elements.first?["data"]?["country"] == "US")
    }
  }

  @Test func `list banks by country, name and number`() async throws {
    func names(_ path: String, _ body: JSONValue) async throws -> [String] {
      let answer = try await bench.post(path, body)
      return (answer["institutions"]?.elements ?? []).compactMap { $0["institution_id"]?.string }
    }
    #expect(try await names("/institutions/search", ["query": "gingham", "country_codes": ["US"]]) == ["ins_109509"])
    #expect(try await names("/institutions/search", ["query": "platypus", "country_codes": ["CA"]]) == [])
    let canada = try await names("/institutions/get", ["count": 10, "offset": 0, "country_codes": ["CA"]])
    #expect(canada == ["ins_43"])
    let byNumber: JSONValue = [
      "count": 10, "offset": 0, "country_codes": ["US"], "options": ["routing_numbers": ["011000015"]],
    ]
    #expect(try await names("/institutions/get", byNumber) == ["ins_109508"])
    let body: JSONValue = ["institution_id": "ins_43", "country_codes": ["US"]]
    #expect(try await bench.errorCode("/institutions/get_by_id", body) == "INVALID_INSTITUTION")
  }

  @Test func `show a bank's health and its logo`() async throws {
    let answer = try await bench.post(
      "/institutions/get_by_id",
      [
        "institution_id": "ins_132363", "country_codes": ["US"],
        "options": ["include_status": true, "include_optional_metadata": true],
      ])
    let bank = try #require(answer["institution"])
    #expect(bank["status"]?["transactions_updates"]?["status"] == "DEGRADED")
    let breakdown = bank["status"]?["item_logins"]?["breakdown"]
    #expect(breakdown?["success"] == .number("0.65") && breakdown?["error_institution"] == .number("0.35"))
    let logo = try #require(Base64.decode(bank["logo"]?.string ?? ""))
    #expect(Array(logo.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(Array(logo[16..<24]) == [0, 0, 0, 152, 0, 0, 0, 152])
    #expect(Array(logo.suffix(8)) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
    #expect(logo.count < 4_096)
  }
}
