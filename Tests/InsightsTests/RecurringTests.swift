import Basics
import Finance
import Testing

@testable import Insights
@testable import Store

private let world = World.simulated(seed: 11)
private let start = CalendarDate(days: 20_000)

private func row(
  _ name: String, _ minor: Int64, on day: CalendarDate, _ flow: FlowKind = .expense, account number: UInt64 = 1,
  category: String = "C", pending: Bool = false
) -> MeasuredRow {
  MeasuredRow(
    id: world.newID(), account: account(number), day: day, amountMinor: minor, currency: .usd, flow: flow,
    category: category, merchant: nil, name: name, isPending: pending)
}

@Suite struct `Recurring streams` {
  @Test func `are found with their interval, amount and next day`() throws {
    let pay = (0..<12).map { row("ACME PAYROLL 00\($0)", 2_500_00, on: start + 14 * $0, .income) }
    let rent = (0..<6).map { row("Rent", -1_800_00, on: start.adding(months: $0)) }
    let streams = RecurringFinder.find((pay + rent).sorted { $0.day < $1.day }, today: start + 160)
    #expect(
      streams.map(\.cadence) == [.everyTwoWeeks, .monthly] || streams.map(\.cadence) == [.monthly, .everyTwoWeeks])
    let salary = try #require(streams.first { $0.amountMinor > 0 })
    #expect(salary.amountMinor == 2_500_00 && salary.nextOn == start + 168 && salary.state == .active)
    let flat = try #require(streams.first { $0.amountMinor < 0 })
    #expect(flat.nextOn == start.adding(months: 6) && !flat.isVariable)
    #expect(flat.dates(in: (start + 160)..<(start + 260)).count == 3)
  }

  @Test func `are told from habits`() {
    var random = SeededRandom(seed: 5)
    var rows: [MeasuredRow] = []
    var day = start
    for _ in 0..<60 {
      rows.append(row("Corner shop", -Int64(random.int(in: 3_00...90_00)), on: day))
      day = day + random.int(in: 1...9)
    }
    #expect(RecurringFinder.find(rows, today: day).isEmpty)
  }

  @Test func `tell a price that rose, a try that is charged, and what did not come`() throws {
    let rising = (0..<8).map { row("Films", $0 < 5 ? -9_99 : -12_99, on: start.adding(months: $0)) }
    let films = try #require(RecurringFinder.find(rising, today: start.adding(months: 7) + 3).first)
    #expect(films.rise == .init(fromMinor: 9_99, toMinor: 12_99, on: start.adding(months: 5)))
    let trial = (0..<4).map { row("Gym", $0 == 0 ? -1_00 : -40_00, on: start.adding(months: $0)) }
    #expect(RecurringFinder.find(trial, today: start.adding(months: 3) + 1).first?.wasTrial == true)
    let late = try #require(RecurringFinder.find(rising, today: start.adding(months: 8) + 12).first)
    #expect(late.state == .missed)
    let over = try #require(RecurringFinder.find(rising, today: start.adding(months: 10)).first)
    #expect(over.state == .ended && over.dates(in: start..<start + 2_000).isEmpty)
  }

  @Test func `of one shop are kept apart by their amounts`() {
    let small = (0..<6).map { row("Apps", -2_99, on: start.adding(months: $0) + 3) }
    let large = (0..<6).map { row("Apps", -15_99, on: start.adding(months: $0) + 17) }
    let streams = RecurringFinder.find((small + large).sorted { $0.day < $1.day }, today: start.adding(months: 6))
    #expect(streams.map(\.amountMinor).sorted() == [-15_99, -2_99])
  }

  @Test func `see a payment that was split as one`() throws {
    let rent = (0..<6).flatMap { month -> [MeasuredRow] in
      var first = row("Rent and power", -700_00, on: start.adding(months: month))
      guard month > 3 else {
        first.amountMinor = -1_000_00
        return [first]
      }
      var second = first
      (first.part, second.part, second.amountMinor) = (0, 1, -300_00)
      return [first, second]
    }
    let today = start.adding(months: 5) + 2
    let flat = try #require(RecurringFinder.find(rent, today: today).first)
    #expect(flat.amountMinor == -1_000_00 && flat.rise == nil && flat.rows.count == 6 && !flat.isTransfer)
  }

  @Test func `do not depend on pending rows and on transfers that are excluded`() {
    let rows = (0..<6).map { row("Rent", -1_00, on: start.adding(months: $0), pending: true) }
    #expect(RecurringFinder.find(rows, today: start + 200).isEmpty)
  }
}

@Suite struct `What stands out` {
  @Test func `is a charge that was taken twice, and not a second coffee`() {
    let today = start + 300
    let rows = [
      row("Hotel", -120_00, on: today - 10), row("Hotel", -120_00, on: today - 9), row("Coffee", -3_00, on: today - 5),
      row("Coffee", -3_00, on: today - 5), row("Shoes", -80_00, on: today - 4),
      row("Shoes", -80_00, on: today - 3, pending: true),
    ]
    let found = FindingRules.duplicates(rows, today: today)
    #expect(found.map(\.about) == ["Hotel"] && found.first?.rows.count == 2)
  }

  @Test func `is a charge far beyond what a shop took before`() {
    let today = start + 300
    let past = (0..<12).map { row("Power", -60_00 - Int64($0 % 3) * 5_00, on: start + 20 * $0) }
    let found = FindingRules.unusual(past + [row("Power", -310_00, on: today - 2)], today: today)
    #expect(found.map(\.amount.minorUnits) == [310_00] && found.first?.compared?.minorUnits == 65_00)
    #expect(FindingRules.unusual(past + [row("Power", -70_00, on: today - 2)], today: today).isEmpty)
  }

  @Test func `is what lies idle, and what banks took`() {
    let today = start
    let accounts = [stored(1, .checking, 10_000_00), stored(2, .savings, 90_000_00)]
    let idle = FindingRules.idle(accounts, burnMinor: 2_000_00, base: .usd, today: today)
    #expect(idle.map(\.amount.minorUnits) == [4_000_00])
    #expect(FindingRules.idle(accounts, burnMinor: nil, base: .usd, today: today).isEmpty)
    let fees = FindingRules.fees(
      [row("Fee", -35_00, on: today - 30, category: "BANK_FEES_OVERDRAFT_FEES")], today: today)
    #expect(fees.map(\.amount.minorUnits) == [35_00])
  }
}

@Suite struct `A budget` {
  private func standing(_ rollover: StoredBudget.Rollover, _ spent: [Int64]) throws -> BudgetStanding {
    let today = try day("2026-04-10")
    let budget = StoredBudget(
      id: world.newID(), category: "FOOD", amountMinor: 300_00, currency: .usd, rollover: rollover,
      startsOn: try day("2026-02-01"))
    return BudgetStanding(budget, spent: spent, month: Month(of: today), today: today)
  }

  @Test(arguments: StoredBudget.Rollover.allCases)
  func `carries over what its rule says`(rollover: StoredBudget.Rollover) throws {
    let first = try standing(rollover, [550_00, 200_00, 90_00])
    #expect(first.carriedMinor == (rollover == .both ? -150_00 : rollover == .surplus ? 100_00 : 0))
    let second = try standing(rollover, [250_00, 300_00, 90_00])
    #expect(second.carriedMinor == (rollover == .none ? 0 : 50_00))
  }

  @Test func `tells the pace and where it ends`() throws {
    let standing = try standing(.none, [0, 0, 90_00])
    #expect(standing.leftMinor == 210_00 && standing.evenMinor == 100_00 && standing.projectedMinor == 270_00)
  }
}

@Suite struct `A forecast` {
  @Test func `says nothing where the past is too short`() {
    let rows = (0..<30).map { row("x", -10_00, on: start + $0) }
    #expect(Forecast.make(rows, start: 0, first: start + 30, days: 90, knownSince: start) == nil)
  }

  @Test func `expects next what is due and has not come`() throws {
    let pay = (0..<20).map { row("Pay", 700_00, on: start + 14 * $0, .income) }
    // The pay of day 280 is a day late.
    let first = start + 282
    let forecast = try #require(Forecast.make(pay, start: 0, first: first, days: 30, knownSince: start))
    #expect(forecast.days.filter { $0.expectedMinor > 0 }.map { $0.day - first } == [0, 12, 26])
    #expect(forecast.days[1].middleMinor == 700_00 && forecast.days[1].lowMinor == 0, "it may be over")
  }

  @Test func `is lowest before the next pay, and not before some interest`() throws {
    let pay = (0..<10).map { row("Pay", 2_000_00, on: start.adding(months: $0), .income) }
    let rent = (0..<10).map { row("Rent", -900_00, on: start.adding(months: $0) + 20) }
    let interest = (0..<10).map { row("Interest", 1_00, on: start.adding(months: $0) + 12, .income) }
    let rows = (pay + rent + interest).sorted { $0.day < $1.day }
    let first = start.adding(months: 9) + 10
    let past = rows.filter { $0.day < first }
    let forecast = try #require(Forecast.make(past, start: 1_000_00, first: first, days: 60, knownSince: start))
    let lowest = try #require(forecast.lowest)
    #expect(lowest.middleMinor < 200_00 && lowest.day >= start.adding(months: 9) + 19)
    #expect(lowest.day < start.adding(months: 10))
  }

  @Test func `follows what recurs, and is the same each time`() throws {
    let rent = (0..<10).map { row("Rent", -1_000_00, on: start.adding(months: $0)) }
    let pay = (0..<20).map { row("Pay", 700_00, on: start + 14 * $0, .income) }
    let rows = (rent + pay).sorted { $0.day < $1.day }
    let first = start + 281
    let forecast = try #require(Forecast.make(rows, start: 5_000_00, first: first, days: 60, knownSince: start))
    #expect(forecast.streams.count == 2 && forecast.days.count == 60)
    let expected = forecast.days.reduce(Int64(0)) { $0 + $1.expectedMinor }
    let last = try #require(forecast.days.last)
    #expect(abs(last.middleMinor - 5_000_00 - expected) <= 1_000_00)
    #expect(forecast.days.allSatisfy { $0.lowMinor <= $0.middleMinor && $0.middleMinor <= $0.highMinor })
    #expect(Forecast.make(rows, start: 5_000_00, first: first, days: 60, knownSince: start) == forecast)
  }
}

@Suite struct `A feed that is turned` {
  private func proof(moved: Int64, booked: Int64) throws -> BalanceProof {
    var proof = BalanceProof(
      account: account(1), name: "Checking", mask: nil,
      verdict: moved == booked ? .addsUp : .differs(Money(minorUnits: moved - booked, .usd)))
    (proof.moved, proof.booked) = (Money(minorUnits: moved, .usd), Money(minorUnits: booked, .usd))
    return proof
  }

  @Test func `moves its balance by just the opposite of its rows`() throws {
    let today = try day("2026-04-10")
    func kinds(_ moved: Int64, _ booked: Int64) throws -> [Finding.Kind] {
      FindingRules.proofs([try proof(moved: moved, booked: booked)], today: today).map(\.kind)
    }
    #expect(try kinds(50_00, -50_00) == [.turnedFeed])
    #expect(try kinds(50_00, -49_00) == [.doesNotAddUp] && kinds(50_00, 50_00) == [])
  }

  @Test func `lets pay go out and groceries come in`() throws {
    let today = try day("2026-04-10")
    let rows = (0..<30).map { index in
      var one = row("Shop", 20_00 + Int64(index), on: start + index)
      one.category = "FOOD_AND_DRINK_GROCERIES"
      one.account = account(1)
      return one
    }
    let accounts = [stored(1, .checking, 5)]
    func found(_ rows: [MeasuredRow], known: Set<ID<Account>> = []) -> Int {
      FindingRules.turned(rows, accounts, known: known, today: today).count
    }
    #expect(found(rows) == 1)
    #expect(found(rows, known: [account(1)]) == 0, "its balances say it better")
    #expect(found(Array(rows.prefix(10))) == 0)
    let usual = rows.map { one in
      var one = one
      one.amountMinor = -one.amountMinor
      return one
    }
    #expect(found(usual) == 0 && found(usual + rows.prefix(3)) == 0)
  }
}
