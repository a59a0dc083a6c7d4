import Basics
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

@Suite struct `An answer that is kept` {
  /// The interface with a shelf, asked without a socket; `reads` counts what the database was asked.
  private struct Shelved {
    let bench: BankBench
    let handler: @Sendable (Request) async -> Response
    let reads: Locked<Int>

    /// - Parameter tellsEdition: As SQLite does; a distant database does not.
    init(tellsEdition: Bool) async throws {
      bench = try await BankBench()
      let counting = CountingDatabase(bench.database, tellsEdition: tellsEdition)
      reads = counting.reads
      var interface = Interface(
        bench.banks(database: CountedDatabase(counting)), token: Secret("t"), version: "1", log: .silent)
      interface.settings.keptAnswerBytes = 1 << 20
      handler = interface.handler()
    }

    func get(_ target: String, headers: HeaderFields = .init()) async -> Response {
      var headers = headers
      headers["Host"] = "localhost"
      headers["Authorization"] = "Bearer t"
      return await handler(Request("GET", target, headers: headers))
    }

    func post(_ target: String, _ body: JSONValue) async -> Response {
      await handler(
        Request(
          "POST", target,
          headers: ["Host": "localhost", "Authorization": "Bearer t", "Content-Type": "application/json"],
          body: body.serialized()))
    }
  }

  @Test(arguments: [true, false]) func `is given again, with its tag, without asking the database`(tellsEdition: Bool)
    async throws
  {
    let house = try await Shelved(tellsEdition: tellsEdition)
    let first = await house.get("/v1/accounts")
    #expect(first.status == 200)
    let reads = house.reads.withLock { $0 }
    let second = await house.get("/v1/accounts")
    #expect(second.body == first.body && second.headers["ETag"] == first.headers["ETag"])
    #expect(house.reads.withLock { $0 } == reads)
    let tag: HeaderFields = ["If-None-Match": try #require(first.headers["ETag"])]
    #expect(await house.get("/v1/accounts", headers: tag).status == 304)
    #expect(await house.get("/v1/accounts?limit=0").status == 422)
    #expect(await house.get("/v1/accounts?limit=5").status == 200)
    #expect(house.reads.withLock { $0 } > reads, "another question")
  }

  @Test(arguments: [true, false]) func `ends with the next write`(tellsEdition: Bool) async throws {
    let house = try await Shelved(tellsEdition: tellsEdition)
    #expect(await house.get("/v1/accounts").status == 200)
    let made = await house.post("/v1/accounts", ["name": "Cash", "kind": "cash", "currency": "USD"])
    #expect(made.status == 201)
    let listed = try JSONValue.parse(await house.get("/v1/accounts").body)
    #expect(listed["data"]?.elements.count == 1)
  }

  @Test(arguments: [true, false]) func `ends soon after another program has changed something`(tellsEdition: Bool)
    async throws
  {
    let house = try await Shelved(tellsEdition: tellsEdition)
    let (bench, scope) = (house.bench, house.bench.scope)
    #expect(await house.get("/v1/accounts").status == 200)
    // Past the shelf, as another process would.
    try await bench.database.write { session in
      var edits = Edits(through: "cli", world: bench.world, scope)
      _ = try Manual.create(NewAccount(name: "Cash", kind: .cash, currency: .usd), &edits, session)
      try edits.finish(session)
    }
    // Who is told of every write shows it at once.
    if !tellsEdition || bench.database.edition() == nil { try await bench.world.sleep(.milliseconds(100)) }
    let listed = try JSONValue.parse(await house.get("/v1/accounts").body)
    #expect(listed["data"]?.elements.count == 1)
  }

  @Test func `is its person's alone`() async throws {
    let bench = try await BankBench()
    let world = bench.world
    let shelf = AnswerShelf(CountedDatabase(bench.database), world: world, bytesMax: 100)
    let version = try await shelf.version(of: bench.scope.household)
    let mine = AnswerShelf.Key(scope: bench.scope, question: "/v1/accounts")
    shelf.keep(.json(200, [1]), mine, version)
    let theirs = AnswerShelf.Key(
      scope: Scope(household: bench.scope.household, user: world.newID()), question: "/v1/accounts")
    #expect(shelf.answer(to: mine, version)?.body == [1] && shelf.answer(to: theirs, version) == nil)
    shelf.keep(.json(200, Array(repeating: 0, count: 101)), theirs, version)
    #expect(shelf.answer(to: theirs, version) == nil, "too long to keep")
    shelf.keep(.json(200, Array(repeating: 0, count: 100)), theirs, version)
    #expect(shelf.answer(to: mine, version) == nil, "no room for both")
    shelf.keep(.json(404, [1]), mine, version)
    #expect(shelf.answer(to: mine, version) == nil)
  }
}
