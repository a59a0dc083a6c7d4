import Basics
import Databases
import Finance
import JSON
import Recognition
import Store
import Testing

@testable import Categories

@Suite struct `A rule` {
  static func row(_ name: String, _ minor: Int64 = -1_200, merchant: String? = nil, day: Int = 20_000) -> JudgedRow {
    let world = World.simulated(seed: 1)
    var row = JudgedRow(
      id: world.newID(), account: world.newID(), kind: .checking, amount: Money(minorUnits: minor, .usd),
      occurredOn: CalendarDate(days: day), name: name)
    row.merchantName = merchant
    return row
  }

  static func rule(
    _ condition: RuleCondition, _ actions: [RuleAction] = [.category("TRAVEL_LODGING")], position: Int = 1
  ) -> Rule {
    Rule(
      id: World.simulated(seed: UInt64(position)).newID(), name: "R\(position)", position: position,
      condition: condition, actions: actions)
  }

  @Test(arguments: [
    (RuleCondition.text(.any, .contains, "corner lard"), true), (.text(.any, .contains, "cörner"), true),
    (.text(.name, .startsWith, "sq *corner"), true), (.text(.name, .equals, "corner larder"), false),
    (.text(.merchant, .contains, "corner"), false), (.text(.any, .matches, #"larder\s+#\d+"#), true),
    (.text(.any, .matches, "^larder"), false), (.amount(from: 1_200, through: 1_200), true),
    (.amount(from: 1_201, through: nil), false), (.isIncoming(false), true), (.isIncoming(true), false),
    (.currency("USD"), true), (.currency("EUR"), false), (.bankCategory("FOOD_AND_DRINK"), false),
    (.all([.isIncoming(false), .text(.any, .contains, "larder")]), true),
    (.all([.isIncoming(true), .text(.any, .contains, "larder")]), false),
    (.any([.isIncoming(true), .text(.any, .contains, "larder")]), true), (.day(from: 4, through: 4), true),
    (.day(from: 5, through: 31), false),
  ])
  func `fits what it says`(condition: RuleCondition, fits: Bool) {
    let book = RuleBook([Self.rule(condition)])
    #expect(book.fitting(Self.row("SQ *CORNER LARDER  #12")).isEmpty == !fits, "\(condition)")
  }

  @Test func `comes in order, stops others, and has its days`() {
    var first = Self.rule(.isIncoming(false), [.category("A")], position: 2)
    let second = Self.rule(.isIncoming(false), [.category("B")], position: 1)
    #expect(RuleBook([first, second]).guess(Self.row("x"))?.category == "B")
    first.position = 0
    #expect(RuleBook([first, second]).fitting(Self.row("x")).map(\.name) == ["R2"])
    first.stops = false
    #expect(RuleBook([first, second]).fitting(Self.row("x")).map(\.name) == ["R2", "R1"])
    first.through = CalendarDate(days: 19_999)
    #expect(RuleBook([first, second]).fitting(Self.row("x")).map(\.name) == ["R1"])
    first.isOn = false
    #expect(RuleBook([first]).isEmpty)
  }

  @Test func `ends on hostile patterns and refuses those that match nothing at all`() throws {
    for text in ["", "a*", "(x|)", "x?", "^", "\\b"] {
      #expect(throws: Pattern.Refusal.matchesNothingAtAll) { try Pattern(text) }
    }
    #expect(throws: Pattern.Refusal.tooLong(max: Pattern.lengthMax)) { try Pattern(String(repeating: "a", count: 501)) }
    #expect(throws: (any Error).self) { try Pattern("(") }
    let clock = ContinuousClock()
    for text in [#"(a+)+$"#, #"(a|aa)+$"#, #"(.*a){20}b"#, #"^(([a-z])+.)+[A-Z]([a-z])+$"#] {
      let pattern = try Pattern(text)
      let spent = clock.measure { _ = pattern.matches(String(repeating: "a", count: 5_000) + "!") }
      #expect(spent < .seconds(1), "\(text) took \(spent)")
    }
  }

  @Test func `is the same after it was written and read`() throws {
    let conditions: [RuleCondition] = [
      .all([.text(.any, .contains, "x y"), .any([.isIncoming(true), .currency("EUR")])]),
      .amount(from: 100, through: nil), .day(from: 1, through: 5), .bankCategory("TRAVEL"),
      .account([World.simulated(seed: 4).newID()]), .text(.merchant, .matches, "a+b"),
    ]
    let actions: [RuleAction] = [
      .category("A"), .transfer, .rename("n"), .notes("t"), .exclude,
      .split([.init(thousandths: 333, category: "A"), .init(thousandths: 667, category: "B")]),
    ]
    for condition in conditions {
      var rule = Self.rule(condition, actions)
      rule.from = CalendarDate(days: 20_000)
      let read = try RuleCodec.rule(
        rule.id, name: rule.name, position: rule.position, isOn: true,
        definition: try JSONValue.parse(RuleCodec.definition(rule).text()))
      #expect(read == rule)
    }
  }

  @Test(arguments: [
    (#"{"then":{"category":"A"}}"#, "/when"),
    (#"{"when":{"text":"any","contains":"  "},"then":{"category":"A"}}"#, "/when/contains"),
    (#"{"when":{"text":"any","matches":"a*"},"then":{"category":"A"}}"#, "/when/matches"),
    (#"{"when":{"direction":"in"},"then":{}}"#, "/then"),
    (#"{"when":{"all":[]},"then":{"category":"A"}}"#, "/when/all"),
    (#"{"when":{"direction":"in"},"then":{"split":[{"percent":"50","category":"A"}]}}"#, "/then/split"),
  ])
  func `says what is wrong with it`(text: String, pointer: String) throws {
    let definition = try JSONValue.parse(text)
    #expect {
      try RuleCodec.rule(World.simulated(seed: 1).newID(), name: "n", position: 1, isOn: true, definition: definition)
    } throws: { ($0 as? RuleCodec.Mistakes)?.all.keys.contains(pointer) == true }
  }

  @Test func `divides without losing a cent`() {
    var random = SeededRandom(seed: 9)
    for _ in 0..<500 {
      let minor = Int64(random.int(in: -1_000_000...1_000_000))
      let cut = random.int(in: 1...999)
      let parts = RuleRuns.parts(
        [.init(thousandths: cut, category: "A"), .init(thousandths: 1_000 - cut, category: "B")], of: minor)
      #expect(parts.reduce(0) { $0 + $1.amountMinor } == minor)
    }
  }

  @Test func `does what its preview says, and is taken back`() async throws {
    let house = try await SortingHouse()
    let (scope, world) = (house.scope, house.world)
    let first = try await house.bring("SQ *CORNER LARDER #1", "-10.00")
    let own = try await house.bring("CORNER LARDER", "-20.00")
    let other = try await house.bring("STARBUCKS", "-5.00")
    _ = try await house.file(own, "HOME_IMPROVEMENT_HARDWARE")
    let before = try await house.explained(first)
    var rule = Self.rule(.text(.any, .contains, "corner"), [.category("FOOD_AND_DRINK_GROCERIES"), .rename("Corner")])
    rule.id = world.newID()
    let made = rule
    try await house.database.write { try Rules.keep(made, now: world.now(), scope, $0) }
    let preview = try await house.database.read { try RuleRuns.preview(made, scope, $0) }
    let run = try await house.database.write { try RuleRuns.apply(made, world: world, scope, $0) }
    #expect(preview.matched == run.matched && preview.changed == run.changed && run.changed == 1)
    #expect(preview.sums == [.usd: -3_000])
    for sample in preview.sample { #expect(try await house.explained(sample.id).category == sample.after) }
    #expect(try await house.explained(first).source == "rule")
    #expect(try await house.explained(own).source == "person")
    #expect(try await house.explained(other).source == "merchant")
    #expect(try await house.totalsAreRight())
    let next = try await house.bring("CORNER LARDER LEEDS", "-1.00")
    #expect(try await house.explained(next).source == "rule")
    try await house.database.write { try RuleRuns.undo(run.id, world: world, scope, $0) }
    let after = try await house.explained(first)
    #expect(after.category == before.category && after.source == before.source)
    #expect(try await house.totalsAreRight())
    await #expect(throws: RuleRuns.Failure.alreadyUndone) {
      try await house.database.write { try RuleRuns.undo(run.id, world: world, scope, $0) }
    }
  }
}
