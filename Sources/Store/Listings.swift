package import Basics
package import Databases
package import Finance

/// A connection as a list shows it. It has no token: what is listed may be told.
package struct ListedConnection: Sendable, Equatable {
  package var id: ID<Connection>
  package var origin: String
  package var environment: String
  package var institutionID: String?
  package var institutionName: String?
  package var state: ConnectionState
  /// The provider's word for what is wrong, and its sentence for the person.
  package var stateCode: String?
  package var stateMessage: String?
  /// How much of its history the bank has given.
  package var progress: FeedProgress
  package var lastSuccessAt: Timestamp?
  package var lastAttemptAt: Timestamp?
  package var consentExpiresAt: Timestamp?
  package var createdAt: Timestamp
  package var accounts: Int
}

/// A run of the sync as it was recorded.
package struct ListedRun: Sendable, Equatable {
  package var id: ID<SyncRun>
  package var kind: String
  package var startedAt: Timestamp
  /// Nil while it goes, or when the program ended in its middle.
  package var endedAt: Timestamp?
  package var phase: String
  package var counts: RunCounts
  package var outcome: String?
  package var errorCode: String?
  package var errorMessage: String?
}

/// An account as a list shows it.
package struct ListedAccount: Sendable, Equatable {
  package var id: ID<Account>
  /// The connection it was last seen through.
  package var connection: ID<Connection>?
  package var institutionName: String?
  package var kind: String
  package var name: String
  package var officialName: String?
  package var mask: String?
  package var type: String
  package var subtype: String?
  package var currency: Currency
  /// Owner's side, in minor units. Nil: the bank gave none.
  package var currentMinor: Int64?
  package var currentExact: String?
  package var availableMinor: Int64?
  package var limitMinor: Int64?
  package var balanceAt: Timestamp?
  package var origin: String
  package var noLongerSentAt: Timestamp?
  package var isHidden: Bool
  package var closedAt: Timestamp?
  package var notes: String?
  /// What the others in the household see of it.
  package var sharing: SharingLevel
}

extension Connections {
  /// Connections by age, removed ones included, from after `after`.
  package static func list(
    after: ID<Connection>?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [ListedConnection] {
    let rest: SQL = after.map { "AND c.id > \($0)" } ?? ""
    return try listed("\(rest) ORDER BY c.id LIMIT \(limit)", scope, session)
  }

  package static func listed(
    _ id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> ListedConnection? {
    try listed("AND c.id = \(id)", scope, session).first
  }

  private static func listed(_ rest: SQL, _ scope: Scope, _ session: any Session) throws -> [ListedConnection] {
    try session.query(
      """
      SELECT c.id, c.origin, c.environment, c.institution_id, c.institution_name, c.state, c.state_code,
        c.state_message, c.progress, c.last_success_at, c.last_attempt_at, c.consent_expires_at, c.created_at,
        (SELECT COUNT(DISTINCT s.account_id) FROM account_source s
          WHERE s.household_id = c.household_id AND s.connection_id = c.id
            \(Visibility.accounts(scope, "s.account_id")))
      FROM connection c WHERE c.household_id = \(scope.household)\(Visibility.connections(scope, "c.id")) \(rest)
      """
    ) { row in
      ListedConnection(
        id: try row(0), origin: try row(1), environment: try row(2), institutionID: try row(3),
        institutionName: try row(4), state: ConnectionState(rawValue: try row(5)) ?? .degraded, stateCode: try row(6),
        stateMessage: try row(7), progress: FeedProgress(rawValue: try row(8)) ?? .unknown, lastSuccessAt: try row(9),
        lastAttemptAt: try row(10), consentExpiresAt: try row(11), createdAt: try row(12), accounts: try row(13))
    }
  }
}

extension SyncRuns {
  /// The latest run of a connection, finished or not. Counts are nought for whom something of it is withheld.
  package static func latest(
    of connection: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> ListedRun? {
    try list(of: connection, before: nil, limit: 1, scope, session).first
  }

  /// Runs of a connection, the latest first, from before `before`.
  package static func list(
    of connection: ID<Connection>, before: ID<SyncRun>?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [ListedRun] {
    let rest: SQL = before.map { "AND id < \($0)" } ?? ""
    return try session.query(
      """
      SELECT id, kind, started_at, ended_at, phase, pages, rows, added, changed, removed, quarantined, restarts,
        oldest_on, outcome, error_code, error_message,
        CASE WHEN 1 = 1\(Visibility.wholeConnections(scope, "connection_id")) THEN 1 ELSE 0 END
      FROM sync_run WHERE household_id = \(scope.household) AND connection_id = \(connection) \(rest)
      ORDER BY id DESC LIMIT \(limit)
      """
    ) { row in
      var counts = RunCounts()
      if try row(16) {
        (counts.pages, counts.rows, counts.added) = (try row(5), try row(6), try row(7))
        (counts.changed, counts.removed, counts.quarantined) = (try row(8), try row(9), try row(10))
        (counts.restarts, counts.oldest) = (try row(11), try row(12))
      }
      return ListedRun(
        id: try row(0), kind: try row(1), startedAt: try row(2), endedAt: try row(3), phase: try row(4),
        counts: counts, outcome: try row(13), errorCode: try row(14), errorMessage: try row(15))
    }
  }
}

extension Accounts {
  /// Accounts as their household ordered them, else by age, from after `after`.
  package static func list(
    after: ID<Account>?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [ListedAccount] {
    let rest: SQL =
      after.map { id in
        """
        AND (a.position, a.id) > (
          SELECT position, id FROM account WHERE household_id = \(scope.household) AND id = \(id))
        """
      } ?? ""
    return try listed("\(rest) ORDER BY a.position, a.id LIMIT \(limit)", scope, session)
  }

  package static func listed(
    _ id: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> ListedAccount? {
    try listed("AND a.id = \(id)", scope, session).first
  }

  private static func listed(_ rest: SQL, _ scope: Scope, _ session: any Session) throws -> [ListedAccount] {
    try session.query(
      """
      SELECT a.id, c.id, c.institution_name, a.kind, a.name, a.official_name, a.mask, a.type, a.subtype, a.currency,
        a.current_minor, a.current_exact, a.available_minor, a.limit_minor, a.balance_at, a.origin,
        a.no_longer_sent_at, a.hidden, a.closed_at, a.notes,
        (SELECT h.level FROM account_share h WHERE h.household_id = a.household_id AND h.account_id = a.id)
      FROM account a
      LEFT JOIN connection c ON c.household_id = a.household_id AND c.id = (
        SELECT s.connection_id FROM account_source s WHERE s.household_id = a.household_id AND s.account_id = a.id
        ORDER BY s.is_muted, s.seen_to DESC, s.connection_id DESC LIMIT 1)
      WHERE a.household_id = \(scope.household) AND a.deleted_at IS NULL\(Visibility.accounts(scope, "a.id")) \(rest)
      """
    ) { row in
      ListedAccount(
        id: try row(0), connection: try row(1), institutionName: try row(2), kind: try row(3), name: try row(4),
        officialName: try row(5), mask: try row(6), type: try row(7), subtype: try row(8), currency: try row(9),
        currentMinor: try row(10), currentExact: try row(11), availableMinor: try row(12), limitMinor: try row(13),
        balanceAt: try row(14), origin: try row(15), noLongerSentAt: try row(16), isHidden: try row(17),
        closedAt: try row(18), notes: try row(19),
        sharing: try row(20, as: String?.self).flatMap { SharingLevel(rawValue: $0) } ?? .full)
    }
  }
}
