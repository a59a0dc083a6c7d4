package import Basics
package import Databases
package import Finance

/// Households and the people in them.
package enum Households {
  /// Makes a household with its first owner.
  package static func create(
    _ scope: Scope, name: String, timeZone: String, currency: Currency, now: Timestamp, _ session: any Session
  ) throws {
    try insert(scope.household, name: name, timeZone: timeZone, currency: currency, now: now, session)
    try session.execute("INSERT INTO person (id, name, created_at) VALUES (\(scope.user), \(name), \(now))")
    try session.execute(
      """
      INSERT INTO membership (household_id, person_id, role, joined_at)
      VALUES (\(scope.household), \(scope.user), 'owner', \(now))
      """)
    try Categories.seed(scope, session)
  }

  /// Makes a household that nobody belongs to yet.
  package static func insert(
    _ id: ID<Household>, name: String, timeZone: String, currency: Currency, now: Timestamp, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO household (id, name, time_zone, base_currency, created_at)
      VALUES (\(id), \(name), \(timeZone), \(currency), \(now))
      """)
  }

  package static func rename(_ name: String, _ scope: Scope, _ session: any Session) throws {
    try session.execute("UPDATE household SET name = \(name) WHERE id = \(scope.household)")
  }

  /// The first household and its owner, while one person owns the installation.
  package static func only(_ session: any Session) throws -> Scope? {
    try session.first("SELECT household_id, person_id FROM membership WHERE role = 'owner' ORDER BY joined_at LIMIT 1")
    {
      Scope(household: try $0(0), user: try $0(1))
    }
  }

  package static func timeZone(_ scope: Scope, _ session: any Session) throws -> String? {
    try askForTimeZone(scope, session).get()
  }

  package static func askForTimeZone(_ scope: Scope, _ session: any Session) throws -> Later<String?> {
    try session.askFirst("SELECT time_zone FROM household WHERE id = \(scope.household)") { try $0(0) }
  }

  package static func setTimeZone(_ name: String, _ scope: Scope, _ session: any Session) throws {
    try session.execute("UPDATE household SET time_zone = \(name) WHERE id = \(scope.household)")
  }
}
