import Basics
import Finance

/// A bank as a log of what happened to its rows, read in pages by cursors; the judge of what the ledger should say.
///
/// Like Plaid it tells only the last word on each row since the cursor, never mentions to a fresh reader what is gone,
/// and refuses to go on with a loop when something happened since the loop began.
final class SimulatedBank: Sendable {
  struct Row: Sendable {
    var feed: FeedTransaction
    /// The purchase behind it: what a person's note belongs to, whatever the bank calls the row now.
    var purchase: Int
  }
  struct State: Sendable {
    var random: SeededRandom
    /// Sets this bank's purchases apart from another's.
    var tag: String
    var rows: [String: Row] = [:]
    var log: [String] = []
    var pages: [FeedRows] = []
    var lastID = 0
    var lastPurchase = 0
    /// Purchases whose posted row the bank did not connect with the pending one: a note cannot follow.
    var unlinked: Set<Int> = []
    /// In percent of calls.
    var failing = 0
    var counts: [String: Int] = [:]
  }
  let state: Locked<State>
  static let accountIDs = ["A", "B", "C"]

  init(seed: UInt64, tag: String) { state = Locked(State(random: SeededRandom(seed: seed), tag: tag)) }

  var living: [Row] { state.withLock { Array($0.rows.values) } }
  var counts: [String: Int] { state.withLock { $0.counts } }
  var unlinked: Set<Int> { state.withLock { $0.unlinked } }
  func setFailing(_ percent: Int) { state.withLock { $0.failing = percent } }

  /// One thing happens at the bank.
  func live() {
    state.withLock { state in
      let pending = state.rows.filter { $0.value.feed.isPending }.keys.sorted()
      let posted = state.rows.filter { !$0.value.feed.isPending }.keys.sorted()
      switch state.random.int(in: 0...9) {
      case 0...2: state.purchase(isPending: true)
      case 3: state.purchase(isPending: false)
      case 4: state.twins()
      case 5 where !pending.isEmpty, 6 where !pending.isEmpty:
        state.post(state.random.pick(pending))
      case 7 where !pending.isEmpty: state.drop(state.random.pick(pending), "removal before posting")
      case 8 where !posted.isEmpty: state.correct(state.random.pick(posted))
      case 9 where !posted.isEmpty:
        let id = state.random.pick(posted)
        if state.random.chance(1, in: 2) { state.churn(id) } else { state.drop(id, "posted row removed") }
      default: state.purchase(isPending: true)
      }
    }
  }

  var feed: BankFeed {
    BankFeed(
      page: { cursor throws(FeedError) in try self.page(cursor) },
      rows: { raw in
        let index = raw.reduce(0) { $0 * 256 + Int($1) }
        return self.state.withLock { $0.pages[index] }
      },
      row: { _ in .unreadable(FeedUnreadable(id: nil, reason: "", raw: "")) },
      accounts: {
        FeedAccounts(
          accounts: Self.accountIDs.map {
            FeedAccount(id: $0, name: $0, kind: .checking, type: "depository", currency: .usd, current: .zero)
          })
      },
      holdings: { nil }, investmentTransactions: { _, _, _ in nil }, liabilities: { nil })
  }

  private static func fault(_ code: String) -> FeedFault { FeedFault(type: "TEST", code: code, message: code) }

  private func page(_ cursor: String) throws(FeedError) -> FeedPage {
    let result: Result<FeedPage, FeedError> = state.withLock { state in
      if state.random.chance(state.failing, in: 100) {
        state.count("bank unavailable")
        return .failure(.retry(Self.fault("DOWN")))
      }
      let parts = cursor.split(separator: ":").compactMap { Int($0) }
      let start = parts.first ?? 0
      if parts.count == 3, parts[1] != state.log.count {
        state.count("mutation")
        return .failure(.mutated(Self.fault("MUTATION")))
      }
      var seen: Set<String> = []
      let changed = state.log[start...].filter { seen.insert($0).inserted }
      let offset = parts.count == 3 ? parts[2] : 0
      let ids = changed[min(offset, changed.count)...].prefix(state.random.int(in: 1...4))
      var rows = FeedRows(upserts: [], removals: [])
      for id in ids {
        if let row = state.rows[id] {
          rows.upserts.append(.transaction(row.feed))
        } else if state.log[..<start].contains(id) {
          rows.removals.append(id)
        }
      }
      state.pages.append(rows)
      let index = state.pages.count - 1
      let next = offset + ids.count
      let hasMore = next < changed.count
      return .success(
        FeedPage(
          raw: [UInt8(index / 65_536), UInt8(index / 256 % 256), UInt8(index % 256)],
          nextCursor: hasMore ? "\(start):\(state.log.count):\(next)" : "\(state.log.count)", hasMore: hasMore,
          progress: .historical, accounts: [], added: rows.upserts.count, modified: 0, removed: rows.removals.count,
          oldest: nil))
    }
    return try result.get()
  }
}

extension SimulatedBank.State {
  mutating func count(_ event: String) { counts[event, default: 0] += 1 }

  mutating func newID() -> String {
    lastID += 1
    return "T\(lastID)"
  }

  mutating func add(_ feed: FeedTransaction, _ purchase: Int) {
    rows[feed.id] = SimulatedBank.Row(feed: feed, purchase: purchase)
    log.append(feed.id)
  }

  mutating func purchase(isPending: Bool) {
    lastPurchase += 1
    let cents = random.int(in: 1...99_999)
    // Now and then a third decimal, as a real bank's 401k showed.
    let isFine = random.chance(1, in: 8)
    let amount = "-\(cents / 100).\(cents / 10 % 10)\(cents % 10)" + (isFine ? "5" : "")
    if isFine { count("more than two decimals") }
    guard let exact = DecimalText(amount) else { return }
    var feed = FeedTransaction(
      id: newID(), accountID: random.pick(SimulatedBank.accountIDs), isPending: isPending, amount: exact,
      currency: random.chance(1, in: 5) ? nil : .usd, bookedOn: CalendarDate(days: random.int(in: 19_000...19_700)),
      name: "\(tag)\(lastPurchase)")
    if feed.currency == nil { count("both currency codes null") }
    feed.merchantName = "M"
    add(feed, lastPurchase)
    count(isPending ? "purchase" : "posted at once")
  }

  /// Two purchases that look the same are two purchases.
  mutating func twins() {
    purchase(isPending: false)
    guard var feed = rows["T\(lastID)"]?.feed else { return }
    lastPurchase += 1
    feed.id = newID()
    add(feed, lastPurchase)
    // Both bear the first one's name: a note on that name cannot tell them apart.
    unlinked.formUnion([lastPurchase, lastPurchase - 1])
    count("twin rows")
  }

  mutating func post(_ id: String) {
    guard let row = rows.removeValue(forKey: id) else { return }
    log.append(id)
    var feed = row.feed
    feed.id = newID()
    feed.isPending = false
    feed.pendingID = id
    if random.chance(1, in: 3), let tipped = DecimalText("-\(random.int(in: 1...999)).00") {
      feed.amount = tipped
      count("tip")
    }
    if random.chance(1, in: 10) {
      feed.pendingID = nil
      unlinked.insert(row.purchase)
      count("posted without a link")
    }
    add(feed, row.purchase)
    count("pending to posted")
  }

  mutating func drop(_ id: String, _ event: String) {
    rows[id] = nil
    log.append(id)
    count(event)
  }

  mutating func correct(_ id: String) {
    guard var row = rows[id], let amount = DecimalText("-\(random.int(in: 1...9_999)).01") else { return }
    row.feed.amount = amount
    add(row.feed, row.purchase)
    count("corrected")
  }

  /// The bank takes a posted row away and sends it again under a third id.
  mutating func churn(_ id: String) {
    guard let row = rows.removeValue(forKey: id) else { return }
    log.append(id)
    var feed = row.feed
    feed.id = newID()
    if feed.pendingID == nil { unlinked.insert(row.purchase) }
    add(feed, row.purchase)
    count("churn under a third id")
  }
}
