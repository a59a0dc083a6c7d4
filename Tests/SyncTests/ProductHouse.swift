import Basics
import Databases
import Finance
import Store
import Sync
import Testing
import Workshop

/// A household with one connection and its accounts, for tests of what is held, traded and owed.
struct ProductHouse {
  let database: any Database
  let world: World
  let scope: Scope
  let connection: ID<Connection>

  init(seed: UInt64 = 1, accounts: [String] = ["X", "Y", "L1", "L2"]) async throws {
    database = try TestDatabase.fresh()
    world = World.simulated(seed: seed, start: Timestamp(seconds: 20_000 * 86_400))
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    scope = Scope(household: world.newID(), user: world.newID())
    connection = world.newID()
    try await database.write { [self] session in
      try Households.create(scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), session)
    }
    try await link(connection)
    for account in accounts { try await addAccount(account) }
  }

  var today: CalendarDate { CalendarDate(utc: world.now()) }

  func link(_ connection: ID<Connection>) async throws {
    try await database.write { [self] session in
      try Connections.insert(
        NewConnection(
          id: connection, origin: .simulated, environment: "sandbox", host: "test", itemID: "\(connection)"), scope,
        now: world.now(), session)
    }
  }

  @discardableResult
  func addAccount(_ providerID: String) async throws -> ID<Account> {
    let id: ID<Account> = world.newID()
    try await database.write { [self] session in
      try session.execute(
        """
        INSERT INTO account (household_id, id, kind, name, type, currency, origin, created_at)
        VALUES (\(scope.household), \(id), 'investment', \(providerID), 'investment', 'USD', 'simulated',
          \(world.now()))
        """)
    }
    try await name(id, providerID, connection)
    return id
  }

  /// Gives an account another name, at another connection.
  func name(
    _ account: ID<Account>, _ providerID: String, _ connection: ID<Connection>, isMuted: Bool = false
  ) async throws {
    try await database.write { [self] session in
      try session.execute(
        """
        INSERT INTO account_source (household_id, connection_id, provider_id, account_id, is_muted, seen_from, seen_to)
        VALUES (\(scope.household), \(connection), \(providerID), \(account), \(isMuted), \(world.now()),
          \(world.now()))
        """)
    }
  }

  /// Takes the lease, syncs the products, and lets go; nil when another holds it.
  func sync(
    _ feed: BankFeed, on database: (any Database)? = nil, connection: ID<Connection>? = nil, isFull: Bool = false
  ) async throws -> [Product: ProductOutcome]? {
    let database = database ?? self.database
    let (scope, world, connection) = (scope, world, connection ?? self.connection)
    let now = world.now()
    let lease = try await database.write { session in
      try Connections.takeLease(
        connection, owner: "test", until: now + SyncEngine.leaseTime, now: now, scope, session)
    }
    guard let lease else { return nil }
    let reports = try await ProductSync(database: database, world: world, scope: scope).run(
      feed, lease: lease, isFull: isFull)
    try await database.write { try Connections.release(lease, scope, $0) }
    return Dictionary(uniqueKeysWithValues: reports.map { ($0.product, $0.outcome) })
  }

  /// The names of the connection's accounts, by our ids.
  func accountNames() async throws -> [ID<Account>: String] {
    try await database.read { [scope, connection] session in
      let known = try Accounts.bySource(connection, scope, session)
      return Dictionary(known.map { ($0.value.id, $0.key) }) { $1 }
    }
  }

  func securityNames() async throws -> [ID<Security>: String] {
    try await database.read { [scope] session in
      Dictionary(uniqueKeysWithValues: try Securities.all(scope, session).map { ($0.id, $0.providerID) })
    }
  }

  func trades(removed: Bool = false) async throws -> [StoredInvestmentTransaction] {
    try await database.read { [scope] session in
      let ids = try session.query("SELECT connection_id, provider_id FROM investment_transaction") { row in
        (try row(0, as: ID<Connection>.self), try row(1, as: String.self))
      }
      return try Dictionary(grouping: ids, by: \.0).flatMap { connection, ids in
        try InvestmentTransactions.named(ids.map(\.1), connection, scope, session).values
      }.filter { removed || $0.removedAt == nil }
    }
  }

  func waitingCount() async throws -> Int {
    try await database.read { [scope] in try Quarantine.count(scope, $0) }
  }

  func states() async throws -> [Product: StoredProduct] {
    let all = try await database.read { [scope, connection] in try Products.all(connection, scope, $0) }
    return Dictionary(uniqueKeysWithValues: all.map { ($0.product, $0) })
  }

  /// Every row of every table that products write.
  func rows() async throws -> Int {
    try await database.read { session in
      try ["security", "security_price", "holding", "investment_transaction", "liability", "quarantine"].map { table in
        try session.first(SQL(stringLiteral: "SELECT COUNT(*) FROM \(table)")) { try $0(0, as: Int.self) } ?? 0
      }.reduce(0, +)
    }
  }
}
