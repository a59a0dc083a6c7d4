package import Basics
package import Databases

/// A job that was given up, for a person to look at.
package struct DeadLetter: Sendable, Equatable {
  package var job: Job
  package var code: String?
  package var message: String?
  package var endedAt: Timestamp
}

/// Jobs that were given up: they are kept until they are tried again, dropped, or what they were for has succeeded.
package enum DeadLetters {
  /// - Parameter household: Nil for all of the installation.
  package static func list(
    of household: ID<Tenant>?, limit: Int, _ session: any Session
  ) throws -> [DeadLetter] {
    let whose: SQL = household.map { "AND household_id = \($0)" } ?? ""
    return try session.query(
      """
      SELECT \(JobQueue.columns), code, message, ended_at FROM job WHERE state = 'dead' \(whose)
      ORDER BY ended_at DESC, id LIMIT \(limit)
      """
    ) { row -> DeadLetter? in
      guard let job = try JobQueue.make(row) else { return nil }
      return DeadLetter(job: job, code: try row(13), message: try row(14), endedAt: try row(15))
    }.compactMap { $0 }
  }

  /// What of a lane was given up since a moment: asking again at once would end the same way.
  package static func subjects(
    inLane lane: String, since: Timestamp, _ session: any Session
  ) throws -> Set<String> {
    Set(
      try session.query(
        "SELECT subject FROM job WHERE lane = \(lane) AND state = 'dead' AND ended_at >= \(since)"
      ) { try $0(0, as: String.self) })
  }

  /// Tries one again, from the beginning of its tries.
  ///
  /// - Returns: False when there is no such letter any more.
  package static func retry(
    _ id: ID<QueuedJob>, of household: ID<Tenant>?, now: Timestamp, _ session: any Session
  ) throws -> Bool {
    guard let letter = try find(id, of: household, session) else { return false }
    if try JobQueue.waiting(letter.kind.lane, letter.subject, session) != nil {
      try session.execute("DELETE FROM job WHERE id = \(id)")
    } else {
      try session.execute(
        """
        UPDATE job SET state = 'waiting', attempt = 0, run_at = \(now), ended_at = NULL,
          priority = \(JobPriority.person.rawValue)
        WHERE id = \(id)
        """)
    }
    try JobQueue.tell(session)
    return true
  }

  /// - Returns: False when there is no such letter any more.
  package static func drop(
    _ id: ID<QueuedJob>, of household: ID<Tenant>?, _ session: any Session
  ) throws -> Bool {
    guard try find(id, of: household, session) != nil else { return false }
    return try session.changes("DELETE FROM job WHERE id = \(id) AND state = 'dead'") == 1
  }

  private static func find(
    _ id: ID<QueuedJob>, of household: ID<Tenant>?, _ session: any Session
  ) throws -> Job? {
    let whose: SQL = household.map { "AND household_id = \($0)" } ?? ""
    return try session.query(
      "SELECT \(JobQueue.columns) FROM job WHERE id = \(id) AND state = 'dead' \(whose)", JobQueue.make
    ).compactMap { $0 }.first
  }
}

/// How the queue stands, for measurements and for the people who run it.
package struct QueueDepth: Sendable, Equatable {
  package var kind: String
  package var waiting: Int
  package var running: Int
  package var dead: Int
  /// Since when the oldest one that is due has been waiting.
  package var dueSince: Timestamp?

  package static func all(now: Timestamp, _ session: any Session) throws -> [QueueDepth] {
    try session.query(
      """
      SELECT kind, SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END),
        SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END),
        MIN(CASE WHEN state = 'waiting' AND run_at <= \(now) THEN run_at END)
      FROM job GROUP BY kind ORDER BY kind
      """
    ) { row in
      QueueDepth(
        kind: try row(0), waiting: try row(1), running: try row(2), dead: try row(3), dueSince: try row(4))
    }
  }
}
