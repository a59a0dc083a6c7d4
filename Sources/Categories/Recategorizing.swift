package import Basics
package import Databases
package import Finance
import Store

/// Judges all rows of a household anew: after corrections, rules or a new version. What people set stays.
package enum Recategorizing {
  package struct Outcome: Sendable, Equatable {
    package var rows = 0
    package var changed = 0
    package var suggested = 0
  }

  /// Rows in one transaction: others who write wait no longer than this takes.
  private static let chunk = 1_000

  /// - Throws: ``DatabaseError``. What was judged until then stays.
  package static func run(
    _ database: any Database, _ world: World, _ scope: Scope
  ) async throws -> Outcome {
    let scope = scope.wholeHousehold
    let judge = try await database.read { try HouseholdJudge(scope, $0) }
    var outcome = Outcome()
    var after: ID<Transaction>?
    while true {
      let from = after
      let now = world.now()
      let (part, last) = try await database.write { session in
        try Self.chunk(after: from, judge, now: now, scope, session)
      }
      outcome.rows += part.rows
      outcome.changed += part.changed
      outcome.suggested += part.suggested
      guard let last else { break }
      after = last
    }
    outcome.changed += try await pair(database, world, scope)
    return outcome
  }

  /// So many days are looked through in one transaction for what belongs together.
  private static let daysAtOnce = 366

  private static func pair(_ database: any Database, _ world: World, _ scope: Scope) async throws -> Int {
    guard let days = try await database.read({ try PairableRows.days(scope, $0) }) else { return 0 }
    var changed = 0
    var from = days.lowerBound
    while from <= days.upperBound {
      let part = from...min(days.upperBound, from + (daysAtOnce - 1))
      changed += try await database.write { session in
        var totals = TotalUpkeep()
        var rows = JudgedRows(HouseholdJudge.judging)
        rows.note(part.lowerBound)
        rows.note(part.upperBound)
        let moved = try rows.pair(&totals, world, scope, session)
        try totals.write(scope, session)
        let accounts = Dictionary(grouping: moved, by: \.account).sorted { $0.key < $1.key }
        let events = accounts.map { sorted($0.key, $0.value.count) }
        if !events.isEmpty { try Events.append(events, now: world.now(), scope, session) }
        return moved.count
      }
      from = part.upperBound + 1
    }
    return changed
  }

  /// Tells readers that rows of an account are filed elsewhere.
  static func sorted(_ account: ID<Account>, _ count: Int) -> NewEvent {
    NewEvent(
      kind: "transaction.sorted", body: "{\"account\":\"\(account)\",\"count\":\(count)}", account: account)
  }

  private static func chunk(
    after: ID<Transaction>?, _ judge: HouseholdJudge, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> (Outcome, ID<Transaction>?) {
    let rows = try Judgements.rows(after: after, limit: chunk, scope, session)
    var outcome = Outcome(rows: rows.count)
    var totals = TotalUpkeep()
    var kept = JudgedRows(Judging { _, _ in RowJudge(judge: { judge.judgement($0) }) })
    var accounts: [ID<Account>: (count: Int, day: CalendarDate)] = [:]
    for (row, own) in rows where own == nil {
      let old = try Judgements.of(row.id, scope, session)
      let new = judge.judgement(row)
      if old.first(where: { $0.field != .refused }) == new { continue }
      let before = try TotalUpkeep.counted(row.id, scope, session)
      _ = try kept.keep(new, on: row, isNew: false, now: now, scope, session)
      try session.settle()
      let after = try TotalUpkeep.counted(row.id, scope, session)
      try totals.move(from: before, to: after, scope, session)
      if new?.field == .suggestion { outcome.suggested += 1 }
      guard before != after else { continue }
      outcome.changed += 1
      let known = accounts[row.account]
      accounts[row.account] = ((known?.count ?? 0) + 1, min(known?.day ?? row.occurredOn, row.occurredOn))
    }
    try totals.write(scope, session)
    let events = accounts.sorted { $0.key < $1.key }.map { sorted($0.key, $0.value.count) }
    if !events.isEmpty { try Events.append(events, now: now, scope, session) }
    return (outcome, rows.count < chunk ? nil : rows.last?.row.id)
  }
}
