package import Basics
package import Databases
package import Finance
package import Store

/// How a run ended, when nothing went wrong.
package enum SyncOutcome: Sendable, Equatable {
  case applied(RunCounts)
  /// The bank is still gathering its first data.
  case notReady
  /// Somebody else syncs this connection now, or has taken over meanwhile.
  case superseded
}

/// Keeps the ledger level with one bank connection: fetch every page, then apply all of it in one transaction.
///
/// The cursor moves only together with the rows it stands for, so a run that ends anywhere loses nothing.
package struct SyncEngine: Sendable {
  let database: any Database
  let world: World
  let scope: Scope
  let owner: String
  let pagesPerWrite: Int
  let judging: Judging?
  /// How long a lease lasts without being renewed.
  package static let leaseTime = Duration.seconds(120)

  /// - Parameters:
  ///   - scope: Whoever asks, the whole household is kept level: what people keep to themselves too.
  ///   - pagesPerWrite: Fetched pages that are written together: the simulation writes each alone.
  ///   - judging: Says what each row is, in the transaction that brings it.
  package init(
    database: any Database, world: World, scope: Scope, owner: String, pagesPerWrite: Int = Limits.pagesPerWrite,
    judging: Judging? = nil
  ) {
    self.database = database
    self.world = world
    self.scope = scope.wholeHousehold
    self.owner = owner
    self.pagesPerWrite = pagesPerWrite
    self.judging = judging
  }

  /// - Parameters:
  ///   - kind: Nil = what the connection's history says: initial, historical, or an update.
  ///   - isFull: Reads everything anew and tombstones what the bank no longer lists.
  ///   - beginning: Asked in the transaction that begins the run, and gone on with once the connection is ours.
  ///   - progress: Called from the run, often.
  /// - Throws: ``FeedError`` from the bank, ``DatabaseError`` from the store. The run is recorded either way.
  package func run(
    _ id: ID<Connection>, feed: BankFeed, kind: RunKind? = nil, isFull: Bool = false,
    beginning: @escaping @Sendable (any Session) throws -> Later<Void> = { _ in Later {} },
    progress: @escaping @Sendable (SyncProgress) -> Void = { _ in }
  ) async throws -> SyncOutcome {
    let run: ID<SyncRun> = world.newID()
    guard let (lease, connection, day) = try await begin(run, id, kind, beginning) else { return .superseded }
    let fetch = Fetch(
      database: database, world: world, scope: scope, feed: feed, run: run, lease: lease, today: day,
      pagesPerWrite: pagesPerWrite, progress: progress)
    do {
      var isFull = isFull || connection.cursor.isEmpty
      // Once: when an account changed its name or its leader, only a full reading tells what stays.
      for _ in 0...1 {
        let fetched = try await tellApplying(
          try await fetch.everything(after: isFull ? "" : connection.cursor), fetch)
        do {
          let isFull = isFull && !connection.cursor.isEmpty
          let applied = try await commit(fetched, fetch, connection, isFull: isFull)
          if !applied.isWhole { try await products(fetch, isFull: isFull) }
          return applied.outcome
        } catch is NeedsFullReading {
          isFull = true
          try await fetch.dropPages()
        }
      }
      throw FeedError.retry(
        FeedFault(type: "MAGPIE", code: "ACCOUNTS_KEEP_CHANGING", message: "the bank's accounts changed twice in a run")
      )
    } catch {
      try await end(run, lease, after: error)
      if error is Superseded { return .superseded }
      throw error
    }
  }

  struct Superseded: Error {}
  /// Rows of an account have other names now, or are ours to lead from now on.
  struct NeedsFullReading: Error {}

  private func begin(
    _ run: ID<SyncRun>, _ id: ID<Connection>, _ kind: RunKind?,
    _ beginning: @escaping @Sendable (any Session) throws -> Later<Void>
  ) async throws -> (Lease, StoredConnection, CalendarDate)? {
    let (scope, owner, now) = (scope, owner, world.now())
    return try await database.write { session in
      let zone = try Households.askForTimeZone(scope, session)
      let taken = try Connections.askForLease(
        id, owner: "\(owner)#\(run)", until: now + Self.leaseTime, now: now, scope, session)
      let found = try Connections.askFor(id, scope, session)
      let rest = try beginning(session)
      guard let lease = try taken.get(), let connection = try found.get() else { return nil }
      try SyncRuns.forgetPages(before: now - .seconds(86_400 * Limits.rawBatchDays), scope, session)
      let kind = kind ?? connection.nextRun
      try SyncRuns.start(run, id, kind: kind, now: now, scope, session)
      let body = "{\"connection\":\"\(id)\",\"run\":\"\(run)\",\"kind\":\"\(kind.rawValue)\"}"
      try Events.append([NewEvent(kind: "sync.started", body: body, connection: id)], now: now, scope, session)
      try rest.get()
      let place = try zone.get().flatMap { try? TimeZone.named($0) } ?? .utc
      return (lease, connection, CalendarDate(days: place.day(of: now)))
    }
  }

  private func tellApplying(_ fetched: Fetch.Fetched, _ fetch: Fetch) async throws -> Fetch.Fetched {
    var fetched = fetched
    fetched.told.phase = .applying
    fetched.told.rowsTotal = fetched.told.rows
    let (told, run, lease, now, scope) = (fetched.told, fetch.run, fetch.lease, world.now(), scope)
    #if MUTANTS
      let (cursor, history) = (fetched.cursor, fetched.progress)
      let isQuick = fetched.isSmall && !Mutant.isOn(.commitCursorEarly)
    #else
      let isQuick = fetched.isSmall
    #endif
    // A small one is over before anybody could look.
    if !isQuick {
      try await database.write { session in
        try SyncRuns.tell(
          run, phase: told.phase.rawValue, pages: told.pages, rows: told.rows, oldest: told.oldest, scope, session)
        _ = try Connections.renew(lease, until: now + Self.leaseTime, scope, session)
        #if MUTANTS
          if Mutant.isOn(.commitCursorEarly) {
            try Connections.advance(
              lease.connection, to: cursor, progress: history, now: now, scope, session)
          }
        #endif
      }
    }
    var none = told
    none.rows = 0
    fetch.progress(none)
    return fetched
  }

  private func commit(
    _ fetched: Fetch.Fetched, _ fetch: Fetch, _ connection: StoredConnection, isFull: Bool
  ) async throws -> Commit.Applied {
    let commit = Commit(fetched: fetched, fetch: fetch, connection: connection, judging: judging)
    let products = ProductSync(database: database, world: world, scope: scope)
    return try await database.write { try commit.apply(products, isFull: isFull, $0) }
  }

  /// Holdings, trades and debts, each by itself: a bank that fails in one of them has given its transactions all the
  /// same. Then the lease goes.
  private func products(_ fetch: Fetch, isFull: Bool) async throws {
    let (scope, lease, world) = (scope, fetch.lease, world)
    let reports = try await ProductSync(database: database, world: world, scope: scope)
      .run(fetch.feed, lease: lease, today: fetch.today, isFull: isFull)
    let error = reports.compactMap { ProductHealth.concernsConnection($0.outcome) }.first
    let now = world.now()
    try await database.writeThroughOutage(world) { session in
      guard try Connections.holds(lease, scope, session) else { return }
      if let error {
        try ConnectionKeeping.note(.failed(error), lease.connection, now: now, world, scope, session)
      }
      try Connections.release(lease, scope, session)
    }
  }

  /// Records a failed run, tells the connection's state, and lets the lease go.
  private func end(_ run: ID<SyncRun>, _ lease: Lease, after error: any Error) async throws {
    let (scope, world, now) = (scope, world, world.now())
    try await database.writeThroughOutage(world) { session in
      var outcome = error is Superseded ? "superseded" : "failed"
      if let fault = error as? FeedError {
        outcome = "failed"
        try SyncRuns.finish(
          run, RunCounts(), outcome: "failed", code: fault.fault.code, message: fault.fault.message, now: now, scope,
          session)
        if try Connections.holds(lease, scope, session) {
          try ConnectionKeeping.note(.failed(fault), lease.connection, now: now, world, scope, session)
        }
      } else {
        try SyncRuns.finish(run, RunCounts(), outcome: outcome, now: now, scope, session)
      }
      let (id, rows) = (lease.connection, "\"outcome\":\"\(outcome)\",\"rows\":0")
      let body = "{\"connection\":\"\(id)\",\"run\":\"\(run)\",\(rows)}"
      try Events.append([NewEvent(kind: "sync.finished", body: body, connection: id)], now: now, scope, session)
      try Connections.release(lease, scope, session)
    }
  }
}

extension StoredConnection {
  /// Which part of its life the next run belongs to.
  package var nextRun: RunKind {
    if progress == .historical { return .update }
    return lastSuccessAt == nil || progress == .notReady ? .initial : .historical
  }
}
