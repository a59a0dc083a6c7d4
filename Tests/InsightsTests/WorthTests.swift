import Basics
import Finance
import Testing

@testable import Insights
@testable import Store

@Suite struct `What net worth moved by` {
  private static let first = CalendarDate(days: 20_000)

  /// Accounts that move by rows, as their bank would tell them, and one whose value moves by itself.
  private struct House {
    var moved: [[KnownBalance]] = []
    var courses: [WorthOverTime.Course] = []
    var valued: [KnownBalance] = []

    init(seed: UInt64) {
      var random = SeededRandom(seed: seed)
      for number in 0..<3 as Range<UInt64> {
        var (balance, rows, ends) = (Int64(random.int(in: -50_000...500_000)), [KnownBalance](), [KnownBalance]())
        for offset in 0..<120 where random.chance(1, in: 3) {
          let day = first + offset
          let minor = Int64(random.int(in: -9_000...9_000))
          balance += minor
          rows.append(KnownBalance(account: account(number), day: day, minor: minor, currency: .usd))
          // The bank is asked now and then, and late at first: what was before has to be worked out.
          if offset > 60, random.chance(1, in: 4) {
            ends.append(KnownBalance(account: account(number), day: day, minor: balance, currency: .usd))
          }
        }
        ends.append(KnownBalance(account: account(number), day: first + 120, minor: balance, currency: .usd))
        moved.append(rows)
        courses.append(WorthOverTime.Course(known: ends, moved: rows, firstRow: rows.first?.day))
      }
      valued = (0...120).map { offset in
        KnownBalance(
          account: account(9), day: first + offset, minor: Int64(random.int(in: 900_000...1_100_000)), currency: .usd)
      }
      courses.append(WorthOverTime.Course(known: valued, moved: [], firstRow: nil))
    }

    func worth(_ day: CalendarDate) -> Int64? {
      var sum: Int64 = 0
      for course in courses {
        guard let value = course.value(on: day) else { return nil }
        sum += value.minor
      }
      return sum
    }
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `is what rows moved and what values changed by, nothing else`(seed: UInt64) throws {
    let house = House(seed: seed)
    // Days on which every account is known or can be worked out: after a balance is known, it is the last one told.
    let known = house.courses.dropLast().map { $0.known.map(\.day) }
    var days = (0...60).map { Self.first + $0 }
    days += (61...120).map { Self.first + $0 }.filter { day in known.allSatisfy { $0.contains(day) } }
    var compared = 0
    for (one, two) in zip(days, days.dropFirst()) {
      guard let before = house.worth(one), let after = house.worth(two) else { continue }
      compared += 1
      let flows = house.moved.joined().filter { $0.day > one && $0.day <= two }.reduce(Int64(0)) { $0 + $1.minor }
      let values = house.valued.filter { $0.day == one || $0.day == two }.map(\.minor)
      #expect(after - before == flows + (try #require(values.last)) - (try #require(values.first)))
    }
    #expect(compared > 20)
  }
}
