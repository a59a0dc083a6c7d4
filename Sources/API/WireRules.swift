import Categories
import Finance
import JSON
import Store

/// How rules, what they would do and what they did are written.
extension Wire {
  static func rule(_ rule: Rule) -> JSONValue {
    let head: [JSONValue.Member] = [
      .init("id", id(rule.id)), .init("name", .string(rule.name)), .init("position", .int(rule.position)),
      .init("on", .bool(rule.isOn)),
    ]
    return .object(head + RuleCodec.definition(rule).members)
  }

  static func preview(_ preview: RuleRuns.Preview) -> JSONValue {
    [
      "matched": .int(preview.matched), "changed": .int(preview.changed),
      "sums": .array(
        preview.sums.sorted { $0.key.code < $1.key.code }.map { money(Money(minorUnits: $0.value, $0.key)) }),
      "sample": .array(
        preview.sample.map { row in
          [
            "id": id(row.id), "name": .string(row.name), "before": JSONValue(row.before),
            "after": JSONValue(row.after),
          ]
        }),
    ]
  }

  static func ruleRun(_ run: RuleRuns.Run) -> JSONValue {
    [
      "id": id(run.id), "rule": id(run.rule), "name": .string(run.name), "at": instant(run.at),
      "matched": .int(run.matched), "changed": .int(run.changed),
      "finished_at": run.finishedAt.map { instant($0) } ?? .null,
      "undone_at": run.undoneAt.map { instant($0) } ?? .null,
    ]
  }

  private static let definition: [Shape.Member] = [
    .required(
      "when", .any,
      "One condition: `all` or `any` of several; `text` (any, name, description, merchant) with contains, equals, "
        + "starts_with or matches; `amount`, `account`, `direction`, `day`, `currency`, `bank_category`, `tag`."),
    .required("then", .any, "What to do: category, transfer, rename, notes, tags, exclude, split."),
    .optional("stops", .flag, "Later rules are not asked."), .optional("from", .day.orNull),
    .optional("through", .day.orNull),
  ]

  static let newRuleShape = Shape.object(
    [
      .required("name", .text(1...100)), .optional("on", .flag), .optional("position", .integer(0...1_000_000)),
    ] + definition)

  static let newRuleExample: JSONValue = [
    "name": "The corner shop", "when": ["text": "any", "contains": "corner larder"],
    "then": ["category": "FOOD_AND_DRINK_GROCERIES"],
  ]

  static let ruleShape = Shape.object(
    "Rule",
    [
      .required("id", .id(RuleName.self)), .required("name", .foreign), .required("position", .integer()),
      .required("on", .flag),
    ] + definition)

  static let ruleExample: JSONValue = [
    "id": "rul_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "The corner shop", "position": 1, "on": true,
    "when": ["text": "any", "contains": "corner larder"], "then": ["category": "FOOD_AND_DRINK_GROCERIES"],
    "stops": true, "from": .null, "through": .null,
  ]

  static let previewShape = Shape.object(
    "RulePreview",
    [
      .required("matched", .count), .required("changed", .count, "Those that would be filed elsewhere."),
      .required("sums", .list(of: .money)),
      .required(
        "sample",
        .list(
          of: .object([
            .required("id", .id(Transaction.self)), .required("name", .foreign),
            .required("before", .foreign.orNull), .required("after", .foreign.orNull),
          ]), count: 0...20)),
    ])

  static let previewExample: JSONValue = [
    "matched": 14, "changed": 12, "sums": [["amount": "-81.20", "currency": "USD"]],
    "sample": [
      [
        "id": "txn_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "CORNER LARDER", "before": .null,
        "after": "FOOD_AND_DRINK_GROCERIES",
      ]
    ],
  ]

  static let ruleRunShape = Shape.object(
    "RuleRun",
    [
      .required("id", .id(RuleRunName.self)), .required("rule", .id(RuleName.self)), .required("name", .foreign),
      .required("at", .instant), .required("matched", .count), .required("changed", .count),
      .required("finished_at", .instant.orNull, "Null: it goes on."), .required("undone_at", .instant.orNull),
    ])

  static let ruleRunExample: JSONValue = [
    "id": "rrn_01kj3v5d8ve2r9q0w4y7h6t1cz", "rule": "rul_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "The corner shop",
    "at": "2026-03-12T09:30:00Z", "matched": 14, "changed": 12,
    "finished_at": "2026-03-12T09:30:00Z", "undone_at": .null,
  ]
}
