import Basics
import Databases
import Finance
import Glibc
import Store
import Testing
import Workshop

/// Many who write to one household at the same moment: it comes out as if one had written after the other.
@Suite struct `Writers at once` {
  private struct House {
    let database: any Database
    let scope: Scope
    let world: World
    let connection: ID<Connection>
    let account: ID<Account>

    init() async throws {
      let world = World.live
      let database = try TestDatabase.fresh()
      let scope = Scope(household: world.newID(), user: world.newID())
      let (connection, account) = (world.newID(Connection.self), world.newID(Account.self))
      (self.database, self.world, self.scope) = (database, world, scope)
      (self.connection, self.account) = (connection, account)
      _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
      try await database.write { session in
        try Households.create(scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), session)
        try Connections.insert(
          NewConnection(id: connection, origin: .simulated, environment: "sandbox", host: "test", itemID: "item"),
          scope, now: world.now(), session)
        let stored = try #require(try Connections.find(connection, scope, session))
        try Accounts.insert(
          FeedAccount(id: "a", name: "Checking", kind: .checking, type: "depository", currency: .usd), as: account,
          stored, now: world.now(), scope, session)
      }
    }

    func put(_ id: ID<Transaction>, _ minor: Int64, isNew: Bool, _ session: any Session) throws {
      let feed = FeedTransaction(
        id: "\(id)", accountID: "a", isPending: false, amount: DecimalText("1") ?? .zero, currency: .usd,
        bookedOn: CalendarDate(days: 20_000), name: "Row")
      let (place, amount) = (AccountPlace(account, .checking), Money(minorUnits: minor, .usd))
      let before = isNew ? nil : try TotalUpkeep.counted(id, scope, session)
      if isNew {
        try Transactions.insert(
          id, feed, account: place, amount: amount, exact: nil, origin: "simulated", now: world.now(), scope, session)
      } else {
        try Transactions.replace(
          id, feed, account: place, amount: amount, exact: nil, now: world.now(), scope, session)
      }
      var totals = TotalUpkeep()
      try totals.move(from: before, to: try TotalUpkeep.counted(id, scope, session), scope, session)
      try totals.write(scope, session)
    }
  }

  @Test func `keep totals equal to a count of the rows, and events in one unbroken line`() async throws {
    let house = try await House()
    let (scope, world) = (house.scope, house.world)
    let ids: [ID<Transaction>] = (0..<3).map { _ in world.newID() }
    try await house.database.write { session in for id in ids { try house.put(id, -100, isNew: true, session) } }
    try await withThrowingTaskGroup { group in
      for number in 0..<30 {
        let id = ids[number % ids.count]
        group.addTask {
          try await house.database.write { session in
            // The bank corrects an amount; a person leaves the row out, takes it in, deletes it.
            switch number % 5 {
            case 0, 1: try house.put(id, Int64(-100 - number), isNew: false, session)
            case 2: try Overlays.write([.isExcluded(true)], on: id, now: world.now(), scope, session)
            case 3: try Overlays.write([.isExcluded(false)], on: id, now: world.now(), scope, session)
            default: try Overlays.write([.isDeleted(number % 2 == 0)], on: id, now: world.now(), scope, session)
            }
            try Events.append(
              [NewEvent(kind: "test", body: "{\"number\":\(number)}")], now: world.now(), scope, session)
          }
        }
      }
      try await group.waitForAll()
    }
    let (differences, positions) = try await house.database.read { session in
      (
        try Totals.check(scope, session),
        try Events.after(0, limit: 100, scope, session).filter { $0.event.kind == "test" }.map(\.position)
      )
    }
    #expect(differences.isEmpty, "\(differences)")
    let first = try #require(positions.first)
    #expect(positions == Array(first..<first + 30))
  }

  @Test func `give a lease to exactly one of many`() async throws {
    let house = try await House()
    let (scope, now, connection) = (house.scope, house.world.now(), house.connection)
    let leases = try await withThrowingTaskGroup(of: Lease?.self) { group in
      for number in 0..<12 {
        group.addTask {
          try await house.database.write { session in
            try Connections.takeLease(
              connection, owner: "\(number)", until: now + .seconds(60), now: now, scope, session)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(leases.compactMap { $0 }.count == 1)
  }

  /// With SQLite the second writer waits for the first to end, and this could not happen.
  @Test(.enabled(if: TestDatabase.server != nil, "\(TestDatabase.missing)"))
  func `never apply what was fetched under a lease that was lost while it was applied`() async throws {
    let house = try await House()
    let (scope, now, connection) = (house.scope, house.world.now(), house.connection)
    let first = try #require(
      try await house.database.write { session in
        try Connections.takeLease(connection, owner: "one", until: now, now: now, scope, session)
      })
    let tries = Locked(0)
    let applied = try await house.database.write { session in
      guard try Connections.holds(first, scope, session) else { return false }
      let count = tries.withLock { count in
        count += 1
        return count
      }
      if count == 1 { try letAnotherFinish(house, connection, now) }
      try Connections.advance(connection, to: "of the first", progress: .historical, now: now, scope, session)
      return true
    }
    #expect(!applied)
    let cursor = try await house.database.read { try Connections.find(connection, scope, $0)?.cursor }
    #expect(cursor == "of the second")
  }

  /// Another program takes the lease over and finishes, while the caller's transaction stands still.
  private func letAnotherFinish(_ house: House, _ connection: ID<Connection>, _ now: Timestamp) throws {
    let scope = house.scope
    let outcome = Locked<Result<Bool, any Error>?>(nil)
    Task {
      do {
        let done = try await house.database.write { session in
          let lease = try Connections.takeLease(
            connection, owner: "two", until: now + .seconds(60), now: now, scope, session)
          try Connections.advance(connection, to: "of the second", progress: .historical, now: now, scope, session)
          return lease != nil
        }
        outcome.withLock { $0 = .success(done) }
      } catch {
        outcome.withLock { $0 = .failure(error) }
      }
    }
    // On the connection's own thread: nobody else is kept from running.
    while outcome.withLock({ $0 == nil }) { usleep(1_000) }
    #expect(try outcome.withLock { $0 }?.get() == true)
  }
}
