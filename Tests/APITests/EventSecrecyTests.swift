import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

/// What the stream of events tells to whom.
@Suite struct `The stream of events, by person` {
  /// All that a person hears from the first event on, as text. The stream of this bench ends with what there is.
  private static func heard(_ matrix: MatrixHouse, _ token: String) async throws -> String {
    let answer = try await matrix.house.send("GET", "/v1/events?after=0", token: token)
    #expect(answer.status == 200)
    return answer.text
  }

  /// Everything that can happen to an account and its rows, done by the owner over the interface.
  private static func live(in account: String, _ matrix: MatrixHouse) async throws -> Set<String> {
    let owner = try matrix.token(.owner)
    func ask(_ method: String, _ path: String, _ body: JSONValue? = nil, _ expected: Int = 200) async throws
      -> JSONValue
    {
      let answer = try await matrix.house.send(method, path, body, token: owner)
      #expect(answer.status == expected, "\(method) \(path): \(answer.text)")
      return answer.json
    }
    let rows = try await matrix.house.send("GET", "/v1/transactions?account=\(account)&limit=3", token: owner).rows
    let ids = rows.compactMap { $0["id"]?.string }
    let first = try #require(ids.first)
    _ = try await ask("PATCH", "/v1/transactions/\(first)", ["name": .string(MatrixHouse.marker)])
    _ = try await ask("PATCH", "/v1/transactions/\(first)", ["category": "FOOD_AND_DRINK_GROCERIES"])
    _ = try await ask("POST", "/v1/transactions/bulk", ["ids": JSONValue(ids), "set": ["reviewed": true]])
    _ = try await ask("DELETE", "/v1/transactions/\(first)", nil, 204)
    _ = try await ask("POST", "/v1/transactions/\(first)/restore")
    _ = try await ask("PATCH", "/v1/accounts/\(account)", ["name": .string(MatrixHouse.marker)])
    return Set(ids + [account])
  }

  @Test func `does not tell of what is kept from them, whatever happens to it`() async throws {
    let matrix = try await MatrixHouse()
    let owner = try matrix.token(.owner)
    let rich = try await matrix.house.send("GET", "/v1/transactions?limit=500", token: owner).rows
    var accounts: [String] = []
    for id in rich.compactMap({ $0["account"]?.string }) where !accounts.contains(id) { accounts.append(id) }
    let (hidden, balances, open) = (accounts[0], accounts[1], accounts[2])
    for (account, level) in [(hidden, "hidden"), (balances, "balances")] {
      _ = try await matrix.house.send(
        "PUT", "/v1/accounts/\(account)/sharing", ["level": .string(level)], token: owner)
    }
    let withheld = try await Self.live(in: hidden, matrix).union(try await Self.live(in: balances, matrix))
    let shared = try await Self.live(in: open, matrix)
    // Things that only their maker sees.
    let view = try await matrix.house.send(
      "POST", "/v1/views", ["name": "mine", "query": "text=\(MatrixHouse.marker)"], token: owner)
    let secret = try #require(view.json["id"]?.string)
    _ = try await matrix.house.send("PATCH", "/v1/views/\(secret)", ["name": "still mine"], token: owner)
    let given = try await matrix.house.send(
      "POST", "/v1/views", ["name": "ours", "query": "", "shared": true], token: owner)
    let common = try #require(given.json["id"]?.string)
    // What the bank does, and what is told of it.
    let connection = try #require(matrix.own["con"]?.first)
    for path in ["sync", "balances", "refresh"] {
      let answer = try await matrix.house.send("POST", "/v1/connections/\(connection)/\(path)", token: owner)
      #expect(answer.status < 300, "\(path): \(answer.text)")
    }
    try await matrix.house.bench.database.write { [scope = matrix.house.scope, world = matrix.house.bench.world] in
      let mine = NewNotification(.invitation, cause: "one", person: scope.user, body: "{}")
      try Notifications.add(mine, id: world.newID(), now: world.now(), scope, $0)
    }
    let all = try await Self.heard(matrix, owner)
    for id in withheld.union(shared) { #expect(all.contains(id), "the owner hears of \(id)") }
    #expect(all.contains(secret) && all.contains(common) && all.contains("\"invitation\""))
    for role in Role.allCases where role < .owner {
      let text = try await Self.heard(matrix, try matrix.token(role))
      // An account whose balance they see is named where it changed, and nowhere else.
      let ofRows = text.split(separator: "\n\n").filter { !$0.contains("event: account.") }.joined()
      for id in withheld.subtracting([balances]) { #expect(!text.contains(id), "\(role) hears of \(id)") }
      #expect(!ofRows.contains(balances) && text.contains(balances), "\(role)")
      #expect(!text.contains(secret) && !text.contains("\"invitation\""), "\(role)")
      #expect(text.contains(open) && text.contains(common), "\(role) hears of what is shared")
      #expect(!text.contains(MatrixHouse.marker))
      // Of a connection some of whose accounts are kept back nothing is told as a whole.
      #expect(!text.contains("sync.finished"), "\(role)")
    }
    let elsewhere = try await Self.heard(matrix, matrix.stranger)
    #expect(Set(MatrixHouse.ids(in: elsewhere)).isDisjoint(with: matrix.own.values.joined()))
    #expect(Set(MatrixHouse.ids(in: elsewhere)).isDisjoint(with: MatrixHouse.ids(in: all)))
    #expect(elsewhere.contains("sync.finished"))
    // Whoever does not belong to the household any more hears nothing more.
    let people = try await matrix.house.send("GET", "/v1/members", token: owner).rows
    let viewer = try #require(people.first { $0["role"] == "viewer" }?["id"]?.string)
    #expect(try await matrix.house.send("DELETE", "/v1/members/\(viewer)", token: owner).status == 204)
    let after = try await matrix.house.send("GET", "/v1/events?after=0", token: try matrix.token(.viewer))
    #expect([400, 401, 403].contains(after.status) && !after.text.contains("id: "), "\(after.status)")
  }
}

@Suite struct `Calls that cost money` {
  @Test func `are for whoever linked the bank, for admins and the owner`() async throws {
    let matrix = try await MatrixHouse()
    let connection = try #require(matrix.own["con"]?.first)
    for path in ["balances", "refresh", "repaired"] {
      for (role, expected) in [(Role.viewer, 403), (.member, 403), (.admin, 200), (.owner, 200)] {
        let answer = try await matrix.house.send(
          "POST", "/v1/connections/\(connection)/\(path)", token: try matrix.token(role))
        #expect(answer.status / 100 == expected / 100, "\(path) as \(role): \(answer.text)")
        if expected == 403 { #expect(answer.code == "role.too_low", "\(path) as \(role)") }
      }
    }
    let log = try await matrix.house.send("GET", "/v1/audit-log?limit=500", token: try matrix.token(.owner))
    #expect(log.text.contains("connection.balances_billed") && log.text.contains("connection.refresh_billed"))
  }
}
