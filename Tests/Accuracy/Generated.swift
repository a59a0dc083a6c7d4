import Recognition

/// Rows for a measurement without data: the committed merchants with the noise that banks add, and lines that say how
/// money moved. They measure the templates and the reading of lines, not the world.
enum Generated {
  private static let ways = ["", "POS DEBIT ", "CARD PAYMENT TO ", "SQ *", "PAYPAL *", "PURCHASE AUTHORIZED ON 03/04 "]
  private static let places = ["", " #1412", " 00412 AUSTIN TX", " LEEDS GB", " 888-504-7061 CA", " ON 03 AUG"]
  private static let movements: [(String, Double, String)] = [
    ("ATM WITHDRAWAL", 1, "TRANSFER_OUT"), ("OVERDRAFT FEE", 1, "BANK_FEES"), ("INTEREST PAID", -1, "INCOME"),
    ("ACME CORP PAYROLL", -1, "INCOME"), ("PAYMENT THANK YOU", -1, "LOAN_PAYMENTS"),
    ("TRANSFER FROM SAVINGS", -1, "TRANSFER_IN"), ("MORTGAGE PAYMENT", 1, "LOAN_PAYMENTS"),
  ]

  static func samples() -> [Sample] {
    var rows: [(String, Double, String)] = []
    for (index, merchant) in MerchantList.all.enumerated() {
      for turn in 0..<2 {
        let way = ways[(index + turn) % ways.count]
        let place = places[(index / 7 + turn) % places.count]
        rows.append((way + merchant.name.uppercased() + place, 10, Taxonomy.primary(of: merchant.category)))
      }
    }
    for (text, amount, primary) in movements { for place in places { rows.append((text + place, amount, primary)) } }
    return rows.enumerated().map { index, row in
      let evidence = Evidence(row.0, isOutgoing: row.1 > 0)
      return Sample(
        description: row.0, amount: row.1, merchant: row.0, primary: Groups.former(row.2),
        isSeen: Recognizer.merchant(evidence) != nil, order: Double(index), household: "", provider: nil,
        evidence: evidence)
    }
  }
}
