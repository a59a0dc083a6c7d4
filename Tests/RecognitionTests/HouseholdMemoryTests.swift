import Testing

@testable import Recognition

@Suite struct `A household's memory` {
  static let places = ["", " #112", " 2045", " LEEDS GB", " AUSTIN TX", " 03/04"]
  static let ways = ["", "SQ *", "TST* ", "PAYPAL *", "POS DEBIT ", "CARD PAYMENT TO "]

  @Test func `needs one correction for the next row of that merchant, always`() {
    let merchants = [
      "QUORNDALE LARDER", "ZEPHYRINE AND SONS", "NETFLIX.COM", "TESCO STORES", "XK7", "THE BURREN", "ACME",
    ]
    let categories = ["HOME_IMPROVEMENT_HARDWARE", "TRAVEL_LODGING", "PERSONAL_CARE_HAIR_AND_BEAUTY"]
    for merchant in merchants {
      for category in categories {
        for way in Self.ways {
          var memory = HouseholdMemory()
          memory.learn(Evidence(way + merchant + " 881", isOutgoing: true), category)
          for place in Self.places {
            let answer = LineSorter.sort(Evidence(way + merchant + place, isOutgoing: true), memory: memory)
            #expect(answer?.guess.category == category, "\(way + merchant + place)")
            #expect(answer?.isApplied == true)
          }
        }
      }
    }
  }

  @Test func `follows the last word`() {
    var memory = HouseholdMemory()
    let row = Evidence("QUORNDALE LARDER", isOutgoing: true)
    memory.learn(row, "TRAVEL_LODGING")
    memory.learn(row, "FOOD_AND_DRINK_GROCERIES")
    #expect(memory.recall(row)?.category == "FOOD_AND_DRINK_GROCERIES")
  }

  @Test func `does not say of money that came what was said of money that went`() {
    var memory = HouseholdMemory()
    memory.learn(Evidence("JOAN SMITH", isOutgoing: true), "RENT_AND_UTILITIES_RENT")
    #expect(memory.recall(Evidence("JOAN SMITH", isOutgoing: false)) == nil)
  }

  @Test func `suggests for kin what was said of the others, and is silent when they differ`() {
    var memory = HouseholdMemory()
    memory.learn(Evidence("QUORNDALE LARDER WEST", isOutgoing: true), "FOOD_AND_DRINK_GROCERIES")
    let kin = memory.recall(Evidence("QUORNDALE LARDER EAST", isOutgoing: true))
    #expect(kin?.category == "FOOD_AND_DRINK_GROCERIES")
    #expect(kin?.reason.code == "memory.kin")
    memory.learn(Evidence("QUORNDALE LARDER NORTH", isOutgoing: true), "TRAVEL_LODGING")
    #expect(memory.recall(Evidence("QUORNDALE LARDER EAST", isOutgoing: true)) == nil)
  }
}
