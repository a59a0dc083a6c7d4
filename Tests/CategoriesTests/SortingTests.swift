import Basics
import Databases
import Finance
import Store
import Testing

@testable import Categories

@Suite struct `A row that comes` {
  @Test func `is filed by the surest who knows, with a reason`() async throws {
    let house = try await SortingHouse()
    let coffee = try await house.bring("STARBUCKS STORE 05531")
    #expect(try await house.explained(coffee).category == "FOOD_AND_DRINK_COFFEE")
    #expect(try await house.explained(coffee).source == "merchant")
    let pay = try await house.bring("ACME CORP DIRECT DEP", "2000.00")
    #expect(try await house.explained(pay).category == "INCOME_SALARY")
    let pizza = try await house.bring("LUIGIS PIZZERIA")
    #expect(try await house.explained(pizza).category == nil)
    #expect(try await house.explained(pizza).suggestion?.value.hasPrefix("FOOD_AND_DRINK") == true)
    #expect(try await house.totalsAreRight())
  }

  @Test func `stands where the bank is sure of it`() async throws {
    let house = try await SortingHouse()
    let row = try await house.bring("LUIGIS PIZZERIA", provider: ("FOOD_AND_DRINK_RESTAURANT", "VERY_HIGH"))
    let explained = try await house.explained(row)
    #expect(explained.category == "FOOD_AND_DRINK_RESTAURANT" && explained.source == "bank")
    #expect(explained.suggestion == nil)
  }

  @Test func `follows what was corrected before, and so does the past when it is filed anew`() async throws {
    let house = try await SortingHouse()
    let old = try await house.bring("SQ *CORNER LARDER #1")
    let first = try await house.bring("SQ *CORNER LARDER #2")
    _ = try await house.file(first, "HOME_IMPROVEMENT_HARDWARE")
    let next = try await house.bring("TST* CORNER LARDER BOSTON MA")
    #expect(try await house.explained(next).category == "HOME_IMPROVEMENT_HARDWARE")
    #expect(try await house.explained(next).source == "memory")
    #expect(try await house.explained(old).source != "memory")
    let outcome = try await Recategorizing.run(house.database, house.world, house.scope)
    #expect(outcome.changed == 1)
    #expect(try await house.explained(old).category == "HOME_IMPROVEMENT_HARDWARE")
    #expect(try await house.explained(first).source == "person")
    #expect(try await house.totalsAreRight())
    #expect(try await Recategorizing.run(house.database, house.world, house.scope).changed == 0)
  }

  @Test func `is not suggested again what was refused`() async throws {
    let house = try await SortingHouse()
    let row = try await house.bring("LUIGIS PIZZERIA")
    #expect(try await house.explained(row).suggestion != nil)
    let scope = house.scope
    #expect(try await house.database.write { try Judgements.refuse(row, now: house.world.now(), scope, $0) })
    _ = try await Recategorizing.run(house.database, house.world, house.scope)
    #expect(try await house.explained(row).suggestion == nil)
  }

  @Test func `is counted with its like`() async throws {
    let house = try await SortingHouse()
    let row = try await house.bring("SQ *CORNER LARDER #1", "-10.00")
    try await house.bring("CORNER LARDER LEEDS GB", "-5.50")
    try await house.bring("CORNER LARDER", "7.00")
    try await house.bring("OTHER LARDER", "-1.00")
    let scope = house.scope
    let alike = try #require(try await house.database.read { try Alike.to(row, scope, $0) })
    #expect(alike.rows.count == 2 && alike.sums == [.usd: -1_550])
  }

  @Test func `keeps what a person set through every sequence of happenings`() async throws {
    let texts = ["STARBUCKS #1", "LUIGIS PIZZERIA", "SQ *CORNER LARDER", "ACME PAYROLL", "NETFLIX.COM", "XQ ZZ"]
    let categories = ["TRAVEL_LODGING", "FOOD_AND_DRINK_COFFEE", "HOME_IMPROVEMENT_HARDWARE"]
    for seed in 1...6 {
      let house = try await SortingHouse(seed: UInt64(seed))
      var random = SeededRandom(seed: UInt64(seed))
      var rows: [ID<Transaction>] = []
      var own: [ID<Transaction>: String] = [:]
      for _ in 0..<40 {
        switch random.int(in: 0...5) {
        case 0, 1, 2:
          let provider = random.chance(1, in: 2) ? ("GENERAL_MERCHANDISE_OTHER_GENERAL_MERCHANDISE", "LOW") : nil
          let amount = random.chance(4, in: 5) ? "-3.00" : "3.00"
          rows.append(try await house.bring(texts[random.int(in: 0...5)], amount, provider: provider))
        case 3:
          guard !rows.isEmpty else { continue }
          let row = rows[random.int(in: 0...(rows.count - 1))]
          own[row] = categories[random.int(in: 0...2)]
          _ = try await house.file(row, own[row])
        case 4:
          guard let row = own.keys.sorted().first, let before = own[row] else { continue }
          let group = try await house.file(row, before == "TRAVEL_LODGING" ? "FOOD_AND_DRINK_COFFEE" : "TRAVEL_LODGING")
          guard let group else { continue }
          let (scope, world) = (house.scope, house.world)
          _ = try await house.database.write { try Changes.undo(group, through: "test", world: world, scope, $0) }
        default: _ = try await Recategorizing.run(house.database, house.world, house.scope)
        }
        for (row, category) in own { #expect(try await house.explained(row).category == category) }
      }
      #expect(try await house.totalsAreRight())
    }
  }
}
