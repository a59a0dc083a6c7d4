package import Basics
package import Databases
package import Finance

/// How a person signs in, as it is kept.
package struct StoredCredential: Sendable, Equatable {
  package var user: ID<User>
  package var name: String
  /// As the person wrote it; the folded one is only for finding it.
  package var email: String
  package var passwordHash: String
  package var totpBox: [UInt8]?
  /// Nil while the second factor is being set up, and when there is none.
  package var totpConfirmedAt: Timestamp?
  /// The last half minute whose code was taken.
  package var totpStep: Int64

  package var hasSecondFactor: Bool { totpConfirmedAt != nil && totpBox != nil }
}

/// A person as the operator's list shows them.
package struct ListedUser: Sendable, Equatable {
  package var user: ID<User>
  package var name: String
  package var email: String?
  package var hasSecondFactor: Bool
  package var createdAt: Timestamp
}

/// People and what proves that it is them. Nothing here belongs to a household.
package enum Users {
  /// The form in which addresses are compared: two that differ in case only are one person's.
  ///
  /// - Returns: Nil when it cannot be an address.
  package static func folded(email: String) -> String? {
    let text = email.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard text.utf8.count <= 254, !text.contains(" "), parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      return nil
    }
    let isControl = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    return isControl ? nil : text
  }

  package static func insert(
    _ id: ID<User>, name: String, locale: String = "en", now: Timestamp, _ session: any Session
  ) throws {
    try session.execute(
      "INSERT INTO person (id, name, locale, created_at) VALUES (\(id), \(name), \(locale), \(now))")
  }

  /// Gives a person a first way to sign in.
  ///
  /// - Returns: False when the address is somebody's already, or the person has a way.
  package static func addCredential(
    _ id: ID<User>, email: String, hash: String, now: Timestamp, _ session: any Session
  ) throws -> Bool {
    guard let folded = folded(email: email) else { return false }
    return try session.changes(
      """
      INSERT INTO credential (person_id, email, email_shown, password_hash, password_at)
      VALUES (\(id), \(folded), \(email), \(hash), \(now)) ON CONFLICT DO NOTHING
      """) == 1
  }

  package static func rename(_ id: ID<User>, _ name: String, _ session: any Session) throws {
    try session.execute("UPDATE person SET name = \(name) WHERE id = \(id)")
  }

  package static func setLocale(_ id: ID<User>, _ locale: String, _ session: any Session) throws {
    try session.execute("UPDATE person SET locale = \(locale) WHERE id = \(id)")
  }

  package static func profile(
    _ id: ID<User>, _ session: any Session
  ) throws -> (name: String, locale: String, createdAt: Timestamp)? {
    try session.first("SELECT name, locale, created_at FROM person WHERE id = \(id)") {
      (try $0(0), try $0(1), try $0(2))
    }
  }

  package static func credential(email: String, _ session: any Session) throws -> StoredCredential? {
    guard let folded = folded(email: email) else { return nil }
    return try credential("c.email = \(folded)", session)
  }

  package static func credential(of id: ID<User>, _ session: any Session) throws -> StoredCredential? {
    try credential("c.person_id = \(id)", session)
  }

  private static func credential(_ which: SQL, _ session: any Session) throws -> StoredCredential? {
    try session.first(
      """
      SELECT c.person_id, p.name, c.email_shown, c.password_hash, c.totp_box, c.totp_confirmed_at, c.totp_step
      FROM credential c JOIN person p ON p.id = c.person_id WHERE \(which)
      """
    ) { row in
      StoredCredential(
        user: try row(0), name: try row(1), email: try row(2), passwordHash: try row(3), totpBox: try row(4),
        totpConfirmedAt: try row(5), totpStep: try row(6))
    }
  }

  package static func setPassword(
    _ id: ID<User>, hash: String, now: Timestamp, _ session: any Session
  ) throws {
    try session.execute(
      "UPDATE credential SET password_hash = \(hash), password_at = \(now) WHERE person_id = \(id)")
  }

  /// The same password under another cost.
  package static func renewHash(
    _ id: ID<User>, from old: String, to new: String, _ session: any Session
  ) throws {
    try session.execute(
      "UPDATE credential SET password_hash = \(new) WHERE person_id = \(id) AND password_hash = \(old)")
  }

  /// Everybody, for the operator, but for those who wanted to be gone.
  package static func all(_ session: any Session) throws -> [ListedUser] {
    try session.query(
      """
      SELECT p.id, p.name, c.email_shown, CASE WHEN c.totp_confirmed_at IS NULL THEN 0 ELSE 1 END, p.created_at
      FROM person p LEFT JOIN credential c ON c.person_id = p.id WHERE p.name <> '' ORDER BY p.id
      """
    ) { row in
      ListedUser(
        user: try row(0), name: try row(1), email: try row(2), hasSecondFactor: try row(3), createdAt: try row(4))
    }
  }

  /// Whether anybody can sign in with a password. Until then the server waits for its first start.
  package static func hasAny(_ session: any Session) throws -> Bool {
    try session.first("SELECT 1 FROM credential LIMIT 1") { try $0(0, as: Int.self) } != nil
  }
}
