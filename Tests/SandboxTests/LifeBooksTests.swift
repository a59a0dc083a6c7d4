import Finance
import Testing

@testable import Sandbox

private let january = CalendarDate(days: 19_723)  // 2024-01-01
private let threeYears = january + 1095

/// What the rows of an account move on each day, worked out apart from the code that is tested.
private func movements(_ history: BankHistory) -> [String: [Int: Int64]] {
  var moved: [String: [Int: Int64]] = [:]
  for entry in history.entries {
    guard let postsOn = entry.postsOn else { continue }
    func add(_ day: CalendarDate, _ minor: Int64) {
      moved[entry.account, default: [:]][day.days, default: 0] += minor
    }
    add(postsOn, entry.amountMinor)
    var standing = entry.amountMinor
    if let on = entry.correctedOn, let corrected = entry.correctedAmountMinor {
      add(on, corrected - standing)
      standing = corrected
    }
    if let on = entry.removedOn {
      add(on, -standing)
      if let again = entry.resentOn { add(again, standing) }
    }
  }
  return moved
}

@Suite struct `The books of a life` {
  @Test(arguments: [1, 2, 2026] as [UInt64], [Persona.household, .saver, .ewaUser])
  func `add up on every day for every account`(seed: UInt64, persona: Persona) {
    let history = HouseholdLife.history(persona, seed: seed, from: january, through: threeYears)
    let moved = movements(history)
    var life = Life(HouseholdLife.plan(persona, seed: seed, from: january))
    var expected = history.accounts.map { $0.isOwed ? -$0.openingMinor : $0.openingMinor }
    for day in january...threeYears {
      life.live(day)
      for (index, account) in history.accounts.enumerated() where account.type != "investment" {
        expected[index] -= moved[account.key]?[day.days] ?? 0
        #expect(life.funds[index] == expected[index], "\(account.key) on \(day)")
      }
    }
    // The balance that the bank answers with is the same sum, in the bank's own sign.
    for day in stride(from: january, through: threeYears, by: 97).map(\.self) + [threeYears] {
      for account in history.accounts where account.type != "investment" {
        let rows = (moved[account.key] ?? [:]).filter { $0.key <= day.days }.values.reduce(0, +)
        let balance = account.openingMinor + (account.isOwed ? rows : -rows)
        #expect(history.balance(of: account.key, on: day) == balance, "\(account.key) on \(day)")
      }
    }
  }

  @Test(arguments: Persona.allCases)
  func `pair both legs of every transfer, equal and a few days apart`(persona: Persona) {
    let history = HouseholdLife.history(persona, seed: 5, from: january, through: threeYears)
    var legs: [String: [(account: String, currency: String, minor: Int64, day: CalendarDate)]] = [:]
    for entry in history.entries {
      guard let pair = entry.pairKey else { continue }
      legs[pair, default: []].append((entry.account, entry.currency, entry.amountMinor, entry.occurredOn))
    }
    for trade in history.investmentTransactions {
      guard let pair = trade.pairKey else { continue }
      legs[pair, default: []].append((trade.account, trade.currency, trade.amountMinor, trade.date))
    }
    #expect(legs.count > 20)
    for (pair, legs) in legs {
      // The second leg of the last days lies beyond the end.
      if legs.count == 1, threeYears - legs[0].day <= 6 { continue }
      #expect(legs.count == 2, "\(pair)")
      guard legs.count == 2 else { continue }
      #expect(legs[0].account != legs[1].account)
      #expect(abs(legs[0].day - legs[1].day) <= 6, "\(pair)")
      if legs[0].currency == legs[1].currency { #expect(legs[0].minor == -legs[1].minor, "\(pair)") }
    }
  }

  @Test func `pay every card statement from the bank account within the month`() {
    for seed in 1...4 as ClosedRange<UInt64> {
      let history = HouseholdLife.history(.household, seed: seed, from: january, through: threeYears)
      let paid = history.entries.filter { $0.pairKey?.hasPrefix("card-") == true && $0.account == "checking" }
      #expect(paid.count >= 34)
      for (before, after) in zip(paid, paid.dropFirst()) {
        #expect((26...37).contains(after.occurredOn - before.occurredOn))
      }
      #expect(paid.allSatisfy { $0.category == .loanPaymentsCreditCardPayment && $0.amountMinor > 0 })
    }
  }

  @Test func `leave a household a few hundred a month and its account seldom below zero`() throws {
    var overdrafts = 0
    for seed in 1...6 as ClosedRange<UInt64> {
      let history = HouseholdLife.history(.household, seed: seed, from: january, through: threeYears)
      func worth(_ day: CalendarDate) throws -> Int64 {
        try history.accounts.reduce(0) { sum, account in
          switch account.type {
          case "depository" where account.currency == "USD":
            sum + (try #require(history.balance(of: account.key, on: day)))
          case "credit": sum - (try #require(history.balance(of: account.key, on: day)))
          default: sum
          }
        }
      }
      overdrafts += history.entries.count { $0.category == .bankFeesOverdraftFees }
      let monthly = (try worth(threeYears) - worth(january)) / 36
      #expect((15_000...75_000).contains(monthly), "seed \(seed) puts by \(monthly)")
      let moved = movements(history)["checking"] ?? [:]
      var balance = try #require(history.account("checking")).openingMinor
      var lowest = balance
      var daysBelow = 0
      for day in january...threeYears {
        balance -= moved[day.days] ?? 0
        lowest = min(lowest, balance)
        if balance < 0 { daysBelow += 1 }
      }
      #expect(lowest > -60_000)
      #expect(daysBelow <= 12)
    }
    #expect((1...6).contains(overdrafts))
  }

  @Test(arguments: [Persona.household, .saver, .yuppie])
  func `keep investments to the cent`(persona: Persona) throws {
    let history = HouseholdLife.history(persona, seed: 9, from: january, through: threeYears)
    for account in history.accounts where account.type == "investment" {
      var units: [String: Int64] = [:]
      for position in account.openingPositions { units[position.security] = position.quantityMicros }
      var cash = account.openingMinor
      for trade in history.investmentTransactions where trade.account == account.key {
        cash -= trade.amountMinor
        if let security = trade.security { units[security, default: 0] += trade.quantity.units }
        #expect(cash >= 0, "\(account.key) on \(trade.date)")
      }
      let holdings = history.holdings(on: threeYears).filter { $0.account == account.key }
      for holding in holdings where holding.security != "CUR:USD" {
        #expect(holding.quantity.units == units[holding.security])
        #expect(try #require(holding.costMinor) > 0)
      }
      #expect(holdings.first { $0.security == "CUR:USD" }?.valueMinor ?? 0 == cash)
      let value = holdings.reduce(0) { $0 + $1.valueMinor }
      #expect(history.balance(of: account.key, on: threeYears) == value)
    }
    let trades = history.investmentTransactions.map(\.subtype)
    #expect(trades.contains("dividend reinvestment") && trades.contains("dividend"))
  }

  @Test func `state what is owed and when it is due`() throws {
    let history = HouseholdLife.history(.household, seed: 1, from: january, through: threeYears)
    let day = january + 400
    let liabilities = history.liabilities(on: day)
    let card = try #require(liabilities.first { $0.kind == .credit })
    let statementOn = try #require(card.lastStatementOn)
    #expect(statementOn <= day && day - statementOn < 32)
    #expect(card.lastStatementMinor == history.balance(of: "credit_card", on: statementOn))
    #expect(try #require(card.nextPaymentDueOn) > statementOn)
    #expect(card.isOverdue == false)
    let student = try #require(liabilities.first { $0.kind == .student })
    #expect(student.lastPaymentMinor == 29_654)
    #expect(try #require(student.yearToDateInterestMinor) > 0)
    #expect(try #require(student.expectedPayoffOn) > day)
    let saver = HouseholdLife.history(.saver, seed: 1, from: january, through: january + 200)
    let mortgage = try #require(saver.liabilities(on: january + 200).first { $0.kind == .mortgage })
    let interest = try #require(mortgage.yearToDateInterestMinor)
    let principal = try #require(mortgage.yearToDatePrincipalMinor)
    let owed = try #require(saver.account("mortgage")).openingMinor
    #expect(saver.balance(of: "mortgage", on: january + 200) == owed - principal)
    #expect(interest > 0)
  }
}
