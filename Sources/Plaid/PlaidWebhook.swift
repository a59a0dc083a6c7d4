package import Basics
import JSON

/// What a webhook of Plaid's says, in its own words. Who sent it is ``WebhookVerifier``'s to say.
package struct PlaidWebhook: Sendable, Equatable {
  /// `TRANSACTIONS`, `ITEM`, …
  package var type: String
  /// `SYNC_UPDATES_AVAILABLE`, …
  package var code: String
  package var environment: String
  package var itemID: String?
  /// Of `ITEM: ERROR`. In the older codes it is a text or null, and says nothing more.
  package var error: PlaidError?
  package var isInitialComplete: Bool?
  package var isHistoricalComplete: Bool?
  /// When the consent or the connection ends.
  package var endsAt: Timestamp?
  /// Of `USER_ACCOUNT_REVOKED`.
  package var accountID: String?
  package var newURL: String?

  private static let wordMax = 100
  private static let textMax = 500

  /// Nil when the body is no webhook.
  package init?(_ body: [UInt8]) {
    guard let root = try? JSONDocument(body).root, let type = Self.word(root["webhook_type"]),
      let code = Self.word(root["webhook_code"]), let environment = Self.word(root["environment"])
    else { return nil }
    func text(_ name: String) -> String? {
      root[name]?.string.flatMap { $0.isEmpty || $0.utf8.count > Self.textMax ? nil : $0 }
    }
    self.type = type
    self.code = code
    self.environment = environment
    itemID = text("item_id")
    error = root["error"].flatMap { PlaidError($0, status: $0["status"]?.int ?? 0) }
    isInitialComplete = root["initial_update_complete"]?.bool
    isHistoricalComplete = root["historical_update_complete"]?.bool
    endsAt = (text("consent_expiration_time") ?? text("disconnect_time")).flatMap { Timestamp(rfc3339: $0) }
    accountID = text("account_id")
    newURL = text("new_webhook_url")
  }

  private static func word(_ node: JSONNode?) -> String? {
    guard let text = node?.string, (1...wordMax).contains(text.utf8.count) else { return nil }
    return text
  }
}
