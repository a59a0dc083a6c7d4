import Basics
import Databases
import Finance
import Store
import Testing

@testable import Categories

@Suite struct `Rules on rows that come` {
  private func keep(_ rule: Rule, _ house: SortingHouse) async throws {
    let (scope, now) = (house.scope, house.world.now())
    try await house.database.write { try Rules.keep(rule, now: now, scope, $0) }
  }

  @Test func `do all that they say, as a change that can be undone`() async throws {
    let house = try await SortingHouse()
    let (scope, world) = (house.scope, house.world)
    let tag = try await house.database.write { session in
      var edits = Edits(through: "test", world: world, scope)
      let tag = try Tags.create(name: "Home", &edits, session)
      try edits.finish(session)
      return tag
    }
    var first = `A rule`.rule(
      .text(.any, .contains, "corner"), [.addTags([tag]), .rename("Corner shop"), .notes("By the bridge")], position: 1)
    first.stops = false
    let second = `A rule`.rule(
      .tag([tag]),
      [
        .split([
          .init(thousandths: 250, category: "FOOD_AND_DRINK_COFFEE"),
          .init(thousandths: 750, category: "FOOD_AND_DRINK_GROCERIES"),
        ])
      ],
      position: 2)
    let third = `A rule`.rule(.text(.any, .contains, "hidden"), [.exclude], position: 3)
    let fourth = `A rule`.rule(.text(.any, .contains, "to jar"), [.transfer], position: 4)
    for rule in [first, second, third, fourth] { try await keep(rule, house) }
    let row = try await house.bring("CORNER LARDER", "-10.01")
    let entry = try await house.entry(row)
    #expect(entry.row.name == "Corner shop" && entry.row.notes == "By the bridge" && entry.extras.tags == [tag])
    #expect(entry.extras.parts.map(\.amountMinor) == [-250, -751])
    let hidden = try await house.bring("HIDDEN GEM", "-4.00")
    #expect(try await house.entry(hidden).row.flow == "excluded")
    let jar = try await house.bring("TO JAR 7", "-4.00")
    #expect(try await house.entry(jar).row.flow == "transfer")
    #expect(try await house.totalsAreRight())
    let history = try await house.database.read { session in
      try Changes.history(of: .transaction, row.description, limit: 20, scope, session)
    }
    #expect(Set(history.map(\.through)) == ["rule \(first.id)", "rule \(second.id)"])
    for group in Set(history.map(\.group)) {
      _ = try await house.database.write { try Changes.undo(group, through: "test", world: world, scope, $0) }
    }
    #expect(try await house.entry(row).row.name == "CORNER LARDER")
    #expect(try await house.entry(row).extras.parts.isEmpty)
    #expect(try await house.totalsAreRight())
    // What a person changed is not done again when the bank sends the row once more.
    try await house.change(row, to: "-12.00")
    #expect(try await house.entry(row).row.name == "CORNER LARDER")
  }

  @Test func `do not stop a sync when a tag is gone`() async throws {
    let house = try await SortingHouse()
    try await keep(`A rule`.rule(.text(.any, .contains, "corner"), [.addTags([house.world.newID()])]), house)
    let row = try await house.bring("CORNER LARDER")
    #expect(try await house.entry(row).extras.tags.isEmpty)
  }

  @Test func `are applied to the past bit by bit, as one change`() async throws {
    let house = try await SortingHouse()
    for _ in 0..<3 { try await house.bring("CORNER LARDER", "-10.00") }
    let (scope, world) = (house.scope, house.world)
    let rule = `A rule`.rule(.text(.any, .contains, "corner"), [.category("TRAVEL_LODGING"), .notes("n")])
    let begun = try await house.database.write { try RuleRuns.begin(rule, world: world, scope, $0) }
    #expect(begun.finishedAt == nil)
    await #expect(throws: RuleRuns.Failure.goesOn) {
      try await house.database.write { try RuleRuns.undo(begun.id, world: world, scope, $0) }
    }
    let ended = try await house.database.write { try RuleRuns.step(begun.id, world: world, scope, $0) }
    #expect(ended?.changed == 3 && ended?.finishedAt != nil)
    #expect(try await house.database.write { try RuleRuns.step(begun.id, world: world, scope, $0) } == nil)
    try await house.database.write { try RuleRuns.undo(begun.id, world: world, scope, $0) }
    #expect(try await house.totalsAreRight())
  }

  @Test func `show before what they do after, whatever was there`() async throws {
    let texts = ["STARBUCKS #1", "LUIGIS PIZZERIA", "SQ *CORNER LARDER", "TRANSFER TO SAV", "XQ ZZ"]
    let conditions: [RuleCondition] = [
      .text(.any, .contains, "corner"), .isIncoming(false), .amount(from: 300, through: 500),
      .any([.text(.any, .startsWith, "luigi"), .text(.any, .matches, "^X")]), .bankCategory("GENERAL_MERCHANDISE"),
    ]
    for seed in 1...8 {
      let house = try await SortingHouse(seed: UInt64(seed))
      var random = SeededRandom(seed: UInt64(seed))
      var own: [ID<Transaction>: String] = [:]
      for _ in 0..<25 {
        let provider = random.chance(1, in: 3) ? ("GENERAL_MERCHANDISE_ELECTRONICS", "HIGH") : nil
        let row = try await house.bring(
          texts[random.int(in: 0...4)], "\(random.chance(4, in: 5) ? "-" : "")\(random.int(in: 1...9)).00",
          provider: provider, on: random.chance(1, in: 4) ? house.savings : nil)
        if random.chance(1, in: 4) {
          own[row] = "TRAVEL_FLIGHTS"
          _ = try await house.file(row, own[row])
        }
      }
      let (scope, world) = (house.scope, house.world)
      var runs: [ID<RuleRunName>] = []
      for number in 1...3 {
        let action: RuleAction = random.chance(1, in: 2) ? .category("FOOD_AND_DRINK_COFFEE") : .transfer
        let rule = `A rule`.rule(conditions[random.int(in: 0...4)], [action], position: number)
        let preview = try await house.database.read { try RuleRuns.preview(rule, scope, $0) }
        let run = try await house.database.write { try RuleRuns.apply(rule, world: world, scope, $0) }
        #expect(preview.matched == run.matched && preview.changed == run.changed, "seed \(seed)")
        for sample in preview.sample { #expect(try await house.explained(sample.id).category == sample.after) }
        runs.append(run.id)
        if random.chance(1, in: 3) { _ = try await Recategorizing.run(house.database, world, scope) }
        if random.chance(1, in: 2), let last = runs.popLast() {
          try await house.database.write { try RuleRuns.undo(last, world: world, scope, $0) }
        }
        for (row, category) in own { #expect(try await house.explained(row).category == category, "seed \(seed)") }
        #expect(try await house.totalsAreRight(), "seed \(seed)")
      }
    }
  }
}

@Suite struct `A correction` {
  private func correct(
    _ id: ID<Transaction>, _ category: String, _ meant: Correction, _ house: SortingHouse
  ) async throws -> (rows: Int, rule: Rule?) {
    let (scope, world) = (house.scope, house.world)
    return try await house.database.write { session in
      var edits = Edits(through: "test", world: world, judging: HouseholdJudge.judging, scope)
      let done = try meant.apply(to: id, category, &edits, world: world, scope, session)
      try edits.finish(session)
      return done
    }
  }

  @Test func `of one row teaches nothing, and of its merchant all that comes`() async throws {
    let house = try await SortingHouse()
    let one = try await house.bring("SQ *CORNER LARDER #1")
    _ = try await correct(one, "TRAVEL_LODGING", .one, house)
    let next = try await house.bring("CORNER LARDER LEEDS GB")
    #expect(try await house.explained(next).source != "memory")
    _ = try await correct(one, "TRAVEL_LODGING", .merchant, house)
    let later = try await house.bring("TST* CORNER LARDER")
    #expect(try await house.explained(later).category == "TRAVEL_LODGING")
    #expect(try await house.explained(next).source != "memory", "what is there stays")
  }

  @Test func `of all alike that is undone gives back what was, though one of them taught something`() async throws {
    let house = try await SortingHouse()
    let one = try await house.bring("SQ *CORNER LARDER #1")
    let two = try await house.bring("CORNER LARDER LEEDS GB")
    let before = try await house.explained(two)
    let (scope, world) = (house.scope, house.world)
    _ = try await correct(one, "TRAVEL_LODGING", .merchant, house)
    let group = try await house.database.write { session in
      var edits = Edits(through: "test", world: world, judging: HouseholdJudge.judging, scope)
      _ = try Correction.alike.apply(to: one, "TRAVEL_LODGING", &edits, world: world, scope, session)
      return try edits.finish(session)
    }
    #expect(try await house.explained(two).category == "TRAVEL_LODGING")
    let undone = try #require(group)
    _ = try await house.database.write {
      try Changes.undo(undone, through: "test", world: world, judging: HouseholdJudge.judging, scope, $0)
    }
    let after = try await house.explained(two)
    #expect(after.category == before.category && after.source == before.source)
    #expect(try await house.totalsAreRight())
  }

  @Test func `of all alike is counted first, and a rule is shown first`() async throws {
    let house = try await SortingHouse()
    let one = try await house.bring("SQ *CORNER LARDER #1", "-10.00")
    let two = try await house.bring("CORNER LARDER LEEDS GB", "-5.50")
    let (scope, world) = (house.scope, house.world)
    let found = try await house.database.read {
      try Correction.choices(for: one, "TRAVEL_LODGING", world: world, scope, $0)
    }
    let choices = try #require(found)
    #expect(choices.alike.rows.count == 2 && choices.alike.sums == [.usd: -1_550])
    #expect(choices.preview.matched == 2 && choices.preview.changed == 2)
    let alike = try await correct(one, "TRAVEL_LODGING", .alike, house)
    #expect(alike.rows == 2 && alike.rule == nil)
    #expect(try await house.explained(two).source == "person")
    let made = try await correct(one, "TRAVEL_LODGING", .rule, house)
    #expect(made.rule?.condition == choices.rule.condition)
    let next = try await house.bring("CORNER LARDER YORK", "-2.00")
    #expect(try await house.explained(next).source == "rule")
    #expect(try await house.totalsAreRight())
  }
}
