package import Basics
package import Databases
package import Finance

/// What a person writes on a transaction. Only what is named changes.
package enum OverlayEdit: Sendable, Equatable {
  case notes(String?)
  case name(String?)
  case category(String?)
  case occurredOn(CalendarDate?)
  case isExcluded(Bool)
  /// Deleted by the person: only a person brings it back, whatever the bank sends.
  case isDeleted(Bool)
}

/// What people wrote over what the bank said. Sync never writes here; totals move in the same transaction.
package enum Overlays {
  package static func write(
    _ edits: [OverlayEdit], on id: ID<Transaction>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    let before = try TotalUpkeep.counted(id, scope, session)
    try session.execute(
      """
      INSERT INTO transaction_overlay (household_id, transaction_id, written_at, written_by)
      VALUES (\(scope.household), \(id), \(now), \(scope.user))
      ON CONFLICT (household_id, transaction_id)
      DO UPDATE SET written_at = excluded.written_at, written_by = excluded.written_by
      """)
    for edit in edits {
      let assignment: SQL =
        switch edit {
        case .notes(let text): "notes = \(text)"
        case .name(let text): "name = \(text)"
        case .category(let category): "category = \(category)"
        case .occurredOn(let day): "occurred_on = \(day)"
        case .isExcluded(let isExcluded): "is_excluded = \(isExcluded)"
        case .isDeleted(let isDeleted): "deleted_at = \(isDeleted ? now : nil)"
        }
      try session.execute(
        """
        UPDATE transaction_overlay SET \(assignment)
        WHERE household_id = \(scope.household) AND transaction_id = \(id)
        """)
    }
    var totals = TotalUpkeep()
    try totals.move(from: before, to: try TotalUpkeep.counted(id, scope, session), scope, session)
    try totals.write(scope, session)
  }
}
