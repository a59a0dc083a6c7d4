package import Basics
package import Databases
package import Finance

/// An account that a living connection already shows, as far as it helps to recognise it in a new link.
package struct LinkedAccount: Sendable, Equatable {
  package var connection: ID<Connection>
  package var persistentID: String?
  package var name: String
  package var officialName: String?
  package var mask: String?
  package var type: String
}

/// A connection's token and end: what linking, signing in again and removing change.
extension Connections {
  /// The household and connection that an Item belongs to, in any household: an Item is one and the same everywhere.
  package static func route(
    environment: String, host: String, itemID: String, _ session: any Session
  ) throws -> (household: ID<Household>, connection: ID<Connection>)? {
    try session.first(
      """
      SELECT household_id, connection_id FROM provider_route
      WHERE environment = \(environment) AND host = \(host) AND provider_item_id = \(itemID)
      """
    ) { (try $0(0, as: ID<Household>.self), try $0(1, as: ID<Connection>.self)) }
  }

  /// Puts another sealed token in the place of the one before, and lets the next run decide how the connection is.
  package static func setToken(
    _ sealed: [UInt8], of id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE connection SET sealed_token = \(sealed), state = \(ConnectionState.pending.rawValue), state_code = NULL,
        state_message = NULL
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }

  /// A run that was called off is no failure of the bank: the connection is as it was.
  package static func forgetCancelling(
    _ id: ID<Connection>, back state: ConnectionState, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE connection SET state = \(state.rawValue), state_code = NULL, state_message = NULL
      WHERE household_id = \(scope.household) AND id = \(id) AND state_code = 'CANCELLED'
      """)
  }

  /// The end of a connection: its token is destroyed, its rows stay.
  package static func end(_ id: ID<Connection>, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      UPDATE connection SET sealed_token = NULL, state = \(ConnectionState.removed.rawValue), state_code = NULL,
        state_message = NULL
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }

  /// The accounts of these connections.
  package static func accounts(
    of connections: [ID<Connection>], _ scope: Scope, _ session: any Session
  ) throws -> [LinkedAccount] {
    try session.query(
      """
      SELECT s.connection_id, s.persistent_id, a.name, a.official_name, a.mask, a.type FROM account_source s
      JOIN account a ON a.household_id = s.household_id AND a.id = s.account_id
      WHERE s.household_id = \(scope.household) AND s.connection_id IN \(list: connections.prefix(Limits.listMax))
        \(Visibility.accounts(scope, "a.id"))
      ORDER BY s.connection_id, s.provider_id
      """
    ) { row in
      LinkedAccount(
        connection: try row(0), persistentID: try row(1), name: try row(2), officialName: try row(3),
        mask: try row(4), type: try row(5))
    }
  }
}
