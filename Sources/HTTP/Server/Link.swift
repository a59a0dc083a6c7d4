import Basics

/// One client's connection, which carries requests one after another.
final class Link: Sendable {
  private struct State {
    var current: Exchange?
    var isGone = false
    /// Since when it is the client's turn.
    var waitingSince: ContinuousClock.Instant? = ContinuousClock().now
  }

  let peer: String
  /// One more than the server takes: it is answered 503 and closed.
  let isSurplus: Bool
  private let state = Locked(State())

  init(peer: String, isSurplus: Bool) {
    self.peer = peer
    self.isSurplus = isSurplus
  }

  /// The request whose work is in vain if the client hangs up.
  ///
  /// - Returns: False when it has already.
  func begin(_ exchange: Exchange) -> Bool {
    state.withLock { state in
      state.current = exchange
      state.waitingSince = nil
      return !state.isGone
    }
  }

  func end() {
    state.withLock { state in
      state.current = nil
      state.waitingSince = ContinuousClock().now
    }
  }

  func isOverdue(_ now: ContinuousClock.Instant, _ patience: Duration) -> Bool {
    state.withLock { state in state.waitingSince.map { now - $0 > patience } ?? false }
  }

  /// The client has gone.
  ///
  /// - Returns: False when that was known.
  func hangUp() -> Bool {
    let (current, isNews) = state.withLock { state in
      defer { state.isGone = true }
      return (state.current, !state.isGone)
    }
    if isNews { current?.cancel() }
    return isNews
  }
}
