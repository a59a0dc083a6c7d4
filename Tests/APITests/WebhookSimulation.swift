import Basics
import Crypto
import Databases
import Finance
import Glibc
import JSON
import Jobs
import Store
import Sync
import Testing
import Workshop

@testable import API

/// Banks that change and tell us, over a post that loses nothing but repeats, forges and disorders; a server that dies
/// between any two statements; and a worker. In the end nothing that a bank told is unknown here.
@Suite struct `Webhook simulation` {
  private static var seeds: Int {
    getenv("WEBHOOK_SEEDS").flatMap { Int(String(cString: $0)) } ?? 15
  }

  private struct Letter {
    var body: [UInt8]
    var signature: String
    var isForged = false
  }

  @Test func `WebhookSimulation misses nothing that a bank told`() async throws {
    for seed in 1...Self.seeds {
      let wrong = try await Self.run(seed: UInt64(seed))
      #expect(wrong.isEmpty, "seed \(seed): \(wrong)")
      if !wrong.isEmpty { break }
    }
  }

  private static func run(seed: UInt64) async throws -> String {
    let bench = try await WebhookBench()
    var random = SeededRandom(seed: seed)
    var letters: [Letter] = []
    // What the bank has, and what of it was read here: a job that runs reads all.
    var (told, read) = (0, 0)
    // Letters that were kept when there was last nothing left to do.
    var kept = 0
    for _ in 0..<60 {
      switch random.int(in: 0...9) {
      case 0...2:
        told += 1
        let body = bench.body("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
        letters.append(Letter(body: body, signature: bench.sign(body)))
        if random.chance(1, in: 10) { letters.append(letters[letters.count - 1]) }
        if random.chance(1, in: 10) {
          letters.append(Letter(body: body, signature: bench.sign(body, by: .generate()), isForged: true))
        }
      case 3...6:
        guard !letters.isEmpty else { break }
        let index = random.int(in: 0...letters.count - 1)
        let isDying = random.chance(1, in: 3)
        let database: any Database =
          isDying ? CrashingDatabase(bench.bench.database, afterWrites: random.int(in: 0...8)) : bench.bench.database
        let banks = bench.bench.banks(database: database)
        do {
          _ = try await banks.receive(letters[index].body, signature: letters[index].signature, bench.verifier)
          if letters[index].isForged { return "a forged one was taken" }
          letters.remove(at: index)
        } catch {
          // It is sent again, signed anew or as it was; what is forged is not sent again.
          if letters[index].isForged {
            letters.remove(at: index)
          } else if random.chance(1, in: 2) {
            letters[index].signature = bench.sign(letters[index].body)
          }
        }
        if try await isForgotten(bench, sinceKept: kept) { return "a letter was kept, and nothing is going to be done" }
      case 7...8:
        if try await work(bench) { read = told }
        kept = try await counts(bench).kept
      default: try await bench.bench.world.sleep(.seconds(Int64(random.int(in: 1...20))))
      }
    }
    for letter in letters where !letter.isForged {
      let signature = bench.sign(letter.body)
      _ = try await bench.banks.receive(letter.body, signature: signature, bench.verifier)
    }
    if try await work(bench) { read = told }
    return read == told ? "" : "the bank told \(told) times, and we know of \(read)"
  }

  /// Whether the server could die now and never do what a letter asked for that it has put away: a letter that comes again
  /// as it was is known, and changes nothing.
  private static func isForgotten(_ bench: WebhookBench, sinceKept kept: Int) async throws -> Bool {
    let now = try await counts(bench)
    return now.kept > kept && now.waiting == 0
  }

  private static func counts(_ bench: WebhookBench) async throws -> (kept: Int, waiting: Int) {
    try await bench.bench.database.read { session in
      let question: SQL =
        "SELECT (SELECT count(*) FROM webhook_event), (SELECT count(*) FROM job WHERE state = 'waiting')"
      return try session.first(question) { (try $0(0), try $0(1)) } ?? (0, 0)
    }
  }

  /// - Returns: Whether there was something to do.
  private static func work(_ bench: WebhookBench) async throws -> Bool {
    let worker = Worker(
      bench.bench.database, world: bench.bench.world, log: .silent, settings: .init(owner: "one"),
      handlers: [.update: { _ in .done }, .initialSync: { _ in .done }, .historicalSync: { _ in .done }])
    return await worker.drain() > 0
  }
}
