import Basics
import CSQLite

/// One connection and its prepared statements. With ``SQLiteStatement`` the only caller of `sqlite3_…`.
@safe final class SQLiteSession: Session {
  let dialect = Dialect.sqlite
  private let connection: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]
  /// Those of ``PreparedSQL``, each in its slot.
  private var prepared: [SQLiteStatement?] = []

  /// - Parameters:
  ///   - isReader: Opened so that it can change nothing.
  ///   - cacheMegabytes: Pages kept in memory.
  convenience init(path: String, isReader: Bool, cacheMegabytes: Int) throws(DatabaseError) {
    try self.init(
      path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, busyMilliseconds: 10_000,
      pragmas: [
        "foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL", "cache_size = -\(cacheMegabytes * 1024)",
        "temp_store = MEMORY", "trusted_schema = OFF", isReader ? "query_only = ON" : "query_only = OFF",
      ])
  }

  /// A file that nobody else has open, kept as one file: without a log beside it.
  ///
  /// - Throws: ``DatabaseError`` of the kind `tryAgain` when another has it open.
  convenience init(alone path: String) throws(DatabaseError) {
    try self.init(
      path, flags: SQLITE_OPEN_READWRITE, busyMilliseconds: 0,
      pragmas: ["journal_mode = DELETE", "synchronous = FULL", "trusted_schema = OFF"])
  }

  /// A file that nobody changes meanwhile, and of which this changes no byte either.
  convenience init(unchanging path: String) throws(DatabaseError) {
    var place = "file:"
    for byte in path.utf8 {
      let isPlain = byte > 0x20 && byte < 0x7F && !"?#%".utf8.contains(byte)
      place += isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    try self.init(
      place + "?immutable=1", flags: SQLITE_OPEN_READONLY, busyMilliseconds: 0, pragmas: ["trusted_schema = OFF"])
  }

  private init(
    _ path: String, flags: Int32, busyMilliseconds: Int32, pragmas: [String]
  ) throws(DatabaseError) {
    var connection: OpaquePointer?
    let flags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &connection, flags, nil)
    guard code == SQLITE_OK, let connection = unsafe connection else {
      let words = unsafe String(cString: sqlite3_errstr(code))
      unsafe sqlite3_close_v2(connection)
      throw DatabaseError(kind: .disconnected, message: "cannot open \(path): \(words)")
    }
    unsafe self.connection = unsafe connection
    unsafe sqlite3_busy_timeout(connection, busyMilliseconds)
    for pragma in pragmas { _ = try run(SQL(stringLiteral: "PRAGMA \(pragma)")) }
  }

  deinit {
    statements = [:]
    prepared = []
    unsafe sqlite3_close_v2(connection)
  }

  func execute(_ sql: SQL) throws(DatabaseError) { try run(sql) }

  func changes(_ sql: SQL) throws(DatabaseError) -> Int {
    try run(sql)
    return unsafe Int(sqlite3_changes64(connection))
  }

  private func run(_ sql: SQL) throws(DatabaseError) {
    let statement = try prepare(sql)
    defer { statement.reset() }
    while try statement.step() {}
  }

  func query<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> [Value] {
    let statement = try prepare(sql)
    defer { statement.reset() }
    var values: [Value] = []
    let row = Row(source: statement)
    while try statement.step() { values.append(try make(row)) }
    return values
  }

  @discardableResult
  func execute(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) -> Int {
    let statement = try prepare(sql)
    defer { statement.resetArguments() }
    try statement.bind(bind)
    while try statement.step() {}
    return unsafe Int(sqlite3_changes64(connection))
  }

  func forEach(
    _ sql: PreparedSQL, _ bind: (inout Binder) -> Void, _ body: (borrowing Row) throws -> Void
  ) throws {
    let statement = try prepare(sql)
    defer { statement.resetArguments() }
    try statement.bind(bind)
    let row = Row(source: statement)
    while try statement.step() { try body(row) }
  }

  /// How many statements are kept prepared.
  var statementCount: Int { statements.count }

  /// Whether a transaction is open: an error may have ended it behind our back.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(connection) == 0 }

  /// Copies every page into another file, as they stand in the transaction that is open here.
  func copy(to target: SQLiteSession) throws(DatabaseError) {
    guard let copying = unsafe sqlite3_backup_init(target.connection, "main", connection, "main") else {
      throw unsafe SQLiteStatement.error(
        sqlite3_errcode(target.connection), on: target.connection, sql: "beginning a copy")
    }
    let stepped = unsafe sqlite3_backup_step(copying, -1)
    let finished = unsafe sqlite3_backup_finish(copying)
    guard stepped == SQLITE_DONE, finished == SQLITE_OK else {
      let code = finished == SQLITE_OK ? stepped : finished
      throw unsafe SQLiteStatement.error(code, on: target.connection, sql: "copying all pages")
    }
  }

  private func prepare(_ sql: PreparedSQL) throws(DatabaseError) -> SQLiteStatement {
    if sql.slot < prepared.count, let found = prepared[sql.slot], !found.isBusy { return found }
    let statement = try unsafe SQLiteStatement(sql.text, on: connection)
    while prepared.count <= sql.slot { prepared.append(nil) }
    prepared[sql.slot] = statement
    return statement
  }

  private func prepare(_ sql: SQL) throws(DatabaseError) -> SQLiteStatement {
    let (text, arguments) = sql.rendered(placeholder: "?")
    let statement: SQLiteStatement
    if let cached = statements[text], !cached.isBusy {
      statement = cached
    } else {
      statement = try unsafe SQLiteStatement(text, on: connection)
      if statements.count >= Limits.statementsMax { statements.removeAll(keepingCapacity: true) }
      statements[text] = statement
    }
    for (index, argument) in arguments.enumerated() { try statement.bind(argument, at: index + 1) }
    return statement
  }
}
