import Basics
import Finance
import Testing

@testable import Interchange

@Suite struct `A plan to import` {
  private static let day = CalendarDate(days: 20_500)

  private static func row(
    _ offset: Int, _ minor: Int64, _ words: String, id: String? = nil, currency: Currency? = nil
  ) -> StatementRow {
    let amount = Money(minorUnits: minor, .usd).decimal
    var row = StatementRow(
      line: 1, bookedOn: day + offset, amount: DecimalText(amount) ?? .zero, payee: words, description: "")
    row.bankID = id
    row.currency = currency
    return row
  }

  private static func known(
    _ bits: UInt64, _ offset: Int, _ minor: Int64, _ words: String, imported: Bool = false, id: String? = nil,
    undone: Bool = false
  ) -> ImportPlan.Known {
    ImportPlan.Known(
      id: ID(bits: UInt128(bits)), bookedOn: day + offset, amountMinor: minor, words: words, isImported: imported,
      bankID: id, isUndone: undone)
  }

  private static func plan(_ rows: [StatementRow], _ known: [ImportPlan.Known]) -> ImportPlan {
    var statement = Statement(currency: .usd)
    statement.rows = rows
    return ImportPlan(statement, currency: .usd, known: known)
  }

  @Test func `files by codes and by names that are clear`() {
    let codes = ImportPlan.words(of: [
      ("FOOD_AND_DRINK", "Food and drink"), ("own_1", "Bienen & Honig"), ("own_2", "Other"), ("own_3", "Other"),
      ("own_4", "food_and_drink"), ("own_5", "--"),
    ])
    var plan = Self.plan(
      ["Food and Drink", "FOOD_AND_DRINK", "bienen honig", "Other", "own_3", "", "Nowhere"].map { category in
        var row = Self.row(0, -100, "Kiosk")
        row.category = category
        return row
      }, [])
    plan.file(by: codes)
    #expect(plan.rows.map(\.category) == ["FOOD_AND_DRINK", "FOOD_AND_DRINK", "own_1", nil, "own_3", nil, nil])
  }

  /// What the account holds when a plan was carried out.
  private static func applied(_ plan: ImportPlan, to known: [ImportPlan.Known]) -> [ImportPlan.Known] {
    let new = plan.rows.enumerated().filter { $0.element.standing == .new }.map { offset, row in
      ImportPlan.Known(
        id: ID(bits: UInt128(10_000 + known.count + offset)), bookedOn: row.row.bookedOn,
        amountMinor: row.amount.minorUnits, words: row.row.words, isImported: true, bankID: row.row.bankID)
    }
    return known + new
  }

  @Test func `two equal coffees on one day are two, and stay two`() {
    let coffees = [Self.row(0, -350, "Coffee"), Self.row(0, -350, "Coffee")]
    let first = Self.plan(coffees, [])
    #expect(first.newCount == 2)
    let there = Self.applied(first, to: [])
    #expect(Self.plan(coffees, there).knownCount == 2)
    let third = Self.plan(coffees + [Self.row(0, -350, "COFFEE!")], there)
    #expect(third.knownCount == 2 && third.newCount == 1)
  }

  @Test func `what the bank calls the same is the same, whatever it says`() {
    let there = [Self.known(1, 0, -350, "Pending coffee", imported: true, id: "A")]
    #expect(Self.plan([Self.row(2, -400, "Coffee", id: "A")], there).rows[0].standing == .known(ID(bits: 1)))
    let renamed = Self.plan([Self.row(0, -350, "Pending coffee", id: "B")], there)
    #expect(renamed.rows[0].standing == .possible(ID(bits: 1)), "a bank that names rows anew, or a second coffee")
    let both = Self.plan([Self.row(0, -350, "Pending coffee", id: "B"), Self.row(0, -350, "x", id: "A")], there)
    #expect(both.rows.map(\.standing) == [.new, .known(ID(bits: 1))])
  }

  @Test func `our own export is known by our own names`() {
    let there = [Self.known(7, 0, -350, "Coffee")]
    let id = ID<Transaction>(bits: 7).description
    #expect(Self.plan([Self.row(1, -350, "Renamed", id: id)], there).rows[0].standing == .known(ID(bits: 7)))
  }

  @Test func `what the bank sent is near in days and not in words`() {
    let there = [Self.known(1, 2, -350, "SQ *COFFEE 0312"), Self.known(2, 0, -350, "SQ *COFFEE 0310")]
    let plan = Self.plan(
      [Self.row(0, -350, "Coffee"), Self.row(1, -350, "Coffee"), Self.row(9, -350, "Coffee")], there)
    #expect(plan.rows.map(\.standing) == [.possible(ID(bits: 2)), .possible(ID(bits: 1)), .new])
    #expect(Self.plan([Self.row(-2, -350, "Coffee")], [there[0]]).newCount == 1, "four days are too many")
    let imported = [Self.known(1, 1, -350, "Coffee", imported: true)]
    #expect(Self.plan([Self.row(0, -350, "Coffee")], imported).newCount == 1, "tomorrow's coffee is another")
    #expect(Self.plan([Self.row(1, -350, "Kaffee")], imported).possibleCount == 1, "another format says it otherwise")
  }

  @Test func `rows of an import that was undone come back`() {
    let gone = Self.known(1, 0, -350, "Coffee", imported: true, undone: true)
    let plan = Self.plan([Self.row(0, -350, "Coffee")], [gone])
    #expect(plan.rows[0].standing == .undone(ID(bits: 1)) && plan.newCount == 1)
    let twin = Self.known(2, 0, -350, "Coffee", imported: true)
    #expect(Self.plan([Self.row(0, -350, "Coffee")], [gone, twin]).rows[0].standing == .known(ID(bits: 2)))
    #expect(Self.plan([Self.row(1, -350, "Coffee")], [gone]).rows[0].standing == .new)
  }

  @Test func `other currencies and what cannot be counted are left out`() {
    var huge = Self.row(0, 1, "Huge")
    huge.amount = DecimalText("99999999999999999999") ?? .zero
    var fine = Self.row(0, 1, "Fine")
    fine.amount = DecimalText("0.125") ?? .zero
    let plan = Self.plan([Self.row(0, 1, "Euro", currency: Currency(iso: "EUR")), huge, fine], [])
    #expect(plan.unreadable.map(\.reason) == [.otherCurrency, .tooLarge])
    #expect(plan.rows[0].amount.minorUnits == 12 && plan.rows[0].exact == DecimalText("0.125"))
  }

  @Test(arguments: 0..<300)
  func `brings every row once, in whatever pieces files come`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let hasNames = random.chance(1, in: 2)
    // A bank's truth: few shops, few amounts, so that equal rows are common.
    let truth = (0..<random.int(in: 0...60)).map { number in
      Self.row(
        random.int(in: 0...12), Int64(random.int(in: 1...3)) * -100, ["Coffee", "Bread", "Bus"][random.int(in: 0...2)],
        id: hasNames ? "id-\(number)" : nil)
    }
    var account: [ImportPlan.Known] = []
    for _ in 0..<random.int(in: 1...6) {
      // A file holds whole days, as banks write them, in any order.
      let start = random.int(in: 0...12)
      let end = random.int(in: start...12)
      var rows = truth.filter { (Self.day + start...Self.day + end).contains($0.bookedOn) }
      rows.shuffle(using: &random)
      let plan = Self.plan(rows, account)
      #expect(plan.possibleCount == 0)
      account = Self.applied(plan, to: account)
      #expect(Self.plan(rows, account).newCount == 0, "the same file again")
    }
    let all = Self.plan(truth, account)
    account = Self.applied(all, to: account)
    #expect(account.count == truth.count)
    #expect(
      account.map { "\($0.bookedOn) \($0.amountMinor) \($0.words)" }.sorted()
        == truth.map { "\($0.bookedOn) \(all.rows.isEmpty ? 0 : Self.minor($0)) \($0.words)" }.sorted())
  }

  private static func minor(_ row: StatementRow) -> Int64 {
    (try? Money.rounding(row.amount, .usd).money.minorUnits) ?? 0
  }
}
