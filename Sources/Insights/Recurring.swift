package import Basics
package import Finance
package import Store

/// Money that comes or goes again and again: pay, rent, subscriptions, bills. Found from the rows, and joined with what
/// the bank's provider tells where it tells something.
package struct RecurringStream: Sendable, Equatable {
  package enum Cadence: String, Sendable, CaseIterable {
    case weekly
    case everyTwoWeeks = "every_two_weeks"
    /// Only where a provider says so: by their days alone such rows look like every two weeks.
    case twiceAMonth = "twice_a_month"
    case monthly, quarterly, yearly

    /// Days between two, and how far off one may be.
    var days: Int {
      switch self {
      case .weekly: 7
      case .everyTwoWeeks: 14
      case .twiceAMonth: 15
      case .monthly: 30
      case .quarterly: 91
      case .yearly: 365
      }
    }

    var slack: Int {
      switch self {
      case .weekly: 1
      case .everyTwoWeeks, .twiceAMonth: 3
      case .monthly: 5
      case .quarterly: 10
      case .yearly: 15
      }
    }

    /// So many times it has to have come before it is one.
    var timesMin: Int { self == .yearly ? 2 : self == .weekly ? 5 : 3 }

    package var timesAYear: Int {
      switch self {
      case .weekly: 52
      case .everyTwoWeeks: 26
      case .twiceAMonth: 24
      case .monthly: 12
      case .quarterly: 4
      case .yearly: 1
      }
    }

    package func next(after day: CalendarDate, times: Int = 1) -> CalendarDate {
      switch self {
      case .weekly, .everyTwoWeeks: day + days * times
      case .twiceAMonth: day.adding(months: times / 2) + days * (times % 2)
      case .monthly: day.adding(months: times)
      case .quarterly: day.adding(months: 3 * times)
      case .yearly: day.adding(months: 12 * times)
      }
    }
  }

  package enum State: String, Sendable, CaseIterable {
    case active
    /// It was due, and did not come.
    case missed
    /// It did not come twice: it is over.
    case ended
  }

  /// Who says that it comes again.
  package enum Source: String, Sendable, CaseIterable {
    case rows, bank, both
  }

  package struct Rise: Sendable, Equatable {
    package var fromMinor: Int64
    package var toMinor: Int64
    package var on: CalendarDate
  }

  package var name: String
  package var account: ID<Account>
  package var currency: Currency
  package var category: String
  package var cadence: Cadence
  /// What to expect next time. Positive is into the owner's pocket.
  package var amountMinor: Int64
  /// It is about that much, and not exactly.
  package var isVariable: Bool
  package var firstOn: CalendarDate
  package var lastOn: CalendarDate
  package var lastMinor: Int64
  package var nextOn: CalendarDate
  package var state: State
  /// The last change to a higher price, within a year.
  package var rise: Rise?
  /// It began with a free or cheap try.
  package var wasTrial: Bool
  /// The newest last.
  package var rows: [MeasuredRow]
  package var source = Source.rows
  /// Days on which it is expected.
  package func dates(in days: Range<CalendarDate>) -> [CalendarDate] {
    guard state == .active || state == .missed else { return [] }
    // Counted from the last one, so that the last of a month stays the last; or from the day the provider names.
    let isOwn = nextOn == cadence.next(after: lastOn)
    var (dates, times, day) = ([CalendarDate](), 1, nextOn)
    while day < days.upperBound {
      if day >= days.lowerBound { dates.append(day) }
      times += 1
      day = isOwn ? cadence.next(after: lastOn, times: times) : cadence.next(after: nextOn, times: times - 1)
    }
    return dates
  }
}

/// Finds streams among rows. Pure.
package enum RecurringFinder {
  private struct Key: Hashable {
    var payee: String
    var account: ID<Account>
    var currency: Currency
    var isIncoming: Bool
  }

  /// - Parameter rows: In the order of their days. Pending rows do not count.
  /// - Returns: The next due first.
  package static func find(_ rows: [MeasuredRow], today: CalendarDate) -> [RecurringStream] {
    var groups: [Key: [MeasuredRow]] = [:]
    for row in MeasuredRow.whole(rows) where !row.isPending && row.flow != .excluded && row.amountMinor != 0 {
      let payee = plain(row.payee)
      guard !payee.isEmpty else { continue }
      let key = Key(payee: payee, account: row.account, currency: row.currency, isIncoming: row.amountMinor > 0)
      groups[key, default: []].append(row)
    }
    return groups.values.flatMap { streams($0, today: today) }
      .sorted { ($0.nextOn, $0.name, $0.amountMinor) < ($1.nextOn, $1.name, $1.amountMinor) }
  }

  /// Letters only, so that a number in the text of a bill does not make it another one.
  static func plain(_ text: String) -> String {
    String(text.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic }.map(Character.init).prefix(24))
  }

  private static func streams(_ rows: [MeasuredRow], today: CalendarDate) -> [RecurringStream] {
    if let stream = stream(rows, today: today) { return [stream] }
    // One shop may bill several things: rows of about one amount by themselves.
    var rest = rows.sorted { abs($0.amountMinor) < abs($1.amountMinor) }
    var found: [RecurringStream] = []
    while let first = rest.first {
      let limit = abs(first.amountMinor) + max(abs(first.amountMinor) / 8, 1)
      let alike = rest.filter { abs($0.amountMinor) <= limit }
      rest.removeFirst(alike.count)
      if alike.count < rows.count, let stream = stream(alike.sorted { $0.day < $1.day }, today: today) {
        found.append(stream)
      }
    }
    return found
  }

  private static func stream(_ all: [MeasuredRow], today: CalendarDate) -> RecurringStream? {
    guard let rows = withoutPast(all), let last = rows.last, let first = rows.first else { return nil }
    let gaps = zip(rows.dropFirst(), rows).map { $0.day - $1.day }
    guard let cadence = cadence(of: gaps), rows.count >= cadence.timesMin else { return nil }
    let amounts = rows.map { abs($0.amountMinor) }
    let recent = Array(amounts.suffix(6))
    let middle = median(recent)
    let spread = median(recent.map { abs($0 - middle) })
    // What differs so much each time is a habit and no bill.
    guard spread * 100 <= middle * 30 else { return nil }
    // A price that changed once is another price; one that changes again and again is none.
    let changes = zip(recent.dropFirst(), recent).filter { abs($0 - $1) * 100 > $0 * 2 }.count
    let isVariable = spread * 100 > middle * 2 && changes > 1
    let isIncoming = last.amountMinor > 0
    let expected = isVariable ? middle : abs(last.amountMinor)
    let due = cadence.next(after: last.day)
    let state = state(cadence, last: last.day, due: due, today: today)
    return RecurringStream(
      name: last.payee, account: last.account, currency: last.currency, category: last.category, cadence: cadence,
      amountMinor: isIncoming ? expected : -expected, isVariable: isVariable, firstOn: first.day, lastOn: last.day,
      lastMinor: last.amountMinor, nextOn: due, state: state,
      rise: isIncoming || isVariable ? nil : rise(in: rows, today: today),
      wasTrial: amounts.count > 2 && amounts[0] * 4 <= amounts[1] && abs(amounts[1] - amounts[2]) * 20 <= amounts[2],
      rows: rows)
  }

  static func state(
    _ cadence: RecurringStream.Cadence, last: CalendarDate, due: CalendarDate, today: CalendarDate
  ) -> RecurringStream.State {
    if due + cadence.slack >= today { return .active }
    return cadence.next(after: due) + cadence.slack >= today ? .missed : .ended
  }

  /// A contract that paused long begins anew after the pause.
  private static func withoutPast(_ rows: [MeasuredRow]) -> [MeasuredRow]? {
    guard rows.count >= 2 else { return nil }
    // Of several on one day, a refund or a correction among them, one is enough.
    var days: [MeasuredRow] = []
    for row in rows where days.last.map({ row.day - $0.day > 1 }) ?? true { days.append(row) }
    return days.count >= 2 ? days : nil
  }

  /// Three quarters of the gaps have to fit, a missed one in between allowed.
  static func cadence(of gaps: [Int]) -> RecurringStream.Cadence? {
    guard !gaps.isEmpty else { return nil }
    let middle = gaps.sorted()[gaps.count / 2]
    let candidates = RecurringStream.Cadence.allCases.filter { $0 != .twiceAMonth }
    guard let cadence = candidates.first(where: { abs($0.days - middle) <= $0.slack }) else { return nil }
    let fitting = gaps.filter { gap in
      abs(gap - cadence.days) <= cadence.slack || abs(gap - 2 * cadence.days) <= cadence.slack + 1
    }
    return fitting.count * 4 >= gaps.count * 3 ? cadence : nil
  }

  private static func rise(in rows: [MeasuredRow], today: CalendarDate) -> RecurringStream.Rise? {
    for index in rows.indices.dropFirst().reversed() {
      let (old, new) = (abs(rows[index - 1].amountMinor), abs(rows[index].amountMinor))
      guard today - rows[index].day <= 365 else { return nil }
      let isTrial = index == 1 && old * 4 <= new
      if new * 100 > old * 101, !isTrial {
        return .init(fromMinor: old, toMinor: new, on: rows[index].day)
      }
      if new * 101 < old * 100 { return nil }
    }
    return nil
  }

  static func median(_ values: [Int64]) -> Int64 {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }
}

extension RecurringStream {
  /// The last row of the old price and the first of the new one.
  func about(_ rise: Rise) -> ArraySlice<MeasuredRow> {
    guard let place = rows.lastIndex(where: { $0.day == rise.on }) else { return rows.suffix(2) }
    return rows[max(place - 1, 0)...place]
  }

  /// It moves money between accounts of the household: it costs nothing and brings nothing, and no total counts it.
  package var isTransfer: Bool { rows.last?.flow == .transfer }

  /// What a month of it brings or costs, on the mean.
  package var monthlyMinor: Int64 {
    Int64(clamping: Ratio.rounded(Int128(amountMinor) * Int128(cadence.timesAYear), by: 12))
  }
}
