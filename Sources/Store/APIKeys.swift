package import Basics
package import Databases
package import Finance

/// Names keys to the interface.
package enum APIKey: Identified {
  package static let idPrefix = "key"
}

package struct ListedAPIKey: Sendable, Equatable {
  package var id: ID<APIKey>
  package var name: String
  /// The key's first letters, to tell it from others.
  package var hint: String
  package var scopes: String
  package var household: ID<Household>
  package var madeAt: Timestamp
  package var expiresAt: Timestamp?
  package var usedAt: Timestamp?
}

/// A new key. The key itself is shown once and kept nowhere.
package struct NewAPIKey: Sendable {
  package var id: ID<APIKey>
  package var name: String
  package var hash: [UInt8]
  package var hint: String
  /// Words with spaces between them.
  package var scopes: String
  package var expiresAt: Timestamp?

  package init(
    id: ID<APIKey>, name: String, hash: [UInt8], hint: String, scopes: String, expiresAt: Timestamp?
  ) {
    self.id = id
    self.name = name
    self.hash = hash
    self.hint = hint
    self.scopes = scopes
    self.expiresAt = expiresAt
  }
}

/// Keys with which programs ask in a person's name, in one household.
package enum APIKeys {
  package static func insert(_ new: NewAPIKey, now: Timestamp, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO api_key (id, person_id, household_id, name, hash, hint, scopes, made_at, expires_at)
      VALUES (\(new.id), \(scope.user), \(scope.household), \(new.name), \(new.hash), \(new.hint), \(new.scopes),
        \(now), \(new.expiresAt))
      """)
  }

  package static func all(of user: ID<User>, _ session: any Session) throws -> [ListedAPIKey] {
    try session.query(
      """
      SELECT id, name, hint, scopes, household_id, made_at, expires_at, used_at FROM api_key
      WHERE person_id = \(user) AND revoked_at IS NULL ORDER BY id LIMIT 500
      """
    ) { row in
      ListedAPIKey(
        id: try row(0), name: try row(1), hint: try row(2), scopes: try row(3), household: try row(4),
        madeAt: try row(5), expiresAt: try row(6), usedAt: try row(7))
    }
  }

  /// Who a key stands for; nil when it was revoked, ran out, or is none.
  package static func standing(
    hash: [UInt8], now: Timestamp, _ session: any Session
  ) throws -> (id: ID<APIKey>, standing: Standing)? {
    try standing("k.hash = \(hash)", now, session)
  }

  package static func standing(
    _ id: ID<APIKey>, now: Timestamp, _ session: any Session
  ) throws -> (id: ID<APIKey>, standing: Standing)? {
    try standing("k.id = \(id)", now, session)
  }

  private static func standing(
    _ which: SQL, _ now: Timestamp, _ session: any Session
  ) throws -> (id: ID<APIKey>, standing: Standing)? {
    try session.first(
      """
      SELECT k.id, k.person_id, k.household_id, k.used_at, k.scopes, m.household_id, m.role FROM api_key k
      LEFT JOIN membership m ON m.person_id = k.person_id AND m.household_id = k.household_id
      WHERE \(which) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > \(now))
      """
    ) { row in
      (
        try row(0),
        Standing(
          user: try row(1), household: try row(2), roles: try Memberships.role(row(5), row(6)), seenAt: try row(3),
          provedAt: nil, scopes: try row(4))
      )
    }
  }

  package static func see(_ id: ID<APIKey>, now: Timestamp, _ session: any Session) throws {
    try session.execute("UPDATE api_key SET used_at = \(now) WHERE id = \(id)")
  }

  /// - Returns: False when it is not one of theirs, or was revoked.
  package static func revoke(
    _ id: ID<APIKey>, of user: ID<User>, now: Timestamp, _ session: any Session
  ) throws -> Bool {
    try session.changes(
      "UPDATE api_key SET revoked_at = \(now) WHERE id = \(id) AND person_id = \(user) AND revoked_at IS NULL") == 1
  }
}
