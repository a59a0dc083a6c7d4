import Basics
import Finance
import Insights
import Store
import Testing

@Suite struct `The cash flow` {
  @Test func `counts income and expenses, and a refund lowers what was spent in its category`() throws {
    let flow = try CashFlow(
      months: months(2),
      lines: [
        earned(0, 5000_00, "SALARY"), spent(0, -80_00, "GROCERIES"),
        spent(0, -120_00, "SHOES"), spent(0, 120_00, "SHOES"),
        spent(1, 30_00, "SHOES"), spent(1, -10_00, "GROCERIES"),
      ])
    let flows = flow.flows(in: .usd)
    #expect(flows.map(\.incomeMinor) == [5000_00, 0])
    #expect(flows.map(\.expensesMinor) == [80_00, -20_00])
    #expect(flows[0].spentMinor == ["GROCERIES": 80_00, "SHOES": 0])
    #expect(try flows.map { try $0.net() } == [4920_00, 20_00])
    let spending = try flow.spending(in: .usd, months: 0..<2)
    #expect(spending.map(\.category) == ["GROCERIES", "SHOES"])
    #expect(spending.map(\.minor) == [90_00, -30_00])
  }

  @Test func `keeps currencies apart`() throws {
    let euro = try #require(Currency(iso: "EUR"))
    let yen = try #require(Currency(iso: "JPY"))
    let flow = try CashFlow(
      months: months(1),
      lines: [
        spent(0, -10_00), spent(0, -20_00, currency: euro),
        spent(0, -3000, currency: yen),
      ])
    #expect(flow.flows(in: .usd)[0].expensesMinor == 10_00)
    #expect(flow.flows(in: euro)[0].expensesMinor == 20_00)
    #expect(flow.others(than: .usd) == [euro, yen])
  }

  @Test func `groups categories by words, and a person's own word stays`() throws {
    let flow = try CashFlow(
      months: months(1),
      lines: [
        spent(0, -1, "FOOD_AND_DRINK_GROCERIES"), spent(0, -2, "FOOD_AND_DRINK_COFFEE"),
        spent(0, -4, "Our boat"), spent(0, -8, "UNCATEGORIZED"), spent(0, -16, "OTHER"),
        spent(0, -32, "OTHERWISE"),
      ])
    let spending = try flow.spending(in: .usd, months: 0..<1, by: CategoryName.group)
    #expect(spending.map(\.category) == ["OTHERWISE", "Other", "Without a category", "Our boat", "Food and drink"])
    #expect(spending.map(\.minor) == [32, 16, 8, 4, 3])
  }

  @Test func `says when a sum is beyond counting`() throws {
    #expect(throws: MoneyError.overflow) {
      try CashFlow(months: months(1), lines: [earned(0, .max), earned(0, 1)])
    }
    #expect(throws: MoneyError.overflow) { try CashFlow(months: months(1), lines: [spent(0, .min)]) }
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `adds up: categories to expenses, and income less expenses to every row that counts`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let lines = (0..<random.int(in: 0...80)).map { _ in
      line(
        random.int(in: 0...4), random.chance(1, in: 3), Int64(random.int(in: -900_00...900_00)),
        random.pick(["A", "B", "C"]))
    }
    let flows = try CashFlow(months: months(5), lines: lines).flows(in: .usd)
    for (index, flow) in flows.enumerated() {
      #expect(flow.spentMinor.values.reduce(0, +) == flow.expensesMinor)
      let counting = lines.filter { $0.period == index }
      let net = try flow.net()
      #expect(net == counting.reduce(0) { $0 + $1.amountMinor })
    }
    // However the sums are cut into accounts and in whatever order they come, the answer is the same.
    #expect(try CashFlow(months: months(5), lines: lines.reversed()).flows(in: .usd) == flows)
  }
}

@Suite struct `Words for categories` {
  @Test(arguments: [
    ("RENT_AND_UTILITIES_RENT", "Rent", "Home and utilities"), ("TRANSPORTATION_GAS", "Fuel", "Transport"),
    ("RENT_AND_UTILITIES_GAS_AND_ELECTRICITY", "Gas and electricity", "Home and utilities"),
    ("TRAVEL_OTHER_TRAVEL", "Other travel", "Travel"), ("UNCATEGORIZED", "Without a category", "Without a category"),
    ("FOOD_AND_DRINK", "Food and drink", "Food and drink"), ("Our boat", "Our boat", "Our boat"), ("", "", ""),
    ("ENTERTAINMENT_TV_AND_MOVIES", "TV and movies", "Entertainment"), ("TRAVELLING", "TRAVELLING", "TRAVELLING"),
  ])
  func `are short, and a person's own stay`(category: String, words: String, group: String) {
    #expect(CategoryName.words(category) == words)
    #expect(CategoryName.group(category) == group)
  }
}
