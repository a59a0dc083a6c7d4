package import Basics
package import Databases
package import Finance

/// Names invitations.
package enum Invitation: Identified {
  package static let idPrefix = "inv"
}

package struct ListedInvitation: Sendable, Equatable {
  package var id: ID<Invitation>
  package var role: Role
  package var email: String?
  package var invitedBy: ID<User>
  package var madeAt: Timestamp
  package var expiresAt: Timestamp
}

/// Ways into a household: each opens once, for a week, for one role. Only hashes are kept.
package enum Invitations {
  package static let lifetime = Duration.seconds(7 * 86_400)

  /// - Parameter email: Whom it is for, for the list; whoever holds the link may use it.
  package static func insert(
    _ id: ID<Invitation>, hash: [UInt8], role: Role, email: String?, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO invitation (household_id, id, hash, role, email, invited_by, made_at, expires_at)
      VALUES (\(scope.household), \(id), \(hash), \(role.rawValue), \(email), \(scope.user), \(now), \(now + lifetime))
      """)
  }

  /// Those that still open.
  package static func open(now: Timestamp, _ scope: Scope, _ session: any Session) throws -> [ListedInvitation] {
    try session.query(
      """
      SELECT id, role, email, invited_by, made_at, expires_at FROM invitation
      WHERE household_id = \(scope.household) AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > \(now)
      ORDER BY id LIMIT 500
      """
    ) { row in
      ListedInvitation(
        id: try row(0), role: Role(rawValue: try row(1)) ?? .viewer, email: try row(2), invitedBy: try row(3),
        madeAt: try row(4), expiresAt: try row(5))
    }
  }

  /// - Returns: False when there is none that still opens.
  package static func revoke(
    _ id: ID<Invitation>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    try session.changes(
      """
      UPDATE invitation SET revoked_at = \(now)
      WHERE household_id = \(scope.household) AND id = \(id) AND accepted_at IS NULL AND revoked_at IS NULL
      """) == 1
  }

  /// Where an invitation leads, without using it; nil when it opens nothing.
  package static func household(
    of hash: [UInt8], now: Timestamp, _ session: any Session
  ) throws -> ID<Household>? {
    try session.first(
      """
      SELECT household_id FROM invitation
      WHERE hash = \(hash) AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > \(now)
      """
    ) { try $0(0) }
  }

  /// Uses an invitation: once, whoever else tries at the same moment.
  ///
  /// - Returns: Where the person belongs now; nil when it opens nothing.
  package static func accept(
    _ hash: [UInt8], by user: ID<User>, now: Timestamp, _ session: any Session
  ) throws -> (household: ID<Household>, role: Role, id: ID<Invitation>)? {
    let used = try session.first(
      """
      UPDATE invitation SET accepted_by = \(user), accepted_at = \(now)
      WHERE hash = \(hash) AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > \(now)
      RETURNING household_id, role, id
      """
    ) { (try $0(0, as: ID<Household>.self), Role(rawValue: try $0(1)), try $0(2, as: ID<Invitation>.self)) }
    guard let (household, role, id) = used, let role else { return nil }
    try Memberships.add(user, to: household, role, now: now, session)
    return (household, role, id)
  }
}
