package import Databases

/// What PostgreSQL believes of our tables. A transaction that fills them is planned as if they were still empty.
package enum Statistics {
  /// A table that was looked at with so many rows: plans for it stay right while it grows.
  package static let rowsMin = 1_000

  /// To be asked before many rows are written: as long as PostgreSQL has never looked into the ledger, each statement of
  /// this transaction, and each check of a reference, is planned for the size the tables have by then.
  ///
  /// Else it plans them once for empty tables, where every index seems as good as another, and may keep to one that
  /// reads the whole household for each row: 50,000 rows took 116 s, and take 4 s with this.
  /// - Returns: Whether it never looked: then ``look(_:)`` makes the rest cheaper once there are some thousand rows.
  package static func askToMistrustIfYoung(_ session: any Session) throws -> Later<Bool> {
    guard session.dialect == .postgres else { return Later { false } }
    return try askForRows(session).map { rows in
      guard rows < rowsMin else { return false }
      try session.execute("SET LOCAL plan_cache_mode = force_custom_plan")
      return true
    }
  }

  /// Lets PostgreSQL look at the rows that this transaction wrote so far, and keep its plans from then on. When somebody
  /// else is about to look, nobody waits, and all goes on as before.
  package static func look(_ session: any Session) throws {
    try session.execute("ANALYZE (SKIP_LOCKED) bank_transaction, transaction_source")
    guard try askForRows(session).get() >= rowsMin else { return }
    try session.execute("SET LOCAL plan_cache_mode = auto")
  }

  private static func askForRows(_ session: any Session) throws -> Later<Int> {
    try session.askFirst(
      "SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid = CAST('bank_transaction' AS regclass)"
    ) { try $0(0, as: Int.self) }.map { $0 ?? 0 }
  }
}
