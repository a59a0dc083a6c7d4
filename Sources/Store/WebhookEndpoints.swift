package import Basics
package import Databases
package import Finance

/// Names addresses of other programs that are told what happens.
package enum WebhookEndpoint: Identified {
  package static let idPrefix = "whe"
}

/// An address of another program, as it is kept.
package struct StoredEndpoint: Sendable, Equatable {
  /// Stored: a spelling never changes once shipped.
  package enum State: String, Sendable, CaseIterable {
    case active
    /// A person halted it.
    case paused
    /// It answered with nothing but failures for days.
    case disabled
  }

  package var id: ID<WebhookEndpoint>
  /// The person who made it: it is told what they see.
  package var scope: Scope
  package var url: String
  /// A person's note on it.
  package var words: String
  /// Kinds of events it is told of, such as `transaction.added`, or `transaction` for all that begin so; empty: all.
  package var kinds: [String]
  package var secretBox: [UInt8]
  /// The secret before the last change, which signs too until ``formerUntil``.
  package var formerBox: [UInt8]?
  package var formerUntil: Timestamp?
  /// The last event that was delivered, or passed over because it was not asked for.
  package var position: Int
  package var state: State
  /// Why it is disabled.
  package var reason: String?
  package var failingSince: Timestamp?
  package var madeAt: Timestamp

  package init(
    id: ID<WebhookEndpoint>, scope: Scope, url: String, words: String = "", kinds: [String] = [],
    secretBox: [UInt8], position: Int, madeAt: Timestamp
  ) {
    self.id = id
    self.scope = scope
    self.url = url
    self.words = words
    self.kinds = kinds
    self.secretBox = secretBox
    self.position = position
    self.state = .active
    self.madeAt = madeAt
  }

  /// Whether it asked for events of a kind.
  package func wants(_ kind: String) -> Bool {
    kinds.isEmpty || kinds.contains { $0 == kind || kind.hasPrefix($0 + ".") }
  }
}

/// Addresses of other programs, and how far each has come in the household's events.
package enum WebhookEndpoints {
  /// So many a household may have: each is a connection and a queue of its own.
  package static let countMax = 20

  private static let columns: SQL = """
    id, household_id, person_id, url, words, kinds, secret_box, former_box, former_until, position, state, reason,
    failing_since, made_at
    """

  private static func make(_ row: borrowing Row) throws -> StoredEndpoint {
    var endpoint = StoredEndpoint(
      id: try row(0), scope: Scope(household: try row(1), user: try row(2)), url: try row(3), words: try row(4),
      kinds: try row(5, as: String.self).split(separator: " ").map(String.init), secretBox: try row(6),
      position: try row(9), madeAt: try row(13))
    (endpoint.formerBox, endpoint.formerUntil) = (try row(7), try row(8))
    endpoint.state = StoredEndpoint.State(rawValue: try row(10)) ?? .paused
    (endpoint.reason, endpoint.failingSince) = (try row(11), try row(12))
    return endpoint
  }

  package static func insert(_ new: StoredEndpoint, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO webhook_endpoint (household_id, id, person_id, url, words, kinds, secret_box, position, state, made_at)
      VALUES (\(new.scope.household), \(new.id), \(new.scope.user), \(new.url), \(new.words),
        \(new.kinds.joined(separator: " ")), \(new.secretBox), \(new.position), \(new.state.rawValue), \(new.madeAt))
      """)
  }

  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredEndpoint] {
    try session.query(
      "SELECT \(columns) FROM webhook_endpoint WHERE household_id = \(scope.household) ORDER BY id", make)
  }

  package static func find(
    _ id: ID<WebhookEndpoint>, of household: ID<Household>, _ session: any Session
  ) throws -> StoredEndpoint? {
    try session.first(
      "SELECT \(columns) FROM webhook_endpoint WHERE household_id = \(household) AND id = \(id)", make)
  }

  /// Active ones that have not come as far as their household, in all households.
  package static func behind(
    _ session: any Session
  ) throws -> [(household: ID<Household>, id: ID<WebhookEndpoint>)] {
    try session.query(
      """
      SELECT e.household_id, e.id FROM webhook_endpoint e JOIN household h ON h.id = e.household_id
      WHERE e.state = 'active' AND e.position < h.event_position ORDER BY e.household_id, e.id
      """
    ) { (try $0(0), try $0(1)) }
  }

  /// Writes what a person may change: address, note, kinds and state. It is theirs from then on.
  package static func change(_ endpoint: StoredEndpoint, by person: ID<User>, _ session: any Session) throws {
    let isActive = endpoint.state == .active
    try session.execute(
      """
      UPDATE webhook_endpoint SET person_id = \(person), url = \(endpoint.url), words = \(endpoint.words),
        kinds = \(endpoint.kinds.joined(separator: " ")), state = \(endpoint.state.rawValue),
        reason = \(isActive ? nil : endpoint.reason), failing_since = \(isActive ? nil : endpoint.failingSince)
      WHERE household_id = \(endpoint.scope.household) AND id = \(endpoint.id)
      """)
  }

  /// Another secret from now on; the former one signs too until `until`. It belongs to whoever knows the secret.
  package static func setSecret(
    _ box: [UInt8], former: [UInt8], until: Timestamp, _ endpoint: StoredEndpoint, by person: ID<User>,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE webhook_endpoint SET person_id = \(person), secret_box = \(box), former_box = \(former), former_until = \(until)
      WHERE household_id = \(endpoint.scope.household) AND id = \(endpoint.id)
      """)
  }

  /// Notes how far it has come.
  ///
  /// - Parameter from: Where it was: whoever was moved meanwhile stays there.
  package static func advance(
    _ endpoint: StoredEndpoint, from: Int, to position: Int, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE webhook_endpoint SET position = \(position), failing_since = NULL
      WHERE household_id = \(endpoint.scope.household) AND id = \(endpoint.id) AND position = \(from)
      """)
  }

  /// Begins again after `position`.
  package static func rewind(
    _ endpoint: StoredEndpoint, to position: Int, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE webhook_endpoint SET position = \(position)
      WHERE household_id = \(endpoint.scope.household) AND id = \(endpoint.id)
      """)
  }

  package static func noteFailure(
    _ endpoint: StoredEndpoint, now: Timestamp, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE webhook_endpoint SET failing_since = \(now)
      WHERE household_id = \(endpoint.scope.household) AND id = \(endpoint.id) AND failing_since IS NULL
      """)
  }

  package static func disable(
    _ id: ID<WebhookEndpoint>, of household: ID<Household>, reason: String, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE webhook_endpoint SET state = 'disabled', reason = \(reason)
      WHERE household_id = \(household) AND id = \(id)
      """)
  }

  package static func remove(_ endpoint: StoredEndpoint, _ session: any Session) throws {
    let (household, id) = (endpoint.scope.household, endpoint.id)
    try session.execute("DELETE FROM webhook_delivery WHERE household_id = \(household) AND endpoint_id = \(id)")
    try session.execute("DELETE FROM webhook_endpoint WHERE household_id = \(household) AND id = \(id)")
  }
}
