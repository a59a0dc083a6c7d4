package import Basics
package import Databases
package import Finance

/// An account as people see it.
package struct StoredAccount: Sendable, Equatable {
  package var id: ID<Account>
  package var kind: AccountKind
  package var name: String
  package var mask: String?
  package var type: String
  package var subtype: String?
  package var currency: Currency
  /// Owner's side, in minor units. Nil = the bank gave none.
  package var currentMinor: Int64?
  package var availableMinor: Int64?
  package var limitMinor: Int64?
  package var origin: String
  package var noLongerSentAt: Timestamp?
}

/// Accounts and what their banks call them.
package enum Accounts {
  /// Which of ours a provider's id means, with the account's currency.
  package static func bySource(
    _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> [String: (id: ID<Account>, currency: Currency)] {
    let rows = try session.query(
      """
      SELECT s.provider_id, a.id, a.currency FROM account_source s
      JOIN account a ON a.household_id = s.household_id AND a.id = s.account_id
      WHERE s.household_id = \(scope.household) AND s.connection_id = \(connection)
      """
    ) { (try $0(0, as: String.self), try $0(1, as: ID<Account>.self), try $0(2, as: Currency.self)) }
    return Dictionary(rows.map { ($0.0, ($0.1, $0.2)) }, uniquingKeysWith: { $1 })
  }

  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredAccount] {
    try session.query(
      """
      SELECT id, kind, name, mask, type, subtype, currency, current_minor, available_minor, limit_minor, origin,
        no_longer_sent_at
      FROM account WHERE household_id = \(scope.household) ORDER BY id
      """
    ) { row in
      StoredAccount(
        id: try row(0), kind: AccountKind(rawValue: try row(1)) ?? .otherAsset, name: try row(2), mask: try row(3),
        type: try row(4), subtype: try row(5), currency: try row(6), currentMinor: try row(7),
        availableMinor: try row(8), limitMinor: try row(9), origin: try row(10), noLongerSentAt: try row(11))
    }
  }

  /// Inserts or refreshes an account with its balance, its source and the day's snapshot.
  ///
  /// - Parameter day: Today in the household's time zone.
  package static func keep(
    _ account: FeedAccount, as id: ID<Account>, isNew: Bool, _ connection: StoredConnection, day: CalendarDate,
    now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    let currency = account.currency ?? .unknown
    let current = try account.current.map { try Money.rounding($0, currency) }
    let available = try account.available.map { try Money.rounding($0, currency).money.minorUnits }
    let limit = try account.limit.map { try Money.rounding($0, currency).money.minorUnits }
    if isNew {
      try session.execute(
        """
        INSERT INTO account (household_id, id, kind, name, official_name, mask, type, subtype, currency, institution_id,
          origin, created_at)
        VALUES (\(scope.household), \(id), \(account.kind.rawValue), \(account.name), \(account.officialName),
          \(account.mask), \(account.type), \(account.subtype), \(currency), \(connection.institutionID),
          \(connection.origin), \(now))
        """)
      try session.execute(
        """
        INSERT INTO account_source (household_id, connection_id, provider_id, account_id, persistent_id, seen_from,
          seen_to, rest)
        VALUES (\(scope.household), \(connection.id), \(account.id), \(id), \(account.persistentID), \(now), \(now),
          \(account.rest))
        """)
    }
    try session.execute(
      """
      UPDATE account SET official_name = \(account.officialName), mask = \(account.mask),
        current_minor = COALESCE(\(current?.money.minorUnits), current_minor),
        current_exact = \(current?.exact), available_minor = \(available), limit_minor = \(limit),
        balance_at = \(account.balanceAt ?? now), missing_lists = 0, no_longer_sent_at = NULL
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
    try session.execute(
      """
      UPDATE account_source SET seen_to = \(now)
      WHERE household_id = \(scope.household) AND connection_id = \(connection.id) AND provider_id = \(account.id)
      """)
    try session.execute(
      """
      INSERT INTO balance_snapshot (household_id, account_id, day, current_minor, available_minor, limit_minor,
        currency, as_of, source)
      VALUES (\(scope.household), \(id), \(day), \(current?.money.minorUnits), \(available), \(limit), \(currency),
        \(now), \(account.isLive ? "live" : "cached"))
      ON CONFLICT (household_id, account_id, day) DO UPDATE SET current_minor = excluded.current_minor,
        available_minor = excluded.available_minor, limit_minor = excluded.limit_minor, as_of = excluded.as_of,
        source = excluded.source
      """)
  }
}
