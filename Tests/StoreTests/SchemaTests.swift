import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

@Suite struct `The schema` {
  private func fresh() async throws -> (any Database, Scope, World) {
    let database = try TestDatabase.fresh()
    let world = World.simulated(seed: 1)
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    try await database.write { session in
      try Households.create(scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), session)
    }
    return (database, scope, world)
  }

  private func link(_ scope: Scope, _ world: World, _ session: any Session) throws -> ID<Connection> {
    let id: ID<Connection> = world.newID()
    try Connections.insert(
      NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "item"), scope,
      now: world.now(), session)
    return id
  }

  @Test func `is made once and then left alone`() async throws {
    let (database, scope, world) = try await fresh()
    #expect(try await Migrator.migrate(database, Schema.migrations, now: world.now()) == 0)
    #expect(try await database.read { try Households.only($0) } == scope)
  }

  @Test func `refuses a row that hangs on nothing`() async throws {
    let (database, scope, world) = try await fresh()
    let nowhere: ID<Transaction> = world.newID()
    await #expect(throws: DatabaseError.self) {
      try await database.write { try Overlays.write([.notes("lost")], on: nowhere, now: world.now(), scope, $0) }
    }
  }

  @Test func `gives a connection's lease to one at a time, each under a greater fence`() async throws {
    let (database, scope, world) = try await fresh()
    try await database.write { session in
      let id = try link(scope, world, session)
      let now = world.now()
      func take(_ owner: String, at time: Timestamp) throws -> Lease? {
        try Connections.takeLease(id, owner: owner, until: time + .seconds(10), now: time, scope, session)
      }
      let first = try #require(try take("one", at: now))
      #expect(try take("two", at: now + .seconds(9)) == nil)
      let second = try #require(try take("two", at: now + .seconds(10)))
      #expect(second.fence > first.fence)
      #expect(try !Connections.holds(first, scope, session))
      #expect(try !Connections.renew(first, until: now + .seconds(99), scope, session))
      try Connections.release(first, scope, session)
      #expect(try Connections.holds(second, scope, session))
      #expect(try take("three", at: now + .seconds(11)) == nil, "a lost lease must not free another's")
    }
  }

  @Test func `keeps how a run ended, whatever fails afterwards`() async throws {
    let (database, scope, world) = try await fresh()
    try await database.write { session in
      let id = try link(scope, world, session)
      let run: ID<SyncRun> = world.newID()
      try SyncRuns.start(run, id, kind: .update, now: world.now(), scope, session)
      var counts = RunCounts()
      counts.added = 7
      try SyncRuns.finish(run, counts, outcome: "applied", now: world.now(), scope, session)
      try SyncRuns.finish(run, RunCounts(), outcome: "failed", now: world.now(), scope, session)
      let kept = try session.query("SELECT outcome, added FROM sync_run") { row in
        "\(try row(0, as: String.self)) \(try row(1, as: Int.self))"
      }
      #expect(kept == ["applied 7"])
    }
  }

  @Test func `shows a household nothing of another`() async throws {
    let (database, scope, world) = try await fresh()
    try await database.write { session in
      let id = try link(scope, world, session)
      let other = Scope(household: world.newID(), user: scope.user)
      #expect(try Connections.all(scope, session).map(\.id) == [id])
      #expect(try Connections.all(other, session).isEmpty)
      #expect(try Connections.find(id, other, session) == nil)
    }
  }
}
