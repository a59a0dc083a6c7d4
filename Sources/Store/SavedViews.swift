package import Basics
package import Databases
package import Finance

/// Names saved views.
package enum SavedView: Identified {
  package static let idPrefix = "viw"
}

/// A filter that a person keeps under a name.
package struct StoredView: Sendable, Equatable {
  package var id: ID<SavedView>
  package var person: ID<User>
  package var name: String
  /// The filter as the door spells it: a query.
  package var query: String
  package var position: Int
  /// Seen by all of the household, changed by its owner.
  package var isShared: Bool
}

package enum SavedViewEdit: Sendable, Equatable {
  case name(String)
  case query(String)
  case position(Int)
  case isShared(Bool)
}

/// Saved views of a person, and those that others in the household share.
package enum SavedViews {
  /// So many a person may keep.
  package static let countMax = 200

  package static func list(_ scope: Scope, _ session: any Session) throws -> [StoredView] {
    try read("ORDER BY position, id LIMIT \(Limits.listMax)", scope, session)
  }

  package static func find(
    _ id: ID<SavedView>, _ scope: Scope, _ session: any Session
  ) throws -> StoredView? {
    try read("AND id = \(id)", scope, session).first
  }

  package static func create(
    name: String, query: String, isShared: Bool, _ edits: inout Edits, _ session: any Session
  ) throws -> ID<SavedView> {
    let id: ID<SavedView> = edits.world.newID()
    let scope = edits.scope
    try session.execute(
      """
      INSERT INTO saved_view (household_id, id, person_id, name, query, position, is_shared)
      SELECT \(scope.household), \(id), \(scope.user), \(name), \(query), COALESCE(MAX(position), -1) + 1, \(isShared)
      FROM saved_view WHERE household_id = \(scope.household)
      """)
    try edits.made(.savedView, id.description, session)
    return id
  }

  package static func edit(
    _ id: ID<SavedView>, _ changes: [SavedViewEdit], _ edits: inout Edits, _ session: any Session
  ) throws {
    for change in changes {
      let (field, value): (String, String?) =
        switch change {
        case .name(let name): ("name", name)
        case .query(let query): ("query", query)
        case .position(let position): ("position", String(position))
        case .isShared(let isShared): ("shared", isShared ? "true" : nil)
        }
      try edits.set(.savedView, id.description, field, to: value, session)
    }
  }

  package static func delete(
    _ id: ID<SavedView>, _ edits: inout Edits, _ session: any Session
  ) throws {
    try edits.set(.savedView, id.description, RecordField.exists, to: nil, session)
  }

  private static func read(_ rest: SQL, _ scope: Scope, _ session: any Session) throws -> [StoredView] {
    try session.query(
      """
      SELECT id, person_id, name, query, position, is_shared FROM saved_view
      WHERE household_id = \(scope.household) AND deleted_at IS NULL
        AND (person_id = \(scope.user) OR is_shared = 1) \(rest)
      """
    ) { row in
      StoredView(
        id: try row(0), person: try row(1), name: try row(2), query: try row(3), position: try row(4),
        isShared: try row(5))
    }
  }
}
