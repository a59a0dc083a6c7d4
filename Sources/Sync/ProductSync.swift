package import Basics
package import Databases
package import Finance
package import Store

/// What became of one product in a run.
package struct ProductReport: Sendable, Equatable {
  package var product: Product
  package var outcome: ProductOutcome
}

/// Keeps holdings, trades, debts and recurring streams level with one bank connection, each on its own: what fails here spoils neither the
/// transactions nor the other products, and is remembered for the next time.
///
/// Every product is fetched outside a transaction and applied in one, which checks the lease first.
package struct ProductSync: Sendable {
  let database: any Database
  let world: World
  let scope: Scope

  package static let products: [Product] = [.holdings, .investmentTransactions, .liabilities, .recurring]

  package init(database: any Database, world: World, scope: Scope) {
    self.database = database
    self.world = world
    self.scope = scope.wholeHousehold
  }

  /// One run under a lease that the caller holds and releases.
  struct Run: Sendable {
    var feed: BankFeed
    var lease: Lease
    var today: CalendarDate
    var isFull: Bool
    var connection: ID<Connection> { lease.connection }
  }

  /// The lease was lost.
  private struct Superseded: Error {}

  /// - Parameters:
  ///   - lease: Of the connection, held by the caller; renewed between calls to the bank.
  ///   - today: The household's day; nil = the day in UTC.
  ///   - isFull: Asks everything, also what was asked not long ago, and reads as far back as the bank remembers.
  /// - Returns: What became of each product. After an error that concerns the whole connection the rest is not asked.
  /// - Throws: ``DatabaseError`` from the store, or cancellation. Never the bank's errors: they are in the reports.
  package func run(
    _ feed: BankFeed, lease: Lease, today: CalendarDate? = nil, isFull: Bool = false
  ) async throws -> [ProductReport] {
    let run = Run(feed: feed, lease: lease, today: today ?? CalendarDate(utc: world.now()), isFull: isFull)
    let due = try await database.read { [self] in try self.due(run, $0) }
    var reports: [ProductReport] = []
    for product in Self.asked(of: feed) {
      let outcome = if let last = due[product] { try await attempt(product, last, run) } else { ProductOutcome.notDue }
      reports.append(ProductReport(product: product, outcome: outcome))
      if outcome == .superseded || ProductHealth.concernsConnection(outcome) != nil { break }
    }
    return reports
  }

  private static func asked(of feed: BankFeed) -> [Product] {
    products.filter { $0 != .recurring || feed.streams != nil }
  }

  /// How it stands with a product that is to be asked for.
  struct Due: Sendable {
    var last: StoredProduct?
    var newestAccount: Timestamp?
  }

  /// What is to be asked now.
  func due(_ run: Run, _ session: any Session) throws -> [Product: Due] { try askForDue(run, session).get() }

  func askForDue(_ run: Run, _ session: any Session) throws -> Later<[Product: Due]> {
    let stored = try Products.askForAll(run.connection, scope, session)
    let newestAccount = try Products.askForNewestAccount(run.connection, scope, session)
    return Later { [self] in
      try due(run, stored: try stored.get(), newestAccount: try newestAccount.get(), session)
    }
  }

  private func due(
    _ run: Run, stored: [StoredProduct], newestAccount: Timestamp?, _ session: any Session
  ) throws -> [Product: Due] {
    let now = world.now()
    var due: [Product: Due] = [:]
    for product in Self.asked(of: run.feed) {
      let last = stored.first { $0.product == product }
      guard run.isFull || ProductHealth.isDue(last, newestAccount: newestAccount, now: now) else { continue }
      // Streams found in a part of the rows would be others.
      if product == .recurring,
        try Connections.find(run.connection, scope, session)?.progress != .historical
      {
        continue
      }
      due[product] = Due(last: last, newestAccount: newestAccount)
    }
    return due
  }

  private func attempt(_ product: Product, _ due: Due, _ run: Run) async throws -> ProductOutcome {
    do {
      switch product {
      case .accounts, .transactions: return .notDue
      case .holdings: return try await holdings(run)
      case .investmentTransactions:
        let window = TradesWindow(
          today: run.today, last: due.last, newestAccount: due.newestAccount, isFull: run.isFull)
        return try await trades(run, window)
      case .liabilities: return try await liabilities(run)
      case .recurring: return try await streams(run)
      }
    } catch let error as FeedError {
      return try await write(run, product, outcome: { _, _ in (.failed(error), nil) })
    } catch is Superseded {
      return .superseded
    }
  }

  private func holdings(_ run: Run) async throws -> ProductOutcome {
    try await renew(run)
    let answer = try await run.feed.holdings()
    return try await write(run, .holdings) { target, session in
      guard let answer else { return (.absent, nil) }
      return (.applied(try HoldingsPlan.apply(answer, to: target, session)), nil)
    }
  }

  private func trades(_ run: Run, _ window: TradesWindow) async throws -> ProductOutcome {
    let fetched = try await FetchedTrades.fetch(run.feed, window, world: world) { try await renew(run) }
    return try await write(run, .investmentTransactions) { target, session in
      guard let fetched else { return (.absent, nil) }
      let counts = try TradesPlan.apply(fetched, window, to: target, session)
      return (.applied(counts), window.days.upperBound)
    }
  }

  private func liabilities(_ run: Run) async throws -> ProductOutcome {
    try await renew(run)
    let answer = try await run.feed.liabilities()
    return try await write(run, .liabilities) { target, session in
      guard let answer else { return (.absent, nil) }
      return (.applied(try LiabilitiesPlan.apply(answer, to: target, session)), nil)
    }
  }

  private func streams(_ run: Run) async throws -> ProductOutcome {
    try await renew(run)
    let answer = try await run.feed.streams?()
    return try await write(run, .recurring) { target, session in
      guard let answer else { return (.absent, nil) }
      return (.applied(try StreamsPlan.apply(answer, to: target, session)), nil)
    }
  }

  private func renew(_ run: Run) async throws {
    let (scope, until) = (scope, world.now() + SyncEngine.leaseTime)
    let isHeld = try await database.write { try Connections.renew(run.lease, until: until, scope, $0) }
    guard isHeld else { throw Superseded() }
  }

  /// Applies an outcome and notes how it went, in one transaction, while the lease is held.
  private func write(
    _ run: Run, _ product: Product,
    outcome: @escaping @Sendable (ProductTarget, any Session) throws -> (ProductOutcome, through: CalendarDate?)
  ) async throws -> ProductOutcome {
    let (scope, world, now) = (scope, world, world.now())
    return try await database.write { session in
      guard try Connections.holds(run.lease, scope, session) else { return .superseded }
      let target = try ProductTarget(run.connection, today: run.today, now: now, world: world, scope, session)
      let last = try Products.find(product, run.connection, scope, session)
      let (outcome, through) = try outcome(target, session)
      try Products.keep(
        ProductHealth.next(last, product, after: outcome, through: through, now: now), run.connection, scope, session)
      return outcome
    }
  }
}
