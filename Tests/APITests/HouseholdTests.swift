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
