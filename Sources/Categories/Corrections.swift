package import Basics
package import Databases
package import Finance
import Recognition
package import Store

/// What a person can mean by filing a row elsewhere: this one, its merchant from now on, everything like it, or a rule.
package enum Correction: String, Sendable, CaseIterable {
  /// Nothing is learned from it.
  case one
  /// Rows of this merchant that come are filed like it.
  case merchant
  /// The rows of this merchant that are there, too.
  case alike
  /// A rule is made of it.
  case rule

  /// What each would do, before any is chosen.
  package struct Choices: Sendable {
    package var row: JudgedRow
    package var alike: Alike
    /// Not kept.
    package var rule: Rule
    package var preview: RuleRuns.Preview
  }

  /// Nil for a row that is not there, or not the person's to see.
  package static func choices(
    for id: ID<Transaction>, _ category: String, world: World, _ scope: Scope, _ session: any Session
  ) throws -> Choices? {
    guard let (row, _, _) = try Judgements.row(id, scope, session), let alike = try Alike.to(id, scope, session) else {
      return nil
    }
    let rule = draft(row, category, id: world.newID(), position: try Rules.nextPosition(scope, session))
    return Choices(
      row: row, alike: alike, rule: rule, preview: try RuleRuns.preview(rule, scope, session))
  }

  /// A rule for rows like this one: by the words of its name that are in its text as they stand, and its direction.
  package static func draft(_ row: JudgedRow, _ category: String, id: ID<RuleName>, position: Int) -> Rule {
    let name = MerchantName(HouseholdJudge.evidence(row, home: nil)).shown
    let words = name.split(separator: " ")
    func rule(_ text: RuleCondition) -> Rule {
      Rule(
        id: id, name: name.isEmpty ? String(row.name.prefix(100)) : String(name.prefix(100)), position: position,
        condition: .all([text, .isIncoming(row.amount.minorUnits > 0)]), actions: [.category(category)])
    }
    for count in stride(from: words.count, to: 0, by: -1) {
      let text = words.prefix(count).joined(separator: " ")
      let made = rule(.text(.any, .contains, text))
      if text.utf8.count >= 3, !RuleBook([made]).fitting(row).isEmpty { return made }
    }
    return rule(.text(.name, .equals, row.name))
  }

  /// Files the row, and does what else the person means.
  ///
  /// - Returns: How many rows were filed by it now, and the rule that was made.
  package func apply(
    to id: ID<Transaction>, _ category: String, _ edits: inout Edits, world: World, _ scope: Scope,
    _ session: any Session
  ) throws -> (rows: Int, rule: Rule?) {
    let own: [OverlayEdit] = [.category(category), .isSingle(self == .one)]
    switch self {
    case .one, .merchant:
      try edits.write(own, on: id, session)
      return (1, nil)
    case .alike:
      guard let alike = try Alike.to(id, scope, session) else { throw EditError.unknown }
      for row in alike.rows { try edits.write(own, on: row, session) }
      return (alike.rows.count, nil)
    case .rule:
      guard let (row, _, _) = try Judgements.row(id, scope, session) else { throw EditError.unknown }
      let rule = Self.draft(row, category, id: world.newID(), position: try Rules.nextPosition(scope, session))
      try Rules.keep(rule, now: world.now(), scope, session)
      try edits.write(own, on: id, session)
      return (1, rule)
    }
  }
}
