import CPostgres

/// The rows of one statement in memory, and which of them is being read.
@safe final class PostgresResult: RowSource {
  let sql: String
  let pointer: OpaquePointer
  let count: Int
  private let columns: CInt
  var current = 0

  init(_ pointer: OpaquePointer, sql: String) {
    unsafe self.pointer = unsafe pointer
    self.sql = sql
    count = unsafe Int(PQntuples(pointer))
    columns = unsafe PQnfields(pointer)
  }

  deinit { unsafe PQclear(pointer) }

  /// How many rows a statement changed or gave.
  var changes: Int { unsafe Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

  func isNull(at column: Int) -> Bool {
    precondition(column < columns, "no column \(column) in \(sql)")
    return unsafe PQgetisnull(pointer, CInt(current), CInt(column)) != 0
  }

  func value(at column: Int) -> DatabaseValue {
    unsafe read(column) { type, bytes in unsafe PostgresType.value(type, bytes) } ?? .null
  }

  func integer(at column: Int) -> Int64? {
    unsafe read(column) { type, bytes in unsafe PostgresType.integer(type, bytes) } ?? nil
  }

  func text(at column: Int) -> String? {
    guard case .text(let text) = value(at: column) else { return nil }
    return text
  }

  func identity(at column: Int) -> UInt128? {
    let bits: UInt128?? = unsafe read(column) { type, bytes in
      type == PostgresType.uuid || type == PostgresType.bytes ? unsafe PostgresType.identity(bytes) : nil
    }
    return bits ?? nil
  }

  /// Nil for NULL.
  private func read<Value>(_ column: Int, _ body: (PostgresType.OID, UnsafeRawBufferPointer) -> Value) -> Value? {
    if isNull(at: column) { return nil }
    let (row, column) = (CInt(current), CInt(column))
    let bytes = unsafe UnsafeRawBufferPointer(
      start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
    return unsafe body(PQftype(pointer, column), bytes)
  }
}
