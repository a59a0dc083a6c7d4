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

/// What a run tells while it goes.
package struct SyncProgress: Sendable, Equatable {
  package var pages: Int
  package var rows: Int
  package var oldest: CalendarDate?
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

  /// - Parameter isFull: Reads everything anew and tombstones what the bank no longer lists.
  /// - Throws: ``FeedError`` from the bank, ``DatabaseError`` from the store. The run is recorded either way.
  package func run(
    _ id: ID<Connection>, feed: BankFeed, kind: RunKind, isFull: Bool = false,
    progress: @escaping @Sendable (SyncProgress) -> Void = { _ in }
  ) async throws -> SyncOutcome {
    let started = world.now()
    let run: ID<SyncRun> = world.newID()
    let (scope, owner) = (scope, owner)
    let begun: (Lease, StoredConnection)? = try await database.write { session in
      guard
        let lease = try Connections.takeLease(
          id, owner: owner, until: started + Self.leaseTime, now: started, scope, session),
        let connection = try Connections.find(id, scope, session)
      else { return nil }
      try SyncRuns.start(run, id, kind: kind, now: started, scope, session)
      return (lease, connection)
    }
    guard let (lease, connection) = begun else { return .superseded }
    do {
      let fetched = try await fetch(
        feed, from: isFull ? "" : connection.cursor, run: run, lease: lease, progress: progress)
      return try await commit(
        fetched, feed: feed, connection: connection, run: run, lease: lease,
        isFull: isFull || fetched.isFromBeginning && !connection.cursor.isEmpty)
    } catch {
      try await end(run, lease, after: error)
      if error is Superseded { return .superseded }
      throw error
    }
  }

  final class Reading {
    var fetched = Fetched()
  }

  struct Fetched: Sendable {
    var isFromBeginning = false
    var pages = 0
    var cursor = ""
    var progress = FeedProgress.unknown
    var accounts: [FeedAccount] = []
    var restarts = 0
    /// Pages that remove something.
    var removing: [Int] = []
  }

  /// Reads pages until the bank has no more; starts over from the first cursor when the bank changed underneath.
  private func fetch(
    _ feed: BankFeed, from start: String, run: ID<SyncRun>, lease: Lease,
    progress: @escaping @Sendable (SyncProgress) -> Void
  ) async throws -> Fetched {
    var start = start
    var restarts = 0
    while true {
      do {
        let reading = Reading()
        try await pages(feed, from: start, run: run, lease: lease, into: reading, progress: progress)
        var fetched = reading.fetched
        fetched.isFromBeginning = start.isEmpty
        fetched.restarts = restarts
        fetched.accounts = try await feed.accounts().accounts
        return fetched
      } catch let error as FeedError {
        switch error {
        case .mutated where restarts < Limits.restartsMax: restarts += 1
        case .cursorRefused where !start.isEmpty: start = ""
        default: throw error
        }
        let scope = scope
        try await database.write { try SyncRuns.dropPages(of: run, scope, $0) }
        try await world.sleep(
          Backoff(first: .seconds(1), longest: .seconds(30)).delay(attempt: restarts, random: world.random()))
      }
    }
  }

  private func pages(
    _ feed: BankFeed, from start: String, run: ID<SyncRun>, lease: Lease, into reading: Reading,
    progress: @escaping @Sendable (SyncProgress) -> Void
  ) async throws {
    reading.fetched.cursor = start
    var told = SyncProgress(pages: 0, rows: 0)
    for position in 0..<Limits.pagesMax {
      let page = try await feed.page(reading.fetched.cursor)
      let (scope, now) = (scope, world.now())
      let isHeld = try await database.write { session in
        try SyncRuns.spool(page.raw, run: run, position: position, now: now, scope, session)
        return try Connections.renew(lease, until: now + Self.leaseTime, scope, session)
      }
      guard isHeld else { throw Superseded() }
      reading.fetched.pages = position + 1
      if page.removed > 0 { reading.fetched.removing.append(position) }
      reading.fetched.cursor = page.nextCursor
      reading.fetched.progress = page.progress
      told.pages += 1
      told.rows += page.added + page.modified + page.removed
      told.oldest = [told.oldest, page.oldest].compactMap { $0 }.min()
      progress(told)
      if !page.hasMore { return }
    }
    throw FeedError.retry(
      FeedFault(type: "MAGPIE", code: "TOO_MANY_PAGES", message: "the bank gave more pages than any real bank has"))
  }

  struct Superseded: Error {}

  private func commit(
    _ fetched: Fetched, feed: BankFeed, connection: StoredConnection, run: ID<SyncRun>, lease: Lease, isFull: Bool
  ) async throws -> SyncOutcome {
    let (scope, world, now) = (scope, world, world.now())
    return try await database.write { session in
      guard try Connections.holds(lease, scope, session) else { throw Superseded() }
      try Self.keepAccounts(fetched.accounts, connection, world: world, now: now, scope, session)
      let accounts = try Accounts.bySource(connection.id, scope, session)
      var update = Update(
        connection: connection, scope: scope, now: now, newID: { world.newID() }, newRowID: { world.newID() })
      for position in fetched.removing {
        if let raw = try SyncRuns.page(position, of: run, scope, session) {
          update.leaving.formUnion(try feed.rows(raw).removals)
        }
      }
      for position in 0..<fetched.pages {
        guard let raw = try SyncRuns.page(position, of: run, scope, session) else {
          throw DatabaseError(kind: .programmer, message: "page \(position) of the run is missing")
        }
        try update.apply(try feed.rows(raw), accounts: accounts, session)
      }
      if isFull {
        for id in try TransactionSources.unseen(since: now, connection.id, scope, session) {
          try update.remove(id, session)
        }
      }
      var counts = update.counts
      counts.pages = fetched.pages
      counts.restarts = fetched.restarts
      try Connections.advance(
        connection.id, to: fetched.cursor, progress: fetched.progress, now: now, scope, session)
      let isReady = fetched.progress != .notReady
      try SyncRuns.finish(run, counts, outcome: isReady ? "applied" : "not_ready", now: now, scope, session)
      try Connections.release(lease, scope, session)
      return isReady ? .applied(counts) : .notReady
    }
  }

  private static func keepAccounts(
    _ feed: [FeedAccount], _ connection: StoredConnection, world: World, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    let known = try Accounts.bySource(connection.id, scope, session)
    for account in feed {
      let id = known[account.id]?.id
      try Accounts.keep(
        account, as: id ?? world.newID(), isNew: id == nil, connection, day: CalendarDate(utc: now), now: now, scope,
        session)
    }
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
