package import Basics
import Crypto
package import Databases
import Finance
package import Jobs
import Store

/// What workers do for outgoing webhooks: each address is told the household's events in their order, one after the
/// other. A job stands for an address; where it has come is kept with it, so nothing is missed and little comes twice.
package struct DeliveryJobs: Sendable {
  private let outgoing: Outgoing
  private let log: Log
  /// Events in one go, before others get their turn.
  private static let eventsMax = 100

  package init(_ outgoing: Outgoing, log: Log) {
    self.outgoing = outgoing
    self.log = log.with(("part", "webhooks out"))
  }

  package var handlers: [JobKind: JobHandler] { [.delivery: { [self] in await deliver($0) }] }

  /// Puts a job into the queue for each address that has not come as far as its household.
  ///
  /// - Returns: How many were new.
  package static func enqueue(world: World, _ session: any Session) throws -> Int {
    let behind = try WebhookEndpoints.behind(session)
    guard !behind.isEmpty else { return 0 }
    let busy = try JobQueue.subjects(inLane: JobKind.delivery.lane, session)
    let missing = behind.filter { !busy.contains("\($0.id)") }
    for (household, id) in missing {
      let job = NewJob(.delivery, "\(id)", household: ID(bits: household.bits), priority: .event)
      try JobQueue.add(job, id: world.newID(), now: world.now(), session)
    }
    return missing.count
  }

  /// Ends an address that only failed for days, in the transaction that gives its job up.
  package static func buried(
    _ job: Job, _ failure: JobFailure?, world: World, _ session: any Session
  ) throws {
    guard job.kind == .delivery, let household = job.household.map({ ID<Household>(bits: $0.bits) }),
      let id = ID<WebhookEndpoint>(String(job.subject.prefix { $0 != " " })),
      let endpoint = try WebhookEndpoints.find(id, of: household, session)
    else { return }
    // The address itself shows what is the matter; a letter beside it would say so twice.
    _ = try DeadLetters.drop(job.id, of: job.household, session)
    guard endpoint.state == .active, !job.subject.contains(" ") else { return }
    try WebhookEndpoints.disable(id, of: household, reason: failure?.message ?? "It failed.", session)
    let notice = NewNotification(
      .webhookDisabled, cause: "\(id) \(endpoint.position)", person: endpoint.scope.user,
      body: "{\"endpoint\":\"\(id)\",\"host\":\"\(Self.host(of: endpoint.url))\"}")
    try Notifications.add(notice, id: world.newID(), now: world.now(), endpoint.scope, session)
  }

  /// Nothing but letters, digits and `.:-[]`: it is written into JSON.
  static func host(of url: String) -> String {
    let rest = url.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).first ?? ""
    return String(rest.filter { $0.isASCII && ($0.isLetter || $0.isNumber || ".:-[]".contains($0)) }.prefix(100))
  }

  // MARK: - One job

  private func deliver(_ job: Job) async -> JobOutcome {
    let names = job.subject.split(separator: " ")
    guard let household = job.household.map({ ID<Household>(bits: $0.bits) }),
      let id = names.first.flatMap({ ID<WebhookEndpoint>($0) })
    else { return .done }
    do {
      if names.count == 2, let position = Int(names[1]) { return try await resend(position, id, household) }
      return try await follow(id, household)
    } catch is SealedBoxError {
      return .failed(JobFailure("webhook.locked", "The secret of the address cannot be opened."))
    } catch {
      return .failed(JobFailure("database", "The events could not be read."))
    }
  }

  /// The address; nil when it is gone or halted. One whose person may have none any more is told nothing more.
  private func find(
    _ id: ID<WebhookEndpoint>, _ household: ID<Household>
  ) async throws -> StoredEndpoint? {
    let found = try await outgoing.database.read { session -> (StoredEndpoint, Role?)? in
      guard let endpoint = try WebhookEndpoints.find(id, of: household, session) else { return nil }
      return (endpoint, try Memberships.role(of: endpoint.scope.user, endpoint.scope, session))
    }
    guard let (endpoint, role) = found, endpoint.state == .active else { return nil }
    if let role, role >= .admin { return endpoint }
    try await outgoing.database.write { session in
      try WebhookEndpoints.disable(
        id, of: household, reason: "Whoever made it may not have one in this household any more.", session)
    }
    return nil
  }

  private func follow(_ id: ID<WebhookEndpoint>, _ household: ID<Household>) async throws -> JobOutcome {
    guard let endpoint = try await find(id, household) else { return .done }
    var position = endpoint.position
    let (events, last) = try await outgoing.database.read { [position] session in
      (
        try Events.after(position, limit: Self.eventsMax, endpoint.scope, session),
        try Events.extent(of: household, session).last
      )
    }
    for row in events where endpoint.wants(row.event.kind) {
      if Task.isCancelled { return .later(.milliseconds(1)) }
      let event = OutgoingEvent(
        household: household, position: row.position, at: row.at, kind: row.event.kind,
        data: row.event.body)
      let (attempt, retryAfter) = try await outgoing.send(event, to: endpoint)
      let now = outgoing.world.now()
      let (from, isFirst) = (position, position == endpoint.position)
      try await outgoing.database.write { session in
        try WebhookDeliveries.note(attempt, endpoint, now: now, session)
        if attempt.isDelivered {
          try WebhookEndpoints.advance(endpoint, from: from, to: row.position, session)
        } else {
          try WebhookEndpoints.noteFailure(endpoint, now: now, session)
        }
      }
      guard attempt.isDelivered else { return Self.outcome(of: attempt, retryAfter, isFirst: isFirst) }
      position = row.position
    }
    // What was not asked for, or may not be seen, is passed over.
    let end = events.count == Self.eventsMax ? events.last?.position ?? last : last
    if end > position {
      try await outgoing.database.write { [position] session in
        try WebhookEndpoints.advance(endpoint, from: position, to: end, session)
      }
    }
    return .done
  }

  /// - Parameter isFirst: Nothing was delivered in this go. Otherwise the tries begin anew.
  private static func outcome(
    of attempt: WebhookDeliveries.Attempt, _ retryAfter: Duration?, isFirst: Bool
  ) -> JobOutcome {
    guard isFirst else { return .done }
    let words = attempt.status.map { "It answered with \($0)." } ?? attempt.failure ?? "It failed."
    let failure = JobFailure("webhook.not_taken", words)
    // "Gone": whoever answers so wants no more (Standard Webhooks).
    return attempt.status == 410 ? .hopeless(failure) : .failed(failure, pause: retryAfter)
  }

  /// One event once more, out of its turn.
  private func resend(
    _ position: Int, _ id: ID<WebhookEndpoint>, _ household: ID<Household>
  ) async throws -> JobOutcome {
    guard let endpoint = try await find(id, household) else { return .done }
    let row = try await outgoing.database.read { session in
      try Events.after(position - 1, limit: 1, endpoint.scope, session).first
    }
    guard let row, row.position == position else { return .done }
    let event = OutgoingEvent(
      household: household, position: position, at: row.at, kind: row.event.kind,
      data: row.event.body)
    let (attempt, retryAfter) = try await outgoing.send(event, to: endpoint)
    let now = outgoing.world.now()
    try await outgoing.database.write { try WebhookDeliveries.note(attempt, endpoint, now: now, $0) }
    return attempt.isDelivered ? .done : Self.outcome(of: attempt, retryAfter, isFirst: true)
  }
}

/// Looks for events that addresses have not been told of. Any number of processes may have one.
package struct DeliveryWatch: Service {
  package let name = "webhooks out"
  private let database: any Database
  private let world: World
  private let added: @Sendable () -> Void
  private static let pause = Duration.milliseconds(500)

  /// - Parameter added: Called when jobs were put into the queue.
  package init(_ database: any Database, _ world: World, added: @escaping @Sendable () -> Void) {
    self.database = database
    self.world = world
    self.added = added
  }

  package func run() async throws {
    while !Task.isCancelled {
      await look()
      do { try await world.sleep(Self.pause) } catch { return }
    }
  }

  /// What cannot be looked at now is looked at in a moment.
  package func look() async {
    // Most of the time nobody is behind, and looking needs no writer.
    guard let behind = try? await database.read({ try WebhookEndpoints.behind($0).count }), behind > 0 else { return }
    let world = world
    guard let count = try? await database.write({ try DeliveryJobs.enqueue(world: world, $0) }), count > 0 else {
      return
    }
    added()
  }
}
