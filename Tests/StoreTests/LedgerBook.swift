import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

/// A household with accounts and rows, for tests of what people do with them.
struct LedgerBook: Sendable {
  let database: any Database
  let world: World
  let scope: Scope
  let accounts: [ID<Account>]
  private let connection: StoredConnection

  init(accounts count: Int = 2, seed: UInt64 = 11) async throws {
    // A clock that goes on with every look, as a real one does.
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
    let ids: [ID<Account>] = (0..<count).map { _ in world.newID() }
    (self.database, self.world, self.scope, accounts) = (database, world, scope, ids)
    connection = try await database.write { session in
      try Households.create(scope, name: "T", timeZone: "UTC", currency: .usd, now: world.now(), session)
      let id: ID<Connection> = world.newID()
      try Connections.insert(
        NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "item"), scope,
        now: world.now(), session)
      let connection = try #require(try Connections.find(id, scope, session))
      for (index, account) in ids.enumerated() {
        try Accounts.insert(
          FeedAccount(id: "A\(index)", name: "A\(index)", kind: .checking, type: "depository", currency: .usd),
          as: account, connection, now: world.now(), scope, session)
      }
      return connection
    }
  }

  /// A row as a bank sends it, with the event that tells of it.
  @discardableResult
  func row(
    _ amount: String, on day: Int = 20_000, account: Int = 0, name: String = "row", merchant: String? = nil,
    original: String? = nil, pending: Bool = false, category: (String, String)? = nil, currency: Currency = .usd,
    tells: Bool = true, _ session: any Session
  ) throws -> ID<Transaction> {
    let id: ID<Transaction> = world.newID()
    let feed = try feed(
      id, amount, day, account, name, merchant, original, pending, category, currency)
    let (money, rest) = try Money.rounding(feed.amount, currency)
    try Transactions.insert(
      id, feed, account: AccountPlace(accounts[account], .checking), amount: money, exact: rest,
      origin: "simulated", now: world.now(), scope,
      session)
    var totals = TotalUpkeep()
    try totals.move(from: nil, to: TotalUpkeep.counted(id, scope, session), scope, session)
    try totals.write(scope, session)
    if tells { try tell([id], account, session) }
    return id
  }

  /// The bank says something else about a row than before.
  func replace(
    _ id: ID<Transaction>, _ amount: String, on day: Int = 20_000, account: Int = 0, name: String = "row",
    _ session: any Session
  ) throws {
    let feed = try feed(id, amount, day, account, name, nil, nil, false, nil, .usd)
    let before = try TotalUpkeep.counted(id, scope, session)
    try Transactions.replace(
      id, feed, account: AccountPlace(accounts[account], .checking),
      amount: try Money.rounding(feed.amount, .usd).money, exact: nil,
      now: world.now(), scope, session)
    try Splits.follow(id, newID: { world.newID() }, now: world.now(), scope, session)
    var totals = TotalUpkeep()
    try totals.move(from: before, to: TotalUpkeep.counted(id, scope, session), scope, session)
    try totals.write(scope, session)
    try tell([id], account, session)
  }

  /// The bank takes a row back.
  func remove(_ id: ID<Transaction>, _ session: any Session) throws {
    let before = try TotalUpkeep.counted(id, scope, session)
    try Transactions.markGone(id, now: world.now(), scope, session)
    var totals = TotalUpkeep()
    try totals.move(from: before, to: TotalUpkeep.counted(id, scope, session), scope, session)
    try totals.write(scope, session)
  }

  func tell(_ ids: [ID<Transaction>], _ account: Int, _ session: any Session) throws {
    let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
    let body = "{\"account\":\"\(accounts[account])\",\"ids\":[\(list)]}"
    try Events.append([NewEvent(kind: "transaction.changed", body: body)], now: world.now(), scope, session)
  }

  private func feed(
    _ id: ID<Transaction>, _ amount: String, _ day: Int, _ account: Int, _ name: String, _ merchant: String?,
    _ original: String?, _ pending: Bool, _ category: (String, String)?, _ currency: Currency
  ) throws -> FeedTransaction {
    var feed = FeedTransaction(
      id: "\(id)", accountID: "A\(account)", isPending: pending, amount: try #require(DecimalText(amount)),
      currency: currency, bookedOn: CalendarDate(days: day), name: name)
    feed.category = category.map { FeedCategory(primary: $0.0, detailed: $0.1) }
    (feed.merchantName, feed.originalDescription) = (merchant, original)
    return feed
  }

  /// Does something as one stroke of a person.
  @discardableResult
  func edit(
    _ session: any Session, _ body: (inout Edits) throws -> Void
  ) throws -> ID<ChangeGroup>? {
    var edits = Edits(through: "test", world: world, scope)
    try body(&edits)
    return try edits.finish(session)
  }

  func undo(_ group: ID<ChangeGroup>, _ session: any Session) throws {
    try Changes.undo(group, through: "test", world: world, scope, session)
  }

  /// Everything a person can see of the ledger, as one text.
  func picture(_ session: any Session) throws -> String {
    var lines: [String] = []
    for isDeleted in [false, true] {
      var filter = TransactionFilter()
      filter.isDeleted = isDeleted
      for row in try Transactions.list(filter, after: nil, limit: 10_000, scope, session) {
        let extras = try Transactions.extras(of: [row.id], scope, session)[row.id]
        let custom = (extras?.custom ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        // What was made by hand and taken back is deleted, as if it had not been made.
        if isDeleted && row.origin == Origin.manual.rawValue { continue }
        lines.append("\(row) \(extras?.tags ?? []) \(custom) \(extras?.parts ?? [])")
      }
    }
    lines += try Accounts.list(after: nil, limit: 1_000, scope, session).map { "\($0)" }
    lines += try Categories.all(scope, session).map { "\($0)" }
    lines += try Tags.all(scope, session).map { "\($0.id) \($0.name) \($0.color ?? "")" }
    lines += try SavedViews.list(scope, session).map { "\($0)" }
    return lines.joined(separator: "\n")
  }
}
