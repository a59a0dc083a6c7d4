import Basics

/// A database that counts the writes of this program, so that what was read can be kept until the next one.
package final class CountedDatabase: Database {
  private let inner: any Database
  private struct State {
    var count = 0
    var listeners: [@Sendable () -> Void] = []
  }
  private let state = Locked(State())

  package init(_ inner: any Database) { self.inner = inner }

  /// Grows after each write that was kept: what was read before a look at it and is still of the same number afterwards
  /// lacks no write of this program that anybody was told of.
  package var writes: Int { state.withLock { $0.count } }

  /// Calls `listener` after each write of this program, as long as the program runs: others still have to be looked for.
  ///
  /// - Parameter listener: Whoever wrote waits for it.
  package func listen(_ listener: @escaping @Sendable () -> Void) {
    state.withLock { $0.listeners.append(listener) }
  }

  private func note() {
    let listeners = state.withLock { state in
      state.count += 1
      return state.listeners
    }
    for listener in listeners { listener() }
  }

  package func edition() -> Int? { inner.edition() }

  package func read<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    try await inner.read(body)
  }

  @discardableResult
  package func write<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    // Also after a failure: whether the store kept it is not always known.
    defer { note() }
    return try await inner.write(body)
  }
}

extension CountedDatabase: Notifying {
  /// Ends at once where the store tells of nothing.
  package func notifications(on channel: String) -> AsyncStream<Void> {
    (inner as? any Notifying)?.notifications(on: channel) ?? AsyncStream { $0.finish() }
  }
}
