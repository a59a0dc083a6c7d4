/// How long to wait before trying again: exponential, bounded, with jitter so that many clients do not march in step.
package struct Backoff: Sendable {
  package var first: Duration
  package var factor: Int
  package var longest: Duration

  package init(first: Duration, factor: Int = 2, longest: Duration) {
    self.first = first
    self.factor = factor
    self.longest = longest
  }

  /// - Parameter attempt: 1 for the wait after the first failure.
  /// - Returns: Between half of the full delay and all of it.
  package func delay(attempt: Int, random: UInt64) -> Duration {
    var full = first.milliseconds
    for _ in 1..<max(1, min(attempt, 62)) {
      let (next, overflowed) = full.multipliedReportingOverflow(by: Int64(factor))
      full = overflowed ? longest.milliseconds : min(longest.milliseconds, next)
    }
    full = max(1, min(longest.milliseconds, full))
    return .milliseconds(full - Int64(random % UInt64(full / 2 + 1)))
  }
}
