package import Basics
import Databases
package import Finance

/// Which transactions a reader wants. Nothing set means all that nobody deleted.
package struct TransactionFilter: Sendable, Equatable {
  package var accounts: [ID<Account>] = []
  /// Occurred days, both included.
  package var from: CalendarDate?
  package var to: CalendarDate?
  package var isPending: Bool?
  /// Words that name, merchant, original text or notes contain, in any order, whatever their case and accents.
  package var text: String?
  /// From the owner's side, both included, in the currency of each row.
  package var amountFrom: DecimalText?
  package var amountTo: DecimalText?
  /// Codes; a group's stands for all in it. ``Totals/uncategorized`` for rows without one.
  package var categories: [String] = []
  package var isUncategorized: Bool?
  /// Any of them.
  package var tags: [ID<Tag>] = []
  package var merchants: [ID<Merchant>] = []
  package var currencies: [Currency] = []
  /// Whether a person wrote on it.
  package var isEdited: Bool?
  package var isReviewed: Bool?
  package var isExcluded: Bool?
  /// Only what people deleted.
  package var isDeleted = false
  package init() {}
}

/// How a list is ordered. Rows that are alike in it stand in the order of their age.
package enum TransactionOrder: String, Sendable, CaseIterable {
  case newest, oldest, largest, smallest

  var isByAmount: Bool { self == .largest || self == .smallest }
  var isDescending: Bool { self == .newest || self == .largest }
}

extension TransactionFilter {
  /// All but the text, as conditions on `t` (the row), `o` (its overlay) and `j` (its judgement).
  ///
  /// - Parameters:
  ///   - day: Where the occurred day stands.
  ///   - pending: What the search has not taken in yet.
  func conditions(day: SQL, pending: [SQL], _ scope: Scope, _ session: any Session) throws -> SQL {
    var all: SQL = """
      t.household_id = \(scope.household) AND t.is_gone = 0
      AND o.deleted_at IS \(isDeleted ? "NOT NULL" : "NULL" as SQL)\(Visibility.rows(scope, "t.account_id"))
      """
    func require(_ condition: SQL) { all = "\(all) AND \(condition)" }
    if !accounts.isEmpty { require("t.account_id IN \(list: accounts.prefix(Limits.listMax))") }
    if let from { require("\(day) >= \(from)") }
    if let to { require("\(day) <= \(to)") }
    if let isPending { require("t.is_pending = \(isPending)") }
    if !currencies.isEmpty { require("t.currency IN \(list: currencies.prefix(Limits.listMax))") }
    if amountFrom != nil || amountTo != nil { require(try amounts(scope, session)) }
    if !categories.isEmpty { require(Self.filed(under: categories, scope)) }
    if let isUncategorized {
      let category: SQL = "COALESCE(o.category, j.value, t.category_detailed, \(Totals.uncategorized))"
      require("\(category) \(isUncategorized ? "=" : "<>" as SQL) \(Totals.uncategorized)")
    }
    if !tags.isEmpty {
      require(
        """
        t.id IN (SELECT transaction_id FROM transaction_tag
          WHERE household_id = \(scope.household) AND tag_id IN \(list: tags.prefix(Limits.listMax)))
        """)
    }
    if !merchants.isEmpty { require(try Merchants.condition(merchants, pending: pending, scope, session)) }
    if let isEdited { require(isEdited ? Self.edited : "NOT \(Self.edited)") }
    if let isReviewed { require("COALESCE(o.is_reviewed, 0) = \(isReviewed)") }
    if let isExcluded { require("COALESCE(o.is_excluded, 0) = \(isExcluded)") }
    return all
  }

  /// Never NULL, so that its opposite is what it seems.
  private static let edited: SQL = """
    (COALESCE(o.category, o.name, o.notes) IS NOT NULL OR o.occurred_on IS NOT NULL OR COALESCE(o.is_excluded, 0) = 1
      OR EXISTS (SELECT 1 FROM transaction_tag e WHERE e.household_id = t.household_id AND e.transaction_id = t.id)
      OR EXISTS (SELECT 1 FROM transaction_field e WHERE e.household_id = t.household_id AND e.transaction_id = t.id)
      OR EXISTS (SELECT 1 FROM split e WHERE e.household_id = t.household_id AND e.transaction_id = t.id))
    """

  /// Of a row in parts, a part's category counts.
  private static func filed(under codes: [String], _ scope: Scope) -> SQL {
    let own = codes.prefix(Limits.listMax)
    let places: SQL = """
      (SELECT code FROM category WHERE household_id = \(scope.household) AND parent IN \(list: own))
      """
    let category: SQL = "COALESCE(o.category, j.value, t.category_detailed, \(Totals.uncategorized))"
    let part: SQL = "COALESCE(p.category, \(category))"
    let parts: SQL = "FROM split p WHERE p.household_id = t.household_id AND p.transaction_id = t.id"
    return """
      CASE WHEN EXISTS (SELECT 1 \(parts))
        THEN EXISTS (SELECT 1 \(parts) AND (\(part) IN \(list: own) OR \(part) IN \(places)))
        ELSE \(category) IN \(list: own) OR \(category) IN \(places) END
      """
  }

  /// Amounts as people write them stand for other minor units in each currency.
  private func amounts(_ scope: Scope, _ session: any Session) throws -> SQL {
    let found = try session.query(
      """
      SELECT currency FROM account WHERE household_id = \(scope.household)
      UNION SELECT currency FROM total_day WHERE household_id = \(scope.household)
      """
    ) { try $0(0, as: Currency.self) }
    var any: SQL = "1 = 0"
    for currency in found.sorted(by: { $0.code < $1.code }) where currencies.isEmpty || currencies.contains(currency) {
      // An amount beyond what can be counted is beyond every row.
      let low = try amountFrom.map { try Self.minor($0, currency) } ?? .min
      let high = try amountTo.map { try Self.minor($0, currency) } ?? .max
      any = "\(any) OR t.currency = \(currency) AND t.amount_minor BETWEEN \(low) AND \(high)"
    }
    return "(\(any))"
  }

  private static func minor(_ amount: DecimalText, _ currency: Currency) throws(MoneyError) -> Int64 {
    do throws(MoneyError) {
      return try Money.rounding(amount, currency).money.minorUnits
    } catch .overflow {
      return amount.isNegative ? .min : .max
    }
  }
}
