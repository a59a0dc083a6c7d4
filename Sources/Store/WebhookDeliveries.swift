package import Basics
package import Databases
package import Finance

/// What became of one event at one address.
package struct ListedDelivery: Sendable, Equatable {
  package var position: Int
  package var kind: String
  package var tries: Int
  package var firstAt: Timestamp
  package var lastAt: Timestamp
  package var deliveredAt: Timestamp?
  /// The last answer's status; nil when there was none.
  package var status: Int?
  /// Why there was none, in words.
  package var failure: String?
  package var milliseconds: Int

  package init(
    position: Int, kind: String, tries: Int, firstAt: Timestamp, lastAt: Timestamp, deliveredAt: Timestamp?,
    status: Int?, failure: String?, milliseconds: Int
  ) {
    self.position = position
    self.kind = kind
    self.tries = tries
    self.firstAt = firstAt
    self.lastAt = lastAt
    self.deliveredAt = deliveredAt
    self.status = status
    self.failure = failure
    self.milliseconds = milliseconds
  }
}

/// Deliveries to other programs, one row for each event and address, for people who look why something did not come.
package enum WebhookDeliveries {
  /// One try, as it went.
  package struct Attempt: Sendable, Equatable {
    package var position: Int
    package var kind: String
    package var status: Int?
    package var failure: String?
    package var milliseconds: Int

    package var isDelivered: Bool { status.map { (200..<300).contains($0) } ?? false }

    package init(position: Int, kind: String, status: Int?, failure: String?, milliseconds: Int) {
      self.position = position
      self.kind = kind
      self.status = status
      self.failure = failure
      self.milliseconds = milliseconds
    }
  }

  package static func note(
    _ attempt: Attempt, _ endpoint: StoredEndpoint, now: Timestamp, _ session: any Session
  ) throws {
    let deliveredAt = attempt.isDelivered ? now : nil
    try session.execute(
      """
      INSERT INTO webhook_delivery (household_id, endpoint_id, position, kind, tries, first_at, last_at, delivered_at,
        status, failure, milliseconds)
      VALUES (\(endpoint.scope.household), \(endpoint.id), \(attempt.position), \(attempt.kind), 1, \(now), \(now),
        \(deliveredAt), \(attempt.status), \(attempt.failure), \(attempt.milliseconds))
      ON CONFLICT (household_id, endpoint_id, position) DO UPDATE SET tries = webhook_delivery.tries + 1,
        last_at = excluded.last_at, delivered_at = COALESCE(webhook_delivery.delivered_at, excluded.delivered_at),
        status = excluded.status, failure = excluded.failure, milliseconds = excluded.milliseconds
      """)
  }

  /// The latest events first.
  package static func list(
    of endpoint: ID<WebhookEndpoint>, before: Int?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [ListedDelivery] {
    let rest: SQL = before.map { "AND position < \($0)" } ?? ""
    return try session.query(
      """
      SELECT position, kind, tries, first_at, last_at, delivered_at, status, failure, milliseconds
      FROM webhook_delivery WHERE household_id = \(scope.household) AND endpoint_id = \(endpoint) \(rest)
      ORDER BY position DESC LIMIT \(limit)
      """
    ) { row in
      ListedDelivery(
        position: try row(0), kind: try row(1), tries: try row(2), firstAt: try row(3), lastAt: try row(4),
        deliveredAt: try row(5), status: try row(6), failure: try row(7), milliseconds: try row(8))
    }
  }

  /// As long as the events themselves are kept.
  package static func forget(now: Timestamp, _ session: any Session) throws {
    try session.execute("DELETE FROM webhook_delivery WHERE last_at < \(now - .seconds(86_400 * Events.daysKept))")
  }
}
