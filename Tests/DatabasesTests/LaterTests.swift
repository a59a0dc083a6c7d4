import Testing
import Workshop

@testable import Databases

/// Questions that are asked before the first answer is needed. Run once with SQLite and once with PostgreSQL: nobody can tell.
@Suite struct `A question whose answer is needed later` {
  private struct Refusal: Error {}

  private func store() async throws -> any Database {
    let database = try TestDatabase.fresh()
    try await database.write { session in
      try session.execute(Migrator.statement("CREATE TABLE t (k {int} PRIMARY KEY)", session.dialect))
    }
    return database
  }

  private static func keys(_ session: any Session) throws -> Later<[Int]> {
    try session.ask("SELECT k FROM t ORDER BY k") { try $0(0, as: Int.self) }
  }

  @Test func `is answered with what was true when it was asked`() async throws {
    let database = try await store()
    let heard = try await database.write { session in
      let none = try Self.keys(session)
      try session.execute("INSERT INTO t (k) VALUES (1)")
      let one = try Self.keys(session)
      try session.execute("INSERT INTO t (k) VALUES (2)")
      let two = try Self.keys(session).map(\.count)
      return [try two.get(), try none.get().count, try one.get().count]
    }
    #expect(heard == [2, 0, 1])
    #expect(try await database.read { try Self.keys($0).get() } == [1, 2])
  }

  @Test(arguments: [1, 127, 128, 129, 400]) func `is kept apart from the others`(count: Int) async throws {
    let database = try await store()
    let heard = try await database.read { session in
      let asked = try (0..<count).map { number in
        try session.askFirst("SELECT \(number) + 0") { try $0(0, as: Int.self) }
      }
      return try asked.reversed().map { try $0.get() }
    }
    #expect(heard == (0..<count).reversed())
  }

  @Test func `may be left without an answer`() async throws {
    let database = try await store()
    for key in 0..<3 {
      try await database.write { session in
        _ = try Self.keys(session)
        try session.execute("INSERT INTO t (k) VALUES (\(key))")
        _ = try Self.keys(session)
      }
      try await database.read { _ = try Self.keys($0) }
    }
    #expect(try await database.read { try Self.keys($0).get() } == [0, 1, 2])
  }

  @Test func `that is wrong undoes everything, also where nobody waits for its answer`() async throws {
    let database = try await store()
    await #expect(throws: DatabaseError.self) {
      try await database.write { session in
        try session.execute("INSERT INTO t (k) VALUES (1)")
        _ = try session.ask("SELECT nothing FROM nowhere") { try $0(0, as: Int.self) }
      }
    }
    #expect(try await database.read { try Self.keys($0).get() }.isEmpty)
  }
}
