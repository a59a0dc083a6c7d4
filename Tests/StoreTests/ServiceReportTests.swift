import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

@Suite struct `A report on how people are served` {
  @Test func `counts links, the way from a webhook to its rows, failures by bank, and corrections`() async throws {
    let book = try await LedgerBook()
    let (world, scope, now) = (book.world, book.scope, book.world.now())
    let report = try await book.database.write { session in
      for (link, names) in [("one", ["OPEN", "HANDOFF"]), ("two", ["OPEN", "EXIT"]), ("three", ["OPEN"])] {
        for name in names {
          var event = StoredLinkEvent(id: world.newID(), at: now, name: name)
          event.session = link
          try LinkEvents.keep(event, scope, session)
        }
      }
      let connection = try #require(try Connections.all(scope.wholeHousehold, session).first)
      for (index, ended) in [Int64(100), 900].enumerated() {
        let received = now - .seconds(Int64(600 - index * 100))
        try session.execute(
          """
          INSERT INTO webhook_event (token_hash, id, received_at, environment, household_id, connection_id, type, code,
            body, outcome)
          VALUES (\([UInt8(index)]), \(world.newID(User.self)), \(received), 'sandbox', \(scope.household),
            \(connection.id), 'TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE', \([UInt8]()), 'queued')
          """)
        try session.execute(
          """
          INSERT INTO sync_run (household_id, id, connection_id, kind, started_at, ended_at, phase, outcome)
          VALUES (\(scope.household), \(world.newID(SyncRun.self)), \(connection.id), 'update',
            \(received + .milliseconds(10)), \(received + .milliseconds(ended)), 'done', 'applied')
          """)
      }
      try session.execute(
        """
        INSERT INTO sync_run (household_id, id, connection_id, kind, started_at, ended_at, phase, outcome)
        VALUES (\(scope.household), \(world.newID(SyncRun.self)), \(connection.id), 'update', \(now - .seconds(50)),
          \(now - .seconds(49)), 'done', 'failed')
        """)
      return try ServiceReport.read(now: now, session)
    }
    #expect(report.linksBegun == 3 && report.linksDone == 1)
    #expect(report.latencies == [100, 900])
    #expect(report.latency(percent: 50) == 900 && report.latency(percent: 1) == 100)
    #expect(report.runs.map(\.all) == [3] && report.runs.map(\.failed) == [1])
    #expect(report.corrected <= report.judged)
  }
}
