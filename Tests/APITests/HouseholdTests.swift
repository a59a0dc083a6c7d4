import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

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

  @Test func `tells whom it invites, where they sign in already`() async throws {
    let house = try await PeopleBench(.open)
    try await house.setUp()
    let owner = try await house.token()
    let guest: JSONValue = ["name": "Gus", "email": "gus@x.example", "password": .string(PeopleBench.password)]
    let token = try #require(try await house.send("POST", "/v1/auth/register", guest).json["access_token"]?.string)
    func invite(_ email: String) async throws -> JSONValue {
      try await house.send(
        "POST", "/v1/invitations", ["role": "member", "email": .string(email)], token: owner
      ).json
    }
    func told() async throws -> [JSONValue] {
      try await house.send("GET", "/v1/notifications?unread=true", token: token).rows.filter {
        $0["kind"] == "invitation"
      }
    }
    _ = try await invite("stranger@x.example")
    let first = try await invite("Gus@x.example")
    let notice = try #require(try await told().first)
    #expect(notice["title"]?.string == "You are invited to \u{201C}Test\u{201D}." && notice["link"] == "/invitation")
    #expect(
      try await house.send("GET", "/v1/notifications", token: owner).rows.allSatisfy { $0["kind"] != "invitation" })
    let path = "/v1/invitations/\(try #require(first["id"]?.string))"
    #expect(try await house.send("DELETE", path, token: token).status == 404)
    #expect(try await told().count == 1, "an owner of another household ends nothing here")
    #expect(try await house.send("DELETE", path, token: owner).status == 204)
    #expect(try await told().isEmpty, "a revoked one has ended by itself")
    let second: JSONValue = ["secret": try #require(try await invite("gus@x.example")["secret"])]
    #expect(try await told().count == 1)
    #expect(try await house.send("POST", "/v1/invitations/accept", second, token: token).status == 204)
    let own = HeaderFields(dictionaryLiteral: ("Magpie-Household", "\(house.scope.household)"))
    let here = try await house.send("GET", "/v1/notifications", token: token, headers: own)
    #expect(here.rows.allSatisfy { $0["kind"] != "invitation" })
    _ = try await invite("gus@x.example")
    let still = try await house.send("GET", "/v1/notifications?unread=true", token: token, headers: own)
    #expect(still.rows.isEmpty, "who belongs to it already is not told")
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

  @Test func `lets members read through what others linked, and neither end it nor see what is hidden`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let owner = try await house.token()
    for role in [Role.member, .admin] { _ = try await house.add("\(role.rawValue)@x.example", role) }
    let (member, admin) = (try await house.token("member@x.example"), try await house.token("admin@x.example"))
    let publicToken = try await house.bench.publicToken()
    let body: JSONValue = ["public_token": .string(publicToken.reveal)]
    let linked = try await house.send("POST", "/v1/plaid/exchange", body, token: owner)
    let path = "/v1/connections/\(try #require(linked.json["id"]?.string))"
    #expect(try await house.send("POST", "\(path)/sync", token: member).json["counts"]?["added"] != 0)
    #expect(try await house.send("DELETE", path, token: member).code == "role.too_low")
    let again: JSONValue = ["connection": try #require(linked.json["id"])]
    #expect(try await house.send("POST", "/v1/plaid/link-token", again, token: member).code == "role.too_low")
    #expect(try await house.send("POST", "/v1/plaid/link-token", again, token: admin).status == 200)
    let accounts = try await house.send("GET", "/v1/accounts", token: owner).rows.compactMap { $0["id"]?.string }
    for (index, account) in accounts.enumerated() {
      let shared = try await house.send(
        "PUT", "/v1/accounts/\(account)/sharing", ["level": "hidden"], token: owner)
      #expect(shared.status == 200)
      if index == 0 {
        let full = try await house.send("POST", "\(path)/sync", ["full": true], token: member)
        #expect(full.status == 200 && full.json["counts"]?["rows"] == 0, "the number would tell")
      }
    }
    #expect(try await house.send("POST", "\(path)/sync", token: member).status == 404)
    #expect(try await house.send("POST", "/v1/sync", token: member).rows.isEmpty)
    #expect(try await house.send("DELETE", path, token: admin).status == 404, "what nobody is to see, nobody ends")
    #expect(try await house.send("DELETE", path, token: owner).status == 204)
    let log = try await house.send("GET", "/v1/audit-log", token: owner).rows.compactMap { $0["action"]?.string }
    #expect(log.contains("connection.linked") && log.contains("connection.removed"))
  }
}
