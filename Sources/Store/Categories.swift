import Basics
package import Databases
package import Finance

/// Names the categories that a household makes itself.
package enum Category: Identified {
  package static let idPrefix = "cat"
}

/// A place to file rows under, in a tree of groups and places.
package struct StoredCategory: Sendable, Equatable {
  /// What rows carry: the bank data's code, or `cat_…` for a household's own.
  package var code: String
  /// The group it is in; nil for a group.
  package var parent: String?
  package var name: String
  package var flow: FlowKind
  /// `#rrggbb`.
  package var color: String?
  package var icon: String?
  package var position: Int
  /// Came with the program: it can be renamed and hidden, and not deleted.
  package var isSystem: Bool
  package var isHidden: Bool
}

package enum CategoryEdit: Sendable, Equatable {
  case name(String)
  case color(String?)
  case icon(String?)
  case position(Int)
  case isHidden(Bool)
  /// Own ones only.
  case parent(String?)
  /// Own ones only: rows filed under it move in the totals.
  case flow(FlowKind)
}

package enum CategoryError: Error, Equatable, Sendable {
  case unknown(String)
  /// It came with the program.
  case isSystem
  /// Groups stand in no group, and only groups hold others.
  case tooDeep
  /// Rows or other categories hang on it, and no replacement was named.
  case inUse
  /// It cannot replace itself, or something inside it.
  case replacement
  /// Rows are filed as income, expense or transfer; what is excluded is so by itself.
  case flow
  /// More rows are filed under it than change at one stroke.
  case tooManyRows(max: Int)
}

/// The categories of a household. Changes go through ``Edits``.
package enum Categories {
  /// In the order of the tree: groups by place, each followed by its own.
  package static func all(_ scope: Scope, _ session: any Session) throws -> [StoredCategory] {
    let rows = try read("ORDER BY position, code", scope, session)
    let all = rows.isEmpty ? standard() : rows
    let children = Dictionary(grouping: all.filter { $0.parent != nil }, by: \.parent)
    return all.filter { $0.parent == nil }.flatMap { [$0] + (children[$0.code] ?? []) }
  }

  package static func find(
    _ code: String, _ scope: Scope, _ session: any Session
  ) throws -> StoredCategory? {
    if let found = try read("AND code = \(code)", scope, session).first { return found }
    return try isSeeded(scope, session) ? nil : standard().first { $0.code == code }
  }

  /// What a category of a household that has its own makes of money; nil when it is none of them.
  static func flow(of code: String, _ scope: Scope, _ session: any Session) throws -> FlowKind? {
    try session.first("SELECT flow FROM category WHERE household_id = \(scope.household) AND code = \(code)") {
      FlowKind(rawValue: try $0(0)) ?? .expense
    }
  }

  /// Gives a household the categories it begins with. Nothing happens when it has some.
  package static func seed(_ scope: Scope, _ session: any Session) throws {
    guard try !isSeeded(scope, session) else { return }
    for category in standard() { try insert(category, scope, session) }
  }

  package static func create(
    name: String, parent: String?, flow: FlowKind, color: String? = nil, icon: String? = nil, _ edits: inout Edits,
    _ session: any Session
  ) throws -> String {
    let scope = edits.scope
    try seed(scope, session)
    guard flow != .excluded else { throw CategoryError.flow }
    try checkParent(parent, scope, session)
    let id: ID<Category> = edits.world.newID()
    let position = try session.first(
      "SELECT COALESCE(MAX(position), 0) + 1 FROM category WHERE household_id = \(scope.household)"
    ) { try $0(0, as: Int.self) }
    try insert(
      StoredCategory(
        code: id.description, parent: parent, name: name, flow: flow, color: color, icon: icon,
        position: position ?? 0, isSystem: false, isHidden: false), scope, session)
    try edits.made(.category, id.description, session)
    return id.description
  }

  package static func edit(
    _ code: String, _ changes: [CategoryEdit], _ edits: inout Edits, _ session: any Session
  ) throws {
    let scope = edits.scope
    try seed(scope, session)
    guard let category = try find(code, scope, session) else { throw CategoryError.unknown(code) }
    func set(_ field: String, _ value: String?) throws {
      try edits.set(.category, code, field, to: value, session)
    }
    for change in changes {
      switch change {
      case .name(let name): try set("name", name)
      case .color(let color): try set("color", color)
      case .icon(let icon): try set("icon", icon)
      case .position(let position): try set("position", String(position))
      case .isHidden(let isHidden): try set("hidden", isHidden ? "true" : nil)
      case .parent(let parent):
        guard !category.isSystem else { throw CategoryError.isSystem }
        try checkParent(parent, scope, session)
        if parent != nil, try hasChildren(code, scope, session) { throw CategoryError.tooDeep }
        if parent == code { throw CategoryError.tooDeep }
        try set("parent", parent)
      case .flow(let flow):
        guard !category.isSystem else { throw CategoryError.isSystem }
        guard flow != .excluded else { throw CategoryError.flow }
        try set("flow", flow.rawValue)
      }
    }
  }

  /// So many rows move to another category at one stroke.
  package static let rowsMax = 50_000

  /// Deletes an own category; what is filed under it goes to the replacement, its places too. With a replacement this
  /// is how two are merged.
  package static func delete(
    _ code: String, replacement: String?, _ edits: inout Edits, _ session: any Session
  ) throws {
    let scope = edits.scope
    try seed(scope, session)
    guard let category = try find(code, scope, session) else { throw CategoryError.unknown(code) }
    guard !category.isSystem else { throw CategoryError.isSystem }
    if let replacement {
      guard let other = try find(replacement, scope, session) else { throw CategoryError.unknown(replacement) }
      guard replacement != code, other.parent != code else { throw CategoryError.replacement }
      if other.parent != nil, try hasChildren(code, scope, session) { throw CategoryError.tooDeep }
      try move(from: code, to: replacement, &edits, session)
    }
    if try Records.isInUse(.category, code, scope, session) { throw CategoryError.inUse }
    try edits.set(.category, code, RecordField.exists, to: nil, session)
  }

  private static func move(
    from code: String, to replacement: String, _ edits: inout Edits, _ session: any Session
  ) throws {
    let scope = edits.scope
    for child in try read("AND parent = \(code)", scope, session) {
      try edits.set(.category, child.code, "parent", to: replacement, session)
    }
    for id in try rows(filedUnder: code, scope, session) {
      let parts = try Splits.parts(of: id, scope, session)
      if parts.contains(where: { $0.category == code }) {
        let moved = parts.map { part in
          var part = part
          if part.category == code { part.category = replacement }
          return part
        }
        try edits.writeUnseen([.split(moved)], on: id, session)
      }
      if try Overlays.value(of: "category", id, scope, session) == code {
        try edits.writeUnseen([.category(replacement)], on: id, session)
      }
    }
  }

  /// Rows that a person filed under it, whole or in part.
  ///
  /// - Throws: ``CategoryError/tooManyRows(max:)``.
  static func rows(
    filedUnder code: String, _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>] {
    let ids = try session.query(
      """
      SELECT transaction_id FROM transaction_overlay WHERE household_id = \(scope.household) AND category = \(code)
      UNION SELECT transaction_id FROM split WHERE household_id = \(scope.household) AND category = \(code)
      UNION SELECT transaction_id FROM judgement
        WHERE household_id = \(scope.household) AND field = 'category' AND value = \(code)
      LIMIT \(rowsMax + 1)
      """
    ) { try $0(0, as: ID<Transaction>.self) }
    guard ids.count <= rowsMax else { throw CategoryError.tooManyRows(max: rowsMax) }
    return ids
  }

  private static func checkParent(_ parent: String?, _ scope: Scope, _ session: any Session) throws {
    guard let parent else { return }
    guard let group = try find(parent, scope, session) else { throw CategoryError.unknown(parent) }
    guard group.parent == nil else { throw CategoryError.tooDeep }
  }

  private static func hasChildren(_ code: String, _ scope: Scope, _ session: any Session) throws -> Bool {
    try !read("AND parent = \(code) LIMIT 1", scope, session).isEmpty
  }

  private static func isSeeded(_ scope: Scope, _ session: any Session) throws -> Bool {
    try session.first("SELECT 1 FROM category WHERE household_id = \(scope.household) LIMIT 1") { _ in true } ?? false
  }

  /// What every household begins with.
  static func standard() -> [StoredCategory] {
    var all: [StoredCategory] = []
    for group in StandardCategories.groups {
      func category(_ code: String, _ name: String, _ parent: String?) -> StoredCategory {
        let flow = ProviderCategory.flow(primary: group.code, detailed: code, amountIsIncoming: false, on: .checking)
        return StoredCategory(
          code: code, parent: parent, name: name, flow: flow, color: group.color, icon: group.icon,
          position: all.count, isSystem: true, isHidden: StandardCategories.outdated.contains(code))
      }
      all.append(category(group.code, group.name, nil))
      for place in group.places {
        all.append(category("\(group.code)_\(place.code)", place.name, group.code))
      }
    }
    return all
  }

  private static let insertion = PreparedSQL(
    """
    INSERT INTO category (household_id, code, parent, name, flow, color, icon, position, is_system, is_hidden)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """)

  private static func insert(_ category: StoredCategory, _ scope: Scope, _ session: any Session) throws {
    try session.post(insertion) { binder in
      binder.bind(scope.household)
      binder.bind(category.code)
      binder.bind(category.parent)
      binder.bind(category.name)
      binder.bind(category.flow.rawValue)
      binder.bind(category.color)
      binder.bind(category.icon)
      binder.bind(category.position)
      binder.bind(category.isSystem)
      binder.bind(category.isHidden)
    }
  }

  private static func read(_ rest: SQL, _ scope: Scope, _ session: any Session) throws -> [StoredCategory] {
    try session.query(
      """
      SELECT code, parent, name, flow, color, icon, position, is_system, is_hidden FROM category
      WHERE household_id = \(scope.household) AND deleted_at IS NULL \(rest)
      """
    ) { row in
      StoredCategory(
        code: try row(0), parent: try row(1), name: try row(2), flow: FlowKind(rawValue: try row(3)) ?? .expense,
        color: try row(4), icon: try row(5), position: try row(6), isSystem: try row(7), isHidden: try row(8))
    }
  }
}
