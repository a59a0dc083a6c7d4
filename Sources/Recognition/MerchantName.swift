/// One name for a merchant whatever its bank prints around it, and the key by which a household remembers it.
package struct MerchantName: Sendable, Equatable {
  /// What rows of one merchant have in common. Stored: its spelling changes only with a migration.
  package var key: String
  /// As people would write it.
  package var shown: String

  package init(_ evidence: Evidence) {
    let line = evidence.line
    let names = line.nameIndices.filter { line.words[$0].kind != .number }
    let numbers = line.nameIndices
    if let match = evidence.match, match.isStrong, !match.merchant.isUnsure || match.isWhole || match.isFirst,
      Self.isWorthANameOfItsOwn(match)
    {
      // The line of business behind the name is a merchant of its own: `TESCO` and `TESCO MOBILE`.
      let business = evidence.matchCategory == match.merchant.category ? "" : evidence.matchCategory ?? ""
      key = business.isEmpty ? "m:\(match.merchant.name)" : "m:\(match.merchant.name):\(business)"
      shown = match.merchant.name
      return
    }
    let words = (names.isEmpty ? numbers : names).prefix(4).map { line.string(line.words[$0]) }
    key = "w:" + words.joined(separator: " ")
    shown = words.map(Self.capitalised).joined(separator: " ")
  }

  /// Kinds of shops (`Hair Salon`) and of payments (`Mortgage Payment`) are in the table, and are nobody's name.
  private static func isWorthANameOfItsOwn(_ match: MerchantTable.Match) -> Bool {
    !generic.contains(match.merchant.category) && !genericNames.contains(match.merchant.name)
  }
  private static let generic: Set<String> = [
    "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT", "TRANSFER_OUT_SAVINGS", "TRANSFER_OUT_ACCOUNT_TRANSFER",
    "GOVERNMENT_AND_NON_PROFIT_GOVERNMENT_DEPARTMENTS_AND_AGENCIES",
  ]
  private static let genericNames: Set<String> = [
    "PayPal", "Hair Salon", "Nail Salon", "Barber Shop", "Day Spa", "Beauty Salon", "Dry Cleaners", "Laundromat",
    "Vape Shop", "Smoke Shop", "Liquor Store", "Vending Machine", "Parking Meter", "Street Parking", "Airport Parking",
    "City Parking", "Mortgage Payment", "Loan Payment", "Personal Loan Payment", "Auto Loan", "Student Loan",
    "Food Bank", "Community Church", "Church Offering", "Property Tax", "Council Tax", "Taxi Svc",
  ]

  private static func capitalised(_ word: String) -> String {
    word.count <= 2 ? word : word.prefix(1) + word.dropFirst().lowercased()
  }
}
