package import Finance

/// A month as a household counts it: from its first day up to the first of the next.
///
/// Who is paid on the 25th may let months begin there; the month is still called after the calendar month it begins in.
package struct Month: Hashable, Sendable, CustomStringConvertible {
  package let days: Range<CalendarDate>

  /// The month that a day belongs to.
  ///
  /// - Parameter firstDay: On which day of the calendar months begin, 1 to 28.
  package init(of day: CalendarDate, firstDay: Int = 1) {
    precondition((1...28).contains(firstDay), "no month begins there")
    let shifted = day - (firstDay - 1)
    let start = shifted.firstOfMonth + (firstDay - 1)
    days = start..<start.adding(months: 1)
  }

  /// `2026-10`.
  package var description: String { String(days.lowerBound.description.dropLast(3)) }

  package func adding(_ months: Int) -> Month {
    Month(of: days.lowerBound.adding(months: months), firstDay: days.lowerBound.day)
  }

  /// Every month from the one of the first day to the one of the last, oldest first.
  package static func all(in days: ClosedRange<CalendarDate>, firstDay: Int = 1) -> [Month] {
    var month = Month(of: days.lowerBound, firstDay: firstDay)
    var months: [Month] = []
    while month.days.lowerBound <= days.upperBound {
      months.append(month)
      month = month.adding(1)
    }
    return months
  }

  /// Whether everything that happened in it is known: it is over, and the first known row is not later than its
  /// first day.
  package func isFull(today: CalendarDate, knownSince: CalendarDate) -> Bool {
    days.upperBound <= today && knownSince <= days.lowerBound
  }
}
