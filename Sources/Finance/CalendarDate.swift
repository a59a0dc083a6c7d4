package import Basics

/// A day without a time zone, counted from 1970-01-01. Banks date rows with days, not instants.
package struct CalendarDate: Hashable, Comparable, Sendable {
  package let days: Int

  package init(days: Int) { self.days = days }

  /// Nil when the calendar has no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard CivilDay.isValid(year: year, month: month, day: day) else { return nil }
    days = CivilDay.days(year: year, month: month, day: day)
  }

  /// Reads `YYYY-MM-DD`, and the date part of a date-time, as some banks send one.
  package init?(_ text: String) {
    var text = text
    let parsed: (Int, Int, Int)? = text.withUTF8 { bytes in
      guard bytes.count == 10 || (bytes.count > 10 && bytes[10] | 0x20 == UInt8(ascii: "t")),
        bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-")
      else { return nil }
      func number(_ range: Range<Int>) -> Int? {
        var value = 0
        for byte in bytes[range] {
          guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
          value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
      }
      guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
      return (year, month, day)
    }
    guard let (year, month, day) = parsed else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The day it is in UTC.
  package init(utc instant: Timestamp) {
    days = Int(instant.seconds >= 0 ? instant.seconds / 86_400 : (instant.seconds - 86_399) / 86_400)
  }

  package var civil: (year: Int, month: Int, day: Int) { CivilDay.civil(fromDays: days) }
  package var year: Int { civil.year }
  package var month: Int { civil.month }
  package var day: Int { civil.day }
  /// 1 for Monday to 7 for Sunday, as ISO 8601 counts.
  package var weekday: Int { ((days + 3) % 7 + 7) % 7 + 1 }
  package var isWeekend: Bool { weekday >= 6 }

  package static func < (left: Self, right: Self) -> Bool { left.days < right.days }
  package static func + (left: Self, right: Int) -> Self { Self(days: left.days + right) }
  package static func - (left: Self, right: Int) -> Self { Self(days: left.days - right) }
  package static func - (left: Self, right: Self) -> Int { left.days - right.days }

  /// The same day of another month, or that month's last day when it is shorter.
  package func adding(months: Int) -> CalendarDate {
    let (year, month, day) = civil
    let index = year * 12 + (month - 1) + months
    let (newYear, newMonth) = (index >= 0 ? index / 12 : (index - 11) / 12, ((index % 12) + 12) % 12 + 1)
    let last = CivilDay.daysIn(month: newMonth, year: newYear)
    return CalendarDate(days: CivilDay.days(year: newYear, month: newMonth, day: min(day, last)))
  }

  package var firstOfMonth: CalendarDate { self - (day - 1) }
  package var lastOfMonth: CalendarDate {
    let (year, month, day) = civil
    return self + (CivilDay.daysIn(month: month, year: year) - day)
  }
}

extension CalendarDate: Strideable {
  package func distance(to other: Self) -> Int { other.days - days }
  package func advanced(by count: Int) -> Self { self + count }
}

extension CalendarDate: CustomStringConvertible {
  package var description: String {
    let (year, month, day) = civil
    let padded = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
    return "\(padded)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }
}
