package import Basics
package import Databases

/// Leaves a provider or a bank alone for a while after it failed several times in a row, and then tries it with one job.
/// Pure.
package struct Circuit: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case closed
    case open(until: Timestamp)
    /// One job may find out.
    case probing
  }

  /// In a row.
  package var failures = 0
  package var openUntil: Timestamp?
  /// How often it opened since the last success: it stays open longer each time.
  package var trips = 0

  package init(failures: Int = 0, openUntil: Timestamp? = nil, trips: Int = 0) {
    self.failures = failures
    self.openUntil = openUntil
    self.trips = trips
  }

  /// So many in a row may be chance.
  package static let failuresMax = 5
  private static let rest = Backoff(first: .seconds(60), factor: 2, longest: .seconds(3600))

  package func state(now: Timestamp) -> State {
    guard let openUntil else { return .closed }
    return now < openUntil ? .open(until: openUntil) : .probing
  }

  package func afterFailure(now: Timestamp, random: UInt64) -> Circuit {
    var next = self
    next.failures += 1
    // The one that tried found it as it was; before that, only when it was too many.
    let isProbe = state(now: now) == .probing
    guard isProbe || (openUntil == nil && next.failures >= Self.failuresMax) else { return next }
    next.trips += 1
    next.openUntil = now + Self.rest.delay(attempt: next.trips, random: random)
    return next
  }

  package static func name(provider: String) -> String { "provider:\(provider)" }
  package static func name(institution: String) -> String { "institution:\(institution)" }
  static func provider(of name: String) -> String? { name.split(separator: ":", maxSplits: 1).rest(after: "provider") }
  static func institution(of name: String) -> String? {
    name.split(separator: ":", maxSplits: 1).rest(after: "institution")
  }
}

extension [Substring] {
  fileprivate func rest(after word: Substring) -> String? { count == 2 && self[0] == word ? String(self[1]) : nil }
}

/// Circuits as they are kept, for all processes together. One that is closed and sound has no row.
package enum Circuits {
  package static func all(_ session: any Session) throws -> [String: Circuit] { try ask(session).get() }

  static func ask(_ session: any Session) throws -> Later<[String: Circuit]> {
    try session.ask("SELECT name, failures, open_until, trips FROM circuit") { row in
      (
        try row(0, as: String.self),
        Circuit(failures: try row(1), openUntil: try row(2), trips: try row(3))
      )
    }.map { Dictionary($0, uniquingKeysWith: { first, _ in first }) }
  }

  static func note(
    _ outcome: JobOutcome, of job: Job, now: Timestamp, random: UInt64, _ session: any Session
  ) throws {
    guard job.kind.asksProvider else { return }
    let names = [
      job.provider.map(Circuit.name(provider:)), job.institution.map(Circuit.name(institution:)),
    ]
    switch outcome {
    case .later: return
    case .done:
      let named = names.compactMap { $0 }
      if !named.isEmpty { try session.execute("DELETE FROM circuit WHERE name IN \(list: named)") }
    case .failed(let failure, _), .hopeless(let failure):
      guard let blames = failure.blames, let name = blames == .provider ? names[0] : names[1] else { return }
      let known = try all(session)[name] ?? Circuit()
      try keep(known.afterFailure(now: now, random: random), name, session)
      // A bank that fails was reached: its provider works.
      if blames == .institution, let provider = names[0] {
        try session.execute("DELETE FROM circuit WHERE name = \(provider)")
      }
    }
  }

  private static func keep(_ circuit: Circuit, _ name: String, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO circuit (name, failures, open_until, trips)
      VALUES (\(name), \(circuit.failures), \(circuit.openUntil), \(circuit.trips))
      ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, open_until = excluded.open_until,
        trips = excluded.trips
      """)
  }
}
