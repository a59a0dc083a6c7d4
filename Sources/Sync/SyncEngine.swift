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
  /// How long a lease lasts without being renewed.
  package static let leaseTime = Duration.seconds(120)

  package init(database: any Database, world: World, scope: Scope, owner: String) {
    self.database = database
    self.world = world
    self.scope = scope
    self.owner = owner
  }

  /// - Parameters:
  ///   - kind: Nil = what the connection's history says: initial, historical, or an update.
  ///   - isFull: Reads everything anew and tombstones what the bank no longer lists.
  ///   - progress: Called from the run, often.
  /// - Throws: ``FeedError`` from the bank, ``DatabaseError`` from the store. The run is recorded either way.
  package func run(
    _ id: ID<Connection>, feed: BankFeed, kind: RunKind? = nil, isFull: Bool = false,
    progress: @escaping @Sendable (SyncProgress) -> Void = { _ in }
  ) async throws -> SyncOutcome {
    let run: ID<SyncRun> = world.newID()
    guard let (lease, connection) = try await begin(run, id, kind) else { return .superseded }
    let fetch = Fetch(
      database: database, world: world, scope: scope, feed: feed, run: run, lease: lease, progress: progress)
    do {
      var isFull = isFull || connection.cursor.isEmpty
      // Once: when an account changed its name or its leader, only a full reading tells what stays.
      for _ in 0...1 {
        var fetched = try await fetch.everything(after: isFull ? "" : connection.cursor)
        try await tellApplying(&fetched, fetch)
        do {
          return try await commit(fetched, feed: feed, connection: connection, run: run, lease: lease, progress)
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
    _ run: ID<SyncRun>, _ id: ID<Connection>, _ kind: RunKind?
  ) async throws -> (Lease, StoredConnection)? {
    let (scope, owner, now) = (scope, owner, world.now())
    return try await database.write { session in
      guard
        let lease = try Connections.takeLease(
          id, owner: owner, until: now + Self.leaseTime, now: now, scope, session),
        let connection = try Connections.find(id, scope, session)
      else { return nil }
      try SyncRuns.forgetPages(before: now - .seconds(86_400 * Limits.rawBatchDays), scope, session)
      try SyncRuns.start(run, id, kind: kind ?? connection.nextRun, now: now, scope, session)
      return (lease, connection)
    }
  }

  private func tellApplying(_ fetched: inout Fetch.Fetched, _ fetch: Fetch) async throws {
    fetched.told.phase = .applying
    fetched.told.rowsTotal = fetched.told.rows
    let (told, run, lease, now, scope) = (fetched.told, fetch.run, fetch.lease, world.now(), scope)
    try await database.write { session in
      try SyncRuns.tell(
        run, phase: told.phase.rawValue, pages: told.pages, rows: told.rows, oldest: told.oldest, scope, session)
      _ = try Connections.renew(lease, until: now + Self.leaseTime, scope, session)
      #if MUTANTS
        if Mutant.isOn(.commitCursorEarly) {
          try Connections.advance(
            lease.connection, to: fetched.cursor, progress: fetched.progress, now: now, scope, session)
        }
      #endif
    }
    fetch.progress(told)
  }

  private func commit(
    _ fetched: Fetch.Fetched, feed: BankFeed, connection: StoredConnection, run: ID<SyncRun>, lease: Lease,
    _ progress: @escaping @Sendable (SyncProgress) -> Void
  ) async throws -> SyncOutcome {
    let commit = Commit(
      fetched: fetched, feed: feed, connection: connection, run: run, lease: lease, scope: scope, world: world,
      progress: progress)
    return try await database.write { try commit.apply($0) }
  }

  /// Records a failed run, tells the connection's state, and lets the lease go.
  private func end(_ run: ID<SyncRun>, _ lease: Lease, after error: any Error) async throws {
    let (scope, now) = (scope, world.now())
    try await database.write { session in
      if let fault = error as? FeedError {
        try SyncRuns.finish(
          run, RunCounts(), outcome: "failed", code: fault.fault.code, message: fault.fault.message, now: now, scope,
          session)
        if try Connections.holds(lease, scope, session) {
          try Connections.setState(
            lease.connection, ConnectionHealth.state(after: fault), code: fault.fault.code,
            message: fault.fault.displayMessage ?? fault.fault.message, scope, session)
        }
      } else {
        let outcome = error is Superseded ? "superseded" : "failed"
        try SyncRuns.finish(run, RunCounts(), outcome: outcome, now: now, scope, session)
      }
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
