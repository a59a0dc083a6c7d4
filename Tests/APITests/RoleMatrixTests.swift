import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

@Suite struct `Who may do what` {
  /// A body with everything that the operation requires, made from its own shapes.
  private static func body(_ shape: Shape) -> JSONValue {
    switch shape.form {
    case .any: .null
    case .flag: true
    case .integer(let range): .int(max(range.lowerBound, 0))
    case .list(let element, let count): .array((0..<count.lowerBound).map { _ in body(element) })
    case .map: [:]
    case .either(let shapes): shapes.first.map(body) ?? .null
    case .object(let members):
      .object(members.filter(\.isRequired).map { .init($0.name, body($0.shape)) })
    case .text(let form):
      .string(form.example ?? form.words?.first ?? String(repeating: "x", count: max(form.length.lowerBound, 3)))
    }
  }

  /// A path whose ids are well formed and name nothing of the caller's.
  private static func path(_ operation: API.Operation) -> String {
    var path = operation.path
    for parameter in operation.parameters where parameter.place == .path {
      path = path.replacing("{\(parameter.name)}", with: body(parameter.shape).string ?? "x")
    }
    return path
  }

  /// Those that change who is signed in would end the walk.
  private static let isLast: Set<String> = ["signOut", "endAllSessions"]

  @Test func `is refused to strangers, to keys without its scope, and to roles below its own`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    var tokens: [Role: String] = [.owner: try await house.token()]
    for role in Role.allCases where role < .owner {
      _ = try await house.add("\(role.rawValue)@x.example", role)
      tokens[role] = try await house.token("\(role.rawValue)@x.example")
    }
    var asked = 0
    for operation in house.operations {
      let (method, path) = (operation.method.rawValue, Self.path(operation))
      let content = operation.body.map { Self.body($0.shape) }
      func ask(_ token: String?) async throws -> HTTPBench.Answer {
        asked += 1
        return try await house.send(method, path, content, token: token)
      }
      switch operation.access {
      case .open, .signed, .measuring: continue
      case .person:
        #expect(try await ask(nil).code == "unauthorized", "\(operation.id)")
        #expect(try await ask("wrong").code == "unauthorized", "\(operation.id)")
      case .household(_, let least):
        #expect(try await ask(nil).code == "unauthorized", "\(operation.id)")
        #expect(try await ask("wrong").code == "unauthorized", "\(operation.id)")
        guard operation.successor == nil, !Self.isLast.contains(operation.id) else { continue }
        for role in Role.allCases {
          let answer = try await ask(tokens[role])
          let isRefused = answer.code == "role.too_low" && answer.status == 403
          if role < least {
            #expect(isRefused, "\(operation.id) as \(role): \(answer.text)")
          } else if operation.id != "removeMember" && operation.id != "makeInvitation" {
            #expect(!isRefused && answer.status != 500, "\(operation.id) as \(role): \(answer.text)")
          }
        }
      }
    }
    #expect(asked > 80)
  }

  @Test func `asks a key for its scope`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let token = try await house.token()
    for scope in APIScope.allCases {
      let made = try await house.send(
        "POST", "/v1/api-keys", ["name": "k", "scopes": [.string(scope.rawValue)]], token: token)
      let key = try #require(made.json["key"]?.string, "\(made.text)")
      for operation in house.operations {
        let needed: APIScope
        switch operation.access {
        case .open, .signed, .measuring: continue
        case .person(let scope), .household(let scope, _): needed = scope
        }
        guard needed != scope else { continue }
        let answer = try await house.send(
          operation.method.rawValue, Self.path(operation), operation.body.map { Self.body($0.shape) }, token: key)
        #expect(answer.code == "scope.missing" && answer.status == 403, "\(operation.id) with \(scope)")
      }
    }
  }

  @Test func `finds nothing of another household, whatever the id`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let token = try await house.token()
    let other = Scope(household: house.bench.world.newID(), user: house.bench.world.newID())
    let now = house.bench.world.now()
    try await house.bench.database.write { session in
      try Households.create(other, name: "Other", timeZone: "UTC", currency: .usd, now: now, session)
    }
    let stranger = try await house.add("stranger@x.example", .owner, to: other)
    let theirs = try await house.token("stranger@x.example")
    let foreign = try await house.send("POST", "/v1/invitations", ["role": "member"], token: theirs)
    let key = try await house.send("POST", "/v1/api-keys", ["name": "k", "scopes": ["read"]], token: theirs)
    let session = try await house.send("GET", "/v1/sessions", token: theirs)
    let ids = try await house.bench.database.write { session -> (ID<Connection>, ID<Account>) in
      let (connection, account) = (house.bench.world.newID(Connection.self), house.bench.world.newID(Account.self))
      try Connections.insert(
        NewConnection(id: connection, origin: .simulated, environment: "sandbox", host: "h", itemID: "i"), other,
        now: now, session)
      let stored = try #require(try Connections.find(connection, other, session))
      try Accounts.insert(
        FeedAccount(id: "a", name: "MARKER", kind: .checking, type: "depository", currency: .usd), as: account,
        stored, now: now, other, session)
      return (connection, account)
    }
    func id(_ answer: HTTPBench.Answer) -> String { (answer.json["id"] ?? answer.rows.first?["id"])?.string ?? "?" }
    for (method, path, body) in [
      ("GET", "/v1/connections/\(ids.0)", nil), ("DELETE", "/v1/connections/\(ids.0)", nil),
      ("POST", "/v1/connections/\(ids.0)/sync", [:]), ("PUT", "/v1/accounts/\(ids.1)/sharing", ["level": "full"]),
      ("PATCH", "/v1/members/\(stranger)", ["role": "viewer"]), ("DELETE", "/v1/members/\(stranger)", nil),
      ("DELETE", "/v1/invitations/\(id(foreign))", nil), ("DELETE", "/v1/api-keys/\(id(key))", nil),
      ("DELETE", "/v1/sessions/\(id(session))", nil),
    ] as [(String, String, JSONValue?)] {
      let answer = try await house.send(method, path, body, token: token)
      #expect(answer.status == 404, "\(method) \(path): \(answer.text)")
    }
    for operation in house.operations where operation.method == .get && !operation.path.contains("{") {
      #expect(try await !house.send("GET", operation.path, token: token).text.contains("MARKER"), "\(operation.id)")
    }
    let named: HeaderFields = ["Magpie-Household": "\(other.household)"]
    let answer = try await house.send("GET", "/v1/accounts", token: token, headers: named)
    #expect(answer.status == 400 && answer.code == "household.ambiguous")
    #expect(try await house.send("GET", "/v1/accounts", token: theirs, headers: named).text.contains("MARKER"))
  }
}

@Suite struct `A household` {
  @Test func `keeps an owner, and lets nobody make more of themselves`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let owner = try await house.token()
    let admin = try await house.add("admin@x.example", .admin)
    let adminToken = try await house.token("admin@x.example")
    func setRole(_ user: ID<User>, _ role: String, _ token: String) async throws -> HTTPBench.Answer {
      try await house.send("PATCH", "/v1/members/\(user)", ["role": .string(role)], token: token)
    }
    #expect(try await setRole(admin, "owner", adminToken).code == "role.too_low")
    #expect(try await setRole(house.scope.user, "viewer", adminToken).code == "role.too_low")
    #expect(try await setRole(house.scope.user, "admin", owner).code == "household.last_owner")
    let first = "/v1/members/\(house.scope.user)"
    #expect(try await house.send("DELETE", first, token: owner).code == "household.last_owner")
    #expect(try await house.send("DELETE", first, token: adminToken).code == "role.too_low")
    #expect(try await setRole(admin, "owner", owner).json["role"] == "owner")
    let gone = "/v1/members/\(house.scope.user)?heir=\(admin)"
    #expect(try await house.send("DELETE", gone, token: owner).status == 204)
    #expect(try await house.send("GET", "/v1/members", token: owner).code == "household.ambiguous", "at once")
    let log = try await house.send("GET", "/v1/audit-log", token: adminToken)
    #expect(log.rows.first?["action"] == "member.removed")
  }

  @Test func `shows admins everybody's entries of the log, and others their own`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    _ = try await house.add("viewer@x.example", .viewer)
    let (owner, viewer) = (try await house.token(), try await house.token("viewer@x.example"))
    let all = try await house.send("GET", "/v1/audit-log", token: owner)
    #expect(Set(all.rows.compactMap { $0["action"]?.string }) == ["setup.done", "member.added", "sign_in.done"])
    let own = try await house.send("GET", "/v1/audit-log", token: viewer)
    #expect(own.rows.map { $0["action"] } == ["sign_in.done"])
  }
}
