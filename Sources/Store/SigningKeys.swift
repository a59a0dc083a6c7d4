package import Basics
package import Databases

/// A key that signs access tokens, sealed.
package struct StoredSigningKey: Sendable, Equatable {
  /// The token's `kid`.
  package var id: String
  package var box: [UInt8]
  package var madeAt: Timestamp

  package init(id: String, box: [UInt8], madeAt: Timestamp) {
    self.id = id
    self.box = box
    self.madeAt = madeAt
  }
}

/// Keys that sign access tokens, shared by everything that runs on this database.
package enum SigningKeys {
  /// After so long another key signs.
  package static let signingTime = Duration.seconds(30 * 86_400)
  /// After so long nothing that it signed is good any more.
  package static let lifetime = Duration.seconds(31 * 86_400)

  /// The latest first; those that are too old are gone.
  package static func all(now: Timestamp, _ session: any Session) throws -> [StoredSigningKey] {
    try session.query(
      "SELECT id, box, made_at FROM signing_key WHERE made_at > \(now - lifetime) ORDER BY made_at DESC, id"
    ) { StoredSigningKey(id: try $0(0), box: try $0(1), madeAt: try $0(2)) }
  }

  package static func insert(_ key: StoredSigningKey, now: Timestamp, _ session: any Session) throws {
    try session.execute("DELETE FROM signing_key WHERE made_at <= \(now - lifetime)")
    try session.execute("INSERT INTO signing_key (id, box, made_at) VALUES (\(key.id), \(key.box), \(key.madeAt))")
  }
}
