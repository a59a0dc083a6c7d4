package import Basics

/// One step from one shape of the tables to the next. Once shipped it never changes: a later step corrects it.
package struct Migration: Sendable {
  /// Counts from 1 without gaps.
  package let version: Int
  package let name: String
  /// One statement each. `{id}`, `{int}`, `{bool}` and `{strict}` stand for the words of the dialect;
  /// `{strict_clustered}` is for a table whose rows lie in its primary key, where a database can do that. One that begins
  /// with `{sqlite}` runs there only. `{by_household}` at the end of a table that grows with its households lets
  /// PostgreSQL keep it in parts: see ``Migrator/partitions(_:)``.
  package let statements: [String]

  package init(version: Int, name: String, statements: [String]) {
    self.version = version
    self.name = name
    self.statements = statements
  }

  /// FNV-1a, 64 bits, of the statements as written. It guards against an edit by accident, not against an attacker.
  var checksum: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for statement in statements {
      for byte in statement.utf8 { mix(byte) }
      // No byte of UTF-8, so moving the border between two statements shows.
      mix(0xFF)
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Why the tables may not be used with this program. Neither goes away by trying again.
package enum MigrationError: Error, Equatable, Sendable {
  /// A newer program has been here. Run that one, or restore a copy from before.
  case newerSchema(found: Int, known: Int)
  /// A step that already ran is missing or was written differently then.
  case changed(version: Int, name: String)
}

/// Brings a database to the shape this program knows, forwards only.
package enum Migrator {
  private struct Applied: Sendable {
    let version: Int
    let name: String
    let checksum: String
  }

  /// Runs what has not run yet, each step in a transaction of its own together with its entry in the list of steps.
  ///
  /// Whether a step is due is asked inside its transaction, so two processes may start on one file at the same time.
  ///
  /// - Parameter migrations: Versions 1, 2, 3… in order.
  /// - Returns: How many ran here.
  /// - Throws: ``MigrationError`` before anything was changed, or what a statement threw: the steps before it stay.
  @discardableResult
  package static func migrate(
    _ database: any Database, _ migrations: [Migration], now: Timestamp
  ) async throws -> Int {
    precondition(migrations.map(\.version) == Array(1..<migrations.count + 1), "versions count 1, 2, 3…")
    try await database.write { session in
      try takeTurn(session)
      try session.execute(statement(table, session.dialect))
      try check(applied(session), against: migrations)
    }
    var count = 0
    for migration in migrations {
      let ran = try await database.write { session in
        try takeTurn(session)
        let applied = try applied(session)
        try check(applied, against: migrations)
        guard applied.count < migration.version else { return false }
        try run(migration, now: now, session)
        return true
      }
      count += ran ? 1 : 0
    }
    return count
  }

  /// The version of the last step that ran; 0 for a database nobody has migrated.
  package static func version(of database: any Database) async throws -> Int {
    try await database.read { try version($0) }
  }

  package static func version(_ session: any Session) throws -> Int {
    let exists: SQL =
      switch session.dialect {
      case .sqlite: "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'"
      case .postgres: "SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_migration')"
      }
    guard try session.first(exists, { row in try row(0, as: Int.self) }) ?? 0 > 0 else { return 0 }
    return try applied(session).last?.version ?? 0
  }

  /// Lets one program migrate at a time. SQLite has one writer anyway; PostgreSQL has a lock for us by a number of our
  /// choice, one for each schema. What is read after waiting for it must be what the one before has left, so this
  /// transaction looks anew with each statement; and it may take as long as it needs.
  private static func takeTurn(_ session: any Session) throws(DatabaseError) {
    guard session.dialect == .postgres else { return }
    try session.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    try session.execute("SET LOCAL statement_timeout = 0")
    try session.execute("SET LOCAL lock_timeout = 0")
    try session.execute("SELECT pg_advisory_xact_lock(1296126800, hashtext(current_schema()))")
  }

  private static let table = """
    CREATE TABLE IF NOT EXISTS schema_migration (
      version {int} PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at {int} NOT NULL
    ) {strict}
    """

  private static func run(_ migration: Migration, now: Timestamp, _ session: any Session) throws {
    for text in migration.statements where session.dialect == .sqlite || !text.hasPrefix("{sqlite}") {
      let parts = try text.hasSuffix(byHousehold) ? partitions(session) : 0
      try session.execute(statement(text, session.dialect, isParted: parts > 0))
      try divide(text, into: parts, session)
    }
    try session.execute(
      """
      INSERT INTO schema_migration (version, name, checksum, applied_at)
      VALUES (\(migration.version), \(migration.name), \(migration.checksum), \(now))
      """)
  }

  private static func applied(_ session: any Session) throws -> [Applied] {
    try session.query("SELECT version, name, checksum FROM schema_migration ORDER BY version") { row in
      Applied(version: try row(0), name: try row(1), checksum: try row(2))
    }
  }

  private static func check(_ applied: [Applied], against known: [Migration]) throws(MigrationError) {
    if let last = applied.last, last.version > known.count {
      throw .newerSchema(found: last.version, known: known.count)
    }
    for (entry, migration) in zip(applied, known)
    where entry.version != migration.version || entry.checksum != migration.checksum {
      throw .changed(version: migration.version, name: migration.name)
    }
  }

  private static let byHousehold = "{by_household}"

  /// Into how many parts, by household, PostgreSQL divides a table that is made: as the database says that Magpie is to be
  /// kept, for instance after `ALTER DATABASE magpie SET magpie.partitions = 16`. 0 for none.
  private static func partitions(_ session: any Session) throws -> Int {
    guard session.dialect == .postgres else { return 0 }
    let text = try session.first("SELECT current_setting('magpie.partitions', true)") { try $0(0, as: String?.self) }
    return min(max((text ?? nil).flatMap { Int($0) } ?? 0, 0), partitionsMax)
  }

  /// Each part has files of its own, and is locked on its own.
  private static let partitionsMax = 1_024

  private static func divide(_ text: String, into parts: Int, _ session: any Session) throws {
    guard let name = text.split(separator: " ").dropFirst(2).first else { return }
    for part in 0..<parts {
      let words = "\(name)_\(part) PARTITION OF \(name) FOR VALUES WITH (MODULUS \(parts), REMAINDER \(part))"
      try session.execute(SQL(stringLiteral: "CREATE TABLE \(words)"))
    }
  }

  /// A statement in the words of a dialect.
  static func statement(_ text: String, _ dialect: Dialect, isParted: Bool = false) -> SQL {
    let words =
      switch dialect {
      case .sqlite:
        [
          "{id}": "BLOB", "{int}": "INTEGER", "{blob}": "BLOB", "{bool}": "INTEGER", "{sqlite}": "",
          "{strict}": "STRICT",
          "{strict_clustered}": "STRICT, WITHOUT ROWID", byHousehold: "",
        ]
      case .postgres:
        [
          "{id}": "uuid", "{int}": "bigint", "{blob}": "bytea", "{bool}": "smallint", "{strict}": "",
          "{strict_clustered}": "", byHousehold: isParted ? "PARTITION BY HASH (household_id)" : "",
        ]
      }
    return SQL(stringLiteral: words.reduce(text) { $0.replacing($1.key, with: $1.value) })
  }
}
