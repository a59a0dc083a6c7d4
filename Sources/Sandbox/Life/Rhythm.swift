// When things recur, and what a weekend does to them.

import Basics
import Finance

/// A day taken apart once, because every rule asks.
struct Civil {
  let days: Int
  let year: Int
  let month: Int
  let day: Int
  /// 1 for Monday to 7 for Sunday.
  let weekday: Int
  let isLastOfMonth: Bool

  init(_ date: CalendarDate) {
    days = date.days
    (year, month, day) = date.civil
    weekday = date.weekday
    isLastOfMonth = day == CivilDay.daysIn(month: month, year: year)
  }
}

/// The day that is being lived.
struct Today {
  let date: CalendarDate
  let civil: Civil
  let isBusinessDay: Bool
  /// The nominal days whose payments move back to today: today and the free days after it.
  let before: [Civil]
  /// The nominal days whose payments move on to today: today and the free days before it.
  let after: [Civil]

  init(_ date: CalendarDate) {
    self.date = date
    civil = Civil(date)
    isBusinessDay = date.isBusinessDay
    guard isBusinessDay else {
      before = []
      after = []
      return
    }
    var before = [civil]
    var next = date + 1
    while !next.isBusinessDay {
      before.append(Civil(next))
      next = next + 1
    }
    var after = [civil]
    var previous = date - 1
    while !previous.isBusinessDay {
      after.append(Civil(previous))
      previous = previous - 1
    }
    self.before = before
    self.after = after
  }

  var days: Int { civil.days }
}

enum Rhythm {
  /// The day of the month, or its last when the month is shorter.
  case monthly(Int)
  case twiceMonthly(Int, Int)
  /// 1 for Monday to 7 for Sunday.
  case weekly(Int)
  /// Every so many days, counted from a day.
  case every(Int, from: Int)
  case yearly(Int, Int)
  /// Every third month, beginning with the first, second or third.
  case quarterly(Int, Int)

  enum Shift {
    /// Happens on the day, whatever day it is.
    case none
    /// Free days: on the last working day before, as salaries.
    case before
    /// Free days: on the next working day, as debits.
    case after
  }

  /// The nominal day that takes place today, if any.
  func falls(on today: Today, _ shift: Shift) -> Civil? {
    switch shift {
    case .none: return matches(today.civil) ? today.civil : nil
    case .before: return today.before.first(where: matches)
    case .after: return today.after.first(where: matches)
    }
  }

  func matches(_ day: Civil) -> Bool {
    switch self {
    case .monthly(let wanted): Self.isDay(wanted, day)
    case .twiceMonthly(let first, let second): Self.isDay(first, day) || Self.isDay(second, day)
    case .weekly(let weekday): day.weekday == weekday
    case .every(let count, let anchor): (day.days - anchor) % count == 0
    case .yearly(let month, let wanted): day.month == month && Self.isDay(wanted, day)
    case .quarterly(let first, let wanted): day.month % 3 == first % 3 && Self.isDay(wanted, day)
    }
  }

  private static func isDay(_ wanted: Int, _ day: Civil) -> Bool {
    day.day == wanted || (day.isLastOfMonth && wanted > day.day)
  }
}
