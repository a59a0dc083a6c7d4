import Basics
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Store
import Testing
import Workshop

@testable import API

@Suite struct `Erasing` {
  /// Ids of a household's things, as the database keeps them.
  private static func identities(_ ids: [String]) -> [DatabaseValue] {
    ids.compactMap { id in
      ID<Transaction>(id)?.databaseValue ?? ID<Account>(id)?.databaseValue ?? ID<Connection>(id)?.databaseValue
    }
  }

  private static func linked(_ house: PeopleBench, _ token: String, bank: String = "ins_109508") async throws -> String
  {
    let publicToken = try await house.bench.publicToken(bank)
    let linked = try await house.send(
      "POST", "/v1/plaid/exchange", ["public_token": .string(publicToken.reveal)], token: token)
    let id = try #require(linked.json["id"]?.string, "\(linked.text)")
    #expect(try await house.send("POST", "/v1/connections/\(id)/sync", token: token).status == 200)
    return id
  }

  /// That something went is told by its id: events alone may name it.
  private static func leftovers(
    _ gone: [DatabaseValue], words: [String] = [], in house: PeopleBench
  ) async throws -> [String] {
    try await house.bench.database.read { session in
      try Leftovers.of(gone, session).filter { !$0.hasPrefix("event.") } + Leftovers.of(words: words, session)
    }
  }

  /// Where the totals are not those of the rows.
  private static func differences(_ house: PeopleBench) async throws -> [TotalDifference] {
    let scope = house.scope
    return try await house.bench.database.read { session in try Totals.check(scope, session) }
  }

  private static func owned() async throws -> (PeopleBench, String) {
    let house = try await PeopleBench()
    try await house.setUp()
    return (house, try await house.token())
  }

  @Test func `a connection ends it at the bank first, and leaves nothing of it`() async throws {
    let (house, owner) = try await Self.owned()
    let id = try await Self.linked(house, owner)
    let accounts = try await house.send("GET", "/v1/accounts", token: owner).rows.compactMap { $0["id"]?.string }
    let rows = try await house.send("GET", "/v1/transactions?limit=500", token: owner).rows
    #expect(rows.count > 20 && accounts.count > 2)
    let (word, first) = ("Zzmarkerzz", try #require(rows.first?["id"]?.string))
    let edit: JSONValue = ["name": .string(word), "notes": .string(word)]
    #expect(try await house.send("PATCH", "/v1/transactions/\(first)", edit, token: owner).status == 200)
    _ = try await house.send("PUT", "/v1/accounts/\(accounts[0])/sharing", ["level": "balances"], token: owner)
    let hand = try await house.send(
      "POST", "/v1/accounts", ["name": "Cash", "kind": "cash", "currency": "USD"], token: owner)
    let path = "/v1/connections/\(id)/erase"
    let done = try await house.send("POST", path, token: owner)
    #expect(done.status == 202 && done.json["state"] == "done" && done.json["what"] == "connection", "\(done.text)")
    #expect(try house.bench.asked("/item/remove").count == 1)
    #expect(try await house.bench.livingItems() == 0)
    let gone = Self.identities(rows.compactMap { $0["id"]?.string } + accounts + [id])
    let left = try await Self.leftovers(gone, words: [word], in: house)
    #expect(left == [])
    #expect(try await Self.differences(house) == [])
    let living = try await house.send("GET", "/v1/accounts", token: owner).rows
    #expect(living.map { $0["id"] } == [hand.json["id"]])
    #expect(try await house.send("POST", path, token: owner).code == "connection.not_found")
    let log = try await house.send("GET", "/v1/audit-log", token: owner).rows
    #expect(log.contains { $0["action"] == "connection.erased" && $0["subject"] == .string(id) })
    let told = try await house.send("GET", "/v1/notifications", token: owner).text
    #expect(told.contains("connection and all that came with it was erased"))
    let shown = try await house.send("GET", "/v1/erasures", token: owner).rows
    #expect(shown.map { $0["id"] } == [done.json["id"]])
    let one = try await house.send("GET", "/v1/erasures/\(try #require(done.json["id"]?.string))", token: owner)
    #expect(one.json == shown.first)
    let kinds = try await house.bench.database.read {
      try $0.query("SELECT kind FROM event") { try $0(0, as: String.self) }
    }
    #expect(Set(kinds).isSuperset(of: ["transaction.removed", "account.changed", "connection.removed", "data.erased"]))
  }

  @Test func `waits with a real link until its bank has confirmed the end`() async throws {
    let (house, owner) = try await Self.owned()
    let id = try await Self.linked(house, owner)
    try await house.bench.database.write { try $0.execute("UPDATE connection SET origin = 'plaid'") }
    house.bench.intercept { call in
      guard call.url.hasSuffix("/item/remove") else { return nil }
      let body: JSONValue = [
        "error_type": "API_ERROR", "error_code": "INTERNAL_SERVER_ERROR", "error_message": "no", "request_id": "r",
      ]
      return .success(HTTPAnswer(status: 500, headers: .init(), body: body.serialized()))
    }
    let begun = try await house.send("POST", "/v1/connections/\(id)/erase", token: owner)
    #expect(begun.status == 202 && begun.json["state"] == "running", "\(begun.text)")
    #expect(begun.json["problem"]?.string != nil && begun.json["rows"] == 0)
    #expect(try await house.send("GET", "/v1/accounts", token: owner).rows.isEmpty, "hidden at once")
    let sealed = try await house.bench.database.read {
      try $0.first("SELECT sealed_token FROM connection") { try $0(0, as: [UInt8]?.self) } ?? nil
    }
    #expect(sealed != nil, "without it nobody could end the link")
    let again = try await house.send("POST", "/v1/connections/\(id)/erase", token: owner)
    #expect(again.json["id"] == begun.json["id"], "asked twice, it is one")
    house.bench.intercept(nil)
    // What a worker does with it later.
    let erasure = try #require(begun.json["id"]?.string.flatMap { ID<Erasure>($0) })
    let waiting = try await house.bench.database.read {
      try JobQueue.open(JobKind.erasure.lane, erasure.description, $0)
    }
    #expect(waiting.count == 1)
    let handler = try #require(BankJobs(house.bench.banks()).handlers[.erasure])
    #expect(await handler(try #require(waiting.first)) == .done)
    let gone = Self.identities([id])
    #expect(try await Self.leftovers(gone, in: house) == [])
    let one = try await house.send("GET", "/v1/erasures/\(erasure)", token: owner)
    #expect(one.json["state"] == "done" && one.json["problem"] == .null)
  }

  @Test func `all simulated banks leaves what is real, also when the simulated bank is no more`() async throws {
    let (house, owner) = try await Self.owned()
    let (simulated, real) = (
      try await Self.linked(house, owner), try await Self.linked(house, owner, bank: "ins_109509")
    )
    try await house.bench.database.write { session in
      try session.execute("UPDATE connection SET host = 'gone.test' WHERE id = \(ID<Connection>(simulated))")
      try session.execute("UPDATE connection SET origin = 'plaid' WHERE id = \(ID<Connection>(real))")
    }
    let before = try await house.send("GET", "/v1/accounts", token: owner).rows.count
    let done = try await house.send("POST", "/v1/simulated/erase", token: owner)
    #expect(done.json["state"] == "done", "\(done.text)")
    #expect(try house.bench.asked("/item/remove").isEmpty, "no token goes to another server")
    let left = try await house.send("GET", "/v1/connections", token: owner).rows
    #expect(left.map { $0["id"] } == [.string(real)])
    let after = try await house.send("GET", "/v1/accounts", token: owner).rows
    #expect(!after.isEmpty && after.count < before)
    let gone = Self.identities([simulated])
    #expect(try await Self.leftovers(gone, in: house) == [])
    #expect(try await Self.differences(house) == [])
  }

  @Test func `a real link from elsewhere is refused: nobody here could end it`() async throws {
    let (house, owner) = try await Self.owned()
    let id = try await Self.linked(house, owner)
    try await house.bench.database.write {
      try $0.execute("UPDATE connection SET origin = 'plaid', host = 'elsewhere.test'")
    }
    let name = try await house.send("GET", "/v1/household", token: owner).json["name"] ?? .null
    for (path, body) in [
      ("/v1/connections/\(id)/erase", nil), ("/v1/household/erase", ["name": name] as JSONValue),
      ("/v1/me/erase", ["email": "owner@x.example"]),
    ] {
      #expect(try await house.send("POST", path, body, token: owner).code == "connection.elsewhere", "\(path)")
    }
    #expect(try await !house.send("GET", "/v1/accounts", token: owner).rows.isEmpty)
    #expect(try await house.send("GET", "/v1/erasures", token: owner).rows.isEmpty)
  }

  @Test func `an account waits until no bank sends it, and asks whose it is`() async throws {
    let (house, owner) = try await Self.owned()
    _ = try await house.add("member@x.example", .member)
    let member = try await house.token("member@x.example")
    let id = try await Self.linked(house, owner)
    let rows = try await house.send("GET", "/v1/transactions?limit=500", token: owner).rows
    let account = try #require(rows.first?["account"]?.string)
    let path = "/v1/accounts/\(account)/erase"
    #expect(try await house.send("POST", path, token: owner).code == "account.living")
    #expect(try await house.send("DELETE", "/v1/connections/\(id)", token: owner).status == 204)
    #expect(try await house.send("POST", path, token: member).code == "role.too_low")
    let done = try await house.send("POST", path, token: owner)
    #expect(done.json["state"] == "done", "\(done.text)")
    let theirs = rows.filter { $0["account"] == .string(account) }.compactMap { $0["id"]?.string }
    let gone = Self.identities(theirs + [account])
    #expect(try await Self.leftovers(gone, in: house) == [])
    #expect(try await !house.send("GET", "/v1/transactions", token: owner).rows.isEmpty, "the others stay")
    #expect(try await Self.differences(house) == [])
    let own = try await house.send(
      "POST", "/v1/accounts", ["name": "Mine", "kind": "cash", "currency": "USD"], token: member)
    let mine = try #require(own.json["id"]?.string)
    #expect(try await house.send("POST", "/v1/accounts/\(mine)/erase", token: member).json["state"] == "done")
  }

  @Test func `a household asks for its name, and takes all of it from everybody`() async throws {
    let matrix = try await MatrixHouse()
    let (house, stranger) = (matrix.house, matrix.stranger)
    let before = try await matrix.walk(stranger, matrix.foreign, variants: false)
    let owner = try matrix.token(.owner)
    #expect(
      try await house.send("POST", "/v1/household/erase", ["name": "not it"], token: owner).pointers == ["/name"])
    let admin = try matrix.token(.admin)
    let name = try await house.send("GET", "/v1/household", token: owner).json["name"] ?? .null
    #expect(try await house.send("POST", "/v1/household/erase", ["name": name], token: admin).code == "role.too_low")
    let done = try await house.send("POST", "/v1/household/erase", ["name": name], token: owner)
    #expect(done.json["state"] == "done", "\(done.text)")
    #expect(try await house.send("GET", "/v1/accounts", token: admin).code == "household.ambiguous")
    // It is the one that the server was set up with: it stays, as new.
    let household = try await house.send("GET", "/v1/household", token: owner)
    #expect(household.json["name"] == "Home" && household.json["role"] == "owner")
    for path in ["/v1/accounts", "/v1/transactions", "/v1/connections", "/v1/rules", "/v1/tags", "/v1/budgets"] {
      #expect(try await house.send("GET", path, token: owner).rows.isEmpty, "\(path)")
    }
    #expect(try await !house.send("GET", "/v1/categories", token: owner).rows.isEmpty)
    let kinds = ["txn", "acc", "con"].flatMap { matrix.own[$0] ?? [] }
    let gone = Self.identities(kinds)
    #expect(try await Self.leftovers(gone, in: house) == [])
    let after = try await matrix.walk(stranger, matrix.foreign, variants: false)
    for (one, two) in zip(before, after)
    where !one.request.hasPrefix("/v1/admin") && !MatrixHouse.growsByWalking(one.request) {
      #expect(one.text == two.text, "\(one.request)")
    }
    let log = try await house.send("GET", "/v1/audit-log", token: owner).rows
    #expect(log.map { $0["action"] } == ["household.erased"])
    _ = try await Self.linked(house, owner)
  }

  @Test func `another household is gone altogether`() async throws {
    let matrix = try await MatrixHouse()
    let (house, stranger, other) = (matrix.house, matrix.stranger, matrix.other.household)
    let done = try await house.send("POST", "/v1/household/erase", ["name": "Other"], token: stranger)
    #expect(done.json["state"] == "done", "\(done.text)")
    #expect(try await house.send("GET", "/v1/accounts", token: stranger).code == "household.ambiguous")
    let found = try await house.bench.database.read { try Leftovers.of([other.databaseValue], $0) }
    #expect(found.allSatisfy { $0.hasPrefix("erasure.") }, "\(found)")
    let path = "/v1/erasures/\(try #require(done.json["id"]?.string))"
    #expect(try await house.send("GET", path, token: stranger).json["state"] == "done")
    #expect(try await house.send("GET", path, token: try matrix.token(.owner)).status == 404)
    #expect(try await !house.send("GET", "/v1/accounts", token: try matrix.token(.owner)).rows.isEmpty)
  }

  @Test func `oneself leaves nothing that says who it was`() async throws {
    let (house, owner) = try await Self.owned()
    let id = try await house.add("member@x.example", .member)
    let member = try await house.token("member@x.example")
    #expect(try await house.send("PATCH", "/v1/me", ["name": "Zzmarkerzz"], token: member).status == 200)
    let (ours, theirs) = (
      try await Self.linked(house, owner), try await Self.linked(house, member, bank: "ins_109509")
    )
    _ = try await house.send(
      "POST", "/v1/views", ["name": "Zzmarkerzz", "query": "", "shared": true], token: member)
    #expect(
      try await house.send("POST", "/v1/me/erase", ["email": "owner@x.example"], token: owner).code
        == "household.last_owner")
    #expect(
      try await house.send("POST", "/v1/me/erase", ["email": "owner@x.example"], token: member).pointers == ["/email"])
    let done = try await house.send("POST", "/v1/me/erase", ["email": "Member@x.example"], token: member)
    #expect(done.status == 202 && done.json["what"] == "person", "\(done.text)")
    #expect(try await house.send("GET", "/v1/me", token: member).status == 401)
    #expect(try await house.signIn("member@x.example").code == "auth.refused")
    let words = ["zzmarkerzz", "member@x.example"]
    #expect(try await Self.leftovers(Self.identities([theirs]), words: words, in: house) == [])
    #expect(try await house.bench.livingItems() == 1)
    let left = try await house.send("GET", "/v1/connections", token: owner).rows
    #expect(left.map { $0["id"] } == [.string(ours)])
    let log = try await house.send("GET", "/v1/audit-log", token: owner).rows
    #expect(log.contains { $0["action"] == "member.erased" && $0["subject"] == .string("\(id)") })
  }

  @Test func `the only person leaves a server that waits for its first start`() async throws {
    let (house, owner) = try await Self.owned()
    _ = try await Self.linked(house, owner)
    let done = try await house.send("POST", "/v1/me/erase", ["email": "owner@x.example"], token: owner)
    #expect(done.status == 202, "\(done.text)")
    let words = try await house.bench.database.read { try Leftovers.of(words: ["x.example", "Olive"], $0) }
    #expect(words == [])
    try await house.setUp()
    let again = try await house.token()
    #expect(try await house.send("GET", "/v1/accounts", token: again).rows.isEmpty)
    #expect(try await house.send("GET", "/v1/household", token: again).json["role"] == "owner")
  }

  @Test func `asks for a fresh proof`() async throws {
    let (house, owner) = try await Self.owned()
    let id = try await Self.linked(house, owner)
    try await house.wait(.seconds(301))
    let absent = house.bench.world.newID(Account.self)
    for (path, body) in [
      ("/v1/connections/\(id)/erase", nil), ("/v1/accounts/\(absent)/erase", nil), ("/v1/simulated/erase", nil),
      ("/v1/household/erase", ["name": "Test"] as JSONValue), ("/v1/me/erase", ["email": "owner@x.example"]),
    ] {
      #expect(try await house.send("POST", path, body, token: owner).code == "auth.proof_too_old", "\(path)")
    }
  }
}
