import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

@testable import Categories

/// A household whose rows are judged as they come, as a sync does it.
struct SortingHouse: Sendable {
  let database: any Database
  let world: World
  let scope: Scope
  let account: ID<Account>

  init(seed: UInt64 = 3) async throws {
    let state = Locked((clock: Int64(1_700_000_000_000), random: SeededRandom(seed: seed)))
    let world = World(
      now: {
        state.withLock { state in
          state.clock += 1
          return Timestamp(milliseconds: state.clock)
        }
      }, sleep: { _ in }, random: { state.withLock { $0.random.next() } })
    let database = try TestDatabase.fresh()
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    let account: ID<Account> = world.newID()
    (self.database, self.world, self.scope, self.account) = (database, world, scope, account)
    try await database.write { session in
      try Households.create(scope, name: "T", timeZone: "UTC", currency: .usd, now: world.now(), session)
      let id: ID<Connection> = world.newID()
      try Connections.insert(
        NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "item"), scope,
        now: world.now(), session)
      let connection = try #require(try Connections.find(id, scope, session))
      try Accounts.insert(
        FeedAccount(id: "A", name: "A", kind: .checking, type: "depository", currency: .usd), as: account, connection,
        now: world.now(), scope, session)
    }
  }

  /// - Parameter provider: The bank's category and how sure it is of it.
  func feed(_ text: String, _ amount: String, provider: (String, String)? = nil) throws -> FeedTransaction {
    var feed = FeedTransaction(
      id: "p\(world.random())", accountID: "A", isPending: false, amount: try #require(DecimalText(amount)),
      bookedOn: CalendarDate(days: 20_000), name: text)
    feed.category = provider.map { category, confidence in
      let primary = category.split(separator: "_").prefix(2).joined(separator: "_")
      return FeedCategory(primary: primary, detailed: category, confidence: confidence, version: "v2")
    }
    return feed
  }

  /// Brings a row as a sync does: written, judged and counted in one transaction.
  @discardableResult
  func bring(_ text: String, _ amount: String = "-12.00", provider: (String, String)? = nil) async throws
    -> ID<Transaction>
  {
    let id: ID<Transaction> = world.newID()
    let feed = try feed(text, amount, provider: provider)
    let (scope, world, place) = (scope, world, AccountPlace(account, .checking))
    try await database.write { session in
      let (money, exact) = try Money.rounding(feed.amount, .usd)
      try Transactions.insert(
        id, feed, account: place, amount: money, exact: exact, origin: "simulated", now: world.now(), scope, session)
      var judged = try JudgedRows(HouseholdJudge.judging, scope, session)
      _ = try judged.keep(JudgedRow(id, feed, place, money), isNew: true, now: world.now(), scope, session)
      try session.settle()
      var totals = TotalUpkeep()
      try totals.move(from: nil, to: try TotalUpkeep.counted(id, scope, session), scope, session)
      try totals.write(scope, session)
    }
    return id
  }

  func file(_ id: ID<Transaction>, _ category: String?) async throws -> ID<ChangeGroup>? {
    try await database.write { [scope, world] session in
      var edits = Edits(through: "test", world: world, scope)
      try edits.write([.category(category)], on: id, session)
      return try edits.finish(session)
    }
  }

  func explained(_ id: ID<Transaction>) async throws -> Explanation {
    let found = try await database.read { [scope] in try Explanation.of(id, scope, $0) }
    return try #require(found)
  }

  /// The totals as they stand and as a recount finds them.
  func totalsAreRight() async throws -> Bool {
    try await database.read { [scope] in try Totals.check(scope, $0).isEmpty }
  }
}
