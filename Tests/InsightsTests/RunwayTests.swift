import Basics
import Finance
import Insights
import Store
import Testing

@Suite struct `Burn and runway` {
  /// A cash flow from January 2026 with these expenses a month.
  private func flow(_ expenses: [Int64]) throws -> CashFlow {
    try CashFlow(
      months: months(expenses.count), lines: expenses.enumerated().map { spent($0.offset, -$0.element) })
  }

  struct Case: Sendable {
    var today: String
    var since: String
    var months: [String]
    var burn: String?
    init(_ today: String, _ since: String, _ months: [String], _ burn: String?) {
      (self.today, self.since, self.months, self.burn) = (today, since, months, burn)
    }
  }

  // January 100, February 200, March 400, April 800, May 1600.
  @Test(arguments: [
    Case("2026-05-20", "2025-06-01", ["2026-02", "2026-03", "2026-04"], "466.67"),
    Case("2026-05-31", "2026-02-01", ["2026-02", "2026-03", "2026-04"], "466.67"),
    // The month a history begins in is not full, unless it begins on the first.
    Case("2026-05-20", "2026-02-02", ["2026-03", "2026-04"], "600.00"),
    Case("2026-05-20", "2026-03-17", ["2026-04"], "800.00"),
    Case("2026-05-20", "2026-04-01", ["2026-04"], "800.00"), Case("2026-05-20", "2026-04-02", [], nil),
    Case("2026-05-20", "2026-05-01", [], nil),
    // On the first of a month the one before has just become full.
    Case("2026-05-01", "2026-01-01", ["2026-02", "2026-03", "2026-04"], "466.67"),
    Case("2026-04-30", "2026-01-01", ["2026-01", "2026-02", "2026-03"], "233.33"),
  ])
  func `burn is the mean of the last three full months, or fewer, or unknown`(at: Case) throws {
    let burn = try Burn(
      flow([100_00, 200_00, 400_00, 800_00, 1600_00]), in: .usd, today: day(at.today), knownSince: day(at.since))
    #expect(burn.months.map(\.description) == at.months)
    #expect(burn.perMonth?.decimal == at.burn)
  }

  @Test func `burn is unknown without rows, and a month without spending counts as one`() throws {
    #expect(try Burn(flow([]), in: .usd, today: day("2026-05-20"), knownSince: nil).perMonth == nil)
    let quiet = try Burn(flow([300_00, 0, 0]), in: .usd, today: day("2026-04-02"), knownSince: day("2026-01-01"))
    #expect(quiet.perMonth?.decimal == "100.00")
  }

  @Test(
    arguments: [
      ([1, 0, 0], "0.00"), ([2, 0, 0], "0.01"), ([1, 1, 0], "0.01"), ([3, 0, 0], "0.01"), ([4, 0, 0], "0.01"),
      ([-2, 0, 0], "-0.01"), ([.max, .max, .max], "92233720368547758.07"),
    ] as [([Int64], String)])
  func `burn rounds to the nearest cent and never overflows`(expenses: [Int64], mean: String) throws {
    let flow = try CashFlow(
      months: months(3), lines: expenses.enumerated().map { spent($0.offset, -$0.element) })
    let burn = try Burn(flow, in: .usd, today: day("2026-04-02"), knownSince: day("2026-01-01"))
    #expect(burn.perMonth?.decimal == mean)
  }

  @Test(
    arguments: [
      (10_000_00, 2_000_00, "5.00", "5.0"), (10_000_00, 3_000_00, "3.33", "3.3"), (1_00, 8_00, "0.12", "0.1"),
      (0, 8_00, "0.00", "0.0"), (.max, 1, "9223372036854775807.00", "9223372036854775807.0"),
      (5_00, 200_00, "0.02", "0.0"),
      (15_00, 200_00, "0.08", "0.1"),
    ] as [(Int64, Int64, String, String)])
  func `runway is savings by burn`(savings: Int64, burn: Int64, two: String, one: String) throws {
    let burnt = try Burn(flow([burn]), in: .usd, today: day("2026-02-02"), knownSince: day("2026-01-01"))
    let runway = Runway(savings: Money(minorUnits: savings, .usd), burn: burnt)
    #expect(runway.months(digits: 2) == two)
    #expect(runway.months(digits: 1) == one)
  }

  @Test func `runway is unlimited when nothing is burnt, and unknown when the burn is`() throws {
    let savings = Money(minorUnits: 100, .usd)
    for spent in [0, -50] as [Int64] {
      let burn = try Burn(flow([spent]), in: .usd, today: day("2026-02-02"), knownSince: day("2026-01-01"))
      #expect(Runway(savings: savings, burn: burn) == .unlimited)
    }
    let unknown = try Burn(flow([5]), in: .usd, today: day("2026-01-20"), knownSince: day("2026-01-01"))
    #expect(Runway(savings: savings, burn: unknown) == .unknown)
    #expect(Runway.unknown.months(digits: 1) == nil)
  }

  @Test(
    arguments: [
      (1, 2, 0, "0"), (3, 2, 0, "2"), (5, 2, 0, "2"), (-1, 2, 0, "0"), (-3, 2, 0, "-2"), (7, 3, 4, "2.3333"),
      (-7, 3, 1, "-2.3"), (7, -3, 1, "-2.3"), (-7, -3, 1, "2.3"), (1, 1000, 2, "0.00"), (-1, 1000, 2, "0.00"),
      (.min, 1, 9, "-9223372036854775808.000000000"), (.min, -1, 0, "9223372036854775808"),
    ] as [(Int64, Int64, Int, String)])
  func `a ratio is exact and rounds half to even`(numerator: Int64, denominator: Int64, digits: Int, text: String) {
    #expect(Ratio.text(numerator, by: denominator, digits: digits) == text)
    #expect(Ratio.text(numerator, by: 0, digits: digits) == nil)
  }
}
