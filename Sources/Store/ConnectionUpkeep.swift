package import Basics
package import Databases
package import Finance

/// A connection as its keeping up sees it, in whatever household.
package struct KeptConnection: Sendable, Equatable {
  package var household: ID<Household>
  package var id: ID<Connection>
  package var institutionID: String?
  package var state: ConnectionState
  package var progress: FeedProgress
  package var lastAttemptAt: Timestamp?
  package var lastSuccessAt: Timestamp?
  package var lastWebhookAt: Timestamp?
  package var webhookURL: String?
  package var createdAt: Timestamp

  package init(
    household: ID<Household>, id: ID<Connection>, institutionID: String? = nil, state: ConnectionState,
    progress: FeedProgress, lastAttemptAt: Timestamp? = nil, lastSuccessAt: Timestamp? = nil,
    lastWebhookAt: Timestamp? = nil, webhookURL: String? = nil, createdAt: Timestamp
  ) {
    self.household = household
    self.id = id
    self.institutionID = institutionID
    self.state = state
    self.progress = progress
    self.lastAttemptAt = lastAttemptAt
    self.lastSuccessAt = lastSuccessAt
    self.lastWebhookAt = lastWebhookAt
    self.webhookURL = webhookURL
    self.createdAt = createdAt
  }
}

/// What the upkeep of all households asks.
extension Connections {
  /// Connections that were made at this provider and still have their token, of all households.
  package static func kept(
    environment: String, host: String, _ session: any Session
  ) throws -> [KeptConnection] {
    try session.query(
      """
      SELECT household_id, id, institution_id, state, progress, last_attempt_at, last_success_at, last_webhook_at,
        webhook_url, created_at
      FROM connection WHERE environment = \(environment) AND host = \(host) AND sealed_token IS NOT NULL
      ORDER BY id
      """
    ) { row in
      KeptConnection(
        household: try row(0), id: try row(1), institutionID: try row(2),
        state: ConnectionState(rawValue: try row(3)) ?? .degraded,
        progress: FeedProgress(rawValue: try row(4)) ?? .unknown, lastAttemptAt: try row(5), lastSuccessAt: try row(6),
        lastWebhookAt: try row(7), webhookURL: try row(8), createdAt: try row(9))
    }
  }
}

extension SyncRuns {
  /// When a connection's latest runs that brought something were, the latest first.
  package static func news(
    of connection: ID<Connection>, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [Timestamp] {
    try session.query(
      """
      SELECT started_at FROM sync_run
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND added > 0
      ORDER BY id DESC LIMIT \(limit)
      """
    ) { try $0(0) }
  }
}

extension Households {
  package static func all(_ session: any Session) throws -> [Scope] {
    try session.query(
      """
      SELECT household_id, MIN(person_id) FROM membership WHERE role = 'owner' GROUP BY household_id
      ORDER BY household_id
      """
    ) { Scope(household: try $0(0), user: try $0(1)) }
  }
}
