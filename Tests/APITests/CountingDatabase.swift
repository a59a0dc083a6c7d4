import Basics
import Databases

/// A database that counts how often it was asked, and may keep to itself whether anybody wrote.
final class CountingDatabase: Database {
  let reads = Locked(0)
  private let inner: any Database
  private let tellsEdition: Bool

  init(_ inner: any Database, tellsEdition: Bool = true) {
    self.inner = inner
    self.tellsEdition = tellsEdition
  }

  func edition() -> Int? { tellsEdition ? inner.edition() : nil }

  func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    reads.withLock { $0 += 1 }
    return try await inner.read(body)
  }

  @discardableResult
  func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    try await inner.write(body)
  }
}
