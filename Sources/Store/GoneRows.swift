package import Basics
package import Databases
package import Finance

extension Transactions {
  /// Rows of a connection that the bank took back since a moment, newest day first: what a full reading tombstoned.
  package static func gone(
    since: Timestamp, _ connection: ID<Connection>, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [ListedTransaction] {
    let ids: SQL = """
      SELECT s.transaction_id FROM transaction_source s
      WHERE s.household_id = \(scope.household) AND s.connection_id = \(connection) AND s.removed_at >= \(since)
      """
    let day = TransactionQuestion.effectiveDay
    return try session.query(
      """
      SELECT \(ListedTransaction.columns(day: day))
      FROM bank_transaction t \(ListedTransaction.overlay) \(ListedTransaction.joins)
      WHERE t.household_id = \(scope.household) AND t.is_gone = 1 AND t.id IN (\(ids))
        \(Visibility.rows(scope, "t.account_id"))
      ORDER BY day DESC, id DESC LIMIT \(limit)
      """
    ) { try ListedTransaction($0) }
  }
}
