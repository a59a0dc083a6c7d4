import API
import Basics
import Databases
import Finance
import JSON
import Store
import Testing

@Suite struct `A page of transactions` {
  /// An account with rows of given days; gives the ids in the order of writing.
  @discardableResult
  static func rows(
    _ days: [Int], pending: Bool = false, account: ID<Account>, _ bench: BankBench
  ) async throws -> [ID<Transaction>] {
    let (scope, world) = (bench.scope, bench.world)
    return try await bench.database.write { session in
      try days.map { day in
        let id: ID<Transaction> = world.newID()
        try session.execute(
          """
          INSERT INTO bank_transaction (household_id, id, account_id, is_pending, amount_minor, currency, booked_on,
            occurred_on, name, flow, origin, created_at, changed_at)
          VALUES (\(scope.household), \(id), \(account), \(pending), -1234, 'USD', \(20_000 + day), \(20_000 + day),
            \("row \(day)"), 'expense', 'simulated', 0, 0)
          """)
        return id
      }
    }
  }

  static func account(_ scope: Scope, _ bench: BankBench) async throws -> ID<Account> {
    let id: ID<Account> = bench.world.newID()
    try await bench.database.write { session in
      try session.execute(
        """
        INSERT INTO account (household_id, id, kind, name, type, currency, origin, created_at)
        VALUES (\(scope.household), \(id), 'checking', 'A', 'depository', 'USD', 'simulated', 0)
        """)
    }
    return id
  }

  @Test func `leaves out nothing and repeats nothing while rows come and go`() async throws {
    try await HTTPBench.run { http in
      let account = try await Self.account(http.bench.scope, http.bench)
      // Ten rows a day, so that pages end in the middle of a day.
      let days = (0..<60).map { $0 / 10 }
      let ids = try await Self.rows(days, account: account, http.bench)
      var seen: [String] = []
      var cursor = ""
      for round in 0..<30 {
        let page = try await http.get("/v1/transactions?limit=7\(cursor)")
        seen += page.rows.compactMap { $0["id"]?.string }
        guard let next = page.json["next"]?.string else { break }
        cursor = "&cursor=\(next)"
        // A row at the top, one in the middle of what is still to come, and the row the cursor names goes away.
        try await Self.rows([99], account: account, http.bench)
        if round == 2, let last = seen.last.flatMap({ ID<Transaction>($0) }) {
          let (scope, world) = (http.bench.scope, http.bench.world)
          try await http.bench.database.write { try Transactions.markGone(last, now: world.now(), scope, $0) }
        }
      }
      #expect(seen == ids.reversed().map(\.description), "newest day first, then newest row")
    }
  }

  @Test func `stands where a person moved a row`() async throws {
    try await HTTPBench.run { http in
      let (bench, scope) = (http.bench, http.bench.scope)
      let account = try await Self.account(scope, bench)
      let ids = try await Self.rows([1, 2, 3, 4], account: account, bench)
      try await bench.database.write { session in
        try session.execute(
          """
          INSERT INTO transaction_overlay (household_id, transaction_id, occurred_on, name, written_at)
          VALUES (\(scope.household), \(ids[0]), \(20_003), 'Moved', 0)
          """)
        try session.execute(
          """
          INSERT INTO transaction_overlay (household_id, transaction_id, deleted_at, written_at)
          VALUES (\(scope.household), \(ids[1]), 5, 0)
          """)
      }
      var order: [String] = []
      var cursor = ""
      while order.count < 9 {
        let page = try await http.get("/v1/transactions?limit=1\(cursor)")
        order += page.rows.compactMap { $0["name"]?.string }
        guard let next = page.json["next"]?.string else { break }
        cursor = "&cursor=\(next)"
      }
      #expect(order == ["row 4", "row 3", "Moved"])
      let day = CalendarDate(days: 20_003)
      let found = try await http.get("/v1/transactions?from=\(day)&to=\(day)").rows
      #expect(found.map { $0["name"] } == ["row 3", "Moved"] && found.last?["booked_on"] == "2024-10-05")
    }
  }

  @Test func `shows what is asked for`() async throws {
    try await HTTPBench.run { http in
      let (one, two) = (
        try await Self.account(http.bench.scope, http.bench), try await Self.account(http.bench.scope, http.bench)
      )
      try await Self.rows([1, 2, 3], account: one, http.bench)
      try await Self.rows([1, 2], pending: true, account: two, http.bench)
      func count(_ query: String) async throws -> Int { try await http.get("/v1/transactions?\(query)").rows.count }
      #expect(try await count("account=\(one)") == 3)
      #expect(try await count("account=\(one)&account=\(two)") == 5)
      #expect(try await count("account=\(http.bench.world.newID(Account.self))") == 0)
      #expect(try await count("pending=true") == 2)
      #expect(try await count("pending=false") == 3)
      #expect(try await count("from=\(CalendarDate(days: 20_002))") == 3)
      #expect(try await count("to=\(CalendarDate(days: 20_001))&account=\(two)") == 1)
      let row = try #require(try await http.get("/v1/transactions?limit=1").rows.first)
      #expect(row["amount"] == ["amount": "-12.34", "currency": "USD"] && row["occurred_on"] == "2024-10-07")
    }
  }

  @Test func `goes on for the same question and person alone`() async throws {
    try await HTTPBench.run { http in
      let account = try await Self.account(http.bench.scope, http.bench)
      try await Self.rows([1, 2, 3], account: account, http.bench)
      let next = try #require(try await http.get("/v1/transactions?limit=1").json["next"]?.string)
      #expect(try await http.get("/v1/transactions?cursor=\(next)").rows.count == 2, "the limit may change")
      #expect(try await http.get("/v1/transactions?cursor=\(next)&pending=false").pointers == ["?cursor"])
      #expect(try await http.get("/v1/accounts?cursor=\(next)").pointers == ["?cursor"])
      let forged = String(next.dropLast(2)) + (next.hasSuffix("AA") ? "BB" : "AA")
      #expect(try await http.get("/v1/transactions?cursor=\(forged)").pointers == ["?cursor"])
    }
  }

  @Test func `has nothing of another household`() async throws {
    try await HTTPBench.run { http in
      let (bench, world) = (http.bench, http.bench.world)
      let other = Scope(household: world.newID(), user: world.newID())
      try await bench.database.write { session in
        try Households.create(other, name: "Other", timeZone: "UTC", currency: .usd, now: world.now(), session)
      }
      let foreign = try await Self.account(other, bench)
      let connection = try await bench.banks(scope: other).linkSandbox(institution: "ins_109508").id
      _ = try await bench.banks(scope: other).sync(connection)
      #expect(try await http.get("/v1/accounts").rows.isEmpty)
      #expect(try await http.get("/v1/transactions?account=\(foreign)").rows.isEmpty)
      #expect(try await http.get("/v1/transactions").rows.isEmpty)
      #expect(try await http.get("/v1/connections").rows.isEmpty)
      #expect(try await http.get("/v1/connections/\(connection)").code == "connection.not_found")
      #expect(try await http.post("/v1/connections/\(connection)/sync").code == "connection.not_found")
      #expect(try await http.send("DELETE", "/v1/connections/\(connection)").code == "connection.not_found")
      #expect(try await http.post("/v1/sync").rows.isEmpty)
    }
  }

  @Test func `of accounts follows their age`() async throws {
    try await HTTPBench.run { http in
      var ids: [String] = []
      for _ in 0..<5 { ids.append(try await Self.account(http.bench.scope, http.bench).description) }
      let first = try await http.get("/v1/accounts?limit=3")
      let next = try #require(first.json["next"]?.string)
      let second = try await http.get("/v1/accounts?limit=3&cursor=\(next)")
      #expect((first.rows + second.rows).compactMap { $0["id"]?.string } == ids)
      #expect(second.json["next"] == .null)
    }
  }
}
