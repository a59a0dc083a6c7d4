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
    var purchase: String
    /// Sent as something nobody can read, until the reader learns how.
    var isGarbled = false
  }
  struct State: Sendable {
    var random: SeededRandom
    /// Sets this bank's purchases apart from another's.
    var tag: String
    /// Our ids begin with it: one bank linked twice gives two sets of names for the same rows.
    var prefix: String
    var accounts: [FeedAccount]
    /// Purchases in the first account.
    var shared: Set<String> = []
    /// An account that somebody else's bank leads.
    var joint: FeedAccount?
    var rows: [String: Row] = [:]
    var log: [String] = []
    var pages: [FeedRows] = []
    var garbled: [String: FeedTransaction] = [:]
    /// Rows by the text they were sent as.
    var sent: [String: FeedTransaction] = [:]
    var lastID = 0
    var lastPurchase = 0
    /// Purchases whose posted row the bank did not connect with the pending one: a note cannot follow.
    var unlinked: Set<String> = []
    /// Purchases whose pending row stayed beside the posted one.
    var lingering: Set<String> = []
    /// In percent of calls.
    var failing = 0
    var canReadAll = false
    /// Accounts that the list leaves out for now.
    var hidden: Set<String> = []
    var counts: [String: Int] = [:]
  }
  let state: Locked<State>

  init(seed: UInt64, tag: String) {
    let accounts = ["A", "B", "C"].map { letter in
      FeedAccount(
        id: "\(tag)\(letter)", persistentID: letter == "B" ? nil : "persistent \(tag)\(letter)",
        name: "Account \(letter)", mask: "\(tag)00\(letter)", kind: .checking, type: "depository",
        currency: letter == "C" ? Currency(iso: "EUR") : .usd, current: .zero)
    }
    var state = State(random: SeededRandom(seed: seed), tag: tag, prefix: "T", accounts: accounts)
    state.open()
    self.state = Locked(state)
  }

  private init(_ state: State) { self.state = Locked(state) }

  /// What counts: a pending row whose posted row is here too is told twice and counts once. Without the joint account.
  var counted: [Row] {
    state.withLock { state in
      let followed = Set(state.rows.values.compactMap(\.feed.pendingID))
      return state.rows.values.filter { row in
        row.feed.accountID != state.joint?.id && !(row.feed.isPending && followed.contains(row.feed.id))
      }
    }
  }
  /// Rows of the account that may be shared, whether they live or went.
  var jointRows: Set<String> { state.withLock { $0.shared } }
  func currency(of account: String) -> Currency {
    state.withLock { state in state.accounts.first { $0.id == account }?.currency ?? .usd }
  }
  var counts: [String: Int] { state.withLock { $0.counts } }
  var unlinked: Set<String> { state.withLock { $0.unlinked } }
  var position: Int { state.withLock { $0.log.count } }
  func setFailing(_ percent: Int) { state.withLock { $0.failing = percent } }
  /// A later version of the reader understands what it could not before.
  func learn() { state.withLock { $0.canReadAll = true } }

  /// The same bank after the person linked it anew: everything has another id, and nothing gone is mentioned.
  func linkedAnew(changedSince position: Int) -> SimulatedBank {
    var state = state.withLock { $0 }
    state.counts = ["relink": 1]
    // What changed behind our back cannot be recognised by its amount and day.
    for id in state.log.dropFirst(position) {
      if let row = state.rows[id] { state.unlinked.insert(row.purchase) }
    }
    state.unlinked.formUnion(state.lingering)
    let old = state
    let followed = Set(old.rows.values.compactMap(\.feed.pendingID))
    state.prefix = "N" + old.prefix
    state.rows = [:]
    state.log = []
    state.pages = []
    state.hidden = []
    for index in state.accounts.indices { state.accounts[index].id = "n" + state.accounts[index].id }
    for (id, var row) in old.rows.sorted(by: { $0.key < $1.key }) where !followed.contains(id) {
      row.feed.id = "n" + id
      row.feed.accountID = "n" + row.feed.accountID
      row.feed.pendingID = nil
      row.isGarbled = false
      state.rows["n" + id] = row
      state.log.append("n" + id)
    }
    return SimulatedBank(state)
  }

  /// One thing happens at the bank.
  func live() { state.withLock { $0.live() } }

  /// The first account of `other` is also seen from here.
  func share(with other: SimulatedBank) {
    guard var joint = other.state.withLock({ $0.accounts.first }) else { return }
    joint.id = "joint"
    joint.persistentID = "persistent PA"
    state.withLock { $0.joint = $0.joint ?? joint }
    mirror(other)
  }

  /// One of this bank's accounts looks like the other's: nobody may take it for the same.
  func resemble() {
    state.withLock { state in
      for index in state.accounts.indices where state.accounts[index].persistentID == nil {
        state.accounts[index].mask = "P00B"
      }
    }
  }

  func mirror(_ other: SimulatedBank) {
    let (rows, account) = other.state.withLock { ($0.rows, $0.accounts.first) }
    guard let account else { return }
    state.withLock { $0.mirror(rows, of: account) }
  }

  var feed: BankFeed {
    BankFeed(
      page: { cursor throws(FeedError) in try self.page(cursor) },
      rows: { raw in
        let index = raw.reduce(0) { $0 * 256 + Int($1) }
        return self.state.withLock { $0.pages[index] }
      },
      row: { raw in
        self.state.withLock { state in
          let text = String(decoding: raw, as: UTF8.self)
          if let feed = state.sent[text] {
            state.count("quarantine and replay")
            return .transaction(feed)
          }
          if state.canReadAll, let feed = state.garbled[text] { return .transaction(feed) }
          return .unreadable(FeedUnreadable(id: nil, reason: "garbled", raw: text))
        }
      },
      accounts: {
        self.state.withLock { state in
          let all = state.accounts + [state.joint].compactMap { $0 }
          return FeedAccounts(accounts: all.filter { !state.hidden.contains($0.id) })
        }
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
      let (rows, next, hasMore) = state.slice(from: start, offset: parts.count == 3 ? parts[2] : 0)
      state.pages.append(rows)
      let index = state.pages.count - 1
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

  /// The next few words on what changed after `start`.
  fileprivate mutating func slice(from start: Int, offset: Int) -> (rows: FeedRows, next: Int, hasMore: Bool) {
    var seen: Set<String> = []
    // In the order in which things first happened, or last: a bank promises neither, only one order within a loop.
    let isByLast = log.count % 2 == 0
    let words = isByLast ? Array(log[start...].reversed()) : Array(log[start...])
    var changed = words.filter { seen.insert($0).inserted }
    if isByLast { changed.reverse() }
    let ids = changed[min(offset, changed.count)...].prefix(random.int(in: 1...4))
    var page = FeedRows(upserts: [], removals: [])
    for id in ids {
      if let row = rows[id] {
        page.upserts.append(row.isGarbled && !canReadAll ? unreadable(row.feed) : .transaction(row.feed))
      } else if log[..<start].contains(id) {
        page.removals.append(id)
      }
    }
    let texts = page.upserts.map { row in
      guard case .transaction(let feed) = row else { return "" }
      let text = "sent \(feed.id) \(sent.count)"
      sent[text] = feed
      return text
    }
    page.raw = { texts[$0] }
    return (page, offset + ids.count, offset + ids.count < changed.count)
  }

  private mutating func unreadable(_ feed: FeedTransaction) -> FeedRow {
    let raw = "garbled \(feed.id) \(garbled.count)"
    garbled[raw] = feed
    count("quarantine")
    return .unreadable(FeedUnreadable(id: feed.id, reason: "garbled", raw: raw))
  }
}
