/// Databases as files: copied while others go on writing, looked at without changing a byte, or changed alone.
///
/// Everything here blocks its thread until it is done.
package enum SQLiteFile {
  /// Copies a whole database into an empty file, as it stands at one moment. Others may read and write meanwhile.
  ///
  /// - Parameters:
  ///   - isAtRest: Nobody changes the source meanwhile, and it is not to be touched at all.
  ///   - look: Sees the database at the moment that is copied.
  package static func copy<Value>(
    from source: String, to target: String, isAtRest: Bool = false, _ look: (any Session) throws -> Value
  ) throws -> Value {
    let value: Value
    do {
      let reader =
        try isAtRest
        ? SQLiteSession(unchanging: source) : SQLiteSession(path: source, isReader: true, cacheMegabytes: 16)
      try reader.execute("BEGIN")
      value = try look(reader)
      // Only now: whoever looks has made the moment begin.
      try reader.copy(to: try SQLiteSession(alone: target))
      try reader.execute("COMMIT")
    }
    // The copy says of itself that it has a log beside it, as its source did. Opening it alone ends that.
    try SQLiteSession(alone: target).execute("PRAGMA user_version")
    return value
  }

  /// Shows a file that nobody changes meanwhile.
  package static func look<Value>(at path: String, _ body: (any Session) throws -> Value) throws -> Value {
    let session = try SQLiteSession(unchanging: path)
    try session.execute("BEGIN")
    let value = try body(session)
    try session.execute("COMMIT")
    return value
  }

  /// Changes a file that nobody else has open.
  package static func change<Value>(_ path: String, _ body: (any Session) throws -> Value) throws -> Value {
    let session = try SQLiteSession(alone: path)
    try session.execute("BEGIN IMMEDIATE")
    do {
      let value = try body(session)
      try session.execute("COMMIT")
      return value
    } catch {
      if session.isInTransaction { _ = try? session.execute("ROLLBACK") }
      throw error
    }
  }

  /// Whether a program has this database open, be it idle.
  ///
  /// - Throws: ``DatabaseError`` when it is no database or cannot be opened.
  package static func isInUse(_ path: String) throws(DatabaseError) -> Bool {
    do throws(DatabaseError) {
      // Leaving the log behind needs the file for oneself, and fails at once where somebody holds it.
      try SQLiteSession(alone: path).execute("PRAGMA user_version")
      return false
    } catch {
      guard error.kind == .tryAgain else { throw error }
      return true
    }
  }
}
