import Basics
package import Databases
package import Finance
package import Store

/// Reads what the rules and the forecast look at, in the transaction of the question.
extension RecurringFinder {
  /// Two years and a month: a yearly bill has come twice.
  static let pastDays = 765

  package static func read(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [RecurringStream] { try told(ground, scope, session).streams }

  /// All streams, and what they were found in.
  package static func told(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> (streams: [RecurringStream], inputs: Inputs) {
    let days = (ground.today - pastDays)..<(ground.today + 1)
    let rows = try MeasuredRows.read(days, ground.counting, scope, session)
    let merged = try merged(in: rows, ground, scope, session)
    var inputs = ground.inputs(days, ground.counting)
    inputs.note(rows, counting: Set(merged.streams.flatMap { $0.rows.map(\.id) }), else: "not_recurring")
    inputs.rowsLeftOut["transfer"] = nil
    if merged.leftOut > 0 { inputs.streamsLeftOut = merged.leftOut }
    return (merged.streams, inputs)
  }

  /// - Parameter rows: Of ``pastDays``.
  static func merged(
    in rows: [MeasuredRow], _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> Merged {
    let counted = Set(ground.counted.map(\.id))
    let told = try BankStreams.all(scope, session).filter { counted.contains($0.account) }
    return merged(find(rows, today: ground.today), with: told, rows: rows, today: ground.today)
  }
}

extension Inputs {
  /// Counts rows by whether they are in an answer: what is not there is pending, excluded, or left out by a rule.
  mutating func note(_ rows: [MeasuredRow], counting taken: Set<ID<Transaction>>, else reason: String) {
    for row in rows where (row.part ?? 0) == 0 {
      if taken.contains(row.id) {
        rowsCounted += 1
      } else if row.isPending {
        leave(1, "pending")
      } else {
        leave(1, row.flow == .excluded ? "excluded" : reason)
      }
    }
  }
}

extension Forecast {
  /// Over the liquid accounts in the base currency.
  package static func read(
    days: Int, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> Reading {
    let liquid = ground.counted.filter { $0.kind.isLiquid && $0.currency == ground.base && $0.currentMinor != nil }
    var inputs = ground.inputs(
      (ground.today - pastMax)..<(ground.today + 1), TotalFilter(accounts: liquid.map(\.id)))
    for account in ground.counted where !liquid.contains(where: { $0.id == account.id }) {
      let reason =
        !account.kind.isLiquid ? "not_liquid" : account.currentMinor == nil ? "unknown_balance" : "other_currency"
      inputs.accountsLeftOut[reason, default: 0] += 1
    }
    guard !liquid.isEmpty, let span = ground.rowDays else {
      return Reading(forecast: nil, accounts: liquid, rows: [], inputs: inputs)
    }
    let rows = try MeasuredRows.read(
      (ground.today - RecurringFinder.pastDays)..<(ground.today + 1), TotalFilter(accounts: liquid.map(\.id)), scope,
      session
    ).filter { $0.currency == ground.base }
    let start = liquid.reduce(Int64(0)) { $0 &+ ($1.currentMinor ?? 0) }
    let forecast = make(
      rows, start: start, first: ground.today + 1, days: days,
      knownSince: max(span.lowerBound, rows.first?.day ?? span.lowerBound),
      seed: UInt64(bitPattern: Int64(ground.today.days)))
    inputs.days = (ground.today + 1 - (forecast?.daysOfPast ?? 0))..<(ground.today + 1)
    inputs.rowsLeftOut = [:]
    let past = rows.filter { inputs.days.contains($0.day) }
    inputs.note(past, counting: Set(past.filter { !$0.isPending }.map(\.id)), else: "pending")
    return Reading(forecast: forecast, accounts: liquid, rows: past.filter { !$0.isPending }, inputs: inputs)
  }

  /// A forecast with what it was drawn from.
  package struct Reading: Sendable {
    /// Nil: the past is too short.
    package var forecast: Forecast?
    package var accounts: [StoredAccount]
    package var rows: [MeasuredRow]
    package var inputs: Inputs
  }
}

extension FindingRules {
  /// Only charges that are much more than usual, the newest last.
  package static func unusualCharges(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [Finding] {
    let days = (ground.today - RecurringFinder.pastDays)..<(ground.today + 1)
    return unusual(try MeasuredRows.read(days, ground.counting, scope, session), today: ground.today)
      .sorted { ($0.day, $0.about) < ($1.day, $1.about) }
  }

  /// Everything that stands out, the newest first.
  package static func read(_ ground: Ground, _ scope: Scope, _ session: any Session) throws -> [Finding] {
    try told(ground, scope, session).findings
  }

  /// Everything that stands out, and what was looked through.
  package static func told(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> (findings: [Finding], inputs: Inputs) {
    let today = ground.today
    let rows = try MeasuredRows.read(
      (today - RecurringFinder.pastDays)..<(today + 1), ground.counting, scope, session)
    let footing = try Footing.read(ground, scope, session)
    var found = duplicates(rows, today: today) + unusual(rows, today: today)
    found += streams(try RecurringFinder.merged(in: rows, ground, scope, session).streams, today: today)
    found += fees(rows, today: today)
    found += idle(ground.counted, burnMinor: footing.burnMinor, base: ground.base, today: today)
    let balances = try BalanceProofs.all(scope, session)
    found += proofs(balances, today: today)
    let known = balances.filter { if case .unknown = $0.verdict { false } else { true } }.map(\.account)
    found += turned(rows, ground.counted, known: Set(known), today: today)
    if let lowest = try Forecast.read(days: 30, ground, scope, session).forecast?.lowest, lowest.middleMinor < 0 {
      found.append(
        Finding(
          .lowBalanceAhead, on: lowest.day, Money(minorUnits: lowest.middleMinor, ground.base),
          about: "before the next income"))
    }
    var inputs = ground.inputs((today - RecurringFinder.pastDays)..<(today + 1), ground.counting)
    inputs.rowsLeftOut = [:]
    inputs.note(rows, counting: Set(rows.filter { $0.flow != .excluded }.map(\.id)), else: "excluded")
    return (
      found.sorted { ($1.day, $0.kind.rawValue, $0.about) < ($0.day, $1.kind.rawValue, $1.about) }, inputs
    )
  }
}
