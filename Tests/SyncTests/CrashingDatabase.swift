import Basics
import Databases

/// A database whose process dies at a chosen write: that write and everything after it fails, and nothing of the open
/// transaction stays.
final class CrashingDatabase: Database {
  struct Crash: Error {}
  private let inner: any Database
  private let left: Locked<Int>

  init(_ inner: any Database, afterWrites writes: Int) {
    self.inner = inner
    left = Locked(writes)
  }

  func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    try await inner.read(body)
  }

  func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    let left = left
    return try await inner.write { session in try body(CrashingSession(session, left)) }
  }
}

private final class CrashingSession: Session {
  private let inner: any Session
  private let left: Locked<Int>

  init(_ inner: any Session, _ left: Locked<Int>) {
    self.inner = inner
    self.left = left
  }

  var dialect: Dialect { inner.dialect }

  private func write() throws(DatabaseError) {
    let isDead = left.withLock { left in
      left -= 1
      return left < 0
    }
    if isDead { throw DatabaseError(kind: .disconnected, message: "the process died here") }
  }

  func execute(_ sql: SQL) throws(DatabaseError) -> Int {
    try write()
    return try inner.execute(sql)
  }

  func execute(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) -> Int {
    try write()
    return try inner.execute(sql, bind)
  }

  func query<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> [Value] {
    try inner.query(sql, make)
  }

  func forEach(
    _ sql: PreparedSQL, _ bind: (inout Binder) -> Void, _ body: (borrowing Row) throws -> Void
  ) throws {
    try inner.forEach(sql, bind, body)
  }
}
