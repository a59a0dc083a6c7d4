import Basics
import JSON

/// `/sandbox/item/fire_webhook`: any webhook a tester wants to see, filled with plausible words.
enum WebhookFiring {
  /// Types a code exists under, the usual one first.
  private static let types: [String: [String]] = [
    "DEFAULT_UPDATE": [
      "TRANSACTIONS", "AUTH", "IDENTITY", "INVESTMENTS_TRANSACTIONS", "LIABILITIES", "HOLDINGS",
    ],
    "SYNC_UPDATES_AVAILABLE": ["TRANSACTIONS"], "RECURRING_TRANSACTIONS_UPDATE": ["TRANSACTIONS"],
    "NEW_ACCOUNTS_AVAILABLE": ["ITEM"], "LOGIN_REPAIRED": ["ITEM"], "PENDING_DISCONNECT": ["ITEM"],
    "USER_PERMISSION_REVOKED": ["ITEM"], "USER_ACCOUNT_REVOKED": ["ITEM"],
    "SMS_MICRODEPOSITS_VERIFICATION": ["AUTH"], "AUTHORIZATION_GRANTED": ["ITEM"], "PRODUCT_READY": ["ASSETS"],
    "ERROR": ["ASSETS"],
  ]

  private static let products = [
    "TRANSACTIONS": "transactions", "AUTH": "auth", "IDENTITY": "identity",
    "INVESTMENTS_TRANSACTIONS": "investments", "HOLDINGS": "investments", "LIABILITIES": "liabilities",
    "ASSETS": "assets",
  ]

  static func fire(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.item(body)
    let code = try body.required("webhook_code")
    guard let known = types[code] else { throw .invalidField("webhook_code \(code) cannot be fired") }
    let type = body.string("webhook_type") ?? known[0]
    guard known.contains(type) else { throw .invalidField("webhook_code \(code) does not exist under \(type)") }
    if let product = products[type], !item.billed.contains(product) { throw .productNotEnabled }
    guard item.webhook != nil else { throw .webhookInvalid }
    world.announce(item.id, type: type, code, fields(code, type, item, world))
    return .object(["webhook_fired": true])
  }

  private static func fields(_ code: String, _ type: String, _ item: Item, _ world: SandboxWorld) -> JSONValue {
    switch (code, type) {
    case ("DEFAULT_UPDATE", "TRANSACTIONS"): ["new_transactions": 0, "error": nil]
    case ("DEFAULT_UPDATE", "HOLDINGS"): ["new_holdings": 0, "updated_holdings": 0, "error": nil]
    case ("DEFAULT_UPDATE", "INVESTMENTS_TRANSACTIONS"):
      ["new_investments_transactions": 0, "cancelled_investments_transactions": 0, "error": nil]
    case ("DEFAULT_UPDATE", "LIABILITIES"):
      ["account_ids_with_new_liabilities": [], "account_ids_with_updated_liabilities": .object([]), "error": nil]
    case ("SYNC_UPDATES_AVAILABLE", _): .object(world.statusFields(of: item))
    case ("RECURRING_TRANSACTIONS_UPDATE", _):
      ["account_ids": JSONValue(item.accounts.filter(\.hasTransactions).map { item.accountID($0.key) })]
    case ("PENDING_DISCONNECT", _):
      [
        "reason": "INSTITUTION_TOKEN_EXPIRATION",
        "disconnect_time": Wire.instant(item.consentEndsAt ?? world.now + .seconds(7 * 86_400)),
      ]
    case ("USER_PERMISSION_REVOKED", _): ["error": Refusal.permissionRevoked.webhookJSON]
    case ("USER_ACCOUNT_REVOKED", _):
      ["account_id": JSONValue(item.accounts.first.map { item.accountID($0.key) })]
    default: ["error": nil]
    }
  }
}
