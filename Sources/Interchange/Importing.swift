package import Databases
package import Finance
package import Store

/// Carries a plan out: made anew from the file in the transaction that writes, so that nothing which happened since
/// somebody looked at it can be brought in twice.
package enum Importing {
  /// How far around a file's days names are looked for: a bank may move the day of a row that it named.
  private static let daysAround = 31

  /// What a statement would bring.
  package static func plan(
    _ statement: Statement, into place: ImportPlace, _ scope: Scope, _ session: any Session
  ) throws -> ImportPlan {
    guard let days = ImportPlan.days(of: statement) else {
      return ImportPlan(statement, currency: place.currency, known: [])
    }
    let around = (days.lowerBound - daysAround)...(days.upperBound + daysAround)
    let known = try ImportedRows.compared(in: place, around, scope, session).map { row in
      ImportPlan.Known(
        id: row.id, bookedOn: row.bookedOn, amountMinor: row.amountMinor, words: row.words, isImported: row.isImported,
        bankID: row.bankID, isUndone: row.isUndone)
    }
    var plan = ImportPlan(statement, currency: place.currency, known: known)
    try file(&plan, scope, session)
    return plan
  }

  /// What a statement would bring into an account that is yet to be made.
  package static func plan(
    _ statement: Statement, currency: Currency, _ scope: Scope, _ session: any Session
  ) throws -> ImportPlan {
    var plan = ImportPlan(statement, currency: currency, known: [])
    try file(&plan, scope, session)
    return plan
  }

  private static func file(_ plan: inout ImportPlan, _ scope: Scope, _ session: any Session) throws {
    guard plan.rows.contains(where: { $0.row.category != nil }) else { return }
    plan.file(by: ImportPlan.words(of: try Categories.all(scope, session).map { ($0.code, $0.name) }))
  }

  /// Writes what is new. An account that is kept by hand holds then what the file says it held at its end.
  ///
  /// - Parameter withPossible: Also what may be there in other words.
  /// - Returns: The plan, and whether the closing balance was written down.
  package static func run(
    _ statement: Statement, into place: ImportPlace, withPossible: Bool, _ scope: Scope, _ edits: inout Edits,
    _ session: any Session
  ) throws -> (plan: ImportPlan, keptBalance: Bool) {
    let plan = try plan(statement, into: place, scope, session)
    for row in plan.rows {
      switch row.standing {
      case .known: continue
      case .possible where !withPossible: continue
      case .undone(let id): try ImportedRows.restore(id, &edits, session)
      case .new, .possible:
        let id = try ImportedRows.create(
          ImportedRow(
            bookedOn: row.row.bookedOn, amount: row.amount, exact: row.exact, name: row.row.name, words: row.row.words,
            bankID: row.row.bankID), in: place, &edits, session)
        // Somebody filed it there before it became a file: a person's word, as if it were written now.
        if let category = row.category { try edits.write([.category(category)], on: id, session) }
      }
    }
    guard place.isByHand, edits.count > 0, let closing = statement.closing,
      (statement.currency ?? place.currency) == place.currency,
      let money = try? Money.rounding(closing.amount, place.currency).money
    else { return (plan, false) }
    try Manual.edit(place.account, [.balance(closing.day, money)], &edits, session)
    return (plan, true)
  }
}
