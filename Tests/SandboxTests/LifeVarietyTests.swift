import Finance
import Testing

@testable import Sandbox

/// A family to look at: its seed and the first day of its two years.
struct LifeFamily: Sendable, CustomTestStringConvertible {
  let seed: UInt64
  let from: CalendarDate
  let history: BankHistory

  init(_ seed: UInt64, _ from: String) {
    self.seed = seed
    self.from = CalendarDate(from) ?? CalendarDate(days: 0)
    history = HouseholdLife.history(.household, seed: seed, from: self.from, through: self.from + 730)
  }

  var testDescription: String { "seed \(seed) from \(from)" }
  var entries: [BankEntry] { history.entries }
}

/// Made once: many tests look at the same lives. The story must not depend on the season in which it begins.
private let families = [
  LifeFamily(1, "2024-01-01"), LifeFamily(2, "2024-03-31"), LifeFamily(3, "2023-05-17"), LifeFamily(4, "2024-06-20"),
  LifeFamily(5, "2022-08-02"), LifeFamily(42, "2025-11-30"),
]

@Suite struct `The events of a family's two years` {
  @Test(arguments: families) func `fill seven hundred to twelve hundred rows a year over eight accounts`(
    family: LifeFamily
  ) {
    let history = family.history
    #expect((1400...2400).contains(history.entries.count))
    #expect(history.accounts.count == 8)
    for account in history.accounts where account.hasTransactions {
      #expect(history.entries.contains { $0.account == account.key }, "\(account.key)")
    }
  }

  @Test(arguments: families) func `raise restaurant bills by a tip when they post`(family: LifeFamily) throws {
    let tips = family.entries.filter {
      $0.category == .foodAndDrinkRestaurant && ($0.pendingAmountMinor ?? .max) < $0.amountMinor
    }
    #expect(tips.count > 20)
    for tip in tips where tip.currency == "USD" && tip.location?.country == "US" {
      let bill = try #require(tip.pendingAmountMinor)
      #expect(tip.amountMinor <= bill * 135 / 100 + 100)
    }
  }

  @Test(arguments: families) func `bring things back for money`(family: LifeFamily) {
    let history = family.history
    let refunds = history.entries.filter { $0.transactionCode == "refund" }
    #expect(!refunds.isEmpty)
    for refund in refunds {
      let bought = history.entries.contains {
        $0.merchantEntityKey == refund.merchantEntityKey && $0.amountMinor >= -refund.amountMinor
          && $0.occurredOn < refund.occurredOn && refund.occurredOn - $0.occurredOn <= 23
      }
      #expect(bought, "\(refund.name)")
    }
  }

  @Test(arguments: families) func `reserve money that is never taken`(family: LifeFamily) throws {
    let history = family.history
    let holds = history.entries.filter { $0.postsOn == nil }
    #expect(!holds.isEmpty)
    for hold in holds {
      let gone = try #require(hold.vanishesOn)
      #expect(hold.pendingMinor(on: hold.occurredOn) > 0)
      #expect(hold.pendingMinor(on: gone) == 0 && hold.postedMinor(on: gone + 30) == 0)
    }
    // A pump reserves another amount than it takes.
    #expect(history.entries.contains { $0.category == .transportationGas && $0.pendingAmountMinor != nil })
  }

  @Test(arguments: families) func `raise the price of a subscription, once`(family: LifeFamily) {
    let prices = family.entries.filter { $0.merchantEntityKey == "Netflix" }.map(\.amountMinor)
    #expect(prices.count >= 23)
    #expect(Set(prices) == [1549, 1799])
    #expect(prices == prices.sorted())
  }

  @Test(arguments: families) func `begin a subscription with a trial`(family: LifeFamily) throws {
    let disney = family.entries.filter { $0.merchantEntityKey == "Disney+" }
    let first = try #require(disney.first)
    #expect(first.postsOn == nil && first.amountMinor == 100)
    let charge = try #require(disney.dropFirst().first)
    #expect(charge.occurredOn - first.occurredOn >= 7 && charge.amountMinor == 1399)
    // Another trial is ended in time and never costs anything.
    let tried = family.entries.filter { $0.merchantEntityKey == "Headspace" }
    #expect(tried.count == 1 && tried[0].postsOn == nil)
  }

  @Test(arguments: families) func `spend abroad, in euros and at a rate, with a fee`(family: LifeFamily) throws {
    let history = family.history
    let abroad = history.entries.filter { ($0.location?.country ?? "US") != "US" }
    #expect(abroad.count > 8)
    #expect(history.entries.contains { $0.account == "euro" && $0.amountMinor > 0 && $0.currency == "EUR" })
    let onCard = abroad.filter { $0.currency == "USD" && $0.postsOn != nil }
    #expect(onCard.contains { $0.originalDescription.contains(" EUR @ ") })
    let fees = history.entries.filter { $0.category == .bankFeesForeignTransactionFees }
    #expect(!fees.isEmpty)
  }

  @Test(arguments: families) func `change the employer`(family: LifeFamily) throws {
    let wages = family.entries.filter { $0.category == .incomeSalary && !$0.name.hasSuffix("BONUS") }
    let employers = Set(wages.compactMap(\.merchantName))
    #expect(employers.count == 3)
    let ended = employers.filter { name in
      wages.last { $0.merchantName == name }.map { $0.occurredOn < family.from + 400 } ?? false
    }
    let begun = employers.filter { name in
      wages.first { $0.merchantName == name }.map { $0.occurredOn > family.from + 100 } ?? false
    }
    #expect(ended.count == 1 && begun.count == 1 && ended != begun)
  }

  @Test(arguments: families) func `move to another home`(family: LifeFamily) {
    let history = family.history
    let rents = history.entries.filter { $0.category == .rentAndUtilitiesRent }
    #expect(Set(rents.filter { $0.checkNumber != nil }.map(\.amountMinor)).count == 1)
    #expect(rents.contains { $0.checkNumber == nil && $0.name.hasSuffix("DEPOSIT") })
    #expect(history.entries.contains { $0.category == .transferInDeposit })
    let movers = ["TWO MEN AND A TRUCK", "SQ *CAREFUL HANDS MOVING"]
    #expect(
      history.entries.contains { entry in
        entry.amountMinor > 70_000 && movers.contains { entry.originalDescription.hasPrefix($0) }
      })
    // Favourite shops stay behind.
    let shops = { (range: Range<Int>) in
      Set(
        history.entries.filter { $0.category == .foodAndDrinkGroceries && range.contains($0.occurredOn - family.from) }
          .compactMap(\.location?.address))
    }
    #expect(shops(0..<265).isDisjoint(with: shops(400..<730)))
  }

  @Test(arguments: families) func `have a child`(family: LifeFamily) throws {
    let history = family.history
    let nursery = history.entries.filter { $0.category == .generalServicesChildcare }
    #expect(nursery.count >= 2)
    let first = try #require(nursery.first)
    #expect(first.amountMinor > 100_000)
    #expect(history.entries.contains { $0.merchantEntityKey == "Babylist" || $0.merchantEntityKey == "Buybuy Baby" })
    #expect(history.entries.contains { $0.category == .medicalOtherMedical && $0.amountMinor > 150_000 })
    // One parent is at home for a while, on less pay.
    let second = history.holder.names[1]
    let pays = history.entries.filter { $0.category == .incomeSalary && $0.paymentMeta?.payee == second }
    let usual = try #require(pays.first).amountMinor
    #expect(pays.count { $0.amountMinor > usual * 75 / 100 } >= 5)
  }

  @Test(arguments: families) func `show what a bank does to posted rows`(family: LifeFamily) {
    let entries = family.entries
    #expect(entries.contains { $0.correctedOn != nil && $0.correctedAmountMinor != $0.amountMinor })
    #expect(entries.contains { $0.removedOn != nil && $0.resentOn == nil })
    #expect(entries.contains { $0.resentOn != nil })
    #expect(entries.contains { $0.category == .bankFeesAtmFees })
    #expect(entries.contains { $0.category == .incomeInterestEarned })
    #expect(entries.allSatisfy { $0.correctedOn == nil || $0.pairKey == nil })
  }

  @Test func `overdraw somebody now and then`() {
    for family in families {
      #expect(family.entries.count { $0.category == .bankFeesOverdraftFees } <= 3)
    }
    let poor = HouseholdLife.history(.ewaUser, seed: 1, from: families[0].from, through: families[0].from + 730)
    #expect(poor.entries.contains { $0.category == .bankFeesOverdraftFees })
    #expect(poor.entries.contains { $0.category == .loanDisbursementsEwa })
    #expect(poor.entries.contains { $0.category == .loanPaymentsEwa })
    #expect(poor.entries.contains { $0.category == .loanPaymentsBnpl })
  }
}

@Suite struct `The merchants of a life` {
  @Test func `are more than three hundred`() {
    #expect(Set(Merchants.all.map(\.name)).count >= 300)
    #expect(Set(Merchants.all.map(\.category)).count >= 60)
  }

  @Test func `have sensible lines`() {
    for merchant in Merchants.all {
      #expect(merchant.low > 0 && merchant.low <= merchant.high, "\(merchant.name)")
      #expect(
        !merchant.pattern.utf8.contains { (97...122).contains($0) && $0 != 110 && $0 != 120 && $0 != 119 && $0 != 100 },
        "lower case in \(merchant.pattern)")
      #expect(merchant.pattern.utf8.allSatisfy { (32...126).contains($0) }, "\(merchant.pattern)")
      #expect(merchant.site?.contains("/") != true)
    }
  }

  @Test func `show as many kinds of noise as statements do`() {
    let texts = families.flatMap { $0.entries.map(\.originalDescription) }
    for noise in ["SQ *", "TST*", "PAYPAL *", "AMZN", "POS DEBIT", "CHECK ", "INDN:", "DD *DOORDASH", "#"] {
      #expect(texts.contains { $0.contains(noise) }, "\(noise)")
    }
    let met = Set(families.flatMap { $0.entries.compactMap(\.merchantEntityKey) })
    #expect(met.count >= 300)
  }

  @Test func `are cut off as terminals cut them`() {
    for entry in families[2].entries where entry.paymentChannel == "in store" && entry.account == "credit_card" {
      #expect((entry.pendingName ?? entry.name).utf8.count <= 40)
      #expect(entry.originalDescription.utf8.count <= 75, "\(entry.originalDescription)")
    }
  }

  @Test func `are named on nearly all of their rows`() {
    let rows = families[3].entries.filter { $0.paymentChannel != "other" && $0.category.primary != "TRANSFER_OUT" }
    let named = rows.count { $0.merchantName != nil }
    #expect(named * 100 > rows.count * 95)
    #expect(named < rows.count)
  }
}
