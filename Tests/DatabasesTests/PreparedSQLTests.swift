import Basics
import Testing

@testable import Databases

private enum Thing: Identified { static let idPrefix = "thing" }

private enum Statements {
  static let create = PreparedSQL("CREATE TABLE t (k INTEGER PRIMARY KEY, text TEXT, bytes BLOB, real REAL)")
  static let insert = PreparedSQL("INSERT INTO t (k, text, bytes) VALUES (?, ?, ?)")
  static let all = PreparedSQL("SELECT k, text, bytes FROM t WHERE k >= ? ORDER BY k")
  static let values = PreparedSQL("SELECT ?, ?, ?, ?, ?, ?, ?, ?")
  static let broken = PreparedSQL("SELEKT 1")
  static let two = PreparedSQL("DELETE FROM t WHERE k = ?; DELETE FROM t")
}

@Suite struct `A prepared statement` {
  private func fresh() throws -> SQLiteSession {
    let session = try SQLiteSession(path: ":memory:", isReader: false, cacheMegabytes: 1)
    try session.execute(Statements.create) { _ in }
    return session
  }

  private func insert(_ key: Int, _ text: String?, _ session: SQLiteSession, _ bytes: [UInt8] = []) throws {
    try session.execute(Statements.insert) {
      $0.bind(key)
      $0.bind(text)
      $0.bind(bytes)
    }
  }

  private func texts(_ session: SQLiteSession) throws -> [String?] {
    try session.query(Statements.all, { $0.bind(0) }, { try $0(1) })
  }

  @Test(arguments: ["", "x", "Größe 🐦", "a\0b", "'); --", String(repeating: "long enough ", count: 10_000)])
  func `keeps text and bytes as they are, small ones and large ones in turn`(text: String) throws {
    let session = try fresh()
    for key in 0..<4 {
      try insert(2 * key, text, session, Array(text.utf8))
      try insert(2 * key + 1, "small", session)
    }
    #expect(try texts(session) == [text, "small", text, "small", text, "small", text, "small"])
    let bytes = try session.query(Statements.all, { $0.bind(0) }, { try $0(2, as: [UInt8].self) })
    #expect(bytes == [Array(text.utf8), [], Array(text.utf8), [], Array(text.utf8), [], Array(text.utf8), []])
  }

  @Test func `takes every kind of argument, and gives it back`() throws {
    let session = try fresh()
    let id = ID<Thing>(bits: 0xF123_4567_89ab_cdef_0011_2233_4455_6677)
    let time = Timestamp(milliseconds: -5)
    let found = try session.first(
      Statements.values,
      { binder in
        binder.bind(Int64.min)
        binder.bind(true)
        binder.bind(id)
        binder.bind(time)
        binder.bind(Optional<String>.none)
        binder.bind(utf8: Array("utf8".utf8).span)
        binder.bind(DatabaseValueHolder(databaseValue: .real(1.5)))
        binder.bind(Optional<Int64>.some(7))
      },
      { row in
        let numbers = [try row(0), try row(7)] as [Int64]
        let (isTrue, owner, instant) = (
          try row(1, as: Bool.self), try row(2, as: ID<Thing>.self), try row(3, as: Timestamp.self)
        )
        let texts = [try row(4), try row(5)] as [String?]
        return (numbers, isTrue, owner, instant, texts, row.source.value(at: 6))
      })
    #expect(found?.0 == [.min, 7])
    #expect(found?.1 == true)
    #expect(found?.2 == id)
    #expect(found?.3 == time)
    #expect(found?.4 == [nil, "utf8"])
    #expect(found?.5 == .real(1.5))
  }

  @Test func `forgets nothing of an earlier run, since each binds all`() throws {
    let session = try fresh()
    try insert(1, "first", session, [1])
    try insert(2, nil, session, [2])
    #expect(try texts(session) == ["first", nil])
  }

  @Test(arguments: [0, 2, 4])
  func `with too few or too many arguments does not run`(count: Int) throws {
    let session = try fresh()
    let error = #expect(throws: DatabaseError.self) {
      try session.execute(Statements.insert) { for number in 0..<count { $0.bind(number) } }
    }
    #expect(error?.kind == .programmer)
    #expect(error?.sql == Statements.insert.text)
    #expect(try texts(session).isEmpty)
    try insert(1, "after", session)
    #expect(try texts(session) == ["after"])
  }

  @Test func `that breaks a constraint says so, and runs again`() throws {
    let session = try fresh()
    try insert(1, "one", session)
    let error = #expect(throws: DatabaseError.self) { try insert(1, "again", session) }
    #expect(error?.kind == .conflict(name: "t.k"))
    try insert(2, "two", session)
    #expect(try texts(session) == ["one", "two"])
  }

  @Test func `may be asked again while its rows are being read`() throws {
    let session = try fresh()
    for key in 1...3 { try insert(key, "\(key)", session) }
    let pairs = try session.query(
      Statements.all, { $0.bind(2) },
      { outer in
        let inner = try session.query(Statements.all, { $0.bind(1) }, { try $0(0, as: Int.self) })
        return [try outer(0, as: Int.self)] + inner
      })
    #expect(pairs == [[2, 1, 2, 3], [3, 1, 2, 3]])
  }

  @Test func `says how many rows it changed`() throws {
    let session = try fresh()
    #expect(
      try session.execute(Statements.insert) {
        $0.bind(1)
        $0.null()
        $0.null()
      } == 1)
  }

  @Test func `is free again when reading ends early`() throws {
    struct Enough: Error {}
    let session = try fresh()
    for key in 1...3 { try insert(key, nil, session) }
    #expect(throws: Enough.self) {
      try session.forEach(Statements.all, { $0.bind(0) }, { _ in throw Enough() })
    }
    #expect(try session.first(Statements.all, { $0.bind(2) }, { try $0(0, as: Int.self) }) == 2)
    try session.execute("DROP TABLE t")
  }

  @Test func `that cannot be understood is our own mistake`() throws {
    let session = try fresh()
    try insert(1, nil, session)
    for statement in [Statements.broken, Statements.two] {
      let error = #expect(throws: DatabaseError.self) { try session.execute(statement) { $0.bind(1) } }
      #expect(error?.kind == .programmer)
    }
    #expect(try texts(session) == [nil])
  }

  @Test func `follows a change of the tables`() throws {
    let session = try fresh()
    try insert(1, "old", session)
    try session.execute("ALTER TABLE t ADD COLUMN more TEXT")
    try insert(2, "new", session)
    #expect(try texts(session) == ["old", "new"])
  }

  @Test func `belongs to each session anew`() throws {
    let (one, two) = (try fresh(), try fresh())
    try insert(1, "one", one)
    try insert(1, "two", two)
    #expect(try texts(one) == ["one"])
    #expect(try texts(two) == ["two"])
  }

  @Test func `reads a number from text as other statements do`() throws {
    let session = try fresh()
    try insert(1, "42", session)
    let read = PreparedSQL("SELECT text FROM t")
    #expect(try session.first(read, { _ in }, { try $0(0, as: Int.self) }) == 42)
    let error = #expect(throws: DatabaseError.self) {
      try session.first(read, { _ in }, { try $0(0, as: ID<Thing>.self) })
    }
    #expect(error?.kind == .programmer)
  }
}

private struct DatabaseValueHolder: DatabaseConvertible {
  let databaseValue: DatabaseValue
}
