package import Basics
package import Databases
package import Finance

/// Names merchants.
package enum Merchant: Identified {
  package static let idPrefix = "mer"
}

/// A shop or person that money went to or came from, as banks name it and as its household calls it.
package struct StoredMerchant: Sendable, Equatable {
  package var id: ID<Merchant>
  package var bankName: String
  /// What the household calls it; else the bank's name is shown.
  package var name: String?
  package var category: String?
  package var website: String?
  package var isHidden: Bool
  /// Which rows are its: the provider's own id of it, else its exact name.
  var bankKey: String

  package var shownName: String { name ?? bankName }
}

/// What a person changes about a merchant.
package enum MerchantEdit: Sendable, Equatable {
  case name(String?)
  case isHidden(Bool)
}

/// Merchants are gathered with the search, from the rows that name them: a sync does not wait for it.
package enum Merchants {
  /// Stored: its spelling never changes.
  static func key(entity: String?, name: String?) -> String? { entity.map { "e:\($0)" } ?? name.map { "n:\($0)" } }

  /// By name, from after `after`.
  ///
  /// - Parameter text: Part of a name.
  package static func list(
    _ text: String? = nil, after: StoredMerchant? = nil, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [StoredMerchant] {
    var conditions: SQL = ""
    if let after {
      conditions = "\(conditions) AND (COALESCE(name, bank_name), id) > (\(after.shownName), \(after.id))"
    }
    if let text {
      let part: SQL = "LOWER(\(text))"
      let shown = SearchIndex.contains("LOWER(COALESCE(name, bank_name))", part, session.dialect)
      conditions = "\(conditions) AND (\(shown) OR \(SearchIndex.contains("LOWER(bank_name)", part, session.dialect)))"
    }
    return try read("\(conditions) ORDER BY COALESCE(name, bank_name), id LIMIT \(limit)", scope, session)
  }

  package static func find(
    _ id: ID<Merchant>, _ scope: Scope, _ session: any Session
  ) throws -> StoredMerchant? {
    try read("AND id = \(id)", scope, session).first
  }

  package static func edit(
    _ id: ID<Merchant>, _ changes: [MerchantEdit], _ edits: inout Edits, _ session: any Session
  ) throws {
    for change in changes {
      switch change {
      case .name(let name): try edits.set(.merchant, id.description, "name", to: name, session)
      case .isHidden(let isHidden):
        try edits.set(.merchant, id.description, "hidden", to: isHidden ? "true" : nil, session)
      }
    }
  }

  /// The rows of some merchants, as a condition on `t`.
  static func condition(
    _ ids: [ID<Merchant>], pending: [SQL], _ scope: Scope, _ session: any Session
  ) throws -> SQL {
    let keys = try read("AND id IN \(list: ids.prefix(Limits.listMax))", scope, session)
      .map(\.bankKey)
    let entities = keys.filter { $0.hasPrefix("e:") }.map { String($0.dropFirst(2)) }
    let names = keys.filter { $0.hasPrefix("n:") }.map { String($0.dropFirst(2)) }
    let exact: SQL = """
      (t.merchant_entity_id IN \(list: entities)
        OR t.merchant_entity_id IS NULL AND t.merchant_name IN \(list: names))
      """
    var places: SQL = """
      t.id IN (SELECT transaction_id FROM search_document
        WHERE household_id = \(scope.household) AND merchant_id IN \(list: ids.prefix(Limits.listMax)))
      """
    for part in pending { places = "\(places) OR \(part)" }
    return "(\(places)) AND \(exact)"
  }

  private static func read(_ conditions: SQL, _ scope: Scope, _ session: any Session) throws -> [StoredMerchant] {
    // One that only rows withheld from the person name is none to them.
    try session.query(
      """
      SELECT id, bank_name, name, category, website, is_hidden, bank_key FROM merchant m
      WHERE household_id = \(scope.household) AND EXISTS (
        SELECT 1 FROM search_document s
        JOIN bank_transaction t ON t.household_id = s.household_id AND t.id = s.transaction_id
        WHERE s.household_id = m.household_id AND s.merchant_id = m.id
          \(Visibility.rows(scope, "t.account_id"))) \(conditions)
      """
    ) { row in
      StoredMerchant(
        id: try row(0), bankName: try row(1), name: try row(2), category: try row(3), website: try row(4),
        isHidden: try row(5), bankKey: try row(6))
    }
  }
}
