package import Basics
package import Databases
package import Finance

/// What a bank's provider says comes again and again, with those of its rows that we have.
package struct StoredBankStream: Sendable, Equatable {
  package var providerID: String
  package var account: ID<Account>
  package var name: String
  package var isIncoming: Bool
  package var rhythm: FeedRhythm?
  package var standing: FeedStream.Standing
  package var isActive: Bool
  package var firstOn: CalendarDate?
  package var lastOn: CalendarDate?
  package var nextOn: CalendarDate?
  package var category: String?
  /// The provider's names of its rows.
  package var rowNames: [String]
  /// Ours for them, as far as we have them; filled by ``BankStreams/all(_:_:)`` alone.
  package var rows: [ID<Transaction>] = []

  package init(_ feed: FeedStream, account: ID<Account>) {
    providerID = feed.id
    self.account = account
    name = feed.name
    isIncoming = feed.isIncoming
    rhythm = feed.rhythm
    standing = feed.standing
    isActive = feed.isActive
    firstOn = feed.firstOn
    lastOn = feed.lastOn
    nextOn = feed.nextOn
    category = feed.category
    rowNames = feed.rows
  }

  fileprivate init(_ row: borrowing Row) throws {
    providerID = try row(0)
    account = try row(1)
    name = try row(2)
    isIncoming = try row(3)
    rhythm = try row(4, as: String?.self).flatMap { FeedRhythm(rawValue: $0) }
    standing = FeedStream.Standing(rawValue: try row(5)) ?? .unknown
    isActive = try row(6)
    firstOn = try row(7)
    lastOn = try row(8)
    nextOn = try row(9)
    category = try row(10)
    rowNames = try row(11, as: String.self).split(separator: "\n").map(String.init)
  }
}

/// The streams of a provider as it told them last: what it no longer tells is no longer kept.
package enum BankStreams {
  private static let columns: SQL = """
    b.provider_id, b.account_id, b.name, b.is_incoming, b.rhythm, b.standing, b.is_active, b.first_on, b.last_on,
      b.next_on, b.category, b.rows
    """

  /// Of one connection, as kept.
  package static func kept(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> [StoredBankStream] {
    try session.query(
      """
      SELECT \(columns) FROM bank_stream b
      WHERE b.household_id = \(scope.household) AND b.connection_id = \(connection)
        \(Visibility.rows(scope, "b.account_id"))
      ORDER BY b.provider_id
      """
    ) { try StoredBankStream($0) }
  }

  /// Of all connections, with our names for the rows.
  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredBankStream] {
    let streams = try session.query(
      """
      SELECT \(columns), b.connection_id FROM bank_stream b
      WHERE b.household_id = \(scope.household)\(Visibility.rows(scope, "b.account_id"))
      ORDER BY b.connection_id, b.provider_id
      """
    ) { (connection: try $0(12, as: ID<Connection>.self), stream: try StoredBankStream($0)) }
    var found: [StoredBankStream] = []
    for (connection, streams) in Dictionary(grouping: streams, by: \.connection).sorted(by: { $0.key < $1.key }) {
      var known: [String: ID<Transaction>] = [:]
      var names = streams.flatMap(\.stream.rowNames)[...]
      while !names.isEmpty {
        let some = names.prefix(Limits.listMax)
        names = names.dropFirst(some.count)
        let rows = try session.query(
          """
          SELECT provider_id, transaction_id FROM transaction_source
          WHERE household_id = \(scope.household) AND connection_id = \(connection)
            AND provider_id IN \(list: Array(some))
          """
        ) { (try $0(0, as: String.self), try $0(1, as: ID<Transaction>.self)) }
        known.merge(rows) { first, _ in first }
      }
      for var stream in streams.map(\.stream) {
        stream.rows = stream.rowNames.compactMap { known[$0] }
        found.append(stream)
      }
    }
    return found
  }

  package static func keep(
    _ stream: StoredBankStream, raw: String, _ connection: ID<Connection>, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO bank_stream (household_id, connection_id, provider_id, account_id, name, is_incoming, rhythm,
        standing, is_active, first_on, last_on, next_on, category, rows, raw, seen_at)
      VALUES (\(scope.household), \(connection), \(stream.providerID), \(stream.account), \(stream.name),
        \(stream.isIncoming), \(stream.rhythm?.rawValue), \(stream.standing.rawValue), \(stream.isActive),
        \(stream.firstOn), \(stream.lastOn), \(stream.nextOn), \(stream.category),
        \(stream.rowNames.joined(separator: "\n")), \(raw), \(now))
      ON CONFLICT (household_id, connection_id, provider_id) DO UPDATE SET account_id = excluded.account_id,
        name = excluded.name, is_incoming = excluded.is_incoming, rhythm = excluded.rhythm,
        standing = excluded.standing, is_active = excluded.is_active, first_on = excluded.first_on,
        last_on = excluded.last_on, next_on = excluded.next_on, category = excluded.category, rows = excluded.rows,
        raw = excluded.raw, seen_at = excluded.seen_at
      """)
  }

  package static func drop(
    _ providerIDs: [String], _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws {
    var left = providerIDs[...]
    while !left.isEmpty {
      let some = left.prefix(Limits.listMax)
      left = left.dropFirst(some.count)
      try session.execute(
        """
        DELETE FROM bank_stream WHERE household_id = \(scope.household) AND connection_id = \(connection)
          AND provider_id IN \(list: Array(some))
        """)
    }
  }
}
