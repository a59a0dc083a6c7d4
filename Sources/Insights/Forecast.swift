import Basics
package import Finance
package import Store

/// What liquid accounts will hold on the days ahead: bills and pay that recur, and beside them the habitual rest, drawn
/// from what the past looked like.
///
/// The range of a day is meant to hold four times of five. How often it held is measured on months that were held back;
/// docs/measures.md tells the figures. What lies ahead and is in no past (a job that will be lost) is in no range.
package struct Forecast: Sendable, Equatable {
  package struct Day: Sendable, Equatable {
    package var day: CalendarDate
    package var lowMinor: Int64
    package var middleMinor: Int64
    package var highMinor: Int64
    /// Recurring money expected on that day.
    package var expectedMinor: Int64
  }

  package var startMinor: Int64
  package var days: [Day]
  package var streams: [RecurringStream]
  /// How many days of the past it was drawn from.
  package var daysOfPast: Int

  /// The day with the lowest middle before the next income that counts for something; nil without days. Interest of some
  /// cents is not what somebody waits for, and what is late may not come.
  package var lowest: Day? {
    guard let first = days.first?.day else { return nil }
    let incomes = streams.filter { $0.amountMinor > 0 && !$0.isTransfer && $0.nextOn > first }
    let most = incomes.map(\.monthlyMinor).max() ?? 0
    let income = incomes.filter { $0.monthlyMinor >= most / 10 }.map(\.nextOn).min()
    let before = days.filter { day in income.map { day.day < $0 } ?? true }
    return (before.isEmpty ? days : before).min { $0.middleMinor < $1.middleMinor }
  }

  /// At least so many days of rows are needed.
  package static let pastMin = 60
  static let pastMax = 364
  private static let paths = 400
  /// So many drawn futures of a thousand lie below the range, and as many above. A life holds more surprises than what is
  /// drawn from its past: ranges of these futures held four times of five in lives that the measuring test does not use.
  private static let cutPerMille = 70

  /// - Parameters:
  ///   - rows: Of the liquid accounts, all flows: what moves to a card leaves them too. One currency.
  ///   - start: What they hold at the end of the day before `first`.
  ///   - knownSince: The day of the first known row.
  /// - Returns: Nil when the past is too short.
  package static func make(
    _ rows: [MeasuredRow], start: Int64, first: CalendarDate, days count: Int, knownSince: CalendarDate,
    seed: UInt64 = 1
  ) -> Forecast? {
    let from = max(knownSince, first - pastMax)
    let length = (first - from) / 7 * 7
    guard length >= pastMin else { return nil }
    let past = (first - length)..<first
    let known = rows.filter { !$0.isPending && $0.day < first }
    let found = RecurringFinder.find(known, today: first).filter { !isWithin($0, rows: known) }
    let streams = found.filter { $0.state != .ended }
    var daily = [Int64](repeating: 0, count: length)
    for row in known where past.contains(row.day) { daily[row.day - past.lowerBound] &+= row.amountMinor }
    // What recurs is drawn by its own dates, so it is taken out of the rest. Income that has ended, such as the pay of a
    // job that was lost, does not come again; what was paid and has ended is mostly followed by something else.
    for stream in found where stream.state != .ended || stream.amountMinor > 0 {
      for row in stream.rows where past.contains(row.day) { daily[row.day - past.lowerBound] &-= row.amountMinor }
    }
    let plan = (0..<count).map { offset in first + offset }
    let horizon = first..<(first + count)
    // What is due and within its slack is expected next, before it is missed.
    let dates = streams.map { stream in
      let isDue = stream.state == .active && stream.nextOn < first && count > 0
      return (stream, (isDue ? [first] : []) + stream.dates(in: horizon))
    }
    var random = SeededRandom(seed: seed)
    var balances = [[Int64]](repeating: [], count: count)
    for _ in 0..<paths {
      let path = draw(daily, dates, first: first, count: count, &random)
      var balance = start
      for offset in 0..<count {
        balance &+= path[offset]
        balances[offset].append(balance)
      }
    }
    var expected = [Int64](repeating: 0, count: count)
    for (stream, days) in dates { for day in days { expected[day - first] &+= stream.amountMinor } }
    let days = plan.indices.map { offset -> Day in
      let sorted = balances[offset].sorted()
      return Day(
        day: plan[offset], lowMinor: sorted[paths * cutPerMille / 1_000], middleMinor: sorted[paths / 2],
        highMinor: sorted[paths - 1 - paths * cutPerMille / 1_000], expectedMinor: expected[offset])
    }
    return Forecast(startMinor: start, days: days, streams: streams, daysOfPast: length)
  }

  /// Moves between the liquid accounts themselves change nothing together, so that neither leg is a stream.
  private static func isWithin(_ stream: RecurringStream, rows: [MeasuredRow]) -> Bool {
    guard stream.isTransfer, let last = stream.rows.last else { return false }
    return rows.contains { other in
      other.account != last.account && other.amountMinor == -last.amountMinor && abs(other.day - last.day) <= 3
    }
  }

  /// One future. Each draws its weeks from a stretch of the past of its own, so that futures differ in their habits and
  /// not only in their days.
  private static func draw(
    _ daily: [Int64], _ streams: [(RecurringStream, [CalendarDate])], first: CalendarDate, count: Int,
    _ random: inout SeededRandom
  ) -> [Int64] {
    let weeks = daily.count / 7
    let stretch = min(weeks, 13)
    let from = random.int(in: 0...(weeks - stretch))
    var path = [Int64](repeating: 0, count: count)
    var offset = 0
    while offset < count {
      let week = from + random.int(in: 0...(stretch - 1))
      for day in 0..<7 where offset + day < count { path[offset + day] = daily[week * 7 + day] }
      offset += 7
    }
    for (stream, dates) in streams {
      // What is late may be over, and what was missed mostly is.
      if stream.state == .missed, random.chance(3, in: 4) { continue }
      if stream.state == .active, stream.nextOn < first, random.chance(1, in: 4) { continue }
      for date in dates {
        let shift = random.int(in: -1...1)
        let place = min(max(date - first + shift, 0), count - 1)
        let past = stream.rows.suffix(6)
        let drawn = stream.isVariable ? past[past.startIndex + random.int(in: 0...(past.count - 1))].amountMinor : nil
        path[place] &+= drawn ?? stream.amountMinor
      }
    }
    return path
  }
}
