package import Basics
package import Databases
package import Finance

/// Names what was done at one stroke and is undone at one stroke: an edit, a bulk edit, an undo.
package enum ChangeGroup: Identified {
  package static let idPrefix = "chg"
}

/// Names one changed field of one thing.
package enum Change: Identified {
  package static let idPrefix = "cng"
}

/// What a person can change. Stored, so a spelling never changes.
package enum ChangeEntity: String, Sendable, CaseIterable {
  case transaction, account, category, tag, merchant
  case savedView = "saved_view"
}

/// One field of one thing, before and after. Values are kept as text; nil is "nothing there".
package struct FieldChange: Sendable, Equatable {
  package var entity: ChangeEntity
  /// As it is shown: `txn_…`, or a category's code.
  package var entityID: String
  package var field: String
  package var before: String?
  package var after: String?
}

/// A change as the history of a thing tells it.
package struct RecordedChange: Sendable, Equatable {
  package var id: ID<Change>
  package var group: ID<ChangeGroup>
  package var person: ID<User>?
  package var through: String
  package var at: Timestamp
  package var isUndone: Bool
  /// The group that this one took back.
  package var undoes: ID<ChangeGroup>?
  package var change: FieldChange
}

/// Why a group cannot be undone.
package enum UndoError: Error, Equatable, Sendable {
  case unknown
  case alreadyUndone
  /// A later group changed the same field of the same thing and still stands.
  case standsUnder(ID<ChangeGroup>)
  /// Something uses what the group made: rows in a category, with a tag, or in an account.
  case inUse(ChangeEntity, String)
}

/// The record of what people changed: append-only, and enough to take any of it back.
package enum Changes {
  /// Takes a group back, as a group of its own, which may be undone too.
  ///
  /// Fields that others changed since and still stand are a conflict; a later change of another field is not.
  ///
  /// - Returns: The group that undid it.
  /// - Throws: ``UndoError``; what is written by then is not to be kept.
  @discardableResult
  package static func undo(
    _ group: ID<ChangeGroup>, through: String, world: World, judging: Judging? = nil, _ scope: Scope,
    _ session: any Session
  ) throws -> ID<ChangeGroup> {
    guard let isUndone = try state(of: group, scope, session) else { throw UndoError.unknown }
    let changes = try of(group, scope, session)
    // What a person does not see they cannot take back, nor learn of.
    for change in changes where try !Records.isVisible(change.entity, change.entityID, scope, session) {
      throw UndoError.unknown
    }
    if isUndone { throw UndoError.alreadyUndone }
    if let later = try standing(on: group, scope, session) { throw UndoError.standsUnder(later) }
    var edits = Edits(through: through, world: world, undoing: group, judging: judging, scope)
    for change in changes.reversed() {
      // By now what the group itself put to use is out of use again: the rows of an account that it made.
      if change.field == RecordField.exists, change.before == nil {
        try session.settle()
        if try Records.isInUse(change.entity, change.entityID, scope, session) {
          throw UndoError.inUse(change.entity, change.entityID)
        }
      }
      try edits.set(change.entity, change.entityID, change.field, to: change.before, session)
    }
    let undo = try edits.finishAlways(session)
    try session.execute(
      """
      UPDATE change_group SET undone_by = \(undo) WHERE household_id = \(scope.household) AND id = \(group)
      """)
    // Undoing an undo lets the first group stand again.
    try session.execute(
      """
      UPDATE change_group SET undone_by = NULL WHERE household_id = \(scope.household) AND undone_by = \(group)
      """)
    return undo
  }

  /// Everything that people did to a thing, the latest first.
  package static func history(
    of entity: ChangeEntity, _ entityID: String, before: ID<Change>? = nil, limit: Int, _ scope: Scope,
    _ session: any Session
  ) throws -> [RecordedChange] {
    guard try Records.isVisible(entity, entityID, scope, session) else { return [] }
    let rest: SQL = before.map { "AND c.id < \($0)" } ?? ""
    return try session.query(
      """
      SELECT c.id, c.group_id, g.person_id, g.through, g.at, g.undone_by, g.undoes, c.entity_id, c.field, c.before,
        c.after
      FROM change c JOIN change_group g ON g.household_id = c.household_id AND g.id = c.group_id
      WHERE c.household_id = \(scope.household) AND c.entity = \(entity.rawValue) AND c.entity_id = \(entityID) \(rest)
      ORDER BY c.id DESC LIMIT \(limit)
      """
    ) { row in
      RecordedChange(
        id: try row(0), group: try row(1), person: try row(2), through: try row(3), at: try row(4),
        isUndone: try row(5, as: ID<ChangeGroup>?.self) != nil, undoes: try row(6),
        change: FieldChange(
          entity: entity, entityID: try row(7), field: try row(8), before: try row(9), after: try row(10)))
    }
  }

  /// What a group changed, in the order it was done.
  package static func of(
    _ group: ID<ChangeGroup>, _ scope: Scope, _ session: any Session
  ) throws -> [FieldChange] {
    try session.query(
      """
      SELECT entity, entity_id, field, before, after FROM change
      WHERE household_id = \(scope.household) AND group_id = \(group) ORDER BY id
      """
    ) { row in
      guard let entity = ChangeEntity(rawValue: try row(0)) else {
        throw DatabaseError(kind: .programmer, message: "a change of an unknown kind of thing")
      }
      return FieldChange(
        entity: entity, entityID: try row(1), field: try row(2), before: try row(3), after: try row(4))
    }
  }

  /// Whether the group is undone; nil when there is no such group.
  private static func state(of group: ID<ChangeGroup>, _ scope: Scope, _ session: any Session) throws -> Bool? {
    try session.first(
      "SELECT undone_by FROM change_group WHERE household_id = \(scope.household) AND id = \(group)"
    ) { try $0(0, as: ID<ChangeGroup>?.self) != nil }
  }

  /// A later group that changed the same field of the same thing and counts. An undo and what it took back cancel out.
  private static func standing(
    on group: ID<ChangeGroup>, _ scope: Scope, _ session: any Session
  ) throws -> ID<ChangeGroup>? {
    try session.first(
      """
      SELECT l.group_id FROM change c
      JOIN change l ON l.household_id = c.household_id AND l.entity = c.entity AND l.entity_id = c.entity_id
        AND l.id > c.id AND l.field = c.field AND l.group_id <> c.group_id
      JOIN change_group g ON g.household_id = l.household_id AND g.id = l.group_id
      WHERE c.household_id = \(scope.household) AND c.group_id = \(group) AND g.undone_by IS NULL AND g.undoes IS NULL
      ORDER BY l.id DESC LIMIT 1
      """
    ) { try $0(0) }
  }
}
