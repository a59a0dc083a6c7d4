package import Basics
import Crypto
package import Databases
import Finance

/// What a table holds: how many rows, and a sum over all of them that does not depend on their order, nor on the kind of
/// store they are in.
package struct TableSum: Sendable, Equatable {
  package var table: String
  package var rows: Int
  /// The sum of the rows' digests, as two numbers that wrap around.
  package var high: UInt64
  package var low: UInt64
}

/// Why a copy was not made, or cannot be relied on.
package enum CopyError: Error, Equatable, Sendable {
  /// The source has tables of another version: bring it up to date first.
  case otherVersion(found: Int, known: Int)
  /// The target is somebody's already.
  case notEmpty(table: String)
  /// This table is not the same on both sides afterwards: somebody wrote meanwhile.
  case differs(table: String)
}

/// Everything of one database into an empty one, of the other kind or of the same, and the proof that it arrived.
package enum Copying {
  private static let rowsAtOnce = 500

  /// - Parameters:
  ///   - source: With the tables of this version. Nobody should write to it meanwhile; if somebody does, it is noticed.
  ///   - target: Migrated here. Without rows.
  ///   - told: Called after each table.
  /// - Returns: What every table holds, read back from the target.
  /// - Throws: ``CopyError``, or ``DatabaseError``: then the target is to be emptied before the next try.
  package static func run(
    from source: any Database, to target: any Database, now: Timestamp, told: @Sendable (TableSum) -> Void = { _ in }
  ) async throws -> [TableSum] {
    let version = try await Migrator.version(of: source)
    guard version == Schema.migrations.count else {
      throw CopyError.otherVersion(found: version, known: Schema.migrations.count)
    }
    try await Migrator.migrate(target, Schema.migrations, now: now)
    // In the order in which they were made: a row comes after what it hangs on.
    let tables = Schema.tables
    for table in tables {
      let isEmpty = try await target.read { session in
        try session.first(SQL(stringLiteral: "SELECT 1 FROM \(table) LIMIT 1")) { try $0(0, as: Int.self) } == nil
      }
      guard isEmpty else { throw CopyError.notEmpty(table: table) }
    }
    for table in tables { try await copy(table, from: source, to: target) }
    var sums: [TableSum] = []
    for table in tables {
      let (there, here) = (try await sum(of: table, in: source), try await sum(of: table, in: target))
      guard there == here else { throw CopyError.differs(table: table) }
      told(here)
      sums.append(here)
    }
    return sums
  }

  /// Everything in a table, as it stands at one moment.
  package static func sum(of table: String, in database: any Database) async throws -> TableSum {
    try await database.read { try sum(of: table, $0) }
  }

  package static func sum(of table: String, _ session: any Session) throws -> TableSum {
    let shape = try Shape(of: table, session)
    var sum = TableSum(table: table, rows: 0, high: 0, low: 0)
    var last: [DatabaseValue]?
    repeat {
      let rows = try shape.page(after: last, limit: rowsAtOnce, session)
      for row in rows {
        let digest = Hash.sha256(row.reduce(into: []) { bytes, value in append(value, to: &bytes) })
        sum.rows += 1
        sum.high &+= digest[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        sum.low &+= digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
      }
      last = rows.last.map(shape.key)
    } while last != nil
    return sum
  }

  private static func copy(_ table: String, from source: any Database, to target: any Database) async throws {
    let theirs = try await source.read { try Shape(of: table, $0) }
    let ours = try await target.read { try Shape(of: table, $0) }
    let insertion = PreparedSQL(
      made: """
        INSERT INTO \(table) (\(theirs.columns.joined(separator: ", ")))
        VALUES (\(theirs.columns.map { _ in "?" }.joined(separator: ", ")))
        """, turn: 1)
    var last: [DatabaseValue]?
    repeat {
      let after = last
      let rows = try await source.read { try theirs.page(after: after, limit: rowsAtOnce, $0) }
      try await target.write { session in
        for row in rows {
          try session.post(insertion) { binder in
            for (column, value) in zip(theirs.columns, row) { binder.bind(ours.fitted(value, column)) }
          }
        }
      }
      last = rows.last.map(theirs.key)
    } while last != nil
  }

  /// The same bytes for the same value, whichever store it comes from.
  private static func append(_ value: DatabaseValue, to bytes: inout [UInt8]) {
    func append(_ kind: Character, _ content: [UInt8]) {
      bytes += kind.utf8
      let count = UInt64(content.count)
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: count >> shift))
      }
      bytes += content
    }
    switch value {
    case .null: append("n", [])
    case .integer(let number): append("i", Array("\(number)".utf8))
    case .real(let number): append("r", Array("\(number.bitPattern)".utf8))
    // What PostgreSQL cannot hold it keeps as U+FFFD.
    case .text(let text): append("t", Array(text.replacing("\0", with: "\u{FFFD}").utf8))
    case .blob(let content): append("b", content)
    case .identity(let high, let low):
      append("b", ID<Household>(bits: UInt128(high) << 64 | UInt128(low)).bytes)
    }
  }
}

/// The columns of a table as a database knows them.
struct Shape: Sendable {
  let table: String
  /// By name, so that it does not matter in which order an installation came by them.
  let columns: [String]
  private let identities: Set<String>
  let keyColumns: [String]

  init(of table: String, _ session: any Session) throws {
    self.table = table
    let question: SQL =
      switch session.dialect {
      case .sqlite: "SELECT name, type, pk FROM pragma_table_info(\(table)) ORDER BY name"
      case .postgres:
        """
        SELECT a.attname, format_type(a.atttypid, NULL), COALESCE(array_position(CAST(i.indkey AS smallint[]), a.attnum), -1)
        FROM pg_attribute a
        LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
        WHERE a.attrelid = to_regclass(\(table)) AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY CAST(a.attname AS text) COLLATE "C"
        """
      }
    let found = try session.query(question) { row in
      (name: try row(0, as: String.self), type: try row(1, as: String.self), place: try row(2, as: Int.self))
    }
    columns = found.map(\.name)
    identities = Set(found.filter { $0.type == "uuid" }.map(\.name))
    // SQLite counts the columns of a key from 1 and has 0 for the others; PostgreSQL counts from 0.
    let first = session.dialect == .sqlite ? 1 : 0
    keyColumns = found.filter { $0.place >= first }.sorted { $0.place < $1.place }.map(\.name)
    guard !columns.isEmpty, !keyColumns.isEmpty else {
      throw DatabaseError(kind: .programmer, message: "no table is called \(table), or it has no key")
    }
  }

  /// The next rows in the order of the key.
  func page(after last: [DatabaseValue]?, limit: Int, _ session: any Session) throws -> [[DatabaseValue]] {
    let key = keyColumns.joined(separator: ", ")
    var after: SQL = ""
    if let last {
      var values: SQL = ""
      for (index, value) in last.enumerated() {
        let held = Held(databaseValue: value)
        values = index == 0 ? "\(held)" : "\(values), \(held)"
      }
      after = "WHERE (\(SQL(stringLiteral: key))) > (\(values))"
    }
    let names = SQL(stringLiteral: columns.joined(separator: ", "))
    let count = columns.count
    return try session.query(
      "SELECT \(names) FROM \(SQL(stringLiteral: table)) \(after) ORDER BY \(SQL(stringLiteral: key)) LIMIT \(limit)"
    ) { row in
      try (0..<count).map { try row($0, as: Held.self).databaseValue }
    }
  }

  func key(_ row: [DatabaseValue]) -> [DatabaseValue] {
    let places = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
    return keyColumns.compactMap { places[$0].map { row[$0] } }
  }

  /// SQLite hands identities out as bytes.
  func fitted(_ value: DatabaseValue, _ column: String) -> DatabaseValue {
    guard identities.contains(column), case .blob(let bytes) = value, let id = ID<Household>(bytes: bytes) else {
      return value
    }
    return id.databaseValue
  }
}

/// Any value as it is.
private struct Held: DatabaseConvertible {
  let databaseValue: DatabaseValue
}

extension Schema {
  /// Every table, each after those it refers to.
  static var tables: [String] {
    var tables: [String] = []
    for statement in migrations.flatMap(\.statements) {
      let words = statement.split { $0.isWhitespace || $0 == "(" }
      guard words.count > 2, words[1] == "TABLE" else { continue }
      if words[0] == "CREATE" { tables.append(String(words[2])) }
      if words[0] == "DROP" { tables.removeAll { $0 == words[2] } }
      if words[0] == "ALTER", words.count > 5, words[3] == "RENAME", words[4] == "TO" {
        tables = tables.map { $0 == words[2] ? String(words[5]) : $0 }
      }
    }
    return tables.filter { !remade.contains($0) }
  }

  /// What follows from the other tables, partly in ways of one kind of store: it is made anew, not copied.
  private static let remade: Set = ["search_state", "search_document"]
}
