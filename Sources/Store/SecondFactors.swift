package import Basics
package import Databases
package import Finance

/// Second factors: a sealed secret that makes codes, and codes on paper for when the phone is lost.
package enum SecondFactors {
  /// Begins setting one up; a secret that was never confirmed gives way.
  ///
  /// - Returns: False when one is in use: it has to be taken away first.
  package static func begin(_ id: ID<User>, box: [UInt8], _ session: any Session) throws -> Bool {
    try session.changes(
      """
      UPDATE credential SET totp_box = \(box), totp_step = 0 WHERE person_id = \(id) AND totp_confirmed_at IS NULL
      """) == 1
  }

  /// The person has shown that their app makes the right codes: from now on they are asked for.
  ///
  /// - Parameter hashes: Of the codes on paper.
  package static func confirm(
    _ id: ID<User>, step: Int64, hashes: [[UInt8]], now: Timestamp, _ session: any Session
  ) throws -> Bool {
    let isConfirmed = try session.changes(
      """
      UPDATE credential SET totp_confirmed_at = \(now), totp_step = \(step)
      WHERE person_id = \(id) AND totp_box IS NOT NULL AND totp_confirmed_at IS NULL
      """)
    guard isConfirmed == 1 else { return false }
    try replaceCodes(id, hashes, session)
    return true
  }

  /// Takes a code for good, unless it or a later one was taken before: two requests at once cannot both use it.
  package static func use(step: Int64, _ id: ID<User>, _ session: any Session) throws -> Bool {
    try session.changes(
      "UPDATE credential SET totp_step = \(step) WHERE person_id = \(id) AND totp_step < \(step)") == 1
  }

  package static func remove(_ id: ID<User>, _ session: any Session) throws {
    try session.execute(
      "UPDATE credential SET totp_box = NULL, totp_confirmed_at = NULL, totp_step = 0 WHERE person_id = \(id)")
    try session.execute("DELETE FROM recovery_code WHERE person_id = \(id)")
  }

  package static func replaceCodes(_ id: ID<User>, _ hashes: [[UInt8]], _ session: any Session) throws {
    try session.execute("DELETE FROM recovery_code WHERE person_id = \(id)")
    for hash in hashes {
      try session.execute("INSERT INTO recovery_code (person_id, hash) VALUES (\(id), \(hash))")
    }
  }

  /// - Returns: False when it is none of theirs, or was used.
  package static func useCode(_ hash: [UInt8], _ id: ID<User>, now: Timestamp, _ session: any Session) throws -> Bool {
    try session.changes(
      """
      UPDATE recovery_code SET used_at = \(now) WHERE person_id = \(id) AND hash = \(hash) AND used_at IS NULL
      """) == 1
  }

  package static func codesLeft(_ id: ID<User>, _ session: any Session) throws -> Int {
    try session.first("SELECT COUNT(*) FROM recovery_code WHERE person_id = \(id) AND used_at IS NULL") {
      try $0(0)
    } ?? 0
  }
}
