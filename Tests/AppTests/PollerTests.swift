import API
import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Plaid
import Sandbox
import Store
import Sync
import Testing

@testable import App

/// A poller over the simulated bank within the process, whose time moves when it is told to.
private struct PollBench: Sendable {
  let banks: Banks
  let poller: Poller
  let sandbox: SandboxServer
  let world: World
  let events = Locked<[Poller.Event]>([])
  let calls = Locked<[String]>([])
  /// The bank is out of reach while this is set.
  let isDown = Locked(false)

  init() async throws {
    let world = World.simulated(seed: 3, start: Timestamp(seconds: 1_773_478_800))
    let sandbox = SandboxServer(
      .init(
        clientID: "c", secret: Secret("s"), seed: 1, clock: .virtual(start: world.now()), isControllable: true,
        initialDelay: .seconds(2), historicalDelay: .seconds(5)),
      http: HTTPClient { _ throws(HTTPClientError) in throw .cannotConnect("nowhere") }, world: world)
    let database = try SQLiteDatabase.inMemory()
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    try await database.write { session in
      try Households.create(scope, name: "Home", timeZone: "UTC", currency: .usd, now: world.now(), session)
    }
    let http = HTTPClient { [calls, isDown] call throws(HTTPClientError) in
      let path = String(call.url.dropFirst("https://bank.test".count))
      calls.withLock { $0.append(path) }
      if isDown.withLock({ $0 }) { throw .cannotConnect("bank.test") }
      let response = await sandbox.handle(Request(call.method, path, headers: call.headers, body: call.body))
      return HTTPAnswer(status: response.status, headers: response.headers, body: response.body)
    }
    banks = Banks(
      plaid: PlaidClient(
        credentials: PlaidCredentials(
          clientID: "c", secret: Secret("s"), environment: "sandbox", baseURL: "https://bank.test"),
        http: http, world: world, log: .silent),
      database: database, world: world, scope: scope, sealing: .init(KeyRing(current: .generate())),
      settings: .init(origin: .simulated, environment: "sandbox", host: "bank.test", owner: "poller"), log: .silent)
    poller = Poller(banks, log: .silent) { [events] event in events.withLock { $0.append(event) } }
    self.sandbox = sandbox
    self.world = world
  }

  /// Lets time pass, here and at the bank.
  func pass(_ seconds: Int64) async throws {
    try await world.sleep(.seconds(seconds))
    _ = await sandbox.handle(
      Request("POST", "/control/clock/advance", body: Array("{\"seconds\":\(seconds)}".utf8)))
  }

  func listed(_ id: ID<Connection>) async throws -> ListedConnection {
    let scope = banks.scope
    return try #require(try await banks.database.read { try Connections.listed(id, scope, $0) })
  }

  /// How often the bank was asked for changes since the last time this was asked.
  func asked() -> Int {
    calls.withLock { calls in
      defer { calls = [] }
      return calls.count { $0 == "/transactions/sync" }
    }
  }
}

@Suite struct `The poller` {
  @Test func `reads a new bank until its history is complete, and then leaves it in peace`() async throws {
    let bench = try await PollBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    var looks = 0
    while try await bench.listed(id).progress != .historical {
      looks += 1
      try #require(looks < 20)
      await bench.poller.lookAround()
      try await bench.pass(2)
    }
    let outcomes = bench.events.withLock { $0 }.compactMap { event -> SyncOutcome? in
      if case .done(_, let outcome) = event { outcome } else { nil }
    }
    #expect(outcomes.first == .notReady)
    #expect(outcomes.contains { if case .applied(let counts) = $0 { counts.added > 100 } else { false } })
    _ = bench.asked()
    for _ in 0..<6 {
      let next = try #require(await bench.poller.lookAround())
      #expect(next - bench.world.now() > .seconds(1800))
      try await bench.pass(600)
    }
    #expect(bench.asked() == 0)
    try await bench.pass(8 * 3600)
    await bench.poller.lookAround()
    #expect(bench.asked() > 0)
  }

  @Test func `does not go on asking a bank that wants its person`() async throws {
    let bench = try await PollBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.pass(10)
    await bench.poller.lookAround()
    let scope = bench.banks.scope
    let item = try #require(try await bench.banks.database.read { try Connections.find(id, scope, $0) })
    _ = await bench.sandbox.handle(
      Request("POST", "/control/item/break", body: Array("{\"item_id\":\"\(item.itemID)\"}".utf8)))
    try await bench.pass(8 * 3600)
    await bench.poller.lookAround()
    #expect(try await bench.listed(id).state == .needsReauthentication)
    _ = bench.asked()
    for _ in 0..<5 {
      try await bench.pass(8 * 3600)
      #expect(await bench.poller.lookAround() == nil)
    }
    #expect(bench.asked() == 0)
    let repaired = await bench.sandbox.handle(
      Request("POST", "/control/item/repair", body: Array("{\"item_id\":\"\(item.itemID)\"}".utf8)))
    #expect(repaired.status == 200)
    _ = try await bench.banks.sync(id)
    try await bench.pass(8 * 3600)
    _ = bench.asked()
    await bench.poller.lookAround()
    #expect(bench.asked() > 0, "a sync by hand healed it")
  }

  @Test func `asks a bank that is out of reach less and less, and is there when it comes back`() async throws {
    let bench = try await PollBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.pass(10)
    await bench.poller.lookAround()
    bench.isDown.withLock { $0 = true }
    try await bench.pass(8 * 3600)
    var pauses: [Int64] = []
    for _ in 0..<4 {
      await bench.poller.lookAround()
      let before = bench.world.now()
      let next = try #require(await bench.poller.lookAround())
      pauses.append((next - before).milliseconds / 1000)
      try await bench.pass((pauses.last ?? 0) + 1)
    }
    #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 < $1 }, "\(pauses)")
    #expect(try await bench.listed(id).state == .degraded)
    bench.isDown.withLock { $0 = false }
    try await bench.pass(8 * 3600)
    await bench.poller.lookAround()
    #expect(try await bench.listed(id).state == .healthy)
  }

  @Test func `does not spin on a connection that another run is at`() async throws {
    let bench = try await PollBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    let (scope, now) = (bench.banks.scope, bench.world.now())
    try await bench.banks.database.write { session in
      _ = try Connections.takeLease(
        id, owner: "another", until: now + .seconds(600), now: now - .seconds(80_000), scope, session)
    }
    await bench.poller.lookAround()
    let next = try #require(await bench.poller.lookAround())
    #expect(next - bench.world.now() == PollPlan.shortPause)
    #expect(bench.asked() == 0)
  }

  @Test func `ends a connection whose removal was not confirmed`() async throws {
    let bench = try await PollBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    bench.isDown.withLock { $0 = true }
    await #expect(throws: BanksError.self) { try await bench.banks.remove(id) }
    #expect(try await bench.listed(id).state == .removing)
    bench.isDown.withLock { $0 = false }
    await bench.poller.lookAround()
    #expect(try await bench.listed(id).state == .removed)
  }

  @Test func `called off in the middle leaves the connection as it was`() async throws {
    let bench = try await PollBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.pass(10)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await bench.poller.lookAround()
    }
    _ = await task.value
    #expect(try await bench.listed(id).state == .pending)
    await bench.poller.lookAround()
    #expect(try await bench.listed(id).state == .healthy)
  }

  @Test func `stops when it is told to`() async throws {
    let bench = try await PollBench()
    let task = Task { try await bench.poller.run() }
    bench.poller.wake()
    task.cancel()
    try await task.value
  }
}
