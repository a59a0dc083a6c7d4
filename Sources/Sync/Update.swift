import Basics
import Databases
import Finance
import Store

/// Applies what a bank said to the ledger, inside one write transaction and in the bank's own order.
///
/// Pages are applied one after the other, so the last word on a row wins without keeping rows in memory. A row is
/// found by its names: its own id, the pending row it replaces, or the row that already said it replaces this one.
struct Update {
  let connection: StoredConnection
  let scope: Scope
  let now: Timestamp
  let fence: Int64
  let accounts: [String: LedgerAccount]
  let newID: () -> ID<Transaction>
  let newQuestion: () -> ID<Question>
  /// Rows stand in parts: those that the bank changes are looked at for it.
  let hasSplits: Bool
  /// A full reading: names not seen under this run's fence are leaving.
  let isFull: Bool
  /// Ids that this run removes: a name about to go does not stand in the way of the one that follows it.
  var leaving: Set<String> = []
  /// Where all names of the connection were given in this run, which ones those may be; nil = look them all up.
  let names: NameFilter?
  /// Names under which rows wait in quarantine.
  var waiting: WaitingRows
  private(set) var counts = RunCounts()
  private(set) var touched = Touched()
  private var totals = TotalUpkeep()
  private var isAnyMuted: Bool
  /// Says what rows are, when somebody does.
  private var judged: JudgedRows?

  init(
    connection: StoredConnection, scope: Scope, now: Timestamp, fence: Int64, accounts: [String: LedgerAccount],
    isFull: Bool, names: NameFilter?, waiting: WaitingRows, hasSplits: Bool, judged: JudgedRows? = nil,
    newID: @escaping () -> ID<Transaction>, newQuestion: @escaping () -> ID<Question>
  ) {
    self.connection = connection
    self.scope = scope
    self.now = now
    self.fence = fence
    self.accounts = accounts
    self.isFull = isFull
    self.names = names
    self.newID = newID
    self.newQuestion = newQuestion
    self.hasSplits = hasSplits
    self.waiting = waiting
    self.judged = judged
    isAnyMuted = accounts.values.contains(where: \.isMuted)
    #if MUTANTS
      if Mutant.isOn(.countJointTwice) { isAnyMuted = false }
    #endif
  }

  /// Upserts first, then removals: a page that posts a pending row adds the one and removes the other.
  mutating func apply(_ rows: FeedRows, _ session: any Session) throws {
    for (index, row) in rows.upserts.enumerated() {
      counts.rows += 1
      switch row {
      case .transaction(let feed): try upsert(feed, raw: { rows.raw(index) }, session)
      case .unreadable(let row): try quarantine(row, session)
      }
    }
    for id in rows.removals { try remove(id, session) }
  }

  /// Puts together what belongs together, and writes what was gathered beside the rows. To be called once, at the end.
  mutating func finish(_ world: World, _ session: any Session) throws {
    for row in try judged?.pair(&totals, world, scope, session) ?? [] {
      touched.note(row.id, row.account, row.day, .changed)
    }
    try totals.write(scope, session)
    try judged?.writeDeeds(world, scope, session)
  }

  private mutating func quarantine(_ row: FeedUnreadable, _ session: any Session) throws {
    #if MUTANTS
      if Mutant.isOn(.dropUnreadableRows) { return }
    #endif
    if try waiting.keep(row, session) { counts.quarantined += 1 }
  }

  /// - Parameter raw: The row as the bank sent it; asked for only when it has to wait.
  mutating func upsert(_ feed: FeedTransaction, raw: () -> String, _ session: any Session) throws {
    func waits(_ reason: String) -> FeedUnreadable {
      FeedUnreadable(id: feed.id, reason: reason, raw: raw(), accountID: feed.accountID)
    }
    guard let account = accounts[feed.accountID] else {
      return try quarantine(waits("the bank never listed this row's account"), session)
    }
    if account.isMuted && isAnyMuted { return }
    var feed = feed
    if account.isTurned { feed.amount = -feed.amount }
    guard let (amount, exact) = rounded(feed, account) else {
      return try quarantine(waits("the amount is too large to count"), session)
    }
    #if MUTANTS
      if Mutant.isOn(.quarantineThirdDecimal), exact != nil { return try quarantine(waits("too precise"), session) }
    #endif
    try waiting.heard(of: feed.id, session)
    let identity = Identity(self, session)
    let known = try identity.transaction(for: feed, account, amount)
    let row = SourcedRow(
      feed: feed, minor: amount.minorUnits, exact: exact, connection: connection.id, fence: fence, now: now)
    guard let id = known else {
      let id = newID()
      try Transactions.insert(
        id, feed, account: account.place, amount: amount, exact: exact, origin: connection.origin, now: now, scope,
        session)
      try keep(row, as: id, session)
      counts.added += 1
      counts.oldest = min(counts.oldest ?? feed.bookedOn, feed.bookedOn)
      touched.note(id, account.id, feed.bookedOn, .added)
      var counted = Transactions.counted(feed, account: account.place, amount: amount)
      let said = try judged?.keep(
        JudgedRow(id, feed, account.place, amount), isNew: true, now: now, scope, session)
      if let said { (counted.key.category, counted.key.flow) = said }
      judged?.note(counted.key.day)
      return try totals.move(from: nil, to: counted, scope, session)
    }
    if try identity.isFollowed(feed, id) {
      // A posted row leads; the pending one's later words change only its own name.
      return try keep(row, as: id, session)
    }
    #if MUTANTS
      if Mutant.isOn(.dropModified), try TransactionSources.find(feed.id, connection.id, scope, session) != nil {
        return
      }
      if Mutant.isOn(.reviveDeleted) { try Overlays.write([.isDeleted(false)], on: id, now: now, scope, session) }
    #endif
    let before = try TotalUpkeep.counted(id, scope, session)
    try Transactions.replace(
      id, feed, account: account.place, amount: amount, exact: exact, now: now, scope, session)
    try refit(id, session)
    _ = try judged?.keep(JudgedRow(id, feed, account.place, amount), isNew: false, now: now, scope, session)
    try keep(row, as: id, session)
    #if MUTANTS
      if Mutant.isOn(.overwriteSources), let old = feed.pendingID {
        try TransactionSources.forget(old, connection.id, scope, session)
      }
    #endif
    counts.changed += 1
    counts.oldest = min(counts.oldest ?? feed.bookedOn, feed.bookedOn)
    touched.note(id, account.id, feed.bookedOn, .changed)
    let after = try TotalUpkeep.counted(id, scope, session)
    for counted in [before, after].compactMap(\.self) { judged?.note(counted.key.day) }
    try totals.move(from: before, to: after, scope, session)
  }

  private func keep(_ row: SourcedRow, as id: ID<Transaction>, _ session: any Session) throws {
    names?.note(row.id)
    if let pendingID = row.pendingID { names?.note(pendingID) }
    try TransactionSources.keep(row, as: id, scope, session)
  }

  /// The amount in minor units; nil when sums over such rows could run over.
  private func rounded(_ feed: FeedTransaction, _ account: LedgerAccount) -> (Money, DecimalText?)? {
    var currency = feed.currency ?? account.currency
    #if MUTANTS
      if Mutant.isOn(.assumeDollars) { currency = feed.currency ?? .usd }
    #endif
    guard let (money, exact) = try? Money.rounding(feed.amount, currency),
      money.minorUnits.magnitude <= Limits.rowMinorUnitsMax
    else { return nil }
    #if MUTANTS
      if Mutant.isOn(.turnSign), !feed.isPending { return (Money(minorUnits: -money.minorUnits, currency), exact) }
      if Mutant.isOn(.forgetExactText) { return (money, nil) }
    #endif
    currency = money.currency
    return (money, exact)
  }

  /// Undone by the bank when it sends the row again; what people wrote on it is not touched.
  mutating func remove(_ providerID: String, _ session: any Session) throws {
    try waiting.heard(of: providerID, session)
    guard names?.mayHold(providerID) ?? true,
      let source = try TransactionSources.find(providerID, connection.id, scope, session),
      !source.isRemoved
    else { return }
    try TransactionSources.remove(providerID, connection.id, now: now, scope, session)
    let before = try TotalUpkeep.counted(source.transaction, scope, session)
    if isAnyMuted, try isMuted(source.transaction, session) { return }
    counts.removed += 1
    // Names that another connection once gave do not keep a row alive which the leading one has taken back.
    let living = try TransactionSources.of(source.transaction, scope, session).filter {
      !$0.isRemoved && $0.connection == connection.id
    }
    if let leading = living.last(where: { !$0.isPending }) ?? living.last {
      // A pending row that goes because it posted changes nothing on the posted one.
      if source.isPending && !leading.isPending { return }
      #if MUTANTS
        if Mutant.isOn(.postedRemovedTakesPending) {
          try Transactions.markGone(source.transaction, now: now, scope, session)
        } else {
          try Transactions.fallBack(to: leading, now: now, scope, session)
        }
      #else
        try Transactions.fallBack(to: leading, now: now, scope, session)
      #endif
      try refit(source.transaction, session)
    } else {
      try Transactions.markGone(source.transaction, now: now, scope, session)
    }
    if let before {
      touched.note(source.transaction, before.key.account, before.key.day, .removed)
      judged?.note(before.key.day)
    }
    #if MUTANTS
      if Mutant.isOn(.forgetTotalsOfRemoved) { return }
    #endif
    try totals.move(
      from: before, to: try TotalUpkeep.counted(source.transaction, scope, session), scope, session)
  }

  /// Takes away a pending row that no living name stands for any more.
  mutating func retire(_ id: ID<Transaction>, _ session: any Session) throws {
    let before = try TotalUpkeep.counted(id, scope, session)
    try Transactions.markGone(id, now: now, scope, session)
    counts.removed += 1
    if let before { judged?.note(before.key.day) }
    try totals.move(from: before, to: nil, scope, session)
  }

  /// The parts of a row keep coming to its amount, which the bank may just have changed.
  private func refit(_ id: ID<Transaction>, _ session: any Session) throws {
    guard hasSplits else { return }
    try Splits.follow(id, newID: newQuestion, now: now, scope, session)
  }

  private func isMuted(_ id: ID<Transaction>, _ session: any Session) throws -> Bool {
    guard let account = try Transactions.account(of: id, scope, session) else { return false }
    return accounts.values.contains { $0.id == account && $0.isMuted }
  }
}

extension FeedRow {
  /// What the bank calls it, when at least that could be read.
  var name: String? {
    switch self {
    case .transaction(let feed): feed.id
    case .unreadable(let row): row.id
    }
  }
}
