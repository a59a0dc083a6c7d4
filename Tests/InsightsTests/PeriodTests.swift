import Finance
import Testing

@testable import Insights
@testable import Store

private func settings(weekday: Int = 1, monthDay: Int = 1) -> HouseholdSettings {
  HouseholdSettings(timeZone: "UTC", baseCurrency: .usd, firstWeekday: weekday, firstMonthDay: monthDay)
}

@Suite struct `Periods` {
  @Test func `begin where a household begins them`() throws {
    let sunday = try day("2026-03-15")
    #expect(Period(.week, of: sunday, settings()).days == (try day("2026-03-09"))..<(try day("2026-03-16")))
    #expect(Period(.week, of: sunday, settings(weekday: 7)).days.lowerBound == sunday)
    #expect(Period(.quarter, of: sunday, settings()).name == "2026-Q1")
    #expect(Period(.year, of: sunday, settings()).days == (try day("2026-01-01"))..<(try day("2027-01-01")))
    let paid = Period(.month, of: try day("2026-03-24"), settings(monthDay: 25))
    #expect(paid.name == "2026-02")
    #expect(paid.days.lowerBound == (try day("2026-02-25")))
  }

  @Test(arguments: PeriodKind.allCases) func `follow each other without gaps`(kind: PeriodKind) throws {
    let today = try day("2026-03-15")
    for monthDay in [1, 15, 28] {
      let periods = Period.last(30, kind, before: today, settings(monthDay: monthDay))
      #expect(periods.count == 30 && periods.last?.days.contains(today) == true)
      for (one, next) in zip(periods, periods.dropFirst()) { #expect(one.days.upperBound == next.days.lowerBound) }
    }
  }

  @Test func `are compared with as many months, or as many days`() throws {
    let march = (try day("2026-03-01"))..<(try day("2026-04-01"))
    #expect(Comparison.before(march) == (try day("2026-02-01"))..<(try day("2026-03-01")))
    #expect(Comparison.yearBefore(march) == (try day("2025-03-01"))..<(try day("2025-04-01")))
    let some = (try day("2026-03-05"))..<(try day("2026-03-15"))
    #expect(Comparison.before(some) == (try day("2026-02-23"))..<(try day("2026-03-05")))
    let leap = (try day("2024-02-29"))..<(try day("2024-03-01"))
    #expect(!Comparison.yearBefore(leap).isEmpty)
  }
}

@Suite struct `Flows over periods` {
  private let days = CalendarDate(days: 20_000)..<CalendarDate(days: 20_030)

  @Test func `leave out what is no income and no expense, and say so`() throws {
    let totals = [
      total(0, .income, 1_000_00), total(0, .expense, -300_00, "A"), total(0, .expense, 50_00, "A"),
      total(0, .transfer, -70_00), total(0, .excluded, -1_00), total(0, .expense, -9_00, pending: true),
      total(0, .expense, -5, "B", currency: Currency(iso: "EUR") ?? .usd),
    ]
    let flows = try Flows(totals, over: [days], in: .usd, rates: Rates(), accounts: [])
    let flow = flows.flows[0]
    #expect(flow.incomeMinor == 1_000_00 && flow.expensesMinor == 250_00 && flow.netMinor == 750_00)
    #expect(flow.savingsRate == "0.7500" && flow.pendingMinor == -9_00 && flow.spentMinor == ["A": 250_00])
    #expect(flows.inputs.rowsLeftOut == ["transfer": 1, "excluded": 1, "pending": 1])
    #expect(flows.inputs.currenciesLeftOut.map(\.code) == ["EUR"])
    #expect(flows.others.values.map(\.expensesMinor) == [5])
  }

  @Test func `convert at the last rate known, and never at one to one`() throws {
    let euro = try #require(Currency(iso: "EUR"))
    let rate = try #require(DecimalText("1.0850"))
    let rates = Rates([euro: [(day: days.lowerBound + 3, rate: rate)]])
    let totals = [total(0, .expense, -100_00, currency: euro)]
    let later = try Flows(totals, over: [days], in: .usd, rates: rates, accounts: [])
    #expect(later.flows[0].expensesMinor == 108_50 && later.others.isEmpty)
    let before = days.lowerBound - 30..<days.lowerBound
    let earlier = try Flows(totals, over: [before], in: .usd, rates: rates, accounts: [])
    #expect(earlier.flows[0].expensesMinor == 0 && earlier.others[euro]?.expensesMinor == 100_00)
  }

  @Test func `refuse sums beyond counting`() {
    let totals = [total(0, .income, .max), total(0, .income, 1)]
    #expect(throws: MoneyError.overflow) {
      try Flows(totals, over: [days], in: .usd, rates: Rates(), accounts: [])
    }
  }
}

@Suite struct `Exchange rates` {
  private let today = CalendarDate(days: 20_000)

  @Test func `convert exactly between currencies of different minor units, both ways`() throws {
    let yen = try #require(Currency(iso: "JPY"))
    let given = ExchangeRate(
      currency: .usd, quote: yen, day: today, rate: try #require(DecimalText("149.925")), source: "typed")
    let there = Rates.make([given], for: [.usd], base: yen)
    #expect(try there.minor(of: Money(minorUnits: 100_00, .usd), in: yen, on: today) == 14_992)
    #expect(try there.minor(of: Money(minorUnits: -100_00, .usd), in: yen, on: today) == -14_992)
    let back = Rates.make([given], for: [yen], base: .usd)
    #expect(try back.minor(of: Money(minorUnits: 149_925, yen), in: .usd, on: today) == 1_000_00)
    #expect(try back.minor(of: Money(minorUnits: 149_925, yen), in: .usd, on: today - 1) == nil)
    #expect(throws: MoneyError.overflow) {
      try there.minor(of: Money(minorUnits: .max, .usd), in: yen, on: today)
    }
  }

  @Test func `go by way of the euro, as the central bank publishes them`() throws {
    let text = """
      <gesmes:Envelope><Cube><Cube time='2026-03-13'><Cube currency='USD' rate='1.0850'/>
      <Cube currency='GBP' rate='0.8400'/><Cube currency='???' rate='1'/><Cube currency='SEK' rate='x'/></Cube>
      <Cube time="2026-03-12"><Cube currency="USD" rate="1.0800"/></Cube></Cube></gesmes:Envelope>
      """
    let rows = CentralBankFile.rates(text)
    #expect(rows.map(\.quote.code) == ["USD", "GBP", "USD"])
    let pound = try #require(Currency(iso: "GBP"))
    let rates = Rates.make(rows, for: [pound], base: .usd)
    let later = try #require(CalendarDate("2026-03-20"))
    // 84.00 pounds are 100 euros, and those 108.50 dollars.
    #expect(try rates.minor(of: Money(minorUnits: 84_00, pound), in: .usd, on: later) == 108_50)
    #expect(CentralBankFile.rates("no such file").isEmpty)
  }
}

@Suite struct `Worth over time` {
  private func course(firstRow: CalendarDate?) throws -> WorthOverTime.Course {
    let at = try day("2026-03-10")
    func balance(_ day: CalendarDate, _ minor: Int64) -> KnownBalance {
      KnownBalance(account: account(1), day: day, minor: minor, currency: .usd)
    }
    return WorthOverTime.Course(
      known: [balance(at, 500), balance(at + 5, 700)], moved: [balance(at - 2, -30), balance(at, 10)],
      firstRow: firstRow)
  }

  @Test func `is what was known, and before that what the rows make of it`() throws {
    let at = try day("2026-03-10")
    let course = try course(firstRow: at - 2)
    #expect(course.value(on: at + 9)?.minor == 700 && course.value(on: at + 4)?.minor == 500)
    #expect(course.value(on: at - 1)?.minor == 490 && course.value(on: at - 1)?.isReconstructed == true)
    #expect(course.value(on: at - 3)?.minor == 520)
    #expect(course.value(on: at - 4) == nil, "nobody knows what was before the first row")
  }

  @Test func `is never made up where value moves by itself`() throws {
    let course = try course(firstRow: nil)
    #expect(course.value(on: try day("2026-03-09")) == nil)
  }
}
