import Basics
import Testing

@testable import Databases

@Suite struct `A migrator` {
  static let now = Timestamp(seconds: 1_700_000_000)
  static let steps = [
    Migration(
      version: 1, name: "things",
      statements: ["CREATE TABLE thing (id {id} PRIMARY KEY, size {int} NOT NULL, is_new {bool} NOT NULL) {strict}"]),
    Migration(
      version: 2, name: "names",
      statements: [
        "ALTER TABLE thing ADD COLUMN name TEXT", "CREATE INDEX thing_name ON thing (name)",
        "INSERT INTO thing (id, size, is_new, name) VALUES (x'00', 7, 1, '{}')",
      ]),
  ]

  private func tables(_ database: SQLiteDatabase) async throws -> [String] {
    try await database.read { session in
      try session.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") { row in try row(0) }
    }
  }

  @Test func `brings a fresh database to the last version, and has nothing to do the second time`() async throws {
    let database = try SQLiteDatabase.inMemory()
    #expect(try await Migrator.version(of: database) == 0)
    #expect(try await Migrator.migrate(database, Self.steps, now: Self.now) == 2)
    #expect(try await Migrator.version(of: database) == 2)
    #expect(try await Migrator.migrate(database, Self.steps, now: Self.now + .seconds(1)) == 0)
    let rows = try await database.read { session in
      try session.query("SELECT name, applied_at FROM schema_migration ORDER BY version") { row in
        let at = try row(1, as: Timestamp.self)
        return "\(try row(0, as: String.self)) \(at)"
      }
    }
    #expect(rows == ["things \(Self.now)", "names \(Self.now)"])
    #expect(try await database.read { try $0.first("SELECT size FROM thing") { try $0(0, as: Int.self) } } == 7)
  }

  @Test func `goes on from where an older program stopped`() async throws {
    let database = try SQLiteDatabase.inMemory()
    #expect(try await Migrator.migrate(database, [Self.steps[0]], now: Self.now) == 1)
    #expect(try await Migrator.migrate(database, Self.steps, now: Self.now) == 1)
    #expect(try await Migrator.version(of: database) == 2)
  }

  @Test func `refuses tables made by a newer program`() async throws {
    let database = try SQLiteDatabase.inMemory()
    try await Migrator.migrate(database, Self.steps, now: Self.now)
    await #expect(throws: MigrationError.newerSchema(found: 2, known: 1)) {
      try await Migrator.migrate(database, [Self.steps[0]], now: Self.now)
    }
  }

  @Test func `refuses a past step that was edited, and runs none of the later ones`() async throws {
    let database = try SQLiteDatabase.inMemory()
    try await Migrator.migrate(database, [Self.steps[0]], now: Self.now)
    let edited = Migration(version: 1, name: "things", statements: Self.steps[0].statements + ["SELECT 1"])
    await #expect(throws: MigrationError.changed(version: 1, name: "things")) {
      try await Migrator.migrate(database, [edited, Self.steps[1]], now: Self.now)
    }
    #expect(try await Migrator.version(of: database) == 1)
  }

  @Test func `refuses a list of steps with a hole in it`() async throws {
    let database = try SQLiteDatabase.inMemory()
    try await Migrator.migrate(database, Self.steps, now: Self.now)
    try await database.write { _ = try $0.execute("DELETE FROM schema_migration WHERE version = 1") }
    await #expect(throws: MigrationError.changed(version: 1, name: "things")) {
      try await Migrator.migrate(database, Self.steps, now: Self.now)
    }
  }

  @Test func `leaves nothing of a step that fails, and keeps the steps before it`() async throws {
    let database = try SQLiteDatabase.inMemory()
    let broken = Migration(
      version: 2, name: "broken",
      statements: ["CREATE TABLE half (id {int}) {strict}", "INSERT INTO nowhere VALUES (1)"])
    await #expect(throws: DatabaseError.self) {
      try await Migrator.migrate(database, [Self.steps[0], broken], now: Self.now)
    }
    #expect(try await tables(database) == ["schema_migration", "thing"])
    #expect(try await Migrator.version(of: database) == 1)
    #expect(try await Migrator.migrate(database, Self.steps, now: Self.now) == 1)
  }

  @Test func `runs each step once when several programs start on one file`() async throws {
    let folder = TemporaryFolder()
    let databases = try (0..<4).map { _ in try SQLiteDatabase(path: folder.file(), readers: 1) }
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for database in databases {
        group.addTask { try await Migrator.migrate(database, Self.steps, now: Self.now) }
      }
      return try await group.reduce(0, +)
    }
    #expect(counts == 2)
    for database in databases { #expect(try await Migrator.version(of: database) == 2) }
    #expect(try await databases[0].read { try $0.first("SELECT count(*) FROM thing") { try $0(0, as: Int.self) } } == 1)
  }

  @Test func `sees a border between statements that moved`() {
    let together = Migration(version: 1, name: "a", statements: ["ab", "c"])
    let moved = Migration(version: 1, name: "a", statements: ["a", "bc"])
    #expect(together.checksum != moved.checksum)
    // The published FNV-1a offset basis: nothing was mixed in.
    #expect(Migration(version: 1, name: "a", statements: []).checksum == "cbf29ce484222325")
  }

  @Test func `speaks the words of each dialect and leaves other braces alone`() {
    let text = "{id} {int} {bool} {strict} '{}' {other}"
    #expect(
      Migrator.statement(text, .sqlite).rendered(placeholder: "?").text == "BLOB INTEGER INTEGER STRICT '{}' {other}")
    #expect(Migrator.statement(text, .postgres).rendered(placeholder: "$").text == "uuid bigint smallint  '{}' {other}")
  }
}
