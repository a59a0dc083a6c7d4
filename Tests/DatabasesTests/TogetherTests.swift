import Testing
import Workshop

@testable import Databases

private enum Statements {
  static let parents = PreparedSQL(together: "INSERT INTO t (k, text, size) VALUES (?, ?, ?)", turn: 1)
  static let children = PreparedSQL(
    together: """
      INSERT INTO child (k, t) VALUES (?, ?)
      ON CONFLICT (k) DO UPDATE SET t = excluded.t
      """, turn: 2)
}

/// Rows that are posted may wait for each other; nobody can tell. Run once with SQLite and once with PostgreSQL.
@Suite struct `Rows that are inserted together` {
  private struct Refusal: Error {}

  private func store() async throws -> any Database {
    let database = try TestDatabase.fresh()
    try await database.write { session in
      try session.execute(
        Migrator.statement("CREATE TABLE t (k {int} PRIMARY KEY, text TEXT, size {int})", session.dialect))
    }
    return database
  }

  private func keys(_ database: any Database) async throws -> [Int] {
    try await database.read { try $0.query("SELECT k FROM t ORDER BY k") { try $0(0, as: Int.self) } }
  }

  /// Some of them NULL in turns, so that what a column holds is learned late.
  private static func post(_ key: Int, _ session: any Session) throws {
    try session.post(Statements.parents) {
      $0.bind(key)
      $0.bind(key % 5 == 4 ? "\(key)" : nil)
      $0.bind(key % 300 == 299 ? key : nil)
    }
    try session.post(Statements.children) {
      $0.bind(key)
      $0.bind(key)
    }
  }

  private func family() async throws -> any Database {
    let database = try await store()
    try await database.write { session in
      let children = "CREATE TABLE child (k {int} PRIMARY KEY, t {int} NOT NULL REFERENCES t(k))"
      try session.execute(Migrator.statement(children, session.dialect))
    }
    return database
  }

  @Test(arguments: [1, 2, 127, 128, 129, 777]) func `keeps every row that waited for company`(rows: Int) async throws {
    let database = try await family()
    for turn in 0..<3 {
      let found = try await database.write { session in
        for key in 0..<rows { try Self.post(turn * rows + key, session) }
        return try session.first("SELECT (SELECT count(*) FROM t), (SELECT sum(t) FROM child)") { row in
          [try row(0, as: Int.self), try row(1, as: Int.self)]
        }
      }
      let all = (turn + 1) * rows
      #expect(found == [all, all * (all - 1) / 2], "a reading sees what was posted before it")
    }
    #expect(try await keys(database) == Array(0..<3 * rows))
    let texts = try await database.read { session in
      try session.query("SELECT k, text, size FROM t ORDER BY k") { row in
        (try row(0, as: Int.self), try row(1, as: String?.self), try row(2, as: Int?.self))
      }
    }
    #expect(texts.allSatisfy { $1 == ($0 % 5 == 4 ? "\($0)" : nil) && $2 == ($0 % 300 == 299 ? $0 : nil) })
  }

  @Test func `lets rows of the same key follow once it is settled`() async throws {
    let database = try await family()
    try await database.write { session in
      try session.execute("INSERT INTO t (k) VALUES (1), (2)")
      for parent in [1, 2] {
        try session.post(Statements.children) {
          $0.bind(7)
          $0.bind(parent)
        }
        try session.settle()
      }
    }
    #expect(try await database.read { try $0.first("SELECT t FROM child") { try $0(0, as: Int.self) } } == 2)
  }

  @Test func `takes back all of what waited when the transaction fails, and says why`() async throws {
    let database = try await store()
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { session in
        for key in [1, 2, 3, 2] {
          try session.post(Statements.parents) {
            $0.bind(key)
            $0.null()
            $0.null()
          }
        }
      }
    }
    guard case .conflict = error?.kind else { return #expect(Bool(false), "\(error as Any)") }
    await #expect(throws: Refusal.self) {
      try await database.write { session in
        try session.post(Statements.parents) {
          $0.bind(5)
          $0.null()
          $0.null()
        }
        throw Refusal()
      }
    }
    try await database.write { session in
      try session.post(Statements.parents) {
        $0.bind(9)
        $0.null()
        $0.null()
      }
    }
    #expect(try await keys(database) == [9])
  }
}
