import Basics
import Databases
import Finance

/// Names of fields that every record has.
enum RecordField {
  /// Whether it is there at all: nil, or `true`.
  static let exists = "exists"
}

/// Reads and writes single fields of what people keep beside their rows, as text, so that one record of changes and one
/// undo serve accounts, categories, tags, merchants and saved views.
enum Records {
  private enum Kind { case text, number, flag }

  /// Stored names of fields and their columns. What is not listed cannot be edited.
  private static func column(_ field: String, _ entity: ChangeEntity) -> (SQL, Kind)? {
    switch (entity, field) {
    case (.account, "name"), (.category, "name"), (.tag, "name"), (.merchant, "name"), (.savedView, "name"):
      ("name", .text)
    case (.account, "kind"): ("kind", .text)
    case (.account, "notes"): ("notes", .text)
    case (.account, "hidden"): ("hidden", .flag)
    case (.account, "closed_at"): ("closed_at", .number)
    case (.account, "position"), (.category, "position"), (.savedView, "position"): ("position", .number)
    case (.category, "parent"): ("parent", .text)
    case (.category, "flow"): ("flow", .text)
    case (.category, "color"), (.tag, "color"): ("color", .text)
    case (.category, "icon"): ("icon", .text)
    case (.category, "hidden"), (.merchant, "hidden"): ("is_hidden", .flag)
    case (.merchant, "category"): ("category", .text)
    case (.savedView, "query"): ("query", .text)
    case (.savedView, "shared"): ("is_shared", .flag)
    default: nil
    }
  }

  private static func table(_ entity: ChangeEntity) throws(DatabaseError) -> SQL {
    switch entity {
    case .account: "account"
    case .category: "category"
    case .tag: "tag"
    case .merchant: "merchant"
    case .savedView: "saved_view"
    case .transaction: throw unknown("transaction", entity)
    }
  }

  private static func place(
    _ entity: ChangeEntity, _ entityID: String, _ scope: Scope
  ) throws(DatabaseError) -> SQL {
    let key: SQL? =
      switch entity {
      case .account: ID<Account>(entityID).map { "id = \($0)" }
      case .category: "code = \(entityID)"
      case .tag: ID<Tag>(entityID).map { "id = \($0)" }
      case .merchant: ID<Merchant>(entityID).map { "id = \($0)" }
      case .savedView: ID<SavedView>(entityID).map { "id = \($0)" }
      case .transaction: nil
      }
    guard let key else { throw unknown(entityID, entity) }
    return "household_id = \(scope.household) AND \(key)"
  }

  static func value(
    of field: String, _ entity: ChangeEntity, _ entityID: String, _ scope: Scope, _ session: any Session
  ) throws -> String? {
    let (table, place) = (try table(entity), try place(entity, entityID, scope))
    if field == RecordField.exists {
      let isThere = try session.first("SELECT 1 FROM \(table) WHERE \(place) AND deleted_at IS NULL") { _ in true }
      return isThere == nil ? nil : "true"
    }
    if let day = typedDay(field, entity), let account = ID<Account>(entityID) {
      return try TypedBalances.value(on: day, of: account, scope, session)
    }
    guard let (column, kind) = column(field, entity) else { throw unknown(field, entity) }
    let query: SQL = "SELECT \(column) FROM \(table) WHERE \(place)"
    switch kind {
    case .text: return try session.first(query) { try $0(0, as: String?.self) } ?? nil
    case .number: return try session.first(query) { try $0(0, as: Int64?.self).map { String($0) } } ?? nil
    case .flag: return try session.first(query) { try $0(0, as: Bool.self) } == true ? "true" : nil
    }
  }

  static func assign(
    _ value: String?, to field: String, _ entity: ChangeEntity, _ entityID: String, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    let (table, place) = (try table(entity), try place(entity, entityID, scope))
    if field == RecordField.exists {
      let deletedAt: Timestamp? = value == nil ? now : nil
      try session.execute("UPDATE \(table) SET deleted_at = \(deletedAt) WHERE \(place)")
      return
    }
    if let day = typedDay(field, entity), let account = ID<Account>(entityID) {
      return try TypedBalances.set(value, on: day, of: account, now: now, scope, session)
    }
    guard let (column, kind) = column(field, entity) else { throw unknown(field, entity) }
    let assigned: SQL =
      switch kind {
      case .text: "\(value)"
      case .number: "\(value.flatMap { Int64($0) })"
      case .flag: "\(value != nil)"
      }
    try session.execute("UPDATE \(table) SET \(column) = \(assigned) WHERE \(place)")
  }

  /// Whether rows hang on it, so that it cannot simply cease to be.
  static func isInUse(
    _ entity: ChangeEntity, _ entityID: String, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    let query: SQL
    switch entity {
    case .account:
      guard let id = ID<Account>(entityID) else { return false }
      query = """
        SELECT 1 FROM bank_transaction t
        LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
        WHERE t.household_id = \(scope.household) AND t.account_id = \(id) AND t.is_gone = 0
          AND o.deleted_at IS NULL LIMIT 1
        """
    case .category:
      query = """
        SELECT 1 FROM transaction_overlay WHERE household_id = \(scope.household) AND category = \(entityID)
        UNION ALL SELECT 1 FROM split WHERE household_id = \(scope.household) AND category = \(entityID)
        UNION ALL SELECT 1 FROM judgement
          WHERE household_id = \(scope.household) AND field = 'category' AND value = \(entityID)
        UNION ALL SELECT 1 FROM category
          WHERE household_id = \(scope.household) AND parent = \(entityID) AND deleted_at IS NULL
        LIMIT 1
        """
    case .tag:
      guard let id = ID<Tag>(entityID) else { return false }
      query = "SELECT 1 FROM transaction_tag WHERE household_id = \(scope.household) AND tag_id = \(id) LIMIT 1"
    case .merchant, .savedView, .transaction: return false
    }
    return try session.first(query) { _ in true } ?? false
  }

  /// Whether a person sees the thing, and so what was done to it.
  static func isVisible(
    _ entity: ChangeEntity, _ entityID: String, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    let query: SQL
    switch entity {
    case .transaction:
      guard let id = ID<Transaction>(entityID) else { return false }
      return try Transactions.account(of: id, scope, session) != nil
    case .account:
      query = """
        SELECT 1 FROM account WHERE \(try place(entity, entityID, scope))\(Visibility.accounts(scope, "id"))
        """
    case .merchant:
      guard let id = ID<Merchant>(entityID) else { return false }
      return try Merchants.find(id, scope, session) != nil
    case .savedView:
      query = """
        SELECT 1 FROM saved_view
        WHERE \(try place(entity, entityID, scope)) AND (person_id = \(scope.user) OR is_shared = 1)
        """
    case .category, .tag: query = "SELECT 1 FROM \(try table(entity)) WHERE \(try place(entity, entityID, scope))"
    }
    return try session.first(query) { _ in true } ?? false
  }

  private static func typedDay(_ field: String, _ entity: ChangeEntity) -> CalendarDate? {
    guard entity == .account, field.hasPrefix(TypedBalances.fieldPrefix) else { return nil }
    return CalendarDate(String(field.dropFirst(TypedBalances.fieldPrefix.count)))
  }

  private static func unknown(_ what: String, _ entity: ChangeEntity) -> DatabaseError {
    DatabaseError(kind: .programmer, message: "\(entity.rawValue) has no \(what)")
  }
}
