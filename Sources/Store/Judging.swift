package import Basics
package import Databases
package import Finance

/// Says what rows are, and what a household's rules want written on those that just came.
package struct RowJudge: Sendable {
  package var judge: @Sendable (JudgedRow) -> Judgement?
  /// What rules do besides naming a category, by rule and in their order.
  package var deeds: @Sendable (JudgedRow) -> [RuleDeed]
  /// A rule asks for the tags of rows.
  package var asksForTags: Bool

  package init(
    asksForTags: Bool = false, judge: @escaping @Sendable (JudgedRow) -> Judgement?,
    deeds: @escaping @Sendable (JudgedRow) -> [RuleDeed] = { _ in [] }
  ) {
    (self.judge, self.deeds, self.asksForTags) = (judge, deeds, asksForTags)
  }
}

/// What one rule writes on one row.
package struct RuleDeed: Sendable, Equatable {
  /// Named in the record of changes.
  package var through: String
  package var edits: [OverlayEdit]

  package init(through: String, edits: [OverlayEdit]) { (self.through, self.edits) = (through, edits) }
}

/// What judges rows in the transaction that brings or changes them. Whoever writes rows is handed one.
package struct Judging: Sendable {
  package typealias Pair =
    @Sendable (
      ClosedRange<CalendarDate>, inout JudgedRows, inout TotalUpkeep, World, Scope, any Session
    ) throws -> [PairedRow]

  /// Looks at the household as it is now; what it gives back judges row after row, without asking the database again.
  package var begin: @Sendable (Scope, any Session) throws -> RowJudge
  /// Finds what belongs together among the rows of some days, and parts what no longer does.
  package var pair: Pair

  package init(
    _ begin: @escaping @Sendable (Scope, any Session) throws -> RowJudge,
    pair: @escaping Pair = { _, _, _, _, _, _ in [] }
  ) {
    (self.begin, self.pair) = (begin, pair)
  }
}

/// Judges the rows of one transaction and keeps what is said of them, the flow of money it means included. Reads what
/// the household has said when the first row comes.
package struct JudgedRows {
  private let judging: Judging
  private var judge: RowJudge?
  /// Of the categories that came up; nil for those that the household has not.
  private var flows: [String: FlowKind?] = [:]
  /// What rules want written on rows that came, until ``writeDeeds(_:_:_:)``.
  private var deeds: [(row: ID<Transaction>, deed: RuleDeed)] = []
  /// Days of the rows that came, changed or went.
  private var days: ClosedRange<CalendarDate>?

  package init(_ judging: Judging) { self.judging = judging }

  private mutating func begun(_ scope: Scope, _ session: any Session) throws -> RowJudge {
    if let judge { return judge }
    let begun = try judging.begin(scope, session)
    judge = begun
    return begun
  }

  /// A row of this day came, changed or went: what belongs to it is looked for.
  package mutating func note(_ day: CalendarDate) {
    days = days.map { min($0.lowerBound, day)...max($0.upperBound, day) } ?? day...day
  }

  /// - Parameter isNew: Nothing was said of it before.
  /// - Returns: What counts in place of the bank's category; nil when that stands.
  package mutating func keep(
    _ row: JudgedRow, isNew: Bool, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> (category: String, flow: FlowKind)? {
    let judge = try begun(scope, session)
    var row = row
    if !isNew, judge.asksForTags, row.tags.isEmpty { row.tags = Set(try Overlays.tags(of: row.id, scope, session)) }
    if isNew { deeds += judge.deeds(row).map { (row.id, $0) } }
    return try keep(judge.judge(row), on: row, isNew: isNew, now: now, scope, session)
  }

  /// What would be kept of it.
  package mutating func judgement(
    _ row: JudgedRow, _ scope: Scope, _ session: any Session
  ) throws -> Judgement? { try begun(scope, session).judge(row) }

  /// - Returns: What counts in place of the bank's category; nil when that stands.
  package mutating func keep(
    _ judgement: Judgement?, on row: JudgedRow, isNew: Bool, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> (category: String, flow: FlowKind)? {
    if !isNew { try Judgements.forget(row.id, scope, session) }
    guard let judgement else { return nil }
    // A category that this household has deleted is nobody's.
    guard let flow = try flow(of: judgement.value, scope, session) else { return nil }
    if !isNew, judgement.field == .suggestion, try Judgements.isRefused(judgement.value, row.id, scope, session) {
      return nil
    }
    try Judgements.write(judgement, on: row.id, now: now, scope, session)
    return judgement.field == .category ? (judgement.value, flow) : nil
  }

  private mutating func flow(of category: String, _ scope: Scope, _ session: any Session) throws -> FlowKind? {
    if let known = flows[category] { return known }
    var flow = try Categories.flow(of: category, scope, session)
    // Only a household that has none yet is given those it begins with.
    if flow == nil, flows.isEmpty {
      try Categories.seed(scope, session)
      flow = try Categories.flow(of: category, scope, session)
    }
    flows[category] = .some(flow)
    return flow
  }

  /// Judges rows anew that are there, since they were linked, parted or given back by a person, and moves the totals
  /// along. Rows that a person or a rule filed keep that.
  ///
  /// - Returns: Those that count for something else now.
  package mutating func rejudge(
    _ ids: [ID<Transaction>], _ totals: inout TotalUpkeep, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> [PairedRow] {
    var moved: [PairedRow] = []
    for (row, own) in try Judgements.rows(ids, scope, session) {
      let old = try Judgements.of(row.id, scope, session).first { $0.field != .refused }
      guard own == nil else {
        // Under what the person said, nothing is left of a pair that is none any more.
        if old?.source == "pair", row.paired == nil { try Judgements.forget(row.id, scope, session) }
        continue
      }
      if old?.source == "rule", row.paired?.isOwn != true { continue }
      let new = try judgement(row, scope, session)
      if old == new { continue }
      let before = try TotalUpkeep.counted(row.id, scope, session)
      _ = try keep(new, on: row, isNew: false, now: now, scope, session)
      try session.settle()
      let after = try TotalUpkeep.counted(row.id, scope, session)
      try totals.move(from: before, to: after, scope, session)
      if before != after { moved.append(PairedRow(id: row.id, account: row.account, day: row.occurredOn)) }
    }
    return moved
  }

  /// To be called once, when all rows of the transaction are written: links what belongs together and parts what no
  /// longer does.
  ///
  /// - Returns: Rows that count for something else now.
  package mutating func pair(
    _ totals: inout TotalUpkeep, _ world: World, _ scope: Scope, _ session: any Session
  ) throws -> [PairedRow] {
    guard let days else { return [] }
    self.days = nil
    try session.settle()
    return try judging.pair(days, &self, &totals, world, scope.wholeHousehold, session)
  }

  /// Writes what rules want on rows that came, as changes that can be undone.
  package mutating func writeDeeds(_ world: World, _ scope: Scope, _ session: any Session) throws {
    guard !deeds.isEmpty else { return }
    try session.settle()
    var edits: [String: Edits] = [:]
    for (row, deed) in deeds {
      var own = edits[deed.through] ?? Edits(through: deed.through, world: world, scope)
      try own.write(try deed.edits.map { try Tags.living(in: $0, scope, session) }, on: row, session)
      edits[deed.through] = own
    }
    deeds = []
    for (_, var own) in edits.sorted(by: { $0.key < $1.key }) { try own.finish(session) }
  }

  /// What rules want on rows that came, for whoever writes it among other edits.
  mutating func takeDeeds() -> [(row: ID<Transaction>, deed: RuleDeed)] {
    defer { deeds = [] }
    return deeds
  }
}
