package import Basics
package import Databases
package import Finance

/// A connection as it is kept.
package struct StoredConnection: Sendable, Equatable {
  package var id: ID<Connection>
  package var origin: String
  package var environment: String
  package var host: String
  package var itemID: String
  package var institutionID: String?
  package var institutionName: String?
  package var sealedToken: [UInt8]?
  package var state: ConnectionState
  package var stateCode: String?
  package var cursor: String
  package var progress: FeedProgress
  package var lastSuccessAt: Timestamp?
  /// A person said yes: accounts of this connection may take the place of those known from an earlier one.
  package var adopts: Bool
}

/// A new connection, before its first sync.
package struct NewConnection: Sendable {
  package var id: ID<Connection>
  package var origin: Origin
  package var environment: String
  package var host: String
  package var itemID: String
  package var institutionID: String?
  package var institutionName: String?
  package var sealedToken: [UInt8]?
  package var adopts: Bool

  package init(
    id: ID<Connection>, origin: Origin, environment: String, host: String, itemID: String, institutionID: String? = nil,
    institutionName: String? = nil, sealedToken: [UInt8]? = nil, adopts: Bool = false
  ) {
    self.id = id
    self.origin = origin
    self.environment = environment
    self.host = host
    self.itemID = itemID
    self.institutionID = institutionID
    self.institutionName = institutionName
    self.sealedToken = sealedToken
    self.adopts = adopts
  }
}

/// The right to change what a connection's sync changes, for a while. A greater fence is a later holder.
package struct Lease: Sendable, Equatable {
  package var connection: ID<Connection>
  package var owner: String
  package var fence: Int64
}

/// Connections: their sealed token, their cursor, and who may sync them now.
package enum Connections {
  package static func insert(_ new: NewConnection, _ scope: Scope, now: Timestamp, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO connection (household_id, id, person_id, origin, environment, host, provider_item_id, institution_id,
        institution_name, sealed_token, state, adopts, created_at)
      VALUES (\(scope.household), \(new.id), \(scope.user), \(new.origin.rawValue), \(new.environment), \(new.host),
        \(new.itemID), \(new.institutionID), \(new.institutionName), \(new.sealedToken),
        \(ConnectionState.pending.rawValue), \(new.adopts), \(now))
      """)
    try session.execute(
      """
      INSERT INTO provider_route (environment, host, provider_item_id, household_id, connection_id)
      VALUES (\(new.environment), \(new.host), \(new.itemID), \(scope.household), \(new.id))
      """)
  }

  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredConnection] {
    try session.query(
      """
      SELECT \(columns) FROM connection WHERE household_id = \(scope.household)\(Visibility.connections(scope, "id")) ORDER BY id
      """, make)
  }

  package static func find(
    _ id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> StoredConnection? {
    try askFor(id, scope, session).get()
  }

  package static func askFor(
    _ id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Later<StoredConnection?> {
    try session.askFirst(
      """
      SELECT id, origin, environment, host, provider_item_id, institution_id, institution_name, sealed_token, state,
        state_code, cursor, progress, last_success_at, adopts
      FROM connection WHERE household_id = \(scope.household) AND id = \(id)\(Visibility.connections(scope, "id"))
      """, make)
  }

  private static let columns: SQL = """
    id, origin, environment, host, provider_item_id, institution_id, institution_name, sealed_token, state,
    state_code, cursor, progress, last_success_at, adopts
    """

  /// A connection of a household, whoever linked it, and who that was: for work that nobody is signed in for.
  package static func ofAnybody(
    _ id: ID<Connection>, in household: ID<Household>, _ session: any Session
  ) throws -> (connection: StoredConnection, owner: Scope)? {
    try session.first(
      "SELECT \(columns), person_id FROM connection WHERE household_id = \(household) AND id = \(id)"
    ) { (try make($0), Scope(household: household, user: try $0(14))) }
  }

  private static func make(_ row: borrowing Row) throws -> StoredConnection {
    StoredConnection(
      id: try row(0), origin: try row(1), environment: try row(2), host: try row(3), itemID: try row(4),
      institutionID: try row(5), institutionName: try row(6), sealedToken: try row(7),
      state: ConnectionState(rawValue: try row(8)) ?? .degraded, stateCode: try row(9), cursor: try row(10),
      progress: FeedProgress(rawValue: try row(11)) ?? .unknown, lastSuccessAt: try row(12), adopts: try row(13))
  }

  /// Nobody takes a lease for so much longer than the next: one that lasts longer was taken by a clock that was wrong.
  private static let leaseSlack = Duration.seconds(600)

  /// Takes the lease when it is free or has run out, under a fence greater than any before; nil when another holds it.
  package static func takeLease(
    _ id: ID<Connection>, owner: String, until: Timestamp, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Lease? { try askForLease(id, owner: owner, until: until, now: now, scope, session).get() }

  package static func askForLease(
    _ id: ID<Connection>, owner: String, until: Timestamp, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Later<Lease?> {
    var isFree: SQL =
      "lease_owner IS NULL OR lease_expires_at <= \(now) OR lease_expires_at > \(until + leaseSlack)"
    #if MUTANTS
      if Mutant.isOn(.ignoreLease) { isFree = "1 = 1" }
    #endif
    return try session.askFirst(
      """
      UPDATE connection
      SET lease_owner = \(owner), lease_expires_at = \(until), fence = fence + 1, last_attempt_at = \(now)
      WHERE household_id = \(scope.household) AND id = \(id)
        AND (\(isFree))
      RETURNING fence
      """
    ) { Lease(connection: id, owner: owner, fence: try $0(0)) }
  }

  /// False when the lease was lost meanwhile.
  package static func renew(
    _ lease: Lease, until: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    try session.changes(
      """
      UPDATE connection SET lease_expires_at = \(until)
      WHERE household_id = \(scope.household) AND id = \(lease.connection) AND fence = \(lease.fence)
        AND lease_owner = \(lease.owner)
      """) == 1
  }

  /// Whether nobody has taken the lease since: checked in the transaction that applies what was fetched under it.
  ///
  /// The fence alone does not tell: a server that takes over from one that died may not know of the last leases, and
  /// then gives their numbers out a second time. So the holder, whose name is used for one run only, is compared too.
  package static func holds(_ lease: Lease, _ scope: Scope, _ session: any Session) throws -> Bool {
    try askWhetherHeld(lease, scope, session).get()
  }

  package static func askWhetherHeld(
    _ lease: Lease, _ scope: Scope, _ session: any Session
  ) throws -> Later<Bool> {
    try session.askFirst(
      """
      SELECT fence, lease_owner FROM connection
      WHERE household_id = \(scope.household) AND id = \(lease.connection)
      """
    ) { (fence: try $0(0, as: Int64.self), owner: try $0(1, as: String?.self)) }.map { held in
      #if MUTANTS
        if Mutant.isOn(.ignoreLease) { return true }
        if Mutant.isOn(.fenceLessOrEqual) { return held.map { lease.fence <= $0.fence } ?? false }
      #endif
      return held?.fence == lease.fence && held?.owner == lease.owner
    }
  }

  package static func release(_ lease: Lease, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      UPDATE connection SET lease_owner = NULL, lease_expires_at = 0
      WHERE household_id = \(scope.household) AND id = \(lease.connection) AND fence = \(lease.fence)
        AND lease_owner = \(lease.owner)
      """)
  }

  /// Moves the cursor together with the rows it stands for. What that makes of the connection's state is for its state
  /// machine to say.
  package static func advance(
    _ id: ID<Connection>, to cursor: String, progress: FeedProgress, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE connection SET cursor = \(cursor), progress = \(progress.rawValue), last_success_at = \(now)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }

  /// What the provider says about the connection itself; what it does not say stays.
  package static func describe(
    _ id: ID<Connection>, institutionID: String?, institutionName: String?, consentExpiresAt: Timestamp?,
    _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE connection SET institution_id = COALESCE(institution_id, \(institutionID)),
        institution_name = COALESCE(\(institutionName), institution_name), consent_expires_at = \(consentExpiresAt)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }

  package static func setState(
    _ id: ID<Connection>, _ state: ConnectionState, code: String?, message: String?, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE connection SET state = \(state.rawValue), state_code = \(code), state_message = \(message)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }
}
