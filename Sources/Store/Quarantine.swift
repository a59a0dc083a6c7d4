package import Basics
package import Databases
package import Finance

/// A row that could not be understood or placed, as it is kept.
package struct StoredQuarantine: Sendable, Equatable {
  package var id: ID<QuarantinedRow>
  package var connection: ID<Connection>
  package var product: Product
  /// The provider's id when at least that could be read.
  package var providerID: String?
  package var reason: String
  /// The whole row as JSON.
  package var raw: String
  package var foundAt: Timestamp
}

/// Rows that wait until a later version understands them, or until what they belong to is known.
///
/// One row waits for each name: a later word under the same name takes the place of the earlier one.
package enum Quarantine {
  /// - Returns: False when the same row waits already, and nothing was written.
  @discardableResult
  package static func keep(
    _ row: FeedUnreadable, as id: ID<QuarantinedRow>, _ product: Product, _ connection: ID<Connection>,
    now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    let same: SQL = row.id.map { "provider_id = \($0)" } ?? "provider_id IS NULL AND raw = \(row.raw)"
    let waiting = try session.query(
      """
      SELECT raw, reason FROM quarantine
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND product = \(product.rawValue)
        AND settled_at IS NULL AND \(same)
      """
    ) { (try $0(0, as: String.self), try $0(1, as: String.self)) }
    if waiting.contains(where: { $0 == (row.raw, row.reason) }) { return false }
    if !waiting.isEmpty {
      try session.execute(
        """
        UPDATE quarantine SET settled_at = \(now)
        WHERE household_id = \(scope.household) AND connection_id = \(connection) AND product = \(product.rawValue)
          AND settled_at IS NULL AND \(same)
        """)
    }
    try insert(row, as: id, product, connection, now: now, scope, session)
    return true
  }

  private static func insert(
    _ row: FeedUnreadable, as id: ID<QuarantinedRow>, _ product: Product, _ connection: ID<Connection>,
    now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO quarantine (household_id, id, connection_id, product, provider_id, reason, raw, found_at)
      VALUES (\(scope.household), \(id), \(connection), \(product.rawValue), \(row.id), \(row.reason), \(row.raw),
        \(now))
      """)
  }

  /// What waits, oldest first.
  ///
  /// - Parameter after: Goes on behind this row.
  package static func unsettled(
    _ product: Product, _ connection: ID<Connection>, after: ID<QuarantinedRow>? = nil, limit: Int = Limits.listMax,
    _ scope: Scope, _ session: any Session
  ) throws -> [StoredQuarantine] {
    try askForUnsettled(product, connection, after: after, limit: limit, scope, session).get()
  }

  package static func askForUnsettled(
    _ product: Product, _ connection: ID<Connection>, after: ID<QuarantinedRow>? = nil, limit: Int = Limits.listMax,
    _ scope: Scope, _ session: any Session
  ) throws -> Later<[StoredQuarantine]> {
    try session.ask(
      """
      SELECT id, connection_id, provider_id, reason, raw, found_at FROM quarantine
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND product = \(product.rawValue)
        AND settled_at IS NULL AND id > \(after ?? ID(bits: 0))
        \(Visibility.wholeConnections(scope, "connection_id"))
      ORDER BY id LIMIT \(limit)
      """
    ) { row in
      StoredQuarantine(
        id: try row(0), connection: try row(1), product: product, providerID: try row(2), reason: try row(3),
        raw: try row(4), foundAt: try row(5))
    }
  }

  /// What waits of a product: under which names, and the last row. Nearly always nothing.
  package struct Waiting: Sendable, Equatable {
    package var names: Set<String> = []
    package var newest: ID<QuarantinedRow>?
  }

  package static func askForWaiting(
    _ product: Product, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Later<Waiting> {
    try session.ask(
      """
      SELECT id, provider_id FROM quarantine
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND product = \(product.rawValue)
        AND settled_at IS NULL
        \(Visibility.wholeConnections(scope, "connection_id"))
      """
    ) { (try $0(0, as: ID<QuarantinedRow>.self), try $0(1, as: String?.self)) }.map { rows in
      Waiting(names: Set(rows.compactMap(\.1)), newest: rows.map(\.0).max())
    }
  }

  package static func waiting(
    _ product: Product, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Waiting { try askForWaiting(product, connection, scope, session).get() }

  /// How many rows wait, for all connections.
  package static func count(_ scope: Scope, _ session: any Session) throws -> Int {
    try session.first(
      """
      SELECT COUNT(*) FROM quarantine WHERE household_id = \(scope.household) AND settled_at IS NULL
        \(Visibility.wholeConnections(scope, "connection_id"))
      """
    ) { try $0(0) } ?? 0
  }

  /// It was understood, or something later made it void.
  package static func settle(
    _ id: ID<QuarantinedRow>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE quarantine SET settled_at = \(now)
      WHERE household_id = \(scope.household) AND id = \(id) AND settled_at IS NULL
      """)
  }

  /// The bank said something later under this name, or took it away: the row that waits must not come back.
  package static func settle(
    named providerID: String, _ product: Product, _ connection: ID<Connection>, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE quarantine SET settled_at = \(now)
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND product = \(product.rawValue)
        AND provider_id = \(providerID) AND settled_at IS NULL
      """)
  }

  /// Replaces all that waits of a product which the bank tells whole each time: what it no longer tells is void.
  ///
  /// - Parameter unsettled: What waits of it, all of it; nil: it is looked for.
  /// - Returns: How many are new.
  package static func replace(
    _ product: Product, with rows: [FeedUnreadable], _ connection: ID<Connection>,
    unsettled: Later<[StoredQuarantine]>? = nil, newID: () -> ID<QuarantinedRow>, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws -> Int {
    // Two rows of one answer may bear the same name: each waits.
    var waiting: Set<FeedUnreadable> = []
    let unsettled = try unsettled ?? askForUnsettled(product, connection, limit: .max, scope, session)
    for old in try unsettled.get() {
      let row = FeedUnreadable(id: old.providerID, reason: old.reason, raw: old.raw)
      if rows.contains(where: { $0.id == row.id && $0.raw == row.raw && $0.reason == row.reason }) {
        waiting.insert(row)
      } else {
        try settle(old.id, now: now, scope, session)
      }
    }
    let before = waiting.count
    for row in rows {
      let plain = FeedUnreadable(id: row.id, reason: row.reason, raw: row.raw)
      guard waiting.insert(plain).inserted else { continue }
      try insert(row, as: newID(), product, connection, now: now, scope, session)
    }
    return waiting.count - before
  }
}
