import Basics
import Databases
import Glibc
import Testing
import Workshop

@testable import Jobs

/// One seed's story: banks that change, several workers that fail, stall and die between any two statements, clocks that
/// jump, and at the end a ledger that has to be level with every bank.
private final class JobSimulation {
  /// One worker's job, as far as it has come.
  private struct Work {
    var job: Job
    var owner: String
    /// What the bank said, once it was asked.
    var seen: Int?
  }

  private static let subjects = ["a", "b", "c", "d", "e"]
  /// Kills whoever works on it.
  private static let poison = "poison"

  private let house: JobHouse
  private var random: SeededRandom
  private var banks = Dictionary(uniqueKeysWithValues: subjects.map { ($0, 0) })
  /// Told by the bank and not taken by us: it tells again.
  private var untold: [String] = []
  private var work: [Work] = []
  private var owners = 0
  private var poisonStarts = 0
  private var poisonCauses = 0
  private var isTroubled = true
  private(set) var wrong: [String] = []

  init(seed: UInt64) async throws {
    house = try await JobHouse(seed: seed)
    random = SeededRandom(seed: seed &* 0x9E37_79B9)
    try await house.database.write { session in
      try session.execute("CREATE TABLE level (subject TEXT PRIMARY KEY, version bigint NOT NULL)".asSQL(session))
      for subject in Self.subjects {
        try session.execute("INSERT INTO level (subject, version) VALUES (\(subject), \(0))")
      }
    }
  }

  /// The database, which may die at any of the next statements.
  private func database() -> any Database {
    guard isTroubled, random.chance(1, in: 6) else { return house.database }
    return CrashingDatabase(house.database, afterWrites: random.int(in: 0...4))
  }

  func run(steps: Int) async throws {
    for _ in 0..<steps { try await step() }
    isTroubled = false
    try await settle()
    for subject in Self.subjects {
      let level = try await house.database.read { session in
        try session.first("SELECT version FROM level WHERE subject = \(subject)") { try $0(0, as: Int.self) }
      }
      if level != banks[subject] {
        wrong.append("\(subject) is at \(level ?? -1), its bank at \(banks[subject] ?? -1)")
      }
    }
    let left = try await house.database.read { session in
      try session.query("SELECT state || ' ' || subject FROM job WHERE subject <> \(Self.poison)") {
        try $0(0, as: String.self)
      }
    }
    if !left.isEmpty { wrong.append("left over: \(left)") }
    if poisonStarts > 3 * poisonCauses { wrong.append("poison was taken \(poisonStarts) times for \(poisonCauses)") }
    if poisonCauses > 0, try await house.open(.update, Self.poison).count > 0 { wrong.append("poison goes on") }
  }

  private func step() async throws {
    switch random.int(in: 0...19) {
    case 0...4:
      let subject = random.pick(Self.subjects)
      banks[subject, default: 0] += 1
      untold.append(subject)
    case 5...8: try await hear()
    case 9...11: try await take()
    case 12...16: try await advance()
    case 17: try await house.pass(.seconds(Int64(random.int(in: 1...90))))
    case 18: try await rescue()
    default:
      if poisonCauses == 0 {
        try await house.add(NewJob(.update, Self.poison, priority: .event))
        poisonCauses = 1
      }
      if random.chance(1, in: 10) { try await house.pass(.seconds(2 * 86_400)) }
    }
  }

  /// The bank tells, and tells again until we have taken it.
  private func hear() async throws {
    guard let subject = untold.first else { return }
    let job = NewJob(
      random.pick([.update, .balances, .holdings]), subject, priority: random.pick([.event, .scheduled, .person]),
      institution: "ins_1")
    let (world, now) = (house.world, house.world.now())
    do {
      try await database().write { try JobQueue.add(job, id: world.newID(), now: now, $0) }
      untold.removeFirst()
    } catch {}
  }

  private func take() async throws {
    let count = random.int(in: 1...3)
    owners += 1
    let (owner, now) = ("w\(owners % 4)", house.world.now())
    let jobs = try? await database().write { session in
      try JobClaims.take(
        count, of: JobKind.allCases, owner: owner, limits: JobLimits(institutionMax: 4), now: now, session)
    }
    for job in jobs ?? [] {
      if job.subject == Self.poison {
        poisonStarts += 1
      } else {
        work.append(Work(job: job, owner: owner))
      }
    }
  }

  /// Some worker goes one step further, or dies.
  private func advance() async throws {
    guard !work.isEmpty else { return }
    let index = random.int(in: 0...work.count - 1)
    let (job, now) = (work[index].job, house.world.now())
    if isTroubled, random.chance(1, in: 12) {
      work.remove(at: index)
      return
    }
    guard let seen = work[index].seen else {
      work[index].seen = banks[job.subject]
      return
    }
    let random64 = random.next()
    let database = database()
    let outcome: JobOutcome = isTroubled && random.chance(1, in: 5) ? .failed(.test) : .done
    work.remove(at: index)
    do {
      if outcome == .done {
        try await database.write { session in
          // A worker that was taken for dead may come late: what it read is older.
          try session.execute("UPDATE level SET version = \(seen) WHERE subject = \(job.subject) AND version < \(seen)")
        }
      }
      try await database.write { try JobClaims.end(job, outcome, now: now, random: random64, $0) }
    } catch {}
  }

  private func rescue() async throws {
    let (now, random64) = (house.world.now(), random.next())
    _ = try? await database().write { try JobClaims.rescue(now: now, random: random64, $0) }
  }

  /// No trouble any more: everything comes to its end.
  private func settle() async throws {
    // What the workers hold at this moment is lost with them.
    work = []
    while !untold.isEmpty { try await hear() }
    for _ in 0..<40 {
      try await house.pass(.seconds(400))
      try await rescue()
      while true {
        try await take()
        guard !work.isEmpty else { break }
        while !work.isEmpty { try await advance() }
      }
      let now = house.world.now()
      try await house.database.write { session in
        for letter in try DeadLetters.list(of: nil, limit: 100, session) where letter.job.subject != Self.poison {
          _ = try DeadLetters.retry(letter.job.id, of: nil, now: now, session)
        }
      }
    }
  }
}

extension String {
  fileprivate func asSQL(_ session: any Session) -> SQL {
    SQL(stringLiteral: session.dialect == .sqlite ? replacing("bigint", with: "INTEGER") : self)
  }
}

@Suite struct `Job simulation` {
  private static var seeds: Int {
    if let text = getenv("JOB_SEEDS").map({ String(cString: $0) }), let count = Int(text) { return count }
    return TestDatabase.server == nil ? 300 : 10
  }

  @Test func `JobSimulation loses nothing and repeats nothing for ever`() async throws {
    for seed in 1...Self.seeds {
      let simulation = try await JobSimulation(seed: UInt64(seed))
      try await simulation.run(steps: 150)
      #expect(simulation.wrong.isEmpty, "seed \(seed): \(simulation.wrong.joined(separator: "; "))")
      if !simulation.wrong.isEmpty { break }
    }
  }
}
