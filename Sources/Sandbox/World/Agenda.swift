import Basics

/// What will happen by itself, in order of time, then of when it was noted down.
struct Agenda: Sendable {
  enum Event: Sendable, Equatable {
    case initialUpdate(item: String)
    case historicalUpdate(item: String)
    /// The bank is asked for news, as several times a day.
    case poll(item: String)
    /// The sign-in lapses.
    case loginExpires(item: String)
    case consentWarning(item: String)
    case consentEnds(item: String)
    case rotateKey
  }

  struct Note: Sendable {
    var at: Timestamp
    var number: Int
    var event: Event
  }

  private var notes: [Note] = []
  private var count = 0

  var next: Timestamp? { notes.first?.at }

  mutating func add(_ event: Event, at instant: Timestamp) {
    count += 1
    let place = notes.lastIndex { $0.at <= instant }.map { $0 + 1 } ?? 0
    notes.insert(Note(at: instant, number: count, event: event), at: place)
  }

  /// The earliest event that is due.
  mutating func take(until now: Timestamp) -> Note? {
    guard let first = notes.first, first.at <= now else { return nil }
    return notes.removeFirst()
  }

  mutating func cancel(where isUnwanted: (Event) -> Bool) { notes.removeAll { isUnwanted($0.event) } }
}
