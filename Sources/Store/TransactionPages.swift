package import Basics
package import Databases
package import Finance

/// Which transactions a reader wants. Nothing set means all.
package struct TransactionFilter: Sendable, Equatable {
  package var accounts: [ID<Account>] = []
  /// Occurred days, both included.
  package var from: CalendarDate?
  package var to: CalendarDate?
  package var isPending: Bool?
  package init() {}
}

/// The place of a transaction in the list: the newest day first, and within a day the newest row.
package struct TransactionPosition: Sendable, Equatable {
  package var occurredOn: CalendarDate
  package var id: ID<Transaction>

  package init(occurredOn: CalendarDate, id: ID<Transaction>) {
    self.occurredOn = occurredOn
    self.id = id
  }
}

/// A transaction as a list shows it: the bank's words under what a person wrote.
package struct ListedTransaction: Sendable, Equatable {
  package var id: ID<Transaction>
  package var account: ID<Account>
  package var isPending: Bool
  package var amount: Money
  /// The bank's own digits where they are finer than the minor unit.
  package var exact: String?
  package var bookedOn: CalendarDate
  package var occurredOn: CalendarDate
  package var name: String
  package var originalDescription: String?
  package var merchantName: String?
  package var paymentChannel: String?
  package var categoryPrimary: String?
  package var categoryDetailed: String?
  package var flow: String
  package var notes: String?
  package var origin: String

  package var position: TransactionPosition { TransactionPosition(occurredOn: occurredOn, id: id) }
}

/// Pages of the ledger that stay put while rows come and go: a page begins after a row, not after a number of rows.
extension Transactions {
  /// - Parameter after: The last row of the page before.
  package static func list(
    _ filter: TransactionFilter, after: TransactionPosition?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [ListedTransaction] {
    // Rows whose day a person has moved are few and have no index of that day; the others come in the index's order.
    let moved = part(day: "o.occurred_on", isMoved: true, filter, after, limit, scope)
    let others = part(day: "t.occurred_on", isMoved: false, filter, after, limit, scope)
    return try session.query(
      """
      SELECT * FROM (\(others)) AS others UNION ALL SELECT * FROM (\(moved)) AS moved
      ORDER BY day DESC, id DESC LIMIT \(limit)
      """
    ) { row in
      ListedTransaction(
        id: try row(0), account: try row(1), isPending: try row(2), amount: Money(minorUnits: try row(3), try row(4)),
        exact: try row(5), bookedOn: try row(6), occurredOn: try row(7), name: try row(8),
        originalDescription: try row(9), merchantName: try row(10), paymentChannel: try row(11),
        categoryPrimary: try row(12), categoryDetailed: try row(13), flow: try row(14), notes: try row(15),
        origin: try row(16))
    }
  }

  private static func part(
    day: SQL, isMoved: Bool, _ filter: TransactionFilter, _ after: TransactionPosition?, _ limit: Int, _ scope: Scope
  ) -> SQL {
    // CROSS tells SQLite to begin with the few overlays; left to itself it begins with all rows of an account.
    let tables: SQL =
      isMoved
      ? "transaction_overlay o CROSS JOIN bank_transaction t"
      : """
      bank_transaction t
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      """
    let overlaid: SQL =
      isMoved
      ? """
      o.household_id = \(scope.household) AND o.occurred_on IS NOT NULL AND o.household_id = t.household_id
      AND o.transaction_id = t.id
      """ : "o.occurred_on IS NULL"
    var conditions: SQL = """
      t.household_id = \(scope.household) AND t.is_gone = 0 AND o.deleted_at IS NULL AND \(overlaid)
        \(Visibility.rows(scope, "t.account_id"))
      """
    if !filter.accounts.isEmpty {
      conditions = "\(conditions) AND t.account_id IN \(list: filter.accounts.prefix(Limits.listMax))"
    }
    if let from = filter.from { conditions = "\(conditions) AND \(day) >= \(from)" }
    if let to = filter.to { conditions = "\(conditions) AND \(day) <= \(to)" }
    if let isPending = filter.isPending { conditions = "\(conditions) AND t.is_pending = \(isPending)" }
    if let after { conditions = "\(conditions) AND (\(day), t.id) < (\(after.occurredOn), \(after.id))" }
    return """
      SELECT t.id AS id, t.account_id, t.is_pending, t.amount_minor, t.currency, t.exact, t.booked_on, \(day) AS day,
        COALESCE(o.name, t.name), t.original_description, t.merchant_name, t.payment_channel, t.category_primary,
        t.category_detailed, t.flow, o.notes, t.origin
      FROM \(tables) WHERE \(conditions) ORDER BY \(day) DESC, t.id DESC LIMIT \(limit)
      """
  }
}
