import Basics

/// One client's connection, which carries requests one after another.
final class Link: Sendable {
  private struct State {
    var current: Exchange?
    var isGone = false
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
      return !state.isGone
    }
  }

  func end() { state.withLock { $0.current = nil } }

  func hangUp() {
    let current = state.withLock { state in
      state.isGone = true
      return state.current
    }
    current?.cancel()
  }
}
