package import Basics
package import Databases

/// A database whose process dies at a chosen write: that write and everything after it fails, and nothing of the open
/// transaction stays.
package final class CrashingDatabase: Database {
  private let inner: any Database
  private let left: Locked<Int>
  /// The table and verb of the write that did not happen any more.
  package let diedAt = Locked<String?>(nil)

  package init(_ inner: any Database, afterWrites writes: Int) {
    self.inner = inner
    left = Locked(writes)
  }

  package func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    try await inner.read(body)
  }

  package func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    let (left, diedAt) = (left, diedAt)
    return try await inner.write { session in try body(CrashingSession(session, left, diedAt)) }
  }
}

private final class CrashingSession: Session {
  private let inner: any Session
  private let left: Locked<Int>
  private let diedAt: Locked<String?>

  init(_ inner: any Session, _ left: Locked<Int>, _ diedAt: Locked<String?>) {
    self.inner = inner
    self.left = left
    self.diedAt = diedAt
  }

  var dialect: Dialect { inner.dialect }

  private func write(_ text: @autoclosure () -> String) throws(DatabaseError) {
    let isDead = left.withLock { left in
      left -= 1
      return left < 0
    }
    guard isDead else { return }
    let words = Self.words(text())
    diedAt.withLock { $0 = $0 ?? words }
    // Nobody who is dead waits for a database to come back.
    throw DatabaseError(kind: .damaged, message: "the process died here")
  }

  func execute(_ sql: SQL) throws(DatabaseError) {
    try write("\(sql)")
    try inner.execute(sql)
  }

  func changes(_ sql: SQL) throws(DatabaseError) -> Int {
    try write("\(sql)")
    return try inner.changes(sql)
  }

  func execute(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) -> Int {
    try write(sql.text)
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

  /// `INSERT INTO event`, `UPDATE account`, …
  private static func words(_ sql: String) -> String {
    let words = sql.split(whereSeparator: { !$0.isLetter && $0 != "_" }).map(String.init)
    guard let verb = words.firstIndex(where: { ["INSERT", "UPDATE", "DELETE"].contains($0) }) else { return "?" }
    return words[verb...].prefix(words[verb] == "UPDATE" ? 2 : 3).joined(separator: " ")
  }
}
