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
}

/// The names that banks have given our transactions.
package enum TransactionSources {
  package static func find(
    _ providerID: String, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> TransactionSource? {
    try session.first(
      """
      SELECT provider_id, transaction_id, is_pending, removed_at, amount_minor, booked_on FROM transaction_source
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND provider_id = \(providerID)
      """, make)
  }

  /// The row that says it replaces `pendingID`: it may arrive before the pending row does.
  package static func replacing(
    _ pendingID: String, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> TransactionSource? {
    let found = try session.query(
      """
      SELECT provider_id, transaction_id, is_pending, removed_at, amount_minor, booked_on FROM transaction_source
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND pending_id = \(pendingID)
      """, make)
    // Two that claim the same pending row tie: neither is merged.
    let transactions = Set(found.map(\.transaction))
    return transactions.count == 1 ? found.first : nil
  }

  /// Every name of a transaction, oldest first.
  package static func of(
    _ transaction: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> [TransactionSource] {
    try session.query(
      """
      SELECT provider_id, transaction_id, is_pending, removed_at, amount_minor, booked_on FROM transaction_source
      WHERE household_id = \(scope.household) AND transaction_id = \(transaction) ORDER BY seen_from, provider_id
      """, make)
  }

  private static func make(_ row: borrowing Row) throws -> TransactionSource {
    TransactionSource(
      providerID: try row(0), transaction: try row(1), isPending: try row(2),
      isRemoved: try row(3, as: Int64?.self) != nil, amountMinor: try row(4), bookedOn: try row(5))
  }

  package static func keep(
    _ feed: FeedTransaction, minor: Int64, transaction: ID<Transaction>, _ connection: ID<Connection>, now: Timestamp,
    _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO transaction_source (household_id, connection_id, provider_id, transaction_id, is_pending, pending_id,
        seen_from, seen_to, amount_minor, booked_on)
      VALUES (\(scope.household), \(connection), \(feed.id), \(transaction), \(feed.isPending), \(feed.pendingID),
        \(now), \(now), \(minor), \(feed.bookedOn))
      ON CONFLICT (household_id, connection_id, provider_id) DO UPDATE SET is_pending = excluded.is_pending,
        pending_id = COALESCE(excluded.pending_id, pending_id), seen_to = excluded.seen_to, removed_at = NULL,
        amount_minor = excluded.amount_minor, booked_on = excluded.booked_on
      """)
  }

  package static func remove(
    _ providerID: String, _ connection: ID<Connection>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE transaction_source SET removed_at = \(now)
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND provider_id = \(providerID)
      """)
  }

  /// The names that a full reading did not mention: the bank no longer lists them.
  package static func unseen(
    since mark: Timestamp, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> [String] {
    try session.query(
      """
      SELECT provider_id FROM transaction_source
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND removed_at IS NULL
        AND seen_to < \(mark)
      """
    ) { try $0(0) }
  }
}
