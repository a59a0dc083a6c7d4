import Basics
import Databases
import Finance
import Store
import Testing

@testable import Sync

#if canImport(Glibc)
  import Glibc
#endif

/// Random bank histories, faults and crashes; afterwards the ledger must equal the bank, notes included.
///
/// `SIM_SEED=42 swift test --filter LedgerSimulation` replays one seed, `SIM_SEEDS=2000` runs more.
@Suite struct LedgerSimulation {
  struct Line: Hashable, Comparable, CustomStringConvertible {
    var purchase: String
    var amount: String
    var day: Int
    var isPending: Bool
    static func < (left: Line, right: Line) -> Bool { left.description < right.description }
    var description: String { "\(purchase) \(amount) \(day) \(isPending)" }
  }

  static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

  @Test(.enabled(if: setting("SIM_SEED") != nil || setting("SIM_SEEDS") != nil))
  func `the ledger ends up equal to the bank, with every note in its place`() async throws {
    let first = Self.setting("SIM_SEED")
    let seeds = first.map { $0...$0 } ?? 1...(Self.setting("SIM_SEEDS") ?? 200)
    var counts: [String: Int] = [:]
    for seed in seeds {
      for (event, count) in try await Self.simulate(seed) { counts[event, default: 0] += count }
    }
    for (event, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(event): \(count)") }
    guard first == nil else { return }
    for event in [
      "bank unavailable", "mutation", "purchase", "posted at once", "twin rows", "pending to posted", "tip",
      "posted without a link", "removal before posting", "posted row removed", "corrected", "churn under a third id",
      "more than two decimals", "both currency codes null", "crash between writes", "lease held by another",
      "edit during sync", "null cursor",
    ] {
      #expect(counts[event, default: 0] > 0, "\(event) never happened: the simulation proves nothing about it")
    }
  }

  static func simulate(_ seed: UInt64) async throws -> [String: Int] {
    let database = try SQLiteDatabase.inMemory()
    let world = World.simulated(seed: seed)
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    let banks = [SimulatedBank(seed: seed &* 3, tag: "P"), SimulatedBank(seed: seed &* 5 &+ 1, tag: "Q")]
    let ids: [ID<Connection>] = [world.newID(), world.newID()]
    try await database.write { session in
      try Households.create(
        scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), session)
      for id in ids {
        try Connections.insert(
          NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "\(id)"), scope,
          now: world.now(), session)
      }
    }
    var random = SeededRandom(seed: seed &+ 7)
    var counts: [String: Int] = [:]
    for bank in banks { bank.setFailing(random.pick([0, 5, 30])) }
    for _ in 0..<60 {
      try await world.sleep(.seconds(1))
      let index = random.int(in: 0...1)
      switch random.int(in: 0...9) {
      case 0...5: banks[index].live()
      case 6, 7:
        let outcome = try? await engine(database, world, scope, "one").run(
          ids[index], feed: restless(banks[index], random.next()), kind: .update)
        if outcome == .superseded { counts["lease held by another", default: 0] += 1 }
      case 8:
        let dying = CrashingDatabase(database, afterWrites: random.int(in: 0...40))
        do {
          _ = try await engine(dying, world, scope, "dying").run(ids[index], feed: banks[index].feed, kind: .update)
        } catch is DatabaseError {
          counts["crash between writes", default: 0] += 1
          if random.chance(2, in: 3) { try await world.sleep(SyncEngine.leaseTime + .seconds(1)) }
        } catch {}
      default:
        try await writeNote(database, scope, world, &random)
        counts["edit during sync", default: 0] += 1
      }
    }
    try await world.sleep(SyncEngine.leaseTime + .seconds(1))
    for (bank, id) in zip(banks, ids) {
      bank.setFailing(0)
      let isFull = random.chance(1, in: 3)
      if isFull { counts["null cursor", default: 0] += 1 }
      _ = try await engine(database, world, scope, "last").run(id, feed: bank.feed, kind: .update, isFull: isFull)
      try await world.sleep(.seconds(1))
    }
    try await compare(database, scope, banks, seed)
    for bank in banks { for (event, count) in bank.counts { counts[event, default: 0] += count } }
    return counts
  }

  /// A bank where something may happen between two pages.
  static func restless(_ bank: SimulatedBank, _ seed: UInt64) -> BankFeed {
    var feed = bank.feed
    let random = Locked(SeededRandom(seed: seed))
    let page = feed.page
    feed.page = { cursor throws(FeedError) in
      if random.withLock({ $0.chance(1, in: 8) }) { bank.live() }
      return try await page(cursor)
    }
    return feed
  }

  static func engine(_ database: any Database, _ world: World, _ scope: Scope, _ owner: String) -> SyncEngine {
    SyncEngine(database: database, world: world, scope: scope, owner: owner)
  }

  /// A person writes on a row; the note names the purchase, so that it can be told whether it still hangs there.
  static func writeNote(
    _ database: any Database, _ scope: Scope, _ world: World, _ random: inout SeededRandom
  ) async throws {
    let rows = try await database.read { try Transactions.page(scope, limit: 1_000, $0) }
    guard !rows.isEmpty else { return }
    let row = random.pick(rows)
    try await database.write {
      try Transactions.setNotes("note on \(row.name)", on: row.id, now: world.now(), scope, $0)
    }
  }

  static func compare(
    _ database: any Database, _ scope: Scope, _ banks: [SimulatedBank], _ seed: UInt64
  ) async throws {
    let rows = try await database.read { try Transactions.page(scope, limit: 100_000, $0) }
    let ledger = rows.map {
      Line(purchase: $0.name, amount: $0.exact ?? $0.amount.decimal, day: $0.bookedOn.days, isPending: $0.isPending)
    }
    let truth = try banks.flatMap { bank in
      try bank.living.map { row in
        let (money, exact) = try Money.rounding(row.feed.amount, .usd)
        return Line(
          purchase: row.feed.name, amount: exact?.text ?? money.decimal, day: row.feed.bookedOn.days,
          isPending: row.feed.isPending)
      }
    }
    #expect(ledger.sorted() == truth.sorted(), "seed \(seed)")
    // A note never hangs on another purchase, and none is lost: each stands in the overlay for good.
    for row in rows {
      if let notes = row.notes { #expect(notes == "note on \(row.name)", "seed \(seed)") }
    }
    // One lineage, one row: what the bank linked is one transaction with one note.
    let lost = try await database.read { session in
      try session.query(
        """
        SELECT t.name FROM bank_transaction t
        JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
        WHERE t.is_gone = 1
        """
      ) { try $0(0, as: String.self) }
    }
    let linked = Set(
      banks.flatMap { bank in bank.living.filter { !bank.unlinked.contains($0.purchase) }.map(\.feed.name) })
    for name in lost { #expect(!linked.contains(name), "seed \(seed): the note on \(name) hangs on a row that went") }
  }
}
