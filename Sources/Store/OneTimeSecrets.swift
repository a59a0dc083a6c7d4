package import Basics
package import Databases
package import Finance

/// Secrets that open one thing once: the first start, and a new password for who forgot theirs. Kept as hashes.
package enum OneTimeSecrets {
  package static let setupTime = Duration.seconds(3_600)
  package static let resetTime = Duration.seconds(3_600)
  /// What comes by mail lies about for longer than it is needed.
  package static let mailedResetTime = Duration.seconds(1_800)

  /// The secret of the first start; an earlier one is void.
  package static func makeSetup(_ hash: [UInt8], now: Timestamp, _ session: any Session) throws {
    try session.execute("DELETE FROM one_time_secret WHERE purpose = 'setup'")
    try session.execute(
      """
      INSERT INTO one_time_secret (hash, purpose, made_at, expires_at)
      VALUES (\(hash), 'setup', \(now), \(now + setupTime))
      """)
  }

  /// A secret for a new password; an earlier one of the person is void.
  package static func makeReset(
    _ hash: [UInt8], for person: ID<User>, lasting time: Duration = resetTime, now: Timestamp, _ session: any Session
  ) throws {
    try session.execute("DELETE FROM one_time_secret WHERE purpose = 'reset' AND person_id = \(person)")
    try session.execute(
      """
      INSERT INTO one_time_secret (hash, purpose, person_id, made_at, expires_at)
      VALUES (\(hash), 'reset', \(person), \(now), \(now + time))
      """)
  }

  /// Uses the secret of the first start: once, whoever else tries at the same moment.
  package static func useSetup(_ hash: [UInt8], now: Timestamp, _ session: any Session) throws -> Bool {
    try session.changes(
      """
      UPDATE one_time_secret SET used_at = \(now)
      WHERE hash = \(hash) AND purpose = 'setup' AND used_at IS NULL AND expires_at > \(now)
      """) == 1
  }

  /// - Returns: Whose password it is for; nil when it is used up, too old, or none.
  package static func useReset(_ hash: [UInt8], now: Timestamp, _ session: any Session) throws -> ID<User>? {
    try session.first(
      """
      UPDATE one_time_secret SET used_at = \(now)
      WHERE hash = \(hash) AND purpose = 'reset' AND used_at IS NULL AND expires_at > \(now) RETURNING person_id
      """
    ) { try $0(0) }
  }

  /// Whether a secret is good, without using it.
  package static func isGood(_ hash: [UInt8], now: Timestamp, _ session: any Session) throws -> Bool {
    try session.first(
      "SELECT 1 FROM one_time_secret WHERE hash = \(hash) AND used_at IS NULL AND expires_at > \(now)"
    ) { try $0(0, as: Int.self) } != nil
  }
}
