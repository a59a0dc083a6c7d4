import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

@Suite struct `A copy` {
  private func source() async throws -> (any Database, Scope) {
    let (database, world) = (try SQLiteDatabase.inMemory(), World.simulated(seed: 3))
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    try await database.write { session in
      try Households.create(scope, name: "Größe \0 🐦", timeZone: "UTC", currency: .usd, now: world.now(), session)
      for number in 0..<3 {
        try Connections.insert(
          NewConnection(
            id: world.newID(), origin: .simulated, environment: "sandbox", host: "test", itemID: "item \(number)",
            sealedToken: number == 0 ? nil : [0, 255, UInt8(number)]), scope, now: world.now(), session)
      }
      // More than travel at once.
      let events = (0..<1_201).map { NewEvent(kind: "test", body: "{\"number\":\($0)}") }
      try Events.append(events, now: world.now(), scope, session)
    }
    return (database, scope)
  }

  @Test func `holds everything, and says how much of each`() async throws {
    let (source, scope) = try await source()
    let target = try TestDatabase.fresh()
    let sums = try await Copying.run(from: source, to: target, now: Timestamp(seconds: 2))
    let rows = Dictionary(uniqueKeysWithValues: sums.map { ($0.table, $0.rows) })
    #expect(
      rows["household"] == 1 && rows["connection"] == 3 && rows["event"] == 1_201 && rows["bank_transaction"] == 0)
    let (found, tokens) = try await target.read { session in
      (try Households.only(session), try Connections.all(scope, session).map(\.sealedToken))
    }
    #expect(found == scope)
    #expect(tokens == [nil, [0, 255, 1], [0, 255, 2]])
    // And on from there into a third.
    let third = try SQLiteDatabase.inMemory()
    #expect(try await Copying.run(from: target, to: third, now: Timestamp(seconds: 3)) == sums)
  }

  @Test func `is not made over what is there, nor from tables of another version`() async throws {
    let (source, _) = try await source()
    let (other, _) = try await self.source()
    await #expect(throws: CopyError.notEmpty(table: "household")) {
      try await Copying.run(from: source, to: other, now: Timestamp(seconds: 2))
    }
    let known = Schema.migrations.count
    await #expect(throws: CopyError.otherVersion(found: 0, known: known)) {
      try await Copying.run(
        from: try SQLiteDatabase.inMemory(), to: try TestDatabase.fresh(), now: Timestamp(seconds: 2))
    }
  }

  @Test func `is told from its source by any value that is another`() async throws {
    let (source, scope) = try await source()
    let before = try await Copying.sum(of: "connection", in: source)
    try await source.write { session in
      try session.execute("UPDATE connection SET fence = fence + 1 WHERE provider_item_id = 'item 1'")
    }
    #expect(try await Copying.sum(of: "connection", in: source) != before)
    try await source.write { session in
      try session.execute("UPDATE connection SET fence = fence - 1 WHERE provider_item_id = 'item 1'")
    }
    #expect(try await Copying.sum(of: "connection", in: source) == before)
    #expect(try await Copying.sum(of: "event", in: source).rows == 1_201)
    _ = scope
  }
}
