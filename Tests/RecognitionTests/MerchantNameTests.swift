import Testing

@testable import Recognition

@Suite struct `A merchant's name` {
  static func key(_ description: String, isOutgoing: Bool = true) -> String {
    MerchantName(Evidence(description, isOutgoing: isOutgoing)).key
  }

  @Test(arguments: [
    [
      "BLUE BOTTLE COFFEE", "SQ *BLUE BOTTLE COFFEE OAKLAND CA", "POS DEBIT BLUE BOTTLE COFFEE #112",
      "Blue Bottle Coffee 03/04",
    ],
    [
      "PRIMAVERA TRATTORIA", "TST* PRIMAVERA TRATTORIA", "TST*PRIMAVERA TRATTORIA BOSTON MA",
      "PAYPAL *PRIMAVERA TRATTORIA",
    ],
    ["NORTHSIDE VET CLINIC", "PURCHASE AUTHORIZED ON 06/06 NORTHSIDE VET CLINIC AUSTIN TX CARD 1234"],
    [
      "CORNER LARDER", "CARD PAYMENT TO CORNER LARDER ON 03 AUG", "7897 16NOV22 C CORNER LARDER",
      "ZETTLE_*CORNER LARDER LEEDS GB",
    ],
    ["QUILLON ATELIER", "KLARNA*QUILLON ATELIER", "CLEARPAY *QUILLON ATELIER", "SP QUILLON ATELIER"],
    ["TESCO STORES 2345", "TESCO STORES 3347 LONDON", "CONTACTLESS PAYMENT TESCO STORE 9", "Tesco Express"],
    ["AMZN Mktp US*2X3AB4CD0", "Amazon.com*MK4XY1230", "AMAZON MKTPL*RT4XZ0YY2", "AMZN MKTP UK"],
    ["SAINSBURYS S/MKTS LONDON GBR", "SAINSBURY'S SUPERMARKET 112", "Sainsburys"],
    ["MCDONALDS 33412", "McDonald's F123 CHICAGO IL"],
  ])
  func `is one whatever stands around it`(lines: [String]) {
    #expect(Set(lines.map { Self.key($0) }).count == 1, "\(lines.map { Self.key($0) })")
  }

  @Test(arguments: [
    ["VENMO *JOAN SMITH", "VENMO *PETER JONES"], ["TESCO STORES", "TESCO MOBILE", "TESCO BANK"],
    ["PAYPAL *LONGBOOKS", "PAYPAL *SHORTSHOES"], ["SQ *ALPHA BAKERY", "SQ *OMEGA BAKERY"],
    ["CHECK 1001", "ATM WITHDRAWAL"], ["UBER *TRIP", "UBER *EATS"],
  ])
  func `keeps apart what is not one`(lines: [String]) {
    #expect(Set(lines.map { Self.key($0) }).count == lines.count, "\(lines.map { Self.key($0) })")
  }

  @Test func `is shown as people write it`() {
    #expect(MerchantName(Evidence("TESCO STORES 3347", isOutgoing: true)).shown == "Tesco")
    #expect(MerchantName(Evidence("SQ *CORNER LARDER #4", isOutgoing: true)).shown == "Corner Larder")
  }

  @Test func `is never empty`() {
    for text in [
      "", " ", "1234", "***", "03/04", "#", "CARD", "ON", "é", "日本", "XXXX1234", String(repeating: "A ", count: 400),
    ] {
      let name = MerchantName(Evidence(text, isOutgoing: true))
      #expect(name.key.count >= 2)
    }
  }
}

@Suite struct `A statement line` {
  @Test(arguments: [
    ("POS PURCHASE JOES DINER AUSTIN TX", "JOES DINER", "US"), ("JOES DINER LEEDS GB", "JOES DINER", "GB"),
    ("CHECKCARD 0123 JOES DINER 888-504-7061 CA", "JOES DINER", "US"), ("7-ELEVEN 33412", "7 ELEVEN", nil),
    ("24 HOUR FITNESS #112", "24 HOUR FITNESS", nil), ("JOES DINER LTD", "JOES DINER", nil),
  ])
  func `gives away a name and a place`(text: String, name: String, country: String?) {
    let line = StatementLine(text)
    #expect(line.nameIndices.map { line.string(line.words[$0]) }.joined(separator: " ") == name)
    #expect(line.country == country)
  }

  @Test func `is read without accents and apostrophes`() {
    #expect(String(decoding: Folding.fold("Café Müller’s Ōsaka"), as: UTF8.self) == "CAFE MULLERS OSAKA")
  }
}
