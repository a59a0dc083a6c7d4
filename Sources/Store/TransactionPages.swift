package import Basics
package import Databases
package import Finance

/// Pages of the ledger that stay put while rows come and go: a page begins after a row, not after a number of rows.
extension Transactions {
  /// - Parameter after: The last row of the page before.
  package static func list(
    _ filter: TransactionFilter, order: TransactionOrder = .newest, after: TransactionPosition?, limit: Int,
    _ scope: Scope, _ session: any Session
  ) throws -> [ListedTransaction] {
    let question = TransactionQuestion(filter: filter, order: order, after: after, limit: limit, scope: scope)
    if let text = filter.text {
      return try TransactionSearch(question, words: FoldedText(text).words).answer(session)
    }
    return try question.answer(session)
  }

  /// One row, whoever deleted it; nil when there is none, or its bank took it back.
  package static func find(
    _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> ListedTransaction? {
    try session.first(
      """
      SELECT \(ListedTransaction.columns(day: "COALESCE(o.occurred_on, t.occurred_on)"))
      FROM bank_transaction t \(ListedTransaction.overlay) \(ListedTransaction.joins)
      WHERE t.household_id = \(scope.household) AND t.id = \(id) AND t.is_gone = 0\(Visibility.rows(scope, "t.account_id"))
      """
    ) { try ListedTransaction($0) }
  }

  /// The rows that a filter finds now, for a change of all of them. At most `max`, in the order of the list.
  package static func ids(
    _ filter: TransactionFilter, atMost max: Int, _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>] {
    try list(filter, after: nil, limit: max, scope, session).map(\.id)
  }
}

/// A page of a filter in an order.
struct TransactionQuestion {
  let filter: TransactionFilter
  let order: TransactionOrder
  let after: TransactionPosition?
  let limit: Int
  let scope: Scope

  static let effectiveDay: SQL = "COALESCE(o.occurred_on, t.occurred_on)"
  /// Accounts with up to so many rows are read whole: cheaper than passing by the rows of all others.
  private static let smallRows = 3_000

  var direction: SQL { order.isDescending ? "DESC" : "ASC" }

  func answer(_ session: any Session) throws -> [ListedTransaction] {
    let pending = filter.merchants.isEmpty ? [] : try Search.pending(scope, session)
    if order.isByAmount || !filter.tags.isEmpty || !filter.merchants.isEmpty {
      return try sorted(pending, session)
    }
    // Rows whose day a person has moved are few and have no index of that day; the others come in the index's order.
    let walksDays = try !isSmall(session)
    let moved = try part(isMoved: true, walksDays: true, session)
    let others = try part(isMoved: false, walksDays: walksDays, session)
    return try session.query(
      """
      SELECT * FROM (\(others)) AS others UNION ALL SELECT * FROM (\(moved)) AS moved
      ORDER BY day \(direction), id \(direction) LIMIT \(limit)
      """
    ) { try ListedTransaction($0) }
  }

  /// Rows that come after the last page's end.
  func following(day: SQL) -> SQL {
    guard let after else { return "" }
    let sign: SQL = order.isDescending ? "<" : ">"
    if order.isByAmount { return "AND (t.amount_minor, t.id) \(sign) (\(after.amountMinor), \(after.id))" }
    return "AND (\(day), t.id) \(sign) (\(after.occurredOn), \(after.id))"
  }

  /// No index has this order: what the filter finds is sorted.
  private func sorted(_ pending: [SQL], _ session: any Session) throws -> [ListedTransaction] {
    let day = Self.effectiveDay
    let key: SQL = order.isByAmount ? "amount_minor" : "day"
    return try session.query(
      """
      SELECT \(ListedTransaction.columns(day: day))
      FROM bank_transaction t \(ListedTransaction.overlay) \(ListedTransaction.joins)
      WHERE \(try filter.conditions(day: day, pending: pending, scope, session)) \(following(day: day))
      ORDER BY \(key) \(direction), id \(direction) LIMIT \(limit)
      """
    ) { try ListedTransaction($0) }
  }

  /// Whether the accounts asked for have so few rows that reading them all is the shorter way.
  private func isSmall(_ session: any Session) throws -> Bool {
    guard !filter.accounts.isEmpty else { return false }
    let rows = try session.first(
      """
      SELECT COUNT(*) FROM (
        SELECT 1 FROM bank_transaction WHERE household_id = \(scope.household)
          AND account_id IN \(list: filter.accounts.prefix(Limits.listMax)) LIMIT \(Self.smallRows + 1)) AS few
      """
    ) { try $0(0, as: Int.self) }
    return (rows ?? 0) <= Self.smallRows
  }

  private func part(isMoved: Bool, walksDays: Bool, _ session: any Session) throws -> SQL {
    // CROSS tells SQLite to begin with the few overlays; left to itself it begins with all rows of an account.
    let tables: SQL =
      isMoved
      ? "transaction_overlay o CROSS JOIN bank_transaction t" : "bank_transaction t \(ListedTransaction.overlay)"
    let overlaid: SQL =
      isMoved
      ? """
      o.household_id = \(scope.household) AND o.occurred_on IS NOT NULL AND o.household_id = t.household_id
      AND o.transaction_id = t.id
      """ : "o.occurred_on IS NULL"
    // A plus takes a column out of the index's hands: then the account's own index leads.
    let day: SQL = isMoved ? "o.occurred_on" : walksDays ? "t.occurred_on" : "+t.occurred_on"
    return """
      SELECT \(ListedTransaction.columns(day: day)) FROM \(tables) \(ListedTransaction.joins)
      WHERE \(try filter.conditions(day: day, pending: [], scope, session)) AND \(overlaid) \(following(day: day))
      ORDER BY \(day) \(direction), t.id \(direction) LIMIT \(limit)
      """
  }
}
