/// What a sealed secret belongs to. A box opens only under the data it was sealed with, so a row copied to another
/// household, connection, purpose, environment or host is refused.
package struct AssociatedData: Sendable, Equatable {
  /// What the secret is for, such as `bank-token`. A stored word: it never changes once shipped.
  package var purpose: String
  /// Sixteen bytes of an identity, or none for what belongs to the whole server.
  package var household: [UInt8]
  /// Sixteen bytes of an identity, or none.
  package var connection: [UInt8]
  package var environment: String
  package var host: String

  package init(
    purpose: String, household: [UInt8] = [], connection: [UInt8] = [], environment: String = "", host: String = ""
  ) {
    precondition([0, 16].contains(household.count) && [0, 16].contains(connection.count), "not an identity")
    self.purpose = purpose
    self.household = household
    self.connection = connection
    self.environment = environment
    self.host = host
  }

  /// Every field behind its length in four bytes: two values that differ anywhere have different bytes.
  var encoded: [UInt8] {
    let fields = [Array(purpose.utf8), household, connection, Array(environment.utf8), Array(host.utf8)]
    return fields.flatMap { field in
      (0..<4).map { UInt8(truncatingIfNeeded: field.count >> (24 - 8 * $0)) } + field
    }
  }
}
