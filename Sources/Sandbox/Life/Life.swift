// Living a plan day by day: the only loop, and the books it keeps.

import Finance

/// The state of a life at the end of a day.
///
/// Rules may look at balances, because people do; they never look ahead. What is to follow on a later day (the other leg
/// of a transfer, a refund) waits in `agenda`.
struct Life {
  let plan: Plan
  private(set) var today: Today
  private(set) var entries: [BankEntry] = []
  private(set) var trades: [BankInvestmentTransaction] = []
  /// Owner's view at the moment, posted rows only: positive = funds, negative = owed. By account.
  private(set) var funds: [Int64]
  /// What pending rows will take, by account.
  private(set) var reserved: [Int64]
  private var agenda: [[BankEntry]] = []
  private var settlements: [[Settlement]] = []
  private var tradeAgenda: [[BankInvestmentTransaction]] = []
  private var sequence = 0
  private var dayKey = ""

  // What rules remember.
  var statements: [Int: Int64] = [:]
  var carried: [Int: Int64] = [:]
  var accruals: [Int64]
  var lastOverdraftFee = 0
  var advanceOwed: (minor: Int64, merchant: Int)?
  var checkNumber: Int
  var positions: [[BankPosition]]
  var cash: [Int64]
  /// How often each habit would have been indulged since the last time, in thousandths.
  var longings: [Int]
  /// The same for cash.
  var cashLonging = 0
  /// The worth of the food that is missing at home, in minor units; negative after a great shop.
  var missing: Int64 = 0
  /// What is left in the tank, in thousandths of a gallon.
  var tankE3: Int64 = 0
  var trips: [Trip] = []
  var tripYear = 0

  private struct Settlement {
    var account: Int
    var minor: Int64
    var reserved: Int64
  }

  init(_ plan: Plan) {
    self.plan = plan
    today = Today(plan.from)
    let accounts = plan.accounts
    funds = accounts.map { $0.isOwed ? -$0.openingMinor : $0.openingMinor }
    reserved = accounts.map { _ in 0 }
    accruals = accounts.map { _ in 0 }
    positions = accounts.map(\.openingPositions)
    cash = accounts.map { $0.type == "investment" ? $0.openingMinor : 0 }
    var chance = plan.chance("check number")
    checkNumber = chance.int(1012...1890)
    // The history begins in the middle of a life.
    longings = plan.habits.indices.map { index in
      var chance = plan.chance("longing", index)
      return chance.int(0...1100)
    }
    stockUp()
  }

  /// Lives through every day up to the last.
  mutating func live(through last: CalendarDate) {
    var date = plan.from
    while date <= last {
      live(date)
      date = date + 1
    }
  }

  /// Lives one day. Days must follow each other without a gap.
  mutating func live(_ date: CalendarDate) {
    today = Today(date)
    sequence = 0
    let (year, month, day) = date.civil
    dayKey = "\(year)\(Descriptor.two(month))\(Descriptor.two(day))-"
    settle()
    for entry in take(&agenda) { emit(entry) }
    for trade in take(&tradeAgenda) { record(trade) }
    happen()
    earn()
    payBills()
    renew()
    payLoans()
    shop()
    travel()
    meetFriends()
    fetchCash()
    moveMoney()
    payCards()
    invest()
    charge()
  }

  // MARK: The books

  private var offset: Int { today.days - plan.from.days }

  private func take<Element>(_ lists: inout [[Element]]) -> [Element] {
    guard offset < lists.count else { return [] }
    let list = lists[offset]
    lists[offset] = []
    return list
  }

  private mutating func settle() {
    for settlement in take(&settlements) {
      funds[settlement.account] -= settlement.minor
      reserved[settlement.account] -= settlement.reserved
    }
  }

  private static func put<Element>(_ element: Element, at offset: Int, in lists: inout [[Element]]) {
    while lists.count <= offset { lists.append([]) }
    lists[offset].append(element)
  }

  /// Writes a row of today; the key is given here.
  mutating func emit(_ entry: BankEntry) {
    var entry = entry
    entry.occurredOn = today.date
    entry.key = nextKey()
    if let index = plan.accounts.firstIndex(where: { $0.key == entry.account }) { book(entry, index) }
    entries.append(entry)
  }

  private mutating func nextKey() -> String {
    sequence += 1
    return dayKey + (sequence < 10 ? "00" : sequence < 100 ? "0" : "") + String(sequence)
  }

  private mutating func book(_ entry: BankEntry, _ account: Int) {
    let held = entry.isPendingFirst ? entry.pendingAmountMinor ?? entry.amountMinor : 0
    if let postsOn = entry.postsOn {
      if postsOn <= today.date {
        funds[account] -= entry.amountMinor
      } else {
        reserved[account] += held
        settle(Settlement(account: account, minor: entry.amountMinor, reserved: held), on: postsOn)
      }
    } else if let vanishesOn = entry.vanishesOn {
      reserved[account] += held
      settle(Settlement(account: account, minor: 0, reserved: held), on: vanishesOn)
    }
    // The bank's second thoughts move money too.
    if let correctedOn = entry.correctedOn, let corrected = entry.correctedAmountMinor {
      settle(Settlement(account: account, minor: corrected - entry.amountMinor, reserved: 0), on: correctedOn)
    }
    if let removedOn = entry.removedOn {
      let last = entry.correctedAmountMinor ?? entry.amountMinor
      settle(Settlement(account: account, minor: -last, reserved: 0), on: removedOn)
      if let resentOn = entry.resentOn {
        settle(Settlement(account: account, minor: last, reserved: 0), on: resentOn)
      }
    }
  }

  private mutating func settle(_ settlement: Settlement, on day: CalendarDate) {
    Self.put(settlement, at: day - plan.from, in: &settlements)
  }

  /// Keeps a row for a later day.
  mutating func later(_ entry: BankEntry, on day: CalendarDate) {
    Self.put(entry, at: day - plan.from, in: &agenda)
  }

  /// Writes a trade of today.
  mutating func record(_ trade: BankInvestmentTransaction) {
    var trade = trade
    trade.date = today.date
    trade.key = nextKey()
    if let account = plan.accounts.firstIndex(where: { $0.key == trade.account }) {
      cash[account] -= trade.amountMinor
      if trade.security != nil { BankHistory.apply(trade, to: &positions[account]) }
    }
    trades.append(trade)
  }

  mutating func later(_ trade: BankInvestmentTransaction, on day: CalendarDate) {
    Self.put(trade, at: day - plan.from, in: &tradeAgenda)
  }

  /// What can be spent from a depository account, pending rows taken off.
  func available(_ account: Int) -> Int64 { funds[account] - reserved[account] }

  /// Draws for a rule on this day.
  func chance(_ rule: StaticString, _ index: Int = 0) -> Chance { Chance(plan.seed, rule, today.days, index) }

  /// The amount a price comes to today.
  func minor(_ price: Price, _ chance: inout Chance) -> Int64 {
    switch price {
    case .fixed(let minor): return minor
    case .between(let low, let high): return chance.minor(low...high)
    case .seasonal(let base, let percents):
      let middle = base * percents[today.civil.month - 1] / 100
      return middle + chance.minor(-(middle / 12)...(middle / 12))
    case .steps(let steps): return steps.last { $0.from <= today.days }?.minor ?? steps.first?.minor ?? 0
    case .rising(let base, let perMille, let since):
      var minor = base
      for _ in 0..<max(0, today.civil.year - since) { minor += minor * perMille / 1000 }
      return minor
    }
  }
}
