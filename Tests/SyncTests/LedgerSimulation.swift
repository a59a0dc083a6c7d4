import Basics
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Random bank histories, faults and crashes; afterwards the ledger must equal the bank, notes included.
///
/// `SIM_SEED=42 swift test --filter LedgerSimulation` replays one seed, and `SIM_TELL=P3` beside it tells everything
/// about one purchase. `SIM_SEEDS=2000` runs more. `SIM_STOP=1` ends at the first seed that fails.
@Suite struct LedgerSimulation {
  static func setting(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What has to have happened, or the simulation proves nothing about it.
  static let events = [
    "bank unavailable", "mutation", "purchase", "posted at once", "twin rows", "pending to posted", "tip",
    "posted without a link", "removal before posting", "posted row removed", "corrected", "churn under a third id",
    "pending row lingers", "more than two decimals", "both currency codes null", "quarantine", "quarantine and replay",
    "account vanishes or comes back", "account ids change", "relink", "joint account",
    "null cursor", "lease loss", "lease held by another", "edit", "edit during sync", "deleted by a person", "crash",
    "crash before INSERT INTO raw_batch", "crash before INSERT INTO bank_transaction",
    "crash before INSERT INTO transaction_source", "crash before UPDATE transaction_source",
    "crash before INSERT INTO account", "crash before INSERT INTO total_day", "crash before INSERT INTO event",
    "crash before UPDATE connection", "crash before UPDATE sync_run", "crash before INSERT INTO sync_run",
  ]

  @Test func `the ledger ends up equal to the bank, with every note in its place`() async throws {
    let one = Self.setting("SIM_SEED").flatMap { UInt64($0) }
    let seeds = one.map { $0...$0 } ?? 1...(Self.setting("SIM_SEEDS").flatMap { UInt64($0) } ?? 200)
    let state = Locked((next: seeds.lowerBound, counts: [String: Int]()))
    try await withThrowingTaskGroup { group in
      for _ in 0..<Self.cores {
        group.addTask {
          while true {
            let seed = state.withLock { state in
              defer { state.next += 1 }
              return state.next
            }
            guard seed <= seeds.upperBound else { return }
            let (failures, counts) = try await Self.run(seed)
            state.withLock { $0.counts.merge(counts) { $0 + $1 } }
            for failure in failures { Issue.record("seed \(seed): \(failure)") }
            if !failures.isEmpty, Self.setting("SIM_STOP") != nil { state.withLock { $0.next = .max - 99 } }
          }
        }
      }
      try await group.waitForAll()
    }
    guard seeds.count >= Self.seedsForEverything, state.withLock({ $0.next }) < .max - 99 else { return }
    let counts = state.withLock { $0.counts }
    print("  \(seeds.count) seeds; how often each thing happened:")
    for (event, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(count)\t\(event)") }
    for event in Self.events { #expect(counts[event, default: 0] > 0, "\(event) never happened") }
  }

  private static let cores = 2
  /// In so many each thing happens.
  private static let seedsForEverything = 100

  private static func run(_ seed: UInt64) async throws -> (failures: [String], counts: [String: Int]) {
    let simulation = try Simulation(seed: seed)
    do {
      try await simulation.run()
    } catch {
      simulation.fail("\(error)")
    }
    if let purchase = setting("SIM_TELL") { try await simulation.tell(purchase) }
    return (simulation.failures, simulation.counts)
  }
}
