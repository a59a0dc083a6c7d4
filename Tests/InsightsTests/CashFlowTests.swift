import Basics
import Finance
import Insights
import Store
import Testing

@Suite struct `The cash flow` {
  @Test func `counts income and expenses, and a refund lowers what was spent in its category`() throws {
    let flow = try CashFlow(
      months: months(2),
      totals: [
        total(0, .income, 5000_00, "SALARY"), total(0, .expense, -80_00, "GROCERIES"),
        total(0, .expense, -120_00, "SHOES"), total(0, .expense, 120_00, "SHOES", account: 2),
        total(1, .expense, 30_00, "SHOES"), total(1, .expense, -10_00, "GROCERIES"),
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

  @Test func `leaves out transfers, excluded and pending rows`() throws {
    let flow = try CashFlow(
      months: months(1),
      totals: [
        total(0, .transfer, -900_00), total(0, .transfer, 900_00), total(0, .excluded, -70_00),
        total(0, .excluded, 70_00), total(0, .expense, -5_00, pending: true), total(0, .income, 5_00, pending: true),
      ])
    #expect(flow.flows(in: .usd) == [CashFlow.Flow()])
    #expect(flow.flows.isEmpty)
  }

  @Test func `keeps currencies apart`() throws {
    let euro = try #require(Currency(iso: "EUR"))
    let yen = try #require(Currency(iso: "JPY"))
    let flow = try CashFlow(
      months: months(1),
      totals: [
        total(0, .expense, -10_00), total(0, .expense, -20_00, currency: euro),
        total(0, .expense, -3000, currency: yen),
      ])
    #expect(flow.flows(in: .usd)[0].expensesMinor == 10_00)
    #expect(flow.flows(in: euro)[0].expensesMinor == 20_00)
    #expect(flow.others(than: .usd) == [euro, yen])
  }

  @Test func `groups categories by words, and a person's own word stays`() throws {
    let flow = try CashFlow(
      months: months(1),
      totals: [
        total(0, .expense, -1, "FOOD_AND_DRINK_GROCERIES"), total(0, .expense, -2, "FOOD_AND_DRINK_COFFEE"),
        total(0, .expense, -4, "Our boat"), total(0, .expense, -8, "UNCATEGORIZED"), total(0, .expense, -16, "OTHER"),
        total(0, .expense, -32, "OTHERWISE"),
      ])
    let spending = try flow.spending(in: .usd, months: 0..<1, by: CategoryName.group)
    #expect(spending.map(\.category) == ["OTHERWISE", "Other", "Without a category", "Our boat", "Food and drink"])
    #expect(spending.map(\.minor) == [32, 16, 8, 4, 3])
  }

  @Test func `says when a sum is beyond counting`() throws {
    #expect(throws: MoneyError.overflow) {
      try CashFlow(months: months(1), totals: [total(0, .income, .max), total(0, .income, 1)])
    }
    #expect(throws: MoneyError.overflow) { try CashFlow(months: months(1), totals: [total(0, .expense, .min)]) }
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `adds up: categories to expenses, and income less expenses to every row that counts`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let totals = (0..<random.int(in: 0...80)).map { _ in
      total(
        random.int(in: 0...4), random.pick(FlowKind.allCases), Int64(random.int(in: -900_00...900_00)),
        random.pick(["A", "B", "C"]), pending: random.chance(1, in: 5), account: UInt64(random.int(in: 1...3)))
    }
    let flows = try CashFlow(months: months(5), totals: totals).flows(in: .usd)
    for (index, flow) in flows.enumerated() {
      #expect(flow.spentMinor.values.reduce(0, +) == flow.expensesMinor)
      let counting = totals.filter {
        $0.period == index && !$0.isPending && [.income, .expense].contains($0.flow)
      }
      let net = try flow.net()
      #expect(net == counting.reduce(0) { $0 + $1.sum.amountMinor })
    }
    // However the sums are cut into accounts and in whatever order they come, the answer is the same.
    #expect(try CashFlow(months: months(5), totals: totals.reversed()).flows(in: .usd) == flows)
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
