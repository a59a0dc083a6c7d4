import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

/// What cannot be undone, or opens the house to others.
@Suite struct `A dangerous action` {
  /// Rows of the audit log, and what the owner was told of it.
  private static func traces(_ matrix: MatrixHouse) async throws -> (noted: Int, told: Int) {
    let (household, user) = (matrix.house.scope.household, matrix.house.scope.user)
    return try await matrix.house.bench.database.read { session in
      func count(_ query: SQL) throws -> Int { try session.first(query) { try $0(0, as: Int.self) } ?? 0 }
      return (
        try count("SELECT COUNT(*) FROM audit WHERE household_id = \(household)"),
        try count(
          """
          SELECT COUNT(*) FROM notification
          WHERE household_id = \(household) AND kind = 'account.security' AND person_id = \(user)
          """)
      )
    }
  }

  @Test func `is in the audit log, and told to whoever did it`() async throws {
    let matrix = try await MatrixHouse()
    let owner = try matrix.token(.owner)
    // Whom it was done to is told, or cannot be any more; addresses of other programs are the household's affair.
    let untold: Set = [
      "removeMember", "changeMember", "makeWebhookEndpoint", "changeWebhookEndpoint", "removeWebhookEndpoint",
      "renewWebhookSecret",
    ]
    var done: Set<String> = []
    for operation in matrix.operations where operation.needsFreshProof {
      guard let path = MatrixHouse.path(operation, matrix.own) else { continue }
      let before = try await Self.traces(matrix)
      let answer = try await matrix.house.send(
        operation.method.rawValue, path, MatrixHouse.body(operation, matrix.own), token: owner)
      guard (200..<300).contains(answer.status), operation.id != "beginSecondFactor" else { continue }
      done.insert(operation.id)
      let after = try await Self.traces(matrix)
      #expect(after.noted > before.noted, "\(operation.id) is not in the audit log")
      if !untold.contains(operation.id) { #expect(after.told > before.told, "\(operation.id) is not told") }
    }
    #expect(
      done.isSuperset(of: ["makeAPIKey", "removeConnection", "eraseSimulated", "makeWebhookEndpoint"]), "\(done)")
  }

  @Test func `needs a proof younger than five minutes, whichever it is`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let owner = try await house.token()
    try await house.wait(.seconds(301))
    let world = house.bench.world
    let known: [String: [String]] = [
      "acc": ["\(world.newID(Account.self))"], "con": ["\(world.newID(Connection.self))"],
      "usr": ["\(world.newID(User.self))"], "whe": ["\(world.newID(WebhookEndpoint.self))"],
    ]
    var asked: Set<String> = []
    for operation in house.operations where operation.needsFreshProof {
      let path = try #require(MatrixHouse.path(operation, known), "\(operation.id)")
      let answer = try await house.send(
        operation.method.rawValue, path, MatrixHouse.body(operation, known), token: owner)
      #expect(answer.status == 403 && answer.code == "auth.proof_too_old", "\(operation.id): \(answer.text)")
      asked.insert(operation.id)
    }
    let least: Set = [
      "changePassword", "beginSecondFactor", "confirmSecondFactor", "removeSecondFactor", "renewRecoveryCodes",
      "makeAPIKey", "changeMember", "removeMember", "removeConnection", "makeWebhookEndpoint", "changeWebhookEndpoint",
      "removeWebhookEndpoint", "renewWebhookSecret", "exportJournal", "eraseConnection", "eraseSimulated",
      "eraseAccount", "eraseHousehold", "eraseMe",
    ]
    #expect(asked.isSuperset(of: least), "not: \(least.subtracting(asked))")
  }

  @Test func `such as saying where events go makes them those that one sees oneself`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let owner = try await house.token()
    let admin = try await house.add("admin@x.example", .admin)
    let adminToken = try await house.token("admin@x.example")
    let household = house.scope.household
    for (method, path, body) in [
      ("PATCH", "", ["url": "https://elsewhere.example/"] as JSONValue), ("POST", "/secret", nil),
    ] as [(String, String, JSONValue?)] {
      let made = try await house.send(
        "POST", "/v1/webhook-endpoints", ["url": "https://mine.example/"], token: owner)
      let id = try #require(made.json["id"]?.string)
      let shown = try await house.send(method, "/v1/webhook-endpoints/\(id)\(path)", body, token: adminToken)
      #expect(shown.status == 200, "\(shown.text)")
      let kept = try await house.bench.database.read { session in
        try ID<WebhookEndpoint>(id).flatMap { try WebhookEndpoints.find($0, of: household, session) }
      }
      #expect(kept?.scope.user == admin, "\(method) \(path)")
    }
  }

  @Test func `such as taking a role away voids invitations above it`() async throws {
    let house = try await PeopleBench(.invite)
    try await house.setUp()
    let owner = try await house.token()
    let admin = try await house.add("admin@x.example", .admin)
    let adminToken = try await house.token("admin@x.example")
    var secrets: [String: String] = [:]
    for role in ["admin", "viewer"] {
      let made = try await house.send("POST", "/v1/invitations", ["role": .string(role)], token: adminToken)
      secrets[role] = try #require(made.json["secret"]?.string)
    }
    let demoted = try await house.send("PATCH", "/v1/members/\(admin)", ["role": "member"], token: owner)
    #expect(demoted.status == 200, "\(demoted.text)")
    func register(_ role: String) async throws -> HTTPBench.Answer {
      try await house.send(
        "POST", "/v1/auth/register",
        [
          "name": "New", "email": .string("\(role)@new.example"), "password": .string(PeopleBench.password),
          "invitation": .string(secrets[role] ?? ""),
        ])
    }
    #expect(try await register("admin").code == "invitation.refused")
    #expect(try await register("viewer").status == 201)
  }

  @Test func `of the bank leaves those who see balances alone with word of balances alone`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let owner = try await house.token()
    _ = try await house.add("viewer@x.example", .viewer)
    let viewer = try await house.token("viewer@x.example")
    let publicToken = try await house.bench.publicToken()
    let linked = try await house.send(
      "POST", "/v1/plaid/exchange", ["public_token": .string(publicToken.reveal)], token: owner)
    let connection = try #require(linked.json["id"]?.string)
    _ = try await house.send("POST", "/v1/connections/\(connection)/sync", token: owner)
    let accounts = try await house.send("GET", "/v1/accounts", token: owner).rows.compactMap { $0["id"]?.string }
    let (balances, hidden) = (accounts[0], accounts[1])
    for (account, level) in [(balances, "balances"), (hidden, "hidden")] {
      _ = try await house.send("PUT", "/v1/accounts/\(account)/sharing", ["level": .string(level)], token: owner)
    }
    // The bank tells other balances the next time.
    try await house.bench.database.write { try $0.execute("UPDATE account SET current_minor = current_minor - 100") }
    let from = try await house.bench.database.read { [household = house.scope.household] in
      try Events.extent(of: household, $0).last
    }
    _ = try await house.send("POST", "/v1/connections/\(connection)/sync", token: owner)
    let heard = try await house.send("GET", "/v1/events?after=\(from)", token: viewer).text
    #expect(heard.contains("event: account.changed") && heard.contains(balances), "\(heard)")
    #expect(!heard.contains(hidden) && !heard.contains("transaction"), "\(heard)")
    let again = try await house.bench.database.read { [household = house.scope.household] in
      try Events.extent(of: household, $0).last
    }
    _ = try await house.send("POST", "/v1/connections/\(connection)/sync", token: owner)
    let quiet = try await house.send("GET", "/v1/events?after=\(again)", token: viewer).text
    #expect(!quiet.contains("account.changed"), "nothing changed: \(quiet)")
  }
}
