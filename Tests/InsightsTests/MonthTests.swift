import Finance
import Insights
import Testing

@Suite struct `A month` {
  @Test(arguments: [
    ("2026-10-31", 1, "2026-10", "2026-10-01", "2026-11-01"), ("2024-02-29", 1, "2024-02", "2024-02-01", "2024-03-01"),
    ("2026-12-31", 1, "2026-12", "2026-12-01", "2027-01-01"), ("2026-10-24", 25, "2026-09", "2026-09-25", "2026-10-25"),
    ("2026-10-25", 25, "2026-10", "2026-10-25", "2026-11-25"),
    ("2026-01-03", 28, "2025-12", "2025-12-28", "2026-01-28"),
    ("2026-03-27", 28, "2026-02", "2026-02-28", "2026-03-28"),
  ])
  func `begins where its household says`(text: String, first: Int, name: String, from: String, to: String) throws {
    let month = Month(of: try day(text), firstDay: first)
    #expect(month.description == name)
    let expected = try day(from)..<day(to)
    #expect(month.days == expected)
  }

  @Test(arguments: [1, 2, 15, 27, 28])
  func `follows the one before without a gap, and every day is in exactly one`(first: Int) throws {
    let span = try day("2023-11-05")...day("2026-03-17")
    let months = Month.all(in: span, firstDay: first)
    for (month, next) in zip(months, months.dropFirst()) {
      #expect(month.days.upperBound == next.days.lowerBound)
      #expect(next.adding(-1) == month)
    }
    for day in stride(from: span.lowerBound, through: span.upperBound, by: 1) {
      #expect(months.filter { $0.days.contains(day) } == [Month(of: day, firstDay: first)])
    }
    #expect(months.first?.days.contains(span.lowerBound) == true)
    #expect(months.last?.days.contains(span.upperBound) == true)
  }

  @Test(arguments: [
    ("2026-11-01", "2026-10-01", true), ("2026-10-31", "2026-10-01", false), ("2026-11-01", "2026-10-02", false),
    ("2027-05-01", "2020-01-01", true),
  ])
  func `is full once it is over and known from its first day`(today: String, since: String, isFull: Bool) throws {
    let month = Month(of: try day("2026-10-10"))
    #expect(try month.isFull(today: day(today), knownSince: day(since)) == isFull)
  }
}
