package import Basics
package import Databases
package import Finance

/// A row of an account, as whoever imports a file compares it.
package struct ComparedRow: Sendable, Equatable {
  package var id: ID<Transaction>
  package var bookedOn: CalendarDate
  package var amountMinor: Int64
  package var words: String
  /// Came with a file.
  package var isImported: Bool
  /// What that file called it.
  package var bankID: String?
  /// Went when the import that brought it was undone.
  package var isUndone: Bool
}

/// The account that a file goes into.
package struct ImportPlace: Sendable, Equatable {
  package var account: ID<Account>
  package var kind: AccountKind
  package var currency: Currency
  package var isByHand: Bool
}

/// A row of a file as it is written down.
package struct ImportedRow: Sendable, Equatable {
  package var bookedOn: CalendarDate
  package var amount: Money
  /// When the file has more decimals than the currency.
  package var exact: DecimalText?
  package var name: String
  /// All that the bank wrote.
  package var words: String
  package var bankID: String?

  package init(bookedOn: CalendarDate, amount: Money, exact: DecimalText?, name: String, words: String, bankID: String?)
  {
    (self.bookedOn, self.amount, self.exact) = (bookedOn, amount, exact)
    (self.name, self.words, self.bankID) = (name, words, bankID)
  }
}

/// Rows that came with banks' files. Changes go through ``Edits``, as everything that people do.
package enum ImportedRows {
  private static let naming = PreparedSQL(
    "INSERT INTO transaction_import (household_id, transaction_id, bank_id, group_id) VALUES (?, ?, ?, ?)")

  /// Nil where the person sees no such account, or not its rows.
  package static func place(
    of account: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> ImportPlace? {
    try session.first(
      """
      SELECT kind, currency, origin FROM account
      WHERE household_id = \(scope.household) AND id = \(account) AND deleted_at IS NULL\(Visibility.rows(scope, "id"))
      """
    ) { row in
      ImportPlace(
        account: account, kind: AccountKind(rawValue: try row(0)) ?? .otherAsset, currency: try row(1),
        isByHand: try row(2, as: String.self) == Origin.manual.rawValue)
    }
  }

  /// The rows of some days that a file's rows may be; also those that a person deleted, which stay deleted.
  package static func compared(
    in place: ImportPlace, _ days: ClosedRange<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> [ComparedRow] {
    try session.query(
      """
      SELECT t.id, t.booked_on, t.amount_minor, COALESCE(t.original_description, t.name), t.origin, i.bank_id,
        CASE WHEN o.deleted_at IS NOT NULL AND g.undone_by IS NOT NULL THEN 1 ELSE 0 END
      FROM bank_transaction t
      LEFT JOIN transaction_import i ON i.household_id = t.household_id AND i.transaction_id = t.id
      LEFT JOIN change_group g ON g.household_id = i.household_id AND g.id = i.group_id
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      WHERE t.household_id = \(scope.household) AND t.account_id = \(place.account) AND t.is_gone = 0
        AND t.currency = \(place.currency) AND t.booked_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
        \(Visibility.rows(scope, "t.account_id"))
      ORDER BY t.booked_on, t.id
      """
    ) { row in
      ComparedRow(
        id: try row(0), bookedOn: try row(1), amountMinor: try row(2), words: try row(3),
        isImported: try row(4, as: String.self) == Origin.imported.rawValue, bankID: try row(5), isUndone: try row(6))
    }
  }

  /// Writes a row down. It is judged, counted and told with the others when `edits` is finished.
  ///
  /// - Parameter place: From ``place(of:_:_:)`` in this transaction, which looked at what the person may do.
  package static func create(
    _ row: ImportedRow, in place: ImportPlace, _ edits: inout Edits, _ session: any Session
  ) throws -> ID<Transaction> {
    let id: ID<Transaction> = edits.world.newID()
    var feed = FeedTransaction(
      id: "", accountID: "", isPending: false, amount: .zero, currency: place.currency, bookedOn: row.bookedOn,
      name: row.name)
    if !row.words.isEmpty { feed.originalDescription = row.words }
    try Transactions.insert(
      id, feed, account: AccountPlace(place.account, place.kind), amount: row.amount, exact: row.exact,
      origin: Origin.imported.rawValue, now: edits.now, edits.scope, session)
    try edits.made(id, account: place.account, session)
    let (scope, group) = (edits.scope, edits.group)
    try session.post(naming) { binder in
      binder.bind(scope.household)
      binder.bind(id)
      binder.bind(row.bankID)
      binder.bind(group)
    }
    return id
  }

  /// Brings a row back that went when its import was undone: it belongs to this import now.
  package static func restore(
    _ id: ID<Transaction>, _ edits: inout Edits, _ session: any Session
  ) throws {
    try edits.write([.isDeleted(false)], on: id, session)
    try session.execute(
      """
      UPDATE transaction_import SET group_id = \(edits.group)
      WHERE household_id = \(edits.scope.household) AND transaction_id = \(id)
      """)
  }
}
