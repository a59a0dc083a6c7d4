import Basics
import Databases
import Finance
import Store
import Workshop

@testable import Sync

/// One seed's story: two people's banks, faults, crashes and edits, and a ledger that has to follow.
final class Simulation {
  let seed: UInt64
  let database: any Database
  let world: World
  let scope: Scope
  var random: SeededRandom
  /// The second one may show the first one's joint account.
  var banks: [SimulatedBank]
  var connections: [ID<Connection>] = []
  /// Purchases that a person deleted.
  var deleted: Set<String> = []
  /// Purchases that no sure sign ties to what they were.
  var unlinked: Set<String> = []
  var counts: [String: Int] = [:]
  let hasJoint: Bool
  private(set) var isRelinked = false
  private static let stepCount = 60

  init(seed: UInt64) throws {
    self.seed = seed
    database = try TestDatabase.fresh()
    world = World.simulated(seed: seed)
    scope = Scope(household: world.newID(), user: world.newID())
    random = SeededRandom(seed: seed &+ 7)
    banks = [SimulatedBank(seed: seed &* 3, tag: "P"), SimulatedBank(seed: seed &* 5 &+ 1, tag: "Q")]
    hasJoint = random.chance(1, in: 2)
  }

  /// What was not as it must be.
  private(set) var failures: [String] = []
  func fail(_ words: String) { failures.append(words) }

  func count(_ event: String) { counts[event, default: 0] += 1 }

  func run() async throws {
    let relinkAt = random.chance(1, in: 3) ? random.int(in: 15...Self.stepCount - 10) : -1
    // Not when the first bank is linked anew: two accounts that look alike tie then, and stay apart on purpose.
    if relinkAt < 0 { banks[1].resemble() }
    try await start()
    let renameAt = random.chance(1, in: 4) ? random.int(in: 15...Self.stepCount - 10) : -1
    for step in 0..<Self.stepCount {
      try await world.sleep(.seconds(1))
      if step == relinkAt { try await relink() }
      if step == renameAt { try await renameAccounts() }
      for index in quiet where try await knowsNames(index) { quiet.remove(index) }
      let index = random.int(in: 0...1)
      switch random.int(in: 0...9) {
      case 0...5: live(index)
      case 6: try await sync(index)
      case 7: try await raceForTheLease(index)
      case 8: try await crash(index)
      default: try await edit()
      }
    }
    try await level()
    try await compare()
    for bank in banks { for (event, count) in bank.counts { counts[event, default: 0] += count } }
  }

  private func start() async throws {
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let (scope, world) = (scope, world)
    try await database.write {
      try Households.create(scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), $0)
    }
    for bank in banks { bank.setFailing(random.pick([0, 5, 30])) }
    if hasJoint {
      banks[1].share(with: banks[0])
      count("joint account")
    }
    for index in banks.indices { connections.append(try await link("item \(index)", adopts: false)) }
  }

  private func link(_ item: String, adopts: Bool) async throws -> ID<Connection> {
    let (scope, world, id) = (scope, world, world.newID(Connection.self))
    try await database.write { session in
      try Connections.insert(
        NewConnection(
          id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: item, institutionID: "ins_1",
          adopts: adopts), scope, now: world.now(), session)
    }
    return id
  }

  /// What happens between new names and their first reading is tied to nothing we know; let nothing happen then.
  private var quiet: Set<Int> = []

  func live(_ index: Int) {
    guard quiet.isEmpty else { return }
    banks[index].live()
    if hasJoint { banks[1].mirror(banks[0]) }
  }

  func engine(_ database: any Database, _ owner: String) -> SyncEngine {
    SyncEngine(database: database, world: world, scope: scope, owner: owner, pagesPerWrite: 1)
  }

  private func sync(_ index: Int) async throws {
    let before = banks[index].position
    let feed = restless(index)
    let outcome = try? await engine(database, "one").run(connections[index], feed: feed)
    if outcome == .superseded { count("lease held by another") }
    if case .applied = outcome, banks[index].position == before, !hasJoint || index == 0 {
      try await compareOne(index)
    }
  }

  /// A bank where something may happen between two pages, and a person who writes meanwhile.
  private func restless(_ index: Int) -> BankFeed {
    var feed = banks[index].feed
    let random = Locked(SeededRandom(seed: random.next()))
    let page = feed.page
    let bank = banks[index]
    let mirror = hasJoint ? (banks[0], banks[1]) : nil
    let (database, scope, world) = (database, scope, world)
    let isQuiet = !quiet.isEmpty
    feed.page = { cursor throws(FeedError) in
      if !isQuiet, random.withLock({ $0.chance(1, in: 8) }) {
        bank.live()
        if let (first, second) = mirror { second.mirror(first) }
      }
      if random.withLock({ $0.chance(1, in: 4) }) {
        let number = random.withLock { $0.int(in: 0...999) }
        _ = try? await Self.note(database, scope, world, number)
      }
      return try await page(cursor)
    }
    count("edit during sync")
    return feed
  }

  /// Two engines at once: while the first one waits for a page its lease runs out, and another does the whole run.
  private func raceForTheLease(_ index: Int) async throws {
    var feed = banks[index].feed
    let page = feed.page
    let (other, bank, world, id) = (engine(database, "two"), banks[index], world, connections[index])
    let accounts = feed.accounts
    let step = Locked(random.int(in: 0...3))
    let hasPassed = random.chance(2, in: 3)
    let stolen = Locked(false)
    let steal: @Sendable () async -> Void = {
      if hasPassed { try? await world.sleep(SyncEngine.leaseTime + .seconds(1)) }
      let outcome = try? await other.run(id, feed: bank.feed)
      if case .applied = outcome { stolen.withLock { $0 = true } }
    }
    feed.page = { cursor throws(FeedError) in
      let answer = try await page(cursor)
      let isNow = step.withLock { step in
        step -= 1
        return step == -1
      }
      if isNow { await steal() }
      return answer
    }
    feed.accounts = { () throws(FeedError) in
      let answer = try await accounts()
      // After the last page: now only the commit itself can notice.
      if step.withLock({ $0 >= 0 }) { await steal() }
      return answer
    }
    let before = banks[index].position
    let outcome = try? await engine(database, "one").run(connections[index], feed: feed)
    guard stolen.withLock({ $0 }) else { return }
    count("lease loss")
    if let outcome, outcome != .superseded { fail("a run whose lease was taken over has committed") }
    if banks[index].position == before, !hasJoint || index == 0 { try await compareOne(index) }
  }

  private func crash(_ index: Int) async throws {
    let dying = CrashingDatabase(database, afterWrites: random.int(in: 0...random.pick([12, 40, 120])))
    _ = try? await engine(dying, "dying").run(connections[index], feed: banks[index].feed)
    guard let place = dying.diedAt.withLock({ $0 }) else { return }
    count("crash")
    count("crash before \(place)")
    if random.chance(2, in: 3) { try await world.sleep(SyncEngine.leaseTime + .seconds(1)) }
  }

  /// The person links the first bank anew: another connection, other names for everything, and the old one ended.
  private func relink() async throws {
    let (scope, old) = (scope, connections[0])
    let cursor = try await database.write { session in
      try Connections.setState(old, .revoked, code: nil, message: nil, scope, session)
      return try Connections.find(old, scope, session)?.cursor ?? ""
    }
    isRelinked = true
    quiet.insert(0)
    counts.merge(banks[0].counts) { $0 + $1 }
    banks[0] = banks[0].linkedAnew(changedSince: Int(cursor) ?? 0)
    if hasJoint { banks[1].mirror(banks[0]) }
    connections[0] = try await link("item anew", adopts: true)
  }

  /// The second bank gives everything other ids within one connection.
  private func renameAccounts() async throws {
    let (scope, id) = (scope, connections[1])
    let cursor = try await database.read { try Connections.find(id, scope, $0)?.cursor ?? "" }
    banks[1].state.withLock { $0.rename(changedSince: Int(cursor) ?? 0) }
    quiet.insert(1)
  }

  private func knowsNames(_ index: Int) async throws -> Bool {
    let (scope, id) = (scope, connections[index])
    let known = try await database.read { try Accounts.bySource(id, scope, $0) }
    return banks[index].state.withLock { state in state.accounts.allSatisfy { known[$0.id] != nil } }
  }

  private func edit() async throws {
    let rows = try await allRows()
    guard !rows.isEmpty else { return }
    let row = random.pick(rows)
    var edit = OverlayEdit.notes("note on \(row.name)")
    switch random.int(in: 0...5) {
    case 0:
      edit = .isDeleted(true)
      deleted.insert(row.name)
      count("deleted by a person")
    case 1: edit = .category(random.pick(["HOME", "FUN"]))
    case 2: edit = .isExcluded(random.chance(1, in: 2))
    case 3: edit = .occurredOn(CalendarDate(days: random.int(in: 19_000...19_600)))
    default: break
    }
    count("edit")
    let (scope, now) = (scope, world.now())
    try await database.write { [edit] in try Overlays.write([edit], on: row.id, now: now, scope, $0) }
  }

  private static func note(_ database: any Database, _ scope: Scope, _ world: World, _ number: Int) async throws {
    try await database.write { session in
      let rows = try Transactions.list(TransactionFilter(), after: nil, limit: 1_000, scope, session)
      guard !rows.isEmpty else { return }
      let row = rows[number % rows.count]
      try Overlays.write([.notes("note on \(row.name)")], on: row.id, now: world.now(), scope, session)
    }
  }

  func allRows() async throws -> [ListedTransaction] {
    let scope = scope
    return try await database.read { try Transactions.list(TransactionFilter(), after: nil, limit: 100_000, scope, $0) }
  }

  /// All is quiet: everybody reads to the end.
  private func level() async throws {
    try await world.sleep(SyncEngine.leaseTime + .seconds(1))
    for bank in banks {
      bank.setFailing(0)
      bank.learn()
      bank.state.withLock { $0.hidden = [] }
    }
    // Twice, because who leads a joint account may change hands in the first round.
    for round in 0...1 {
      for (bank, id) in zip(banks, connections) {
        let isFull = round == 1 && random.chance(1, in: 3)
        if isFull { count("null cursor") }
        _ = try await engine(database, "last").run(id, feed: bank.feed, isFull: isFull)
        try await world.sleep(.seconds(1))
      }
    }
  }
}
