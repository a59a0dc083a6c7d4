package import Basics
package import Databases
package import Finance

/// Names webhooks that came in.
package enum IncomingWebhook: Identified {
  package static let idPrefix = "whi"
}

/// A webhook as it came.
package struct NewWebhook: Sendable, Equatable {
  package var id: ID<IncomingWebhook>
  /// The SHA-256 of the token it was signed with.
  package var tokenHash: [UInt8]
  package var environment: String
  package var itemID: String?
  package var type: String
  package var code: String
  package var body: [UInt8]

  package init(
    id: ID<IncomingWebhook>, tokenHash: [UInt8], environment: String, itemID: String?, type: String, code: String,
    body: [UInt8]
  ) {
    self.id = id
    self.tokenHash = tokenHash
    self.environment = environment
    self.itemID = itemID
    self.type = type
    self.code = code
    self.body = body
  }
}

/// What became of a webhook. Stored as text.
package enum WebhookOutcome: String, Sendable, CaseIterable {
  /// It changed something here.
  case taken
  /// It says nothing that has to be acted on.
  case noted
  /// Nobody told us what it means. It is kept.
  case unknown
  /// Nobody here has the connection it is about: not yet, or not any more.
  case unplaced
}

/// Webhooks that came in, kept for a while with what became of them.
package enum WebhookEvents {
  /// Days that they are kept. A token is only believed for minutes, so repetitions are recognised long enough.
  private static let daysKept: Int64 = 30

  /// - Returns: False when the same signed webhook was recorded before.
  package static func record(_ new: NewWebhook, now: Timestamp, _ session: any Session) throws -> Bool {
    try session.changes(
      """
      INSERT INTO webhook_event (token_hash, id, received_at, environment, item_id, type, code, body, outcome)
      VALUES (\(new.tokenHash), \(new.id), \(now), \(new.environment), \(new.itemID), \(new.type), \(new.code),
        \(new.body), \(WebhookOutcome.unplaced.rawValue))
      ON CONFLICT DO NOTHING
      """) == 1
  }

  package static func settle(
    _ id: ID<IncomingWebhook>, _ outcome: WebhookOutcome,
    _ place: (household: ID<Household>, connection: ID<Connection>)?, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE webhook_event SET outcome = \(outcome.rawValue), household_id = \(place?.household),
        connection_id = \(place?.connection)
      WHERE id = \(id)
      """)
  }

  /// Counts a webhook by what became of it; codes beyond those that are known count together.
  package static func count(
    type: String, code: String, _ outcome: String, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO webhook_count (type, code, outcome, count) VALUES (\(type), \(code), \(outcome), 1)
      ON CONFLICT (type, code, outcome) DO UPDATE SET count = webhook_count.count + 1
      """)
  }

  package static func counts(_ session: any Session) throws -> [(
    type: String, code: String, outcome: String, count: Int
  )] {
    try session.query("SELECT type, code, outcome, count FROM webhook_count ORDER BY type, code, outcome") {
      (try $0(0), try $0(1), try $0(2), try $0(3))
    }
  }

  /// The body of a webhook that is to be looked at again; nil when it is gone.
  package static func body(_ id: ID<IncomingWebhook>, _ session: any Session) throws -> [UInt8]? {
    try session.first("SELECT body FROM webhook_event WHERE id = \(id)") { try $0(0) }
  }

  package static func forget(now: Timestamp, _ session: any Session) throws {
    try session.execute("DELETE FROM webhook_event WHERE received_at < \(now - .seconds(86_400 * daysKept))")
  }
}
