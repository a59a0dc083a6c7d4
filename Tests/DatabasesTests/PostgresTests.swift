import Basics
import Testing
import Workshop

@testable import Databases

private enum Statements {
  static let all = PreparedSQL("SELECT * FROM t WHERE k >= ?")
}

/// What only a server has: connections that break, others that are in the way, and an address with a password.
@Suite(.enabled(if: TestDatabase.server != nil, "\(TestDatabase.missing)"))
struct `A PostgreSQL server` {
  private func fresh(connectionsMax: Int = 3) async throws -> (PostgresDatabase, PostgresSettings) {
    let settings = try TestDatabase.settings(connectionsMax: connectionsMax)
    let database = try PostgresDatabase(settings)
    try await database.write { try $0.execute("CREATE TABLE t (k bigint PRIMARY KEY, text TEXT)") }
    return (database, settings)
  }

  private func keys(_ database: PostgresDatabase) async throws -> [Int] {
    try await database.read { try $0.query("SELECT k FROM t ORDER BY k") { try $0(0, as: Int.self) } }
  }

  private static func process(_ session: any Session) throws -> Int {
    try session.first("SELECT pg_backend_pid()") { try $0(0, as: Int.self) } ?? 0
  }

  private static func kill(_ process: Int, _ settings: PostgresSettings) throws {
    let other = try PostgresSession(settings)
    _ = try other.query("SELECT pg_terminate_backend(CAST(\(process) AS integer))") { try $0(0, as: Bool.self) }
  }

  @Test func `may cut a connection that nobody uses, and nobody notices`() async throws {
    let (database, settings) = try await fresh(connectionsMax: 1)
    let before = try await database.read { try Self.process($0) }
    try Self.kill(before, settings)
    #expect(try await keys(database).isEmpty)
    #expect(try await database.read { try Self.process($0) } != before)
  }

  @Test func `may cut a connection in the middle, and the transaction is run again whole`() async throws {
    let (database, settings) = try await fresh(connectionsMax: 1)
    let tries = Locked(0)
    try await database.write { session in
      try session.execute("INSERT INTO t (k) VALUES (1)")
      let count = tries.withLock { count in
        count += 1
        return count
      }
      if count == 1 { try Self.kill(try Self.process(session), settings) }
      try session.execute("INSERT INTO t (k) VALUES (2)")
    }
    #expect(tries.withLock { $0 } == 2)
    #expect(try await keys(database) == [1, 2])
  }

  @Test func `refuses what nobody waited for at the latest as it is committed, and all of it is undone`() async throws {
    let (database, _) = try await fresh(connectionsMax: 1)
    let reached = Locked(0)
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { session in
        try session.execute("INSERT INTO t (k) VALUES (1)")
        try session.execute("INSERT INTO t (k) VALUES (1)")
        try session.execute("INSERT INTO t (k) VALUES (2)")
        reached.withLock { $0 += 1 }
      }
    }
    if case .conflict = error?.kind {} else { Issue.record("\(error as Any)") }
    #expect(error?.sql == "INSERT INTO t (k) VALUES (1)" && reached.withLock { $0 } == 1)
    #expect(try await keys(database).isEmpty)
    try await database.write { try $0.execute("INSERT INTO t (k) VALUES (3)") }
    #expect(try await keys(database) == [3])
  }

  @Test func `that stumbles over itself is asked again`() async throws {
    let (database, _) = try await fresh()
    let tries = Locked(0)
    try await database.write { session in
      let count = tries.withLock { count in
        count += 1
        return count
      }
      guard count == 1 else { return }
      try session.execute("DO $$ BEGIN RAISE EXCEPTION 'an inner fault' USING ERRCODE = 'XX000'; END $$")
    }
    #expect(tries.withLock { $0 } == 2)
  }

  @Test func `that is not there is told about without the password`() async throws {
    for address in [
      "postgres://me:pass%77ord@127.0.0.1:1/x?connect_timeout=1", "postgres://me:hunter2@[::1/x", "hunter2=x",
    ] {
      let world = World.simulated(seed: 1)
      let settings = PostgresSettings(address: Secret(address), connectionsMax: 1)
      let database = try PostgresDatabase(settings, world: world)
      let error = await #expect(throws: DatabaseError.self) { try await database.read { try Self.process($0) } }
      #expect(error.map { !"\($0)".contains("hunter2") && !"\($0)".contains("password") } == true, "\(error as Any)")
      #expect(!"\(settings)".contains("hunter2"))
    }
  }

  @Test func `is found among several hosts`() async throws {
    let (_, settings) = try await fresh()
    let address = settings.address.reveal.replacing("host=", with: "host=/nowhere,").replacing("port=", with: "port=1,")
    let database = try PostgresDatabase(PostgresSettings(address: Secret(address), connectionsMax: 1))
    #expect(try await keys(database).isEmpty)
  }

  @Test func `is heard through whatever stands before it`() async throws {
    let (database, settings) = try await fresh()
    for front: any Database in [
      CountedDatabase(database), CountedDatabase(try FollowedDatabase(database, standby: settings)),
    ] {
      let notifying = try #require(front as? any Notifying)
      var heard = notifying.notifications(on: "word").makeAsyncIterator()
      // Whoever begins to listen is told so: something may have been said before.
      #expect(await heard.next() != nil)
      try await front.write { _ = try $0.query("SELECT pg_notify('word', '')") { _ in 0 } }
      #expect(await heard.next() != nil)
    }
  }

  @Test func `is asked itself where the standby that is named is none`() async throws {
    let (database, settings) = try await fresh()
    for standby in [settings, PostgresSettings(address: Secret("postgres://me@127.0.0.1:1/x"), connectionsMax: 1)] {
      let front = try FollowedDatabase(database, standby: standby)
      try await Following.$isAllowed.withValue(true) {
        for key in 1...3 {
          try await front.write { try $0.execute("INSERT INTO t (k) VALUES (\(key))") }
          #expect(try await front.read { try $0.query("SELECT k FROM t") { try $0(0, as: Int.self) } }.count == key)
        }
      }
      try await front.write { try $0.execute("DELETE FROM t") }
    }
  }

  @Test func `does not commit what failed inside, even when the error was caught`() async throws {
    let (database, _) = try await fresh()
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { session in
        try session.execute("INSERT INTO t (k) VALUES (1)")
        _ = try? session.execute("INSERT INTO t (k) VALUES (1)")
      }
    }
    #expect(error?.kind == .conflict(name: "t_pkey"))
    #expect(try await keys(database).isEmpty)
  }

  @Test func `lets nobody wait for ever`() async throws {
    var (database, settings) = try await fresh()
    try await database.write { try $0.execute("INSERT INTO t (k) VALUES (1)") }
    settings.lockTimeout = .milliseconds(50)
    settings.statementTimeout = .milliseconds(100)
    let hurried = try PostgresDatabase(settings)
    let holder = try PostgresSession(settings)
    try holder.begin("BEGIN", isReading: false)
    #expect(try holder.changes("UPDATE t SET text = 'mine'") == 1)
    let tries = Locked(0)
    for sql in ["UPDATE t SET text = 'yours'", "SELECT pg_sleep(10)"] as [SQL] {
      let error = await #expect(throws: DatabaseError.self) {
        try await hurried.write { session in
          tries.withLock { $0 += 1 }
          _ = try session.changes(sql)
        }
      }
      #expect(error?.kind == .tryAgain)
    }
    #expect(tries.withLock { $0 } == 2, "whoever is in the way is still there: trying again at once is no use")
    holder.rollback()
    try await hurried.write { try $0.execute("UPDATE t SET text = 'yours'") }
  }

  @Test func `is never asked on more connections than allowed, and everybody has a turn`() async throws {
    let (database, _) = try await fresh(connectionsMax: 2)
    let state = Locked((now: 0, most: 0))
    try await withThrowingTaskGroup { group in
      for key in 0..<50 {
        group.addTask {
          try await database.write { session in
            state.withLock { state in
              state.now += 1
              state.most = max(state.most, state.now)
            }
            defer { state.withLock { $0.now -= 1 } }
            try session.execute("INSERT INTO t (k) VALUES (\(key))")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(state.withLock { $0.most } <= 2)
    #expect(try await keys(database) == Array(0..<50))
  }

  @Test func `is read while those who write wait for each other`() async throws {
    let (database, _) = try await fresh(connectionsMax: 4)
    // All of them write one row: whoever is refused is run again, until there is room for one alone.
    try await database.write { try $0.execute("INSERT INTO t (k, text) VALUES (0, '')") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 {
        group.addTask { try await database.write { try $0.execute("UPDATE t SET text = text || 'x' WHERE k = 0") } }
        group.addTask { _ = try await keys(database) }
      }
      try await group.waitForAll()
    }
    let text = try await database.read { try $0.first("SELECT text FROM t WHERE k = 0") { try $0(0, as: String.self) } }
    #expect(text == String(repeating: "x", count: 40))
  }

  @Test func `sees what was written a moment ago, however little is waited for`() async throws {
    let (database, settings) = try await fresh(connectionsMax: 1)
    for key in 0..<20 {
      try await database.write { try $0.execute("INSERT INTO t (k) VALUES (\(key))") }
      #expect(try await keys(database) == Array(0...key))
      #expect(try await keys(database) == Array(0...key), "nobody waited for the end of the reading before")
    }
    // A connection that is cut while nobody has heard of the end of its last reading.
    try Self.kill(try await database.read { try Self.process($0) }, settings)
    try await database.write { try $0.execute("INSERT INTO t (k) VALUES (20)") }
    #expect(try await keys(database).count == 21)
  }

  @Test func `keeps no one waiting who has given up`() async throws {
    let (database, _) = try await fresh(connectionsMax: 1)
    let waiting = Locked<Task<Int, any Error>?>(nil)
    try await database.read { _ in
      let task = Task { try await database.read { try Self.process($0) } }
      task.cancel()
      waiting.withLock { $0 = task }
    }
    let task = try #require(waiting.withLock { $0 })
    // Either it was told that it gave up, or it had its turn before it heard.
    _ = await task.result
    #expect(try await keys(database).isEmpty)
  }

  @Test func `knows a bounded number of prepared statements`() throws {
    let session = try PostgresSession(try TestDatabase.settings())
    try session.begin("BEGIN", isReading: true)
    for number in 0..<600 {
      #expect(try session.first(SQL(stringLiteral: "SELECT \(number)")) { try $0(0, as: Int.self) } == number)
      #expect(session.statementCount <= 256)
    }
    let known = try session.first("SELECT count(*) FROM pg_prepared_statements") { try $0(0, as: Int.self) } ?? 0
    #expect(known <= 257)
    let before = session.statementCount
    for number in 0..<50 { _ = try session.first("SELECT CAST(\(number) AS bigint)") { try $0(0, as: Int.self) } }
    #expect(session.statementCount == before + 1)
    try session.commit()
  }

  @Test func `changes its tables under a statement that was prepared`() async throws {
    let (database, _) = try await fresh(connectionsMax: 1)
    try await database.write { try $0.execute("INSERT INTO t (k, text) VALUES (1, 'one')") }
    func row() async throws -> Int? {
      try await database.read { session in
        try session.first(Statements.all, { $0.bind(1) }, { try $0(0, as: Int.self) })
      }
    }
    #expect(try await row() == 1)
    try await database.write { try $0.execute("ALTER TABLE t ADD COLUMN more TEXT") }
    #expect(try await row() == 1)
  }

  @Test func `has no character of number 0, and keeps a sign in its place`() async throws {
    let (database, _) = try await fresh()
    try await database.write { try $0.execute("INSERT INTO t (k, text) VALUES (1, \("a\0b\0"))") }
    let text = try await database.read { try $0.first("SELECT text FROM t") { try $0(0, as: String.self) } }
    #expect(text == "a\u{FFFD}b\u{FFFD}")
  }

  @Test(
    arguments: [
      ("0", 0), ("1", 1), ("-1", -1), ("9999", 9_999), ("10000", 10_000), ("120000", 120_000),
      ("-100020003", -100_020_003),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil), ("1.5", nil),
      ("100000000000000000000", nil), ("'NaN'", nil),
    ] as [(String, Int64?)])
  func `counts in numbers of any length, which are ours when they are whole and fit`(
    text: String, number: Int64?
  ) throws {
    let session = try PostgresSession(try TestDatabase.settings())
    let found = try session.query(SQL(stringLiteral: "SELECT CAST(\(text) AS numeric)")) { row in
      row.source.integer(at: 0)
    }
    #expect(found == [number])
  }
}
