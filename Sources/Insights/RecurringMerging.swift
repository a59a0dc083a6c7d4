import Basics
package import Finance
package import Store

/// Joins what the bank's provider says comes again with what was found in the rows: one stream, told once.
extension RecurringFinder {
  package struct Merged: Sendable, Equatable {
    /// The next due first.
    package var streams: [RecurringStream]
    /// Streams of the provider that say too little: no rhythm, given up, or none of their rows is known here.
    package var leftOut: Int
  }

  /// - Parameter rows: In the order of their days: those that `found` was found in.
  package static func merged(
    _ found: [RecurringStream], with told: [StoredBankStream], rows: [MeasuredRow], today: CalendarDate
  ) -> Merged {
    var (streams, leftOut) = (found, 0)
    if told.isEmpty { return Merged(streams: streams, leftOut: 0) }
    let known = Dictionary(
      MeasuredRow.whole(rows).filter { !$0.isPending && $0.flow != .excluded }.map { ($0.id, $0) }
    ) { first, _ in first }
    let ids = found.map { Set($0.rows.map(\.id)) }
    for bank in told {
      let own = Set(bank.rows)
      // Who has most of its rows is it; which of two by the earlier place.
      let shared = ids.map { $0.intersection(own).count }
      if let most = shared.max(), most > 0, let place = shared.firstIndex(of: most) {
        streams[place].take(bank, today: today)
      } else if let stream = stream(bank, bank.rows.compactMap { known[$0] }, today: today) {
        streams.append(stream)
      } else {
        leftOut += 1
      }
    }
    streams.sort { ($0.nextOn, $0.name, $0.amountMinor) < ($1.nextOn, $1.name, $1.amountMinor) }
    return Merged(streams: streams, leftOut: leftOut)
  }

  /// One that only the provider sees, with the amounts of its rows.
  private static func stream(
    _ bank: StoredBankStream, _ all: [MeasuredRow], today: CalendarDate
  ) -> RecurringStream? {
    let rows = all.filter { ($0.amountMinor > 0) == bank.isIncoming && $0.amountMinor != 0 }
      .sorted { ($0.day, $0.id) < ($1.day, $1.id) }
    guard bank.standing != .givenUp, let rhythm = bank.rhythm, let first = rows.first, let last = rows.last,
      let cadence = RecurringStream.Cadence(rawValue: rhythm.rawValue)
    else { return nil }
    let recent = rows.suffix(6).map { abs($0.amountMinor) }
    let middle = median(recent)
    let isVariable = median(recent.map { abs($0 - middle) }) * 100 > middle * 2
    let expected = isVariable ? middle : abs(last.amountMinor)
    let due = cadence.next(after: last.day)
    var stream = RecurringStream(
      name: last.payee, account: last.account, currency: last.currency, category: last.category, cadence: cadence,
      amountMinor: bank.isIncoming ? expected : -expected, isVariable: isVariable, firstOn: first.day,
      lastOn: last.day, lastMinor: last.amountMinor, nextOn: due,
      state: state(cadence, last: last.day, due: due, today: today), rise: nil, wasTrial: false, rows: rows)
    stream.take(bank, today: today)
    stream.source = .bank
    return stream
  }
}

extension RecurringStream {
  /// Amounts and rows stay those of the rows. The rhythm and the next day are the provider's, once it is sure of them.
  fileprivate mutating func take(_ bank: StoredBankStream, today: CalendarDate) {
    source = .both
    if bank.standing == .mature, let rhythm = bank.rhythm.flatMap({ Cadence(rawValue: $0.rawValue) }) {
      if rhythm != cadence {
        cadence = rhythm
        nextOn = rhythm.next(after: lastOn)
      }
      // What was predicted before the last row came is no prediction any more.
      if let next = bank.nextOn, next > lastOn, bank.lastOn.map({ $0 >= lastOn - cadence.slack }) ?? false {
        nextOn = next
      }
      state = RecurringFinder.state(cadence, last: lastOn, due: nextOn, today: today)
    }
    if !bank.isActive, state == .missed { state = .ended }
  }
}
