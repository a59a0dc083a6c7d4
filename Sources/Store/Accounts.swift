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
        \(Visibility.accounts(scope, "a.id"))
      """
    ) { (try $0(0, as: String.self), try $0(1, as: ID<Account>.self), try $0(2, as: Currency.self)) }
    return Dictionary(rows.map { ($0.0, ($0.1, $0.2)) }, uniquingKeysWith: { $1 })
  }

  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredAccount] {
    try session.query(
      """
      SELECT id, kind, name, mask, type, subtype, currency, current_minor, available_minor, limit_minor, origin,
        no_longer_sent_at
      FROM account WHERE household_id = \(scope.household) AND deleted_at IS NULL\(Visibility.accounts(scope, "id"))
      ORDER BY id
      """
    ) { row in
      StoredAccount(
        id: try row(0), kind: AccountKind(rawValue: try row(1)) ?? .otherAsset, name: try row(2), mask: try row(3),
        type: try row(4), subtype: try row(5), currency: try row(6), currentMinor: try row(7),
        availableMinor: try row(8), limitMinor: try row(9), origin: try row(10), noLongerSentAt: try row(11))
    }
  }

  /// Every name that banks have for this household's accounts, with what tells one account from another.
  package static func sources(_ scope: Scope, _ session: any Session) throws -> [AccountSource] {
    try askForSources(scope, session).get()
  }

  package static func askForSources(_ scope: Scope, _ session: any Session) throws -> Later<[AccountSource]> {
    try session.ask(
      """
      SELECT s.connection_id, s.provider_id, s.account_id, s.persistent_id, s.is_muted, a.currency, a.institution_id,
        a.type, a.subtype, a.mask, a.name, c.state, c.last_success_at,
        a.kind, a.is_turned
      FROM account_source s
      JOIN account a ON a.household_id = s.household_id AND a.id = s.account_id
      JOIN connection c ON c.household_id = s.household_id AND c.id = s.connection_id
      WHERE s.household_id = \(scope.household)\(Visibility.accounts(scope, "a.id"))
      ORDER BY s.seen_from, s.connection_id, s.provider_id
      """
    ) { row in
      AccountSource(
        connection: try row(0), providerID: try row(1), account: try row(2), persistentID: try row(3),
        isMuted: try row(4), isTurned: try row(14), kind: AccountKind(rawValue: try row(13)) ?? .otherAsset,
        currency: try row(5),
        institutionID: try row(6), type: try row(7), subtype: try row(8),
        mask: try row(9), name: try row(10), state: ConnectionState(rawValue: try row(11)) ?? .degraded,
        lastSuccessAt: try row(12))
    }
  }

  package static func insert(
    _ account: FeedAccount, as id: ID<Account>, _ connection: StoredConnection, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO account (household_id, id, kind, name, official_name, mask, type, subtype, currency, institution_id,
        origin, created_at)
      VALUES (\(scope.household), \(id), \(account.kind.rawValue), \(account.name), \(account.officialName),
        \(account.mask), \(account.type), \(account.subtype), \(account.currency ?? .unknown),
        \(connection.institutionID), \(connection.origin), \(now))
      """)
  }

  /// Notes what a connection calls an account; the names it had before stay.
  package static func name(
    _ id: ID<Account>, _ account: FeedAccount, isMuted: Bool, _ connection: ID<Connection>, now: Timestamp,
    _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO account_source (household_id, connection_id, provider_id, account_id, persistent_id, is_muted,
        seen_from, seen_to, rest)
      VALUES (\(scope.household), \(connection), \(account.id), \(id), \(account.persistentID), \(isMuted), \(now),
        \(now), \(account.rest))
      """)
  }

  package static func see(
    _ account: FeedAccount, _ connection: ID<Connection>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE account_source SET seen_to = \(now), persistent_id = COALESCE(\(account.persistentID), persistent_id)
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND provider_id = \(account.id)
      """)
  }

  /// Which connection leads an account: the others still name it, but their rows and balances do not count.
  package static func lead(
    _ id: ID<Account>, _ connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE account_source SET is_muted = CASE WHEN connection_id = \(connection) THEN 0 ELSE 1 END
      WHERE household_id = \(scope.household) AND account_id = \(id)
      """)
  }

  /// Keeps what a bank says about an account now: its balance and the day's snapshot.
  ///
  /// - Parameters:
  ///   - day: Today in the household's time zone.
  /// - Throws: ``MoneyError`` before anything is written when a balance is too large to count.
  @discardableResult
  package static func refresh(
    _ id: ID<Account>, _ account: FeedAccount, day: CalendarDate, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws -> Bool {
    let currency = account.currency ?? .unknown
    let current = try account.current.map { try Money.rounding($0, currency) }
    let available = try account.available.map { try Money.rounding($0, currency).money.minorUnits }
    let limit = try account.limit.map { try Money.rounding($0, currency).money.minorUnits }
    let before = try session.first(
      """
      SELECT current_minor, available_minor, limit_minor FROM account
      WHERE household_id = \(scope.household) AND id = \(id)
      """
    ) { [try $0(0, as: Int64?.self), try $0(1, as: Int64?.self), try $0(2, as: Int64?.self)] }
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
      INSERT INTO balance_snapshot (household_id, account_id, day, current_minor, available_minor, limit_minor,
        currency, as_of, source)
      VALUES (\(scope.household), \(id), \(day), \(current?.money.minorUnits), \(available), \(limit), \(currency),
        \(now), \(account.isLive ? "live" : "cached"))
      ON CONFLICT (household_id, account_id, day) DO UPDATE SET current_minor = excluded.current_minor,
        available_minor = excluded.available_minor, limit_minor = excluded.limit_minor, as_of = excluded.as_of,
        source = excluded.source
      """)
    return before.map { $0 != [current?.money.minorUnits ?? $0[0], available, limit] } ?? false
  }

  /// Tells of an account whose balance is another one now: those too who see its balance and none of its rows.
  package static func changed(_ id: ID<Account>, of connection: ID<Connection>) -> NewEvent {
    NewEvent(
      kind: "account.changed", body: "{\"connection\":\"\(connection)\",\"ids\":[\"\(id)\"]}", account: id)
  }

  /// An account that a successful list did not name. After the third in a row it is marked as no longer sent: its rows
  /// and its last balance stay.
  package static func miss(
    _ id: ID<Account>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE account SET missing_lists = missing_lists + 1,
        no_longer_sent_at = CASE WHEN missing_lists >= 2 THEN COALESCE(no_longer_sent_at, \(now)) END
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }
}

/// What one connection calls one of our accounts.
package struct AccountSource: Sendable, Equatable {
  package var connection: ID<Connection>
  package var providerID: String
  package var account: ID<Account>
  package var persistentID: String?
  /// Another connection leads the account: rows and balances from this one do not count.
  package var isMuted: Bool
  /// The bank tells its amounts the wrong way round, and a person said so.
  package var isTurned = false
  package var kind: AccountKind
  package var currency: Currency
  package var institutionID: String?
  package var type: String
  package var subtype: String?
  package var mask: String?
  package var name: String
  /// Of the connection.
  package var state: ConnectionState
  package var lastSuccessAt: Timestamp?
}
