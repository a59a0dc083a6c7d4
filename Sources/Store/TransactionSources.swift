package import Basics
package import Databases
package import Finance

/// What a bank calls one of our transactions: never overwritten by another name, never deleted.
package struct TransactionSource: Sendable, Equatable {
  package var providerID: String
  package var transaction: ID<Transaction>
  package var isPending: Bool
  package var isRemoved: Bool
  package var amountMinor: Int64
  package var bookedOn: CalendarDate
  package var connection: ID<Connection>
  /// The fence of the last run that saw it: a number that only grows, unlike a clock.
  package var seenFence: Int64
  /// The amount as sent, when it has more decimals than the currency.
  package var exact: String?
}

/// What of a bank's row its name keeps, with what a run knows about it.
package struct SourcedRow: Sendable {
  package var id: String
  package var pendingID: String?
  package var isPending: Bool
  package var bookedOn: CalendarDate
  package var minor: Int64
  package var exact: DecimalText?
  package var connection: ID<Connection>
  package var fence: Int64
  package var now: Timestamp

  package init(
    feed: FeedTransaction, minor: Int64, exact: DecimalText?, connection: ID<Connection>, fence: Int64, now: Timestamp
  ) {
    id = feed.id
    pendingID = feed.pendingID
    isPending = feed.isPending
    bookedOn = feed.bookedOn
    self.minor = minor
    self.exact = exact
    self.connection = connection
    self.fence = fence
    self.now = now
  }
}

/// The names that banks have given our transactions.
package enum TransactionSources {
  private static let byName = PreparedSQL(
    """
    SELECT provider_id, transaction_id, is_pending, removed_at, amount_minor, booked_on,
      connection_id, seen_fence, exact
    FROM transaction_source WHERE household_id = ? AND connection_id = ? AND provider_id = ?
    """)
  private static let byPendingName = PreparedSQL(
    """
    SELECT provider_id, transaction_id, is_pending, removed_at, amount_minor, booked_on,
      connection_id, seen_fence, exact
    FROM transaction_source WHERE household_id = ? AND connection_id = ? AND pending_id = ?
    """)
  private static let byTransaction = PreparedSQL(
    """
    SELECT provider_id, transaction_id, is_pending, removed_at, amount_minor, booked_on,
      connection_id, seen_fence, exact
    FROM transaction_source WHERE household_id = ? AND transaction_id = ? ORDER BY seen_from, provider_id
    """)
  /// Whoever keeps a name has looked for it first, so none comes twice between two readings.
  private static let keeping = PreparedSQL(
    together: """
      INSERT INTO transaction_source (household_id, connection_id, provider_id, transaction_id, is_pending, pending_id,
        seen_from, seen_to, seen_fence, amount_minor, exact, booked_on)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (household_id, connection_id, provider_id) DO UPDATE SET is_pending = excluded.is_pending,
        pending_id = COALESCE(excluded.pending_id, transaction_source.pending_id), seen_to = excluded.seen_to,
        removed_at = NULL, seen_fence = excluded.seen_fence, amount_minor = excluded.amount_minor, exact = excluded.exact,
        booked_on = excluded.booked_on
      """, turn: 2)
  private static let seeing = PreparedSQL(
    "UPDATE transaction_source SET seen_fence = ? WHERE household_id = ? AND connection_id = ? AND provider_id = ?")

  package static func find(
    _ providerID: String, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> TransactionSource? {
    try session.first(
      byName,
      { binder in
        binder.bind(scope.household)
        binder.bind(connection)
        binder.bind(providerID)
      }, make)
  }

  /// The row that says it replaces `pendingID`: it may arrive before the pending row does.
  package static func replacing(
    _ pendingID: String, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> TransactionSource? {
    let found = try session.query(
      byPendingName,
      { binder in
        binder.bind(scope.household)
        binder.bind(connection)
        binder.bind(pendingID)
      }, make)
    if found.isEmpty { return nil }
    // Two that claim the same pending row tie: neither is merged.
    let transactions = Set(found.map(\.transaction))
    return transactions.count == 1 ? found.first : nil
  }

  /// Every name of a transaction, oldest first.
  package static func of(
    _ transaction: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> [TransactionSource] {
    try session.query(
      byTransaction,
      { binder in
        binder.bind(scope.household)
        binder.bind(transaction)
      }, make)
  }

  private static func make(_ row: borrowing Row) throws -> TransactionSource {
    TransactionSource(
      providerID: try row(0), transaction: try row(1), isPending: try row(2),
      isRemoved: try row(3, as: Int64?.self) != nil, amountMinor: try row(4), bookedOn: try row(5),
      connection: try row(6), seenFence: try row(7), exact: try row(8))
  }

  /// Keeps what the bank calls a transaction, and that it called it so under this run.
  package static func keep(
    _ row: SourcedRow, as transaction: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.post(keeping) { binder in
      binder.bind(scope.household)
      binder.bind(row.connection)
      binder.bind(row.id)
      binder.bind(transaction)
      binder.bind(row.isPending)
      binder.bind(row.pendingID)
      binder.bind(row.now)
      binder.bind(row.now)
      binder.bind(row.fence)
      binder.bind(row.minor)
      binder.bind(row.exact)
      binder.bind(row.bookedOn)
    }
  }

  #if MUTANTS
    package static func forget(
      _ providerID: String, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
    ) throws {
      try session.execute(
        """
        DELETE FROM transaction_source
        WHERE household_id = \(scope.household) AND connection_id = \(connection) AND provider_id = \(providerID)
        """)
    }
  #endif

  package static func remove(
    _ providerID: String, _ connection: ID<Connection>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE transaction_source SET removed_at = \(now)
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND provider_id = \(providerID)
      """)
  }

  /// Notes that a full reading lists this name, before its rows are applied.
  package static func see(
    _ providerID: String, _ connection: ID<Connection>, fence: Int64, _ scope: Scope, _ session: any Session
  ) throws {
    try session.post(seeing) { binder in
      binder.bind(fence)
      binder.bind(scope.household)
      binder.bind(connection)
      binder.bind(providerID)
    }
  }

  /// The names that the full reading under `fence` did not mention: the bank no longer lists them.
  package static func unseen(
    before fence: Int64, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> [String] {
    try session.query(
      """
      SELECT provider_id FROM transaction_source
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND removed_at IS NULL
        AND seen_fence < \(fence)
      """
    ) { try $0(0) }
  }

  /// Whether this connection has named anything yet. When not, nothing needs to be looked up.
  package static func askWhetherAny(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Later<Bool> {
    try session.askFirst(
      """
      SELECT 1 FROM transaction_source
      WHERE household_id = \(scope.household) AND connection_id = \(connection) LIMIT 1
      """
    ) { try $0(0, as: Int64.self) }.map { $0 != nil }
  }

  /// The earliest booked day of what a connection named in an account.
  package static func oldest(
    _ account: ID<Account>, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> CalendarDate? {
    try session.first(
      """
      SELECT MIN(s.booked_on) FROM transaction_source s
      JOIN bank_transaction t ON t.household_id = s.household_id AND t.id = s.transaction_id
      WHERE s.household_id = \(scope.household) AND s.connection_id = \(connection) AND t.account_id = \(account)
      """
    ) { try $0(0, as: CalendarDate?.self) } ?? nil
  }
}
