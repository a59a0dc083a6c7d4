import CSQLite

/// A prepared statement with its bound values, standing on a row or not.
@safe final class SQLiteStatement: RowSource {
  let sql: String
  let connection: OpaquePointer
  let statement: OpaquePointer
  /// Set by the first argument that could not be bound.
  var bindFailure: CInt = SQLITE_OK
  let arguments = ArgumentArena()

  init(_ sql: String, on connection: OpaquePointer) throws(DatabaseError) {
    self.sql = sql
    unsafe self.connection = unsafe connection
    let (code, first, hasSecond) = unsafe sql.withCString { unsafe Self.prepare($0, on: connection) }
    guard code == SQLITE_OK, let statement = unsafe first else {
      throw unsafe Self.error(code, on: connection, sql: sql)
    }
    guard !hasSecond else {
      unsafe sqlite3_finalize(statement)
      throw DatabaseError(kind: .programmer, message: "more than one statement", sql: sql)
    }
    unsafe self.statement = unsafe statement
  }

  deinit { unsafe sqlite3_finalize(statement) }

  /// SQLite prepares the first statement of a text and ignores the rest, which nobody who writes a second one wants.
  private static func prepare(
    _ text: UnsafePointer<CChar>, on connection: OpaquePointer
  ) -> (code: CInt, first: OpaquePointer?, hasSecond: Bool) {
    var first: OpaquePointer?
    var tail: UnsafePointer<CChar>?
    let code = unsafe sqlite3_prepare_v3(connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &first, &tail)
    guard code == SQLITE_OK, let tail = unsafe tail, unsafe tail.pointee != 0 else {
      return unsafe (code, first, false)
    }
    // A comment or white space is no statement: it prepares to nothing.
    var second: OpaquePointer?
    let secondCode = unsafe sqlite3_prepare_v3(connection, tail, -1, 0, &second, nil)
    defer { unsafe sqlite3_finalize(second) }
    return unsafe (code, first, secondCode != SQLITE_OK || second != nil)
  }

  /// Whether it stands in the middle of its rows: then it must not be used again for an inner query.
  var isBusy: Bool { unsafe sqlite3_stmt_busy(statement) != 0 }

  func reset() {
    unsafe sqlite3_reset(statement)
    unsafe sqlite3_clear_bindings(statement)
  }

  /// Moves to the next row; false at the end.
  func step() throws(DatabaseError) -> Bool {
    let code = unsafe sqlite3_step(statement)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw unsafe Self.error(code, on: connection, sql: sql)
    }
  }

  func bind(_ value: DatabaseValue, at index: Int) throws(DatabaseError) {
    let index = CInt(index)
    let code: CInt =
      switch value {
      case .null: unsafe sqlite3_bind_null(statement, index)
      case .integer(let value): unsafe sqlite3_bind_int64(statement, index, value)
      case .real(let value): unsafe sqlite3_bind_double(statement, index, value)
      case .text(let text): unsafe csqlite_bind_text(statement, index, text, CInt(clamping: text.utf8.count))
      case .blob(let bytes): unsafe csqlite_bind_blob(statement, index, bytes, CInt(clamping: bytes.count))
      case .identity(let high, let low):
        unsafe withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
          unsafe csqlite_bind_blob(statement, index, $0.baseAddress, CInt($0.count))
        }
      }
    guard code == SQLITE_OK else { throw unsafe Self.error(code, on: connection, sql: sql) }
  }

  func value(at column: Int) -> DatabaseValue {
    let column = CInt(column)
    precondition(unsafe column < sqlite3_column_count(statement), "no column \(column) in \(sql)")
    switch unsafe sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return unsafe .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return unsafe .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT: return .text(string(at: column))
    case SQLITE_BLOB:
      let count = unsafe Int(sqlite3_column_bytes(statement, column))
      return unsafe .blob(Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: count)))
    default: return .null
    }
  }

  private func kind(at column: Int) -> CInt {
    precondition(unsafe CInt(column) < sqlite3_column_count(statement), "no column \(column) in \(sql)")
    return unsafe sqlite3_column_type(statement, CInt(column))
  }

  private func string(at column: CInt) -> String {
    let bytes = unsafe sqlite3_column_text(statement, column)
    let count = unsafe Int(sqlite3_column_bytes(statement, column))
    return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  func isNull(at column: Int) -> Bool { kind(at: column) == SQLITE_NULL }

  func integer(at column: Int) -> Int64? {
    guard kind(at: column) == SQLITE_INTEGER else { return nil }
    return unsafe sqlite3_column_int64(statement, CInt(column))
  }

  func text(at column: Int) -> String? {
    guard kind(at: column) == SQLITE_TEXT else { return nil }
    return string(at: CInt(column))
  }

  func identity(at column: Int) -> UInt128? {
    guard kind(at: column) == SQLITE_BLOB, unsafe sqlite3_column_bytes(statement, CInt(column)) == 16,
      let bytes = unsafe sqlite3_column_blob(statement, CInt(column))
    else { return nil }
    return unsafe UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self))
  }

  static func error(_ code: CInt, on connection: OpaquePointer, sql: String) -> DatabaseError {
    let message = unsafe String(cString: sqlite3_errmsg(connection))
    let kind: DatabaseError.Kind =
      switch code & 0xFF {
      case SQLITE_CONSTRAINT: .conflict(name: message.split(separator: ": ").last.map(String.init) ?? message)
      case SQLITE_BUSY, SQLITE_LOCKED: .tryAgain
      case SQLITE_FULL: .full
      case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
      case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY: .disconnected
      default: .programmer
      }
    return DatabaseError(kind: kind, message: message, sql: sql)
  }
}
