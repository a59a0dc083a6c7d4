package import Basics
package import Databases
package import Finance

/// How it stands with one product of a connection.
package struct StoredProduct: Sendable, Equatable {
  package var product: Product
  package var lastAttemptAt: Timestamp
  package var lastSuccessAt: Timestamp?
  /// The last day that has been read whole. Only for products that are read by days.
  package var throughOn: CalendarDate?
  /// Nil = may be asked at any time.
  package var notBefore: Timestamp?
  /// What went wrong at the last attempt; nil after a success.
  package var code: String?
  package var message: String?

  package init(
    product: Product, lastAttemptAt: Timestamp, lastSuccessAt: Timestamp? = nil, throughOn: CalendarDate? = nil,
    notBefore: Timestamp? = nil, code: String? = nil, message: String? = nil
  ) {
    self.product = product
    self.lastAttemptAt = lastAttemptAt
    self.lastSuccessAt = lastSuccessAt
    self.throughOn = throughOn
    self.notBefore = notBefore
    self.code = code
    self.message = message
  }
}

/// What each connection offers besides transactions, and how it went: one product's failure is not another's.
package enum Products {
  package static func all(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> [StoredProduct] {
    try askForAll(connection, scope, session).get()
  }

  package static func askForAll(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Later<[StoredProduct]> {
    try session.ask(
      """
      SELECT product, last_attempt_at, last_success_at, through_on, not_before, code, message FROM connection_product
      WHERE household_id = \(scope.household) AND connection_id = \(connection) ORDER BY product
      """
    ) { row -> StoredProduct? in
      // A product that only a later version knows is none of ours.
      guard let product = Product(rawValue: try row(0)) else { return nil }
      return StoredProduct(
        product: product, lastAttemptAt: try row(1), lastSuccessAt: try row(2), throughOn: try row(3),
        notBefore: try row(4), code: try row(5), message: try row(6))
    }.map { $0.compactMap { $0 } }
  }

  package static func find(
    _ product: Product, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> StoredProduct? {
    try all(connection, scope, session).first { $0.product == product }
  }

  package static func keep(
    _ state: StoredProduct, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO connection_product (household_id, connection_id, product, last_attempt_at, last_success_at, through_on,
        not_before, code, message)
      VALUES (\(scope.household), \(connection), \(state.product.rawValue), \(state.lastAttemptAt),
        \(state.lastSuccessAt), \(state.throughOn), \(state.notBefore), \(state.code), \(state.message))
      ON CONFLICT (household_id, connection_id, product) DO UPDATE SET last_attempt_at = excluded.last_attempt_at,
        last_success_at = excluded.last_success_at, through_on = excluded.through_on, not_before = excluded.not_before,
        code = excluded.code, message = excluded.message
      """)
  }

  /// Lets everything be asked again, or one product: the bank told that there is something, or the person changed what
  /// is shared.
  package static func askAgain(
    _ connection: ID<Connection>, only product: Product? = nil, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE connection_product SET not_before = NULL
      WHERE household_id = \(scope.household) AND connection_id = \(connection)
        AND product = COALESCE(CAST(\(product?.rawValue) AS TEXT), product)
      """)
  }

  /// When the youngest of the connection's accounts was first seen: what came before it said nothing about it.
  package static func askForNewestAccount(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Later<Timestamp?> {
    try session.askFirst(
      """
      SELECT MAX(seen_from) FROM account_source
      WHERE household_id = \(scope.household) AND connection_id = \(connection)
      """
    ) { try $0(0, as: Timestamp?.self) }.map { $0 ?? nil }
  }

  /// The provider's ids of accounts that another connection leads: what this one says of them is not counted.
  package static func mutedAccounts(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Set<String> {
    let ids = try session.query(
      """
      SELECT provider_id FROM account_source
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND is_muted = 1
      """
    ) { try $0(0, as: String.self) }
    return Set(ids)
  }
}
