import Finance
import Testing

@testable import Sandbox

private let january = CalendarDate(days: 19_723)  // 2024-01-01

@Suite struct `The calendar of a life` {
  @Test func `keeps the holidays of the Federal Reserve`() throws {
    let holidays = [
      "2024-01-01", "2024-01-15", "2024-02-19", "2024-05-27", "2024-06-19", "2024-07-04", "2024-09-02", "2024-10-14",
      "2024-11-11", "2024-11-28", "2024-12-25", "2023-01-02", "2027-07-05",
    ]
    for text in holidays { #expect(try #require(CalendarDate(text)).isFederalHoliday, "\(text)") }
    let year = january...(january + 365)
    #expect(year.count { $0.isFederalHoliday && !$0.isWeekend } == 11)
    // A holiday on a Saturday is kept on the Friday before by those who pay wages.
    #expect(try #require(CalendarDate("2026-07-03")).isFederalHoliday)
    #expect(try #require(CalendarDate("2024-07-05")).isBusinessDay)
  }

  @Test(arguments: Persona.allCases)
  func `never pays wages on a weekend or a holiday`(persona: Persona) {
    for seed in [1, 8] as [UInt64] {
      let history = HouseholdLife.history(persona, seed: seed, from: january, through: january + 1095)
      let wages = history.entries.filter { $0.category.primary == "INCOME" && $0.category != .incomeInterestEarned }
      #expect(wages.count > 60)
      for wage in wages {
        #expect(wage.occurredOn.isBusinessDay, "\(wage.name) on \(wage.occurredOn)")
        #expect(wage.amountMinor < 0)
      }
    }
  }

  @Test func `moves a payday back, not on`() throws {
    // The fifteenth of June 2024 is a Saturday, and the thirty-first of August too.
    let history = HouseholdLife.history(.household, seed: 1, from: january, through: january + 300)
    let days = Set(history.entries.filter { $0.category == .incomeSalary }.map { "\($0.occurredOn)" })
    #expect(days.contains("2024-06-14") && days.contains("2024-08-30"))
  }

  @Test(arguments: Array(1...5) as [UInt64])
  func `pays the rent on the first of every month`(seed: UInt64) {
    let history = HouseholdLife.history(.household, seed: seed, from: january, through: january + 1095)
    let rents = history.entries.filter { $0.category == .rentAndUtilitiesRent && $0.occurredOn.day == 1 }
    #expect(rents.count == 36)
    #expect(Set(rents.map { "\($0.occurredOn.firstOfMonth)" }).count == 36)
    let saver = HouseholdLife.history(.saver, seed: seed, from: january, through: january + 1095)
    let instalments = saver.entries.filter { $0.category == .loanPaymentsMortgagePayment && $0.account == "checking" }
    #expect(instalments.count == 36)
    #expect(instalments.allSatisfy { $0.occurredOn.day <= 4 })
  }

  @Test func `knows the end of a day without knowing the next`() {
    for persona in Persona.allCases {
      let long = HouseholdLife.history(persona, seed: 77, from: january, through: january + 700)
      for last in [january, january + 1, january + 59, january + 365, january + 444, january + 699] {
        let short = HouseholdLife.history(persona, seed: 77, from: january, through: last)
        let entries = long.entries.prefix { $0.occurredOn <= last }
        let trades = long.investmentTransactions.prefix { $0.date <= last }
        #expect(short.entries == Array(entries), "\(persona) through \(last)")
        #expect(short.investmentTransactions == Array(trades), "\(persona) through \(last)")
        #expect(short.accounts == long.accounts)
      }
    }
  }

  @Test func `orders rows by day and key, and keys are unique`() {
    for persona in Persona.allCases {
      let history = HouseholdLife.history(persona, seed: 3, from: january, through: january + 800)
      let keys = history.entries.map(\.key) + history.investmentTransactions.map(\.key)
      #expect(Set(keys).count == keys.count)
      for (before, after) in zip(history.entries, history.entries.dropFirst()) {
        #expect((before.occurredOn, before.key) < (after.occurredOn, after.key))
      }
      for entry in history.entries {
        #expect((entry.postsOn == nil) != (entry.vanishesOn == nil))
        if let postsOn = entry.postsOn { #expect(postsOn >= entry.occurredOn) }
        if let removedOn = entry.removedOn { #expect(removedOn > entry.postsOn ?? removedOn) }
        if entry.postsOn == nil { #expect(entry.isPendingFirst) }
      }
    }
  }

  @Test func `is the same on every machine`() {
    // A change of any rule, table or draw changes these numbers: then look at a few statements and write the new ones.
    let hashes = Persona.allCases.map { persona in
      let history = HouseholdLife.history(persona, seed: 42, from: january, through: january + 730)
      return Digest.of(history)
    }
    #expect(hashes == Digest.golden)
  }

  @Test func `differs from seed to seed`() {
    let lives = (1...6).map { HouseholdLife.history(.household, seed: $0, from: january, through: january + 60) }
    #expect(Set(lives.map { Digest.of($0) }).count == 6)
    #expect(Set(lives.map(\.holder.names)).count >= 5)
  }
}

/// FNV-1a over everything a row says.
private enum Digest {
  static let golden: [UInt64] = [
    11_862_225_635_566_236_654, 949_174_848_887_610_416, 6_992_538_270_288_331_968, 11_249_018_830_395_986_572,
    5_116_857_440_158_564_436, 16_770_088_858_529_185_446,
  ]

  static func of(_ history: BankHistory) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ text: String) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      hash = (hash ^ 0x1F) &* 0x0000_0100_0000_01B3
    }
    for account in history.accounts { add("\(account.key) \(account.openingMinor) \(account.mask)") }
    for entry in history.entries {
      add("\(entry.key) \(entry.account) \(entry.secondOfDay ?? -1) \(entry.postsOn?.days ?? 0)")
      add("\(entry.amountMinor) \(entry.pendingAmountMinor ?? 0) \(entry.correctedAmountMinor ?? 0) \(entry.currency)")
      add(entry.originalDescription)
      add(entry.name)
      add(entry.detailedCategory)
      add(entry.location?.storeNumber ?? "")
      add(entry.pairKey ?? "")
    }
    for trade in history.investmentTransactions {
      add("\(trade.key) \(trade.name) \(trade.quantity.text) \(trade.price.text) \(trade.amountMinor)")
    }
    return hash
  }
}
