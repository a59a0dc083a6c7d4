package import Basics
package import Databases
package import Finance

/// Somebody in a household.
package struct Member: Sendable, Equatable {
  package var user: ID<User>
  package var name: String
  package var email: String?
  package var role: Role
  package var joinedAt: Timestamp
}

/// A household as one of its people sees it.
package struct ListedHousehold: Sendable, Equatable {
  package var id: ID<Household>
  package var name: String
  package var role: Role
  package var settings: HouseholdSettings
  package var createdAt: Timestamp
}

/// Who belongs to which household, and as what.
package enum Memberships {
  /// Why somebody stays what they are.
  package enum Refusal: Error, Sendable, Equatable {
    case notAMember
    /// A household without an owner could never be changed again.
    case lastOwner
  }

  static func role(_ household: ID<Household>?, _ role: String?) -> [ID<Household>: Role] {
    guard let household, let role = role.flatMap(Role.init(rawValue:)) else { return [:] }
    return [household: role]
  }

  package static func households(of user: ID<User>, _ session: any Session) throws -> [ListedHousehold] {
    try session.query(
      """
      SELECT h.id, h.name, m.role, h.time_zone, h.base_currency, h.first_weekday, h.first_month_day, h.created_at
      FROM membership m JOIN household h ON h.id = m.household_id WHERE m.person_id = \(user) ORDER BY h.id
      """
    ) { row in
      ListedHousehold(
        id: try row(0), name: try row(1), role: Role(rawValue: try row(2)) ?? .viewer,
        settings: HouseholdSettings(
          timeZone: try row(3), baseCurrency: try row(4), firstWeekday: try row(5), firstMonthDay: try row(6)),
        createdAt: try row(7))
    }
  }

  package static func members(_ scope: Scope, _ session: any Session) throws -> [Member] {
    try session.query(
      """
      SELECT m.person_id, p.name, c.email_shown, m.role, m.joined_at FROM membership m
      JOIN person p ON p.id = m.person_id LEFT JOIN credential c ON c.person_id = m.person_id
      WHERE m.household_id = \(scope.household) ORDER BY m.joined_at, m.person_id
      """
    ) { row in
      Member(
        user: try row(0), name: try row(1), email: try row(2), role: Role(rawValue: try row(3)) ?? .viewer,
        joinedAt: try row(4))
    }
  }

  package static func role(of user: ID<User>, _ scope: Scope, _ session: any Session) throws -> Role? {
    try session.first(
      "SELECT role FROM membership WHERE household_id = \(scope.household) AND person_id = \(user)"
    ) { Role(rawValue: try $0(0)) } ?? nil
  }

  /// - Returns: False when they belong to it already; their role stays.
  @discardableResult
  package static func add(
    _ user: ID<User>, to household: ID<Household>, _ role: Role, now: Timestamp, _ session: any Session
  ) throws -> Bool {
    try session.changes(
      """
      INSERT INTO membership (household_id, person_id, role, joined_at)
      VALUES (\(household), \(user), \(role.rawValue), \(now)) ON CONFLICT DO NOTHING
      """) == 1
  }

  package static func setRole(
    of user: ID<User>, _ role: Role, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    if role < .owner { try keepAnOwner(besides: user, scope, session) }
    let changed = try session.changes(
      """
      UPDATE membership SET role = \(role.rawValue)
      WHERE household_id = \(scope.household) AND person_id = \(user)
      """)
    if changed == 0 { throw Refusal.notAMember }
    // What they invited to is never above what they are.
    let above = Role.allCases.filter { $0 > role }.map(\.rawValue)
    try session.execute(
      """
      UPDATE invitation SET revoked_at = \(now)
      WHERE household_id = \(scope.household) AND invited_by = \(user) AND accepted_at IS NULL AND revoked_at IS NULL
        AND role IN \(list: above)
      """)
  }

  /// Ends a membership. What the person had linked goes to `heir`; without one the links are
  /// ended, and their rows stay.
  package static func remove(
    _ user: ID<User>, heir: ID<User>?, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try keepAnOwner(besides: user, scope, session)
    if let heir {
      guard heir != user, try role(of: heir, scope, session) != nil else { throw Refusal.notAMember }
      // What was kept from the others goes with the accounts: the heir has them now.
      try session.execute(
        """
        UPDATE connection SET person_id = \(heir) WHERE household_id = \(scope.household) AND person_id = \(user)
        """)
      try session.execute(
        "UPDATE account SET person_id = \(heir) WHERE household_id = \(scope.household) AND person_id = \(user)")
    } else {
      try session.execute(
        """
        UPDATE connection SET state = \(ConnectionState.removing.rawValue)
        WHERE household_id = \(scope.household) AND person_id = \(user)
          AND state <> \(ConnectionState.removed.rawValue)
        """)
    }
    let removed = try session.changes(
      "DELETE FROM membership WHERE household_id = \(scope.household) AND person_id = \(user)")
    if removed == 0 { throw Refusal.notAMember }
    try session.execute(
      """
      UPDATE api_key SET revoked_at = \(now)
      WHERE household_id = \(scope.household) AND person_id = \(user) AND revoked_at IS NULL
      """)
    // Whoever is gone invites nobody any more.
    try session.execute(
      """
      UPDATE invitation SET revoked_at = \(now)
      WHERE household_id = \(scope.household) AND invited_by = \(user) AND accepted_at IS NULL AND revoked_at IS NULL
      """)
  }

  private static func keepAnOwner(besides user: ID<User>, _ scope: Scope, _ session: any Session) throws {
    guard let role = try role(of: user, scope, session) else { throw Refusal.notAMember }
    guard role == .owner else { return }
    let others = try session.first(
      """
      SELECT COUNT(*) FROM membership
      WHERE household_id = \(scope.household) AND role = 'owner' AND person_id <> \(user)
      """
    ) { try $0(0, as: Int.self) }
    if others == 0 { throw Refusal.lastOwner }
  }
}
