import Basics
import Finance
import Store

/// When a connection is looked at next. Pure, so that the rules can be read and tested as a table.
///
/// Without webhooks this is all that brings news: often while the bank is still gathering its history, then several
/// times a day, and not at all where asking cannot help.
struct PollPlan: Sendable {
  /// Between two looks at a connection that is well.
  static let usualPause = Duration.seconds(5 * 3600)
  /// Between two attempts to end a connection that its provider has not confirmed.
  static let removalPause = Duration.seconds(3600)
  /// While history comes in: by the connection's age, in seconds.
  private static let freshPauses: [(age: Int64, pause: Duration)] = [
    (60, .seconds(3)), (600, .seconds(30)), (3600, .seconds(180)),
  ]
  private static let failurePauses = Backoff(first: .seconds(60), factor: 3, longest: .seconds(6 * 3600))

  /// What to do with a connection.
  enum Step: Sendable, Equatable {
    case sync(RunKind, at: Timestamp)
    /// The removal was begun and not confirmed.
    case remove(at: Timestamp)
    /// Only a person can help.
    case leave
  }

  /// What this process has seen of a connection since it started.
  struct Memory: Sendable, Equatable {
    var isFirstLook = true
    var failures = 0
    /// When the provider asked not to be called before.
    var notBefore: Timestamp?
  }

  /// - Parameter random: Spreads the looks, so that many installations do not ask at the same minute.
  static func next(
    _ connection: ListedConnection, _ memory: Memory, now: Timestamp, random: UInt64
  ) -> Step {
    let last = connection.lastAttemptAt
    switch connection.state {
    case .needsReauthentication, .revoked, .removed: return .leave
    case .removing:
      return .remove(at: memory.isFirstLook ? now : (last ?? now) + jittered(removalPause, random))
    case .pending, .healthy, .degraded, .expiring, .misconfigured: break
    }
    let kind: RunKind =
      switch connection.progress {
      case .unknown, .notReady: .initial
      case .initial: .historical
      case .historical: .update
      }
    var due: Timestamp
    if let last, !memory.isFirstLook {
      due = last + pause(connection, memory, now: now, random: random)
    } else {
      due = now
    }
    if let notBefore = memory.notBefore { due = max(due, notBefore) }
    return .sync(kind, at: due)
  }

  private static func pause(
    _ connection: ListedConnection, _ memory: Memory, now: Timestamp, random: UInt64
  ) -> Duration {
    if memory.failures > 0 { return failurePauses.delay(attempt: memory.failures, random: random) }
    if connection.progress != .historical {
      let age = (now - connection.createdAt).milliseconds / 1000
      if let fresh = freshPauses.first(where: { age < $0.age }) { return fresh.pause }
    }
    return jittered(usualPause, random)
  }

  /// Between three quarters of the pause and five quarters of it.
  private static func jittered(_ pause: Duration, _ random: UInt64) -> Duration {
    let full = pause.milliseconds
    return .milliseconds(full * 3 / 4 + Int64(random % UInt64(full / 2 + 1)))
  }
}
