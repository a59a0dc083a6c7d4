import Basics
import Databases
import Store
import Workshop

@testable import Jobs

/// A queue in a database of its own, and a clock that moves when it is told to.
struct JobHouse: Sendable {
  let database: any Database
  let world: World

  init(seed: UInt64 = 1) async throws {
    world = World.simulated(seed: seed)
    database = try TestDatabase.fresh()
    try await Migrator.migrate(database, Schema.migrations, now: world.now())
  }

  func add(_ jobs: NewJob...) async throws {
    let (world, now) = (world, world.now())
    try await database.write { session in
      for job in jobs { try JobQueue.add(job, id: world.newID(), now: now, session) }
    }
  }

  func take(
    _ count: Int = 100, of kinds: [JobKind] = JobKind.allCases, owner: String = "one", limits: JobLimits = JobLimits()
  ) async throws -> [Job] {
    let now = world.now()
    return try await database.write { session in
      try JobClaims.take(count, of: kinds, owner: owner, limits: limits, now: now, session)
    }
  }

  @discardableResult
  func end(_ job: Job, _ outcome: JobOutcome) async throws -> Bool {
    let now = world.now()
    return try await database.write { try JobClaims.end(job, outcome, now: now, random: 0, $0) }
  }

  func pass(_ duration: Duration) async throws { try await world.sleep(duration) }

  func open(_ kind: JobKind, _ subject: String) async throws -> [Job] {
    try await database.read { try JobQueue.open(kind.lane, subject, $0) }
  }

  func letters() async throws -> [DeadLetter] {
    try await database.read { try DeadLetters.list(of: nil, limit: 100, $0) }
  }

  func rescue() async throws -> Int {
    let now = world.now()
    return try await database.write { try JobClaims.rescue(now: now, random: 0, $0) }
  }

  func worker(_ owner: String = "one", _ handlers: [JobKind: JobHandler]) -> Worker {
    Worker(database, world: world, log: .silent, settings: .init(owner: owner), handlers: handlers)
  }
}

extension JobFailure {
  static let test = JobFailure("test", "It did not work.")
}
