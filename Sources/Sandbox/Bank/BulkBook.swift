import Finance

/// A customer with any number of rows over four accounts: a cursor is the number of rows already told.
///
/// Rows are made while a page is written, so a million of them take no memory. Nothing ever happens to them, and
/// balances stay at their opening: adding up a million rows for every look at an account would be all the bank does.
struct BulkBook: Sendable {
  static let accountsCount = 4

  private let history: BulkHistory
  private let names: Ledger.Names
  /// Mixed with the index into row ids.
  private let key: UInt64

  /// What such a customer's history says of accounts; rows are not in it.
  static func history(rows: Int, seed: UInt64, today: CalendarDate) -> BankHistory {
    let bulk = HouseholdLife.bulk(seed: seed, rows: rows, accounts: accountsCount, through: today)
    let holder = BankHolder(
      names: ["Bulk Customer"], street: "1 Example Street", city: "Springfield", region: "IL", postalCode: "62701",
      country: "US")
    return BankHistory(
      persona: .household, seed: seed, from: bulk.from, through: bulk.through, utcOffsetMinutes: 0, holder: holder,
      accounts: bulk.accounts, entries: [], securities: [], investmentTransactions: [])
  }

  init(rows: Int, seed: UInt64, names: Ledger.Names, today: CalendarDate) {
    history = HouseholdLife.bulk(seed: seed, rows: rows, accounts: Self.accountsCount, through: today)
    self.names = names
    key = names.naming.number("bulk", names.itemID)
  }

  var rows: Int { history.count }

  /// - Parameter index: 0 for the oldest.
  func row(_ index: Int) -> Row {
    let entry = history.entry(at: index)
    return Row(
      id: Naming.letters(37, from: key &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15),
      accountID: names.accountID(entry.account), isPending: entry.isPendingFirst, pendingID: nil,
      amountMinor: entry.amountMinor, date: entry.isPendingFirst ? entry.occurredOn : entry.postsOn ?? entry.occurredOn,
      name: entry.name, source: SharedEntry(entry))
  }
}
