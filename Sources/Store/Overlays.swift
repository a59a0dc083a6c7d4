package import Basics
package import Databases
package import Finance

/// What people wrote over what the bank said. Sync never writes here; totals move in the same transaction.
///
/// People write by way of ``Edits``, which also records what changed. What is here writes and reads the fields.
package enum Overlays {
  /// Writes without a record of the change.
  ///
  /// - Parameter movesTotals: False when the caller takes care of them.
  package static func write(
    _ edits: [OverlayEdit], on id: ID<Transaction>, now: Timestamp, _ scope: Scope, _ session: any Session,
    movesTotals: Bool = true
  ) throws {
    let before = movesTotals ? try TotalUpkeep.counted(id, scope, session) : nil
    try session.execute(
      """
      INSERT INTO transaction_overlay (household_id, transaction_id, written_at, written_by)
      VALUES (\(scope.household), \(id), \(now), \(scope.user))
      ON CONFLICT (household_id, transaction_id)
      DO UPDATE SET written_at = excluded.written_at, written_by = excluded.written_by
      """)
    for edit in edits {
      switch edit {
      case .notes(let text): try set("notes = \(text)", on: id, scope, session)
      case .name(let text): try set("name = \(text)", on: id, scope, session)
      case .category(let category): try set("category = \(category)", on: id, scope, session)
      case .occurredOn(let day): try set("occurred_on = \(day)", on: id, scope, session)
      case .isExcluded(let isExcluded): try set("is_excluded = \(isExcluded)", on: id, scope, session)
      case .isReviewed(let isReviewed): try set("is_reviewed = \(isReviewed)", on: id, scope, session)
      case .isSingle(let isSingle): try set("is_single = \(isSingle)", on: id, scope, session)
      case .isDeleted(let isDeleted): try set("deleted_at = \(isDeleted ? now : nil)", on: id, scope, session)
      case .tags(let tags): try replace(tags, on: id, scope, session)
      case .custom(let name, let value): try set(value, as: name, on: id, scope, session)
      case .split(let parts): try Splits.replace(parts, of: id, scope, session)
      }
    }
    guard movesTotals else { return }
    var totals = TotalUpkeep()
    try totals.move(from: before, to: try TotalUpkeep.counted(id, scope, session), scope, session)
    try totals.write(scope, session)
  }

  /// What a person wrote in a field, as the record of changes spells it.
  static func value(
    of field: String, _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> String? {
    guard let edit = try OverlayEdit(field: field, text: nil) else { throw OverlayEdit.unreadable }
    func column<Value: DatabaseConvertible>(_ name: SQL, _: Value.Type) throws -> Value? {
      try session.first(
        """
        SELECT \(name) FROM transaction_overlay WHERE household_id = \(scope.household) AND transaction_id = \(id)
        """
      ) { try $0(0, as: Value?.self) } ?? nil
    }
    switch edit {
    case .notes: return try column("notes", String.self)
    case .name: return try column("name", String.self)
    case .category: return try column("category", String.self)
    case .occurredOn: return try column("occurred_on", CalendarDate.self)?.description
    case .isExcluded: return OverlayEdit.isExcluded(try column("is_excluded", Bool.self) ?? false).text
    case .isReviewed: return OverlayEdit.isReviewed(try column("is_reviewed", Bool.self) ?? false).text
    case .isSingle: return OverlayEdit.isSingle(try column("is_single", Bool.self) ?? false).text
    case .isDeleted: return try column("deleted_at", Timestamp.self).map { _ in "true" }
    case .tags: return OverlayEdit.tags(try tags(of: id, scope, session)).text
    case .custom(let name, _): return try custom(of: id, scope, session)[name]
    case .split: return Splits.text(try Splits.parts(of: id, scope, session))
    }
  }

  package static func tags(of id: ID<Transaction>, _ scope: Scope, _ session: any Session) throws -> [ID<Tag>] {
    try session.query(
      """
      SELECT tag_id FROM transaction_tag WHERE household_id = \(scope.household) AND transaction_id = \(id)
      ORDER BY tag_id
      """
    ) { try $0(0) }
  }

  /// The fields that people invented, by their names.
  package static func custom(
    of id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> [String: String] {
    let pairs = try session.query(
      "SELECT name, value FROM transaction_field WHERE household_id = \(scope.household) AND transaction_id = \(id)"
    ) { (try $0(0, as: String.self), try $0(1, as: String.self)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private static func set(
    _ assignment: SQL, on id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE transaction_overlay SET \(assignment)
      WHERE household_id = \(scope.household) AND transaction_id = \(id)
      """)
  }

  private static func replace(
    _ tags: [ID<Tag>], on id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      "DELETE FROM transaction_tag WHERE household_id = \(scope.household) AND transaction_id = \(id)")
    for tag in Set(tags).sorted() {
      try session.execute(
        """
        INSERT INTO transaction_tag (household_id, transaction_id, tag_id) VALUES (\(scope.household), \(id), \(tag))
        """)
    }
  }

  private static func set(
    _ value: String?, as name: String, on id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws {
    guard let value else {
      try session.execute(
        """
        DELETE FROM transaction_field
        WHERE household_id = \(scope.household) AND transaction_id = \(id) AND name = \(name)
        """)
      return
    }
    try session.execute(
      """
      INSERT INTO transaction_field (household_id, transaction_id, name, value)
      VALUES (\(scope.household), \(id), \(name), \(value))
      ON CONFLICT (household_id, transaction_id, name) DO UPDATE SET value = excluded.value
      """)
  }
}
