import Basics
import Finance
import Store

/// When a connection is looked at next. Pure, so that the rules can be read and tested as a table.
///
/// Without webhooks this is all that brings news: often while the bank is still gathering its history, then several
/// times a day, and not at all where asking cannot help.
enum PollPlan {
  /// Between two looks at a connection that is well, before it is spread.
  static let usualPause = Duration.seconds(5 * 3600)
  /// After something that is nobody's failure, such as a run of another process.
  static let shortPause = Duration.seconds(30)
  /// While history comes in: by the connection's age, in seconds.
  private static let freshPauses: [(age: Int64, pause: Duration)] = [
    (60, .seconds(3)), (600, .seconds(30)), (3600, .seconds(180)),
  ]
  private static let failurePauses = Backoff(first: .seconds(120), factor: 3, longest: .seconds(6 * 3600))

  /// What to do with a connection.
  enum Step: Sendable, Equatable {
    case sync(at: Timestamp)
    /// The removal was begun and not confirmed.
    case remove(at: Timestamp)
    /// Only a person can help.
    case leave
  }

  /// What this process has seen of a connection since it started.
  struct Memory: Sendable, Equatable {
    var isFirstLook = true
    /// In a row.
    var failures = 0
    var notBefore: Timestamp?
  }

  static func next(_ connection: ListedConnection, _ memory: Memory, now: Timestamp) -> Step {
    let earliest = memory.notBefore ?? now
    switch connection.state {
    case .needsReauthentication, .revoked, .removed: return .leave
    case .removing: return .remove(at: earliest)
    case .pending, .healthy, .degraded, .expiring, .misconfigured: break
    }
    // After failures their own pause counts alone: the usual one is for a bank that was just read well.
    guard !memory.isFirstLook, memory.failures == 0, let last = connection.lastAttemptAt else {
      return .sync(at: earliest)
    }
    return .sync(at: max(earliest, last + pause(connection, last: last, now: now)))
  }

  /// What is remembered after a failure: the pause grows with each, and is never shorter than the provider asked for.
  static func remember(
    failureAt now: Timestamp, asked: Duration?, random: UInt64, in memory: inout Memory
  ) {
    memory.isFirstLook = false
    memory.failures += 1
    let pause = failurePauses.delay(attempt: memory.failures, random: random)
    memory.notBefore = now + max(pause, asked ?? .zero)
  }

  private static func pause(_ connection: ListedConnection, last: Timestamp, now: Timestamp) -> Duration {
    if connection.progress != .historical {
      let age = (now - connection.createdAt).milliseconds / 1000
      if let fresh = freshPauses.first(where: { age < $0.age }) { return fresh.pause }
    }
    // Between three quarters and five quarters of the pause, so that not everybody asks at the same minute. It follows
    // from the connection and its last run, so that it stays the same however often it is looked at.
    let full = usualPause.milliseconds
    let seed = UInt64(truncatingIfNeeded: connection.id.bits) ^ UInt64(bitPattern: last.milliseconds)
    var random = SeededRandom(seed: seed)
    return .milliseconds(full * 3 / 4 + Int64(random.next() % UInt64(full / 2 + 1)))
  }
}
