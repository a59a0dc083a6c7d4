import Basics
import Databases
import Finance
import Recognition
import Store
import Testing

@testable import Categories

private let euro = Currency(stored: "EUR") ?? .usd

@Suite struct `Rows that belong together` {
  static func row(
    _ number: Int, _ minor: Int64, day: Int = 100, account: Int = 1, _ standing: PairableRow.Standing = .transfer,
    _ currency: Currency = .usd, kind: AccountKind = .checking
  ) -> PairableRow {
    PairableRow(
      id: ID(bits: UInt128(number)), account: ID(bits: UInt128(account)), kind: kind, minor: minor, currency: currency,
      day: CalendarDate(days: day), standing: standing, flow: standing == .transfer ? .transfer : .expense,
      category: nil, source: nil, isFromBank: true)
  }

  @Test func `are linked when neither could belong to a third`() {
    let out = Self.row(1, -500)
    let there = Self.row(2, 500, day: 102, account: 2, .unknown)
    #expect(Pairing.transfers([out, there]).map(\.isSure) == [true])
    let rival = Self.row(3, 500, day: 101, account: 3, .unknown)
    let matches = Pairing.transfers([out, there, rival])
    #expect(matches.map(\.isSure) == [false] && matches.first?.second.id == rival.id, "the nearest is suggested")
    #expect(Pairing.transfers([out, there, rival], refused: [.init(out.id, rival.id)]).map(\.isSure) == [true])
  }

  @Test(arguments: [
    (Self.row(2, 500, day: 100, account: 1), "the same account"), (Self.row(2, 500, day: 106, account: 2), "too late"),
    (Self.row(2, 500, day: 97, account: 2), "too early"), (Self.row(2, 500, account: 2, .other), "something else"),
    (Self.row(2, 500, account: 2, .own), "a person says otherwise"), (Self.row(2, 300, account: 2), "too little"),
    (Self.row(2, 501, account: 2), "more than left"), (Self.row(2, -500, account: 2), "left, too"),
  ])
  func `are not linked when they do not fit`(other: PairableRow, why: String) {
    #expect(Pairing.transfers([Self.row(1, -500), other]).isEmpty, "\(why)")
  }

  @Test func `need one that says what it is`() {
    #expect(Pairing.transfers([Self.row(1, -500, .unknown), Self.row(2, 500, account: 2, .unknown)]).isEmpty)
    let weak = Pairing.transfers([Self.row(1, -500, .suggested), Self.row(2, 500, account: 2, .unknown)])
    #expect(weak.map(\.isSure) == [false])
  }

  @Test func `may lose a fee on the way, or be changed into other money`() {
    let lost = Pairing.transfers([Self.row(1, -100_000), Self.row(2, 99_500, account: 2)])
    #expect(lost.map(\.fee) == [500] && lost.map(\.isSure) == [true])
    let out = Self.row(1, -100_000)
    let euros = Self.row(2, 92_500, account: 2, .transfer, euro)
    let asked = Pairing.transfers([out, euros])
    #expect(asked.map(\.isSure) == [false] && asked.first?.rate?.text == "0.925")
    let rates = [CurrencyPair(.usd, euro): DecimalText("0.93") ?? .zero]
    #expect(Pairing.transfers([out, euros], rates: rates).map(\.isSure) == [true])
    let off = [CurrencyPair(.usd, euro): DecimalText("1.2") ?? .zero]
    #expect(Pairing.transfers([out, euros], rates: off).map(\.isSure) == [false])
  }

  @Test func `come to nothing or to the fee, each row once, whatever the rows are`() {
    var random = SeededRandom(seed: 11)
    var links = 0
    for _ in 0..<400 {
      let rows = (0..<random.int(in: 2...24)).map { number in
        Self.row(
          number + 1, Int64([100, 200, 10_000, 9_900][random.int(in: 0...3)]) * (random.chance(1, in: 2) ? 1 : -1),
          day: 100 + random.int(in: 0...20), account: random.int(in: 1...3),
          PairableRow.Standing(rawValue: random.int(in: -1...3)) ?? .other)
      }
      let matches = Pairing.transfers(rows)
      let sure = matches.filter(\.isSure)
      links += sure.count
      for match in matches {
        #expect(
          match.first.minor + match.second.minor == -(match.fee ?? 0) && match.first.account != match.second.account)
      }
      let ids = sure.flatMap { [$0.first.id, $0.second.id] }
      #expect(Set(ids).count == ids.count)
      #expect(Pairing.transfers(rows.reversed()).filter(\.isSure).count == sure.count, "the order does not matter")
    }
    #expect(links > 100)
  }

  // MARK: - In a household

  @Test func `count neither as income nor as an expense, until one changes`() async throws {
    let house = try await SortingHouse()
    let out = try await house.bring("ONLINE TRANSFER TO SAV 1234", "-500.00")
    let back = try await house.bring("DEPOSIT 99", "500.00", on: house.savings, day: 20_001)
    #expect(try await house.pairs(.linked).count == 1)
    let explained = try await house.explained(back)
    #expect(explained.source == "pair" && explained.category == "TRANSFER_IN_SAVINGS")
    #expect(try await house.flows() == [.transfer: 0])
    let entry = try await house.entry(out)
    #expect(entry.extras.links.map(\.other) == [back])
    #expect(try await house.totalsAreRight())
    // The bank corrects what arrived.
    try await house.change(back, to: "400.00")
    #expect(try await house.pairs(.linked).isEmpty)
    #expect(try await house.explained(back).source != "pair")
    #expect(try await house.totalsAreRight())
    try await house.change(back, to: "500.00")
    #expect(try await house.pairs(.linked).count == 1)
  }

  @Test func `of a card are its payment`() async throws {
    let house = try await SortingHouse()
    let paid = try await house.bring("CHASE CREDIT CRD AUTOPAY", "-82.10")
    let thanks = try await house.bring("PAYMENT THANK YOU", "82.10", on: house.card, day: 20_002)
    #expect(try await house.pairs(.linked).count == 1)
    for row in [paid, thanks] {
      #expect(try await house.explained(row).category == "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT")
    }
    #expect(try await house.flows() == [.transfer: 0])
  }

  @Test func `are parted by a person, and stay so`() async throws {
    let house = try await SortingHouse()
    try await house.bring("ONLINE TRANSFER TO SAV 1234", "-500.00")
    let back = try await house.bring("DEPOSIT 99", "500.00", on: house.savings, day: 20_001)
    let pair = try #require(try await house.pairs(.linked).first)
    let (scope, world) = (house.scope, house.world)
    try await house.database.write { try PairDecisions.refuse(pair.id, world: world, scope, $0) }
    #expect(try await house.explained(back).source != "pair")
    _ = try await Recategorizing.run(house.database, world, scope)
    try await house.bring("X", "-1.00", day: 20_001)
    #expect(try await house.pairs(.linked).isEmpty)
    #expect(try await house.pairs(.refused).count == 1)
    #expect(try await house.totalsAreRight())
    try await house.decide(pair.id)
    #expect(try await house.explained(back).source == "pair")
    // What was said by hand waits while the rows do not fit.
    try await house.change(back, to: "1.00")
    #expect(try await house.pairs(.waiting).count == 1)
    try await house.change(back, to: "500.00")
    #expect(try await house.pairs(.linked).first?.isOwn == true)
    #expect(try await house.totalsAreRight())
  }

  @Test func `are parted when a person files one as something else or deletes it`() async throws {
    let house = try await SortingHouse()
    let out = try await house.bring("ONLINE TRANSFER TO SAV 1234", "-500.00")
    let back = try await house.bring("DEPOSIT 99", "500.00", on: house.savings, day: 20_001)
    let filed = try #require(try await house.file(out, "GENERAL_MERCHANDISE"))
    #expect(try await house.pairs(.linked).isEmpty)
    #expect(try await house.explained(back).source != "pair")
    #expect(try await house.totalsAreRight())
    let (scope, world) = (house.scope, house.world)
    _ = try await house.database.write {
      try Changes.undo(filed, through: "test", world: world, judging: HouseholdJudge.judging, scope, $0)
    }
    #expect(try await house.pairs(.linked).count == 1)
    #expect(try await house.totalsAreRight())
  }

  @Test func `are a purchase and its refund when only they can be`() async throws {
    let house = try await SortingHouse()
    let bought = try await house.bring("ZEPHYR AND DAUGHTERS 12", "-64.20", day: 20_000)
    _ = try await house.file(bought, "HOME_IMPROVEMENT_FURNITURE")
    let back = try await house.bring(
      "REFUND ZEPHYR AND DAUGHTERS", "64.20", provider: ("GENERAL_MERCHANDISE_GIFTS_AND_NOVELTIES", "LOW"), day: 20_030)
    #expect(try await house.pairs(.linked).map(\.kind) == [.refund])
    let explained = try await house.explained(back)
    #expect(explained.category == "HOME_IMPROVEMENT_FURNITURE" && ["refund", "memory"].contains(explained.reason.code))
    #expect(try await house.flows() == [.expense: 0])
    let twice = try await SortingHouse()
    try await twice.bring("ZEPHYR AND DAUGHTERS 12", "-64.20", day: 20_000)
    try await twice.bring("ZEPHYR AND DAUGHTERS 14", "-64.20", day: 20_009)
    try await twice.bring("REFUND ZEPHYR AND DAUGHTERS", "64.20", day: 20_030)
    #expect(try await twice.pairs(.linked).isEmpty, "which of the two is not certain")
  }

  @Test func `may be there twice, which is asked and never done`() async throws {
    let house = try await SortingHouse()
    try await house.bring("HARBOUR HOTEL 77", "-240.00")
    let again = try await house.bring("HARBOUR HOTEL 77", "-240.00")
    try await house.bring("BLUE CUP", "-3.00")
    try await house.bring("BLUE CUP", "-3.00")
    let asked = try await house.pairs(.suggested)
    #expect(asked.map(\.kind) == [.duplicate] && asked.first?.second == again)
    #expect(try await house.flows() == [.expense: -48_600])
    let pair = try #require(asked.first)
    try await house.decide(pair.id)
    #expect(try await house.flows() == [.expense: -24_600])
    #expect(try await house.totalsAreRight())
  }

  @Test func `hold together through whatever happens to their rows`() async throws {
    let amounts = ["100.00", "250.00", "99.00", "100.00"]
    for seed in 1...5 {
      let house = try await SortingHouse(seed: UInt64(seed))
      var random = SeededRandom(seed: UInt64(seed) + 40)
      var rows: [ID<Transaction>] = []
      for _ in 0..<50 {
        let amount = amounts[random.int(in: 0...3)]
        let account = [house.account, house.savings, house.card][random.int(in: 0...2)]
        switch random.int(in: 0...6) {
        case 0, 1:
          rows.append(
            try await house.bring(
              "ONLINE TRANSFER TO SAV", "-\(amount)", on: house.account, day: 20_000 + random.int(in: 0...30)))
        case 2, 3:
          rows.append(try await house.bring("DEPOSIT", amount, on: account, day: 20_000 + random.int(in: 0...30)))
        case 4 where !rows.isEmpty:
          let row = rows[random.int(in: 0...(rows.count - 1))]
          let isOut = try await house.entry(row).row.amount.minorUnits < 0
          try await house.change(row, to: (isOut ? "-" : "") + amount)
        case 5 where !rows.isEmpty:
          let row = rows[random.int(in: 0...(rows.count - 1))]
          _ = try await house.file(row, random.chance(1, in: 2) ? nil : "FOOD_AND_DRINK_COFFEE")
        case 6:
          guard let pair = try await house.pairs(random.chance(1, in: 2) ? .linked : .suggested).first else { continue }
          if random.chance(1, in: 2) {
            try? await house.decide(pair.id)
          } else {
            let (scope, world) = (house.scope, house.world)
            try await house.database.write { try PairDecisions.refuse(pair.id, world: world, scope, $0) }
          }
        default: continue
        }
        let linked = try await house.pairs(.linked)
        let legs = linked.filter { $0.kind == .transfer }.flatMap { [$0.first, $0.second] }
        #expect(Set(legs).count == legs.count, "seed \(seed)")
        for pair in linked where pair.kind == .transfer {
          let (first, second) = (try await house.entry(pair.first).row, try await house.entry(pair.second).row)
          #expect(first.amount.minorUnits + second.amount.minorUnits == -(pair.feeMinor ?? 0), "seed \(seed)")
          #expect(first.flow == "transfer" && second.flow == "transfer", "seed \(seed): \(first.flow), \(second.flow)")
        }
        #expect(try await house.totalsAreRight(), "seed \(seed)")
      }
    }
  }
}
