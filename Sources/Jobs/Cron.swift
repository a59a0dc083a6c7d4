package import Basics

/// Why an expression is no schedule.
package struct CronError: Error, Equatable, Sendable, CustomStringConvertible {
  package var reason: String
  package var description: String { reason }
}

/// A schedule as cron writes it: minute, hour, day of month, month, day of week. Pure.
///
/// When both days are restricted, either is enough, as cron has it. Where clocks change: a time of day that is skipped
/// takes place at the moment of the jump, one that comes twice takes place the first time. Only with `*` for the hour,
/// which means "all the time" and no time of day, both count and nothing is made up for.
package struct Cron: Sendable, Equatable {
  /// As it was written.
  package let expression: String
  private let minutes: UInt64
  private let hours: UInt64
  private let days: UInt64
  private let months: UInt64
  private let weekdays: UInt64
  private let isEveryHour: Bool
  private let isEveryDay: Bool
  private let isEveryWeekday: Bool

  private struct Field {
    let name: String
    let range: ClosedRange<Int>
    var words: [Substring] = []

    static let all = [
      Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23),
      Field(name: "day of the month", range: 1...31),
      Field(
        name: "month", range: 1...12,
        words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
      Field(name: "day of the week", range: 0...7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]
  }

  private static let names = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]

  package init(_ expression: String) throws(CronError) {
    self.expression = expression
    let lower = expression.lowercased()
    let written = Self.names[lower] ?? lower
    let parts = written.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard parts.count == 5 else {
      throw CronError(reason: "five fields are needed: minute, hour, day of the month, month, day of the week")
    }
    var sets: [UInt64] = []
    for (part, field) in zip(parts, Field.all) { sets.append(try Self.set(part, field)) }
    // Sunday is 0 and 7.
    if sets[4] & 1 << 7 != 0 { sets[4] |= 1 }
    (minutes, hours, days, months, weekdays) = (sets[0], sets[1], sets[2], sets[3], sets[4])
    isEveryHour = parts[1] == "*"
    isEveryDay = parts[2].first == "*"
    isEveryWeekday = parts[4].first == "*"
    guard nextDay(from: 0) != nil else { throw CronError(reason: "there is no such day in any year") }
  }

  private static func set(_ text: Substring, _ field: Field) throws(CronError) -> UInt64 {
    var set: UInt64 = 0
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = item.split(separator: "/", omittingEmptySubsequences: false)
      guard (1...2).contains(halves.count), let span = halves.first, !span.isEmpty else { throw wrong(text, field) }
      var step = 1
      if halves.count == 2 {
        guard let given = Int(halves[1]), (1...60).contains(given) else { throw wrong(text, field) }
        step = given
      }
      let range = try range(span, field, isStepped: halves.count == 2, text)
      for value in stride(from: range.lowerBound, through: range.upperBound, by: step) { set |= 1 << UInt64(value) }
    }
    return set
  }

  private static func range(
    _ span: Substring, _ field: Field, isStepped: Bool, _ text: Substring
  ) throws(CronError) -> ClosedRange<Int> {
    if span == "*" { return field.name == "day of the week" ? 0...6 : field.range }
    let ends = span.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let first = value(ends[0], field) else { throw wrong(text, field) }
    guard ends.count == 2 else { return isStepped ? first...field.range.upperBound : first...first }
    guard let last = value(ends[1], field), first <= last else { throw wrong(text, field) }
    return first...last
  }

  private static func value(_ text: Substring, _ field: Field) -> Int? {
    if let place = field.words.firstIndex(of: text) { return place + field.range.lowerBound }
    guard text.utf8.count <= 2, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
      field.range.contains(number)
    else { return nil }
    return number
  }

  private static func wrong(_ text: Substring, _ field: Field) -> CronError {
    CronError(
      reason: "\u{201C}\(text)\u{201D} is no \(field.name): it goes from \(field.range.lowerBound) to "
        + "\(field.range.upperBound)")
  }

  // MARK: - When

  /// The first time after an instant; clocks are those of `zone`.
  package func next(after instant: Timestamp, in zone: TimeZone) -> Timestamp? {
    var day = zone.day(of: instant)
    for _ in 0..<400 {
      guard let found = nextDay(from: day) else { return nil }
      if let first = times(of: found, in: zone).first(where: { $0 > instant }) { return first }
      day = found + 1
    }
    return nil
  }

  /// The first day from `day` on, counted from 1970-01-01. Every combination that exists comes within eight years, but
  /// for a leap day around a century.
  private func nextDay(from day: Int) -> Int? {
    for candidate in day..<day + 366 * 13 where matches(candidate) { return candidate }
    return nil
  }

  private func matches(_ day: Int) -> Bool {
    let (_, month, dayOfMonth) = CivilDay.civil(fromDays: day)
    guard months & 1 << UInt64(month) != 0 else { return false }
    // 1970-01-01 was a Thursday.
    let weekday = ((day + 4) % 7 + 7) % 7
    let isDay = days & 1 << UInt64(dayOfMonth) != 0
    let isWeekday = weekdays & 1 << UInt64(weekday) != 0
    return isEveryDay || isEveryWeekday ? isDay && isWeekday : isDay || isWeekday
  }

  private func times(of day: Int, in zone: TimeZone) -> [Timestamp] {
    var times: Set<Timestamp> = []
    for hour in 0..<24 where hours & 1 << UInt64(hour) != 0 {
      for minute in 0..<60 where minutes & 1 << UInt64(minute) != 0 {
        let local = Int64(day) * 86_400 + Int64(hour * 3600 + minute * 60)
        let exact = Self.instants(of: local, in: zone)
        if isEveryHour {
          times.formUnion(exact)
        } else {
          times.insert(exact.first ?? Self.jump(over: local, in: zone))
        }
      }
    }
    return times.sorted()
  }

  /// When clocks show a local time, in seconds: once, twice, or never.
  private static func instants(of local: Int64, in zone: TimeZone) -> [Timestamp] {
    let offsets = Set(
      [local - 93_600, local, local + 93_600].map { zone.offsetSeconds(at: Timestamp(seconds: $0)) })
    return offsets.map { (Timestamp(seconds: local - Int64($0)), $0) }
      .filter { zone.offsetSeconds(at: $0.0) == $0.1 }.map(\.0).sorted()
  }

  /// The moment at which clocks jumped over a local time.
  private static func jump(over local: Int64, in zone: TimeZone) -> Timestamp {
    // Local time grows around such a jump, so halving finds the first instant that shows a later one.
    var (low, high) = (local - 93_600, local + 93_600)
    while low < high {
      let middle = low + (high - low) / 2
      let shown = middle + Int64(zone.offsetSeconds(at: Timestamp(seconds: middle)))
      if shown >= local { high = middle } else { low = middle + 1 }
    }
    return Timestamp(seconds: low)
  }
}
