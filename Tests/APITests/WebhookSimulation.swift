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
          // Plaid sends it again, signed anew; what is forged is not sent again.
          if letters[index].isForged {
            letters.remove(at: index)
          } else {
            letters[index].signature = bench.sign(letters[index].body)
          }
        }
      case 7...8: if try await work(bench) { read = told }
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

  /// - Returns: Whether there was something to do.
  private static func work(_ bench: WebhookBench) async throws -> Bool {
    let worker = Worker(
      bench.bench.database, world: bench.bench.world, log: .silent, settings: .init(owner: "one"),
      handlers: [.update: { _ in .done }, .initialSync: { _ in .done }, .historicalSync: { _ in .done }])
    return await worker.drain() > 0
  }
}
