import Basics
import Finance

/// What an Item has been told of its accounts' rows: follows the entries of a history as the bank's clock passes over
/// them, and writes every difference into the change log.
struct Ledger: Sendable {
  /// What a tester did to an entry, over what the history says.
  struct Edit: Sendable, Equatable {
    var amountMinor: Int64?
    var isSuppressed = false
    /// Counts re-issues: each one is the same row under a new id.
    var generation = 0
  }

  /// Turns account, entry key and form into an id.
  struct Names: Sendable {
    var naming: Naming
    var itemID: String
    /// Account ids by the history's account keys. They change when the bank loses track of its accounts.
    var accountIDs: [String: String]

    func accountID(_ key: String) -> String { accountIDs[key] ?? "" }
    func rowID(_ entry: BankEntry, form: String, generation: Int) -> String {
      naming.id("row", itemID, accountID(entry.account), entry.key, form, String(generation))
    }
  }

  var names: Names
  /// Some banks tell of a purchase only when it has posted.
  var showsPending: Bool
  var hours: BankHours
  /// Keys of the accounts whose rows are told; the rows of others only move balances.
  var covered: Set<String> = []
  private(set) var entries: [SharedEntry] = []
  /// The live row of each entry, at the same index.
  private(set) var shown: [Row?] = []
  private(set) var log = ChangeLog()
  /// Rows dated before this day are out of the Item's depth; nil while nothing is loaded.
  private(set) var loadedFrom: CalendarDate?
  private(set) var now: Moment
  private var edits: [Int: Edit] = [:]
  /// The pending row an entry's posted row replaced.
  private var pendingIDs: [Int: String] = [:]
  private var indexes: [String: Int] = [:]
  /// Moments at which an entry may change, in order, not yet passed.
  private var schedule: ArraySlice<Due> = []

  private struct Due: Sendable, Comparable {
    var at: Moment
    var index: Int
    static func < (left: Due, right: Due) -> Bool { (left.at, left.index) < (right.at, right.index) }
  }

  init(names: Names, showsPending: Bool, hours: BankHours, now: Moment) {
    self.names = names
    self.showsPending = showsPending
    self.hours = hours
    self.now = now
  }

  // MARK: - Entries

  /// Adds the entries that are not known yet. Known ones are not looked at again: a longer history tells the same of
  /// them.
  mutating func extend(with all: [BankEntry]) {
    var due: [Due] = []
    for entry in all where indexes[entry.key] == nil {
      let index = entries.count
      indexes[entry.key] = index
      entries.append(SharedEntry(entry))
      shown.append(nil)
      due += hours.moments(of: entry).filter { $0 > now }.map { Due(at: $0, index: index) }
    }
    if !due.isEmpty { schedule = (Array(schedule) + due).sorted()[...] }
  }

  /// Adds an entry that nobody foresaw, and tells of it when the depth allows.
  mutating func add(_ entry: BankEntry) {
    extend(with: [entry])
    settle(entries.count - 1)
  }

  /// Changes what will be known of an entry, and tells of the difference.
  mutating func revise(_ index: Int, _ change: (inout BankEntry) -> Void) {
    var entry = entries[index].entry
    change(&entry)
    entries[index] = SharedEntry(entry)
    let due = hours.moments(of: entry).filter { $0 > now }.map { Due(at: $0, index: index) }
    schedule = (schedule.filter { $0.index != index } + due).sorted()[...]
    settle(index)
  }

  mutating func edit(_ index: Int, _ change: (inout Edit) -> Void) {
    change(&edits[index, default: Edit()])
    settle(index)
  }

  // MARK: - Time

  /// Tells of every row dated `day` or later that was not told yet, as it is now, oldest first.
  ///
  /// A row is dated as its `date` says: posted ones by the day they posted. What was bought before the first day and
  /// posted on it or later is told, so that the rows of a window add up to what its balance moved.
  mutating func load(from day: CalendarDate) {
    let before = loadedFrom
    loadedFrom = min(day, before ?? day)
    for (index, shared) in entries.enumerated() where shared.entry.lastDate >= day {
      if let before, shared.entry.occurredOn >= before { continue }
      settle(index)
    }
  }

  /// The bank was asked again: what happened meanwhile is told as it is now.
  mutating func advance(to moment: Moment) {
    guard moment > now else { return }
    now = moment
    while let due = schedule.first, due.at <= moment {
      schedule.removeFirst()
      settle(due.index)
    }
  }

  /// Compares what is told of an entry with what should be, and logs the difference.
  private mutating func settle(_ index: Int) {
    guard let loadedFrom, entries[index].entry.lastDate >= loadedFrom else { return }
    let have = shown[index]
    var want = covered.contains(entries[index].entry.account) ? form(of: index) : nil
    if let date = want?.date, date < loadedFrom { want = nil }
    guard have != want else { return }
    if let pendingID = want?.pendingID { pendingIDs[index] = pendingID }
    shown[index] = want
    switch (have, want) {
    case (nil, let want?): log.append(.added, want)
    case (let have?, nil): log.append(.removed, have)
    case (let have?, let want?) where have.id == want.id: log.append(.modified, want)
    case (let have?, let want?):
      log.append(.removed, have)
      log.append(.added, want)
    case (nil, nil): break
    }
  }

  /// What there is to tell of an entry now.
  struct Standing: Sendable {
    var isPending: Bool
    var isResent = false
    var amountMinor: Int64
  }

  /// Nil before an entry begins, after it vanished and while it is removed; the Item's depth does not matter.
  func standing(of index: Int) -> Standing? {
    let entry = entries[index].entry
    let edit = edits[index] ?? Edit()
    if edit.isSuppressed { return nil }
    let isResent = hours.resends(entry).map { now >= $0 } == true
    if !isResent, let removed = hours.removes(entry), now >= removed { return nil }
    if let posts = hours.posts(entry), now >= posts {
      let isCorrected = hours.corrects(entry).map { now >= $0 } == true
      let amount = (isCorrected ? entry.correctedAmountMinor : nil) ?? entry.amountMinor
      return Standing(isPending: false, isResent: isResent, amountMinor: edit.amountMinor ?? amount)
    }
    guard showsPending, entry.isPendingFirst, now >= hours.shows(entry) else { return nil }
    if let vanishes = hours.vanishes(entry), now >= vanishes { return nil }
    return Standing(isPending: true, amountMinor: edit.amountMinor ?? entry.pendingAmountMinor ?? entry.amountMinor)
  }

  private func form(of index: Int) -> Row? {
    guard let standing = standing(of: index) else { return nil }
    let entry = entries[index].entry
    let word = standing.isPending ? "pending" : standing.isResent ? "resent" : "posted"
    return Row(
      id: names.rowID(entry, form: word, generation: edits[index]?.generation ?? 0),
      accountID: names.accountID(entry.account), isPending: standing.isPending,
      pendingID: standing.isPending ? nil : pendingID(of: index), amountMinor: standing.amountMinor,
      date: standing.isPending ? entry.occurredOn : entry.postsOn ?? entry.occurredOn,
      name: standing.isPending ? entry.pendingName ?? entry.name : entry.name, source: entries[index])
  }

  /// The pending row a posted one replaces, when it was ever told. One match in forty is missing, as with real banks.
  private func pendingID(of index: Int) -> String? {
    if let known = pendingIDs[index] { return known }
    guard let have = shown[index], have.isPending else { return nil }
    return names.naming.number("link", names.itemID, entries[index].entry.key) % 40 == 0 ? nil : have.id
  }
}

extension BankEntry {
  /// The latest day that a row of the entry can be dated.
  fileprivate var lastDate: CalendarDate { max(occurredOn, postsOn ?? occurredOn) }
}

// MARK: - Accounts that come, go and change their names

extension Ledger {
  /// Tells of the rows of accounts that are shared from now on, and takes back those of the others.
  mutating func cover(_ keys: Set<String>) {
    covered = keys
    for index in entries.indices { settle(index) }
  }

  /// The bank gave its accounts new ids: every row goes and comes back under a new id as well.
  mutating func rename(_ accountIDs: [String: String]) {
    names.accountIDs = accountIDs
    for index in entries.indices where shown[index] != nil { settle(index) }
  }

  /// Tells a row again although nothing changed.
  mutating func resend(_ index: Int) {
    if let row = shown[index] { log.append(.modified, row) }
  }
}
