package import Basics
package import Databases

/// The durable queue: it lies in the same database as the data, so that a job exists exactly when its cause committed.
package enum JobQueue {
  /// Workers that listen are told on this channel.
  package static let channel = "magpie_jobs"

  static let columns: SQL = """
    id, kind, subject, household_id, arguments, priority, run_at, attempt, claim, made_at, provider, institution,
    owner
    """

  static func make(_ row: borrowing Row) throws -> Job? {
    // A kind that only a later version knows is left for that.
    guard let kind = JobKind(rawValue: try row(1)) else { return nil }
    return Job(
      id: try row(0), kind: kind, subject: try row(2), household: try row(3), arguments: try row(4),
      priority: try row(5), runAt: try row(6), attempt: try row(7), claim: try row(8), madeAt: try row(9),
      provider: try row(10), institution: try row(11), owner: try row(12))
  }

  /// Puts a job into the queue, in the transaction of its cause. When one of its lane waits for the same subject, that
  /// one becomes wider, sooner and more urgent instead.
  ///
  /// A job that rests because its bank asked for a pause keeps its pause, unless a person asks.
  package static func add(
    _ new: NewJob, id: ID<QueuedJob>, now: Timestamp, _ session: any Session
  ) throws {
    let runAt = new.runAt ?? now
    let added = try session.changes(
      """
      INSERT INTO job (id, household_id, kind, lane, subject, arguments, state, priority, run_at, made_at, provider,
        institution)
      VALUES (\(id), \(new.household), \(new.kind.rawValue), \(new.kind.lane), \(new.subject), \(new.arguments),
        'waiting', \(new.priority.rawValue), \(runAt), \(now), \(new.provider), \(new.institution))
      ON CONFLICT DO NOTHING
      """)
    if added == 0 { try widen(new, runAt: runAt, session) }
    try tell(session)
  }

  /// Wakes workers in other processes once this transaction has committed, where the database can do that.
  static func tell(_ session: any Session) throws {
    guard session.dialect == .postgres else { return }
    try session.execute("SELECT pg_notify(\(channel), '')")
  }

  private static func widen(_ new: NewJob, runAt: Timestamp, _ session: any Session) throws {
    guard let waiting = try waiting(new.kind.lane, new.subject, session) else { return }
    let isAskedByPerson = new.priority == .person
    let mayHurry = waiting.attempt == 0 || isAskedByPerson
    try session.execute(
      """
      UPDATE job SET kind = \(waiting.kind.joined(with: new.kind).rawValue),
        priority = \(min(waiting.priority, new.priority.rawValue)),
        run_at = \(mayHurry ? min(waiting.runAt, runAt) : waiting.runAt)
      WHERE id = \(waiting.id)
      """)
  }

  static func waiting(_ lane: String, _ subject: String, _ session: any Session) throws -> Job? {
    try session.query(
      """
      SELECT \(columns) FROM job WHERE lane = \(lane) AND subject = \(subject) AND state = 'waiting'
      """, make
    ).compactMap { $0 }.first
  }

  /// The job of a lane and subject that waits or runs, if there is one.
  package static func open(
    _ lane: String, _ subject: String, _ session: any Session
  ) throws -> [Job] {
    try session.query(
      """
      SELECT \(columns) FROM job WHERE lane = \(lane) AND subject = \(subject) AND state IN ('waiting', 'running')
      ORDER BY id
      """, make
    ).compactMap { $0 }
  }

  /// What has a job of a lane that waits or runs.
  package static func subjects(inLane lane: String, _ session: any Session) throws -> Set<String> {
    Set(
      try session.query("SELECT subject FROM job WHERE lane = \(lane) AND state IN ('waiting', 'running')") {
        try $0(0, as: String.self)
      })
  }

  /// Takes a job back that has not begun: its cause is gone.
  package static func cancel(_ lane: String, _ subject: String, _ session: any Session) throws {
    try session.execute(
      "DELETE FROM job WHERE lane = \(lane) AND subject = \(subject) AND state = 'waiting'")
  }

  /// When the next job that waits is due; nil when none waits.
  package static func nextDue(_ session: any Session) throws -> Timestamp? {
    try session.first("SELECT MIN(run_at) FROM job WHERE state = 'waiting'") { try $0(0, as: Timestamp?.self) } ?? nil
  }
}
