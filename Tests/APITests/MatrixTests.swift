import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

@Suite struct `Who may do what` {
  @Test func `follows from what an operation declares, for strangers and for every role`() async throws {
    let matrix = try await MatrixHouse()
    var asked = 0
    for operation in matrix.operations {
      let path = try #require(MatrixHouse.path(operation, matrix.foreign), "\(operation.id): nothing to ask about")
      let body = MatrixHouse.body(operation, matrix.own)
      func ask(_ token: String?) async throws -> HTTPBench.Answer {
        asked += 1
        return try await matrix.house.send(operation.method.rawValue, path, body, token: token)
      }
      if [.open, .signed, .measuring].contains(operation.access) { continue }
      for token in [nil, "wrong"] {
        #expect(try await ask(token).code == "unauthorized", "\(operation.id)")
      }
      guard case .household(_, let least) = operation.access else { continue }
      for role in Role.allCases {
        let answer = try await ask(try matrix.token(role))
        if role < least {
          #expect(answer.status == 403 && answer.code == "role.too_low", "\(operation.id) as \(role): \(answer.text)")
        } else {
          let mayRefuse = operation.ownProblems.contains(.roleTooLow)
          #expect(answer.code != "role.too_low" || mayRefuse, "\(operation.id) as \(role): \(answer.text)")
          #expect(answer.status != 500, "\(operation.id) as \(role): \(answer.text)")
        }
      }
    }
    #expect(asked > 200)
  }

  @Test func `ends at the door of another household, whatever is asked`() async throws {
    let matrix = try await MatrixHouse()
    let before = try await matrix.walk(matrix.stranger, matrix.foreign, variants: false)
    #expect(before.contains { $0.text.contains("ins_109509") }, "there is something to see there")
    #expect(Set(matrix.own.values.joined()).isDisjoint(with: matrix.foreign.values.joined()))
    let theirs = Set(matrix.foreign.values.joined())
    var asked = 0
    for operation in matrix.operations where operation.access != .open && operation.access != .measuring {
      for role in Role.allCases {
        let token = try matrix.token(role)
        var requests: [(path: String, body: JSONValue?)] = []
        let path = try #require(MatrixHouse.path(operation, matrix.foreign))
        if path.split(separator: "/").contains(where: { theirs.contains(String($0)) }) {
          requests.append((path, MatrixHouse.body(operation, matrix.own)))
        }
        // Their ids where the body names something.
        if let own = MatrixHouse.body(operation, matrix.own), let path = MatrixHouse.path(operation, matrix.own) {
          let naming = MatrixHouse.replacing(own, matrix.foreign)
          if naming != own { requests.append((path, naming)) }
        }
        for (path, body) in requests {
          asked += 1
          let answer = try await matrix.house.send(operation.method.rawValue, path, body, token: token)
          let isInPath = path != MatrixHouse.path(operation, matrix.own)
          let refusals = isInPath ? [403, 404] : [403, 404, 409, 422]
          #expect(refusals.contains(answer.status), "\(operation.id) as \(role): \(answer.status) \(answer.text)")
          if answer.status == 403 { #expect(answer.code == "role.too_low", "\(operation.id) as \(role)") }
        }
      }
    }
    #expect(asked > 50)
    for role in Role.allCases {
      for (request, text) in try await matrix.walk(try matrix.token(role), matrix.foreign, variants: true) {
        let told = Set(MatrixHouse.ids(in: text)).intersection(matrix.foreign.values.joined())
        #expect(told.isEmpty, "\(request) as \(role)")
      }
    }
    let after = try await matrix.walk(matrix.stranger, matrix.foreign, variants: false)
    #expect(before.map(\.request) == after.map(\.request))
    for (one, two) in zip(before, after) where !MatrixHouse.growsByWalking(one.request) {
      #expect(one.text == two.text, "\(one.request)")
    }
  }

  @Test func `does not depend on which household a request names`() async throws {
    let matrix = try await MatrixHouse()
    let named: HeaderFields = ["Magpie-Household": "\(matrix.other.household)"]
    for operation in matrix.operations {
      guard case .household = operation.access, let path = MatrixHouse.path(operation, matrix.foreign) else { continue }
      let answer = try await matrix.house.send(
        operation.method.rawValue, path, MatrixHouse.body(operation, matrix.foreign), token: try matrix.token(.owner),
        headers: named)
      #expect(answer.status == 400 && answer.code == "household.ambiguous", "\(operation.id): \(answer.text)")
    }
    let own = try await matrix.house.send("GET", "/v1/accounts", token: matrix.stranger, headers: named)
    #expect(own.status == 200)
  }

  @Test func `asks a key for its scope`() async throws {
    let matrix = try await MatrixHouse()
    for scope in APIScope.allCases {
      let made = try await matrix.house.send(
        "POST", "/v1/api-keys", ["name": "k", "scopes": [.string(scope.rawValue)]], token: try matrix.token(.owner))
      let key = try #require(made.json["key"]?.string, "\(made.text)")
      for operation in matrix.operations {
        let needed: APIScope
        switch operation.access {
        case .open, .signed, .measuring: continue
        case .person(let scope), .household(let scope, _): needed = scope
        }
        guard needed != scope, let path = MatrixHouse.path(operation, matrix.foreign) else { continue }
        let body = MatrixHouse.body(operation, matrix.own)
        let answer = try await matrix.house.send(operation.method.rawValue, path, body, token: key)
        #expect(answer.code == "scope.missing" && answer.status == 403, "\(operation.id) with \(scope)")
      }
    }
  }
}

@Suite struct `What is kept from others` {
  /// Rows, balances and holdings that stand out wherever they get to.
  private static func plant(in account: ID<Account>, of scope: Scope, _ bench: BankBench) async throws {
    let (world, whole) = (bench.world, scope.wholeHousehold)
    let (marker, now, today) = (MatrixHouse.marker, bench.world.now(), CalendarDate(days: 20_520))
    try await bench.database.write { session in
      for (offset, isPending) in [false, true, false].enumerated() {
        let id: ID<Transaction> = world.newID()
        var row = FeedTransaction(
          id: "\(id)", accountID: "\(account)", isPending: isPending, amount: DecimalText("1") ?? .zero, currency: .usd,
          bookedOn: today - offset, name: marker)
        row.merchantName = marker
        row.originalDescription = marker
        let sign: Int64 = offset == 2 ? 1 : -1
        try Transactions.insert(
          id, row, account: AccountPlace(account, .checking),
          amount: Money(minorUnits: sign * MatrixHouse.markerMinor, .usd), exact: nil, origin: "simulated", now: now,
          whole, session)
        try Inbox.ask(.leftOverRow, about: id, id: world.newID(), now: now, whole, session)
      }
      let security: ID<Security> = world.newID()
      let connection = try #require(try Connections.all(whole, session).first)
      var stored = StoredSecurity(id: security, providerID: "\(security)")
      stored.name = marker
      try Securities.keep(stored, connection.id, whole, session)
      try Holdings.keep(
        StoredHolding(account: account, security: security, day: today, quantity: .zero, rest: marker), whole, session)
      try Events.append(
        [
          NewEvent(
            kind: "transaction.changed", body: "{\"account\":\"\(account)\",\"name\":\"\(marker)\"}", account: account)
        ], now: now, whole, session)
      _ = try Totals.recount(whole, session)
    }
  }

  @Test func `is in no answer, and changes no sum`() async throws {
    let matrix = try await MatrixHouse()
    let (bench, owner) = (matrix.house.bench, try matrix.token(.owner))
    let accounts = try #require(matrix.own["acc"])
    let (hidden, balances) = (accounts[0], accounts[1])
    for (account, level) in [(hidden, "hidden"), (balances, "balances")] {
      let shared = try await matrix.house.send(
        "PUT", "/v1/accounts/\(account)/sharing", ["level": .string(level)], token: owner)
      #expect(shared.status == 200, "\(shared.text)")
    }
    // Others ask with what they know and with what they should not know.
    let known = matrix.own
    let others = Role.allCases.filter { $0 < .owner }
    var before: [Role: [(request: String, text: String)]] = [:]
    for role in others { before[role] = try await matrix.walk(try matrix.token(role), known, variants: true) }
    for account in [hidden, balances] {
      try await Self.plant(in: try #require(ID<Account>(account)), of: matrix.house.scope, bench)
    }
    let theirs = try await bench.database.read { [scope = matrix.other] in try Accounts.all(scope, $0) }
    try await Self.plant(in: try #require(theirs.first).id, of: matrix.other, bench)
    var asked = 0
    for role in others {
      let after = try await matrix.walk(try matrix.token(role), known, variants: true)
      #expect(after.count == before[role]?.count)
      for (one, two) in zip(before[role] ?? [], after) {
        asked += 1
        #expect(one.text == two.text || MatrixHouse.growsByWalking(one.request), "\(one.request) as \(role)")
        #expect(
          !two.text.contains(MatrixHouse.marker) && !two.text.contains(MatrixHouse.markerAmount), "\(two.request)")
      }
    }
    #expect(asked > 60)
    let seen = try await matrix.walk(owner, known, variants: true).map(\.text)
    #expect(seen.contains { $0.contains(MatrixHouse.marker) }, "it was there to be seen")
    #expect(seen.contains { $0.contains(MatrixHouse.markerAmount) })
  }

  @Test func `is not there for whoever knows its name`() async throws {
    let matrix = try await MatrixHouse()
    let owner = try matrix.token(.owner)
    let (account, bench) = (try #require(matrix.own["acc"]?.first), matrix.house.bench)
    try await Self.plant(in: try #require(ID<Account>(account)), of: matrix.house.scope, bench)
    let rows = try await matrix.house.send("GET", "/v1/transactions?account=\(account)", token: owner).rows
    let row = try #require(rows.first { $0["name"] == .string(MatrixHouse.marker) }?["id"]?.string)
    for level in ["balances", "hidden"] {
      _ = try await matrix.house.send(
        "PUT", "/v1/accounts/\(account)/sharing", ["level": .string(level)], token: owner)
      var known = matrix.own
      // What is shared is its balances: the account is there then, and its rows are not.
      known["acc"] = level == "hidden" ? [account] : nil
      known["txn"] = [row]
      for operation in matrix.operations {
        let prefixes = MatrixHouse.prefixes(inPathOf: operation)
        guard prefixes.contains("acc") || prefixes.contains("txn"), let path = MatrixHouse.path(operation, known)
        else { continue }
        for role in Role.allCases where role < .owner {
          let body = MatrixHouse.body(operation, matrix.own)
          let answer = try await matrix.house.send(operation.method.rawValue, path, body, token: try matrix.token(role))
          let isRefused = answer.status == 404 || answer.code == "role.too_low"
          #expect(isRefused, "\(operation.id) as \(role): \(answer.status) \(answer.text)")
        }
      }
    }
  }
}
