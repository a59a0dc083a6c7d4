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
  let newID: () -> ID<Transaction>
  let newRowID: () -> ID<SyncRun>
  /// Ids that this run removes: a name about to go does not stand in the way of the one that follows it.
  var leaving: Set<String> = []
  private(set) var counts = RunCounts()

  init(
    connection: StoredConnection, scope: Scope, now: Timestamp, newID: @escaping () -> ID<Transaction>,
    newRowID: @escaping () -> ID<SyncRun>
  ) {
    self.connection = connection
    self.scope = scope
    self.now = now
    self.newID = newID
    self.newRowID = newRowID
  }

  /// Upserts first, then removals: a page that posts a pending row adds the one and removes the other.
  mutating func apply(
    _ rows: FeedRows, accounts: [String: (id: ID<Account>, currency: Currency)], _ session: any Session
  ) throws {
    for row in rows.upserts {
      counts.rows += 1
      switch row {
      case .transaction(let feed): try upsert(feed, accounts, session)
      case .unreadable(let row): try quarantine(row, session)
      }
    }
    for id in rows.removals { try remove(id, session) }
  }

  private mutating func quarantine(_ row: FeedUnreadable, _ session: any Session) throws {
    counts.quarantined += 1
    try SyncRuns.quarantine(row, id: newRowID(), connection.id, now: now, scope, session)
  }

  private mutating func upsert(
    _ feed: FeedTransaction, _ accounts: [String: (id: ID<Account>, currency: Currency)], _ session: any Session
  ) throws {
    guard let account = accounts[feed.accountID] else {
      return try quarantine(
        FeedUnreadable(id: feed.id, reason: "the bank never listed this row's account", raw: feed.rest ?? "{}"), session
      )
    }
    let amount: Money
    let exact: DecimalText?
    do {
      (amount, exact) = try Money.rounding(feed.amount, feed.currency ?? account.currency)
    } catch {
      return try quarantine(
        FeedUnreadable(id: feed.id, reason: "the amount is too large to count", raw: feed.rest ?? "{}"), session)
    }
    let known = try transaction(for: feed, session)
    let id = known ?? newID()
    if let known, try isFollowed(feed, known, session) {
      // A posted row leads; the pending one's later words change only its own name.
      return try TransactionSources.keep(
        feed, minor: amount.minorUnits, transaction: known, connection.id, now: now, scope, session)
    }
    try Transactions.insert(
      id, feed, account: account.id, amount: amount, exact: exact, origin: connection.origin, now: now, scope, session)
    try TransactionSources.keep(
      feed, minor: amount.minorUnits, transaction: id, connection.id, now: now, scope, session)
    if known == nil { counts.added += 1 } else { counts.changed += 1 }
    counts.oldest = min(counts.oldest ?? feed.bookedOn, feed.bookedOn)
  }

  private func transaction(for feed: FeedTransaction, _ session: any Session) throws -> ID<Transaction>? {
    if let own = try TransactionSources.find(feed.id, connection.id, scope, session) { return own.transaction }
    if let pendingID = feed.pendingID {
      let pending = try TransactionSources.find(pendingID, connection.id, scope, session)
      let earlier = try TransactionSources.replacing(pendingID, connection.id, scope, session)
      guard let transaction = pending?.transaction ?? earlier?.transaction else { return nil }
      // Another posted row already lives there and is not leaving: these are two payments, not one.
      let living = try TransactionSources.of(transaction, scope, session).contains {
        !$0.isPending && !$0.isRemoved && !leaving.contains($0.providerID)
      }
      return living ? nil : transaction
    }
    return try TransactionSources.replacing(feed.id, connection.id, scope, session)?.transaction
  }

  /// Whether a living posted row already leads this pending one's transaction.
  private func isFollowed(
    _ feed: FeedTransaction, _ transaction: ID<Transaction>, _ session: any Session
  ) throws -> Bool {
    guard feed.isPending else { return false }
    return try TransactionSources.of(transaction, scope, session).contains {
      !$0.isPending && !$0.isRemoved && $0.providerID != feed.id
    }
  }

  /// Undone by the bank when it sends the row again; what people wrote on it is not touched.
  mutating func remove(_ providerID: String, _ session: any Session) throws {
    guard let source = try TransactionSources.find(providerID, connection.id, scope, session), !source.isRemoved else {
      return
    }
    try TransactionSources.remove(providerID, connection.id, now: now, scope, session)
    counts.removed += 1
    let living = try TransactionSources.of(source.transaction, scope, session).filter { !$0.isRemoved }
    guard let leading = living.last(where: { !$0.isPending }) ?? living.last else {
      return try Transactions.markGone(source.transaction, now: now, scope, session)
    }
    // A pending row that goes because it posted changes nothing on the posted one.
    if source.isPending && !leading.isPending { return }
    try Transactions.fallBack(to: leading, now: now, scope, session)
  }
}
