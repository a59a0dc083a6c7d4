import Basics
import Databases
import Finance
import Store

/// Which of our transactions a bank's row is.
///
/// Sure signs only: the row's own id, the pending row it says it replaces, the row that said it replaces this one. A
/// likeness counts only where an account changed hands between connections, and there one for one.
struct Identity {
  private let session: any Session
  private let scope: Scope
  private let connection: ID<Connection>
  private let names: NameFilter?
  private let isFull: Bool
  private let fence: Int64
  private let now: Timestamp
  private let leaving: Set<String>

  /// Takes only what it needs: a second reference to the totals would copy them all with each row.
  init(_ update: borrowing Update, _ session: any Session) {
    self.session = session
    scope = update.scope
    connection = update.connection.id
    names = update.names
    isFull = update.isFull
    fence = update.fence
    now = update.now
    leaving = update.leaving
  }

  /// Nil when the row is new to us.
  func transaction(
    for feed: FeedTransaction, _ account: LedgerAccount, _ amount: Money
  ) throws -> ID<Transaction>? {
    if mayBeNamed(feed), let named = try byName(feed) { return named }
    #if MUTANTS
      if Mutant.isOn(.mergeTwins) {
        return try Transactions.alike(account.id, feed.bookedOn, amount, scope, session).first?.id
      }
    #endif
    guard let through = account.knownThrough, feed.bookedOn <= through else { return nil }
    return try byLikeness(feed, account, amount)
  }

  private func mayBeNamed(_ feed: FeedTransaction) -> Bool {
    guard let names else { return true }
    return names.mayHold(feed.id) || feed.pendingID.map { names.mayHold($0) } ?? false
  }

  private func byName(_ feed: FeedTransaction) throws -> ID<Transaction>? {
    if let own = try TransactionSources.find(feed.id, connection, scope, session) { return own.transaction }
    if let pendingID = feed.pendingID {
      #if MUTANTS
        if Mutant.isOn(.forgetPendingLink) { return nil }
      #endif
      let pending = try TransactionSources.find(pendingID, connection, scope, session)
      let earlier = try TransactionSources.replacing(pendingID, connection, scope, session)
      guard let transaction = pending?.transaction ?? earlier?.transaction else { return nil }
      // Another posted row already lives there and is not leaving: these are two payments, not one.
      let names = try TransactionSources.of(transaction, scope, session)
      return names.contains { !$0.isPending && isStaying($0) } ? nil : transaction
    }
    #if MUTANTS
      if Mutant.isOn(.forgetPostedBeforePending) { return nil }
    #endif
    return try TransactionSources.replacing(feed.id, connection, scope, session)?.transaction
  }

  /// The first row that looks the same and has no living name from this connection: of k such rows and n arriving ones
  /// the first k find one each, whatever the order, and the others are new.
  private func byLikeness(
    _ feed: FeedTransaction, _ account: LedgerAccount, _ amount: Money
  ) throws -> ID<Transaction>? {
    let words = Likeness.normalised(feed.originalDescription ?? feed.name)
    for row in try Transactions.alike(account.id, feed.bookedOn, amount, scope, session)
    where Likeness.normalised(row.originalDescription ?? row.name) == words {
      #if MUTANTS
        if Mutant.isOn(.relinkMergesTwins) { return row.id }
      #endif
      let names = try TransactionSources.of(row.id, scope, session)
      if names.contains(where: { isStaying($0) }) { continue }
      // The bank lists it after all.
      try Inbox.settle(.leftOverRow, about: row.id, now: now, scope, session)
      return row.id
    }
    return nil
  }

  /// Whether a name of this connection lives and will live after this run.
  private func isStaying(_ source: TransactionSource) -> Bool {
    guard source.connection == connection, !source.isRemoved else { return false }
    #if MUTANTS
      if Mutant.isOn(.forgetLeavingNames) { return true }
    #endif
    if isFull && source.seenFence < fence { return false }
    return !leaving.contains(source.providerID)
  }

  /// Whether a living posted row already leads this pending one's transaction.
  func isFollowed(_ feed: FeedTransaction, _ transaction: ID<Transaction>) throws -> Bool {
    guard feed.isPending else { return false }
    #if MUTANTS
      if Mutant.isOn(.pendingOverwritesPosted) { return false }
    #endif
    return try TransactionSources.of(transaction, scope, session).contains {
      !$0.isPending && !$0.isRemoved && $0.connection == connection && $0.providerID != feed.id
    }
  }
}
