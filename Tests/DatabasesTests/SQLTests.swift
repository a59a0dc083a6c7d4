import Testing

@testable import Databases

@Suite struct `A statement` {
  private func numbers() async throws -> SQLiteDatabase {
    let database = try SQLiteDatabase.inMemory()
    try await database.write { session in
      try session.execute("CREATE TABLE n (v INTEGER PRIMARY KEY) STRICT")
      for value in 1...5 { try session.execute("INSERT INTO n VALUES (\(value))") }
    }
    return database
  }

  private func values(_ sql: SQL, _ database: SQLiteDatabase) async throws -> [Int] {
    try await database.read { try $0.query(sql) { try $0(0, as: Int.self) } }
  }

  @Test func `binds what is interpolated, whatever it says`() async throws {
    let evil = "x'); DROP TABLE n; --"
    let (text, arguments) = ("SELECT \(evil), \(7)" as SQL).rendered(placeholder: "$")
    #expect(text == "SELECT $1, $2")
    #expect(arguments == [.text(evil), .integer(7)])
    let database = try await numbers()
    try await database.write { session in
      try session.execute("CREATE TABLE note (text TEXT) STRICT")
      try session.execute("INSERT INTO note VALUES (\(evil))")
    }
    #expect(try await database.read { try $0.first("SELECT text FROM note") { try $0(0, as: String.self) } } == evil)
    #expect(try await values("SELECT count(*) FROM n", database) == [5])
  }

  @Test func `composes of fragments, arguments in order`() {
    let condition: SQL = "a = \(1) AND b = \("two")"
    let (text, arguments) = ("SELECT \(0) WHERE \(condition) AND c = \(3)" as SQL).rendered(placeholder: "?")
    #expect(text == "SELECT ?1 WHERE a = ?2 AND b = ?3 AND c = ?4")
    #expect(arguments == [.integer(0), .integer(1), .text("two"), .integer(3)])
  }

  @Test func `takes a list, and an empty one never matches`() async throws {
    let database = try await numbers()
    let none: [Int] = []
    #expect(try await values("SELECT v FROM n WHERE v IN \(list: [2, 4, 9]) ORDER BY v", database) == [2, 4])
    #expect(try await values("SELECT v FROM n WHERE v IN \(list: none)", database).isEmpty)
    #expect(try await values("SELECT v FROM n WHERE v NOT IN \(list: none)", database).isEmpty)
  }

  @Test func `may be asked again while its rows are being read`() async throws {
    let database = try await numbers()
    let pairs = try await database.read { session in
      try session.query("SELECT v FROM n ORDER BY v") { outer in
        let first = try outer(0, as: Int.self)
        let inner = try session.query("SELECT v FROM n ORDER BY v") { try $0(0, as: Int.self) }
        return [first] + inner
      }
    }
    #expect(pairs == (1...5).map { [$0, 1, 2, 3, 4, 5] })
  }

  @Test func `says how many rows it changed`() async throws {
    let database = try await numbers()
    let counts = try await database.write { session in
      [
        try session.changes("UPDATE n SET v = v + 10 WHERE v > \(2)"),
        try session.changes("DELETE FROM n WHERE v = 99"),
        try session.changes("DELETE FROM n"),
      ]
    }
    #expect(counts == [3, 0, 5])
  }

  @Test func `that cannot be understood is our own mistake`() async throws {
    let database = try await numbers()
    let error = await #expect(throws: DatabaseError.self) { try await values("SELEKT 1", database) }
    #expect(error?.kind == .programmer)
    #expect(error?.sql == "SELEKT 1")
  }

  @Test func `with a second one behind it is refused, not half run`() async throws {
    let database = try await numbers()
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { _ = try $0.execute("DELETE FROM n WHERE v = 1; DELETE FROM n WHERE v = 2") }
    }
    #expect(error?.kind == .programmer)
    #expect(try await values("SELECT count(*) FROM n", database) == [5])
    #expect(try await values("SELECT 1; \n -- that was all", database) == [1])
  }

  @Test func `is kept prepared, within bounds`() async throws {
    let session = try SQLiteSession(path: ":memory:", isReader: false, cacheMegabytes: 1)
    for number in 0..<1_000 {
      let sql = SQL(stringLiteral: "SELECT \(number)")
      #expect(try session.first(sql) { try $0(0, as: Int.self) } == number)
      #expect(session.statementCount <= 256)
    }
    let before = session.statementCount
    for number in 0..<50 { _ = try session.first("SELECT \(number)") { try $0(0, as: Int.self) } }
    #expect(session.statementCount == before + 1)
  }
}
