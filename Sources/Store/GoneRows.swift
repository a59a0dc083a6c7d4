package import Basics
package import Databases
package import Finance

extension Transactions {
  /// Rows of a connection that the bank took back since a moment, newest day first: what a full reading tombstoned.
  package static func gone(
    since: Timestamp, _ connection: ID<Connection>, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [StoredTransaction] {
    let ids: SQL = """
      SELECT s.transaction_id FROM transaction_source s
      WHERE s.household_id = \(scope.household) AND s.connection_id = \(connection) AND s.removed_at >= \(since)
      """
    return try session.query(
      """
      SELECT t.id, t.account_id, t.is_pending, t.amount_minor, t.currency, t.exact, t.booked_on, t.occurred_on,
        COALESCE(o.name, t.name), t.merchant_name, t.category_primary, t.category_detailed, t.flow, o.notes
      FROM bank_transaction t
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      WHERE t.household_id = \(scope.household) AND t.is_gone = 1 AND t.id IN (\(ids))
        \(Visibility.rows(scope, "t.account_id"))
      ORDER BY t.occurred_on DESC, t.id DESC LIMIT \(limit)
      """
    ) { row in
      StoredTransaction(
        id: try row(0), account: try row(1), isPending: try row(2),
        amount: Money(minorUnits: try row(3), try row(4)), exact: try row(5), bookedOn: try row(6),
        occurredOn: try row(7), name: try row(8), merchantName: try row(9), categoryPrimary: try row(10),
        categoryDetailed: try row(11), flow: FlowKind(rawValue: try row(12)) ?? .expense, notes: try row(13))
    }
  }
}
