import Basics
import Databases
import Finance
import Store

/// What a reading of trades changes in the store. Pure; ``apply(to:_:)`` then writes it.
///
/// In the accounts that the answer lists, a row of the window that is not listed any more is marked as removed – also
/// one that an earlier connection told of, so that a bank linked anew does not count twice.
struct TradesPlan {
  private(set) var rows: [StoredInvestmentTransaction] = []
  private(set) var removed: [ID<InvestmentTransaction>] = []
  private(set) var quarantine: [FeedUnreadable]
  private(set) var counts = ProductCounts()
  let securities: SecurityPlan
  private let fetched: FetchedTrades
  private let window: TradesWindow
  /// The names that were understood.
  private var understood: Set<String> = []

  /// - Parameters:
  ///   - known: Securities by the provider's id.
  ///   - named: This connection's rows under the names that were read, removed ones included.
  ///   - living: Living rows of the window in the target's accounts, of any connection.
  init(
    _ fetched: FetchedTrades, _ window: TradesWindow, target: ProductTarget, known: [String: StoredSecurity],
    named: [String: StoredInvestmentTransaction], living: [StoredInvestmentTransaction]
  ) {
    self.fetched = fetched
    self.window = window
    quarantine = fetched.unreadable
    securities = SecurityPlan(
      fetched.securities, mentioned: fetched.transactions.compactMap(\.securityID), known: known,
      newID: { target.world.newID() })
    for feed in fetched.transactions where !target.muted.contains(feed.accountID) {
      take(feed, target, before: named[feed.id])
    }
    removed = gone(living, target)
    quarantine += fetched.unreadableSecurities.sorted { $0.raw < $1.raw }
    counts.removed = removed.count
    counts.isWhole = fetched.isComplete
  }

  private mutating func take(
    _ feed: FeedInvestmentTransaction, _ target: ProductTarget, before: StoredInvestmentTransaction?
  ) {
    guard let account = target.accounts[feed.accountID] else {
      return reject(feed, "the bank never listed this trade's account")
    }
    guard let (amount, exact) = try? Money.rounding(feed.amount, feed.currency ?? account.currency),
      amount.minorUnits.magnitude <= Limits.rowMinorUnitsMax
    else {
      return reject(feed, "the amount is too large to count")
    }
    let row = StoredInvestmentTransaction(
      id: before?.id ?? target.world.newID(), connection: target.connection, providerID: feed.id, account: account.id,
      security: feed.securityID.flatMap { securities[$0] }, bookedOn: feed.bookedOn, name: feed.name,
      quantity: feed.quantity, amount: amount, exact: exact, price: feed.price, fees: feed.fees, type: feed.type,
      subtype: feed.subtype, rest: feed.rest)
    understood.insert(feed.id)
    guard row != before else { return }
    rows.append(row)
    if before == nil { counts.added += 1 } else { counts.changed += 1 }
  }

  private mutating func reject(_ feed: FeedInvestmentTransaction, _ reason: String) {
    quarantine.append(FeedUnreadable(id: feed.id, reason: reason, raw: feed.raw, accountID: feed.accountID))
  }

  /// Nothing is gone for certain while the list moved, or while it holds a row without a name.
  private func gone(
    _ living: [StoredInvestmentTransaction], _ target: ProductTarget
  ) -> [ID<InvestmentTransaction>] {
    guard fetched.isComplete, !quarantine.contains(where: { $0.id == nil }) else { return [] }
    let listed = target.listed(fetched.accounts)
    let names = Set(fetched.transactions.map(\.id) + quarantine.compactMap(\.id))
    return living.filter { row in
      guard listed.contains(row.account) else { return false }
      if row.connection != target.connection { return window.days.contains(row.bookedOn) }
      return !names.contains(row.providerID) && window.certain.contains(row.bookedOn)
    }.map(\.id)
  }

  /// - Returns: What was done, with the rows that are new in quarantine.
  func apply(to target: ProductTarget, _ session: any Session) throws -> ProductCounts {
    let (connection, scope, now) = (target.connection, target.scope, target.now)
    try securities.apply(to: target, session)
    for row in rows { try InvestmentTransactions.keep(row, scope, session) }
    for id in removed { try InvestmentTransactions.remove(id, now: now, scope, session) }
    var counts = counts
    if window.isWhole && fetched.isComplete {
      counts.quarantined = try Quarantine.replace(
        .investmentTransactions, with: quarantine, connection, newID: { target.world.newID() }, now: now, scope,
        session)
      return counts
    }
    for row in quarantine {
      let isNew = try Quarantine.keep(
        row, as: target.world.newID(), .investmentTransactions, connection, now: now, scope, session)
      counts.quarantined += isNew ? 1 : 0
    }
    for name in try Quarantine.waiting(.investmentTransactions, connection, scope, session).names
    where understood.contains(name) {
      try Quarantine.settle(named: name, .investmentTransactions, connection, now: now, scope, session)
    }
    return counts
  }

  /// Plans and applies a reading.
  static func apply(
    _ fetched: FetchedTrades, _ window: TradesWindow, to target: ProductTarget, _ session: any Session
  ) throws -> ProductCounts {
    let (connection, scope) = (target.connection, target.scope)
    let plan = TradesPlan(
      fetched, window, target: target, known: try Securities.bySource(connection, scope, session),
      named: try InvestmentTransactions.named(fetched.transactions.map(\.id), connection, scope, session),
      living: try InvestmentTransactions.living(
        in: Set(target.accounts.values.map(\.id)), days: window.days, scope, session))
    return try plan.apply(to: target, session)
  }
}
