package import Basics
package import Databases
package import Finance

/// How much of their accounts people show to the rest of their household. Nothing set means everything.
package enum Sharing {
  /// Sets what the others see of an account that the person has.
  ///
  /// - Returns: False when the account is not theirs, or unknown: nothing was written.
  package static func set(
    _ level: SharingLevel, for account: ID<Account>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    guard try isOwn(account, scope, session) else { return false }
    if level == .full {
      try session.execute(
        "DELETE FROM account_share WHERE household_id = \(scope.household) AND account_id = \(account)")
    } else {
      try session.execute(
        """
        INSERT INTO account_share (household_id, account_id, level, set_by, set_at)
        VALUES (\(scope.household), \(account), \(level.rawValue), \(scope.user), \(now))
        ON CONFLICT (household_id, account_id) DO UPDATE SET level = excluded.level, set_by = excluded.set_by,
          set_at = excluded.set_at
        """)
    }
    // Without the account's name: whoever may not know of it may not know of this either.
    try Events.append([NewEvent(kind: "account.changed", body: "{\"ids\":[]}")], now: now, scope, session)
    return true
  }

  /// What the others see of an account; nil when the person does not see it.
  package static func level(
    of account: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> SharingLevel? {
    try session.first(
      """
      SELECT s.level FROM account a
      LEFT JOIN account_share s ON s.household_id = a.household_id AND s.account_id = a.id
      WHERE a.household_id = \(scope.household) AND a.id = \(account)\(Visibility.accounts(scope, "a.id"))
      """
    ) { try $0(0, as: String?.self).flatMap { SharingLevel(rawValue: $0) } ?? .full }
  }

  /// Whether somebody in the household keeps anything to themselves.
  package static func isAnythingWithheld(_ scope: Scope, _ session: any Session) throws -> Bool {
    try session.first("SELECT 1 FROM account_share WHERE household_id = \(scope.household) LIMIT 1") {
      try $0(0, as: Int.self)
    } != nil
  }

  /// Whether the account is the person's: through a connection of theirs, or because they made it by hand.
  package static func isOwn(
    _ account: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    try session.first(
      """
      SELECT 1 FROM account a
      WHERE a.household_id = \(scope.household) AND a.id = \(account) AND a.id IN (\(owned(scope)))
      """
    ) { try $0(0, as: Int.self) } != nil
  }

  /// The ids of the person's own accounts.
  static func owned(_ scope: Scope) -> SQL {
    """
    SELECT ws.account_id FROM connection wc
    JOIN account_source ws ON ws.household_id = wc.household_id AND ws.connection_id = wc.id
    WHERE wc.household_id = \(scope.household) AND wc.person_id = \(scope.user)
    UNION ALL
    SELECT wa.id FROM account wa WHERE wa.household_id = \(scope.household) AND wa.person_id = \(scope.user)
    """
  }
}
