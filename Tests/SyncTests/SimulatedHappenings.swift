import Basics
import Finance

/// What can happen to rows at a bank.
extension SimulatedBank.State {
  mutating func live() {
    let own = rows.filter { $0.value.feed.accountID != joint?.id && $0.value.purchase != Self.opening }
    let followed = Set(own.values.compactMap(\.feed.pendingID))
    let pending = own.filter { $0.value.feed.isPending && !followed.contains($0.key) }.keys.sorted()
    let posted = own.filter { !$0.value.feed.isPending }.keys.sorted()
    switch random.int(in: 0...10) {
    case 0...2: purchase(isPending: true)
    case 3: purchase(isPending: false)
    case 4: twins()
    case 5, 6:
      if pending.isEmpty { purchase(isPending: true) } else { post(random.pick(pending)) }
    case 7 where !pending.isEmpty: drop(random.pick(pending), "removal before posting")
    case 8 where !posted.isEmpty: correct(random.pick(posted))
    case 9 where !posted.isEmpty:
      let id = random.pick(posted)
      if random.chance(1, in: 2) { churn(id) } else { drop(id, "posted row removed") }
    case 10: hideOrShow()
    default: purchase(isPending: true)
    }
  }

  private static let opening = "opening"

  /// Every account begins with a row that nothing happens to: so far back the bank's memory goes.
  mutating func open() {
    for account in accounts {
      let feed = FeedTransaction(
        id: newID(), accountID: account.id, isPending: false, amount: .zero, currency: account.currency,
        bookedOn: CalendarDate(days: 18_900), name: "\(account.id) opening")
      add(SimulatedBank.Row(feed: feed, purchase: Self.opening))
    }
  }

  private mutating func newID() -> String {
    lastID += 1
    return "\(prefix)\(lastID)"
  }

  private mutating func add(_ row: SimulatedBank.Row) {
    rows[row.feed.id] = row
    log.append(row.feed.id)
  }

  private mutating func purchase(isPending: Bool) {
    lastPurchase += 1
    let cents = random.int(in: 1...99_999)
    // Now and then a third decimal, as a real bank's 401k showed.
    let isFine = random.chance(1, in: 8)
    let amount = "-\(cents / 100).\(cents / 10 % 10)\(cents % 10)" + (isFine ? "5" : "")
    if isFine { count("more than two decimals") }
    guard let exact = DecimalText(amount) else { return }
    let account = random.pick(accounts)
    var feed = FeedTransaction(
      id: newID(), accountID: account.id, isPending: isPending, amount: exact,
      currency: random.chance(1, in: 5) ? nil : account.currency,
      bookedOn: CalendarDate(days: random.int(in: 19_000...19_670)), name: "\(tag)\(lastPurchase)")
    if account.id == accounts.first?.id { shared.insert(feed.name) }
    if feed.currency == nil { count("both currency codes null") }
    feed.merchantName = "M"
    feed.category = random.chance(1, in: 3) ? nil : FeedCategory(primary: "FOOD", detailed: "FOOD_\(cents % 3)")
    let isGarbled = !isPending && random.chance(1, in: 8)
    add(SimulatedBank.Row(feed: feed, purchase: feed.name, isGarbled: isGarbled))
    count(isPending ? "purchase" : "posted at once")
  }

  /// Two purchases that look the same are two purchases.
  private mutating func twins() {
    purchase(isPending: false)
    guard var row = rows["\(prefix)\(lastID)"] else { return }
    row.feed.id = newID()
    row.isGarbled = false
    add(row)
    // Both bear one name: a note on that name cannot tell them apart.
    unlinked.insert(row.purchase)
    count("twin rows")
  }

  private mutating func post(_ id: String) {
    guard var row = rows.removeValue(forKey: id) else { return }
    log.append(id)
    row.feed.id = newID()
    row.feed.isPending = false
    row.feed.pendingID = id
    if random.chance(1, in: 3), let tipped = DecimalText("-\(random.int(in: 1...999)).00") {
      row.feed.amount = tipped
      count("tip")
    }
    if random.chance(1, in: 10) {
      row.feed.pendingID = nil
      unlinked.insert(row.purchase)
      count("posted without a link")
    }
    add(row)
    count("pending to posted")
    // Some banks leave the pending row standing for a while, and even say another word on it.
    if random.chance(1, in: 6), row.feed.pendingID != nil { linger(id, row) }
  }

  /// The pending row stays beside its posted one: still one purchase, and it is the posted one that counts.
  private mutating func linger(_ id: String, _ posted: SimulatedBank.Row) {
    var row = posted
    row.feed.id = id
    row.feed.isPending = true
    row.feed.pendingID = nil
    row.feed.amount = DecimalText("-\(random.int(in: 1...99)).00") ?? row.feed.amount
    rows[id] = row
    log.append(id)
    lingering.insert(row.purchase)
    count("pending row lingers")
  }

  private mutating func drop(_ id: String, _ event: String) {
    rows[id] = nil
    log.append(id)
    count(event)
  }

  private mutating func correct(_ id: String) {
    guard var row = rows[id], let amount = DecimalText("-\(random.int(in: 1...9_999)).01") else { return }
    row.feed.amount = amount
    add(row)
    count("corrected")
  }

  /// The bank takes a posted row away and sends it again under a third id.
  private mutating func churn(_ id: String) {
    guard var row = rows.removeValue(forKey: id) else { return }
    log.append(id)
    row.feed.id = newID()
    if row.feed.pendingID == nil { unlinked.insert(row.purchase) }
    row.isGarbled = false
    add(row)
    count("churn under a third id")
  }

  private mutating func hideOrShow() {
    if hidden.isEmpty { hidden = [random.pick(accounts).id] } else { hidden = [] }
    count("account vanishes or comes back")
  }

  /// The bank gives its accounts other ids, and their rows too; the old ones go.
  mutating func rename(changedSince position: Int) {
    for id in log.dropFirst(position) {
      if let row = rows[id] { unlinked.insert(row.purchase) }
    }
    // The posted row may have gone behind our back, and the pending one lead again.
    unlinked.formUnion(lingering)
    let followed = Set(rows.values.compactMap(\.feed.pendingID))
    for (id, var row) in rows.sorted(by: { $0.key < $1.key }) where row.feed.accountID != joint?.id {
      rows[id] = nil
      log.append(id)
      guard !followed.contains(id) else { continue }
      row.feed.id = "r" + id
      row.feed.accountID = "r" + row.feed.accountID
      row.feed.pendingID = nil
      row.isGarbled = false
      add(row)
    }
    for index in accounts.indices { accounts[index].id = "r" + accounts[index].id }
    hidden = []
    prefix = "r" + prefix
    count("account ids change")
  }

  /// The other holder's bank shows the rows of a joint account under names of its own.
  mutating func mirror(_ other: [String: SimulatedBank.Row], of account: FeedAccount) {
    guard let joint else { return }
    var shown: Set<String> = []
    for (id, row) in other.sorted(by: { $0.key < $1.key }) where row.feed.accountID == account.id {
      var row = row
      row.feed.id = Self.mirrored(id)
      row.feed.accountID = joint.id
      row.feed.pendingID = row.feed.pendingID.map(Self.mirrored) ?? rows[row.feed.id]?.feed.pendingID
      row.isGarbled = false
      shown.insert(row.feed.id)
      if rows[row.feed.id]?.feed == row.feed { continue }
      rows[row.feed.id] = row
      log.append(row.feed.id)
    }
    for (id, row) in rows where row.feed.accountID == joint.id && !shown.contains(id) {
      rows[id] = nil
      log.append(id)
    }
  }

  private static func mirrored(_ id: String) -> String { "j" + id.drop { $0 == "n" } }
}
