import Basics
import Finance
import Testing

@testable import Insights
@testable import Store

@Suite struct `What investments returned` {
  private let first = CalendarDate(days: 20_000)

  /// Worth by the day, from the first one on.
  private func returns(_ worth: [Int: Int64], _ movements: [Int: Int64], through last: Int = 20) -> Returns {
    Returns.make(
      first...(first + last), worth: { worth[$0 - first] },
      movements: movements.sorted { $0.key < $1.key }.map { .init(day: first + $0.key, minor: $0.value) })
  }

  @Test func `is the growth, when nothing was moved`() {
    let found = returns([0: 100_00, 20: 110_00], [:])
    #expect(found.timeWeighted == .share("0.1000") && found.moneyWeighted == .share("0.1000"))
    #expect(found.startMinor == 100_00 && found.endMinor == 110_00)
    let loss = returns([0: 100_00, 20: 75_00], [:])
    #expect(loss.timeWeighted == .share("-0.2500"))
  }

  @Test func `counts what was put in and taken out for none`() {
    // Ten percent first; then as much again comes in, and stays what it is.
    let found = returns([0: 100_00, 10: 110_00, 20: 210_00], [11: 100_00])
    #expect(found.timeWeighted == .share("0.1000"))
    // 10 earned with 100 over twenty days and 100 over ten.
    #expect(found.moneyWeighted == .share("0.0667"))
    let taken = returns([0: 200_00, 4: 220_00, 20: 132_00], [5: -100_00])
    // 220 / 200, and then 132 / 120.
    #expect(taken.timeWeighted == .share("0.2100"))
  }

  @Test func `is unknown where it cannot be known, and says why`() {
    #expect(returns([0: 100_00], [:]).timeWeighted == .unknown(.tooFewBalances))
    let gap = returns([0: 100_00, 20: 210_00], [11: 100_00])
    #expect(gap.timeWeighted == .unknown(.noBalanceAtMovement))
    #expect(gap.moneyWeighted == .share("0.0667"), "needs the ends alone")
    #expect(returns([0: 0, 20: 0], [:]).moneyWeighted == .unknown(.noCapital))
    let unpriced = Returns.make(first...(first + 1), worth: { _ in 1 }, movements: nil)
    #expect(unpriced.timeWeighted == .unknown(.movementUnpriced))
  }

  @Test func `begins with the first day whose worth is known`() {
    let found = returns([5: 100_00, 17: 110_00], [2: 50_00])
    #expect(found.first == first + 5 && found.last == first + 17 && found.movements.isEmpty)
    #expect(found.timeWeighted == .share("0.1000"))
  }

  @Test func `takes for movements what an owner moves, and for nothing else`() throws {
    func trade(_ type: String, _ subtype: String, _ minor: Int64, quantity: String = "0", price: String? = nil) throws
      -> StoredInvestmentTransaction
    {
      StoredInvestmentTransaction(
        id: ID(bits: 1), connection: ID(bits: 1), providerID: "", account: account(1), bookedOn: first, name: "",
        quantity: try #require(DecimalText(quantity)), amount: Money(minorUnits: minor, .usd),
        price: price.flatMap { DecimalText($0) }, type: type, subtype: subtype)
    }
    let moved = Returns.movements([
      try trade("cash", "contribution", 500), try trade("cash", "withdrawal", -200), try trade("cash", "dividend", 30),
      try trade("buy", "buy", -400, quantity: "2"), try trade("fee", "account fee", -5),
      try trade("transfer", "transfer", 0, quantity: "2.5", price: "10.01"),
    ])
    #expect(moved?.map(\.minor) == [500, -200, 25_02])
    #expect(Returns.movements([try trade("transfer", "transfer", 0, quantity: "3")]) == nil)
  }
}

@Suite struct `Paying a debt off` {
  private let today = CalendarDate(days: 20_000)

  private func payoff(_ owed: Int64, _ rate: String?, _ payment: Int64?) -> Payoff {
    Payoff.make(
      owed: owed, rate: rate.flatMap { DecimalText($0) }, payment: payment, next: today + 10, today: today)
  }

  @Test func `takes as many months as it takes with interest`() {
    let card = payoff(410_00, "15.24", 20_00)
    #expect(card.state == .known && card.months == 24 && card.interestMinor == 67_96)
    #expect(card.on == (today + 10).adding(months: 23))
    let free = payoff(100_00, "0", 30_00)
    #expect(free.months == 4 && free.interestMinor == 0)
  }

  @Test func `never ends when the payment does not cover the interest, and is unknown without terms`() {
    #expect(payoff(10_000_00, "24", 200_00).state == .never)
    #expect(payoff(10_000_00, "24", 201_00).state == .known)
    #expect(payoff(10_000_00, nil, 200_00).state == .unknown && payoff(10_000_00, "24", nil).state == .unknown)
    #expect(payoff(0, "24", 200_00).state == .nothingOwed)
  }
}
