package import Basics
import JSON

/// What Plaid says about one Item.
package struct PlaidItem: Sendable {
  package var itemID: String
  package var institutionID: String?
  package var institutionName: String?
  package var webhook: String?
  /// Set while the Item is broken; only `/item/get` tells.
  package var error: PlaidError?
  package var availableProducts: [String]
  package var billedProducts: [String]
  package var products: [String]
  /// When the person's consent ends, at banks where it does.
  package var consentExpiresAt: Timestamp?
  /// When Plaid last looked at the bank for transactions, and when that last failed.
  package var transactionsUpdatedAt: Timestamp?
  package var transactionsFailedAt: Timestamp?

  /// - Parameter root: An answer that has `item`, and maybe `status`.
  init?(_ root: JSONNode) {
    guard let item = root["item"], let id = item["item_id"]?.string else { return nil }
    func instant(_ node: JSONNode?) -> Timestamp? { node?.string.flatMap { Timestamp(rfc3339: $0) } }
    func words(_ node: JSONNode?) -> [String] { node?.elements.compactMap { $0.string } ?? [] }
    itemID = id
    institutionID = item["institution_id"]?.string
    institutionName = item["institution_name"]?.string
    webhook = item["webhook"]?.string
    error = item["error"].flatMap { PlaidError($0, status: $0["status"]?.int ?? 0) }
    availableProducts = words(item["available_products"])
    billedProducts = words(item["billed_products"])
    products = words(item["products"])
    consentExpiresAt = instant(item["consent_expiration_time"])
    let transactions = root["status"]?["transactions"]
    transactionsUpdatedAt = instant(transactions?["last_successful_update"])
    transactionsFailedAt = instant(transactions?["last_failed_update"])
  }
}

extension PlaidClient {
  /// Succeeds for a broken Item too, with ``PlaidItem/error`` set.
  package func itemGet(_ accessToken: Secret<String>) async throws(PlaidError) -> PlaidItem {
    try item(of: await call("/item/get", ["access_token": .string(accessToken.reveal)], .read))
  }

  /// Ends access and billing. Repeating it is harmless, but the second time the Item is not found.
  package func itemRemove(_ accessToken: Secret<String>) async throws(PlaidError) {
    _ = try await call("/item/remove", ["access_token": .string(accessToken.reveal)], .act)
  }

  /// - Parameter url: Nil ends webhooks.
  package func webhookUpdate(_ accessToken: Secret<String>, url: String?) async throws(PlaidError) -> PlaidItem {
    let body: JSONValue = ["access_token": .string(accessToken.reveal), "webhook": JSONValue(url)]
    return try item(of: await call("/item/webhook/update", body, .act))
  }

  /// The old token dies at once: the new one must be kept before anything else.
  package func accessTokenInvalidate(_ accessToken: Secret<String>) async throws(PlaidError) -> Secret<String> {
    let body: JSONValue = ["access_token": .string(accessToken.reveal)]
    return Secret(try await call("/item/access_token/invalidate", body, .act).required("new_access_token"))
  }

  private func item(of answer: PlaidAnswer) throws(PlaidError) -> PlaidItem {
    guard let item = PlaidItem(answer.root) else { throw answer.lacks("item") }
    return item
  }
}
