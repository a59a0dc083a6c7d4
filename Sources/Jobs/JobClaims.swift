package import Basics
package import Databases

/// Who runs which job: taking, keeping, ending, and rescuing what a dead worker left behind.
package enum JobClaims {
  /// How long a job stays taken without a sign of life from its worker.
  package static let leaseTime = Duration.seconds(60)
  /// So many are looked at for each that can be taken, and at least: some are held back by limits, and those of a
  /// household for which something runs rather come later.
  private static let lookAhead = (each: 4, least: 16)
  /// How often a claim looks again when limits held back what it saw.
  private static let looksMax = 8

  /// Takes up to `count` jobs that are due, the most urgent first, within limits that hold for all workers together.
  package static func take(
    _ count: Int, of kinds: [JobKind], owner: String, limits: JobLimits, now: Timestamp, _ session: any Session
  ) throws -> [Job] {
    guard count > 0, !kinds.isEmpty else { return [] }
    try readAnew(session)
    return try takeMore(count, of: kinds, owner: owner, limits: limits, now: now, session)
  }

  /// The same in a transaction that has begun with ``readAnew(_:)``.
  package static func takeMore(
    _ count: Int, of kinds: [JobKind], owner: String, limits: JobLimits, now: Timestamp, _ session: any Session
  ) throws -> [Job] {
    guard count > 0, !kinds.isEmpty else { return [] }
    try alone(session)
    var usage = try JobUsage(limits, circuits: Circuits.ask(session), now: now, session)
    var taken: [Job] = []
    for _ in 0..<looksMax where taken.count < count {
      let seen = try due(
        max((count - taken.count) * lookAhead.each, lookAhead.least), of: kinds, except: Set(taken.map(\.id)), usage,
        now: now, session)
      guard !seen.isEmpty else { break }
      let chosen = usage.choose(from: seen, count: count - taken.count)
      taken += chosen
      if chosen.isEmpty { break }
    }
    guard !taken.isEmpty else { return [] }
    let until = now + leaseTime
    try session.execute(
      """
      UPDATE job SET state = 'running', owner = \(owner), claim = claim + 1, attempt = attempt + 1,
        started_at = \(now), lease_until = \(until)
      WHERE id IN \(list: taken.map(\.id))
      """)
    return taken.map { job in
      var job = job
      job.claim += 1
      job.owner = owner
      job.attempt += 1
      return job
    }
  }

  /// Begins a transaction of the queue alone that need not be serializable: each of its statements sees what the others
  /// have done until then, rows that are taken by others are passed over or waited for, and nothing else is concluded
  /// from what is read. So none is refused because of another.
  package static func readAnew(_ session: any Session) throws {
    guard session.dialect == .postgres else { return }
    try session.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
  }

  /// Lets one worker choose at a time, so that limits are counted exactly.
  private static func alone(_ session: any Session) throws {
    guard session.dialect == .postgres else { return }
    try session.execute("SELECT pg_advisory_xact_lock(1296126801, hashtext(current_schema()))")
  }

  private static func due(
    _ count: Int, of kinds: [JobKind], except taken: Set<ID<QueuedJob>>, _ usage: JobUsage, now: Timestamp,
    _ session: any Session
  ) throws -> [Job] {
    let lock: SQL = session.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
    let institutions = usage.fullInstitutions.sorted()
    let providers = usage.fullProviders.sorted()
    let without: SQL = institutions.isEmpty ? "" : "AND COALESCE(institution, '') NOT IN \(list: institutions)"
    let elsewhere: SQL = providers.isEmpty ? "" : "AND COALESCE(provider, '') NOT IN \(list: providers)"
    let others: SQL = taken.isEmpty ? "" : "AND id NOT IN \(list: taken.sorted())"
    return try session.query(
      """
      SELECT \(JobQueue.columns) FROM job
      WHERE state = 'waiting' AND run_at <= \(now) AND kind IN \(list: kinds.map(\.rawValue))
        \(without) \(elsewhere) \(others)
        AND NOT EXISTS (
          SELECT 1 FROM job other
          WHERE other.lane = job.lane AND other.subject = job.subject AND other.state = 'running')
      ORDER BY priority, run_at, id LIMIT \(count) \(lock)
      """, JobQueue.make
    ).compactMap { $0 }
  }

  /// Says that these are still being worked on.
  ///
  /// - Returns: Those that still are ours; the others were taken for dead and must stop.
  package static func keep(
    _ jobs: [Job], owner: String, now: Timestamp, _ session: any Session
  ) throws -> Set<ID<QueuedJob>> {
    guard !jobs.isEmpty else { return [] }
    let until = now + leaseTime
    let kept = try session.query(
      """
      UPDATE job SET lease_until = \(until)
      WHERE id IN \(list: jobs.map(\.id)) AND state = 'running' AND owner = \(owner) RETURNING id, claim
      """
    ) { (try $0(0, as: ID<QueuedJob>.self), try $0(1, as: Int.self)) }
    let ours = Dictionary(jobs.map { ($0.id, $0.claim) }, uniquingKeysWith: max)
    return Set(kept.filter { ours[$0.0] == $0.1 }.map(\.0))
  }

  /// What else is to happen in the transaction that gives a job up.
  package typealias Burial = @Sendable (Job, JobFailure?, any Session) throws -> Void

  /// Writes down how a try went. Nothing happens when the job is no longer ours.
  ///
  /// - Returns: Whether it was still ours.
  @discardableResult
  package static func end(
    _ job: Job, _ outcome: JobOutcome, now: Timestamp, random: UInt64, _ session: any Session,
    buried: Burial = { _, _, _ in }
  ) throws -> Bool {
    guard try isOurs(job, session) else { return false }
    try Circuits.note(outcome, of: job, now: now, random: random, session)
    switch JobVerdict.after(outcome, job, now: now, random: random) {
    case .done:
      try session.execute("DELETE FROM job WHERE id = \(job.id) AND claim = \(job.claim)")
      // What could not be done before has been done now.
      try session.execute(
        "DELETE FROM job WHERE lane = \(job.kind.lane) AND subject = \(job.subject) AND state = 'dead'")
    case .again(let at, let attempt):
      try putBack(job, at: at, attempt: attempt, outcome.failure, session)
    case .dead:
      try bury(job, outcome.failure, now: now, session)
      try buried(job, outcome.failure, session)
    }
    return true
  }

  private static func isOurs(_ job: Job, _ session: any Session) throws -> Bool {
    let lock: SQL = session.dialect == .postgres ? "FOR UPDATE" : ""
    return try session.first(
      """
      SELECT 1 FROM job
      WHERE id = \(job.id) AND claim = \(job.claim) AND owner = \(job.owner) AND state = 'running' \(lock)
      """
    ) { try $0(0, as: Int.self) } != nil
  }

  /// Gives a job back that was begun and not done: its worker is being stopped. The try does not count.
  package static func giveBack(_ job: Job, now: Timestamp, _ session: any Session) throws {
    guard try isOurs(job, session) else { return }
    try putBack(job, at: now, attempt: max(0, job.attempt - 1), nil, session)
    try JobQueue.tell(session)
  }

  /// Whoever works on something, dead or alive.
  package static func owners(_ session: any Session) throws -> [String] {
    try session.query("SELECT DISTINCT owner FROM job WHERE state = 'running' AND owner IS NOT NULL") { try $0(0) }
  }

  /// Says that a worker is certainly gone: what it worked on need not wait for its lease to run out.
  package static func giveUp(_ owner: String, _ session: any Session) throws {
    try session.execute("UPDATE job SET lease_until = 0 WHERE state = 'running' AND owner = \(owner)")
  }

  /// No pause is longer than this: a day of the call budget, and its jitter.
  private static let pauseMax = Duration.seconds(26 * 3_600)

  /// Puts jobs back whose worker gave no sign of life for too long. Their try counts: a job that kills its worker must
  /// not do so for ever. One that is taken for longer than anybody takes a job was taken by a clock that was wrong.
  ///
  /// - Returns: How many were found.
  @discardableResult
  package static func rescue(
    now: Timestamp, random: UInt64, _ session: any Session, buried: Burial = { _, _, _ in }
  ) throws -> Int {
    let lock: SQL = session.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
    let lost = try session.query(
      """
      SELECT \(JobQueue.columns) FROM job
      WHERE state = 'running' AND (lease_until < \(now) OR lease_until > \(now + leaseTime * 3))
      ORDER BY id LIMIT 500 \(lock)
      """, JobQueue.make
    ).compactMap { $0 }
    let failure = JobFailure("worker.lost", "The process that worked on it ended without a word.")
    for job in lost {
      let outcome = JobOutcome.failed(failure, pause: nil)
      switch JobVerdict.after(outcome, job, now: now, random: random) {
      case .again(_, let attempt):
        #if MUTANTS
          let attempt = Mutant.isOn(.rescueForgetsAttempt) ? 0 : attempt
        #endif
        // At once: the failure was ours, and the bank need not be spared.
        try putBack(job, at: now, attempt: attempt, failure, session)
      case .dead, .done:
        try bury(job, failure, now: now, session)
        try buried(job, failure, session)
      }
    }
    // What waits for a moment that a wrong clock has named goes on now.
    try session.execute(
      """
      UPDATE job SET run_at = \(now), made_at = \(now)
      WHERE state = 'waiting' AND (run_at > \(now + pauseMax) OR made_at > \(now + leaseTime))
      """)
    if !lost.isEmpty { try JobQueue.tell(session) }
    return lost.count
  }

  /// Whether there is anything for ``rescue(now:random:_:buried:)`` to do.
  static func needsRescue(now: Timestamp, _ session: any Session) throws -> Bool {
    try session.first(
      """
      SELECT 1 FROM job
      WHERE state = 'running' AND (lease_until < \(now) OR lease_until > \(now + leaseTime * 3))
        OR state = 'waiting' AND (run_at > \(now + pauseMax) OR made_at > \(now + leaseTime))
      LIMIT 1
      """
    ) { try $0(0, as: Int.self) } != nil
  }

  /// Back to those that wait. Has another come to wait meanwhile, the two become one: it takes over the tries, and the
  /// pause, which may be the bank's wish.
  private static func putBack(
    _ job: Job, at: Timestamp, attempt: Int, _ failure: JobFailure?, _ session: any Session
  ) throws {
    if let waiting = try JobQueue.waiting(job.kind.lane, job.subject, session) {
      let hasRested = attempt == 0 || waiting.priority == JobPriority.person.rawValue
      try session.execute(
        """
        UPDATE job SET kind = \(waiting.kind.joined(with: job.kind).rawValue),
          priority = \(min(waiting.priority, job.priority)), attempt = \(max(waiting.attempt, attempt)),
          run_at = \(hasRested ? min(waiting.runAt, at) : max(waiting.runAt, at))
        WHERE id = \(waiting.id)
        """)
      try session.execute("DELETE FROM job WHERE id = \(job.id)")
      return
    }
    try session.execute(
      """
      UPDATE job SET state = 'waiting', owner = NULL, lease_until = 0, run_at = \(at), attempt = \(attempt),
        code = \(failure?.code), message = \(failure?.message)
      WHERE id = \(job.id)
      """)
  }

  /// One dead letter for a subject is enough: the latest.
  private static func bury(
    _ job: Job, _ failure: JobFailure?, now: Timestamp, _ session: any Session
  ) throws {
    if job.kind != .delivery {
      try session.execute(
        "DELETE FROM job WHERE lane = \(job.kind.lane) AND subject = \(job.subject) AND state = 'dead'")
    }
    try session.execute(
      """
      UPDATE job SET state = 'dead', owner = NULL, lease_until = 0, ended_at = \(now), code = \(failure?.code),
        message = \(failure?.message)
      WHERE id = \(job.id)
      """)
  }
}

extension JobOutcome {
  /// What went wrong, if something did.
  package var failure: JobFailure? {
    switch self {
    case .failed(let failure, _), .hopeless(let failure): failure
    case .done, .later: nil
    }
  }
}
