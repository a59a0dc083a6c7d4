import Basics

/// How often one may ask. Every number can be raised, and all can be switched off for measuring.
package struct RateLimits: Sendable, Equatable {
  /// A bucket: how much fits in, and how long one drop takes to come back.
  package struct Bucket: Sendable, Equatable {
    package var size: Int
    package var refill: Duration

    package init(_ size: Int, refill: Duration) {
      self.size = size
      self.refill = refill
    }
  }

  /// For each person: a page that shows everything asks some dozens at once.
  package var ordinary = Bucket(600, refill: .milliseconds(50))
  /// For each address, whatever is tried before one is known.
  package var signIn = Bucket(20, refill: .seconds(6))
  /// For each address, credentials that were not right.
  package var failures = Bucket(60, refill: .seconds(1))
  /// For each person, calls that cost money: a loop is stopped after some dollars of a day.
  package var billed = Bucket(20, refill: .seconds(1_800))
  package var isOff = false

  package init() {}

  package static var off: RateLimits {
    var limits = RateLimits()
    limits.isOff = true
    return limits
  }
}

/// Counts requests in buckets that fill again with time.
final class RateLimiter: Sendable {
  private struct State {
    /// How much is missing in each bucket, and when that was so.
    var missing: [String: (drops: Double, at: Timestamp)] = [:]
  }

  /// Buckets that are kept. Those that have filled again are dropped first; an attacker with more addresses than this
  /// makes us forget, and does not make us grow.
  private static let bucketsMax = 20_000

  let limits: RateLimits
  private let now: @Sendable () -> Timestamp
  private let state = Locked(State())

  init(_ limits: RateLimits, now: @escaping @Sendable () -> Timestamp) {
    self.limits = limits
    self.now = now
  }

  /// Takes one drop.
  ///
  /// - Throws: When the bucket is empty: 429 with how long to wait.
  func take(_ bucket: RateLimits.Bucket, for name: String) throws(PostponedProblem) {
    guard !limits.isOff else { return }
    let now = now()
    let wait = state.withLock { state -> Duration? in
      let refill = max(1, Double(bucket.refill.milliseconds))
      var missing = 0.0
      if let known = state.missing[name] {
        missing = max(0, known.drops - Double((now - known.at).milliseconds) / refill)
      } else if state.missing.count >= Self.bucketsMax {
        state.missing = state.missing.filter { now - $0.value.at < .seconds(60) }
        if state.missing.count >= Self.bucketsMax { state.missing = [:] }
      }
      guard missing + 1 <= Double(bucket.size) else {
        return .milliseconds(Int((missing + 1 - Double(bucket.size)) * refill))
      }
      state.missing[name] = (missing + 1, now)
      return nil
    }
    if let wait {
      let seconds = max(1, (wait.milliseconds + 999) / 1_000)
      throw PostponedProblem(
        problem: ProblemKind.rateLimited.problem(detail: "Try again in \(seconds) s."), retryAfter: .seconds(seconds))
    }
  }

  /// An address as one client: of IPv6 the network, because a client has all of it.
  static func client(_ address: String) -> String {
    guard address.contains(":") else { return address }
    let head = address.split(separator: ":", maxSplits: 8, omittingEmptySubsequences: false)
    // What is left out by `::` among the first four groups is zeros.
    var groups: [Substring] = []
    for group in head {
      if group.isEmpty { break }
      groups.append(group)
    }
    return groups.prefix(4).joined(separator: ":") + "::/64"
  }
}

/// A refusal that says when to come back.
struct PostponedProblem: UserFacingError {
  let problem: Problem
  let retryAfter: Duration
}
