import Basics
import Databases
import Finance
import Store

/// The first half of a run: reads every page the bank has, and spools each as it comes, but for the last ones, which the
/// second half writes: most runs read one page. Nothing of the ledger changes.
struct Fetch: Sendable {
  /// What was fetched, without the rows: those lie in the spool.
  struct Fetched: Sendable {
    /// Read from the beginning: names that were not listed are gone.
    var isFromBeginning = false
    /// This connection has no transactions, only what else a bank may have.
    var isWithoutTransactions = false
    var pages = 0
    var cursor = ""
    var progress = FeedProgress.unknown
    var accounts = FeedAccounts(accounts: [])
    var restarts = 0
    /// Pages that remove something.
    var removing: [Int] = []
    /// The last pages, packed, from the position `spooled` on: they are written with the rows they become.
    var rest: [[UInt8]] = []
    /// Pages that lie in the spool.
    var spooled = 0
    var told = SyncProgress()
    /// Nothing of it has been written yet, and it is soon applied.
    var isSmall: Bool { spooled == 0 && told.rows <= Fetch.smallMax }
  }

  /// Applying more rows than these is told before it begins.
  private static let smallMax = 2_000

  let database: any Database
  let world: World
  let scope: Scope
  let feed: BankFeed
  let run: ID<SyncRun>
  let lease: Lease
  /// The household's day when the run began.
  let today: CalendarDate
  /// So many pages are written together, so that they share one flush to the disk.
  let pagesPerWrite: Int
  let progress: @Sendable (SyncProgress) -> Void
  #if MUTANTS
    private let kept = Locked(0)
  #endif

  /// Starts over from `cursor` when the bank changed underneath, and from the very beginning only when the cursor itself
  /// is refused.
  func everything(after cursor: String) async throws -> Fetched {
    var start = cursor
    var restarts = 0
    while true {
      do {
        #if MUTANTS
          // Pages of a loop that was given up stay, and those of the next one follow them.
          var fetched = try await pages(
            after: start, from: Mutant.isOn(.applyDiscardedPages) ? kept.withLock { $0 } : 0)
        #else
          var fetched = try await pages(after: start)
        #endif
        fetched.isFromBeginning = start.isEmpty
        fetched.restarts = restarts
        fetched.accounts = try await feed.accounts()
        return fetched
      } catch let error as FeedError {
        switch error {
        case .mutated where restarts < Limits.restartsMax: break
        case .cursorRefused where !start.isEmpty: start = ""
        case .unsupported where start.isEmpty: return try await withoutTransactions()
        default: throw error
        }
        restarts += 1
        try await dropPages()
        let backoff = Backoff(first: .seconds(1), longest: .seconds(30))
        try await world.sleep(backoff.delay(attempt: restarts, random: world.random()))
      }
    }
  }

  private func withoutTransactions() async throws -> Fetched {
    var fetched = Fetched()
    fetched.isWithoutTransactions = true
    fetched.progress = .historical
    fetched.accounts = try await feed.accounts()
    return fetched
  }

  func dropPages() async throws {
    #if MUTANTS
      if Mutant.isOn(.applyDiscardedPages) { return }
    #endif
    let (scope, run) = (scope, run)
    try await database.write { try SyncRuns.dropPages(of: run, scope, $0) }
  }

  private func pages(after start: String, from first: Int = 0) async throws -> Fetched {
    var fetched = Fetched()
    fetched.cursor = start
    fetched.spooled = first
    var spool = Spool(first: first, since: world.now())
    for position in first..<Limits.pagesMax {
      let page = try await feed.page(fetched.cursor)
      fetched.pages = position + 1
      if page.removed > 0 { fetched.removing.append(position) }
      fetched.cursor = page.nextCursor
      fetched.progress = page.progress
      fetched.told.pages += 1
      fetched.told.rows += page.added + page.modified + page.removed
      fetched.told.oldest = [fetched.told.oldest, page.oldest].compactMap { $0 }.min()
      await spool.add(page.raw, isLast: !page.hasMore)
      let isSlow = world.now() - spool.since >= Self.longestWait
      if !page.hasMore, !isSlow {
        fetched.rest = await spool.packed()
      } else if !page.hasMore || isSlow || spool.count >= pagesPerWrite {
        try await write(spool, fetched.told)
        fetched.spooled = position + 1
        spool = Spool(first: position + 1, since: world.now())
        #if MUTANTS
          kept.withLock { $0 = position + 1 }
        #endif
      }
      progress(fetched.told)
      if !page.hasMore { return fetched }
    }
    throw FeedError.retry(
      FeedFault(type: "MAGPIE", code: "TOO_MANY_PAGES", message: "the bank gave more pages than any real bank has"))
  }

  /// Pages wait no longer than this for others, so that readers of the run's row see it move, and the lease is renewed.
  private static let longestWait = Duration.seconds(1)

  private func write(_ spool: Spool, _ told: SyncProgress) async throws {
    let (scope, run, lease, now, first) = (scope, run, lease, world.now(), spool.first)
    let packed = await spool.packed()
    let event = progressed(told)
    let isHeld = try await database.write { session in
      try SyncRuns.spool(packed, run: run, from: first, now: now, scope, session)
      try SyncRuns.tell(
        run, phase: told.phase.rawValue, pages: told.pages, rows: told.rows, oldest: told.oldest, scope, session)
      try Events.append([event], now: now, scope, session)
      return try Connections.renew(lease, until: now + SyncEngine.leaseTime, scope, session)
    }
    guard isHeld else { throw SyncEngine.Superseded() }
  }

  /// So much has been read.
  func progressed(_ told: SyncProgress) -> NewEvent {
    let (id, counts) = (lease.connection, "\"pages\":\(told.pages),\"rows\":\(told.rows)")
    let body = "{\"connection\":\"\(id)\",\"run\":\"\(run)\",\(counts)}"
    return NewEvent(kind: "sync.progress", body: body, connection: id)
  }
}

/// Pages that were fetched and not written yet. Each is packed on another thread while the next one is fetched; there the
/// last one would only make its run wait for a thread.
private struct Spool {
  let first: Int
  let since: Timestamp
  private var pages: [[UInt8]] = []
  private var last: Task<[UInt8], Never>?

  init(first: Int, since: Timestamp) {
    self.first = first
    self.since = since
  }

  var count: Int { pages.count + (last == nil ? 0 : 1) }

  /// Waits for the page before, so that no more than two lie unpacked in memory.
  mutating func add(_ raw: [UInt8], isLast: Bool) async {
    if let page = await last?.value { pages.append(page) }
    last = isLast ? nil : Task.detached { SyncRuns.pack(raw) }
    if isLast { pages.append(SyncRuns.pack(raw)) }
  }

  func packed() async -> [[UInt8]] {
    guard let page = await last?.value else { return pages }
    return pages + [page]
  }
}
