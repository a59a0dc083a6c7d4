import Basics
import Databases
import Finance
import Glibc
import Store
import Testing
import Workshop

/// A household in which things happen, some of which come to nothing at the last moment, and a reader that follows by
/// position and comes and goes.
private struct EventHouse: Sendable {
  let database: any Database
  let scope: Scope
  let world: World

  struct Abandoned: Error {}

  init(seed: UInt64) async throws {
    world = World.simulated(seed: seed)
    database = try TestDatabase.fresh()
    scope = Scope(household: world.newID(), user: world.newID())
    let (scope, now) = (scope, world.now())
    try await Migrator.migrate(database, Schema.migrations, now: now)
    try await database.write { session in
      try Households.create(scope, name: "Home", timeZone: "UTC", currency: .usd, now: now, session)
    }
  }

  /// - Returns: Whether it committed.
  func happen(_ bodies: [String], isAbandoned: Bool) async throws -> Bool {
    let (scope, now) = (scope, world.now())
    do {
      try await database.write { session in
        try Events.append(bodies.map { NewEvent(kind: "thing", body: $0) }, now: now, scope, session)
        if isAbandoned { throw Abandoned() }
      }
      return true
    } catch is Abandoned {
      return false
    }
  }

  func read(after position: Int, limit: Int) async throws -> [(position: Int, body: String)] {
    let scope = scope
    return try await database.read { session in
      try Events.after(position, limit: limit, scope, session).map { ($0.position, $0.event.body) }
    }
  }
}

@Suite struct `Event simulation` {
  private static var seeds: Int {
    if let text = getenv("SIM_SEEDS").map({ String(cString: $0) }), let count = Int(text) { return min(count, 300) }
    return TestDatabase.server == nil ? 60 : 5
  }

  @Test func `EventSimulation shows a reader every event that happened, once, in order and without a gap`() async throws
  {
    for seed in 1...Self.seeds {
      let house = try await EventHouse(seed: UInt64(seed))
      var random = SeededRandom(seed: UInt64(seed))
      var (happened, seen, position): ([String], [String], Int) = ([], [], 0)
      var wrong: [String] = []
      for step in 0..<40 {
        if random.chance(2, in: 3) {
          let bodies = (0..<random.int(in: 1...4)).map { "{\"n\":\"\(step).\($0)\"}" }
          if try await house.happen(bodies, isAbandoned: random.chance(1, in: 4)) { happened += bodies }
        } else {
          for event in try await house.read(after: position, limit: random.int(in: 1...20)) {
            if event.position != position + 1 { wrong.append("\(event.position) follows \(position)") }
            position = event.position
            seen.append(event.body)
          }
        }
      }
      for event in try await house.read(after: position, limit: 1_000) { seen.append(event.body) }
      if seen != happened { wrong.append("seen \(seen.count) of \(happened.count)") }
      #expect(wrong.isEmpty, "seed \(seed): \(wrong.joined(separator: "; "))")
      if !wrong.isEmpty { break }
    }
  }
}
