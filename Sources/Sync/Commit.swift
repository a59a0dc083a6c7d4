import Basics
import Databases
import Finance
import Store

/// The second half of a run: everything that was fetched becomes the ledger in one transaction, or nothing does.
struct Commit: Sendable {
  /// What has to be known before the first row is written, asked all together.
  private struct Asked {
    let isHeld: Later<Bool>
    let sources: Later<[AccountSource]>
    let unreadable: Later<[StoredQuarantine]>
    let hasNames: Later<Bool>
    let waiting: Later<Quarantine.Waiting>
    let hasSplits: Later<Bool>
    let isYoung: Later<Bool>

    init(_ id: ID<Connection>, _ lease: Lease, _ scope: Scope, _ session: any Session) throws {
      isHeld = try Connections.askWhetherHeld(lease, scope, session)
      sources = try Accounts.askForSources(scope, session)
      unreadable = try Quarantine.askForUnsettled(.accounts, id, limit: .max, scope, session)
      hasNames = try TransactionSources.askWhetherAny(id, scope, session)
      waiting = try Quarantine.askForWaiting(.transactions, id, scope, session)
      hasSplits = try Splits.askWhetherAny(scope, session)
      isYoung = try Statistics.askToMistrustIfYoung(session)
    }
  }

  /// What became of a run, and whether that was all of it: the lease is gone.
  struct Applied: Sendable {
    var outcome: SyncOutcome
    var isWhole: Bool
  }

  let fetched: Fetch.Fetched
  let connection: StoredConnection
  private let fetch: Fetch
  private let judging: Judging?
  private var feed: BankFeed { fetch.feed }
  private var run: ID<SyncRun> { fetch.run }
  private var lease: Lease { fetch.lease }
  private var scope: Scope { fetch.scope }
  private var world: World { fetch.world }

  init(fetched: Fetch.Fetched, fetch: Fetch, connection: StoredConnection, judging: Judging?) {
    self.fetched = fetched
    self.judging = judging
    self.fetch = fetch
    self.connection = connection
  }

  /// So many rows may go at once because the bank lists nothing at all.
  private static let emptyReadingMax = 50

  /// - Parameter products: What is to be asked after this; where nothing is due, the run ends here.
  func apply(_ products: ProductSync, isFull: Bool, _ session: any Session) throws -> Applied {
    let run = ProductSync.Run(feed: feed, lease: lease, today: fetch.today, isFull: isFull)
    let now = world.now()
    let asked = try Asked(connection.id, lease, scope, session)
    guard try asked.isHeld.get() else { throw SyncEngine.Superseded() }
    try keepRest(now, session)
    let (newlyLed, sources) = try keepAccounts(asked, now, session)
    let accounts = LedgerAccount.named(by: connection, among: sources)
    let hasNames = try asked.hasNames.get()
    // A bank that was read to its end from the beginning has named all it knows, unless it is not ready to.
    let isFull = fetched.isFromBeginning && hasNames && fetched.progress != .notReady
    var update = Update(
      connection: connection, scope: scope, now: now, fence: lease.fence, accounts: accounts, isFull: isFull,
      names: hasNames ? nil : NameFilter(names: fetched.told.rows),
      waiting: WaitingRows(try asked.waiting.get(), of: connection.id, now: now, world: world, scope),
      hasSplits: try asked.hasSplits.get(),
      judged: judging.map { JudgedRows($0) }, newID: { world.newID() },
      newQuestion: { world.newID() })
    try lookAhead(&update, session)
    try replay(&update, now, session)
    try applyPages(&update, isYoung: try asked.isYoung.get(), session)
    try settleLeftOvers(&update, newlyLed, now, session)
    try update.finish(world, session)
    let due = try products.askForDue(run, session)
    let outcome = try finish(update, now, session)
    let isWhole = try due.get().isEmpty
    if isWhole { try Connections.release(lease, scope, session) }
    return Applied(outcome: outcome, isWhole: isWhole)
  }

  /// The pages that nobody has written yet.
  private func keepRest(_ now: Timestamp, _ session: any Session) throws {
    guard !fetched.rest.isEmpty else { return }
    try SyncRuns.spool(fetched.rest, run: run, from: fetched.spooled, now: now, scope, session)
  }

  /// Pages that are read while earlier ones are applied: enough that neither waits, few enough for memory.
  private static let pagesAhead = 2

  private func packedPage(_ position: Int, _ session: any Session) throws -> [UInt8] {
    let place = position - fetched.spooled
    if fetched.rest.indices.contains(place) { return fetched.rest[place] }
    guard let packed = try SyncRuns.packedPage(position, of: run, scope, session) else {
      throw DatabaseError(kind: .programmer, message: "page \(position) of the run is missing")
    }
    return packed
  }

  /// Shows the rows of some pages in their order. Where there are several they are unpacked and read on another thread.
  private func forEachPage(
    _ positions: some Collection<Int>, _ session: any Session, _ body: (Int, FeedRows) throws -> Void
  ) throws {
    let rows = feed.rows
    if positions.count == 1, let only = positions.first {
      return try body(only, try rows(SyncRuns.unpack(try packedPage(only, session))))
    }
    var waiting: [(position: Int, rows: Ahead<FeedRows>)] = []
    var next = positions.makeIterator()
    while true {
      while waiting.count < Self.pagesAhead, let position = next.next() {
        let packed = try packedPage(position, session)
        waiting.append((position, Ahead { try rows(SyncRuns.unpack(packed)) }))
      }
      guard !waiting.isEmpty else { return }
      let (position, page) = waiting.removeFirst()
      try body(position, try page.get())
    }
  }

  /// Which names go in this run, before anything is applied: a row that comes may take the place of one that goes later.
  private func lookAhead(_ update: inout Update, _ session: any Session) throws {
    try forEachPage(fetched.removing, session) { update.leaving.formUnion($1.removals) }
    guard update.isFull else { return }
    var unlisted = update.waiting.names
    try forEachPage(0..<fetched.pages, session) { _, rows in
      for row in rows.upserts {
        guard let name = row.name else { continue }
        try TransactionSources.see(name, connection.id, fence: lease.fence, scope, session)
        unlisted.remove(name)
      }
    }
    for name in unlisted { try update.waiting.heard(of: name, session) }
  }

  /// What waited in quarantine and can be applied now, before the pages: they are later words.
  private func replay(_ update: inout Update, _ now: Timestamp, _ session: any Session) throws {
    #if MUTANTS
      if Mutant.isOn(.forgetReplay) { return }
    #endif
    guard let newest = update.waiting.newest else { return }
    let currencies = update.accounts.mapValues(\.currency)
    var replayed = update
    _ = try Replay.run(connection.id, to: newest, accounts: currencies, feed: feed, now: now, scope, session) { row in
      try replayed.upsert(row.transaction, raw: { row.raw }, session)
    }
    update = replayed
  }

  private func applyPages(_ update: inout Update, isYoung: Bool, _ session: any Session) throws {
    var told = fetched.told
    told.rows = 0
    var isYoung = isYoung
    try forEachPage(0..<fetched.pages, session) { position, rows in
      #if MUTANTS
        var rows = rows
        if Mutant.isOn(.loseRemovalAcrossPages), position > 0 { rows.removals = [] }
      #endif
      try update.apply(rows, session)
      told.rows += rows.upserts.count + rows.removals.count
      if isYoung, told.rows >= Statistics.rowsMin {
        isYoung = false
        try Statistics.look(session)
      }
      fetch.progress(told)
    }
    guard update.isFull else { return }
    #if MUTANTS
      if Mutant.isOn(.keepUnlistedRows) { return }
    #endif
    let unseen = try TransactionSources.unseen(before: lease.fence, connection.id, scope, session)
    // Nothing at all where there was a history is more likely a fault than a truth.
    guard told.rows > 0 || unseen.count < Self.emptyReadingMax else {
      throw FeedError.retry(
        FeedFault(type: "MAGPIE", code: "EMPTY_READING", message: "the bank listed nothing where it had a history"))
    }
    for id in unseen { try update.remove(id, session) }
  }

  /// - Returns: The accounts that this connection leads from now on, and all names of accounts as they are now.
  /// - Throws: ``SyncEngine/NeedsFullReading`` when rows of an account have other names now, and only changes were read.
  private func keepAccounts(
    _ asked: Asked, _ now: Timestamp, _ session: any Session
  ) throws -> (newlyLed: Set<ID<Account>>, sources: [AccountSource]) {
    var sources = try asked.sources.get()
    var newlyLed = try takeTheLead(among: sources, session)
    if !newlyLed.isEmpty { sources = try Accounts.sources(scope, session) }
    var unreadable = fetched.accounts.unreadable
    let plan = AccountPlan(fetched.accounts.accounts, of: connection, among: sources)
    for (account, match) in plan.matches {
      let id = match.account ?? world.newID()
      switch match {
      case .known: try Accounts.see(account, connection.id, now: now, scope, session)
      case .new:
        try Accounts.insert(account, as: id, connection, now: now, scope, session)
        try Accounts.name(id, account, isMuted: false, connection.id, now: now, scope, session)
        let body = "{\"connection\":\"\(connection.id)\",\"ids\":[\"\(id)\"]}"
        try Events.append([NewEvent(kind: "account.added", body: body, account: id)], now: now, scope, session)
      case .joint:
        try Accounts.name(id, account, isMuted: true, connection.id, now: now, scope, session)
      case .renamed, .adopted:
        if !fetched.isFromBeginning { throw SyncEngine.NeedsFullReading() }
        try Accounts.name(id, account, isMuted: false, connection.id, now: now, scope, session)
        try Accounts.lead(id, connection.id, scope, session)
        newlyLed.insert(id)
      }
      // Names of accounts that were known have not changed.
      if match.isNews { sources = try Accounts.sources(scope, session) }
      guard isLed(id, among: sources) else { continue }
      do {
        let isOther = try Accounts.refresh(id, account, day: fetch.today, now: now, scope, session)
        // One that is new was told of just now.
        if isOther, match != .new {
          try Events.append([Accounts.changed(id, of: connection.id)], now: now, scope, session)
        }
      } catch is MoneyError {
        unreadable.append(
          FeedUnreadable(id: account.id, reason: "the balance is too large to count", raw: account.rest ?? "{}"))
      }
    }
    _ = try Quarantine.replace(
      .accounts, with: unreadable, connection.id, unsettled: asked.unreadable, newID: { world.newID() }, now: now,
      scope,
      session)
    for id in plan.missing { try Accounts.miss(id, now: now, scope, session) }
    try Connections.describe(
      connection.id, institutionID: fetched.accounts.institutionID, institutionName: fetched.accounts.institutionName,
      consentExpiresAt: fetched.accounts.consentExpiresAt, scope, session)
    return (newlyLed, sources)
  }

  private func isLed(_ id: ID<Account>, among sources: [AccountSource]) -> Bool {
    sources.contains {
      $0.account == id && $0.connection == connection.id && !$0.isMuted
    }
  }

  /// Joint accounts whose leading connection has ended are ours to lead from now on.
  private func takeTheLead(among sources: [AccountSource], _ session: any Session) throws -> Set<ID<Account>> {
    var newlyLed: Set<ID<Account>> = []
    for own in sources where own.connection == connection.id && own.isMuted {
      let isLed = sources.contains { $0.account == own.account && !$0.isMuted && $0.state.isLiving }
      if isLed { continue }
      if !fetched.isFromBeginning { throw SyncEngine.NeedsFullReading() }
      try Accounts.lead(own.account, connection.id, scope, session)
      newlyLed.insert(own.account)
    }
    return newlyLed
  }

  /// When all of its history is here, what an earlier connection knew and this one did not send becomes a question.
  private func settleLeftOvers(
    _ update: inout Update, _ newlyLed: Set<ID<Account>>, _ now: Timestamp, _ session: any Session
  ) throws {
    guard fetched.progress == .historical else { return }
    let isHistoryNew = connection.progress != .historical
    for account in update.accounts.values where !account.isMuted && (isHistoryNew || newlyLed.contains(account.id)) {
      guard let through = account.knownThrough,
        let from = try TransactionSources.oldest(account.id, connection.id, scope, session)
      else { continue }
      for row in try Transactions.leftOver(
        account.id, from: from, through: through, by: connection.id, scope, session)
      {
        // A bank that lists everything and not this pending row has let it go.
        if row.isPending {
          try update.retire(row.id, session)
        } else {
          try Inbox.ask(.leftOverRow, about: row.id, id: world.newID(), now: now, scope, session)
        }
      }
    }
  }

  private func finish(_ update: Update, _ now: Timestamp, _ session: any Session) throws -> SyncOutcome {
    var counts = update.counts
    counts.pages = fetched.pages
    counts.restarts = fetched.restarts
    try ConnectionKeeping.note(.synced(fetched.progress), connection.id, now: now, world, scope, session)
    try Connections.advance(
      connection.id, to: fetched.cursor, progress: fetched.progress, now: now, scope, session)
    let isReady = fetched.progress != .notReady
    try SyncRuns.finish(run, counts, outcome: isReady ? "applied" : "not_ready", now: now, scope, session)
    var events = fetched.rest.isEmpty ? [] : [fetch.progressed(fetched.told)]
    events += update.touched.events(of: connection.id, run: run)
    events.append(
      NewEvent(
        kind: "sync.finished",
        body:
          "{\"connection\":\"\(connection.id)\",\"run\":\"\(run)\",\"outcome\":\"\(isReady ? "applied" : "not_ready")\","
          + "\"rows\":\(counts.rows)}",
        connection: connection.id))
    try Events.append(events, now: now, scope, session)
    return isReady ? .applied(counts) : .notReady
  }
}
