import Glibc
import Testing

@testable import Databases

@Suite struct `A transaction` {
  private struct Refusal: Error {}

  private func fresh(_ folder: TemporaryFolder, readers: Int = 2) async throws -> SQLiteDatabase {
    let database = try SQLiteDatabase(path: folder.file(), readers: readers)
    try await database.write {
      try $0.execute("CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT")
    }
    return database
  }

  private func keys(_ database: SQLiteDatabase) async throws -> [Int] {
    try await database.read { try $0.query("SELECT k FROM t ORDER BY k") { try $0(0, as: Int.self) } }
  }

  @Test func `that throws leaves nothing, and what was thrown arrives`() async throws {
    let folder = TemporaryFolder()
    let database = try await fresh(folder)
    await #expect(throws: Refusal.self) {
      try await database.write { session in
        try session.execute("INSERT INTO t (k) VALUES (1)")
        throw Refusal()
      }
    }
    #expect(try await keys(database).isEmpty)
    try await database.write { try $0.execute("INSERT INTO t (k) VALUES (2)") }
    #expect(try await keys(database) == [2])
  }

  @Test func `in memory rolls back too`() async throws {
    let database = try SQLiteDatabase.inMemory()
    try await database.write { try $0.execute("CREATE TABLE t (k INTEGER PRIMARY KEY) STRICT") }
    await #expect(throws: Refusal.self) {
      try await database.write { session in
        try session.execute("INSERT INTO t (k) VALUES (1)")
        throw Refusal()
      }
    }
    #expect(try await keys(database).isEmpty)
  }

  @Test func `that breaks a constraint is a conflict, and says which`() async throws {
    let folder = TemporaryFolder()
    let database = try await fresh(folder)
    try await database.write { try $0.execute("INSERT INTO t VALUES (1, 'a')") }
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { _ = try $0.execute("INSERT INTO t VALUES (2, 'a')") }
    }
    #expect(error?.kind == .conflict(name: "t.name"))
  }

  @Test func `that read what another has since changed may be tried again`() throws {
    let folder = TemporaryFolder()
    let first = try SQLiteSession(path: folder.file(), isReader: false, cacheMegabytes: 1)
    let second = try SQLiteSession(path: folder.file(), isReader: false, cacheMegabytes: 1)
    try first.execute("CREATE TABLE t (k INTEGER PRIMARY KEY) STRICT")
    try first.execute("BEGIN")
    _ = try first.query("SELECT k FROM t") { try $0(0, as: Int.self) }
    try second.execute("INSERT INTO t VALUES (1)")
    let error = #expect(throws: DatabaseError.self) { try first.execute("INSERT INTO t VALUES (2)") }
    #expect(error?.kind == .tryAgain)
    try first.execute("ROLLBACK")
    try first.execute("INSERT INTO t VALUES (2)")
  }

  @Test func `that only reads sees what is committed, as it was when it began, and changes nothing`() throws {
    let folder = TemporaryFolder()
    let writer = try SQLiteSession(path: folder.file(), isReader: false, cacheMegabytes: 1)
    try writer.execute("CREATE TABLE t (k INTEGER PRIMARY KEY) STRICT")
    let reader = try SQLiteSession(path: folder.file(), isReader: true, cacheMegabytes: 1)
    func count() throws -> Int? { try reader.first("SELECT count(*) FROM t") { try $0(0) } }
    try writer.execute("BEGIN IMMEDIATE")
    try writer.execute("INSERT INTO t VALUES (1)")
    #expect(try count() == 0)
    try reader.execute("BEGIN")
    #expect(try count() == 0)
    try writer.execute("COMMIT")
    #expect(try count() == 0)
    try reader.execute("COMMIT")
    #expect(try count() == 1)
    #expect(throws: DatabaseError.self) { try reader.execute("DELETE FROM t") }
    #expect(try count() == 1)
  }

  @Test func `that only reads cannot write through the database either`() async throws {
    let folder = TemporaryFolder()
    let database = try await fresh(folder)
    await #expect(throws: DatabaseError.self) {
      try await database.read { _ = try $0.execute("INSERT INTO t (k) VALUES (1)") }
    }
    #expect(try await keys(database).isEmpty)
  }

  @Test func `among many at once fails alone`() async throws {
    let folder = TemporaryFolder()
    let database = try await fresh(folder)
    let outcomes = await withTaskGroup(of: (Int, DatabaseError.Kind?).self) { group in
      for key in 0..<400 {
        group.addTask {
          do {
            try await database.write { session in
              try session.execute("INSERT INTO t (k) VALUES (\(key))")
              // Every tenth then breaks a constraint: its first row must go with it.
              if key % 10 == 3 { try session.execute("INSERT INTO t (k) VALUES (\(key))") }
            }
            return (key, nil)
          } catch { return (key, (error as? DatabaseError)?.kind) }
        }
      }
      return await group.reduce(into: [Int: DatabaseError.Kind]()) { $0[$1.0] = $1.1 }
    }
    #expect(outcomes.count == 40)
    for (key, kind) in outcomes { #expect(key % 10 == 3 && kind == .conflict(name: "t.k")) }
    #expect(try await keys(database) == (0..<400).filter { $0 % 10 != 3 })
    let again = try SQLiteDatabase(path: folder.file(), readers: 1)
    #expect(try await keys(again).count == 360)
  }

  @Test func `hands back its own value among many`() async throws {
    let folder = TemporaryFolder()
    let database = try await fresh(folder)
    let total = try await withThrowingTaskGroup(of: Bool.self) { group in
      for key in 0..<200 {
        group.addTask {
          try await database.write { session in
            try session.execute("INSERT INTO t (k) VALUES (\(key))")
            return try session.first("SELECT k FROM t WHERE k = \(key)") { try $0(0, as: Int.self) }
          } == key
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(total == 200)
  }

  @Test func `does not begin on a file that is no database`() throws {
    let folder = TemporaryFolder()
    let file = try #require(fopen(folder.file(), "w"))
    for _ in 0..<500 { fputs("This is a letter to my aunt. ", file) }
    fclose(file)
    let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: folder.file()) }
    #expect(error?.kind == .damaged)
  }

  @Test func `does not begin in a folder that is not there`() throws {
    let folder = TemporaryFolder()
    let error = #expect(throws: DatabaseError.self) { try SQLiteDatabase(path: folder.file("none/test.db")) }
    #expect(error?.kind == .disconnected)
  }
}
