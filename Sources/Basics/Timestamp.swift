import Glibc

/// An instant, in milliseconds since 1970 UTC. The only time type that crosses a module boundary.
package struct Timestamp: Hashable, Comparable, Sendable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }
  package init(seconds: Int64) { milliseconds = seconds * 1000 }

  /// Whole seconds since 1970, rounded down.
  package var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

  package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  package static func + (left: Self, right: Duration) -> Self {
    Self(milliseconds: left.milliseconds + right.milliseconds)
  }
  package static func - (left: Self, right: Duration) -> Self {
    Self(milliseconds: left.milliseconds - right.milliseconds)
  }
  /// The time from `right` to `left`.
  package static func - (left: Self, right: Self) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }

  /// The machine's wall clock. Only ``World/live`` and the door may ask for it.
  package static func wallClock() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

extension Duration {
  /// Whole milliseconds, rounded towards zero.
  package var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, with milliseconds only when there are some: `2026-01-31T08:30:00Z`.
  package var description: String {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = Int(seconds - days * 86_400)
    let rest = Int(milliseconds - seconds * 1000)
    let (year, month, day) = CivilDay.civil(fromDays: Int(days))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let fraction = rest == 0 ? "" : ".\(rest < 100 ? "0" : "")\(two(rest))"
    let padding = String(repeating: "0", count: max(0, 4 - String(year).count))
    return
      "\(padding)\(year)-\(two(month))-\(two(day))T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
      + fraction + "Z"
  }

  /// Reads RFC 3339 with `Z` or an offset; a missing zone means UTC, as some banks write it.
  package init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, let year = Self.number(bytes, 0, 4), bytes[4] == UInt8(ascii: "-"),
      let month = Self.number(bytes, 5, 2), bytes[7] == UInt8(ascii: "-"), let day = Self.number(bytes, 8, 2),
      bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "t"),
      let hour = Self.number(bytes, 11, 2), bytes[13] == UInt8(ascii: ":"), let minute = Self.number(bytes, 14, 2),
      bytes[16] == UInt8(ascii: ":"), let second = Self.number(bytes, 17, 2),
      hour < 24, minute < 60, second <= 60, CivilDay.isValid(year: year, month: month, day: day)
    else { return nil }
    var index = 19
    var milliseconds = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      var scale = 100
      let start = index
      while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
        milliseconds += Int(bytes[index] - UInt8(ascii: "0")) * scale
        scale /= 10
        index += 1
      }
      guard index > start else { return nil }
    }
    var offset = 0
    if index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "Z"), UInt8(ascii: "z"):
        guard index + 1 == bytes.count else { return nil }
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        guard index + 6 == bytes.count, let hours = Self.number(bytes, index + 1, 2),
          bytes[index + 3] == UInt8(ascii: ":"), let minutes = Self.number(bytes, index + 4, 2), hours < 24,
          minutes < 60
        else { return nil }
        offset = (hours * 60 + minutes) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
      default: return nil
      }
    }
    let days = CivilDay.days(year: year, month: month, day: day)
    let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset) * 60
    self.init(milliseconds: seconds * 1000 + Int64(milliseconds))
  }

  private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
    guard start + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[start..<start + count] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}

/// The proleptic Gregorian calendar as arithmetic, after Howard Hinnant's `days_from_civil`: no tables, no time zones.
package enum CivilDay {
  /// Days since 1970-01-01.
  package static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  package static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  package static func daysIn(month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  package static func isValid(year: Int, month: Int, day: Int) -> Bool {
    (1...9999).contains(year) && (1...12).contains(month) && day >= 1 && day <= daysIn(month: month, year: year)
  }
}
