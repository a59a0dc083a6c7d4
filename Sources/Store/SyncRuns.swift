package import Basics
package import Databases
package import Finance

/// What a run has done so far.
package struct RunCounts: Sendable, Equatable {
  package var pages = 0
  package var rows = 0
  package var added = 0
  package var changed = 0
  package var removed = 0
  package var quarantined = 0
  package var restarts = 0
  package var oldest: CalendarDate?
  package init() {}
}

/// Runs of the sync, the pages they fetched, and the rows that could not be read.
package enum SyncRuns {
  /// Begins a run, for whoever holds the connection's lease: runs of it that are still open were killed, or have lost
  /// the lease and will say so themselves.
  package static func start(
    _ id: ID<SyncRun>, _ connection: ID<Connection>, kind: RunKind, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE sync_run SET ended_at = \(now), phase = 'ended', outcome = 'interrupted'
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND ended_at IS NULL
      """)
    try session.execute(
      """
      INSERT INTO sync_run (household_id, id, connection_id, kind, started_at, phase)
      VALUES (\(scope.household), \(id), \(connection), \(kind.rawValue), \(now), 'fetching')
      """)
  }

  /// A page as it is kept: made away from the transaction, which need not wait for it.
  package static func pack(_ raw: [UInt8]) -> [UInt8] { Zstd.compress(raw) }

  /// A page as it came.
  package static func unpack(_ packed: [UInt8]) throws -> [UInt8] {
    try Zstd.decompress(packed, bytesMax: Limits.answerBytesMax)
  }

  /// Keeps packed pages. Positions count from 0 within the run.
  package static func spool(
    _ pages: [[UInt8]], run: ID<SyncRun>, from first: Int, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    for (index, packed) in pages.enumerated() {
      try session.execute(
        """
        INSERT INTO raw_batch (household_id, run_id, position, received_at, bytes)
        VALUES (\(scope.household), \(run), \(first + index), \(now), \(packed))
        """)
    }
  }

  /// What a run tells while it goes, for readers in other processes.
  package static func tell(
    _ id: ID<SyncRun>, phase: String, pages: Int, rows: Int, oldest: CalendarDate?, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE sync_run SET phase = \(phase), pages = \(pages), rows = \(rows), oldest_on = \(oldest)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }

  /// Drops pages received before `mark`, some at a time so that no one waits long.
  package static func forgetPages(before mark: Timestamp, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      DELETE FROM raw_batch WHERE household_id = \(scope.household) AND (household_id, run_id, position) IN (
        SELECT household_id, run_id, position FROM raw_batch
        WHERE household_id = \(scope.household) AND received_at < \(mark) LIMIT 1000)
      """)
  }

  /// Drops what a run fetched: the bank changed underneath, and half of it would be wrong.
  package static func dropPages(of run: ID<SyncRun>, _ scope: Scope, _ session: any Session) throws {
    try session.execute("DELETE FROM raw_batch WHERE household_id = \(scope.household) AND run_id = \(run)")
  }

  package static func packedPage(
    _ position: Int, of run: ID<SyncRun>, _ scope: Scope, _ session: any Session
  ) throws -> [UInt8]? {
    try session.first(
      """
      SELECT bytes FROM raw_batch
      WHERE household_id = \(scope.household) AND run_id = \(run) AND position = \(position)
      """
    ) { try $0(0) }
  }

  /// A run ends once: what fails after its rows were applied does not change how it went.
  package static func finish(
    _ id: ID<SyncRun>, _ counts: RunCounts, outcome: String, code: String? = nil, message: String? = nil,
    now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE sync_run SET ended_at = \(now), phase = 'ended', pages = \(counts.pages), rows = \(counts.rows),
        added = \(counts.added), changed = \(counts.changed), removed = \(counts.removed),
        quarantined = \(counts.quarantined), restarts = \(counts.restarts), oldest_on = \(counts.oldest),
        outcome = \(outcome), error_code = \(code), error_message = \(message)
      WHERE household_id = \(scope.household) AND id = \(id) AND ended_at IS NULL
      """)
  }
}
