// Very many plausible rows for load tests, each made from its index alone: a million need no memory.

package import Finance

/// As many rows as asked for, spread evenly over up to two years and over the accounts.
///
/// Nobody lives this life: rows are independent of each other. Wages come in often enough that balances stay sensible.
package struct BulkHistory: Sendable {
  package let seed: UInt64
  /// How many rows there are.
  package let count: Int
  package let accounts: [BankAccount]
  package let from: CalendarDate
  package let through: CalendarDate
  private let merchants: [Merchant]
  private let city: City
  private let days: Int

  init(seed: UInt64, rows: Int, accounts: Int, through: CalendarDate) {
    self.seed = seed
    count = max(0, rows)
    days = min(730, max(1, rows / 3))
    from = through - (days - 1)
    self.through = through
    self.accounts = (0..<max(1, accounts)).map(Self.account)
    var chance = Chance(seed, "bulk city")
    let city = chance.pick(City.all)
    self.city = city
    merchants = Merchants.everyday.filter { $0.trades(in: city.region) && $0.high < 20_000 }
  }

  private static func account(_ index: Int) -> BankAccount {
    let mask = String(String(10_000 + index % 10_000).dropFirst())
    return BankAccount(
      key: "account-\(index)", name: "Account \(index + 1)", officialName: nil, mask: mask, type: "depository",
      subtype: "checking", currency: "USD", openingMinor: 500_000)
  }

  /// The row of an index below ``count``. Days ascend with the index, keys too.
  package func entry(at index: Int) -> BankEntry {
    precondition((0..<count).contains(index))
    let day = from + Int(Int64(index) * Int64(days) / Int64(count))
    var chance = Chance(seed, "bulk", index)
    let account = accounts[index % accounts.count].key
    let isWage = index / accounts.count % 14 == 13
    let merchant = chance.pick(merchants)
    let line = Descriptor.fill(merchant.pattern, store: Chance.hash(merchant.name) ^ seed, day: day, chance: &chance)
    let minor = isWage ? -chance.minor(38_000...62_000) : Life.amount(of: merchant, scale: 100, &chance)
    let text = isWage ? "BRIGHTLEAF SOFTWARE PAYROLL" : Descriptor.cut(line.text, to: 25)
    // All but the rows of the last two days have posted.
    let isRecent = through - day < 2
    let name = isWage ? "Brightleaf Software" : merchant.name
    let digits = String(index)
    return BankEntry(
      key: "bulk-" + String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits, account: account,
      occurredOn: day, secondOfDay: chance.int(7 * 3600...21 * 3600), postsOn: isRecent ? through + 2 : day + 1,
      isPendingFirst: isRecent, amountMinor: minor, currency: "USD", name: Descriptor.squeeze(text),
      originalDescription: text + " " + (line.place ?? Descriptor.upper(city.name) + " " + city.region),
      merchantName: name, merchantEntityKey: name, website: isWage ? nil : merchant.site,
      counterparties: [
        BankCounterparty(
          name: name, type: isWage ? "income_source" : "merchant", entityKey: name, website: merchant.site,
          confidence: .veryHigh)
      ],
      category: isWage ? .incomeSalary : merchant.category, confidence: .veryHigh,
      paymentChannel: isWage ? "other" : merchant.style.contains(.online) ? "online" : "in store")
  }
}

extension HouseholdLife {
  /// Exactly `rows` rows over `accounts` accounts, the last on `through`.
  package static func bulk(seed: UInt64, rows: Int, accounts: Int, through: CalendarDate) -> BulkHistory {
    BulkHistory(seed: seed, rows: rows, accounts: accounts, through: through)
  }
}
