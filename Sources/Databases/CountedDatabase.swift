import Basics

/// A database that counts the writes of this program, so that what was read can be kept until the next one.
package final class CountedDatabase: Database {
  private let inner: any Database
  private let count = Locked(0)

  package init(_ inner: any Database) { self.inner = inner }

  /// Grows after each write that was kept: what was read before a look at it and is still of the same number afterwards
  /// lacks no write of this program that anybody was told of.
  package var writes: Int { count.withLock { $0 } }

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
    defer { count.withLock { $0 += 1 } }
    return try await inner.write(body)
  }
}

extension CountedDatabase: Notifying {
  /// Ends at once where the store tells of nothing.
  package func notifications(on channel: String) -> AsyncStream<Void> {
    (inner as? any Notifying)?.notifications(on: channel) ?? AsyncStream { $0.finish() }
  }
}
