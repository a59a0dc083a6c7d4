import Basics
import Databases
import Finance
import Store

/// What an answer about cards and loans changes in the store. Pure; ``apply(to:_:)`` then writes it.
///
/// Terms that are no longer told stay as they were last told: a loan that is paid off has no new terms.
struct LiabilitiesPlan {
  private(set) var rows: [StoredLiability] = []
  private(set) var quarantine: [FeedUnreadable]
  private(set) var counts = ProductCounts()

  private struct Place: Hashable {
    var account: ID<Account>
    var kind: String
  }

  /// - Parameter latest: The last row of every account and kind.
  init(_ answer: FeedLiabilities, target: ProductTarget, latest: [StoredLiability]) {
    quarantine = answer.unreadable
    let last = Dictionary(latest.map { (Place(account: $0.account, kind: $0.kind), $0) }) { $1 }
    var seen: Set<Place> = []
    for feed in answer.liabilities where !target.muted.contains(feed.accountID) {
      guard let account = target.accounts[feed.accountID] else {
        reject(feed, "the bank never listed this liability's account")
        continue
      }
      let place = Place(account: account.id, kind: feed.kind)
      guard seen.insert(place).inserted else {
        reject(feed, "the bank listed terms for this account twice")
        continue
      }
      var row = StoredLiability(feed, account: account.id, day: target.today)
      if let before = last[place] {
        var same = before
        same.day = row.day
        if same == row { continue }
        row.day = max(row.day, before.day)
        counts.changed += 1
      } else {
        counts.added += 1
      }
      rows.append(row)
    }
  }

  private mutating func reject(_ feed: FeedLiability, _ reason: String) {
    quarantine.append(
      FeedUnreadable(
        id: "\(feed.kind) \(feed.accountID)", reason: reason, raw: feed.raw, accountID: feed.accountID))
  }

  /// - Returns: What was done, with the rows that are new in quarantine.
  func apply(to target: ProductTarget, _ session: any Session) throws -> ProductCounts {
    for row in rows { try Liabilities.keep(row, target.scope, session) }
    var counts = counts
    counts.quarantined = try Quarantine.replace(
      .liabilities, with: quarantine, target.connection, newID: { target.world.newID() }, now: target.now,
      target.scope, session)
    return counts
  }

  /// Plans and applies an answer.
  static func apply(
    _ answer: FeedLiabilities, to target: ProductTarget, _ session: any Session
  ) throws -> ProductCounts {
    let latest = try Liabilities.latest(in: Set(target.accounts.values.map(\.id)), target.scope, session)
    return try LiabilitiesPlan(answer, target: target, latest: latest).apply(to: target, session)
  }
}

extension StoredLiability {
  init(_ feed: FeedLiability, account: ID<Account>, day: CalendarDate) {
    self.init(account: account, kind: feed.kind, day: day, raw: feed.raw)
    ratePercent = feed.ratePercent
    minimumPayment = feed.minimumPayment
    nextDueOn = feed.nextPaymentDue
    lastPayment = feed.lastPayment
    lastPaymentOn = feed.lastPaymentOn
    lastStatement = feed.lastStatementBalance
    lastStatementOn = feed.lastStatementOn
    isOverdue = feed.isOverdue
  }
}
