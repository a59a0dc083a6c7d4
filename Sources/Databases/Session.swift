/// One row while the cursor stands on it. It cannot be copied or kept; take out what you need.
package struct Row: ~Copyable {
  let source: any RowSource

  package func callAsFunction<Value: DatabaseConvertible>(
    _ column: Int, as type: Value.Type = Value.self
  ) throws(DatabaseError) -> Value {
    let raw = source.value(at: column)
    guard let value = Value(databaseValue: raw) else {
      throw DatabaseError(kind: .programmer, message: "column \(column) does not hold \(Value.self)", sql: source.sql)
    }
    return value
  }
}

protocol RowSource: AnyObject {
  var sql: String { get }
  func value(at column: Int) -> DatabaseValue
}

/// A connection inside a transaction. Not `Sendable`, so it cannot leave the closure that received it.
package protocol Session: AnyObject {
  var dialect: Dialect { get }
  /// Runs a statement and returns how many rows it changed.
  @discardableResult
  func execute(_ sql: SQL) throws(DatabaseError) -> Int
  /// Runs a query and makes one value per row.
  func query<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> [Value]
}

extension Session {
  /// The first row of a query, if there is one.
  package func first<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> Value? {
    try query(sql, make).first
  }
}

package enum Dialect: Sendable { case sqlite, postgres }

/// A database: transactions go in, values come out.
///
/// The body is synchronous on purpose. A transaction runs from start to end on one thread without suspending, so it
/// cannot hold a lock while waiting for the network, and what it checked stays true until it commits.
package protocol Database: Sendable {
  func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value
  @discardableResult
  func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value
}
