package import Basics
package import Databases
package import Finance

/// What can be held, as one connection describes it.
package struct StoredSecurity: Sendable, Equatable {
  package var id: ID<Security>
  package var providerID: String
  package var name: String?
  package var ticker: String?
  package var isin: String?
  package var cusip: String?
  package var type: String?
  package var isCash: Bool?
  package var currency: Currency?
  package var rest: String?

  package init(id: ID<Security>, providerID: String) {
    self.id = id
    self.providerID = providerID
  }
}

/// What one unit was worth on a day, and who says so.
package struct SecurityPrice: Sendable, Hashable {
  /// Stored as text: a spelling never changes once shipped.
  package enum Source: String, Sendable {
    /// The bank that holds it.
    case bank
    /// The close of the market, as the provider of the connection knows it.
    case close
  }
  package var security: ID<Security>
  package var day: CalendarDate
  package var source: Source
  package var price: DecimalText
  package var currency: Currency?

  package init(security: ID<Security>, day: CalendarDate, source: Source, price: DecimalText, currency: Currency?) {
    self.security = security
    self.day = day
    self.source = source
    self.price = price
    self.currency = currency
  }
}

/// Securities and their prices.
package enum Securities {
  /// By what the provider calls them.
  package static func bySource(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> [String: StoredSecurity] {
    let rows = try session.query(
      """
      SELECT id, provider_id, name, ticker, isin, cusip, type, is_cash, currency, rest FROM security
      WHERE household_id = \(scope.household) AND connection_id = \(connection)
        \(Visibility.securities(scope, id: "id", connection: "connection_id"))
      """, make)
    return Dictionary(rows.map { ($0.providerID, $0) }, uniquingKeysWith: { $1 })
  }

  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredSecurity] {
    try session.query(
      """
      SELECT id, provider_id, name, ticker, isin, cusip, type, is_cash, currency, rest FROM security
      WHERE household_id = \(scope.household)
        \(Visibility.securities(scope, id: "id", connection: "connection_id"))
      ORDER BY id
      """, make)
  }

  private static func make(_ row: borrowing Row) throws -> StoredSecurity {
    var security = StoredSecurity(id: try row(0), providerID: try row(1))
    security.name = try row(2)
    security.ticker = try row(3)
    security.isin = try row(4)
    security.cusip = try row(5)
    security.type = try row(6)
    security.isCash = try row(7)
    security.currency = try row(8)
    security.rest = try row(9)
    return security
  }

  package static func keep(
    _ security: StoredSecurity, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO security (household_id, id, connection_id, provider_id, name, ticker, isin, cusip, type, is_cash,
        currency, rest)
      VALUES (\(scope.household), \(security.id), \(connection), \(security.providerID), \(security.name),
        \(security.ticker), \(security.isin), \(security.cusip), \(security.type), \(security.isCash),
        \(security.currency), \(security.rest))
      ON CONFLICT (household_id, id) DO UPDATE SET name = excluded.name, ticker = excluded.ticker,
        isin = excluded.isin, cusip = excluded.cusip, type = excluded.type, is_cash = excluded.is_cash,
        currency = excluded.currency, rest = excluded.rest
      """)
  }

  /// - Returns: False when the same was known already, and nothing was written.
  @discardableResult
  package static func keepPrice(_ price: SecurityPrice, _ scope: Scope, _ session: any Session) throws -> Bool {
    // Texts are compared in their canonical form; no currency is no currency code.
    try session.changes(
      """
      INSERT INTO security_price (household_id, security_id, day, source, price, currency)
      VALUES (\(scope.household), \(price.security), \(price.day), \(price.source.rawValue), \(price.price),
        \(price.currency))
      ON CONFLICT (household_id, security_id, day, source) DO UPDATE SET price = excluded.price,
        currency = excluded.currency
      WHERE security_price.price <> excluded.price
        OR COALESCE(security_price.currency, '') <> COALESCE(excluded.currency, '')
      """) > 0
  }

  /// Every price of a security, oldest first.
  package static func prices(
    of security: ID<Security>, _ scope: Scope, _ session: any Session
  ) throws -> [SecurityPrice] {
    try session.query(
      """
      SELECT p.day, p.source, p.price, p.currency FROM security_price p
      JOIN security s ON s.household_id = p.household_id AND s.id = p.security_id
      WHERE p.household_id = \(scope.household) AND p.security_id = \(security)
        \(Visibility.securities(scope, id: "s.id", connection: "s.connection_id"))
      ORDER BY p.day, p.source
      """
    ) { row -> SecurityPrice? in
      guard let source = SecurityPrice.Source(rawValue: try row(1)) else { return nil }
      return SecurityPrice(
        security: security, day: try row(0), source: source, price: try row(2), currency: try row(3))
    }.compactMap { $0 }
  }
}
