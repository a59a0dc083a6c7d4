import Basics
import JSON

/// Plaid's Item object.
extension SandboxWorld {
  /// - Parameter isFull: `/item/get` tells more than the others.
  func json(of item: Item, isFull: Bool = false) -> JSONValue {
    let available = item.institution.products.filter { !item.billed.contains($0) }
    let consented = item.consented ?? item.institution.products
    var members: [JSONValue.Member] = [
      .init("auth_method", item.billed.contains("auth") ? "INSTANT_AUTH" : nil),
      .init("available_products", JSONValue(available.sorted())), .init("billed_products", JSONValue(item.billed)),
      .init("consent_expiration_time", Wire.instant(item.consentEndsAt)),
      .init("consented_products", JSONValue(consented.sorted())),
    ]
    if isFull {
      members += [
        .init("consented_data_scopes", ["account_balance_info", "contact_info", "transactions"]),
        .init("consented_use_cases", []), .init("created_at", Wire.instant(item.createdAt)),
      ]
    }
    members += [
      .init("error", isFull ? item.trouble?.itemJSON ?? .null : .null),
      .init("institution_id", .string(item.institution.id)), .init("institution_name", .string(item.institution.name)),
      .init("item_id", .string(item.id)), .init("products", JSONValue(item.billed)),
      .init("update_type", "background"), .init("webhook", JSONValue(item.webhook)),
    ]
    return .object(members)
  }

  func statusJSON(of item: Item) -> JSONValue {
    let times: JSONValue = [
      "last_failed_update": Wire.instant(item.lastFailure), "last_successful_update": Wire.instant(item.lastUpdate),
    ]
    let webhook: JSONValue =
      item.lastWebhook.map { ["code_sent": .string($0.code), "sent_at": Wire.instant($0.at)] } ?? .null
    return [
      "investments": item.billed.contains("investments") ? times : .null, "last_webhook": webhook,
      "transactions": item.hasTransactions ? times : .null,
    ]
  }
}
