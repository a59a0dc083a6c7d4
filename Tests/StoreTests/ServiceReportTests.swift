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
            \(connection.id), 'TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE', \([UInt8]()), 'taken')
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

  @Test func `looks at the latest rows whose category was concluded, and at webhooks that asked for a run`()
    async throws
  {
    let book = try await LedgerBook()
    let (world, scope, now) = (book.world, book.scope, book.world.now())
    let (latest, oldest, noted) = try await book.database.write { session in
      let rows = try (0..<5).map { _ in try book.row("-1", session) }
      for row in rows {
        try session.execute(
          """
          INSERT INTO judgement (household_id, transaction_id, field, value, source, reason, made_at)
          VALUES (\(scope.household), \(row), 'category', 'TRAVEL', 'rule', '{}', 0)
          ON CONFLICT (household_id, transaction_id, field) DO UPDATE SET value = excluded.value
          """)
      }
      try session.execute(
        """
        INSERT INTO transaction_overlay (household_id, transaction_id, category, written_at)
        VALUES (\(scope.household), \(try #require(rows.last)), 'MEDICAL', 0)
        ON CONFLICT (household_id, transaction_id) DO UPDATE SET category = excluded.category
        """)
      let connection = try #require(try Connections.all(scope.wholeHousehold, session).first)
      try session.execute(
        """
        INSERT INTO webhook_event (token_hash, id, received_at, environment, household_id, connection_id, type, code,
          body, outcome)
        VALUES (\([UInt8(9)]), \(world.newID(User.self)), \(now - .seconds(9)), 'sandbox', \(scope.household),
          \(connection.id), 'TRANSACTIONS', 'DEFAULT_UPDATE', \([UInt8]()), 'noted')
        """)
      try session.execute(
        """
        INSERT INTO sync_run (household_id, id, connection_id, kind, started_at, ended_at, phase, outcome)
        VALUES (\(scope.household), \(world.newID(SyncRun.self)), \(connection.id), 'update', \(now - .seconds(1)),
          \(now), 'done', 'applied')
        """)
      let latest = try ServiceReport.read(now: now, rowsMax: 1, session)
      try session.execute("DELETE FROM judgement WHERE transaction_id <> \(try #require(rows.first))")
      return (latest, try ServiceReport.read(now: now, rowsMax: 1, session), latest.latencies)
    }
    #expect(latest.judged == 1 && latest.corrected == 1 && oldest.corrected == 0)
    #expect(noted.isEmpty, "nobody waited for that one")
  }
}
