package import Basics
package import Databases

/// Does one kind of job.
///
/// It may be run again after it has done its work and before that was written down, so what it does bears repeating.
package typealias JobHandler = @Sendable (Job) async -> JobOutcome

/// Takes jobs from the queue and runs them, a bounded number at a time. Any number of processes may do so.
package final class Worker: Service {
  package struct Settings: Sendable {
    /// Different for each process that ever runs.
    package var owner: String
    /// Jobs at a time: most of one is waiting for a bank.
    package var slots: Int
    package var limits: JobLimits
    /// The longest time without a look at the queue: another process may have put something there.
    package var lookPause: Duration

    package init(owner: String, slots: Int = 8, limits: JobLimits = JobLimits(), lookPause: Duration = .seconds(1)) {
      self.owner = owner
      self.slots = slots
      self.limits = limits
      self.lookPause = lookPause
    }
  }

  package let name = "worker"
  private let database: any Database
  private let world: World
  private let log: Log
  private let settings: Settings
  private let handlers: [JobKind: JobHandler]
  private let kinds: [JobKind]
  private let buried: JobClaims.Burial
  private let ended: @Sendable (Job, JobOutcome, Duration) -> Void
  private let running = Locked<[ID<QueuedJob>: (job: Job, task: Task<Void, Never>?)]>([:])
  private let isStopping = Locked(false)
  private let wakes: AsyncStream<Void>
  private let wakeSink: AsyncStream<Void>.Continuation

  /// - Parameters:
  ///   - buried: Called in the transaction that gives a job up.
  ///   - ended: Called after each try has been written down.
  package init(
    _ database: any Database, world: World, log: Log, settings: Settings, handlers: [JobKind: JobHandler],
    buried: @escaping JobClaims.Burial = { _, _, _ in },
    ended: @escaping @Sendable (Job, JobOutcome, Duration) -> Void = { _, _, _ in }
  ) {
    self.database = database
    self.world = world
    self.log = log.with(("part", "worker"))
    self.settings = settings
    self.handlers = handlers
    kinds = handlers.keys.sorted { $0.rawValue < $1.rawValue }
    self.buried = buried
    self.ended = ended
    (wakes, wakeSink) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Looks at once: a job was put into the queue.
  package func wake() { wakeSink.yield() }

  /// How many are being worked on.
  package var load: Int { running.withLock { $0.count } }

  /// Runs until it is cancelled; what was begun and not done then goes back into the queue.
  package func run() async throws {
    let rounds = Task(name: "worker rounds") { [self] in await goRound() }
    let listening = Task(name: "worker listening") { [self] in
      guard let notifying = database as? any Notifying else { return }
      for await _ in notifying.notifications(on: JobQueue.channel) { wake() }
    }
    defer {
      rounds.cancel()
      listening.cancel()
    }
    wake()
    for await _ in wakes {
      if Task.isCancelled { break }
      await fill()
    }
    await stop()
  }

  /// Signs of life, rescues, and a look now and then for what nobody told of.
  private func goRound() async {
    var beats = world.now()
    while !Task.isCancelled {
      let now = world.now()
      // A clock that was set back is no reason to fall silent.
      if now - beats >= JobClaims.leaseTime / 4 || now < beats {
        beats = now
        await beat()
        await rescue()
      }
      wake()
      do { try await world.sleep(settings.lookPause) } catch { return }
    }
  }

  /// Starts what is due and there is room for.
  private func fill() async {
    let free = settings.slots - load
    guard free > 0 else { return }
    for job in await take(free) { start(job) }
  }

  private func start(_ job: Job) {
    running.withLock { $0[job.id] = (job, nil) }
    let task = Task(name: "job \(job.kind.rawValue)") { [self] in
      let next = await perform(job, takesNext: true)
      // Before this one's place is given up: nobody else fills it.
      if let next { await follow(next) }
      running.withLock { $0[job.id] = nil }
      if next == nil || load < settings.slots { wake() }
    }
    running.withLock { if $0[job.id] != nil { $0[job.id] = (job, task) } }
  }

  /// Starts what was taken as another ended, or gives it back when this worker is being stopped.
  private func follow(_ job: Job) async {
    let isStopped = isStopping.withLock { isStopping in
      if !isStopping { start(job) }
      return isStopping
    }
    guard isStopped else { return }
    do {
      try await unbreakably { [database, world] in
        try await database.write { try JobClaims.giveBack(job, now: world.now(), $0) }
      }
    } catch {
      complain("cannot give a job back", error)
    }
  }

  // MARK: - Steps, also taken one by one by tests

  /// Takes up to `count` jobs for this worker.
  package func take(_ count: Int) async -> [Job] {
    let now = world.now()
    do {
      // Looking costs nothing where writing would make everybody wait.
      let due = try await database.read { try JobQueue.nextDue($0) }
      guard let due, due <= now else { return [] }
      return try await database.write { [self] session in
        try JobClaims.take(count, of: kinds, owner: settings.owner, limits: settings.limits, now: now, session)
      }
    } catch {
      complain("cannot take jobs", error)
      return []
    }
  }

  /// One more, in the transaction in which another ended.
  private func takeNext(_ now: Timestamp, _ session: any Session) throws -> Job? {
    // A look here costs as much as choosing would over the network.
    if session.dialect == .sqlite {
      guard let due = try JobQueue.nextDue(session), due <= now else { return nil }
    }
    return try JobClaims.takeMore(1, of: kinds, owner: settings.owner, limits: settings.limits, now: now, session).first
  }

  /// Runs one job that was taken, and writes down how it went.
  ///
  /// - Parameter takesNext: The next one may be taken in the same transaction.
  /// - Returns: The one that was taken.
  @discardableResult
  package func perform(_ job: Job, takesNext: Bool = false) async -> Job? {
    guard let handler = handlers[job.kind] else { return nil }
    let began = world.now()
    let outcome = await handler(job)
    let took = world.now() - began
    do {
      let (wasOurs, next) = try await end(job, outcome, takesNext: takesNext)
      tell(job, outcome, took: took)
      if wasOurs { ended(job, outcome, took) }
      return next
    } catch {
      // Nobody renews it any more, so it is rescued in a while.
      complain("cannot write down how a job went", error)
      return nil
    }
  }

  /// While it waits for a database that is away the job stays ours, and its sign of life goes on.
  ///
  /// - Returns: Whether it was still ours, and what was taken in its place.
  private func end(_ job: Job, _ outcome: JobOutcome, takesNext: Bool) async throws -> (Bool, Job?) {
    let (world, random, isCancelled) = (world, world.random(), Task.isCancelled)
    return try await unbreakably { [self] in
      try await database.writeThroughOutage(world) { session in
        let now = world.now()
        // A handler that was stopped says nothing about its job.
        if isCancelled, outcome != .done {
          try JobClaims.giveBack(job, now: now, session)
          return (false, nil)
        }
        // What went well touches the queue alone. A failure may be told to people, and belongs to all the rest.
        let isPlain = outcome == .done
        if isPlain { try JobClaims.readAnew(session) }
        let wasOurs = try JobClaims.end(job, outcome, now: now, random: random, session, buried: self.buried)
        let isNext = takesNext && !isCancelled && (isPlain || session.dialect == .sqlite)
        return (wasOurs, isNext ? try self.takeNext(now, session) : nil)
      }
    }
  }

  /// Renews what is being worked on, and stops what was lost.
  package func beat() async {
    let mine = running.withLock { $0.values.map(\.job) }
    guard !mine.isEmpty else { return }
    let (owner, now) = (settings.owner, world.now())
    do {
      let kept = try await database.write { try JobClaims.keep(mine, owner: owner, now: now, $0) }
      for job in mine where !kept.contains(job.id) {
        running.withLock { $0[job.id]?.task?.cancel() }
      }
    } catch {
      complain("cannot renew jobs", error)
    }
  }

  /// Puts jobs of dead workers back.
  package func rescue() async {
    let (now, random) = (world.now(), world.random())
    do {
      // Most of the time nobody is lost, and looking needs no writer.
      guard try await database.read({ try JobClaims.needsRescue(now: now, $0) }) else { return }
      let count = try await database.write { [buried] session in
        try JobClaims.rescue(now: now, random: random, session, buried: buried)
      }
      if count > 0 { log.warning("jobs of lost workers were put back", ("count", .number(count))) }
    } catch {
      complain("cannot rescue jobs", error)
    }
  }

  /// Runs what is due, one after the other, until nothing is. For commands and tests.
  ///
  /// - Returns: How many tries that were.
  @discardableResult
  package func drain() async -> Int {
    var count = 0
    while !Task.isCancelled {
      let jobs = await take(settings.slots)
      guard !jobs.isEmpty else { break }
      for job in jobs { await perform(job) }
      count += jobs.count
    }
    return count
  }

  // MARK: - Ending

  private func stop() async {
    // From here on nothing follows.
    isStopping.withLock { $0 = true }
    let tasks = running.withLock { $0.values.compactMap(\.task) }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }

  private func unbreakably<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value
  {
    try await Task { try await body() }.value
  }

  private func tell(_ job: Job, _ outcome: JobOutcome, took: Duration) {
    guard let failure = outcome.failure else {
      log.debug("job done", ("job", .id(job.id)), ("kind", .text(job.kind.rawValue)))
      return
    }
    log.warning(
      "a job failed", ("job", .id(job.id)), ("kind", .text(job.kind.rawValue)), ("subject", .text(job.subject)),
      ("attempt", .number(job.attempt)), ("code", .text(failure.code)), ("reason", .text(failure.message)))
  }

  private func complain(_ words: String, _ error: any Error) {
    guard !(error is CancellationError) else { return }
    log.error(words, ("error", .text("\(error)")))
  }
}
