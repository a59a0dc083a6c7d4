import Testing

@testable import Recognition

@Suite struct `The taxonomy` {
  @Test func `knows both versions and maps each code of one to the other`() {
    #expect(Taxonomy.detailed.count > 120)
    for code in Taxonomy.detailed {
      let current = Taxonomy.current(code)
      #expect(current != nil, "\(code)")
      for isIncoming in [true, false] {
        let former = Taxonomy.former(code, isIncoming: isIncoming)
        #expect(former != nil, "\(code)")
        // What was of the first version is there again after a journey through the second.
        if let former, let back = Taxonomy.current(former) {
          #expect(Taxonomy.former(back, isIncoming: isIncoming) == former, "\(code)")
        }
      }
    }
    #expect(Taxonomy.current("INCOME_WAGES") == "INCOME_SALARY")
    #expect(Taxonomy.former("INCOME_SALARY", isIncoming: true) == "INCOME_WAGES")
    #expect(Taxonomy.former("LOAN_DISBURSEMENTS_AUTO", isIncoming: true) == "TRANSFER_IN_CASH_ADVANCES_AND_LOANS")
    #expect(Taxonomy.current("NOTHING_OF_THE_KIND") == nil)
  }

  @Test func `knows merchant category codes`() {
    #expect(Taxonomy.category(merchantCode: "5411") == "FOOD_AND_DRINK_GROCERIES")
    #expect(Taxonomy.category(merchantCode: "0000") == nil)
    let code = Taxonomy.merchantCode(of: "FOOD_AND_DRINK_GROCERIES")
    #expect(code.flatMap { Taxonomy.category(merchantCode: $0) } == "FOOD_AND_DRINK_GROCERIES")
  }

  @Test func `is what every list files under`() {
    for file in [Shelf.File.merchants, .terms, .mechanisms] {
      for line in Shelf.lines(file) where line.section != "COMMON" {
        #expect(Taxonomy.current(line.section) != nil, "\(line.section)")
      }
    }
  }
}
