import Basics
import Databases
import Finance
import Insights
import Store
import Testing
import Workshop

@Suite struct `An overview` {
  private let world = World.simulated(seed: 3)

  private struct Fixture: Sendable {
    var database: any Database
    var scope: Scope
    var connections: [ID<Connection>]
  }

  private func fixture(zone: String = "UTC") async throws -> Fixture {
    let (database, world) = (try TestDatabase.fresh(), world)
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    let connections: [ID<Connection>] = [world.newID(), world.newID()]
    try await database.write { session in
      try Households.create(scope, name: "T", timeZone: zone, currency: .usd, now: world.now(), session)
      for (index, id) in connections.enumerated() {
        try Connections.insert(
          NewConnection(
            id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "\(id)",
            institutionName: "Bank \(index)"), scope, now: world.now(), session)
      }
    }
    return Fixture(database: database, scope: scope, connections: connections)
  }

  private func add(
    _ kind: AccountKind, _ minor: Int64, to fixture: Fixture, muted: Bool = false, _ session: any Session
  ) throws -> ID<Account> {
    let id: ID<Account> = world.newID()
    try session.execute(
      """
      INSERT INTO account (household_id, id, kind, name, type, currency, current_minor, origin, created_at)
      VALUES (\(fixture.scope.household), \(id), \(kind.rawValue), 'A', 'depository', 'USD', \(minor), 'simulated', 0)
      """)
    try session.execute(
      """
      INSERT INTO account_source (household_id, connection_id, provider_id, account_id, is_muted, seen_from, seen_to)
      VALUES (\(fixture.scope.household), \(fixture.connections[0]), \(id.description), \(id), \(muted), 0, 0)
      """)
    return id
  }

  private func spend(
    _ minor: Int64, _ account: ID<Account>, on day: CalendarDate, pending: Bool = false, _ scope: Scope,
    _ session: any Session
  ) throws {
    let id: ID<Transaction> = world.newID()
    let feed = FeedTransaction(
      id: "\(id)", accountID: "", isPending: pending, amount: .zero, bookedOn: day, name: "row")
    try Transactions.insert(
      id, feed, account: AccountPlace(account, .checking), amount: Money(minorUnits: -minor, .usd), exact: nil,
      origin: "simulated",
      now: world.now(), scope, session)
  }

  @Test func `is cut into days where the household lives`() async throws {
    let fixture = try await fixture(zone: "Pacific/Auckland")
    let now = try #require(Timestamp(rfc3339: "2026-04-30T13:00:00Z"))
    let overview = try await fixture.database.write { session in
      let account = try add(.checking, 900_00, to: fixture, session)
      for text in ["2026-01-31", "2026-02-10", "2026-03-31", "2026-04-01"] {
        try spend(30_00, account, on: try day(text), fixture.scope, session)
      }
      try Totals.recount(fixture.scope, session)
      return try Overview.read(now: now, fixture.scope, session)
    }
    // In Auckland it is the first of May already, so April is over.
    #expect(overview.today == (try day("2026-05-01")))
    #expect(overview.cashFlow.months.map(\.description) == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"])
    #expect(overview.burn.months.map(\.description) == ["2026-02", "2026-03", "2026-04"])
    #expect(overview.burn.perMonth?.decimal == "30.00")
    #expect(overview.runway.months(digits: 1) == "30.0")
    #expect(overview.banks == ["Bank 0", "Bank 1"])
  }

  @Test func `counts a shared account once, and pending rows nowhere but in their number`() async throws {
    let fixture = try await fixture()
    let now = try #require(Timestamp(rfc3339: "2026-04-30T13:00:00Z"))
    let overview = try await fixture.database.write { session in
      let account = try add(.checking, 900_00, to: fixture, session)
      let double = try add(.checking, 900_00, to: fixture, muted: true, session)
      for one in [account, double] { try spend(30_00, one, on: try day("2026-03-10"), fixture.scope, session) }
      try spend(5_00, account, on: try day("2026-03-11"), pending: true, fixture.scope, session)
      try Totals.recount(fixture.scope, session)
      return try Overview.read(now: now, fixture.scope, session)
    }
    #expect(overview.accounts.map(\.isMuted) == [false, true])
    #expect(overview.netWorth.base.totalMinor == 900_00)
    #expect(overview.cashFlow.flows(in: .usd).map(\.expensesMinor) == [30_00, 0])
    #expect(overview.postedRows == 2 && overview.pendingRows == 1)
    #expect(overview.accounts[0].openingMinor == 930_00)
  }

  @Test func `looks back no further than asked, and a history of years is still known to be one`() async throws {
    let fixture = try await fixture()
    let now = try #require(Timestamp(rfc3339: "2026-04-30T13:00:00Z"))
    let overview = try await fixture.database.write { session in
      let account = try add(.checking, 0, to: fixture, session)
      try spend(30_00, account, on: try day("2019-03-10"), fixture.scope, session)
      try spend(30_00, account, on: try day("2031-01-01"), fixture.scope, session)
      try Totals.recount(fixture.scope, session)
      return try Overview.read(now: now, monthsMax: 1, fixture.scope, session)
    }
    #expect(overview.cashFlow.months.map(\.description) == ["2026-01", "2026-02", "2026-03", "2026-04"])
    #expect(overview.burn.months.count == 3 && overview.burn.perMonth?.decimal == "0.00")
    #expect(overview.runway == .unlimited)
  }

  @Test func `of an empty household is empty, and of a place unknown here an error`() async throws {
    let empty = try await fixture()
    let overview = try await empty.database.read { [now = world.now()] in
      try Overview.read(now: now, empty.scope, $0)
    }
    #expect(overview.accounts.isEmpty && overview.cashFlow.months.count == 1 && overview.burn.perMonth == nil)
    let nowhere = try await fixture(zone: "Atlantis/Capital")
    await #expect(throws: TimeZoneError.unknown("Atlantis/Capital")) {
      try await nowhere.database.read { [now = world.now()] in try Overview.read(now: now, nowhere.scope, $0) }
    }
  }
}
