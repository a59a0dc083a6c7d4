package import Basics
package import Databases
package import Finance
import JSON
import Recognition
import Store

/// Names runs of rules over the past.
package enum RuleRunName: Identified {
  package static let idPrefix = "rrn"
}

/// Trying a rule out on the rows that are there, applying it to them, and taking that back.
package enum RuleRuns {
  package struct Preview: Sendable, Equatable {
    package var matched = 0
    /// Rows whose category would be another.
    package var changed = 0
    package var sums: [Currency: Int64] = [:]
    /// The first of those that it fits, with what their category is and would be.
    package var sample: [Sample] = []
  }
  package struct Sample: Sendable, Equatable {
    package var id: ID<Transaction>
    package var name: String
    package var before: String?
    package var after: String?
  }
  package struct Run: Sendable, Equatable {
    package var id: ID<RuleRunName>
    package var rule: ID<RuleName>
    package var name: String
    package var at: Timestamp
    package var matched: Int
    package var changed: Int
    /// Nil: it goes on.
    package var finishedAt: Timestamp?
    package var undoneAt: Timestamp?
  }

  package enum Failure: Error, Equatable, Sendable {
    case unknown
    case alreadyUndone
    /// It has not come to its end.
    case goesOn
  }

  private static let sampleMax = 20
  private static let chunk = 1_000

  /// What a rule would do to the rows of the past. It and ``step(_:world:_:_:)`` ask the same questions.
  package static func preview(_ rule: Rule, _ scope: Scope, _ session: any Session) throws -> Preview {
    var preview = Preview()
    try forEachFitting(rule, scope, session) { row, own, said in
      preview.matched += 1
      preview.sums[row.amount.currency, default: 0] &+= row.amount.minorUnits
      let before = own ?? said?.value ?? row.category?.detailed
      let after = own ?? RuleBook([rule.alone]).guess(row)?.category ?? before
      if before != after { preview.changed += 1 }
      if preview.sample.count < sampleMax {
        preview.sample.append(Sample(id: row.id, name: row.name, before: before, after: after))
      }
    }
    return preview
  }

  /// Begins to apply a rule, as it is now, to the rows of the past. ``step(_:world:_:_:)`` goes on.
  package static func begin(
    _ rule: Rule, world: World, _ scope: Scope, _ session: any Session
  ) throws -> Run {
    let (id, now): (ID<RuleRunName>, Timestamp) = (world.newID(), world.now())
    try session.execute(
      """
      INSERT INTO rule_run (household_id, id, rule_id, rule_name, at, person_id, matched, changed, definition)
      VALUES (\(scope.household), \(id), \(rule.id), \(rule.name), \(now), \(scope.user), 0, 0,
        \(RuleCodec.definition(rule).text()))
      """)
    return Run(id: id, rule: rule.id, name: rule.name, at: now, matched: 0, changed: 0)
  }

  /// How far a run has come, and what it was begun with.
  private struct Progress {
    var definition: String?
    var doneTo: ID<Transaction>?
    var group: ID<ChangeGroup>?
    var person: ID<User>?
  }

  /// Who began a run that has not come to its end; nil when there is none.
  package static func person(
    of id: ID<RuleRunName>, in household: ID<Household>, _ session: any Session
  ) throws -> ID<User>? {
    try session.first(
      """
      SELECT person_id FROM rule_run
      WHERE household_id = \(household) AND id = \(id) AND finished_at IS NULL AND undone_at IS NULL
      """
    ) { try $0(0, as: ID<User>?.self) } ?? nil
  }

  /// Applies the rule of a run to the next thousand rows on which no person set a category. What else it does is written
  /// as its person's; all of a run is one change.
  ///
  /// - Returns: The run as it stands; nil when there is none that goes on.
  package static func step(
    _ id: ID<RuleRunName>, world: World, _ scope: Scope, _ session: any Session
  ) throws -> Run? {
    guard var run = try find(id, scope, session), run.finishedAt == nil, run.undoneAt == nil else { return nil }
    let (now, progress) = (world.now(), try progress(of: id, scope, session))
    guard let text = progress.definition, let definition = try? JSONValue.parse(text),
      let rule = try? RuleCodec.rule(run.rule, name: run.name, position: 0, isOn: true, definition: definition)
    else { return try finish(run, now, progress, scope, session) }
    try Categories.seed(scope, session)
    var totals = TotalUpkeep()
    var judged = JudgedRows(HouseholdJudge.judging)
    var edits = Edits(through: "rule \(rule.id)", world: world, continuing: progress.group, scope)
    let book = RuleBook([rule])
    let rows = try Judgements.rows(after: progress.doneTo, limit: chunk, scope, session)
    for (row, own) in rows where !book.fitting(row).isEmpty {
      run.matched += 1
      let said = try Judgements.of(row.id, scope, session).first { $0.field == .category }
      if own == nil, let guess = book.guess(row), guess.category != said?.value ?? row.category?.detailed {
        let before = try TotalUpkeep.counted(row.id, scope, session)
        try remember(said, row.id, id, scope, session)
        try Judgements.forget(row.id, scope, session)
        try Judgements.write(guess.byRule, on: row.id, now: now, scope, session)
        try session.settle()
        try totals.move(from: before, to: try TotalUpkeep.counted(row.id, scope, session), scope, session)
        judged.note(row.occurredOn)
        run.changed += 1
      }
      let more = try allowed(overlays(rule, row, tags: Array(row.tags)), scope, session)
      if !more.isEmpty { try edits.write(more, on: row.id, session) }
    }
    _ = try judged.pair(&totals, world, scope, session)
    try totals.write(scope, session)
    let group = try edits.finish(session) ?? progress.group
    if rows.count < chunk { run.finishedAt = now }
    try session.execute(
      """
      UPDATE rule_run SET matched = \(run.matched), changed = \(run.changed), group_id = \(group),
        done_to = \(rows.last?.row.id ?? progress.doneTo), finished_at = \(run.finishedAt)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
    return run
  }

  /// All of it at once.
  package static func apply(
    _ rule: Rule, world: World, _ scope: Scope, _ session: any Session
  ) throws -> Run {
    var run = try begin(rule, world: world, scope, session)
    while run.finishedAt == nil, let next = try step(run.id, world: world, scope, session) { run = next }
    return run
  }

  private static func finish(
    _ run: Run, _ now: Timestamp, _ progress: Progress, _ scope: Scope, _ session: any Session
  ) throws -> Run {
    var run = run
    run.finishedAt = now
    try session.execute(
      "UPDATE rule_run SET finished_at = \(now) WHERE household_id = \(scope.household) AND id = \(run.id)")
    return run
  }

  private static func progress(
    of id: ID<RuleRunName>, _ scope: Scope, _ session: any Session
  ) throws -> Progress {
    try session.first(
      """
      SELECT definition, done_to, group_id, person_id FROM rule_run
      WHERE household_id = \(scope.household) AND id = \(id)
      """
    ) { Progress(definition: try $0(0), doneTo: try $0(1), group: try $0(2), person: try $0(3)) } ?? Progress()
  }

  /// Takes a run back: rows that nobody filed elsewhere since are filed as they were.
  package static func undo(
    _ id: ID<RuleRunName>, world: World, _ scope: Scope, _ session: any Session
  ) throws {
    guard let run = try find(id, scope, session) else { throw Failure.unknown }
    guard run.undoneAt == nil else { throw Failure.alreadyUndone }
    guard run.finishedAt != nil else { throw Failure.goesOn }
    let now = world.now()
    if let group = try progress(of: id, scope, session).group {
      try Changes.undo(group, through: "rule", world: world, scope, session)
    }
    let rows = try session.query(
      """
      SELECT transaction_id, value, source, confidence, reason, version FROM rule_run_row
      WHERE household_id = \(scope.household) AND run_id = \(id) ORDER BY transaction_id
      """
    ) { row in (try row(0, as: ID<Transaction>.self), try former(row)) }
    var totals = TotalUpkeep()
    var judged = JudgedRows(HouseholdJudge.judging)
    for (row, former) in rows {
      let before = try TotalUpkeep.counted(row, scope, session)
      guard try Judgements.of(row, scope, session).contains(where: { $0.source == Pipeline.Source.rule.rawValue })
      else { continue }
      try Judgements.forget(row, scope, session)
      if let former { try Judgements.write(former, on: row, now: now, scope, session) }
      try session.settle()
      try totals.move(from: before, to: try TotalUpkeep.counted(row, scope, session), scope, session)
      if let before { judged.note(before.key.day) }
    }
    _ = try judged.pair(&totals, world, scope, session)
    try totals.write(scope, session)
    try session.execute(
      "UPDATE rule_run SET undone_at = \(now) WHERE household_id = \(scope.household) AND id = \(id)")
  }

  /// The latest first.
  package static func log(limit: Int, _ scope: Scope, _ session: any Session) throws -> [Run] {
    try read("ORDER BY at DESC, id DESC LIMIT \(limit)", scope, session)
  }

  package static func find(_ id: ID<RuleRunName>, _ scope: Scope, _ session: any Session) throws -> Run? {
    try read("AND id = \(id)", scope, session).first
  }

  private static func read(_ rest: SQL, _ scope: Scope, _ session: any Session) throws -> [Run] {
    try session.query(
      """
      SELECT id, rule_id, rule_name, at, matched, changed, finished_at, undone_at FROM rule_run
      WHERE household_id = \(scope.household) \(rest)
      """
    ) { row in
      Run(
        id: try row(0), rule: try row(1), name: try row(2), at: try row(3), matched: try row(4), changed: try row(5),
        finishedAt: try row(6), undoneAt: try row(7))
    }
  }

  private static func forEachFitting(
    _ rule: Rule, _ scope: Scope, _ session: any Session,
    _ body: (JudgedRow, String?, Judgement?) throws -> Void
  ) throws {
    let book = RuleBook([rule.alone])
    var after: ID<Transaction>?
    while true {
      let rows = try Judgements.rows(after: after, limit: chunk, scope, session)
      for (row, own) in rows where !book.fitting(row).isEmpty {
        let said = try Judgements.of(row.id, scope, session).first { $0.field == .category }
        try body(row, own, said)
      }
      guard rows.count == chunk, let last = rows.last else { return }
      after = last.row.id
    }
  }

  private static func remember(
    _ said: Judgement?, _ row: ID<Transaction>, _ run: ID<RuleRunName>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO rule_run_row
        (household_id, run_id, transaction_id, value, source, confidence, reason, version)
      VALUES (\(scope.household), \(run), \(row), \(said?.value), \(said?.source), \(said?.confidence),
        \(said?.reason), \(said?.version))
      """)
  }

  private static func former(_ row: borrowing Row) throws -> Judgement? {
    guard let value: String = try row(1), let source: String = try row(2) else { return nil }
    return Judgement(
      field: .category, value: value, source: source, confidence: try row(3, as: Int?.self) ?? 0,
      reason: try row(4, as: String?.self) ?? "", version: try row(5))
  }

  /// What a rule does besides naming a category.
  static func overlays(_ rule: Rule, _ row: JudgedRow, tags: [ID<Tag>]) -> [OverlayEdit] {
    rule.actions.compactMap { action in
      switch action {
      case .category, .transfer: nil
      case .rename(let name): .name(name)
      case .notes(let notes): .notes(notes)
      case .exclude: .isExcluded(true)
      case .addTags(let added): .tags(tags + added)
      case .split(let shares):
        Splits.partsAllowed.contains(shares.count) ? .split(parts(shares, of: row.amount.minorUnits)) : nil
      }
    }
  }

  /// Tags that were deleted since are left out.
  private static func allowed(
    _ edits: [OverlayEdit], _ scope: Scope, _ session: any Session
  ) throws -> [OverlayEdit] {
    try edits.map { try Tags.living(in: $0, scope, session) }
  }

  /// Rounded down, and the last takes what is left.
  static func parts(_ shares: [RuleAction.Share], of minor: Int64) -> [SplitPart] {
    var left = minor
    return shares.enumerated().map { index, share in
      let whole = Int128(minor) * Int128(share.thousandths) / 1_000
      let part = index == shares.count - 1 ? left : Int64(truncatingIfNeeded: whole)
      left -= part
      return SplitPart(amountMinor: part, category: share.category)
    }
  }
}

extension Rule {
  /// Switched on, whatever its switch says: it is asked by name.
  fileprivate var alone: Rule {
    var rule = self
    rule.isOn = true
    return rule
  }
}

extension Guess {
  var byRule: Judgement {
    Judgement(
      field: .category, value: category, source: Pipeline.Source.rule.rawValue, confidence: 1_000, reason: reason.text,
      version: Pipeline.version)
  }
}
