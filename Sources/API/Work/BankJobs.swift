package import Basics
import Categories
package import Databases
package import Finance
package import Jobs
import Plaid
import Store
package import Sync

/// What workers do with banks, one handler for each kind of job.
package struct BankJobs: Sendable {
  /// What happens, for whoever shows it.
  package enum Event: Sendable {
    case progress(ID<Connection>, SyncProgress)
    case done(ID<Connection>, SyncOutcome)
    case failed(ID<Connection>, BanksError)
  }

  private let banks: Banks
  private let tell: @Sendable (Event) -> Void

  package init(_ banks: Banks, tell: @escaping @Sendable (Event) -> Void = { _ in }) {
    self.banks = banks
    self.tell = tell
  }

  package var handlers: [JobKind: JobHandler] {
    let read: JobHandler = { [self] in await sync($0) }
    return [
      .initialSync: read, .historicalSync: read, .update: read, .holdings: read, .liabilities: read,
      .balances: { [self] in await refreshBalances($0) },
      .removal: { [self] in await remove($0) },
      .erasure: { [self] in await erase($0) },
      .webhook: { [self] in await placeWebhook($0) },
      .webhookAddress: { [self] in await tellAddress($0) },
      .retention: { [self] _ in await forget() },
      .recategorize: { [self] in await applyRule($0) },
    ]
  }

  /// Tells people of a job that was given up, in the transaction that gives it up.
  package var buried: @Sendable (Job, JobFailure?, any Session) throws -> Void {
    let (world, address) = (banks.world, banks.settings.webhookURL ?? "")
    return { job, failure, session in
      if job.kind == .delivery { return try DeliveryJobs.buried(job, failure, world: world, session) }
      guard let (scope, notice) = try Self.notice(of: job, address: address, session) else { return }
      try Notifications.add(notice, id: world.newID(), now: world.now(), scope, session)
    }
  }

  /// What is told of a job that was given up, and in whose household; nil where nobody waits for it. Of one that is given
  /// up again and again, as while a bank is out of reach for days, people are told once, until it has succeeded.
  private static func notice(
    of job: Job, address: String, _ session: any Session
  ) throws -> (Scope, NewNotification)? {
    func letter(_ cause: String, _ connection: ID<Connection>? = nil, to person: ID<User>? = nil) -> NewNotification {
      NewNotification(
        .deadLetter, cause: cause, connection: connection, person: person,
        body: "{\"job\":\"\(job.id)\",\"kind\":\"\(job.kind.rawValue)\"}")
    }
    let household = job.household.map { ID<Household>(bits: $0.bits) }
    switch job.kind {
    case .erasure:
      guard let id = ID<Erasure>(job.subject), let erasure = try Erasures.find(id, session) else { return nil }
      return (erasure.scope, letter("\(id)", to: erasure.person))
    case .recategorize:
      guard let household, let id = ID<RuleRunName>(job.subject),
        let person = try RuleRuns.person(of: id, in: household, session)
      else { return nil }
      return (Scope(household: household, user: person), letter("\(id)", to: person))
    default:
      guard let household, let id = ID<Connection>(job.subject),
        let owner = try Connections.owner(id, of: household, session),
        let stored = try Connections.find(id, owner.wholeHousehold, session)
      else { return nil }
      let since =
        switch job.kind.lane {
        case JobKind.update.lane: "\(stored.lastSuccessAt?.milliseconds ?? 0)"
        case JobKind.webhookAddress.lane: address
        default: ""
        }
      return (owner, letter("\(id) \(job.kind.lane) \(since)", id))
    }
  }

  /// The connection of a job, and the banks as its owner's household has them; nil when it is gone.
  private func place(_ job: Job) async throws -> (StoredConnection, Banks)? {
    guard let id = ID<Connection>(job.subject), let household = job.household.map({ ID<Household>(bits: $0.bits) })
    else { return nil }
    return try await banks.database.read { try Connections.ofAnybody(id, in: household, $0) }
      .map { ($0.connection, banks.acting(as: $0.owner.wholeHousehold)) }
  }

  // MARK: - Reading

  private func sync(_ job: Job) async -> JobOutcome {
    await attempt(job) { id, banks, before in
      // Nobody asked for it by hand, and asking cannot help.
      if before.state == .needsReauthentication, job.priority >= JobPriority.scheduled.rawValue { return .done }
      let outcome = try await banks.sync(before, kind: nil) { [tell] in tell(.progress(id, $0)) }
      tell(.done(id, outcome))
      if outcome == .superseded { return .later(KeepUp.shortPause) }
      return before.progress == .historical ? .done : try await rest(id, banks)
    }
  }

  /// Comes back soon while the bank is still gathering the history of a new link.
  private func rest(_ id: ID<Connection>, _ banks: Banks) async throws -> JobOutcome {
    let now = banks.world.now()
    let listed = try await banks.database.read { [scope = banks.scope] in try Connections.listed(id, scope, $0) }
    guard let listed, listed.progress != .historical, let pause = KeepUp.freshPause(age: now - listed.createdAt)
    else { return .done }
    return .later(pause)
  }

  private func refreshBalances(_ job: Job) async -> JobOutcome {
    await attempt(job) { id, banks, before in
      if banks.settings.hasLiveBalances {
        // A bill for nothing: the bank lets nobody in.
        guard before.state != .needsReauthentication else { return .done }
        _ = try await banks.liveBalances(id)
        return .done
      }
      return try await banks.refreshBalances(id) == nil ? .later(KeepUp.shortPause) : .done
    }
  }

  private func attempt(
    _ job: Job, ending: (BanksError) -> JobOutcome = { BankJobs.outcome(of: $0) },
    _ body: (ID<Connection>, Banks, StoredConnection) async throws -> JobOutcome
  ) async -> JobOutcome {
    do {
      guard let (before, banks) = try await place(job) else { return .done }
      let id = before.id
      guard before.sealedToken != nil, before.state != .removing else { return .done }
      do {
        return try await body(id, banks, before)
      } catch {
        let error = BanksError(error)
        if error != .cancelled { tell(.failed(id, error)) }
        return ending(error)
      }
    } catch {
      return Self.outcome(of: BanksError(error))
    }
  }

  /// What a failure means for the job.
  static func outcome(of error: BanksError) -> JobOutcome {
    let failure = JobFailure(error.problem.code, "\(error)")
    switch error {
    case .bank(let fault): return outcome(of: fault, failure)
    case .cancelled: return .later(.seconds(1))
    // The database was restarted or another took its place. That says nothing about the job.
    case .storage(.disconnected), .storage(.tryAgain): return .later(.seconds(5))
    // Nothing is left to be done, or only a person can do it, and the connection says so.
    case .unknownConnection, .removed, .linkedElsewhere: return .done
    case .locked, .storage: return .failed(failure)
    case .alreadyLinked, .otherHousehold, .badPublicToken, .sandboxOnly, .orphaned: return .hopeless(failure)
    }
  }

  private static func outcome(of error: FeedError, _ failure: JobFailure) -> JobOutcome {
    var failure = failure
    switch error {
    // The connection's state says what a person has to do; trying again would not.
    case .reauthenticate, .gone, .unsupported: return .done
    case .wait(let pause, let fault):
      if fault.code == CallMeter.passed { return .later(pause) }
      failure.blames = .provider
      return .failed(failure, pause: pause)
    case .notReady: return .later(.seconds(60))
    case .retry(let fault):
      failure.blames = fault.type == "INSTITUTION_ERROR" ? .institution : fault.type == "MAGPIE" ? nil : .provider
      return .failed(failure)
    case .mutated, .cursorRefused, .accountsChanged: return .failed(failure)
    case .configuration, .bug: return .hopeless(failure)
    }
  }

  // MARK: - The rest

  private func remove(_ job: Job) async -> JobOutcome {
    do {
      guard let (connection, banks) = try await place(job) else { return .done }
      try await banks.remove(connection.id)
      return .done
    } catch {
      let error = BanksError(error)
      if case .bank(let fault) = error {
        // Whatever the provider says: the link goes on being billed until it has confirmed the end.
        return .failed(
          JobFailure(error.problem.code, "\(error)"),
          pause: error.retryAfter ?? (fault.isPassing ? nil : .seconds(3600)))
      }
      return error == .unknownConnection ? .done : .failed(JobFailure(error.problem.code, "\(error)"))
    }
  }

  /// So long one job goes on with an erasure.
  private static let erasingSpell = Duration.seconds(5)

  private func erase(_ job: Job) async -> JobOutcome {
    guard let id = ID<Erasure>(job.subject) else { return .done }
    do {
      // What is left then has a job of its own: who stops the server does not wait for the end of a large household.
      _ = try await banks.erase(id, within: Self.erasingSpell)
      return .done
    } catch {
      let error = BanksError(error)
      return .failed(JobFailure(error.problem.code, "\(error)"), pause: error.retryAfter)
    }
  }

  private func tellAddress(_ job: Job) async -> JobOutcome {
    await attempt(job, ending: Self.outcome(ofAddress:)) { id, banks, _ in
      try await banks.tellWebhookAddress(of: id)
      return .done
    }
  }

  /// What was not told is not done, also where a sync would leave it to the person: it would be asked again each minute.
  private static func outcome(ofAddress error: BanksError) -> JobOutcome {
    if case .bank(let fault) = error, outcome(of: error) == .done {
      return .hopeless(JobFailure(error.problem.code, "\(fault)"))
    }
    return outcome(of: error)
  }

  /// A webhook for which there was no connection when it came.
  private func placeWebhook(_ job: Job) async -> JobOutcome {
    guard let id = ID<IncomingWebhook>(job.subject) else { return .done }
    let (banks, now) = (banks, banks.world.now())
    do {
      let outcome = try await banks.database.write { session -> WebhookOutcome in
        guard let body = try WebhookEvents.body(id, session), let webhook = PlaidWebhook(body) else { return .noted }
        return try banks.place(webhook, id, now: now, session)
      }
      banks.bell.ring()
      guard outcome == .unplaced, job.attempt < JobKind.webhook.policy.tries else { return .done }
      return .failed(JobFailure("webhook.unplaced", "No connection belongs to this webhook yet."))
    } catch {
      return .failed(JobFailure("database", "The webhook could not be looked at."))
    }
  }

  /// Goes on with a rule that is being applied to the past, a thousand rows in each transaction.
  private func applyRule(_ job: Job) async -> JobOutcome {
    guard let id = ID<RuleRunName>(job.subject), let household = job.household.map({ ID<Household>(bits: $0.bits) })
    else { return .done }
    let (database, world) = (banks.database, banks.world)
    do {
      var isMore = true
      while isMore {
        isMore = try await database.write { session in
          guard let person = try RuleRuns.person(of: id, in: household, session) else { return false }
          let scope = Scope(household: household, user: person).wholeHousehold
          return try RuleRuns.step(id, world: world, scope, session)?.finishedAt == nil
        }
      }
      return .done
    } catch {
      return .failed(JobFailure("database", "The rule could not be applied to all rows."))
    }
  }

  private func forget() async -> JobOutcome {
    let now = banks.world.now()
    do {
      try await banks.database.write { session in
        try WebhookEvents.forget(now: now, session)
        try CallBudget.forget(now: now, session)
        try Events.forget(now: now, session)
        try WebhookDeliveries.forget(now: now, session)
      }
      return .done
    } catch {
      return .failed(JobFailure("database", "What is old could not be dropped."))
    }
  }
}

extension FeedError {
  /// Whether it may pass by itself within minutes.
  fileprivate var isPassing: Bool {
    switch self {
    case .retry, .wait, .notReady: true
    default: false
    }
  }
}
