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

  /// The group a category belongs to, in words: `FOOD_AND_DRINK_GROCERIES` is in `Food and drink`.
  package static func group(_ category: String) -> String {
    primaries.first { category == $0.code || category.hasPrefix($0.code + "_") }?.words ?? category
  }
}
