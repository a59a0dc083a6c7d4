package import Finance
package import Store

/// How time is cut for a report.
package enum PeriodKind: String, Sendable, CaseIterable {
  case week, month, quarter, year
}

/// A stretch of days as a household counts: weeks begin on its first weekday, months on its first day of the month.
package struct Period: Hashable, Sendable {
  package let kind: PeriodKind
  /// From the first day up to, but not with, the last.
  package let days: Range<CalendarDate>

  /// The period that a day belongs to.
  package init(_ kind: PeriodKind, of day: CalendarDate, _ settings: HouseholdSettings) {
    self.kind = kind
    let month = Month(of: day, firstDay: settings.firstMonthDay)
    let start = month.days.lowerBound
    switch kind {
    case .week:
      let back = (day.weekday - settings.firstWeekday + 7) % 7
      days = (day - back)..<(day - back + 7)
    case .month: days = month.days
    case .quarter:
      let first = start.adding(months: -((start.month - 1) % 3))
      days = first..<first.adding(months: 3)
    case .year:
      let first = start.adding(months: -(start.month - 1))
      days = first..<first.adding(months: 12)
    }
  }

  /// `2026-10`, `2026-Q4`, `2026`, or the first day of a week.
  package var name: String {
    let first = days.lowerBound
    switch kind {
    case .week: return first.description
    case .month: return String(first.description.dropLast(3))
    case .quarter: return "\(first.year)-Q\((first.month - 1) / 3 + 1)"
    case .year: return "\(first.year)"
    }
  }

  /// The last ones, oldest first; the one of today is the last.
  package static func last(
    _ count: Int, _ kind: PeriodKind, before today: CalendarDate, _ settings: HouseholdSettings
  ) -> [Period] {
    var periods = [Period(kind, of: today, settings)]
    while periods.count < count, let first = periods.first {
      periods.insert(Period(kind, of: first.days.lowerBound - 1, settings), at: 0)
    }
    return periods
  }

  /// The one right before.
  package func before(_ settings: HouseholdSettings) -> Period { Period(kind, of: days.lowerBound - 1, settings) }

  /// The same one a year earlier; of a week the one 52 weeks earlier, so that it has the same weekdays.
  package func yearBefore(_ settings: HouseholdSettings) -> Period {
    Period(kind, of: kind == .week ? days.lowerBound - 364 : days.lowerBound.adding(months: -12), settings)
  }

  /// Whether everything that happened in it is known.
  package func isFull(today: CalendarDate, knownSince: CalendarDate?) -> Bool {
    guard let knownSince else { return false }
    return days.upperBound <= today && knownSince <= days.lowerBound
  }
}

/// Windows that are held against one another.
package enum Comparison {
  /// The stretch right before: whole months give way to whole months, anything else to as many days.
  package static func before(_ days: Range<CalendarDate>) -> Range<CalendarDate> {
    let (first, end) = (days.lowerBound, days.upperBound)
    if first.day == end.day {
      let months = (end.year - first.year) * 12 + end.month - first.month
      if months > 0 { return first.adding(months: -months)..<first }
    }
    return (first - (end - first))..<first
  }

  /// The same days of the year before.
  package static func yearBefore(_ days: Range<CalendarDate>) -> Range<CalendarDate> {
    let first = days.lowerBound.adding(months: -12)
    let end = days.upperBound.adding(months: -12)
    return first..<max(end, first + 1)
  }
}
