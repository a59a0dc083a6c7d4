import Basics
import Finance
import Testing

@testable import Sandbox

/// Two years of a family, without the doubles that its bank takes back.
private struct Year: Sendable, CustomTestStringConvertible {
  let seed: UInt64
  let from: CalendarDate
  let entries: [BankEntry]

  init(_ seed: UInt64, _ text: String) {
    self.seed = seed
    from = CalendarDate(text) ?? CalendarDate(days: 0)
    let history = HouseholdLife.history(.household, seed: seed, from: from, through: from + 760)
    entries = history.entries.filter { $0.postsOn != nil && ($0.removedOn == nil || $0.resentOn != nil) }
  }

  var testDescription: String { "seed \(seed) from \(from)" }

  func bought(_ categories: BankCategory...) -> [BankEntry] { entries.filter { categories.contains($0.category) } }

  /// The sums of whole months, in minor units, by the day something was bought.
  func months(_ entries: [BankEntry]) -> [(count: Int, minor: Int64)] {
    (1...24).map { number in
      let month = entries.filter { $0.occurredOn.firstOfMonth == from.firstOfMonth.adding(months: number) }
      return (month.count, month.reduce(0) { $0 + $1.amountMinor })
    }
  }
}

private let years = [
  Year(1, "2024-01-01"), Year(2, "2024-03-31"), Year(3, "2023-05-17"), Year(4, "2024-06-20"), Year(42, "2025-11-30"),
]

@Suite struct `What a family runs out of` {
  @Test(arguments: years) private func `is food, bought on much the same scale every month`(year: Year) {
    let months = year.months(year.bought(.foodAndDrinkGroceries, .generalMerchandiseSuperstores))
    // A month with a holiday abroad in it costs less at home, a December more.
    #expect(months.allSatisfy { (400_00...1600_00).contains($0.minor) && $0.count >= 4 })
    #expect(months.count { (650_00...1300_00).contains($0.minor) } >= 20)
    let mean = months.reduce(0) { $0 + $1.minor } / 24
    #expect((800_00...1150_00).contains(mean), "\(mean)")
  }

  @Test(arguments: years) private func `is food, fetched about twice a week and most of it at the weekend`(year: Year) {
    let trips = year.bought(.foodAndDrinkGroceries)
    let weekend = trips.filter { $0.occurredOn.isWeekend }
    #expect((35...70).contains(weekend.count * 100 / trips.count))
    let mean = { (trips: [BankEntry]) in trips.reduce(0) { $0 + $1.amountMinor } / Int64(trips.count) }
    #expect(mean(weekend) > 50_00 && mean(weekend) < 180_00)
    let food = year.bought(.foodAndDrinkGroceries, .generalMerchandiseSuperstores)
    for (before, after) in zip(food, food.dropFirst()) {
      #expect(after.occurredOn - before.occurredOn <= 16, "nothing to eat from \(before.occurredOn)")
    }
  }

  @Test(arguments: years) private func `is fuel, and nobody fills a full tank`(year: Year) {
    let stops = year.bought(.transportationGas)
    let gallons = stops.map { $0.amountMinor * 100_000 / Market.fuelE4(on: $0.occurredOn) }
    // Corrections aside, which are another day's matter, no more goes in than the tank holds.
    #expect(gallons.allSatisfy { (1500...14_600).contains($0) })
    #expect(year.months(stops).allSatisfy { (1...6).contains($0.count) })
    for index in stops.indices.dropFirst(2) {
      #expect(stops[index].occurredOn - stops[index - 2].occurredOn >= 5, "\(stops[index].occurredOn)")
    }
  }

  @Test(arguments: years) private func `is patience with a restaurant, a haircut, an empty wallet`(year: Year) {
    for (categories, most) in [
      ([BankCategory.personalCareHairAndBeauty], 6), ([.medicalPharmaciesAndSupplements], 5),
      ([.transferOutWithdrawal], 6),
    ] {
      let bought = year.entries.filter { categories.contains($0.category) && $0.location?.country ?? "US" == "US" }
      let counts = year.months(bought).map(\.count)
      #expect(counts.allSatisfy { $0 <= most }, "\(categories)")
      #expect(bought.count >= 10, "\(categories)")
    }
    let coffees = year.months(year.bought(.foodAndDrinkCoffee)).map(\.count)
    #expect(coffees.allSatisfy { (2...14).contains($0) })
  }
}

@Suite struct `The law of longing` {
  /// What a habit of one chance does in so many days.
  private func days(_ share: Int, _ count: Int) -> [Bool] {
    var random = SeededRandom(seed: UInt64(share))
    var longing = 0
    return (0..<count).map { _ in
      let odds = Life.odds(share, longing: longing + share / 2)
      longing += share
      guard random.int(in: 0...999) < odds else { return false }
      longing = 0
      return true
    }
  }

  @Test(arguments: [30, 90, 160, 330, 560]) func `keeps the number of times and evens out the waits`(share: Int) {
    let days = days(share, 400_000)
    let times = days.count { $0 }
    #expect(abs(times * 1000 / 400_000 - share) * 100 <= share * 12)
    // Over stretches in which about six are due, chance alone would vary by six; this does by less than half of that.
    let stretch = 6000 / share
    let counts = stride(from: 0, to: days.count - stretch, by: stretch).map { start in
      days[start..<start + stretch].count { $0 }
    }
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    let variance = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(counts.count)
    #expect(variance < mean * 0.5, "\(variance) of \(mean)")
  }

  @Test func `never exceeds certainty and is nothing right after`() {
    #expect(Life.odds(900, longing: 5000) == 1000)
    #expect(Life.odds(900, longing: 0) == 0)
    #expect(Life.odds(900, longing: -3) == 0)
  }
}
