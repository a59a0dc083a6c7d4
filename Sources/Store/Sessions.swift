package import Basics
package import Databases
package import Finance

/// Names sign-ins.
package enum SignIn: Identified {
  package static let idPrefix = "ses"
}

/// A sign-in as its person sees it.
package struct ListedSession: Sendable, Equatable {
  package var id: ID<SignIn>
  package var kind: String
  package var madeAt: Timestamp
  package var seenAt: Timestamp
  package var expiresAt: Timestamp
  package var client: String?
  package var peer: String?
}

/// A new sign-in.
package struct NewSession: Sendable {
  package var id: ID<SignIn>
  package var user: ID<User>
  /// Where its requests act unless they say otherwise; nil for somebody who belongs nowhere yet.
  package var household: ID<Household>?
  /// For browsers: the digest of the cookie.
  package var cookieHash: [UInt8]?
  package var client: String?
  package var peer: String?

  package init(
    id: ID<SignIn>, user: ID<User>, household: ID<Household>?, cookieHash: [UInt8]? = nil, client: String? = nil,
    peer: String? = nil
  ) {
    self.id = id
    self.user = user
    self.household = household
    self.cookieHash = cookieHash
    self.client = client
    self.peer = peer
  }
}

/// Who a credential stands for now, and what they are in each of their households.
package struct Standing: Sendable, Equatable {
  package var user: ID<User>
  /// That of the credential.
  package var household: ID<Household>?
  package var roles: [ID<Household>: Role]
  package var seenAt: Timestamp?
  /// For a sign-in: when the person last proved who they are.
  package var provedAt: Timestamp?
  /// For a key: the words of what it may be used for.
  package var scopes: String?
}

/// Sign-ins of people: what a token or a cookie stands for. Ended ones are kept until they would have run out.
package enum Sessions {
  /// Without being used for so long a sign-in ends.
  package static let lifetime = Duration.seconds(30 * 86_400)
  /// A refresh token that comes twice within this was most likely lost on its way.
  package static let retryTime = Duration.seconds(10)

  package static func insert(_ new: NewSession, now: Timestamp, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO session (id, person_id, household_id, kind, cookie_hash, made_at, proved_at, seen_at, expires_at,
        client, peer)
      VALUES (\(new.id), \(new.user), \(new.household), \(new.cookieHash == nil ? "token" : "cookie"),
        \(new.cookieHash), \(now), \(now), \(now), \(now + lifetime), \(new.client), \(new.peer))
      """)
  }

  /// Who a sign-in stands for; nil when it ended.
  package static func standing(_ id: ID<SignIn>, now: Timestamp, _ session: any Session) throws -> Standing? {
    try standing("s.id = \(id)", now, session)?.standing
  }

  package static func standing(
    cookieHash: [UInt8], now: Timestamp, _ session: any Session
  ) throws -> (id: ID<SignIn>, standing: Standing)? {
    try standing("s.cookie_hash = \(cookieHash)", now, session)
  }

  private static func standing(
    _ which: SQL, _ now: Timestamp, _ session: any Session
  ) throws -> (id: ID<SignIn>, standing: Standing)? {
    let rows = try session.query(
      """
      SELECT s.id, s.person_id, s.household_id, s.seen_at, s.proved_at, m.household_id, m.role FROM session s
      LEFT JOIN membership m ON m.person_id = s.person_id
      WHERE \(which) AND s.ended_at IS NULL AND s.expires_at > \(now)
      """
    ) { row in
      (
        id: try row(0, as: ID<SignIn>.self),
        standing: Standing(
          user: try row(1), household: try row(2), roles: try Memberships.role(row(5), row(6)), seenAt: try row(3),
          provedAt: try row(4))
      )
    }
    guard var found = rows.first else { return nil }
    for row in rows.dropFirst() { found.standing.roles.merge(row.standing.roles) { $1 } }
    return found
  }

  /// It is in use: it lives on from now.
  package static func see(_ id: ID<SignIn>, now: Timestamp, _ session: any Session) throws {
    try session.execute(
      "UPDATE session SET seen_at = \(now), expires_at = \(now + lifetime) WHERE id = \(id) AND ended_at IS NULL")
  }

  /// The person has proved again who they are.
  package static func prove(_ id: ID<SignIn>, now: Timestamp, _ session: any Session) throws {
    try session.execute("UPDATE session SET proved_at = \(now) WHERE id = \(id) AND ended_at IS NULL")
  }

  package static func all(of user: ID<User>, now: Timestamp, _ session: any Session) throws -> [ListedSession] {
    try session.query(
      """
      SELECT id, kind, made_at, seen_at, expires_at, client, peer FROM session
      WHERE person_id = \(user) AND ended_at IS NULL AND expires_at > \(now) ORDER BY id DESC LIMIT 500
      """
    ) { row in
      ListedSession(
        id: try row(0), kind: try row(1), madeAt: try row(2), seenAt: try row(3), expiresAt: try row(4),
        client: try row(5), peer: try row(6))
    }
  }

  /// - Returns: False when it is not one of theirs, or ended.
  @discardableResult
  package static func end(
    _ id: ID<SignIn>, of user: ID<User>, now: Timestamp, _ session: any Session
  ) throws -> Bool {
    try session.changes(
      "UPDATE session SET ended_at = \(now) WHERE id = \(id) AND person_id = \(user) AND ended_at IS NULL") == 1
  }

  /// Signs a person out everywhere.
  ///
  /// - Parameter kept: The one that goes on.
  @discardableResult
  package static func endAll(
    of user: ID<User>, but kept: ID<SignIn>? = nil, now: Timestamp, _ session: any Session
  ) throws -> Int {
    try session.changes(
      """
      UPDATE session SET ended_at = \(now)
      WHERE person_id = \(user) AND ended_at IS NULL AND id <> \(kept ?? ID(bits: 0))
      """)
  }
}

/// Refresh tokens: each is good for one exchange, and one that comes twice ends its sign-in.
extension Sessions {
  package enum Exchange: Sendable, Equatable {
    case done(ID<SignIn>)
    /// The same token again so soon that its answer was lost: the same successor is given again.
    case again(ID<SignIn>)
    /// Somebody else has it too: the sign-in was ended.
    case stolen(ID<SignIn>, ID<User>)
    case unknown
  }

  package static func keepRefreshToken(
    _ hash: [UInt8], _ id: ID<SignIn>, now: Timestamp, _ session: any Session
  ) throws {
    try session.execute(
      "INSERT INTO refresh_token (hash, session_id, made_at) VALUES (\(hash), \(id), \(now)) ON CONFLICT DO NOTHING")
  }

  /// Takes a token and keeps its successor.
  ///
  /// - Parameter successor: Follows from the token, so that the same token gives the same one.
  package static func exchange(
    _ hash: [UInt8], successor: [UInt8], now: Timestamp, _ session: any Session
  ) throws -> Exchange {
    let found = try session.first(
      """
      SELECT r.session_id, r.used_at, s.person_id FROM refresh_token r JOIN session s ON s.id = r.session_id
      WHERE r.hash = \(hash) AND s.ended_at IS NULL AND s.expires_at > \(now)
      """
    ) { (try $0(0, as: ID<SignIn>.self), try $0(1, as: Timestamp?.self), try $0(2, as: ID<User>.self)) }
    guard let (id, usedAt, user) = found else { return .unknown }
    guard let usedAt else {
      try session.execute("UPDATE refresh_token SET used_at = \(now) WHERE hash = \(hash)")
      try keepRefreshToken(successor, id, now: now, session)
      try see(id, now: now, session)
      return .done(id)
    }
    let isUnused = try session.first("SELECT 1 FROM refresh_token WHERE hash = \(successor) AND used_at IS NULL") {
      try $0(0, as: Int.self)
    }
    if isUnused != nil, now - usedAt <= retryTime { return .again(id) }
    try end(id, of: user, now: now, session)
    return .stolen(id, user)
  }
}
