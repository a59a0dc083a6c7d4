import Basics
import Databases
import Finance
import Store

/// Which securities an answer speaks of, which of them are new or described anew, and what they closed at. Pure.
struct SecurityPlan {
  private(set) var changed: [StoredSecurity] = []
  private(set) var prices: [SecurityPrice] = []
  private var ids: [String: ID<Security>] = [:]

  /// - Parameters:
  ///   - mentioned: Ids that rows refer to. One that nobody describes is kept by its bare id: the row counts all the
  ///     same.
  ///   - known: By the provider's id.
  init(
    _ feed: [FeedSecurity], mentioned: [String], known: [String: StoredSecurity], newID: () -> ID<Security>
  ) {
    ids = known.mapValues(\.id)
    var described: [String: StoredSecurity] = [:]
    for security in feed {
      let id = ids[security.id] ?? newID()
      ids[security.id] = id
      described[security.id] = Self.stored(security, as: id)
      if let price = security.closePrice, let day = security.closePriceOn {
        prices.append(
          SecurityPrice(security: id, day: day, source: .close, price: price, currency: security.currency))
      }
    }
    for providerID in mentioned where ids[providerID] == nil {
      let id = newID()
      ids[providerID] = id
      described[providerID] = StoredSecurity(id: id, providerID: providerID)
    }
    changed = described.values.filter { $0 != known[$0.providerID] }.sorted { $0.id < $1.id }
  }

  /// Ours for the provider's id; every id of the answer has one.
  subscript(_ providerID: String) -> ID<Security>? { ids[providerID] }

  func apply(to target: ProductTarget, _ session: any Session) throws {
    for security in changed { try Securities.keep(security, target.connection, target.scope, session) }
    for price in prices { try Securities.keepPrice(price, target.scope, session) }
  }

  private static func stored(_ feed: FeedSecurity, as id: ID<Security>) -> StoredSecurity {
    var security = StoredSecurity(id: id, providerID: feed.id)
    security.name = feed.name
    security.ticker = feed.ticker
    security.isin = feed.isin
    security.cusip = feed.cusip
    security.type = feed.type
    security.isCash = feed.isCashEquivalent
    security.currency = feed.currency
    security.rest = feed.rest
    return security
  }
}
