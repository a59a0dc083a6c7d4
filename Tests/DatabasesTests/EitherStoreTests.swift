import Basics
import Testing
import Workshop

@testable import Databases

private enum Thing: Identified { static let idPrefix = "thing" }

private enum Statements {
  static let insert = PreparedSQL("INSERT INTO t (k, text, bytes) VALUES (?, ?, ?)")
  static let all = PreparedSQL("SELECT k, text, bytes FROM t WHERE k >= ? ORDER BY k")
  static let optional = PreparedSQL("UPDATE t SET size = ?, text = COALESCE(?, text) WHERE k = ?")
}

/// What every store promises alike. Run once with SQLite and once with PostgreSQL.
@Suite struct `A store of either kind` {
  private struct Refusal: Error {}

  private func fresh() async throws -> any Database {
    let database = try TestDatabase.fresh()
    try await database.write { session in
      try session.execute(
        Migrator.statement(
          """
          CREATE TABLE t (
            k {int} PRIMARY KEY, text TEXT UNIQUE, bytes {blob}, id {id}, size {int}, is_new {bool}, real double precision
          )
          """, session.dialect))
    }
    return database
  }

  private func keys(_ database: any Database) async throws -> [Int] {
    try await database.read { try $0.query("SELECT k FROM t ORDER BY k") { try $0(0, as: Int.self) } }
  }

  @Test(arguments: ["", "x", "Größe 🐦", "'; DROP TABLE t; --", String(repeating: "long enough ", count: 10_000)])
  func `keeps text and bytes as they are`(text: String) async throws {
    let database = try await fresh()
    try await database.write { session in
      try session.execute("INSERT INTO t (k, text, bytes) VALUES (1, \(text), \(Array(text.utf8)))")
      try session.execute(Statements.insert) {
        $0.bind(2)
        $0.bind(text + "!")
        $0.bind(Array(text.utf8))
      }
    }
    let rows = try await database.read { session in
      try session.query("SELECT text, bytes FROM t ORDER BY k") { row in
        [Array(try row(0, as: String.self).utf8), try row(1, as: [UInt8].self)]
      }
    }
    #expect(rows == [[Array(text.utf8), Array(text.utf8)], [Array((text + "!").utf8), Array(text.utf8)]])
  }

  @Test(arguments: [Int64.min, -1, 0, 1, 255, 65_536, 2_147_483_648, .max])
  func `keeps whole numbers`(number: Int64) async throws {
    let database = try await fresh()
    let found = try await database.write { session in
      try session.execute("INSERT INTO t (k, size) VALUES (\(number), \(number))")
      return try session.first("SELECT size FROM t WHERE k = \(number) AND size = \(number)") {
        try $0(0, as: Int64.self)
      }
    }
    #expect(found == number)
  }

  @Test func `keeps truths, times, identities, fractions and nothing`() async throws {
    let database = try await fresh()
    let (id, time) = (ID<Thing>(bits: 0xF123_4567_89ab_cdef_0011_2233_4455_6677), Timestamp(milliseconds: -5))
    try await database.write { session in
      try session.execute("INSERT INTO t (k, id, size, is_new) VALUES (1, \(id), \(time), \(true))")
      try session.execute("INSERT INTO t (k, id, size, is_new) VALUES (2, NULL, \(Int?.none), \(false))")
    }
    let (ids, times, truths) = try await database.read { session in
      (
        try session.query("SELECT id FROM t ORDER BY k") { try $0(0, as: ID<Thing>?.self) },
        try session.query("SELECT size FROM t ORDER BY k") { try $0(0, as: Timestamp?.self) },
        try session.query("SELECT is_new FROM t ORDER BY k") { try $0(0, as: Bool.self) }
      )
    }
    #expect(ids == [id, nil])
    #expect(times == [time, nil])
    #expect(truths == [true, false])
  }

  @Test func `orders identities by their bits, and finds them in lists`() async throws {
    let database = try await fresh()
    let ids = [UInt128(3) << 120, 1, 1 << 64, 255, 256].map { ID<Thing>(bits: $0) }
    let (sorted, some) = try await database.write { session in
      for (key, id) in ids.enumerated() { try session.execute("INSERT INTO t (k, id) VALUES (\(key), \(id))") }
      let none: [ID<Thing>] = []
      return (
        try session.query("SELECT id FROM t ORDER BY id") { try $0(0, as: ID<Thing>.self) },
        try session.query("SELECT k FROM t WHERE id IN \(list: ids[1...2]) OR id IN \(list: none) ORDER BY k") {
          try $0(0, as: Int.self)
        }
      )
    }
    #expect(sorted == ids.sorted())
    #expect(some == [1, 2])
  }

  @Test func `takes values and nothing in turn in the same place`() async throws {
    let database = try await fresh()
    try await database.write { session in
      try session.execute("INSERT INTO t (k, text) VALUES (1, 'old')")
      for (size, text) in [(nil, nil), (5, "new"), (nil, "newer"), (7, nil)] as [(Int64?, String?)] {
        try session.execute(Statements.optional) {
          $0.bind(size)
          $0.bind(text)
          $0.bind(1)
        }
        try session.execute("UPDATE t SET is_new = COALESCE(\(size.map { $0 > 5 }), is_new) WHERE k = 1")
      }
    }
    let row = try await database.read {
      try $0.first("SELECT size, text, is_new FROM t") {
        (try $0(0, as: Int?.self), try $0(1, as: String.self), try $0(2, as: Bool.self))
      }
    }
    #expect(row?.0 == 7)
    #expect(row?.1 == "newer")
    #expect(row?.2 == true)
  }

  @Test func `adds up, also beyond what a column is declared as`() async throws {
    let database = try await fresh()
    let sums = try await database.write { session in
      for key in 1...3 {
        try session.execute("INSERT INTO t (k, size) VALUES (\(key), \(-4_000_000_000_000_000 * key))")
      }
      return try session.first("SELECT SUM(size), COUNT(*), SUM(k), MAX(size), SUM(size) FROM t WHERE k > \(0)") {
        row in
        [try row(0), try row(1), try row(2), try row(3)] as [Int64]
      }
    }
    #expect(sums == [-24_000_000_000_000_000, 3, 6, -4_000_000_000_000_000])
  }

  @Test func `says how many rows a statement changed`() async throws {
    let database = try await fresh()
    let counts = try await database.write { session in
      for key in 1...5 { try session.execute("INSERT INTO t (k) VALUES (\(key))") }
      return [
        try session.changes("UPDATE t SET size = \(1) WHERE k > \(2)"),
        try session.changes("DELETE FROM t WHERE k = 99"),
        try session.changes("DELETE FROM t"),
      ]
    }
    #expect(counts == [3, 0, 5])
  }

  @Test func `may be asked again while rows are being read`() async throws {
    let database = try await fresh()
    let pairs = try await database.write { session in
      for key in 1...3 { try session.execute("INSERT INTO t (k) VALUES (\(key))") }
      return try session.query(Statements.all, { $0.bind(2) }) { outer in
        [try outer(0, as: Int.self)]
          + (try session.query(Statements.all, { $0.bind(1) }, { try $0(0, as: Int.self) }))
      }
    }
    #expect(pairs == [[2, 1, 2, 3], [3, 1, 2, 3]])
  }

  @Test func `takes back a transaction that throws, and hands on what was thrown`() async throws {
    let database = try await fresh()
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

  @Test func `names a broken constraint, and goes on afterwards`() async throws {
    let database = try await fresh()
    try await database.write { try $0.execute("INSERT INTO t (k, text) VALUES (1, 'a')") }
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { _ = try $0.execute("INSERT INTO t (k, text) VALUES (2, 'a')") }
    }
    guard case .conflict(let name) = error?.kind else { Issue.record("\(String(describing: error))"); return }
    #expect(["t.text", "t_text_key"].contains(name))
    try await database.write { try $0.execute("INSERT INTO t (k, text) VALUES (2, 'b')") }
    #expect(try await keys(database) == [1, 2])
  }

  @Test func `refuses what cannot be understood, and a second statement behind the first`() async throws {
    let database = try await fresh()
    for sql in ["SELEKT 1", "DELETE FROM t WHERE k = 1; DELETE FROM t WHERE k = 2"] {
      let error = await #expect(throws: DatabaseError.self) {
        try await database.write { _ = try $0.execute(SQL(stringLiteral: sql)) }
      }
      #expect(error?.kind == .programmer)
      #expect(error?.sql == sql)
    }
    let counts = [0, 2, 4]
    for count in counts {
      let error = await #expect(throws: DatabaseError.self) {
        try await database.write { session in
          _ = try session.execute(Statements.insert) { for number in 0..<count { $0.bind(number) } }
        }
      }
      #expect(error?.kind == .programmer)
    }
    #expect(try await keys(database).isEmpty)
  }

  @Test func `changes nothing while it reads`() async throws {
    let database = try await fresh()
    guard database is PostgresDatabase else { return }
    let error = await #expect(throws: DatabaseError.self) {
      try await database.read { _ = try $0.execute("INSERT INTO t (k) VALUES (1)") }
    }
    #expect(error?.kind == .programmer)
    #expect(try await keys(database).isEmpty)
  }

  @Test func `counts right when many count at once`() async throws {
    let database = try await fresh()
    try await database.write { try $0.execute("INSERT INTO t (k, size) VALUES (1, 0)") }
    // Each reads and then writes: a lost update would show.
    try await withThrowingTaskGroup { group in
      for _ in 0..<40 {
        group.addTask {
          try await database.write { session in
            let size = try session.first("SELECT size FROM t WHERE k = 1") { try $0(0, as: Int.self) } ?? 0
            try session.execute("UPDATE t SET size = \(size + 1) WHERE k = 1")
          }
        }
      }
      try await group.waitForAll()
    }
    let size = try await database.read { try $0.first("SELECT size FROM t") { try $0(0, as: Int.self) } }
    #expect(size == 40)
  }

  @Test func `lets nobody decide by what another is changing`() async throws {
    let database = try await fresh()
    try await database.write { session in
      for key in 1...2 { try session.execute("INSERT INTO t (k, size) VALUES (\(key), 1)") }
    }
    // Of two that are on duty one may leave: each looks at both, and changes only its own row.
    await withTaskGroup { group in
      for key in 1...2 {
        group.addTask {
          _ = try? await database.write { session in
            let onDuty = try session.first("SELECT SUM(size) FROM t") { try $0(0, as: Int.self) } ?? 0
            if onDuty > 1 { try session.execute("UPDATE t SET size = 0 WHERE k = \(key)") }
          }
        }
      }
      await group.waitForAll()
    }
    let onDuty = try await database.read { try $0.first("SELECT SUM(size) FROM t") { try $0(0, as: Int.self) } }
    #expect(onDuty == 1)
  }

  private static func post(_ key: Int, _ session: any Session) throws {
    try session.post(Statements.insert) {
      $0.bind(key)
      $0.null()
      $0.bind([1, 2])
    }
  }

  @Test func `has run what was posted before the next answer, and says when it failed`() async throws {
    let database = try await fresh()
    let count = try await database.write { session in
      for key in 1...500 { try Self.post(key, session) }
      return try session.first("SELECT count(*) FROM t") { try $0(0, as: Int.self) }
    }
    #expect(count == 500)
    try await database.write { session in for key in 501...600 { try Self.post(key, session) } }
    #expect(try await keys(database).count == 600)
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { session in
        try Self.post(601, session)
        try Self.post(1, session)
        try Self.post(602, session)
      }
    }
    guard case .conflict = error?.kind else { Issue.record("\(String(describing: error))"); return }
    #expect(try await keys(database).count == 600)
  }

  @Test func `is migrated once when several programs begin at the same time`() async throws {
    let database = try TestDatabase.fresh()
    let steps = [
      Migration(
        version: 1, name: "one", statements: ["CREATE TABLE one (id {id} PRIMARY KEY, is_new {bool}) {strict}"]),
      Migration(version: 2, name: "two", statements: ["ALTER TABLE one ADD COLUMN name TEXT"]),
    ]
    #expect(try await Migrator.version(of: database) == 0)
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask { try await Migrator.migrate(database, steps, now: Timestamp(seconds: 1)) }
      }
      return try await group.reduce(0, +)
    }
    #expect(counts == 2)
    #expect(try await Migrator.version(of: database) == 2)
    let broken = Migration(
      version: 3, name: "broken", statements: ["CREATE TABLE half (id {int})", "INSERT INTO nowhere VALUES (1)"])
    await #expect(throws: DatabaseError.self) {
      try await Migrator.migrate(database, steps + [broken], now: Timestamp(seconds: 2))
    }
    #expect(try await Migrator.version(of: database) == 2)
  }
}
