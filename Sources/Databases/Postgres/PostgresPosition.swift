/// How far the log of a primary has come. A standby of its cluster and timeline that has replayed so much shows every
/// transaction that was confirmed before the position was taken, whoever made it.
struct PostgresPosition: Sendable, Equatable {
  let mark: PostgresTerm.Mark
  let log: String

  /// - Returns: Nil for a server that does not say where it stands: nobody could be compared with it.
  init?(of primary: PostgresSession) throws {
    guard let mark = primary.mark else { return nil }
    self.mark = mark
    // Whoever does not wait for the disk is told before anything is flushed.
    let log = try primary.first(
      """
      SELECT CAST(CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
        ELSE pg_current_wal_flush_lsn() END AS text)
      """
    ) { try $0(0, as: String.self) }
    guard let log else { return nil }
    self.log = log
  }

  /// What a server has of it.
  enum Reach: Equatable {
    case reached, behind
    /// It is no standby of this primary, or none any more.
    case other
  }

  /// How far a standby has come. Asked before its transaction begins: what it shows then is no older.
  ///
  /// One that follows another primary may have come further in a log that forked. So the timeline has to be the same; after
  /// a promotion a standby tells of the new one with its next restart point, and is passed over until then.
  func reach(of standby: PostgresSession) throws -> Reach {
    try standby.first(
      """
      SELECT pg_is_in_recovery() AND CAST(s.system_identifier AS text) = \(mark.cluster),
        c.timeline_id = CAST(\(mark.timeline) AS integer)
          AND COALESCE(pg_last_wal_replay_lsn() >= CAST(\(log) AS pg_lsn), false)
      FROM pg_control_system() s, pg_control_checkpoint() c
      """
    ) { try $0(0, as: Bool.self) ? (try $0(1, as: Bool.self) ? .reached : .behind) : .other } ?? .other
  }
}
