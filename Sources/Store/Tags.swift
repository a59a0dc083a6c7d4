package import Basics
package import Databases
package import Finance

/// A word that a household hangs on rows, across all categories.
package struct StoredTag: Sendable, Equatable {
  package var id: ID<Tag>
  package var name: String
  /// `#rrggbb`.
  package var color: String?
  /// Rows that carry it and are seen, also those that people deleted.
  package var rows: Int
}

package enum TagEdit: Sendable, Equatable {
  case name(String)
  case color(String?)
}

package enum TagError: Error, Equatable, Sendable {
  case unknown(ID<Tag>)
  /// Another tag is called so, whatever its letters' case and accents.
  case nameTaken(ID<Tag>)
  case tooMany(max: Int)
}

/// The tags of a household. Changes go through ``Edits``.
package enum Tags {
  package static let countMax = 1_000

  /// By name.
  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredTag] {
    try session.query(
      """
      SELECT g.id, g.name, g.color, (SELECT COUNT(*) FROM transaction_tag u
        JOIN bank_transaction t ON t.household_id = u.household_id AND t.id = u.transaction_id
        WHERE u.household_id = g.household_id AND u.tag_id = g.id AND t.is_gone = 0
          \(Visibility.rows(scope, "t.account_id")))
      FROM tag g WHERE g.household_id = \(scope.household) AND g.deleted_at IS NULL ORDER BY g.name, g.id
      """
    ) { StoredTag(id: try $0(0), name: try $0(1), color: try $0(2), rows: try $0(3)) }
  }

  package static func create(
    name: String, color: String? = nil, _ edits: inout Edits, _ session: any Session
  ) throws -> ID<Tag> {
    let scope = edits.scope
    let all = try all(scope, session)
    guard all.count < countMax else { throw TagError.tooMany(max: countMax) }
    try check(name, among: all)
    let id: ID<Tag> = edits.world.newID()
    try session.execute(
      "INSERT INTO tag (household_id, id, name, color) VALUES (\(scope.household), \(id), \(name), \(color))")
    try edits.made(.tag, id.description, session)
    return id
  }

  package static func edit(
    _ id: ID<Tag>, _ changes: [TagEdit], _ edits: inout Edits, _ session: any Session
  ) throws {
    let all = try all(edits.scope, session)
    guard all.contains(where: { $0.id == id }) else { throw TagError.unknown(id) }
    for change in changes {
      switch change {
      case .name(let name):
        try check(name, among: all.filter { $0.id != id })
        try edits.set(.tag, id.description, "name", to: name, session)
      case .color(let color): try edits.set(.tag, id.description, "color", to: color, session)
      }
    }
  }

  /// Takes it off all rows, or hangs another one there instead.
  package static func delete(
    _ id: ID<Tag>, replacement: ID<Tag>? = nil, _ edits: inout Edits, _ session: any Session
  ) throws {
    let scope = edits.scope
    let all = try all(scope, session)
    for known in [id, replacement ?? id] where !all.contains(where: { $0.id == known }) {
      throw TagError.unknown(known)
    }
    let rows = try session.query(
      "SELECT transaction_id FROM transaction_tag WHERE household_id = \(scope.household) AND tag_id = \(id)"
    ) { try $0(0, as: ID<Transaction>.self) }
    for row in rows {
      var tags = try Overlays.tags(of: row, scope, session).filter { $0 != id }
      if let replacement, replacement != id { tags.append(replacement) }
      try edits.writeUnseen([.tags(tags)], on: row, session)
    }
    try edits.set(.tag, id.description, RecordField.exists, to: nil, session)
  }

  /// Which of these are no tags of the household.
  package static func unknown(
    among ids: [ID<Tag>], _ scope: Scope, _ session: any Session
  ) throws -> Set<ID<Tag>> {
    Set(ids).subtracting(try all(scope, session).map(\.id))
  }

  private static func check(_ name: String, among others: [StoredTag]) throws {
    let folded = FoldedText(name)
    if let other = others.first(where: { $0.name == name || (FoldedText($0.name) == folded && !folded.text.isEmpty) }) {
      throw TagError.nameTaken(other.id)
    }
  }
}

extension Tags {
  /// The edit without tags that are not there any more.
  package static func living(
    in edit: OverlayEdit, _ scope: Scope, _ session: any Session
  ) throws -> OverlayEdit {
    guard case .tags(let tags) = edit, !tags.isEmpty else { return edit }
    let gone = try unknown(among: tags, scope, session)
    return .tags(tags.filter { !gone.contains($0) })
  }

  /// The tags of some rows; rows without any are not in it.
  static func hung(
    on ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>: Set<ID<Tag>>] {
    var hung: [ID<Transaction>: Set<ID<Tag>>] = [:]
    _ = try session.query(
      """
      SELECT transaction_id, tag_id FROM transaction_tag
      WHERE household_id = \(scope.household) AND transaction_id IN \(list: ids.prefix(Limits.listMax))
      """
    ) { row in hung[try row(0), default: []].insert(try row(1)) }
    return hung
  }
}
