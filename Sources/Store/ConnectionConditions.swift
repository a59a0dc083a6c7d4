package import Basics
package import Databases
package import Finance

/// How a connection is doing, and what is known of its end.
package struct ConnectionCondition: Sendable, Equatable {
  package var state: ConnectionState
  /// The provider's word for what is wrong, and its sentence.
  package var code: String?
  package var message: String?
  /// When the person's consent ends, at banks where it does.
  package var consentExpiresAt: Timestamp?
  /// When the bank has said it will end the connection.
  package var disconnectsAt: Timestamp?

  package init(
    _ state: ConnectionState, code: String? = nil, message: String? = nil, consentExpiresAt: Timestamp? = nil,
    disconnectsAt: Timestamp? = nil
  ) {
    self.state = state
    self.code = code
    self.message = message
    self.consentExpiresAt = consentExpiresAt
    self.disconnectsAt = disconnectsAt
  }
}

extension Connections {
  package static func condition(
    _ id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> (condition: ConnectionCondition, progress: FeedProgress)? {
    try session.first(
      """
      SELECT state, state_code, state_message, consent_expires_at, disconnects_at, progress FROM connection
      WHERE household_id = \(scope.household) AND id = \(id)
      """
    ) { row in
      (
        ConnectionCondition(
          ConnectionState(rawValue: try row(0)) ?? .degraded, code: try row(1), message: try row(2),
          consentExpiresAt: try row(3), disconnectsAt: try row(4)),
        FeedProgress(rawValue: try row(5)) ?? .unknown
      )
    }
  }

  package static func setCondition(
    _ id: ID<Connection>, _ condition: ConnectionCondition, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE connection SET state = \(condition.state.rawValue), state_code = \(condition.code),
        state_message = \(condition.message), consent_expires_at = \(condition.consentExpiresAt),
        disconnects_at = \(condition.disconnectsAt)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }

  /// Destroys a token that is of no use any more.
  package static func dropToken(_ id: ID<Connection>, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      "UPDATE connection SET sealed_token = NULL WHERE household_id = \(scope.household) AND id = \(id)")
  }

  /// Whose connection it is: what is done for it is done in their name.
  package static func owner(
    _ id: ID<Connection>, of household: ID<Household>, _ session: any Session
  ) throws -> Scope? {
    try session.first(
      "SELECT person_id FROM connection WHERE household_id = \(household) AND id = \(id)"
    ) { Scope(household: household, user: try $0(0)) }
  }

  package static func heardWebhook(
    _ id: ID<Connection>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      "UPDATE connection SET last_webhook_at = \(now) WHERE household_id = \(scope.household) AND id = \(id)")
  }

  package static func setWebhookURL(
    _ id: ID<Connection>, _ url: String?, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      "UPDATE connection SET webhook_url = \(url) WHERE household_id = \(scope.household) AND id = \(id)")
  }
}
