import API
import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Plaid
import Sandbox
import Store
import Sync
import Testing

@testable import App

/// Workers over the simulated bank within the process, whose time moves when it is told to.
private struct KeepBench: Sendable {
  let banks: Banks
  let worker: Worker
  let timetable: Timetable
  let sandbox: SandboxServer
  let world: World
  let events = Locked<[BankJobs.Event]>([])
  let calls = Locked<[String]>([])
  /// The bank is out of reach while this is set.
  let isDown = Locked(false)
  /// Paths that are answered with an error of this code.
  let refused = Locked<[String: String]>([:])

  init(
    schedule: Cron? = nil, balances: Cron? = nil, isLive: Bool = false, publicURL: String? = nil,
    callsPerDay: Int? = nil
  ) async throws {
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
    let http = HTTPClient { [calls, isDown, refused] call throws(HTTPClientError) in
      let path = String(call.url.dropFirst("https://bank.test".count))
      calls.withLock { $0.append(path) }
      if isDown.withLock({ $0 }) { throw .cannotConnect("bank.test") }
      if let code = refused.withLock({ $0[path] }) {
        let body =
          "{\"error_type\":\"\(code.prefix { $0 != "/" })\",\"error_code\":\"\(code.drop { $0 != "/" }.dropFirst())\"}"
        return HTTPAnswer(status: 400, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
      }
      let response = await sandbox.handle(Request(call.method, path, headers: call.headers, body: call.body))
      return HTTPAnswer(status: response.status, headers: response.headers, body: response.body)
    }
    banks = Banks(
      plaid: PlaidClient(
        credentials: PlaidCredentials(
          clientID: "c", secret: Secret("s"), environment: "sandbox", baseURL: "https://bank.test"),
        http: http, world: world, log: .silent),
      database: database, world: world, scope: scope, sealing: .init(KeyRing(current: .generate())),
      settings: .init(
        origin: .simulated, environment: "sandbox", host: "bank.test", publicURL: publicURL, owner: "keeper",
        callsPerDay: callsPerDay, hasLiveBalances: isLive), log: .silent)
    let jobs = BankJobs(banks) { [events] event in events.withLock { $0.append(event) } }
    worker = Worker(
      database, world: world, log: .silent, settings: .init(owner: "keeper"), handlers: jobs.handlers,
      buried: jobs.buried)
    timetable = Timetable(
      database, world: world, log: .silent, owner: "keeper",
      try BankSchedule(sync: schedule, balances: balances).lines(banks))
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

extension KeepBench {
  /// Lives on for a while, a minute at a time.
  fileprivate func live(minutes: Int) async throws {
    for _ in 0..<minutes {
      await worker.rescue()
      _ = await timetable.look()
      await worker.drain()
      try await pass(60)
    }
  }

  /// Lives on, ten minutes at a time.
  fileprivate func live(hours: Int) async throws {
    for _ in 0..<(hours * 6) {
      _ = await timetable.look()
      await worker.drain()
      try await pass(600)
    }
  }

  fileprivate func notices() async throws -> [String] {
    let scope = banks.scope
    return try await banks.database.read { try Notifications.list(before: nil, limit: 50, scope, $0).map(\.kind) }
  }

  fileprivate func letters() async throws -> [DeadLetter] {
    try await banks.database.read { try DeadLetters.list(of: nil, limit: 50, $0) }
  }

  fileprivate func breakItem(_ id: ID<Connection>, _ lever: String = "break") async throws {
    let item = try await banks.connection(id).itemID
    let answer = await sandbox.handle(
      Request("POST", "/control/item/\(lever)", body: Array("{\"item_id\":\"\(item)\"}".utf8)))
    #expect(answer.status == 200)
  }
}

@Suite struct `Keeping up` {
  @Test func `reads a new bank at once and until its history is complete, and then leaves it in peace`() async throws {
    let bench = try await KeepBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    var looks = 0
    while try await bench.listed(id).progress != .historical {
      looks += 1
      try #require(looks < 20)
      await bench.worker.drain()
      try await bench.pass(3)
    }
    await bench.worker.drain()
    let outcomes = bench.events.withLock { $0 }.compactMap { event -> SyncOutcome? in
      if case .done(_, let outcome) = event { outcome } else { nil }
    }
    #expect(outcomes.first == .notReady)
    #expect(outcomes.contains { if case .applied(let counts) = $0 { counts.added > 100 } else { false } })
    #expect(try await bench.notices().sorted() == ["history.complete", "history.first_days"])
    _ = bench.asked()
    try await bench.live(minutes: 60)
    #expect(bench.asked() == 0)
    try await bench.live(hours: 8)
    #expect((1...3).contains(bench.asked()))
  }

  @Test func `reads every bank at the time that the schedule says, spread over an hour`() async throws {
    let bench = try await KeepBench(schedule: try Cron("0 2 * * *"))
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.live(hours: 24)
    let runs = try await bench.banks.database.read { session in
      try session.query("SELECT started_at FROM sync_run WHERE connection_id = \(id)") { try $0(0, as: Timestamp.self) }
    }
    #expect(runs.contains { (2 * 3600..<3 * 3600 + 1200).contains($0.seconds % 86_400) })
  }

  @Test func `does not go on asking a bank that wants its person`() async throws {
    let bench = try await KeepBench(schedule: try Cron("0 */4 * * *"))
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.pass(10)
    await bench.worker.drain()
    try await bench.breakItem(id)
    try await bench.live(hours: 8)
    #expect(try await bench.listed(id).state == .needsReauthentication)
    #expect(try await bench.notices().contains("connection.sign_in_needed"))
    #expect(try await bench.letters().isEmpty)
    _ = bench.asked()
    try await bench.live(hours: 24)
    #expect(bench.asked() == 0)
    try await bench.breakItem(id, "repair")
    _ = try await bench.banks.sync(id)
    #expect(try await bench.listed(id).state == .healthy)
    _ = bench.asked()
    try await bench.live(hours: 10)
    #expect(bench.asked() > 0, "a sync by hand healed it")
  }

  @Test func `tries a bank out of reach three times and then less often, and is there when it comes back`() async throws
  {
    let bench = try await KeepBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.live(minutes: 3)
    bench.isDown.withLock { $0 = true }
    try await bench.live(hours: 12)
    #expect(try await bench.listed(id).state == .degraded)
    #expect(try await bench.letters().count == 1)
    #expect(try await bench.notices().count { $0 == "job.dead" } == 1, "once, however many rounds")
    // A few rounds of three tries, each of them a few calls.
    #expect(bench.asked() < 60)
    bench.isDown.withLock { $0 = false }
    try await bench.live(hours: 8)
    #expect(try await bench.listed(id).state == .healthy)
    #expect(try await bench.letters().isEmpty, "what succeeded since is no dead letter any more")
  }

  @Test func `does not spin on a connection that another run is at`() async throws {
    let bench = try await KeepBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    let (scope, now) = (bench.banks.scope, bench.world.now())
    try await bench.banks.database.write { session in
      _ = try Connections.takeLease(
        id, owner: "another", until: now + .seconds(600), now: now - .seconds(80_000), scope, session)
    }
    #expect(await bench.worker.drain() == 1)
    let next = try await bench.banks.database.read { try JobQueue.nextDue($0) }
    #expect(next == now + KeepUp.shortPause)
    #expect(bench.asked() == 0)
  }

  @Test func `ends a connection whose removal was not confirmed`() async throws {
    let bench = try await KeepBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    bench.isDown.withLock { $0 = true }
    await #expect(throws: BanksError.self) { try await bench.banks.remove(id) }
    #expect(try await bench.listed(id).state == .removing)
    try await bench.live(minutes: 5)
    #expect(try await bench.listed(id).state == .removing)
    bench.isDown.withLock { $0 = false }
    try await bench.live(hours: 1)
    #expect(try await bench.listed(id).state == .removed)
  }

  @Test func `stops for the day when the calls of the day are used up, and tells`() async throws {
    let bench = try await KeepBench(callsPerDay: 40)
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.live(minutes: 10)
    for _ in 0..<20 { _ = try? await bench.banks.sync(id) }
    #expect(try await bench.notices().contains("budget.passed"))
    bench.calls.withLock { $0 = [] }
    let error = await #expect(throws: BanksError.self) { try await bench.banks.sync(id) }
    #expect(error?.retryAfter != nil)
    #expect(bench.calls.withLock { $0.isEmpty })
    try await bench.live(hours: 24)
    _ = try await bench.banks.sync(id)
    #expect(try await bench.letters().isEmpty)
  }

  @Test func `tells the provider when the public address has changed`() async throws {
    let bench = try await KeepBench(publicURL: "https://magpie.example")
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    let scope = bench.banks.scope
    try await bench.live(minutes: 3)
    #expect(!bench.calls.withLock { $0.contains("/item/webhook/update") })
    try await bench.banks.database.write { session in
      try Connections.setWebhookURL(id, "https://old.example/v1/webhooks/plaid", scope, session)
    }
    try await bench.live(minutes: 3)
    #expect(bench.calls.withLock { $0.count { $0 == "/item/webhook/update" } } == 1)
  }

  @Test(arguments: ["INVALID_INPUT/INVALID_FIELD", "ITEM_ERROR/ITEM_LOGIN_REQUIRED", "ITEM_ERROR/ITEM_NOT_FOUND"])
  func `asks no more than a few times a day for an address that the provider refuses`(code: String) async throws {
    let bench = try await KeepBench(publicURL: "https://magpie.example", callsPerDay: 1_000)
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    let scope = bench.banks.scope
    try await bench.live(minutes: 3)
    try await bench.banks.database.write { session in
      try Connections.setWebhookURL(id, "https://old.example/v1/webhooks/plaid", scope, session)
    }
    bench.refused.withLock { $0 = ["/item/webhook/update": code] }
    try await bench.live(hours: 24)
    #expect((1...3).contains(bench.calls.withLock { $0.count { $0 == "/item/webhook/update" } }))
    #expect(try await bench.notices().count { $0 == "job.dead" } == 1)
    bench.refused.withLock { $0 = [:] }
    try await bench.live(hours: 24)
    let letters = try await bench.letters()
    #expect(letters.isEmpty)
  }

  @Test func `tells once of a token that opens no more, and does not try it all day`() async throws {
    let bench = try await KeepBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.live(minutes: 3)
    try await bench.banks.database.write { try $0.execute("UPDATE connection SET sealed_token = \([UInt8](1...40))") }
    let attempts = Locked(0)
    for _ in 0..<144 {
      _ = await bench.timetable.look()
      let count = await bench.worker.drain()
      attempts.withLock { $0 += count }
      try await bench.pass(600)
    }
    #expect(try await bench.notices().count { $0 == "job.dead" } == 1)
    #expect(attempts.withLock { $0 } < 30, "\(attempts.withLock { $0 }) tries of \(id)")
  }

  @Test func `tells once of a bank that has been silent for too long`() async throws {
    let bench = try await KeepBench()
    _ = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.live(minutes: 3)
    #expect(try await !bench.notices().contains("connection.stale"))
    // Nothing runs for three days.
    try await bench.pass(3 * 86_400)
    _ = await bench.timetable.look()
    try await bench.pass(3600)
    _ = await bench.timetable.look()
    #expect(try await bench.notices().count { $0 == "connection.stale" } == 1)
  }

  @Test(arguments: [(false, "/accounts/get"), (true, "/accounts/balance/get")])
  func `reads balances by the schedule, live ones where that is switched on`(isLive: Bool, path: String) async throws {
    let bench = try await KeepBench(balances: try Cron("30 * * * *"), isLive: isLive)
    _ = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.live(minutes: 3)
    bench.calls.withLock { $0 = [] }
    try await bench.live(hours: 2)
    #expect(bench.calls.withLock { $0 } == [path, path])
  }

  @Test func `refreshes balances alone by the free call`() async throws {
    let bench = try await KeepBench()
    let id = try await bench.banks.linkSandbox(institution: "ins_109508").id
    try await bench.live(minutes: 3)
    bench.calls.withLock { $0 = [] }
    #expect(try await bench.banks.refreshBalances(id) ?? 0 > 3)
    #expect(bench.calls.withLock { $0 } == ["/accounts/get"])
  }
}

@Suite struct `The plan of keeping up` {
  private static let now = Timestamp(seconds: 1_773_478_800)

  private static func connection(
    _ state: ConnectionState = .healthy, _ progress: FeedProgress = .historical, ageMinutes: Int64 = 10_000,
    attemptMinutesAgo: Int64? = 1, tells: Bool = false, seed: UInt64 = 1
  ) -> KeptConnection {
    let world = World.simulated(seed: seed)
    return KeptConnection(
      household: world.newID(), id: world.newID(), state: state, progress: progress,
      lastAttemptAt: attemptMinutesAgo.map { now - .seconds($0 * 60) }, lastWebhookAt: tells ? now : nil,
      createdAt: now - .seconds(ageMinutes * 60))
  }

  @Test func `begins with what was never read`() {
    #expect(KeepUp.step(Self.connection(.pending, .unknown, attemptMinutesAgo: nil), now: Self.now) == .sync)
  }

  @Test func `leaves alone what only a person can help, and goes on removing`() {
    for state in [ConnectionState.needsReauthentication, .revoked, .removed] {
      #expect(KeepUp.step(Self.connection(state, attemptMinutesAgo: 100_000), now: Self.now) == .leave)
    }
    #expect(KeepUp.step(Self.connection(.removing), now: Self.now) == .remove)
  }

  @Test func `looks several times a day, and daily where webhooks come`() {
    for seed in 1...50 as ClosedRange<UInt64> {
      func step(_ minutes: Int64, tells: Bool) -> KeepUp.Step {
        KeepUp.step(Self.connection(attemptMinutesAgo: minutes, tells: tells, seed: seed), now: Self.now)
      }
      #expect(step(224, tells: false) == .leave && step(376, tells: false) == .sync)
      #expect(step(899, tells: true) == .leave && step(1501, tells: true) == .sync)
    }
  }

  @Test func `looks often in a connection's first hour`() {
    #expect(KeepUp.freshPause(age: .seconds(30)) == .seconds(3))
    #expect(KeepUp.freshPause(age: .seconds(300)) == .seconds(30))
    #expect(KeepUp.freshPause(age: .seconds(3000)) == .seconds(180))
    #expect(KeepUp.freshPause(age: .seconds(3600)) == nil)
  }
}
