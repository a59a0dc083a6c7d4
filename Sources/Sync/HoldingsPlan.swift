import Basics
import Databases
import Finance
import Store

/// What an answer about holdings changes in the store. Pure; ``apply(to:_:)`` then writes it.
///
/// A row is written when something changed. What a good answer no longer lists is closed with a quantity of zero on
/// that day, so that the days before stay as they were.
struct HoldingsPlan {
  private(set) var rows: [StoredHolding] = []
  private(set) var prices: [SecurityPrice] = []
  private(set) var quarantine: [FeedUnreadable]
  private(set) var counts = ProductCounts()
  let securities: SecurityPlan

  struct Place: Hashable {
    var account: ID<Account>
    var security: ID<Security>
  }

  /// - Parameters:
  ///   - known: Securities by the provider's id.
  ///   - latest: The last row of every holding in the target's accounts, closed ones included.
  init(
    _ answer: FeedHoldings, target: ProductTarget, known: [String: StoredSecurity], latest: [StoredHolding]
  ) {
    quarantine = answer.unreadable + answer.unreadableSecurities
    securities = SecurityPlan(
      answer.securities, mentioned: answer.holdings.map(\.securityID), known: known,
      newID: { target.world.newID() })
    let held = hold(answer, target)
    let last = Dictionary(latest.map { (Place(account: $0.account, security: $0.security), $0) }) { $1 }
    for (place, holding) in held.sorted(by: { ($0.key.account, $0.key.security) < ($1.key.account, $1.key.security) }) {
      let before = last[place]
      write(holding, after: before)
      if before == nil { counts.added += 1 }
    }
    close(latest.filter { held[Place(account: $0.account, security: $0.security)] == nil }, answer, target)
    counts.changed = rows.count - counts.added - counts.removed
  }

  /// Every holding of an account we know, its parts put together.
  private mutating func hold(_ answer: FeedHoldings, _ target: ProductTarget) -> [Place: StoredHolding] {
    var held: [Place: StoredHolding] = [:]
    // In an order of our own: the parts of a holding may come in another one next time.
    for feed in answer.holdings.sorted(by: { $0.raw < $1.raw }) where !target.muted.contains(feed.accountID) {
      guard let account = target.accounts[feed.accountID], let security = securities[feed.securityID] else {
        reject(feed, "the bank never listed this holding's account")
        continue
      }
      let part = StoredHolding(
        account: account.id, security: security, day: target.today, quantity: feed.quantity, price: feed.price,
        priceOn: feed.priceOn, value: feed.value, costBasis: feed.costBasis,
        currency: feed.currency ?? account.currency,
        rest: feed.rest)
      let place = Place(account: account.id, security: security)
      if let first = held[place] {
        guard let whole = first.adding(part) else {
          reject(feed, "the bank listed this holding twice, and the two do not add up")
          continue
        }
        held[place] = whole
      } else {
        held[place] = part
      }
      if let price = feed.price, let day = feed.priceOn {
        prices.append(
          SecurityPrice(security: security, day: day, source: .bank, price: price, currency: part.currency))
      }
    }
    return held
  }

  private mutating func reject(_ feed: FeedHolding, _ reason: String) {
    quarantine.append(
      FeedUnreadable(
        id: "\(feed.accountID) \(feed.securityID)", reason: reason, raw: feed.raw, accountID: feed.accountID))
  }

  /// A clock that was set back must not write in front of what is known.
  private mutating func write(_ holding: StoredHolding, after before: StoredHolding?) {
    var row = holding
    if let before {
      var same = before
      same.day = row.day
      if same == row { return }
      row.day = max(row.day, before.day)
    }
    rows.append(row)
  }

  /// Closes what is gone, where it is certain that it is: in accounts that the answer lists, and in which every row
  /// could be read.
  private mutating func close(_ missing: [StoredHolding], _ answer: FeedHoldings, _ target: ProductTarget) {
    if answer.unreadable.contains(where: { $0.accountID == nil }) { return }
    let doubtful = Set(answer.unreadable.compactMap { $0.accountID.flatMap { target.accounts[$0]?.id } })
    let certain = target.listed(answer.accounts).subtracting(doubtful)
    for last in missing where certain.contains(last.account) {
      let before = rows.count
      write(last.closed(on: target.today), after: last)
      counts.removed += rows.count - before
    }
  }

  /// - Returns: What was done, with the rows that are new in quarantine.
  func apply(to target: ProductTarget, _ session: any Session) throws -> ProductCounts {
    try securities.apply(to: target, session)
    for price in prices { try Securities.keepPrice(price, target.scope, session) }
    for row in rows { try Holdings.keep(row, target.scope, session) }
    var counts = counts
    counts.quarantined = try Quarantine.replace(
      .holdings, with: quarantine, target.connection, newID: { target.world.newID() }, now: target.now, target.scope,
      session)
    return counts
  }

  /// Plans and applies an answer.
  static func apply(
    _ answer: FeedHoldings, to target: ProductTarget, _ session: any Session
  ) throws -> ProductCounts {
    let plan = HoldingsPlan(
      answer, target: target, known: try Securities.bySource(target.connection, target.scope, session),
      latest: try Holdings.latest(in: Set(target.accounts.values.map(\.id)), target.scope, session))
    return try plan.apply(to: target, session)
  }
}

extension StoredHolding {
  /// Two parts of one holding; nil when they cannot be added. What the parts do not share is not known of the whole.
  func adding(_ part: StoredHolding) -> StoredHolding? {
    guard currency == part.currency, let quantity = quantity.adding(part.quantity) else { return nil }
    var whole = self
    whole.quantity = quantity
    whole.price = price == part.price ? price : nil
    whole.priceOn = priceOn == part.priceOn ? priceOn : nil
    whole.value = value.flatMap { left in part.value.flatMap { left.adding($0) } }
    whole.costBasis = costBasis.flatMap { left in part.costBasis.flatMap { left.adding($0) } }
    whole.rest = rest == part.rest ? rest : "[\(rest ?? "null"),\(part.rest ?? "null")]"
    return whole
  }
}
