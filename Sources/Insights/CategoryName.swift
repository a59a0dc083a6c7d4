package import Databases
package import Finance
package import Store

/// Words for categories. The bank's are those of Plaid's personal finance taxonomy; anything else is a person's own
/// word and stays as it is.
package enum CategoryName {
  private static let primaries: [(code: String, words: String)] = [
    ("INCOME", "Income"), ("LOAN_DISBURSEMENTS", "Loans received"), ("LOAN_PAYMENTS", "Loan payments"),
    ("TRANSFER_IN", "Transfers in"), ("TRANSFER_OUT", "Transfers out"), ("BANK_FEES", "Bank fees"),
    ("ENTERTAINMENT", "Entertainment"), ("FOOD_AND_DRINK", "Food and drink"),
    ("GENERAL_MERCHANDISE", "Shopping"), ("HOME_IMPROVEMENT", "Home improvement"), ("MEDICAL", "Health"),
    ("PERSONAL_CARE", "Personal care"), ("GENERAL_SERVICES", "Services"),
    ("GOVERNMENT_AND_NON_PROFIT", "Government and charity"), ("TRANSPORTATION", "Transport"), ("TRAVEL", "Travel"),
    ("RENT_AND_UTILITIES", "Home and utilities"), ("OTHER", "Other"), ("UNCATEGORIZED", "Without a category"),
  ]

  /// A category in words: `RENT_AND_UTILITIES_GAS_AND_ELECTRICITY` is `Gas and electricity`.
  package static func words(_ category: String) -> String {
    guard let primary = primaries.first(where: { category.hasPrefix($0.code + "_") }) else { return group(category) }
    let rest = category.dropFirst(primary.code.count + 1)
    if let known = known[category] { return known }
    let words = rest.lowercased().replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// Where the bank's code alone would mislead, or spell badly.
  private static let known = [
    "ENTERTAINMENT_TV_AND_MOVIES": "TV and movies", "BANK_FEES_ATM_FEES": "ATM fees", "TRANSPORTATION_GAS": "Fuel",
    "FOOD_AND_DRINK_RESTAURANT": "Restaurants", "OTHER_OTHER": "Other",
    "BANK_FEES_INTEREST_CHARGE": "Interest paid", "GENERAL_SERVICES_OTHER_GENERAL_SERVICES": "Other services",
    "GENERAL_MERCHANDISE_OTHER_GENERAL_MERCHANDISE": "Other shopping",
    "ENTERTAINMENT_SPORTING_EVENTS_AMUSEMENT_PARKS_AND_MUSEUMS": "Events, parks and museums",
    "GOVERNMENT_AND_NON_PROFIT_GOVERNMENT_DEPARTMENTS_AND_AGENCIES": "Government fees",
  ]

  /// The group a category belongs to, in words: `FOOD_AND_DRINK_GROCERIES` is in `Food and drink`.
  package static func group(_ category: String) -> String {
    primaries.first { category == $0.code || category.hasPrefix($0.code + "_") }?.words ?? category
  }
}

/// What a household calls its categories, its own and those it renamed among them.
package struct CategoryBook: Sendable {
  private let known: [String: StoredCategory]

  package init(_ categories: [StoredCategory] = []) {
    known = Dictionary(categories.map { ($0.code, $0) }) { first, _ in first }
  }

  package static func read(_ scope: Scope, _ session: any Session) throws -> CategoryBook {
    CategoryBook(try Categories.all(scope, session))
  }

  package func words(_ category: String) -> String { known[category]?.name ?? CategoryName.words(category) }

  /// The group it is in, by name; a group is in itself.
  package func group(_ category: String) -> String {
    guard let own = known[category] else { return CategoryName.group(category) }
    return own.parent.map { words($0) } ?? own.name
  }
}
