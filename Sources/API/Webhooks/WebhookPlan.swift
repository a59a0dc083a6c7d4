package import Finance
package import Jobs
package import Plaid
package import Store
package import Sync

/// What a webhook leads to: what it says of the connection, what is to be done, and who is told. Pure, one row for each
/// code of Plaid's.
package struct WebhookPlan: Sendable, Equatable {
  package var outcome: WebhookOutcome
  /// What it says of the connection's health.
  package var event: ConnectionEvent?
  package var job: JobKind?
  /// The bank has something new of what it was last asked for in vain.
  package var asksAgain = false
  /// Of this product alone.
  package var asksAgainFor: Product?
  package var notice: NotificationKind?
  /// Work that waits is called off: nothing may be asked any more.
  package var callsOff = false

  package init(_ outcome: WebhookOutcome, _ event: ConnectionEvent? = nil, job: JobKind? = nil) {
    self.outcome = outcome
    self.event = event
    self.job = job
  }

  private static let nothing = WebhookPlan(.noted)

  package static func of(
    _ webhook: PlaidWebhook, state: ConnectionState, progress: FeedProgress
  ) -> WebhookPlan {
    // What has ended asks for nothing, whatever comes late.
    let isOver = state == .removing || state == .removed
    var plan = known(webhook, progress) ?? WebhookPlan(.unknown)
    if isOver, plan.outcome == .taken { plan = nothing }
    if state == .revoked, plan.job != nil, plan.event == nil { plan = nothing }
    return plan
  }

  private static func known(_ webhook: PlaidWebhook, _ progress: FeedProgress) -> WebhookPlan? {
    switch webhook.type {
    case "TRANSACTIONS": transactions(webhook, progress)
    case "ITEM": item(webhook)
    case "HOLDINGS", "INVESTMENTS_TRANSACTIONS": product(webhook, .holdings)
    case "LIABILITIES": product(webhook, .liabilities)
    // Links are finished by whoever began them, and asked about when they are.
    case "LINK": ["ITEM_ADD_RESULT", "SESSION_FINISHED", "EVENTS"].contains(webhook.code) ? nothing : nil
    default: nil
    }
  }

  private static func transactions(_ webhook: PlaidWebhook, _ progress: FeedProgress) -> WebhookPlan? {
    switch webhook.code {
    case "SYNC_UPDATES_AVAILABLE":
      let kind: JobKind =
        if progress == .historical {
          .update
        } else if webhook.isHistoricalComplete == true {
          .historicalSync
        } else {
          .initialSync
        }
      return WebhookPlan(.taken, job: kind)
    // Told also to those who read by cursor, who hear the same by the code above once they have begun to read.
    case "INITIAL_UPDATE":
      return progress == .unknown || progress == .notReady ? WebhookPlan(.taken, job: .initialSync) : nothing
    case "HISTORICAL_UPDATE":
      return progress == .historical ? nothing : WebhookPlan(.taken, job: .historicalSync)
    case "RECURRING_TRANSACTIONS_UPDATE":
      var plan = WebhookPlan(.taken, job: .update)
      plan.asksAgainFor = .recurring
      return plan
    case "DEFAULT_UPDATE", "TRANSACTIONS_REMOVED": return nothing
    default: return nil
    }
  }

  private static func item(_ webhook: PlaidWebhook) -> WebhookPlan? {
    switch webhook.code {
    case "ERROR":
      guard let error = webhook.error else { return nothing }
      return WebhookPlan(.taken, .failed(error.feedError))
    case "LOGIN_REPAIRED": return WebhookPlan(.taken, .repaired, job: .update)
    case "PENDING_EXPIRATION", "PENDING_DISCONNECT":
      return WebhookPlan(.taken, .ends(at: webhook.endsAt, code: webhook.code))
    case "NEW_ACCOUNTS_AVAILABLE":
      var plan = WebhookPlan(.taken)
      plan.notice = .newAccounts
      return plan
    case "USER_PERMISSION_REVOKED":
      var plan = WebhookPlan(.taken, .revoked(code: webhook.code))
      plan.callsOff = true
      return plan
    case "USER_ACCOUNT_REVOKED":
      // The next list of accounts lacks it, and says so of itself.
      var plan = WebhookPlan(.taken, job: .update)
      plan.notice = .accountRevoked
      return plan
    case "WEBHOOK_UPDATE_ACKNOWLEDGED": return nothing
    default: return nil
    }
  }

  private static func product(_ webhook: PlaidWebhook, _ kind: JobKind) -> WebhookPlan? {
    let codes =
      webhook.type == "INVESTMENTS_TRANSACTIONS" ? ["DEFAULT_UPDATE", "HISTORICAL_UPDATE"] : ["DEFAULT_UPDATE"]
    guard codes.contains(webhook.code) else { return nil }
    var plan = WebhookPlan(.taken, job: kind)
    plan.asksAgain = true
    return plan
  }
}
