package import Basics
package import Databases

/// Copies of a whole database in one file that prove themselves: each says how much of what it holds.
package enum Backups {
  /// What a backup says of itself.
  package struct Label: Sendable, Equatable {
    package var madeAt: Timestamp
    /// Of its tables.
    package var version: Int
    /// Of every table, as it was where the copy was made from.
    package var sums: [TableSum]
    /// The keys of the installation under a passphrase; nil when they are kept elsewhere.
    package var keys: String?

    package var rows: Int { sums.reduce(0) { $0 + $1.rows } }
  }

  /// Why a file cannot be relied on.
  package enum Trouble: Error, Equatable, Sendable {
    /// It is something else, or was not finished.
    case noBackup
    case newerSchema(found: Int, known: Int)
    /// SQLite's own words.
    case damaged(String)
    /// A table is not what it was when the backup was made.
    case differs(table: String)
  }

  /// Copies a database that may be in use, and proves the copy.
  ///
  /// - Parameter target: An empty file.
  /// - Throws: ``Trouble``, or ``DatabaseError``: then the target is worth nothing.
  package static func make(of source: String, at target: String, keys: String?, now: Timestamp) throws -> Label {
    let label = try SQLiteFile.copy(from: source, to: target) { session in
      // An older one than ours is copied as it is: before it is brought up to date is a good moment.
      let version = try Migrator.version(session)
      guard version <= Schema.migrations.count else {
        throw Trouble.newerSchema(found: version, known: Schema.migrations.count)
      }
      return Label(
        madeAt: now, version: version, sums: try tables(session).map { try Copying.sum(of: $0, session) }, keys: keys)
    }
    try SQLiteFile.change(target) { try write(label, $0) }
    guard try verify(target) == label else { throw Trouble.noBackup }
    return label
  }

  /// Reads every page and row of a backup, which stays as it is.
  ///
  /// - Throws: ``Trouble``, or ``DatabaseError``.
  package static func verify(_ path: String) throws -> Label {
    try SQLiteFile.look(at: path) { session in
      guard let label = try label(session) else { throw Trouble.noBackup }
      guard label.version <= Schema.migrations.count else {
        throw Trouble.newerSchema(found: label.version, known: Schema.migrations.count)
      }
      if let damage = try Integrity.damage(session).first { throw Trouble.damaged(damage) }
      try compare(label, session)
      return label
    }
  }

  /// Copies a backup into an empty file and makes an ordinary database of it, every row compared again.
  ///
  /// - Throws: ``Trouble``, or ``DatabaseError``: then the target is worth nothing.
  package static func putBack(_ backup: String, at target: String) throws -> Label {
    _ = try verify(backup)
    try SQLiteFile.copy(from: backup, to: target, isAtRest: true) { _ in }
    return try SQLiteFile.change(target) { session in
      guard let label = try label(session) else { throw Trouble.noBackup }
      try compare(label, session)
      try session.execute("DROP TABLE magpie_backup")
      return label
    }
  }

  private static func compare(_ label: Label, _ session: any Session) throws {
    guard try Migrator.version(session) == label.version else { throw Trouble.differs(table: "schema_migration") }
    for sum in label.sums {
      guard try isTable(sum.table, session), try Copying.sum(of: sum.table, session) == sum else {
        throw Trouble.differs(table: sum.table)
      }
    }
  }

  /// Every table that is not made anew from others, in the order of their names.
  package static func tables(_ session: any Session) throws -> [String] {
    try session.query(
      """
      SELECT name FROM sqlite_schema
      WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND substr(name, 1, 7) NOT IN ('sqlite_', 'search_')
        AND name <> 'magpie_backup'
      """
    ) { try $0(0, as: String.self) }.sorted()
  }

  // MARK: - The label

  private static func write(_ label: Label, _ session: any Session) throws {
    try session.execute(
      "CREATE TABLE magpie_backup (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, name))"
    )
    func put(_ kind: String, _ name: String, _ value: String) throws {
      try session.execute("INSERT INTO magpie_backup (kind, name, value) VALUES (\(kind), \(name), \(value))")
    }
    try put("about", "made_at", "\(label.madeAt.milliseconds)")
    try put("about", "version", "\(label.version)")
    if let keys = label.keys { try put("about", "keys", keys) }
    for sum in label.sums {
      try put("table", sum.table, "\(sum.rows) \(String(sum.high, radix: 16)) \(String(sum.low, radix: 16))")
    }
  }

  private static func label(_ session: any Session) throws -> Label? {
    guard try isTable("magpie_backup", session) else { return nil }
    let entries = try session.query("SELECT kind, name, value FROM magpie_backup ORDER BY kind, name") { row in
      (kind: try row(0, as: String.self), name: try row(1, as: String.self), value: try row(2, as: String.self))
    }
    func about(_ name: String) -> String? { entries.first { $0.kind == "about" && $0.name == name }?.value }
    guard let madeAt = about("made_at").flatMap({ Int64($0) }), let version = about("version").flatMap({ Int($0) })
    else { return nil }
    let tables = entries.filter { $0.kind == "table" }
    let sums = tables.compactMap { entry -> TableSum? in
      let words = entry.value.split(separator: " ")
      guard words.count == 3, let rows = Int(words[0]), let high = UInt64(words[1], radix: 16),
        let low = UInt64(words[2], radix: 16)
      else { return nil }
      return TableSum(table: entry.name, rows: rows, high: high, low: low)
    }
    guard !sums.isEmpty, sums.count == tables.count else { return nil }
    return Label(
      madeAt: Timestamp(milliseconds: madeAt), version: version, sums: sums.sorted { $0.table < $1.table },
      keys: about("keys"))
  }

  private static func isTable(_ name: String, _ session: any Session) throws -> Bool {
    try session.first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = \(name)") {
      try $0(0, as: Int.self)
    } != nil
  }
}
