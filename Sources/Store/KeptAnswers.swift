package import Basics
package import Databases
package import Finance

/// What was answered under an `Idempotency-Key`, so that a repeated request gets the same answer and does nothing.
package struct KeptAnswer: Sendable {
  /// Of the request that came first.
  package var requestHash: [UInt8]
  package var begunAt: Timestamp
  /// Nil while the first request is at work, or when it ended without a word.
  package var status: Int?
  package var location: String?
  package var sealedBody: [UInt8]?
}

package enum KeptAnswers {
  /// How long a key is remembered.
  package static let age = Duration.seconds(24 * 60 * 60)

  package static func find(
    _ keyHash: [UInt8], of person: ID<User>, now: Timestamp, _ session: any Session
  ) throws -> KeptAnswer? {
    try session.first(
      """
      SELECT request_hash, begun_at, status, location, sealed_body FROM kept_answer
      WHERE person_id = \(person) AND key_hash = \(keyHash) AND begun_at > \(now - age)
      """
    ) { row in
      KeptAnswer(
        requestHash: try row(0), begunAt: try row(1), status: try row(2), location: try row(3),
        sealedBody: try row(4))
    }
  }

  /// Notes that a request began, in place of whatever stood under its key, and forgets what is too old.
  package static func begin(
    _ keyHash: [UInt8], of person: ID<User>, requestHash: [UInt8], now: Timestamp, _ session: any Session
  ) throws {
    try session.execute("DELETE FROM kept_answer WHERE begun_at <= \(now - age)")
    try forget(keyHash, of: person, session)
    try session.execute(
      """
      INSERT INTO kept_answer (person_id, key_hash, request_hash, begun_at)
      VALUES (\(person), \(keyHash), \(requestHash), \(now))
      """)
  }

  /// Keeps the answer; to be called in the transaction of its effect.
  package static func keep(
    _ keyHash: [UInt8], of person: ID<User>, status: Int, location: String?, sealedBody: [UInt8],
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE kept_answer SET status = \(status), location = \(location), sealed_body = \(sealedBody)
      WHERE person_id = \(person) AND key_hash = \(keyHash)
      """)
  }

  /// The request failed and did nothing: it may be tried again under the same key.
  package static func forget(_ keyHash: [UInt8], of person: ID<User>, _ session: any Session) throws {
    try session.execute("DELETE FROM kept_answer WHERE person_id = \(person) AND key_hash = \(keyHash)")
  }
}
