package import Basics
package import Databases
package import Finance

/// What is left of a person who wanted to be gone: a number that other rows may name, and nothing that says who it was.
package enum ErasedPeople {
  /// Takes away how they sign in, what they are called and what was kept for them alone, in all households.
  package static func erase(_ user: ID<User>, _ session: any Session) throws {
    try session.execute(
      "DELETE FROM refresh_token WHERE session_id IN (SELECT id FROM session WHERE person_id = \(user))")
    let notices: SQL = "SELECT household_id, id FROM notification WHERE person_id = \(user)"
    try session.execute(
      "DELETE FROM notification_reader WHERE person_id = \(user) OR (household_id, notification_id) IN (\(notices))")
    let endpoints: SQL = "SELECT household_id, id FROM webhook_endpoint WHERE person_id = \(user)"
    try session.execute("DELETE FROM webhook_delivery WHERE (household_id, endpoint_id) IN (\(endpoints))")
    let tables: [SQL] = [
      "session", "api_key", "recovery_code", "one_time_secret", "credential", "kept_answer", "notification",
      "notification_mute", "webhook_endpoint", "calendar_address", "saved_view", "link_event", "advisor_use", "event",
    ]
    for table in tables { try session.execute("DELETE FROM \(table) WHERE person_id = \(user)") }
    // An invitation holds the address that it was sent to.
    try session.execute("DELETE FROM invitation WHERE invited_by = \(user) OR accepted_by = \(user)")
    // That something was done stays, and from where it was done does not.
    try session.execute("UPDATE audit SET peer = NULL, request_id = NULL WHERE person_id = \(user)")
    try session.execute("UPDATE person SET name = '', locale = 'en' WHERE id = \(user)")
  }

  /// Shuts a household that is being erased: nobody finds it any more.
  ///
  /// - Parameter keeper: Who keeps it when it stays, empty; nil: nobody.
  package static func shut(
    _ household: ID<Household>, keeper: ID<User>?, now: Timestamp, _ session: any Session
  ) throws {
    let theirs: SQL = "household_id = \(household)"
    try session.execute(
      "DELETE FROM kept_answer WHERE person_id IN (SELECT person_id FROM membership WHERE \(theirs))")
    let others: SQL = keeper.map { "AND person_id <> \($0)" } ?? ""
    try session.execute("DELETE FROM membership WHERE \(theirs) \(others)")
    try session.execute("UPDATE api_key SET revoked_at = \(now) WHERE \(theirs) AND revoked_at IS NULL")
    try session.execute("UPDATE session SET household_id = NULL WHERE \(theirs) \(others)")
  }

  /// Households of a person, and how many others belong to each; with whether one of those owns it.
  package static func households(
    of user: ID<User>, _ session: any Session
  ) throws -> [(id: ID<Household>, others: Int, isOwnedByOthers: Bool)] {
    try session.query(
      """
      SELECT m.household_id, COUNT(o.person_id), COALESCE(MAX(CASE WHEN o.role = 'owner' THEN 1 ELSE 0 END), 0)
      FROM membership m
      LEFT JOIN membership o ON o.household_id = m.household_id AND o.person_id <> m.person_id
      WHERE m.person_id = \(user) GROUP BY m.household_id ORDER BY m.household_id
      """
    ) { (try $0(0), try $0(1), try $0(2, as: Int.self) == 1) }
  }

  /// What a person linked and wrote down by hand in a household that goes on without them.
  package static func belongings(
    of user: ID<User>, in household: ID<Household>, _ session: any Session
  ) throws -> (connections: [ID<Connection>], accounts: [ID<Account>]) {
    let theirs: SQL = "household_id = \(household) AND person_id = \(user)"
    return (
      try session.query("SELECT id FROM connection WHERE \(theirs) ORDER BY id") { try $0(0) },
      try session.query("SELECT id FROM account WHERE \(theirs) ORDER BY id") { try $0(0) }
    )
  }
}
