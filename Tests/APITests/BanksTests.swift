import API
import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Plaid
import Store
import Sync
import Testing

@Suite struct `Linking a bank` {
  @Test func `asks Link for all the history, and for what a bank may lack as optional`() async throws {
    let bench = try await BankBench()
    let token = try await bench.banks(publicURL: "https://magpie.example").linkToken()
    #expect(token.token.reveal.hasPrefix("link-sandbox-"))
    let body = try #require(try bench.asked("/link/token/create").last)
    #expect(body["transactions"]?["days_requested"]?.int == 730)
    #expect(body["products"] == ["transactions"] && body["optional_products"] == ["investments", "liabilities"])
    #expect(body["webhook"] == "https://magpie.example/v1/webhooks/plaid")
    #expect(body["redirect_uri"] == "https://magpie.example/link/return")
    #expect(body["user"]?["client_user_id"] == .string(bench.scope.user.description))
    _ = try await bench.banks().linkToken()
    let polled = try #require(try bench.asked("/link/token/create").last)
    #expect(polled["webhook"] == nil && polled["redirect_uri"] == nil)
  }

  @Test func `is told in the log as one story, calls and all`() async throws {
    let bench = try await BankBench()
    let id = try await bench.banks().linkSandbox(institution: "ins_109508").id
    let stories = Locked<[String]>([])
    bench.intercept { call in
      if call.url.hasSuffix("/transactions/sync") {
        stories.withLock { $0 += Log.story.map { "\($0.0) \($0.1)" } }
      }
      return nil
    }
    _ = try await bench.banks().sync(id)
    #expect(Set(stories.withLock { $0 }) == ["connection text(\"\(id)\")"])
    let line = try #require(bench.logged.last { $0.contains("\"message\":\"synced\"") })
    #expect(line.contains("\"connection\":\"\(id)\"") && line.contains("\"added\":") && !line.contains("\"added\":0"))
    bench.intercept { _ in .failure(.timedOut) }
    _ = try? await bench.banks().sync(id)
    #expect(bench.logged.contains { $0.contains("\"message\":\"not synced\"") && $0.contains("\(id)") })
  }

  @Test func `keeps the token sealed, for this connection alone`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let connection = try await banks.exchange(try await bench.publicToken())
    #expect(connection.institutionID == "ins_109508" && connection.institutionName != nil)
    #expect(connection.state == .pending && connection.origin == "simulated")
    let box = try #require(connection.sealedToken)
    let data = Banks.associatedData(connection.id, bench.scope, banks.settings)
    let token = try bench.ring.openText(box, associatedData: data)
    #expect(token.reveal.hasPrefix("access-sandbox-"))
    var other = data
    other.host = "elsewhere"
    #expect(throws: SealedBoxError.forged) { try bench.ring.openText(box, associatedData: other) }
    #expect(!String(decoding: box, as: UTF8.self).contains("access-"))
  }

  @Test func `refuses a bank that is linked already, before or right after the exchange`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let first = try await banks.exchange(try await bench.publicToken())
    _ = try await banks.sync(first.id)
    let accounts = try await bench.database.read { [scope = bench.scope] in try Accounts.all(scope, $0) }
    let shown = try #require(accounts.first)

    let exchanges = try bench.asked("/item/public_token/exchange").count
    let metadata = LinkMetadata(
      institutionID: "ins_109508", accounts: [.init(name: shown.name, mask: shown.mask, type: shown.type)])
    let token = try await bench.publicToken()
    let early = await error { try await banks.exchange(token, metadata: metadata) }
    #expect(early == .alreadyLinked(first.id, bank: first.institutionName))
    #expect(try bench.asked("/item/public_token/exchange").count == exchanges, "nothing was exchanged")

    let late = await error { try await banks.exchange(token) }
    #expect(late == .alreadyLinked(first.id, bank: first.institutionName))
    #expect(try await bench.livingItems() == 1, "the new Item was removed again")
    let kept = try await bench.database.read { [scope = bench.scope] in try Connections.all(scope, $0) }
    #expect(kept.map(\.id) == [first.id])

    let adopted = try await banks.exchange(try await bench.publicToken(), adopt: true)
    #expect(adopted.id != first.id)
    #expect(try await bench.livingItems() == 2)
  }

  @Test func `refuses one of two links of the same bank that are under way at once`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let tokens = [try await bench.publicToken(), try await bench.publicToken()]
    let failures = await withTaskGroup(of: BanksError?.self) { group in
      for token in tokens { group.addTask { await error { try await banks.exchange(token) } } }
      return await group.reduce(into: [BanksError]()) { if let failure = $1 { $0.append(failure) } }
    }
    #expect(failures.count == 1)
    guard case .alreadyLinked = failures.first else { return #expect(Bool(false), "\(failures)") }
    #expect(try await bench.livingItems() == 1)
  }

  @Test func `takes another customer of the same bank, and the same customer of another bank`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let first = try await banks.linkSandbox(institution: "ins_109508")
    _ = try await banks.sync(first.id)
    let metadata = LinkMetadata(
      institutionID: "ins_109508", accounts: [.init(name: "Somebody's Account", mask: "9999", type: "depository")])
    _ = try await banks.exchange(try await bench.publicToken(user: "user_yuppie"), metadata: metadata)
    _ = try await banks.linkSandbox(institution: "ins_109511")
    #expect(try await bench.livingItems() == 3)
  }

  @Test func `leaves no Item behind when it cannot be kept`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks(database: FailingDatabase(bench.database))
    let failure = await error { try await banks.exchange(try await bench.publicToken()) }
    #expect(failure == .storage(.full))
    #expect(try bench.asked("/item/remove").count == 1)
    #expect(try await bench.livingItems() == 0)

    bench.intercept { $0.url.hasSuffix("/item/remove") ? .failure(.cannotConnect("down")) : nil }
    let stuck = await error { try await banks.exchange(try await bench.publicToken()) }
    guard case .orphaned(let item) = stuck else { return #expect(Bool(false), "\(String(describing: stuck))") }
    #expect(bench.logged.contains { $0.contains(item) && $0.contains("\"level\":\"error\"") })
  }

  @Test func `goes on when its caller gives up`() async throws {
    let bench = try await BankBench()
    let token = try await bench.publicToken()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await bench.banks().exchange(token)
    }
    let connection = try await task.value
    #expect(connection.sealedToken != nil)
  }

  @Test func `says of a token that the bank does not know that it is of no use`() async throws {
    let bench = try await BankBench()
    let used = try await bench.publicToken()
    _ = try await bench.banks().exchange(used)
    for token in [Secret("public-sandbox-00000000-0000-0000-0000-000000000000"), used] {
      #expect(await error { try await bench.banks().exchange(token) } == .badPublicToken)
    }
    #expect(try await bench.livingItems() == 1)
  }

  @Test func `gives a known Item its new token and does not end it`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let first = try await banks.exchange(try await bench.publicToken())
    bench.intercept { call in
      guard call.url.hasSuffix("/item/public_token/exchange") else { return nil }
      let body: JSONValue = ["access_token": "access-sandbox-new", "item_id": .string(first.itemID), "request_id": "r"]
      return .success(HTTPAnswer(status: 200, body: body.serialized()))
    }
    let again = try await banks.exchange(Secret("public-sandbox-update"))
    #expect(again.id == first.id && again.sealedToken != first.sealedToken)
    #expect(try bench.asked("/item/remove").isEmpty)
    let stranger = Scope(household: bench.world.newID(), user: bench.scope.user)
    let refused = await error { try await bench.banks(scope: stranger).exchange(Secret("public-sandbox-update")) }
    #expect(refused == .otherHousehold)
    #expect(try bench.asked("/item/remove").isEmpty)
  }

  @Test func `invents customers in the sandbox only`() async throws {
    let bench = try await BankBench()
    let failure = await error { try await bench.banks(environment: "production").linkSandbox(institution: "ins_1") }
    #expect(failure == .sandboxOnly && bench.calls.isEmpty)
  }
}

@Suite struct `A linked bank` {
  @Test func `is read with the bank's own words and the newer categories`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let connection = try await banks.linkSandbox(institution: "ins_109508")
    guard case .applied(let counts) = try await banks.sync(connection.id) else { return #expect(Bool(false)) }
    #expect(counts.added > 100)
    let bodies = try bench.asked("/transactions/sync")
    #expect(!bodies.isEmpty)
    for body in bodies {
      #expect(body["options"]?["include_original_description"]?.bool == true && body["count"]?.int == 500)
      #expect(body["options"]?["personal_finance_category_version"] == "v2")
    }
  }

  @Test func `is not asked with a token from another place`() async throws {
    let bench = try await BankBench()
    let connection = try await bench.banks().linkSandbox(institution: "ins_109508")
    let calls = bench.calls.count
    let elsewhere = BanksError.linkedElsewhere(environment: "sandbox", host: "bank.test")
    #expect(await error { try await bench.banks(host: "other.test").sync(connection.id) } == elsewhere)
    #expect(await error { try await bench.banks(environment: "production").sync(connection.id) } == elsewhere)
    let locked = await error { try await bench.banks(ring: KeyRing(current: .generate())).sync(connection.id) }
    guard case .locked = locked else { return #expect(Bool(false), "\(String(describing: locked))") }
    #expect(bench.calls.count == calls, "nothing was sent")
    let stranger = Scope(household: bench.world.newID(), user: bench.scope.user)
    #expect(await error { try await bench.banks(scope: stranger).sync(connection.id) } == .unknownConnection)
  }

  @Test func `is removed at the bank first, keeps its rows, and can be removed again`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let id = try await banks.linkSandbox(institution: "ins_109508").id
    _ = try await banks.sync(id)
    bench.intercept { $0.url.hasSuffix("/item/remove") ? .failure(.timedOut) : nil }
    let failure = await error { try await banks.remove(id) }
    #expect(failure?.problem.code == "bank.unreachable")
    let stuck = try await banks.connection(id)
    #expect(stuck.state == .removing && stuck.sealedToken != nil, "the token is still needed")

    bench.intercept(nil)
    try await banks.remove(id)
    try await banks.remove(id)
    let removed = try await banks.connection(id)
    #expect(removed.state == .removed && removed.sealedToken == nil)
    #expect(try await bench.livingItems() == 0)
    #expect(await error { try await banks.sync(id) } == .removed)
    let rows = try await bench.database.read { [scope = bench.scope] in
      try Transactions.list(TransactionFilter(), after: nil, limit: 5, scope, $0)
    }
    #expect(rows.count == 5)
    #expect(try await banks.linkSandbox(institution: "ins_109508").id != id, "linking again is no duplicate")
  }

  @Test func `has told nobody its token`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let connection = try await banks.linkSandbox(institution: "ins_109508")
    bench.intercept { $0.url.hasSuffix("/accounts/get") ? .success(HTTPAnswer(status: 500)) : nil }
    let failure = try #require(await error { try await banks.sync(connection.id) })
    let token = try banks.sealing.open(
      try #require(connection.sealedToken), Banks.associatedData(connection.id, bench.scope, banks.settings))
    let told = bench.logged + ["\(failure)", "\(failure.problem)"]
    #expect(!told.contains { $0.contains(token.reveal) || $0.contains("secret-1") || $0.contains("public-sandbox-") })
    #expect(!bench.logged.isEmpty)
  }
}
