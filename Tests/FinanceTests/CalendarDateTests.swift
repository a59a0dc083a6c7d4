import Basics
import Finance
import Testing

@Suite struct `A calendar date` {
  /// Walks the calendar by the rules people use, day by day, and compares.
  @Test func `agrees with a calendar turned page by page`() throws {
    var (year, month, day, weekday) = (1895, 1, 1, 2)  // It was a Tuesday.
    var date = try #require(CalendarDate(year: year, month: month, day: day))
    while year < 2105 {
      let isRight = date.civil == (year, month, day) && date.weekday == weekday
      #expect(isRight, "\(year)-\(month)-\(day) became \(date)")
      if !isRight { return }
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      #expect(date.lastOfMonth - date.firstOfMonth == lengths[month - 1] - 1)
      weekday = weekday % 7 + 1
      day += 1
      if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
      date = date + 1
    }
  }

  @Test(arguments: [
    ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2026-01-31", 13, "2027-02-28"),
    ("2026-03-31", -1, "2026-02-28"), ("2026-01-15", -1, "2025-12-15"), ("2026-12-31", 2, "2027-02-28"),
    ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", -48, "2020-02-29"), ("2026-05-31", 0, "2026-05-31"),
  ])
  func `goes on by months`(from: String, months: Int, to: String) throws {
    #expect(try #require(CalendarDate(from)).adding(months: months).description == to)
  }

  @Test(arguments: [
    "", "2026-02-29", "2026-1-01", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", "0000-01-01", "20260101",
    "2026-01-01x", "2026-01-01 00:00", "2026/01/01", "+026-01-01", "2026-01-0１",
  ])
  func `is not read from anything else`(text: String) { #expect(CalendarDate(text) == nil) }

  @Test func `is read and written alike`() {
    for text in ["0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"] {
      #expect(CalendarDate(text)?.description == text)
    }
    #expect(CalendarDate("2026-01-31T23:59:59Z")?.description == "2026-01-31")
  }

  @Test func `is the day in UTC`() {
    #expect(CalendarDate(utc: Timestamp(milliseconds: -1)).description == "1969-12-31")
    #expect(CalendarDate(utc: Timestamp(milliseconds: 86_399_999)).description == "1970-01-01")
    #expect(CalendarDate(utc: Timestamp(milliseconds: 86_400_000)).description == "1970-01-02")
  }

  @Test func `knows the weekend`() {
    let saturdays = (0..<7_000).map { CalendarDate(days: $0) }.filter { $0.weekday == 6 }
    #expect(saturdays.count == 1_000)
    #expect(saturdays.allSatisfy { $0.isWeekend && ($0 + 1).isWeekend && !($0 - 1).isWeekend && !($0 + 2).isWeekend })
  }
}
