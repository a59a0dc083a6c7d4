package import Basics
package import Databases

/// One process among all does what must be done once: it leads as long as it says so often enough.
package struct Leadership: Sendable {
  /// What is led, such as `timetable`. Stored: it never changes once shipped.
  package let name: String
  package let owner: String
  package static let leaseTime = Duration.seconds(30)

  package init(_ name: String, owner: String) {
    self.name = name
    self.owner = owner
  }

  /// Takes the lead when nobody has it, and keeps it when we have. A lead for longer than anybody takes it was taken by
  /// a clock that was wrong, and holds for nothing.
  ///
  /// - Returns: The term: greater with each new leader, so that a former one can be told from the present. Nil when
  ///   another leads.
  package func hold(now: Timestamp, _ session: any Session) throws -> Int? {
    let until = now + Self.leaseTime
    return try session.first(
      """
      INSERT INTO leader (name, owner, term, lease_until) VALUES (\(name), \(owner), 1, \(until))
      ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until,
        term = leader.term + CASE WHEN leader.owner = excluded.owner THEN 0 ELSE 1 END
      WHERE leader.owner = excluded.owner OR leader.lease_until <= \(now)
        OR leader.lease_until > \(now + Self.leaseTime * 3)
      RETURNING term
      """
    ) { try $0(0, as: Int.self) }
  }

  /// Lets another lead at once.
  package func release(_ session: any Session) throws {
    try session.execute("UPDATE leader SET lease_until = 0 WHERE name = \(name) AND owner = \(owner)")
  }
}
