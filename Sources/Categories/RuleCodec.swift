package import Basics
import Finance
package import JSON
import Recognition
import Store

/// Rules as JSON: how they are kept and how they come over the wire are one text.
package enum RuleCodec {
  /// What is wrong, by pointer from the rule's definition.
  package struct Mistakes: Error, Equatable, Sendable {
    package var all: [String: String]

    package init(all: [String: String]) { self.all = all }
  }

  package static let conditionsMax = 50
  private static let depthMax = 5
  private static let textMax = 200

  // MARK: - Reading

  /// - Parameter definition: `when`, `then`, `stops`, `from`, `through`.
  package static func rule(
    _ id: ID<RuleName>, name: String, position: Int, isOn: Bool, definition: JSONValue
  ) throws(Mistakes) -> Rule {
    var mistakes: [String: String] = [:]
    var left = conditionsMax
    let condition = condition(definition["when"] ?? .null, "/when", depth: 0, &left, &mistakes)
    let actions = actions(definition["then"] ?? .null, &mistakes)
    var rule = Rule(id: id, name: name, position: position, condition: condition, actions: actions)
    rule.isOn = isOn
    rule.stops = definition["stops"]?.bool ?? true
    rule.from = day(definition["from"], "/from", &mistakes)
    rule.through = day(definition["through"], "/through", &mistakes)
    guard mistakes.isEmpty else { throw Mistakes(all: mistakes) }
    return rule
  }

  private static func day(
    _ value: JSONValue?, _ pointer: String, _ mistakes: inout [String: String]
  ) -> CalendarDate? {
    guard let value, !value.isNull else { return nil }
    let day = value.string.flatMap { CalendarDate($0) }
    if day == nil { mistakes[pointer] = "must be a day" }
    return day
  }

  private static func condition(
    _ value: JSONValue, _ pointer: String, depth: Int, _ left: inout Int, _ mistakes: inout [String: String]
  ) -> RuleCondition {
    left -= 1
    guard left >= 0, depth < depthMax else {
      mistakes[pointer] = left < 0 ? "must have at most \(conditionsMax) conditions" : "must not be so deep"
      return .any([])
    }
    for (key, make) in [("all", RuleCondition.all), ("any", RuleCondition.any)] {
      guard let parts = value[key] else { continue }
      if parts.elements.isEmpty { mistakes["\(pointer)/\(key)"] = "must have a condition" }
      var conditions: [RuleCondition] = []
      for (index, part) in parts.elements.enumerated() {
        conditions.append(condition(part, "\(pointer)/\(key)/\(index)", depth: depth + 1, &left, &mistakes))
        if left < 0 { break }
      }
      return make(conditions)
    }
    if let text = text(value, pointer, &mistakes) { return text }
    if let plain = plain(value) { return plain }
    mistakes[pointer] = "is not a condition"
    return .any([])
  }

  private static func text(
    _ value: JSONValue, _ pointer: String, _ mistakes: inout [String: String]
  ) -> RuleCondition? {
    guard let field = (value["text"]?.string).flatMap(RuleCondition.TextField.init(rawValue:)) else { return nil }
    for comparison in RuleCondition.Comparison.allCases {
      guard let sought = value[comparison.rawValue]?.string else { continue }
      let place = "\(pointer)/\(comparison.rawValue)"
      if comparison == .matches {
        do {
          _ = try Pattern(sought)
        } catch {
          mistakes[place] =
            switch error {
            case .tooLong(let max): "must have at most \(max) bytes"
            case .malformed(let words, let at): "is no regular expression: \(words) at \(at)"
            case .matchesNothingAtAll: "must not match empty text: it would match everything"
            }
        }
      } else if sought.utf8.count > textMax || LineText.bytes(sought).allSatisfy({ $0 == 0x20 }) {
        mistakes[place] = "must be a text of at most \(textMax) bytes"
      }
      return .text(field, comparison, sought)
    }
    return nil
  }

  private static func plain(_ value: JSONValue) -> RuleCondition? {
    if let amount = value["amount"] {
      return .amount(from: hundredths(amount["from"]), through: hundredths(amount["through"]))
    }
    if let accounts = value["account"] {
      return .account(Set(accounts.elements.compactMap { $0.string.flatMap { ID<Account>($0) } }))
    }
    if let direction = value["direction"]?.string, ["in", "out"].contains(direction) {
      return .isIncoming(direction == "in")
    }
    if let day = value["day"], let from = day["from"]?.int, let through = day["through"]?.int, from <= through {
      return .day(from: from, through: through)
    }
    if let currency = value["currency"]?.string { return .currency(currency) }
    if let category = value["bank_category"]?.string { return .bankCategory(category) }
    if let tags = value["tag"] {
      let named = tags.elements.compactMap { $0.string.flatMap { ID<Tag>($0) } }
      return named.isEmpty || named.count != tags.elements.count ? nil : .tag(Set(named))
    }
    return nil
  }

  private static func hundredths(_ value: JSONValue?) -> Int64? {
    guard let text = value?.string.flatMap({ DecimalText($0) }) else { return nil }
    return (try? Money.rounding(text, .usd))?.0.minorUnits
  }

  private static func actions(_ value: JSONValue, _ mistakes: inout [String: String]) -> [RuleAction] {
    var actions: [RuleAction] = []
    if let category = value["category"]?.string { actions.append(.category(category)) }
    if value["transfer"]?.bool == true { actions.append(.transfer) }
    if let name = value["rename"]?.string { actions.append(.rename(name)) }
    if let notes = value["notes"]?.string { actions.append(.notes(notes)) }
    if let tags = value["tags"] {
      actions.append(.addTags(tags.elements.compactMap { $0.string.flatMap { ID<Tag>($0) } }))
    }
    if value["exclude"]?.bool == true { actions.append(.exclude) }
    if let split = value["split"] {
      let shares = split.elements.compactMap { part -> RuleAction.Share? in
        guard let percent = part["percent"]?.string.flatMap({ DecimalText($0) }),
          let hundredths = (try? Money.rounding(percent, .usd))?.0.minorUnits, hundredths > 0, hundredths % 10 == 0,
          let category = part["category"]?.string
        else { return nil }
        return RuleAction.Share(thousandths: Int(hundredths / 10), category: category)
      }
      if shares.count != split.elements.count || shares.reduce(0, { $0 + $1.thousandths }) != 1_000 {
        mistakes["/then/split"] = "must come to 100 percent, in tenths of a percent"
      }
      actions.append(.split(shares))
    }
    if actions.isEmpty { mistakes["/then"] = "must do something" }
    return actions
  }

  // MARK: - Writing

  package static func definition(_ rule: Rule) -> JSONValue {
    [
      "when": written(rule.condition), "then": written(rule.actions), "stops": .bool(rule.stops),
      "from": JSONValue(rule.from.map { "\($0)" }), "through": JSONValue(rule.through.map { "\($0)" }),
    ]
  }

  private static func written(_ condition: RuleCondition) -> JSONValue {
    switch condition {
    case .all(let parts): ["all": .array(parts.map(written))]
    case .any(let parts): ["any": .array(parts.map(written))]
    case .text(let field, let comparison, let text):
      .object([.init("text", .string(field.rawValue)), .init(comparison.rawValue, .string(text))])
    case .amount(let from, let through):
      ["amount": ["from": JSONValue(from.map(decimal)), "through": JSONValue(through.map(decimal))]]
    case .account(let accounts): ["account": JSONValue(accounts.map(\.description).sorted())]
    case .isIncoming(let isIncoming): ["direction": .string(isIncoming ? "in" : "out")]
    case .day(let from, let through): ["day": ["from": .int(from), "through": .int(through)]]
    case .currency(let code): ["currency": .string(code)]
    case .bankCategory(let code): ["bank_category": .string(code)]
    case .tag(let tags): ["tag": JSONValue(tags.map(\.description).sorted())]
    }
  }

  private static func decimal(_ hundredths: Int64) -> String { Money(minorUnits: hundredths, .usd).decimal }

  private static func written(_ actions: [RuleAction]) -> JSONValue {
    var members: [JSONValue.Member] = []
    for action in actions {
      switch action {
      case .category(let code): members.append(.init("category", .string(code)))
      case .transfer: members.append(.init("transfer", true))
      case .rename(let name): members.append(.init("rename", .string(name)))
      case .notes(let notes): members.append(.init("notes", .string(notes)))
      case .addTags(let tags): members.append(.init("tags", JSONValue(tags.map(\.description))))
      case .exclude: members.append(.init("exclude", true))
      case .split(let shares):
        let parts = shares.map { share -> JSONValue in
          [
            "percent": .string("\(share.thousandths / 10).\(share.thousandths % 10)"),
            "category": .string(share.category),
          ]
        }
        members.append(.init("split", .array(parts)))
      }
    }
    return .object(members)
  }
}
