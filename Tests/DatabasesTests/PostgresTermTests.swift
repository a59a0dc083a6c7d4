import Basics
import Testing
import Workshop

@testable import Databases

/// A server of another cluster stays what it is; of one cluster only the one that was promoted last is written to.
@Suite struct `The term of a primary` {
  private func mark(_ timeline: Int, _ cluster: String = "a") -> PostgresTerm.Mark {
    PostgresTerm.Mark(cluster: cluster, timeline: timeline)
  }

  @Test func `is the greatest that is known of its cluster`() {
    let term = PostgresTerm()
    #expect(term.isCurrent(mark(1)) && term.isCurrent(nil))
    term.note(mark(3))
    #expect(!term.isCurrent(mark(2)) && term.isCurrent(mark(3)) && term.isCurrent(mark(4)))
    term.note(mark(2))
    #expect(!term.isCurrent(mark(2)), "what is heard late takes nothing back")
    #expect(term.isCurrent(mark(1, "b")) && term.isCurrent(nil))
  }
}

/// A real server that goes on taking writes, while a standby of its cluster was promoted: a fork.
@Suite(.enabled(if: TestDatabase.server != nil, "\(TestDatabase.missing)"))
struct `A primary that another has taken over from` {
  private struct Fork {
    let connection: PostgresConnection
    let term = PostgresTerm()
    let settings: PostgresSettings

    init() throws {
      settings = try TestDatabase.settings(connectionsMax: 1)
      try PostgresSession(settings).execute("CREATE TABLE t (k bigint PRIMARY KEY)")
      connection = try PostgresConnection(settings, term)
    }

    /// Somewhere the standby is made the primary, and this process hears of it.
    static func promote(_ session: PostgresSession, _ term: PostgresTerm) throws {
      var mark = try #require(session.mark)
      mark.timeline += 1
      term.note(mark)
    }

    func write(_ key: Int, promoted: Bool = false) async -> PostgresConnection.Outcome<Void> {
      await connection.transaction(.writing) { [term] session in
        try session.execute("INSERT INTO t (k) VALUES (\(key))")
        if promoted { try Self.promote(try #require(session as? PostgresSession), term) }
      }
    }

    var keys: [Int] {
      get throws { try PostgresSession(settings).query("SELECT k FROM t ORDER BY k") { try $0(0, as: Int.self) } }
    }
  }

  private func isTurnedAway(_ outcome: PostgresConnection.Outcome<Void>) -> Bool {
    guard case .runAgain(let error) = outcome else { return false }
    return error as? DatabaseError == PostgresSession.superseded
  }

  @Test func `takes nothing that was begun before and is committed after`() async throws {
    let fork = try Fork()
    guard case .done = await fork.write(1) else { throw PostgresSession.superseded }
    #expect(isTurnedAway(await fork.write(2, promoted: true)))
    #expect(try fork.keys == [1])
  }

  @Test func `takes nothing that is begun after, neither from who knows it nor from who comes anew`() async throws {
    let fork = try Fork()
    guard case .done = await fork.write(1) else { throw PostgresSession.superseded }
    try Fork.promote(try PostgresSession(fork.settings), fork.term)
    #expect(isTurnedAway(await fork.write(2)), "by a connection that was open")
    #expect(isTurnedAway(await fork.write(3)), "by a connection that is opened now")
    let read = await fork.connection.transaction(.reading) { _ in }
    #expect(isTurnedAway(read), "what it says is no longer so")
    #expect(try fork.keys == [1])
  }
}
