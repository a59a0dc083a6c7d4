import Basics

/// Makes guessing slow without locking people out: after a few failures each further try has to wait longer.
///
/// What is tried from one address for one person waits longest; what is tried for one person from anywhere, or from one
/// address for anybody, is let through more often. Nothing depends on whether the person exists.
struct SignInThrottle: Sendable {
  private struct Failures: Sendable {
    var count: Int
    var last: Timestamp
  }
  private struct Rule {
    /// So many failures cost nothing.
    var free: Int
    var pauseMax: Duration
  }

  /// Failures are forgotten after so long.
  private static let memory = Duration.seconds(3_600)
  /// More than a server of this size sees; then the oldest are forgotten.
  private static let entriesMax = 20_000
  private var failures: [String: Failures] = [:]

  /// How long this try has to wait; nil when it may be made now.
  func pause(email: String, peer: String, now: Timestamp) -> Duration? {
    let waits = Self.keys(email, peer).compactMap { key, rule -> Duration? in
      guard let entry = failures[key], now - entry.last < Self.memory, entry.count >= rule.free else { return nil }
      let doublings = min(entry.count - rule.free, 20)
      let pause = min(rule.pauseMax, .seconds(1 << doublings))
      let rest = pause - (now - entry.last)
      return rest > .zero ? rest : nil
    }
    return waits.max()
  }

  mutating func fail(email: String, peer: String, now: Timestamp) {
    for (key, _) in Self.keys(email, peer) {
      var entry = failures[key] ?? Failures(count: 0, last: now)
      if now - entry.last >= Self.memory { entry.count = 0 }
      failures[key] = Failures(count: entry.count + 1, last: now)
    }
    guard failures.count > Self.entriesMax else { return }
    let marks = failures.values.map(\.last).sorted()
    let mark = marks[marks.count / 2]
    failures = failures.filter { $0.value.last > mark }
  }

  /// The person got in: what failed before was they themselves.
  mutating func succeed(email: String, peer: String) {
    failures["\(email) \(peer)"] = nil
    failures[email] = nil
  }

  private static func keys(_ email: String, _ peer: String) -> [(String, Rule)] {
    [
      ("\(email) \(peer)", Rule(free: 5, pauseMax: .seconds(900))),
      (email, Rule(free: 30, pauseMax: .seconds(30))),
      ("from \(peer)", Rule(free: 60, pauseMax: .seconds(60))),
    ]
  }
}
