import Basics
import Finance
package import Recognition
package import Store

/// All rules of a household, made ready once and asked about row after row.
///
/// A thousand rules must not slow a sync: what a rule demands to find in a row's text is known as a set of three-letter
/// pieces, and a rule whose pieces are not all in the row's is not looked at.
package struct RuleBook: Sendable {
  private struct Ready: Sendable {
    var rule: Rule
    var condition: Prepared
    /// Pieces that the row's text must hold.
    var pieces: [UInt16]
  }

  private indirect enum Prepared: Sendable {
    case all([Prepared])
    case any([Prepared])
    case contains(RuleCondition.TextField, [UInt8])
    case equals(RuleCondition.TextField, [UInt8])
    case starts(RuleCondition.TextField, [UInt8])
    case matches(RuleCondition.TextField, Pattern)
    case plain(RuleCondition)
    /// A pattern that is no longer one.
    case never
  }

  private var rules: [Ready] = []

  package init(_ rules: [Rule] = []) {
    self.rules = rules.filter(\.isOn).sorted { ($0.position, $0.id) < ($1.position, $1.id) }.map { rule in
      Ready(rule: rule, condition: Self.prepare(rule.condition), pieces: Self.pieces(rule.condition))
    }
  }

  package var isEmpty: Bool { rules.isEmpty }

  /// Whether any rule wants to know the tags of a row.
  package var asksForTags: Bool { rules.contains { Self.asksForTags($0.rule.condition) } }

  private static func asksForTags(_ condition: RuleCondition) -> Bool {
    switch condition {
    case .all(let parts), .any(let parts): parts.contains(where: asksForTags)
    case .tag: true
    default: false
    }
  }

  private static func prepare(_ condition: RuleCondition) -> Prepared {
    switch condition {
    case .all(let parts): .all(parts.map(prepare))
    case .any(let parts): .any(parts.map(prepare))
    case .text(let field, .contains, let text): .contains(field, FoldedLine.fold(text))
    case .text(let field, .equals, let text): .equals(field, FoldedLine.fold(text))
    case .text(let field, .startsWith, let text): .starts(field, FoldedLine.fold(text))
    case .text(let field, .matches, let text): (try? Pattern(text)).map { .matches(field, $0) } ?? .never
    default: .plain(condition)
    }
  }

  /// Pieces that any row must hold which the condition fits.
  private static func pieces(_ condition: RuleCondition) -> [UInt16] {
    switch condition {
    case .all(let parts): parts.flatMap(pieces)
    case .text(_, .contains, let text), .text(_, .equals, let text), .text(_, .startsWith, let text):
      FoldedLine.pieces(FoldedLine.fold(text))
    default: []
    }
  }

  /// The rules that fit, in their order, up to one that stops.
  package func fitting(_ row: JudgedRow) -> [Rule] {
    guard !rules.isEmpty else { return [] }
    let line = FoldedLine(row)
    var row = row
    var fitting: [Rule] = []
    for ready in rules {
      guard ready.pieces.allSatisfy({ line.holds($0) }), Self.isActive(ready.rule, row.occurredOn),
        Self.fits(ready.condition, row, line)
      else { continue }
      fitting.append(ready.rule)
      if ready.rule.stops { break }
      for case .addTags(let tags) in ready.rule.actions { row.tags.formUnion(tags) }
    }
    return fitting
  }

  private static func isActive(_ rule: Rule, _ day: CalendarDate) -> Bool {
    if let from = rule.from, day < from { return false }
    if let through = rule.through, day > through { return false }
    return true
  }

  private static func fits(_ condition: Prepared, _ row: JudgedRow, _ line: FoldedLine) -> Bool {
    switch condition {
    case .all(let parts): return parts.allSatisfy { fits($0, row, line) }
    case .any(let parts): return parts.contains { fits($0, row, line) }
    case .contains(let field, let text): return line.texts(field).contains { FoldedLine.contains($0, text) }
    case .equals(let field, let text): return line.texts(field).contains { $0 == text }
    case .starts(let field, let text): return line.texts(field).contains { $0.starts(with: text) }
    case .matches(let field, let pattern): return FoldedLine.originals(row, field).contains { pattern.matches($0) }
    case .plain(let condition): return fits(condition, row)
    case .never: return false
    }
  }

  private static func fits(_ condition: RuleCondition, _ row: JudgedRow) -> Bool {
    switch condition {
    case .amount(let from, let through):
      let size = hundredths(row.amount)
      return (from.map { size >= $0 } ?? true) && (through.map { size <= $0 } ?? true)
    case .account(let accounts): return accounts.contains(row.account)
    case .isIncoming(let isIncoming): return (row.amount.minorUnits > 0) == isIncoming
    case .day(let from, let through): return (from...max(from, through)).contains(row.occurredOn.day)
    case .currency(let code): return row.amount.currency.code == code
    case .bankCategory(let code): return row.category?.detailed == code || row.category?.primary == code
    case .tag(let tags): return !row.tags.isDisjoint(with: tags)
    case .all, .any, .text: return false
    }
  }

  private static func hundredths(_ amount: Money) -> Int64 {
    let minor = Int64(clamping: amount.minorUnits.magnitude)
    switch amount.currency.digits {
    case 2: return minor
    case 0: return minor.multipliedReportingOverflow(by: 100).partialValue
    case 1: return minor.multipliedReportingOverflow(by: 10).partialValue
    default:
      var left = minor
      for _ in 2..<amount.currency.digits { left /= 10 }
      return left
    }
  }

  /// The category that the rules give a row, and which of them did: the first that names one.
  package func guess(_ row: JudgedRow) -> Guess? {
    for rule in fitting(row) {
      for action in rule.actions {
        let category: String
        switch action {
        case .category(let code): category = code
        case .transfer:
          category =
            row.amount.minorUnits > 0 ? "TRANSFER_IN_ACCOUNT_TRANSFER" : "TRANSFER_OUT_ACCOUNT_TRANSFER"
        default: continue
        }
        return Guess(category: category, confidence: 1, reason: Reason("rule", [rule.name, rule.id.description]))
      }
    }
    return nil
  }

  /// What the rules that fit a row do besides naming its category. Of two that rename it the first does, as with
  /// categories; tags come together.
  package func deeds(_ row: JudgedRow) -> [RuleDeed] {
    var deeds: [RuleDeed] = []
    var done: Set<String> = []
    var tags = row.tags
    for rule in fitting(row) {
      var edits: [OverlayEdit] = []
      for edit in RuleRuns.overlays(rule, row, tags: Array(tags)) {
        if case .tags(let all) = edit { tags.formUnion(all) } else if !done.insert(edit.field).inserted { continue }
        edits.append(edit)
      }
      if !edits.isEmpty { deeds.append(RuleDeed(through: "rule \(rule.id)", edits: edits)) }
    }
    return deeds
  }
}
