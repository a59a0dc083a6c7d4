/// Plaid's personal finance categories, both versions, as they map to each other, and merchant category codes.
package enum Taxonomy {
  /// The groups of the first version, in the order in which the model counts them.
  package static let primaries = [
    "INCOME", "TRANSFER_IN", "TRANSFER_OUT", "LOAN_PAYMENTS", "BANK_FEES", "ENTERTAINMENT", "FOOD_AND_DRINK",
    "GENERAL_MERCHANDISE", "HOME_IMPROVEMENT", "MEDICAL", "PERSONAL_CARE", "GENERAL_SERVICES",
    "GOVERNMENT_AND_NON_PROFIT", "TRANSPORTATION", "TRAVEL", "RENT_AND_UTILITIES",
  ]
  /// The second version has two more.
  private static let groups = primaries + ["LOAN_DISBURSEMENTS", "OTHER"]

  private struct Tables {
    /// Every code of either version.
    var detailed: [String] = []
    var index: [String: Int] = [:]
    /// From the second version to the first.
    var former: [String: String] = [:]
    var merchantCodes: [String: String] = [:]
  }

  private static let tables: Tables = {
    var tables = Tables()
    for row in Shelf.rows(.taxonomy).dropFirst() {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3 else { continue }
      tables.index[fields[0]] = tables.detailed.count
      tables.detailed.append(fields[0])
      tables.former[fields[0]] = fields[2]
    }
    for row in Shelf.rows(.merchantCodes).dropFirst() {
      let fields = row.split(separator: ",").map(String.init)
      guard fields.count == 2 else { continue }
      tables.merchantCodes[fields[0]] = fields[1]
    }
    return tables
  }()

  package static var detailed: [String] { tables.detailed }

  /// Asked several times for each row: by its first letter two or three groups are left to compare with.
  private static let groupsByLetter: [[String]] = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { letter in
    groups.filter { $0.utf8.first == letter }
  }

  package static func primary(of detailed: String) -> String {
    guard let first = detailed.utf8.first, (0x41...0x5a).contains(first) else { return "OTHER" }
    let found = groupsByLetter[Int(first) - 0x41].first { group in
      guard detailed.utf8.starts(with: group.utf8) else { return false }
      let rest = detailed.utf8.dropFirst(group.utf8.count)
      return rest.isEmpty || rest.first == UInt8(ascii: "_")
    }
    return found ?? "OTHER"
  }

  /// Whether a category holds what fits no other of its group.
  static func isDrawer(_ detailed: String) -> Bool {
    detailed == "OTHER" || detailed.utf8.dropFirst(primary(of: detailed).utf8.count).starts(with: "_OTHER".utf8)
  }

  /// Codes of the first version that the second spells otherwise; the second keeps the rest.
  private static let renamed = [
    "INCOME_WAGES": "INCOME_SALARY", "INCOME_OTHER_INCOME": "INCOME_OTHER",
    "TRANSFER_IN_CASH_ADVANCES_AND_LOANS": "LOAN_DISBURSEMENTS_OTHER_DISBURSEMENT",
    "TRANSFER_IN_CASH_ADVANCES": "LOAN_DISBURSEMENTS_OTHER_DISBURSEMENT",
  ]

  /// A code of either version as the second spells it; nil when neither knows it.
  package static func current(_ detailed: String) -> String? {
    renamed[detailed] ?? (tables.index[detailed] == nil ? nil : detailed)
  }

  /// What the second version's finer codes were in the first.
  private static let merged: [String: String] = [
    "INCOME_CHILD_SUPPORT": "INCOME_OTHER_INCOME", "INCOME_CONTRACTOR": "INCOME_WAGES",
    "INCOME_GIG_ECONOMY": "INCOME_WAGES", "INCOME_LONG_TERM_DISABILITY": "INCOME_OTHER_INCOME",
    "INCOME_MILITARY": "INCOME_WAGES", "INCOME_RENTAL": "INCOME_OTHER_INCOME",
    "LOAN_PAYMENTS_BNPL": "LOAN_PAYMENTS_OTHER_PAYMENT",
    "LOAN_PAYMENTS_CASH_ADVANCES": "LOAN_PAYMENTS_OTHER_PAYMENT", "LOAN_PAYMENTS_EWA": "LOAN_PAYMENTS_OTHER_PAYMENT",
    "TRANSFER_IN_TRANSFER_IN_FROM_APPS": "TRANSFER_IN_OTHER_TRANSFER_IN",
    "TRANSFER_IN_WIRE": "TRANSFER_IN_ACCOUNT_TRANSFER", "TRANSFER_OUT_WIRE": "TRANSFER_OUT_ACCOUNT_TRANSFER",
    "TRANSFER_OUT_CRYPTO": "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS",
    "TRANSFER_OUT_TRANSFER_OUT_FROM_APPS": "TRANSFER_OUT_OTHER_TRANSFER_OUT",
    "BANK_FEES_LATE_FEES": "BANK_FEES_OTHER_BANK_FEES", "BANK_FEES_CASH_ADVANCE": "BANK_FEES_OTHER_BANK_FEES",
  ]

  /// A code of either version as the first spelled it; finer ones fall together.
  ///
  /// - Parameter isIncoming: `OTHER_OTHER` was a transfer of either direction.
  package static func former(_ detailed: String, isIncoming: Bool) -> String? {
    guard tables.index[detailed] != nil else { return nil }
    if detailed == "OTHER_OTHER" {
      return isIncoming ? "TRANSFER_IN_OTHER_TRANSFER_IN" : "TRANSFER_OUT_OTHER_TRANSFER_OUT"
    }
    if detailed.hasPrefix("LOAN_DISBURSEMENTS_") { return "TRANSFER_IN_CASH_ADVANCES_AND_LOANS" }
    if let merged = merged[detailed] { return merged }
    let former = tables.former[detailed] ?? ""
    return former.isEmpty ? detailed : former
  }

  /// What a merchant category code (ISO 18245, four digits) is.
  package static func category(merchantCode: String) -> String? {
    tables.merchantCodes[merchantCode].flatMap(current)
  }

  /// A merchant category code that stands for a category: the lowest that maps to it.
  package static func merchantCode(of detailed: String) -> String? {
    tables.merchantCodes.filter { current($0.value) == current(detailed) }.keys.min()
  }
}
