package import Basics
package import Databases
package import Finance

/// How far something that follows the events of all households has come in each.
package enum EventFollowers {
  package struct Behind: Sendable, Equatable {
    package var household: ID<Household>
    /// The last one it has seen.
    package var position: Int
    /// The last one there is.
    package var last: Int
  }

  package struct Move: Sendable, Equatable {
    package var household: ID<Household>
    package var from: Int
    package var to: Int

    package init(household: ID<Household>, from: Int, to: Int) {
      self.household = household
      self.from = from
      self.to = to
    }
  }

  /// Households in which something happened that it has not seen. It begins with what is kept.
  package static func behind(_ name: String, limit: Int, _ session: any Session) throws -> [Behind] {
    try session.query(
      """
      SELECT h.id, COALESCE(f.position, 0), h.event_position FROM household h
      LEFT JOIN event_follower f ON f.household_id = h.id AND f.name = \(name)
      WHERE h.event_position > COALESCE(f.position, 0) ORDER BY h.id LIMIT \(limit)
      """
    ) { Behind(household: try $0(0), position: try $0(1), last: try $0(2)) }
  }

  /// The last event of a household that it has seen; 0 before the first.
  package static func position(
    _ name: String, in household: ID<Household>, _ session: any Session
  ) throws -> Int {
    try session.first("SELECT position FROM event_follower WHERE name = \(name) AND household_id = \(household)") {
      try $0(0, as: Int.self)
    } ?? 0
  }

  /// Notes how far it has come, unless it was moved meanwhile.
  package static func move(_ name: String, _ move: Move, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO event_follower (name, household_id, position) VALUES (\(name), \(move.household), \(move.to))
      ON CONFLICT (name, household_id) DO UPDATE SET position = excluded.position
      WHERE event_follower.position = \(move.from)
      """)
  }
}
