package import Basics
package import Databases
package import Finance

/// How much of a security an account holds from a day on, until the next row of the two.
package struct StoredHolding: Sendable, Equatable {
  package var account: ID<Account>
  package var security: ID<Security>
  /// The household's day on which the bank said so.
  package var day: CalendarDate
  package var quantity: DecimalText
  package var price: DecimalText?
  package var priceOn: CalendarDate?
  /// As the bank states it; it need not be quantity times price.
  package var value: DecimalText?
  /// Total, not per unit.
  package var costBasis: DecimalText?
  package var currency: Currency?
  package var rest: String?

  package init(
    account: ID<Account>, security: ID<Security>, day: CalendarDate, quantity: DecimalText, price: DecimalText? = nil,
    priceOn: CalendarDate? = nil, value: DecimalText? = nil, costBasis: DecimalText? = nil, currency: Currency? = nil,
    rest: String? = nil
  ) {
    self.account = account
    self.security = security
    self.day = day
    self.quantity = quantity
    self.price = price
    self.priceOn = priceOn
    self.value = value
    self.costBasis = costBasis
    self.currency = currency
    self.rest = rest
  }

  /// The row that says this is held no more.
  package func closed(on day: CalendarDate) -> StoredHolding {
    StoredHolding(account: account, security: security, day: day, quantity: .zero, value: .zero, currency: currency)
  }
}

/// What is and was held. A row is written when something changed, so the last row up to a day tells that day.
package enum Holdings {
  /// The last word on every security ever held in these accounts; those sold stand with a quantity of zero.
  ///
  /// - Parameter day: As it was known at the end of that day; nil = now.
  package static func latest(
    in accounts: some Collection<ID<Account>>, on day: CalendarDate? = nil, _ scope: Scope, _ session: any Session
  ) throws -> [StoredHolding] {
    let limit = day ?? CalendarDate(days: .max)
    return try session.query(
      """
      SELECT h.account_id, h.security_id, h.day, h.quantity, h.price, h.price_on, h.value, h.cost_basis, h.currency,
        h.rest
      FROM holding h
      WHERE h.household_id = \(scope.household) AND h.account_id IN \(list: accounts) AND h.day = (
        SELECT MAX(x.day) FROM holding x
        WHERE x.household_id = h.household_id AND x.account_id = h.account_id AND x.security_id = h.security_id
          AND x.day <= \(limit)
      )\(Visibility.rows(scope, "h.account_id"))
      ORDER BY h.account_id, h.security_id
      """
    ) { row in
      StoredHolding(
        account: try row(0), security: try row(1), day: try row(2), quantity: try row(3), price: try row(4),
        priceOn: try row(5), value: try row(6), costBasis: try row(7), currency: try row(8), rest: try row(9))
    }
  }

  /// Writes the day's row; another of the same day gives way.
  package static func keep(_ holding: StoredHolding, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO holding (household_id, account_id, security_id, day, quantity, price, price_on, value, cost_basis,
        currency, rest)
      VALUES (\(scope.household), \(holding.account), \(holding.security), \(holding.day), \(holding.quantity),
        \(holding.price), \(holding.priceOn), \(holding.value), \(holding.costBasis), \(holding.currency),
        \(holding.rest))
      ON CONFLICT (household_id, account_id, security_id, day) DO UPDATE SET quantity = excluded.quantity,
        price = excluded.price, price_on = excluded.price_on, value = excluded.value, cost_basis = excluded.cost_basis,
        currency = excluded.currency, rest = excluded.rest
      """)
  }
}
