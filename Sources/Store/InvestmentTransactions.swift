package import Basics
package import Databases
package import Finance

/// A purchase, sale, dividend or fee inside an investment account.
package struct StoredInvestmentTransaction: Sendable, Equatable {
  package var id: ID<InvestmentTransaction>
  package var connection: ID<Connection>
  package var providerID: String
  package var account: ID<Account>
  package var security: ID<Security>?
  package var bookedOn: CalendarDate
  package var name: String
  /// Positive = bought into the account.
  package var quantity: DecimalText
  /// Owner's sign: positive = cash into the account.
  package var amount: Money
  /// What the bank wrote, when it has more decimals than the currency.
  package var exact: DecimalText?
  package var price: DecimalText?
  package var fees: DecimalText?
  package var type: String
  package var subtype: String?
  package var rest: String?
  /// Since when the bank no longer lists it. Undone when the bank lists it again.
  package var removedAt: Timestamp?

  package init(
    id: ID<InvestmentTransaction>, connection: ID<Connection>, providerID: String, account: ID<Account>,
    security: ID<Security>? = nil, bookedOn: CalendarDate, name: String, quantity: DecimalText, amount: Money,
    exact: DecimalText? = nil, price: DecimalText? = nil, fees: DecimalText? = nil, type: String,
    subtype: String? = nil, rest: String? = nil, removedAt: Timestamp? = nil
  ) {
    self.id = id
    self.connection = connection
    self.providerID = providerID
    self.account = account
    self.security = security
    self.bookedOn = bookedOn
    self.name = name
    self.quantity = quantity
    self.amount = amount
    self.exact = exact
    self.price = price
    self.fees = fees
    self.type = type
    self.subtype = subtype
    self.rest = rest
    self.removedAt = removedAt
  }
}

/// What was traded.
package enum InvestmentTransactions {
  private static let columns: SQL = """
    id, connection_id, provider_id, account_id, security_id, booked_on, name, quantity, amount_minor, currency, exact,
    price, fees, type, subtype, rest, removed_at
    """

  /// Living rows, newest first.
  package static func page(
    _ scope: Scope, limit: Int, _ session: any Session
  ) throws -> [StoredInvestmentTransaction] {
    try session.query(
      """
      SELECT \(columns) FROM investment_transaction
      WHERE household_id = \(scope.household) AND removed_at IS NULL\(Visibility.rows(scope, "account_id"))
      ORDER BY booked_on DESC, id DESC LIMIT \(limit)
      """, make)
  }

  /// Living rows that a filter finds, newest first.
  package static func list(
    _ filter: InvestmentFilter, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [StoredInvestmentTransaction] {
    try session.query(
      """
      SELECT \(columns) FROM investment_transaction
      WHERE household_id = \(scope.household) AND removed_at IS NULL\(Visibility.rows(scope, "account_id"))
        \(filter.conditions)
      ORDER BY booked_on DESC, id DESC LIMIT \(limit)
      """, make)
  }

  /// Those of a connection under these of its names, removed ones included.
  package static func named(
    _ providerIDs: [String], _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> [String: StoredInvestmentTransaction] {
    var found: [String: StoredInvestmentTransaction] = [:]
    for start in stride(from: 0, to: providerIDs.count, by: Limits.listMax) {
      let chunk = providerIDs[start..<min(start + Limits.listMax, providerIDs.count)]
      let rows = try session.query(
        """
        SELECT \(columns) FROM investment_transaction
        WHERE household_id = \(scope.household) AND connection_id = \(connection) AND provider_id IN \(list: chunk)
          \(Visibility.rows(scope, "account_id"))
        """, make)
      for row in rows { found[row.providerID] = row }
    }
    return found
  }

  /// Living rows of these accounts and days, whichever connection told of them.
  package static func living(
    in accounts: some Collection<ID<Account>>, days: ClosedRange<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> [StoredInvestmentTransaction] {
    try session.query(
      """
      SELECT \(columns) FROM investment_transaction
      WHERE household_id = \(scope.household) AND account_id IN \(list: accounts)
        AND booked_on BETWEEN \(days.lowerBound) AND \(days.upperBound) AND removed_at IS NULL
        \(Visibility.rows(scope, "account_id"))
      ORDER BY booked_on, id
      """, make)
  }

  private static func make(_ row: borrowing Row) throws -> StoredInvestmentTransaction {
    StoredInvestmentTransaction(
      id: try row(0), connection: try row(1), providerID: try row(2), account: try row(3), security: try row(4),
      bookedOn: try row(5), name: try row(6), quantity: try row(7), amount: Money(minorUnits: try row(8), try row(9)),
      exact: try row(10), price: try row(11), fees: try row(12), type: try row(13), subtype: try row(14),
      rest: try row(15), removedAt: try row(16))
  }

  package static func keep(
    _ row: StoredInvestmentTransaction, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO investment_transaction (household_id, id, connection_id, provider_id, account_id, security_id,
        booked_on, name, quantity, amount_minor, currency, exact, price, fees, type, subtype, rest, removed_at)
      VALUES (\(scope.household), \(row.id), \(row.connection), \(row.providerID), \(row.account), \(row.security),
        \(row.bookedOn), \(row.name), \(row.quantity), \(row.amount.minorUnits), \(row.amount.currency), \(row.exact),
        \(row.price), \(row.fees), \(row.type), \(row.subtype), \(row.rest), \(row.removedAt))
      ON CONFLICT (household_id, id) DO UPDATE SET account_id = excluded.account_id,
        security_id = excluded.security_id, booked_on = excluded.booked_on, name = excluded.name,
        quantity = excluded.quantity, amount_minor = excluded.amount_minor, currency = excluded.currency,
        exact = excluded.exact, price = excluded.price, fees = excluded.fees, type = excluded.type,
        subtype = excluded.subtype, rest = excluded.rest, removed_at = excluded.removed_at
      """)
  }

  /// The bank no longer lists it. The row stays.
  package static func remove(
    _ id: ID<InvestmentTransaction>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE investment_transaction SET removed_at = \(now)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }
}
