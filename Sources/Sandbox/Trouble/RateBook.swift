import Basics

/// Counts calls and refuses those above Plaid's published limits, when a tester wants them to hold.
///
/// The table is that of Plaid's documentation in 2026: calls in a minute, per Item and per client.
struct RateBook: Sendable {
  struct Limit: Sendable {
    var perItem: Int?
    var perClient: Int
  }

  var mode = Settings.RateLimits.off
  /// Limits a tester set, over the table.
  var overrides: [String: Limit] = [:]
  /// Calls in the running minute, by endpoint and by endpoint and Item.
  private var counts: [String: Int] = [:]
  private var minute: Int64 = 0

  private static let production: [String: Limit] = [
    "/accounts/get": Limit(perItem: 15, perClient: 15_000),
    "/accounts/balance/get": Limit(perItem: 5, perClient: 1_200),
    "/transactions/sync": Limit(perItem: 50, perClient: 2_500),
    "/transactions/get": Limit(perItem: 30, perClient: 20_000),
    "/transactions/refresh": Limit(perItem: 2, perClient: 100),
    "/transactions/recurring/get": Limit(perItem: 20, perClient: 1_000),
    "/investments/holdings/get": Limit(perItem: 15, perClient: 2_000),
    "/investments/transactions/get": Limit(perItem: 30, perClient: 20_000),
    "/investments/refresh": Limit(perItem: 1, perClient: 100),
    "/liabilities/get": Limit(perItem: 15, perClient: 1_000),
    "/identity/get": Limit(perItem: 15, perClient: 2_000),
    "/item/get": Limit(perItem: 15, perClient: 5_000),
    "/item/remove": Limit(perItem: 30, perClient: 2_000),
    "/institutions/get": Limit(perItem: nil, perClient: 50),
    "/institutions/get_by_id": Limit(perItem: nil, perClient: 400),
  ]

  private static let sandbox: [String: Limit] = [
    "/accounts/get": Limit(perItem: 100, perClient: 5_000),
    "/accounts/balance/get": Limit(perItem: 25, perClient: 100),
    "/transactions/sync": Limit(perItem: 50, perClient: 1_000),
    "/transactions/get": Limit(perItem: 80, perClient: 1_000),
    "/transactions/refresh": Limit(perItem: 2, perClient: 100),
    "/transactions/recurring/get": Limit(perItem: 20, perClient: 1_000),
    "/investments/holdings/get": Limit(perItem: 100, perClient: 1_000),
    "/investments/transactions/get": Limit(perItem: 100, perClient: 1_000),
    "/investments/refresh": Limit(perItem: 1, perClient: 100),
    "/liabilities/get": Limit(perItem: 10, perClient: 1_000),
    "/identity/get": Limit(perItem: 100, perClient: 1_000),
    "/item/get": Limit(perItem: 40, perClient: 5_000),
    "/item/remove": Limit(perItem: 100, perClient: 500),
    "/institutions/get": Limit(perItem: nil, perClient: 10),
    "/institutions/get_by_id": Limit(perItem: nil, perClient: 400),
    "/sandbox/transactions/create": Limit(perItem: 2, perClient: 50),
  ]

  func limit(of endpoint: String) -> Limit? {
    if let override = overrides[endpoint] { return override }
    return switch mode {
    case .off: nil
    case .sandbox: Self.sandbox[endpoint]
    case .production: Self.production[endpoint]
    }
  }

  /// Counts a call; false when it is one too many.
  mutating func admit(_ endpoint: String, item: String?, at now: Timestamp) -> Bool {
    guard let limit = limit(of: endpoint) else { return true }
    if now.seconds / 60 != minute {
      minute = now.seconds / 60
      counts = [:]
    }
    counts[endpoint, default: 0] += 1
    guard counts[endpoint, default: 0] <= limit.perClient else { return false }
    guard let item, let perItem = limit.perItem else { return true }
    counts[endpoint + " " + item, default: 0] += 1
    return counts[endpoint + " " + item, default: 0] <= perItem
  }

  /// The code Plaid answers with.
  static func code(of endpoint: String) -> String {
    switch endpoint {
    case "/accounts/get": "ACCOUNTS_LIMIT"
    case "/accounts/balance/get": "BALANCE_LIMIT"
    case "/transactions/sync": "TRANSACTIONS_SYNC_LIMIT"
    case "/transactions/get": "TRANSACTIONS_LIMIT"
    case "/transactions/refresh": "TRANSACTIONS_REFRESH_LIMIT"
    case "/investments/holdings/get": "INVESTMENT_HOLDINGS_GET_LIMIT"
    case "/investments/transactions/get": "INVESTMENT_TRANSACTIONS_LIMIT"
    case "/identity/get": "IDENTITY_LIMIT"
    case "/item/get": "ITEM_GET_LIMIT"
    case "/institutions/get": "INSTITUTIONS_GET_LIMIT"
    case "/institutions/get_by_id": "INSTITUTIONS_GET_BY_ID_LIMIT"
    default: "RATE_LIMIT"
    }
  }
}
