import Finance

/// A customer with any number of rows over four accounts, each made when it is asked for.
///
/// Entries of a lived year are the stock; row after row takes the next of them, on a later day and with another amount.
/// So a million rows look like rows, and take no memory.
struct BulkBook: Sendable {
  let rows: Int
  private let names: Ledger.Names
  private let key: UInt64
  private let stock: [BankEntry]
  private let accounts: [String]
  private let last: CalendarDate

  /// The days the rows are spread over, oldest row first.
  static let days = 730
  static let accountsCount = 4

  /// The accounts of such a customer: the first four of a household that have rows, and the stock.
  static func history(seed: UInt64, today: CalendarDate) -> BankHistory {
    let life = HouseholdLife.history(.household, seed: seed, from: today - 365, through: today)
    let accounts = Array(life.accounts.filter { $0.hasTransactions && $0.currency == "USD" }.prefix(accountsCount))
    let keys = Set(accounts.map(\.key))
    let entries = life.entries.filter { keys.contains($0.account) && $0.postsOn != nil && $0.removedOn == nil }
    return BankHistory(
      persona: .household, seed: seed, from: life.from, through: today, utcOffsetMinutes: life.utcOffsetMinutes,
      holder: life.holder, accounts: accounts, entries: entries, securities: [], investmentTransactions: [])
  }

  init(rows: Int, history: BankHistory, names: Ledger.Names, today: CalendarDate) {
    self.rows = rows
    self.names = names
    key = names.naming.number("bulk", names.itemID)
    stock = history.entries
    accounts = history.accounts.map(\.key)
    last = today - 1
  }

  /// - Parameter index: 0 for the oldest.
  func row(_ index: Int) -> Row {
    var entry = stock[index % stock.count]
    let account = accounts[index % accounts.count]
    let date = last - (rows - 1 - index) * Self.days / rows
    entry.account = account
    entry.occurredOn = date - (index % 3)
    entry.amountMinor += Int64(index % 977) * entry.amountMinor.signum()
    return Row(
      id: Naming.letters(37, from: key &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15), accountID: names.accountID(account),
      isPending: false, pendingID: nil, amountMinor: entry.amountMinor, date: date, name: entry.name,
      source: SharedEntry(entry))
  }
}
