import CSQLite

/// How a statement takes the arguments of a ``PreparedSQL``.
extension SQLiteStatement: ArgumentSink {
  /// Binds every placeholder; none keeps what an earlier run left there.
  func bind(_ body: (inout Binder) -> Void) throws(DatabaseError) {
    arguments.begin()
    bindFailure = SQLITE_OK
    var binder = Binder(self)
    body(&binder)
    guard bindFailure == SQLITE_OK else { throw unsafe Self.error(bindFailure, on: connection, sql: sql) }
    let wanted = unsafe Int(sqlite3_bind_parameter_count(statement))
    guard binder.count == wanted else {
      throw DatabaseError(kind: .programmer, message: "\(binder.count) arguments for \(wanted) placeholders", sql: sql)
    }
  }

  /// Makes it ready for its next run. Its arguments stay bound, since each run binds all of them anew, unless SQLite
  /// holds large copies of some.
  func resetArguments() {
    unsafe sqlite3_reset(statement)
    if arguments.end() { unsafe sqlite3_clear_bindings(statement) }
  }

  func null(at place: Int) { note(unsafe sqlite3_bind_null(statement, CInt(place + 1))) }

  func integer(_ value: Int64, at place: Int) { note(unsafe sqlite3_bind_int64(statement, CInt(place + 1), value)) }

  func real(_ value: Double, at place: Int) { note(unsafe sqlite3_bind_double(statement, CInt(place + 1), value)) }

  func text(_ utf8: Span<UInt8>, at place: Int) {
    let length = CInt(clamping: utf8.count)
    unsafe utf8.withUnsafeBytes { source in
      if let kept = unsafe arguments.keep(source) {
        note(unsafe csqlite_bind_text_static(statement, CInt(place + 1), kept, length))
      } else {
        let start = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
        note(unsafe csqlite_bind_text(statement, CInt(place + 1), start, length))
      }
    }
  }

  func blob(_ bytes: Span<UInt8>, at place: Int) {
    let length = CInt(clamping: bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      if let kept = unsafe arguments.keep(source) {
        note(unsafe csqlite_bind_blob_static(statement, CInt(place + 1), kept, length))
      } else {
        note(unsafe csqlite_bind_blob(statement, CInt(place + 1), source.baseAddress, length))
      }
    }
  }

  func identity(_ bits: UInt128, at place: Int) {
    var bytes = bits.bigEndian
    unsafe withUnsafeBytes(of: &bytes) { blob(unsafe $0.bindMemory(to: UInt8.self).span, at: place) }
  }

  private func note(_ code: CInt) {
    if code != SQLITE_OK, bindFailure == SQLITE_OK { bindFailure = code }
  }
}

/// Memory for the texts and bytes of one run of a statement, so that SQLite need not allocate a copy of each.
@safe final class ArgumentArena {
  private var memory: UnsafeMutableRawPointer?
  private var capacity = 0
  private var used = 0
  private var wanted = 0

  /// Larger arguments are left to SQLite.
  private static let capacityMax = 1 << 16

  deinit { unsafe memory?.deallocate() }

  /// Forgets what was kept before. Between two runs it may grow to what the last one wanted.
  func begin() {
    if unsafe capacity < min(wanted, Self.capacityMax) || memory == nil {
      unsafe memory?.deallocate()
      while capacity < min(wanted, Self.capacityMax) || capacity == 0 { capacity = max(1_024, capacity * 2) }
      unsafe memory = .allocate(byteCount: capacity, alignment: 16)
    }
    used = 0
    wanted = 0
  }

  /// A copy that stays where it is until the next ``begin()``; nil when there is no room for it.
  func keep(_ source: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
    wanted += source.count
    guard let memory = unsafe memory, capacity - used >= source.count else { return nil }
    let place = unsafe memory + used
    if let start = source.baseAddress { unsafe place.copyMemory(from: start, byteCount: source.count) }
    used += source.count
    return unsafe place
  }

  /// Whether something did not fit, so that SQLite made a copy of its own.
  func end() -> Bool { wanted > used }
}
