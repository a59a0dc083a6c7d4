package import Basics
package import Crypto
package import Databases
package import Finance

/// A bank token as it is kept: its box, and what the box belongs to.
package struct SealedToken: Sendable, Equatable {
  package var household: ID<Household>
  package var connection: ID<Connection>
  package var environment: String
  package var host: String
  package var box: [UInt8]

  /// The data under which the box was sealed, and under which alone it opens.
  package var associatedData: AssociatedData {
    SealedTokens.associatedData(household, connection, environment: environment, host: host)
  }
}

/// Every bank token of the installation, in whatever household: what a change of the key has to seal again.
package enum SealedTokens {
  /// A token belongs to one connection of one household, and to the environment and host it was got from.
  package static func associatedData(
    _ household: ID<Household>, _ connection: ID<Connection>, environment: String, host: String
  ) -> AssociatedData {
    // A stored word: it never changes.
    AssociatedData(
      purpose: "bank-token", household: household.bytes, connection: connection.bytes, environment: environment,
      host: host)
  }

  package static func all(_ session: any Session) throws -> [SealedToken] {
    try session.query(
      """
      SELECT household_id, id, environment, host, sealed_token FROM connection
      WHERE sealed_token IS NOT NULL ORDER BY household_id, id
      """
    ) { row in
      SealedToken(
        household: try row(0), connection: try row(1), environment: try row(2), host: try row(3), box: try row(4))
    }
  }

  /// - Returns: False when the token is another one by now, or gone.
  @discardableResult
  package static func replace(_ token: SealedToken, with box: [UInt8], _ session: any Session) throws -> Bool {
    try session.execute(
      """
      UPDATE connection SET sealed_token = \(box)
      WHERE household_id = \(token.household) AND id = \(token.connection) AND sealed_token = \(token.box)
      """) == 1
  }
}
