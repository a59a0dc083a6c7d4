package import Basics
package import Databases
package import Finance

/// Who holds which lease, for those who know that a holder is gone.
extension Connections {
  /// Every lease that is held, run out or not, with the household it is in.
  package static func leases(_ session: any Session) throws -> [(ID<Household>, Lease)] {
    try session.query(
      "SELECT household_id, id, lease_owner, fence FROM connection WHERE lease_owner IS NOT NULL ORDER BY household_id, id"
    ) { (try $0(0), Lease(connection: try $0(1), owner: try $0(2), fence: try $0(3))) }
  }

  /// Whether the database has, or ever had, a connection that was not simulated.
  package static func hadReal(_ session: any Session) throws -> Bool {
    try session.first(
      """
      SELECT 1 FROM connection WHERE origin <> \(Origin.simulated.rawValue)
      UNION ALL SELECT 1 FROM erasure WHERE had_real = 1 LIMIT 1
      """
    ) { try $0(0, as: Int.self) } != nil
  }
}
