import Testing

@testable import Recognition

@Suite struct `What a line is by itself` {
  static func sort(_ text: String, _ isOutgoing: Bool) -> LineSorter.Answer? {
    LineSorter.sort(Evidence(text, isOutgoing: isOutgoing))
  }

  @Test(arguments: [
    ("NON-CHASE ATM FEE-WITH", true, "BANK_FEES_ATM_FEES"),
    ("ATM WITHDRAWAL 413659 03/24 SEATTLE WA", true, "TRANSFER_OUT_WITHDRAWAL"),
    ("ACME CORP DIRECT DEP PPD ID: 9111111103", false, "INCOME_SALARY"),
    ("INTEREST PAYMENT", false, "INCOME_INTEREST_EARNED"),
    ("PURCHASE INTEREST CHARGE", true, "BANK_FEES_INTEREST_CHARGE"),
    ("AUTOMATIC PAYMENT - THANK YOU", false, "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"),
    ("CHASE CREDIT CRD AUTOPAY PPD ID: 4760039224", true, "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"),
    ("ZELLE FROM ANNA HARRY ON 05/13", false, "TRANSFER_IN_TRANSFER_IN_FROM_APPS"),
    ("Online Transfer to SAV ...1234", true, "TRANSFER_OUT_SAVINGS"),
    ("CHECK 1234", true, "TRANSFER_OUT_OTHER_TRANSFER_OUT"),
    ("IRS TREAS 310 TAX REF", false, "INCOME_TAX_REFUND"), ("OVERDRAFT FEE", true, "BANK_FEES_OVERDRAFT_FEES"),
  ])
  func `is told by how the money moved`(text: String, isOutgoing: Bool, category: String) {
    let answer = Self.sort(text, isOutgoing)
    #expect(answer?.source == .mechanism)
    #expect(answer?.guess.category == category)
    #expect(answer?.isApplied == true)
  }

  @Test(arguments: [
    ("NETFLIX.COM", "ENTERTAINMENT_TV_AND_MOVIES"), ("SAINSBURYS S/MKTS LONDON GBR", "FOOD_AND_DRINK_GROCERIES"),
    ("TESCO MOBILE", "RENT_AND_UTILITIES_TELEPHONE"), ("TESCO PFS 3347", "TRANSPORTATION_GAS"),
    ("UBER *EATS HELP.UBER.COM", "FOOD_AND_DRINK_RESTAURANT"), ("PAYPAL *STEAM GAMES", "ENTERTAINMENT_VIDEO_GAMES"),
  ])
  func `is told by the merchant`(text: String, category: String) {
    let answer = Self.sort(text, true)
    #expect(answer?.source == .merchant)
    #expect(answer?.guess.category == category)
  }

  @Test func `is what the merchant is when money comes back, and not what a person was paid`() {
    #expect(Self.sort("REFUND SAINSBURYS S/MKTS", false)?.guess.primary == "FOOD_AND_DRINK")
    #expect(Self.sort("VANGUARD SELL", false)?.guess.primary == "TRANSFER_IN")
  }

  @Test(arguments: [
    ("LUIGIS PIZZERIA", "FOOD_AND_DRINK"), ("MILL LANE DENTAL PRACTICE", "MEDICAL"),
    ("HILLTOP VETERINARY CENTRE", "MEDICAL"), ("SUNSHINE NAILS", "PERSONAL_CARE"),
    ("RIVERSIDE AUTO REPAIR", "GENERAL_SERVICES"), ("STATION ROAD CAR PARK", "TRANSPORTATION"),
  ])
  func `is told by its words`(text: String, primary: String) {
    let answer = Self.sort(text, true)
    #expect(answer?.source == .classifier)
    #expect(answer?.guess.primary == primary)
  }

  @Test func `never calls money that left an income`() {
    for text in ["ACME PAYROLL", "SALARY", "DIVIDEND", "X", "QWERTY ZXCV", "DEPOSIT", "PENSION"] {
      #expect(Self.sort(text, true)?.guess.primary != "INCOME", "\(text)")
      #expect(Self.sort(text, true)?.guess.primary != "TRANSFER_IN", "\(text)")
    }
  }

  @Test func `holds the provider's word against our own`() {
    let evidence = Evidence("LUIGIS PIZZERIA", isOutgoing: true)
    let sure = LineSorter.ProviderWord(category: "FOOD_AND_DRINK_RESTAURANT", isSure: true)
    let answer = LineSorter.sort(evidence, provider: sure)
    #expect(answer?.source == .provider)
    #expect(answer?.isApplied == true)
    let other = LineSorter.ProviderWord(category: "TRAVEL_FLIGHTS", isSure: true)
    #expect(LineSorter.sort(Evidence("NETFLIX.COM", isOutgoing: true), provider: other)?.isApplied == false)
  }
}
