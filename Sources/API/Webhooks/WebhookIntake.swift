import Basics
import Crypto
import Databases
import Finance
import Jobs
package import Plaid
import Store
import Sync

/// From a webhook to what it causes, in one transaction: when it is answered everything that it led to is on the disk,
/// and when it is not, nothing happened and it is sent again.
extension Banks {
  package enum WebhookAnswer: String, Sendable {
    case taken
    /// The same signed webhook came before.
    case known
  }

  /// Takes a webhook that claims to be Plaid's.
  ///
  /// - Throws: ``Problem`` when it is not believed or cannot be kept.
  package func receive(
    _ body: [UInt8], signature: String?, _ verifier: WebhookVerifier
  ) async throws -> WebhookAnswer {
    do throws(WebhookRefusal) {
      try await verifier.verify(header: signature, body: body)
    } catch {
      log.notice("a webhook was refused", ("reason", .text("\(error)")))
      if error == .unavailable { throw ProblemKind.webhookKeyUnavailable.problem() }
      throw ProblemKind.webhookRefused.problem()
    }
    // A key proves the environment that it was asked for in, and no other.
    guard let webhook = PlaidWebhook(body), webhook.environment == settings.environment else {
      throw ProblemKind.webhookRefused.problem()
    }
    var key = Hash.sha256(signature ?? "")
    #if MUTANTS
      if Mutant.isOn(.webhookByBody) { key = Hash.sha256(body) }
    #endif
    return try await keep(webhook, body, key: key)
  }

  private func keep(
    _ webhook: PlaidWebhook, _ body: [UInt8], key: [UInt8]
  ) async throws(BanksError) -> WebhookAnswer {
    let (now, banks) = (world.now(), self)
    let id: ID<IncomingWebhook> = world.newID()
    let answer = try await writing { session -> WebhookAnswer in
      let new = NewWebhook(
        id: id, tokenHash: key, environment: webhook.environment, itemID: webhook.itemID, type: webhook.type,
        code: webhook.code, body: body)
      guard try WebhookEvents.record(new, now: now, session) else {
        try WebhookEvents.count(type: webhook.type, code: webhook.code, "repeated", session)
        return .known
      }
      let outcome = try banks.place(webhook, id, now: now, session)
      try WebhookEvents.count(
        type: outcome == .unknown ? "other" : webhook.type, code: outcome == .unknown ? "other" : webhook.code,
        outcome.rawValue, session)
      // The link it belongs to may be in the middle of being kept.
      if outcome == .unplaced {
        let later = NewJob(.webhook, id.description, priority: .event, runAt: now + .seconds(5))
        try JobQueue.add(later, id: banks.world.newID(), now: now, session)
      }
      return .taken
    }
    #if MUTANTS
      if Mutant.isOn(.enqueueAfterCommit) { try await enqueueLate(webhook, now: now) }
    #endif
    bell.ring()
    return answer
  }

  /// Finds the connection that a webhook is about, and does for it what the webhook asks.
  func place(
    _ webhook: PlaidWebhook, _ id: ID<IncomingWebhook>, now: Timestamp, _ session: any Session
  ) throws -> WebhookOutcome {
    guard let itemID = webhook.itemID else {
      let plan = WebhookPlan.of(webhook, state: .healthy, progress: .unknown)
      let outcome = plan.outcome == .unknown ? WebhookOutcome.unknown : .noted
      try WebhookEvents.settle(id, outcome, nil, session)
      return outcome
    }
    let route = try Connections.route(
      environment: settings.environment, host: settings.host, itemID: itemID, session)
    guard let route, let owner = try Connections.owner(route.connection, of: route.household, session),
      let (condition, progress) = try Connections.condition(route.connection, owner, session)
    else { return .unplaced }
    let plan = WebhookPlan.of(webhook, state: condition.state, progress: progress)
    let scope = owner.wholeHousehold
    try Connections.heardWebhook(route.connection, now: now, scope, session)
    try carryOut(plan, webhook, route.connection, now: now, scope, session)
    try WebhookEvents.settle(id, plan.outcome, route, session)
    return plan.outcome
  }

  private func carryOut(
    _ plan: WebhookPlan, _ webhook: PlaidWebhook, _ id: ID<Connection>, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    if let event = plan.event { try ConnectionKeeping.note(event, id, now: now, world, scope, session) }
    if plan.asksAgain { try Products.askAgain(id, scope, session) }
    if let product = plan.asksAgainFor { try Products.askAgain(id, only: product, scope, session) }
    if let url = webhook.newURL, webhook.code == "WEBHOOK_UPDATE_ACKNOWLEDGED" {
      try Connections.setWebhookURL(id, url, scope, session)
    }
    if let notice = plan.notice {
      let day = now.seconds / 86_400
      let cause = webhook.accountID.map { "\(id) \($0)" } ?? "\(id) \(day)"
      try Notifications.add(
        NewNotification(notice, cause: cause, connection: id), id: world.newID(), now: now, scope, session)
    }
    if plan.callsOff { try JobQueue.cancel(JobKind.update.lane, id.description, session) }
    guard let kind = plan.job else { return }
    #if MUTANTS
      if Mutant.isOn(.enqueueAfterCommit) { return }
    #endif
    try enqueue(kind, id, priority: .event, now: now, scope, session)
  }

  #if MUTANTS
    private func enqueueLate(_ webhook: PlaidWebhook, now: Timestamp) async throws(BanksError) {
      let banks = self
      try await writing { session in
        guard let itemID = webhook.itemID,
          let route = try Connections.route(
            environment: banks.settings.environment, host: banks.settings.host, itemID: itemID, session),
          let owner = try Connections.owner(route.connection, of: route.household, session)
        else { return }
        try banks.enqueue(.update, route.connection, priority: .event, now: now, owner, session)
      }
    }
  #endif

  /// Puts work for a connection into the queue, in the transaction of its cause.
  func enqueue(
    _ kind: JobKind, _ id: ID<Connection>, priority: JobPriority, now: Timestamp, after pause: Duration = .zero,
    _ scope: Scope, _ session: any Session
  ) throws {
    let institution = try Connections.find(id, scope.wholeHousehold, session)?.institutionID
    let job = NewJob(
      kind, id.description, household: ID(bits: scope.household.bits), priority: priority, runAt: now + pause,
      provider: "plaid",
      institution: institution)
    try JobQueue.add(job, id: world.newID(), now: now, session)
  }
}
