import Basics
import Crypto

/// Keeps calls below Plaid's limits by waiting, so that Plaid hardly ever has to refuse one.
///
/// The last calls of each Item and of this client are remembered for as long as a limit counts them; a call that would
/// be one too many is put off until the oldest of them no longer counts. That holds for every window of that length,
/// wherever Plaid's own minute begins. What other programs call with the same keys is not known here.
final class PlaidPace: Sendable {
  /// So many calls within so long.
  struct Limit: Sendable {
    var calls: Int
    var window: Duration
  }

  struct Limits: Sendable {
    var perItem: [Limit] = []
    var perClient: [Limit] = []
  }

  /// Longer than this nobody waits: the caller is told when to come back.
  static let waitMax = Duration.seconds(90)

  private let limits: [String: Limits]
  private let world: World
  /// When calls were, or will be, made, oldest first; by endpoint, and by endpoint and Item.
  private let calls = Locked<[String: [Timestamp]]>([:])

  init(limits: [String: Limits], world: World) {
    self.limits = limits
    self.world = world
  }

  /// Waits until a call may be made, and counts it.
  ///
  /// - Parameter token: The Item's access token, where the call is about one.
  /// - Throws: A ``PlaidError`` that was not sent, with the time to wait, when that is longer than ``waitMax``; and when
  ///   the task was cancelled.
  func admit(_ endpoint: String, token: String?) async throws(PlaidError) {
    guard let limits = limits[endpoint] else { return }
    let item = token.map { endpoint + " " + Hex.encode(Array(Hash.sha256($0).prefix(16))) }
    let now = world.now()
    let start = calls.withLock { calls -> Timestamp in
      let start = max(
        Self.earliest(calls[endpoint] ?? [], limits.perClient, now),
        item.map { Self.earliest(calls[$0] ?? [], limits.perItem, now) } ?? now)
      guard start - now <= Self.waitMax else { return start }
      Self.note(start, in: &calls[endpoint, default: []], limits.perClient, now)
      if let item { Self.note(start, in: &calls[item, default: []], limits.perItem, now) }
      return start
    }
    let wait = start - now
    guard wait > .zero else { return }
    guard wait <= Self.waitMax else {
      throw PlaidError(
        "OWN_RATE_LIMIT", "Plaid's limit for \(endpoint) is used up", remedy: .wait(wait), wasSent: false)
    }
    do {
      try await world.sleep(wait)
    } catch {
      throw PlaidError("CANCELLED", "the call was cancelled", remedy: .retry, wasSent: false)
    }
  }

  /// The first instant at which one more call breaks no limit.
  private static func earliest(_ calls: [Timestamp], _ limits: [Limit], _ now: Timestamp) -> Timestamp {
    limits.reduce(now) { start, limit in
      guard calls.count >= limit.calls else { return start }
      return max(start, calls[calls.count - limit.calls] + limit.window)
    }
  }

  private static func note(_ start: Timestamp, in calls: inout [Timestamp], _ limits: [Limit], _ now: Timestamp) {
    // Calls of others that were put off further may stand behind this one.
    let place = calls.lastIndex { $0 <= start }.map { $0 + 1 } ?? 0
    calls.insert(start, at: place)
    let longest = limits.map(\.window).max() ?? .zero
    let most = limits.map(\.calls).max() ?? 0
    if calls.count > 2 * most { calls.removeAll { $0 + longest <= now } }
  }
}

extension PlaidPace {
  /// Plaid's published limits of the environment; none for other hosts, whose limits nobody knows.
  static func limits(of credentials: PlaidCredentials) -> [String: Limits] {
    guard credentials.baseURL == "https://\(credentials.environment).plaid.com" else { return [:] }
    let isProduction = credentials.environment == "production"
    return Dictionary(
      uniqueKeysWithValues: published.map { row in
        let (perItem, perClient) = isProduction ? row.production : row.sandbox
        var limits = Limits(perClient: [Limit(calls: perClient, window: minute)])
        if perItem > 0 { limits.perItem = [Limit(calls: perItem, window: minute)] + row.more }
        return (row.endpoint, limits)
      })
  }

  private static let minute = Duration.seconds(60)
  private static let hour = Duration.seconds(3600)

  private struct Row {
    var endpoint: String
    /// Calls in a minute per Item, where there is such a limit, and per client.
    var production: (Int, Int)
    var sandbox: (Int, Int)
    /// Per Item, over longer times.
    var more: [Limit] = []
  }

  /// Plaid's page on rate limits, as of the middle of 2026. Plaid calls it partial, and may change it.
  private static let published: [Row] = [
    Row(endpoint: "/accounts/get", production: (15, 15_000), sandbox: (100, 5_000)),
    Row(
      endpoint: "/accounts/balance/get", production: (5, 1_200), sandbox: (25, 100),
      more: [Limit(calls: 30, window: hour)]),
    Row(endpoint: "/transactions/sync", production: (50, 2_500), sandbox: (50, 1_000)),
    Row(endpoint: "/transactions/get", production: (30, 20_000), sandbox: (80, 1_000)),
    Row(
      endpoint: "/transactions/refresh", production: (2, 100), sandbox: (2, 100),
      more: [Limit(calls: 120, window: hour), Limit(calls: 2_880, window: hour * 24)]),
    Row(endpoint: "/transactions/recurring/get", production: (20, 1_000), sandbox: (20, 1_000)),
    Row(endpoint: "/investments/holdings/get", production: (15, 2_000), sandbox: (100, 1_000)),
    Row(endpoint: "/investments/transactions/get", production: (30, 20_000), sandbox: (100, 1_000)),
    Row(endpoint: "/investments/refresh", production: (1, 100), sandbox: (1, 100)),
    Row(endpoint: "/liabilities/get", production: (15, 1_000), sandbox: (10, 1_000)),
    Row(endpoint: "/identity/get", production: (15, 2_000), sandbox: (100, 1_000)),
    Row(endpoint: "/item/get", production: (15, 5_000), sandbox: (40, 5_000)),
    Row(endpoint: "/item/remove", production: (20, 2_000), sandbox: (20, 500)),
    Row(endpoint: "/institutions/get", production: (0, 50), sandbox: (0, 10)),
    Row(endpoint: "/institutions/get_by_id", production: (0, 400), sandbox: (0, 400)),
    Row(endpoint: "/sandbox/transactions/create", production: (2, 50), sandbox: (2, 50)),
    Row(endpoint: "/link/token/create", production: (0, 20_000), sandbox: (0, 20_000)),
    Row(endpoint: "/item/public_token/exchange", production: (0, 12_000), sandbox: (0, 12_000)),
  ]
}
