/// When clocks change in every year to come, as POSIX writes it in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// RFC 9636 §3.3 widens POSIX in that a change may lie up to a week before or after its day.
struct TimeZoneRule: Sendable, Equatable {
  /// Offsets that a place can have, in seconds: RFC 9636 §3.2.
  static let offsets = -89_999...93_599

  private struct Summer: Sendable, Equatable {
    var offset: Int
    var begins: Change
    var ends: Change
  }

  /// A day of the year and the seconds after its midnight.
  private struct Change: Sendable, Equatable {
    enum Day: Sendable, Equatable {
      /// 1 to 365; February 29 is never counted.
      case withoutLeap(Int)
      /// 0 to 365.
      case plain(Int)
      /// Week 5 is the last; weekdays count from 0 for Sunday.
      case weekday(month: Int, week: Int, weekday: Int)
    }
    var day: Day
    var seconds: Int
  }

  private let standard: Int
  private let summer: Summer?

  /// Seconds ahead of UTC at an instant, given in seconds since 1970.
  func offset(at second: Int64) -> Int {
    guard let summer else { return standard }
    let local = second + Int64(standard)
    let day = Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
    let year = CivilDay.civil(fromDays: day).year
    var latest: (at: Int64, isSummer: Bool)?
    // A change may belong to the year before or after by up to a week.
    for year in year - 1...year + 1 {
      let begin = Self.second(of: summer.begins, year, offset: standard)
      let end = Self.second(of: summer.ends, year, offset: summer.offset)
      // Where one summer ends as the next begins, it goes on: so the beginning wins a tie.
      if end <= second, end > latest?.at ?? .min { latest = (end, false) }
      if begin <= second, begin >= latest?.at ?? .min { latest = (begin, true) }
    }
    return latest?.isSummer == true ? summer.offset : standard
  }

  private static func second(of change: Change, _ year: Int, offset: Int) -> Int64 {
    let first = CivilDay.days(year: year, month: 1, day: 1)
    let isLeap = CivilDay.daysIn(month: 2, year: year) == 29
    let day: Int
    switch change.day {
    case .withoutLeap(let number): day = first + number - (isLeap && number >= 60 ? 0 : 1)
    case .plain(let number): day = first + number
    case .weekday(let month, let week, let weekday):
      let monthBegins = CivilDay.days(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday.
      let firstWeekday = ((monthBegins + 4) % 7 + 7) % 7
      let offsetInMonth = (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
      let isTooLate = offsetInMonth >= CivilDay.daysIn(month: month, year: year)
      day = monthBegins + offsetInMonth - (isTooLate ? 7 : 0)
    }
    return Int64(day) * 86_400 + Int64(change.seconds - offset)
  }
}

extension TimeZoneRule {
  /// Nil when the text is no complete rule.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(rest: bytes[...])
    guard reader.name(), let standard = reader.offset() else { return nil }
    self.standard = standard
    guard !reader.rest.isEmpty else {
      summer = nil
      return
    }
    guard reader.name() else { return nil }
    var offset = standard + 3600
    if reader.rest.first != UInt8(ascii: ",") {
      guard let given = reader.offset() else { return nil }
      offset = given
    }
    // POSIX lets a system guess the days when none are given; a zone file may not leave them out.
    guard reader.take(","), let begins = reader.change(), reader.take(","), let ends = reader.change(),
      reader.rest.isEmpty, Self.offsets.contains(offset)
    else { return nil }
    summer = Summer(offset: offset, begins: begins, ends: ends)
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }

    /// Three letters or more, or anything like `<+01>`.
    mutating func name() -> Bool {
      func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
      let isQuoted = take("<")
      let letters = rest.prefix { byte in
        isLetter(byte)
          || isQuoted && ((UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-".utf8.contains(byte))
      }
      rest = rest[letters.endIndex...]
      return letters.count >= 3 && (!isQuoted || take(">"))
    }

    /// Ahead of UTC, though POSIX counts westwards.
    mutating func offset() -> Int? {
      guard let seconds = time(hoursMax: 24) else { return nil }
      return TimeZoneRule.offsets.contains(-seconds) ? -seconds : nil
    }

    /// `h`, `h:mm` or `h:mm:ss` with or without a sign, in seconds.
    mutating func time(hoursMax: Int) -> Int? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard var seconds = number(0...hoursMax).map({ $0 * 3600 }) else { return nil }
      for unit in [60, 1] where take(":") {
        guard let part = number(0...59) else { return nil }
        seconds += part * unit
      }
      return isNegative ? -seconds : seconds
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard (1...3).contains(digits.count) else { return nil }
      rest = rest[digits.endIndex...]
      let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      return range.contains(value) ? value : nil
    }

    mutating func change() -> Change? {
      let day: Change.Day
      if take("M") {
        guard let month = number(1...12), take("."), let week = number(1...5), take("."), let weekday = number(0...6)
        else { return nil }
        day = .weekday(month: month, week: week, weekday: weekday)
      } else if take("J") {
        guard let number = number(1...365) else { return nil }
        day = .withoutLeap(number)
      } else {
        guard let number = number(0...365) else { return nil }
        day = .plain(number)
      }
      guard take("/") else { return Change(day: day, seconds: 7200) }
      guard let seconds = time(hoursMax: 167) else { return nil }
      return Change(day: day, seconds: seconds)
    }
  }
}
