/// One row while the cursor stands on it. It cannot be copied or kept; take out what you need.
package struct Row: ~Copyable {
  let source: any RowSource

  package func callAsFunction<Value: DatabaseConvertible>(
    _ column: Int, as type: Value.Type = Value.self
  ) throws(DatabaseError) -> Value {
    do throws(NotHeld) {
      return try Value.read(Column(source: source, index: column))
    } catch {
      throw DatabaseError(kind: .programmer, message: "column \(column) does not hold \(Value.self)", sql: source.sql)
    }
  }
}

/// One column of the row under the cursor. Each of its readings is nil when the column holds another kind of value.
package struct Column {
  let source: any RowSource
  let index: Int

  package var isNull: Bool { source.isNull(at: index) }
  package var integer: Int64? { source.integer(at: index) }
  package var text: String? { source.text(at: index) }
  /// 16 bytes read as one big-endian number.
  package var identity: UInt128? { source.identity(at: index) }
  package var value: DatabaseValue { source.value(at: index) }
}

protocol RowSource: AnyObject {
  var sql: String { get }
  func value(at column: Int) -> DatabaseValue
  func isNull(at column: Int) -> Bool
  func integer(at column: Int) -> Int64?
  func text(at column: Int) -> String?
  func identity(at column: Int) -> UInt128?
}

/// A connection inside a transaction. Not `Sendable`, so it cannot leave the closure that received it.
package protocol Session: AnyObject {
  var dialect: Dialect { get }
  /// Runs a statement whose outcome does not matter to what follows: a distant database is told of it together with the
  /// next one that somebody waits for.
  ///
  /// It has run before that one, and before the transaction commits; a failure of it is thrown there.
  func execute(_ sql: SQL) throws(DatabaseError)
  /// Runs a statement and returns how many rows it changed.
  func changes(_ sql: SQL) throws(DatabaseError) -> Int
  /// Runs a query and makes one value per row.
  func query<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> [Value]
  /// Asks a query whose answer is needed later.
  ///
  /// - Throws: What is wrong with the question; what goes wrong with the answer is thrown where it is needed.
  func ask<Value>(_ sql: SQL, _ make: @escaping (borrowing Row) throws -> Value) throws -> Later<[Value]>
  /// Runs a statement that was prepared before and returns how many rows it changed.
  @discardableResult
  func execute(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) -> Int
  /// Runs a statement whose outcome does not matter to what follows: a distant database may be told of many at once.
  ///
  /// It has run before the next one that is waited for, and before the transaction commits; a failure of it is thrown
  /// there.
  func post(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError)
  /// Lets nothing that was posted wait for company any longer: what follows may be about the same keys.
  func settle() throws(DatabaseError)
  /// Runs a query that was prepared before and shows each of its rows to `body`.
  func forEach(
    _ sql: PreparedSQL, _ bind: (inout Binder) -> Void, _ body: (borrowing Row) throws -> Void
  ) throws
}

extension Session {
  package func post(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) {
    try execute(sql, bind)
  }

  package func settle() throws(DatabaseError) {}

  package func ask<Value>(_ sql: SQL, _ make: @escaping (borrowing Row) throws -> Value) throws -> Later<[Value]> {
    let values = try query(sql, make)
    return Later { values }
  }

  /// Asks a query of whose rows the first is needed later, if there is one.
  package func askFirst<Value>(
    _ sql: SQL, _ make: @escaping (borrowing Row) throws -> Value
  ) throws -> Later<Value?> { try ask(sql, make).map(\.first) }

  /// The first row of a query, if there is one.
  package func first<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> Value? {
    try query(sql, make).first
  }

  /// One value for each row of a query that was prepared before.
  package func query<Value>(
    _ sql: PreparedSQL, _ bind: (inout Binder) -> Void, _ make: (borrowing Row) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    try forEach(sql, bind) { values.append(try make($0)) }
    return values
  }

  /// The first row of a query that was prepared before, if there is one.
  package func first<Value>(
    _ sql: PreparedSQL, _ bind: (inout Binder) -> Void, _ make: (borrowing Row) throws -> Value
  ) throws -> Value? {
    var value: Value?
    try forEach(sql, bind) { if value == nil { value = try make($0) } }
    return value
  }
}

package enum Dialect: Sendable { case sqlite, postgres }

/// A database: transactions go in, values come out.
///
/// The body is synchronous on purpose. A transaction runs from start to end on one thread without suspending, so it
/// cannot hold a lock while waiting for the network, and what it checked stays true until it commits: transactions
/// that write come out as if they had run one after the other.
///
/// PostgreSQL finds out only at the end whether that held, and a body may be run again from its beginning. So it has no
/// effects but those on its session.
package protocol Database: Sendable {
  /// Shows the database as it is at one moment, and changes nothing.
  func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value
  /// All of it is done and survives a power cut when this returns, or nothing of it.
  ///
  /// - Throws: What `body` threw, or ``DatabaseError``.
  @discardableResult
  func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value
  /// A number that was never the same before the last commit, whoever made it: what was read after a look at it is still
  /// true while it stays. Costs a few microseconds, and nil where it would cost a question over the network.
  func edition() -> Int?
}

extension Database {
  package func edition() -> Int? { nil }
}

/// A database that can tell of what others did, instead of being asked again and again.
package protocol Notifying: Database {
  /// Yields after something was announced on the channel, and when it may have been without being heard.
  ///
  /// - Parameter channel: A plain word.
  func notifications(on channel: String) -> AsyncStream<Void>
}
