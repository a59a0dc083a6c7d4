// When a bank works: payments move to working days, salaries before them.

import Basics
package import Finance

extension CalendarDate {
  /// A holiday of the Federal Reserve's calendar, on the day banks observe it.
  ///
  /// Rules after 5 U.S.C. 6103; a holiday that falls on a Saturday is not moved by the Reserve banks, one on a Sunday is
  /// kept on Monday. Paying agents treat the Friday before a Saturday holiday as free as well, so it counts here too.
  package var isFederalHoliday: Bool {
    let (_, month, day) = civil
    if Self.isFixedHoliday(self) { return true }
    if weekday == 5, Self.isFixedHoliday(self + 1) { return true }
    if weekday == 1, Self.isFixedHoliday(self - 1) { return true }
    let nth = (day - 1) / 7 + 1
    switch (month, weekday) {
    case (1, 1), (2, 1): return nth == 3  // Martin Luther King Jr. Day, Washington's Birthday
    case (5, 1): return day > 24  // Memorial Day
    case (9, 1): return nth == 1  // Labor Day
    case (10, 1): return nth == 2  // Columbus Day
    case (11, 4): return nth == 4  // Thanksgiving
    default: return false
    }
  }

  private static func isFixedHoliday(_ date: CalendarDate) -> Bool {
    let (year, month, day) = date.civil
    return switch (month, day) {
    case (1, 1), (7, 4), (11, 11), (12, 25): true
    case (6, 19): year >= 2021
    default: false
    }
  }

  package var isBusinessDay: Bool { !isWeekend && !isFederalHoliday }

  /// This day or the first working day after it.
  package var onOrAfterBusinessDay: CalendarDate {
    var day = self
    while !day.isBusinessDay { day = day + 1 }
    return day
  }

  /// This day or the last working day before it.
  package var onOrBeforeBusinessDay: CalendarDate {
    var day = self
    while !day.isBusinessDay { day = day - 1 }
    return day
  }

  /// So many working days later.
  package func adding(businessDays count: Int) -> CalendarDate {
    var day = self
    for _ in 0..<count { day = (day + 1).onOrAfterBusinessDay }
    return day
  }

  /// The day of this month, or its last when the month is shorter.
  func inMonth(day wanted: Int) -> CalendarDate {
    let (year, month, day) = civil
    return self + (min(wanted, CivilDay.daysIn(month: month, year: year)) - day)
  }
}
