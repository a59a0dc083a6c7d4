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
  let savings: ID<Account>
  let card: ID<Account>

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
    let (account, savings, card): (ID<Account>, ID<Account>, ID<Account>) = (
      world.newID(), world.newID(), world.newID()
    )
    (self.database, self.world, self.scope) = (database, world, scope)
    (self.account, self.savings, self.card) = (account, savings, card)
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
      try Accounts.insert(
        FeedAccount(id: "S", name: "S", kind: .savings, type: "depository", currency: .usd), as: savings, connection,
        now: world.now(), scope, session)
      try Accounts.insert(
        FeedAccount(id: "C", name: "C", kind: .creditCard, type: "credit", currency: .usd), as: card, connection,
        now: world.now(), scope, session)
    }
  }

  /// - Parameter provider: The bank's category and how sure it is of it.
  func feed(
    _ text: String, _ amount: String, provider: (String, String)? = nil, day: Int = 20_000
  ) throws -> FeedTransaction {
    var feed = FeedTransaction(
      id: "p\(world.random())", accountID: "A", isPending: false, amount: try #require(DecimalText(amount)),
      bookedOn: CalendarDate(days: day), name: text)
    feed.category = provider.map { category, confidence in
      let primary = category.split(separator: "_").prefix(2).joined(separator: "_")
      return FeedCategory(primary: primary, detailed: category, confidence: confidence, version: "v2")
    }
    return feed
  }

  private func kind(_ account: ID<Account>) -> AccountKind {
    account == savings ? .savings : account == card ? .creditCard : .checking
  }

  /// Brings a row as a sync does: written, judged, put together with its like and counted in one transaction.
  @discardableResult
  func bring(
    _ text: String, _ amount: String = "-12.00", provider: (String, String)? = nil, on account: ID<Account>? = nil,
    day: Int = 20_000
  ) async throws -> ID<Transaction> {
    let id: ID<Transaction> = world.newID()
    let feed = try feed(text, amount, provider: provider, day: day)
    let place = AccountPlace(account ?? self.account, kind(account ?? self.account))
    try await database.write { [scope, world] session in
      let (money, exact) = try Money.rounding(feed.amount, .usd)
      try Transactions.insert(
        id, feed, account: place, amount: money, exact: exact, origin: "simulated", now: world.now(), scope, session)
      var judged = JudgedRows(HouseholdJudge.judging)
      _ = try judged.keep(JudgedRow(id, feed, place, money), isNew: true, now: world.now(), scope, session)
      try session.settle()
      var totals = TotalUpkeep()
      try totals.move(from: nil, to: try TotalUpkeep.counted(id, scope, session), scope, session)
      judged.note(feed.bookedOn)
      _ = try judged.pair(&totals, world, scope, session)
      try totals.write(scope, session)
      try judged.writeDeeds(world, scope, session)
    }
    return id
  }

  /// The bank sends a row again, with another amount.
  func change(_ id: ID<Transaction>, to amount: String) async throws {
    let row = try await entry(id).row
    let feed = try feed(row.name, amount, day: row.bookedOn.days)
    let place = AccountPlace(row.account, kind(row.account))
    try await database.write { [scope, world] session in
      let (money, exact) = try Money.rounding(feed.amount, .usd)
      var totals = TotalUpkeep()
      let before = try TotalUpkeep.counted(id, scope, session)
      try Transactions.replace(
        id, feed, account: place, amount: money, exact: exact, now: world.now(), scope, session)
      var judged = JudgedRows(HouseholdJudge.judging)
      _ = try judged.keep(JudgedRow(id, feed, place, money), isNew: false, now: world.now(), scope, session)
      try session.settle()
      try totals.move(from: before, to: try TotalUpkeep.counted(id, scope, session), scope, session)
      judged.note(feed.bookedOn)
      _ = try judged.pair(&totals, world, scope, session)
      try totals.write(scope, session)
    }
  }

  func pairs(_ state: Pair.State) async throws -> [Pair] {
    try await database.read { [scope] in try Pairs.list(state, limit: 500, scope, $0) }
  }

  /// A person says yes.
  func decide(_ id: ID<PairName>) async throws {
    try await database.write { [scope, world] session in
      var edits = Edits(through: "test", world: world, judging: HouseholdJudge.judging, scope)
      _ = try PairDecisions.confirm(id, world: world, &edits, scope, session)
      try edits.finish(session)
    }
  }

  func entry(_ id: ID<Transaction>) async throws -> TransactionEntry {
    let found = try await database.read { [scope] in try Transactions.entry(id, scope, $0) }
    return try #require(found)
  }

  /// What all rows come to, by kind of money.
  func flows() async throws -> [FlowKind: Int64] {
    let lines = try await database.read { [scope] session in
      try session.query(
        "SELECT flow, CAST(SUM(amount_minor) AS bigint) FROM total_day WHERE household_id = \(scope.household) GROUP BY flow"
      ) { (try $0(0, as: String.self), try $0(1, as: Int64.self)) }
    }
    var sums: [FlowKind: Int64] = [:]
    for (flow, sum) in lines { if let kind = FlowKind(rawValue: flow) { sums[kind] = sum } }
    return sums
  }

  func file(_ id: ID<Transaction>, _ category: String?) async throws -> ID<ChangeGroup>? {
    try await database.write { [scope, world] session in
      var edits = Edits(through: "test", world: world, judging: HouseholdJudge.judging, scope)
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
