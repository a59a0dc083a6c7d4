import Basics
import Databases
import Testing

/// What lets an answer be kept: a number that moves when anybody writes, and only then.
@Suite struct `The edition of a database` {
  private func make(_ path: String) async throws -> SQLiteDatabase {
    let database = try SQLiteDatabase(path: path)
    try await database.write { try $0.execute("CREATE TABLE IF NOT EXISTS t (a INTEGER)") }
    return database
  }

  @Test func `is another one after each write of its own or of another program, and after no read`() async throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/a.db"
    let (mine, other) = (try await make(path), try await make(path))
    for writer in [mine, other, mine, other] {
      let before = try #require(mine.edition())
      _ = try await mine.read { try $0.query("SELECT a FROM t") { try $0(0, as: Int.self) } }
      #expect(mine.edition() == before)
      try await writer.write { try $0.execute("INSERT INTO t VALUES (1)") }
      #expect(mine.edition() != before)
    }
  }

  @Test func `stays when a write is given up`() async throws {
    struct GivenUp: Error {}
    let folder = TemporaryFolder()
    let database = try await make(folder.path + "/a.db")
    let before = database.edition()
    await #expect(throws: GivenUp.self) {
      try await database.write { session in
        try session.execute("INSERT INTO t VALUES (1)")
        throw GivenUp()
      }
    }
    #expect(before != nil && database.edition() == before)
  }

  @Test func `is known in memory too`() async throws {
    let database = try SQLiteDatabase.inMemory()
    let before = try #require(database.edition())
    _ = try await database.read { try $0.query("SELECT 1") { try $0(0, as: Int.self) } }
    #expect(database.edition() == before)
    try await database.write { try $0.execute("CREATE TABLE t (a INTEGER)") }
    #expect(database.edition() != before)
  }
}
