import Basics
import Finance

/// An instant as the bank's wall clock shows it: seconds since 1970 in local time. Banks book by their own days.
struct Moment: Comparable, Sendable {
  var seconds: Int64

  init(seconds: Int64) { self.seconds = seconds }

  init(_ instant: Timestamp, utcOffsetMinutes: Int) {
    seconds = instant.seconds + Int64(utcOffsetMinutes) * 60
  }

  init(_ day: CalendarDate, second: Int) { seconds = Int64(day.days) * 86_400 + Int64(second) }

  var day: CalendarDate { CalendarDate(utc: Timestamp(seconds: seconds)) }

  static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }
}

/// When in the course of a day a bank does what: purchases as they happen, bookings at an hour of its own.
struct BankHours: Sendable {
  /// Second of the day at which the bank books; corrections follow an hour later.
  var booking: Int

  /// Nobody waits for the morning where a tester wrote the rows.
  static let atOnce = BankHours(booking: 0)
  static let mornings = BankHours(booking: 5 * 3600)

  func shows(_ entry: BankEntry) -> Moment { Moment(entry.occurredOn, second: entry.secondOfDay ?? 0) }
  func posts(_ entry: BankEntry) -> Moment? { entry.postsOn.map { Moment($0, second: booking) } }
  func vanishes(_ entry: BankEntry) -> Moment? { entry.vanishesOn.map { Moment($0, second: booking) } }
  func corrects(_ entry: BankEntry) -> Moment? { entry.correctedOn.map { Moment($0, second: booking + 3600) } }
  func removes(_ entry: BankEntry) -> Moment? { entry.removedOn.map { Moment($0, second: booking + 3600) } }
  func resends(_ entry: BankEntry) -> Moment? { entry.resentOn.map { Moment($0, second: booking + 7200) } }

  /// Every moment after which the row may look different.
  func moments(of entry: BankEntry) -> [Moment] {
    let shown = entry.isPendingFirst ? shows(entry) : nil
    let all = [shown, posts(entry), vanishes(entry), corrects(entry), removes(entry), resends(entry)]
    return all.compactMap { $0 }
  }
}
