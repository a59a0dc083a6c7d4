package import Basics
package import Databases
package import Finance

/// What a connection is to somebody of its household.
package struct ConnectionStanding: Sendable, Equatable {
  /// Who linked it.
  package var owner: ID<User>
  /// Nothing of it is withheld from whoever asks.
  package var isWhole: Bool
}

extension Connections {
  /// Nil when there is none, or when each of its accounts is hidden from whoever asks.
  package static func standing(
    of id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> ConnectionStanding? {
    try session.first(
      """
      SELECT c.person_id, CASE WHEN 1 = 1\(Visibility.wholeConnections(scope, "c.id")) THEN 1 ELSE 0 END
      FROM connection c
      WHERE c.household_id = \(scope.household) AND c.id = \(id)\(Visibility.connections(scope, "c.id"))
      """
    ) { ConnectionStanding(owner: try $0(0), isWhole: try $0(1)) }
  }
}
