import Basics
import Categories
import Databases
import Finance
import HTTP
import JSON
import Store

/// Filing a transaction elsewhere, and what else is meant by it: this one only, its merchant, everything like it, a rule.
extension Interface {
  var correctionOperations: [Operation] { [showCorrections, correct] }

  private static let id = Parameter.path("id", .id(Transaction.self))

  private var showCorrections: Operation {
    Operation(
      "showCorrections", .get, "/v1/transactions/{id}/corrections", .filing,
      "Say what filing a transaction elsewhere can mean", needs: .household(.read, .viewer),
      parameters: [Self.id, .query("category", .token, "Where it is to be filed.", isRequired: true)],
      answers: [
        .json(200, Wire.correctionsShape, "The choices, with what each would do.", example: Wire.correctionsExample)
      ],
      problems: [.transactionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      let category: String = try call.query.required("category")
      let world = banks.world
      let (isKnown, found) = try await banks.reading { [scope = banks.scope] session in
        guard try Categories.find(category, scope, session) != nil else { return (false, nil as Correction.Choices?) }
        return (true, try Correction.choices(for: id, category, world: world, scope, session))
      }
      guard isKnown else { throw Problem.invalid(["?category": "is not a category here"]) }
      guard let found else { throw ProblemKind.transactionUnknown.problem() }
      return .json(200, Wire.corrections(found))
    }
    .saying("Nothing is changed.")
  }

  private var correct: Operation {
    Operation(
      "correct", .post, "/v1/transactions/{id}/corrections", .filing, "File a transaction elsewhere, and say for what",
      needs: .household(.write, .member), parameters: [Self.id],
      body: .json(
        .object([.required("category", .token), .required("for", .word(Correction.self))]),
        example: ["category": "FOOD_AND_DRINK_COFFEE", "for": "merchant"]),
      answers: [.json(200, Wire.correctedShape, "What was done.", example: Wire.correctedExample)],
      problems: [.transactionUnknown, .tooManyThings]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      let category: String = try call.body.required("category")
      let meant = Correction(rawValue: try call.body.required("for")) ?? .one
      return try await call.stroke(banks) { edits, session in
        let (scope, world) = (banks.scope, banks.world)
        guard try Categories.find(category, scope, session) != nil else { throw CategoryError.unknown(category) }
        if meant == .rule, try Rules.all(scope, session).count >= Rules.rulesMax {
          throw ProblemKind.tooManyThings.problem()
        }
        let done = try meant.apply(to: id, category, &edits, world: world, scope, session)
        guard let now = try Explanation.of(id, scope, session) else { throw EditError.unknown }
        return .json(
          200,
          [
            "filed": .int(done.rows), "rule": done.rule.map(Wire.rule) ?? .null, "category": Wire.explanation(now),
          ])
      }
    }
    .saying(
      """
      `one`: nothing is learned from it. `merchant`: transactions of this merchant that come are filed like it. `alike`: \\
      those that are there, too, as one change. `rule`: a rule is made, which can be applied to what is there.
      """
    )
    .repeatable()
  }
}

extension Wire {
  static func corrections(_ choices: Correction.Choices) -> JSONValue {
    [
      "merchant": .string(choices.alike.merchant),
      "one": sums(1, [choices.row.amount.currency: choices.row.amount.minorUnits]),
      "alike": sums(choices.alike.rows.count, choices.alike.sums),
      "rule": [
        "draft": .object(
          [.init("name", .string(choices.rule.name))] + RuleCodec.definition(choices.rule).members),
        "matched": .int(choices.preview.matched), "changed": .int(choices.preview.changed),
        "sums": sums(choices.preview.sums),
      ],
    ]
  }

  private static func sums(_ count: Int, _ sums: [Currency: Int64]) -> JSONValue {
    ["count": .int(count), "sums": self.sums(sums)]
  }

  private static func sums(_ sums: [Currency: Int64]) -> JSONValue {
    .array(sums.sorted { $0.key.code < $1.key.code }.map { money(Money(minorUnits: $0.value, $0.key)) })
  }

  private static let countedShape = Shape.object([
    .required("count", .count), .required("sums", .list(of: .money), "One for each currency."),
  ])

  static let correctionsShape = Shape.object(
    "Corrections",
    [
      .required("merchant", .foreign, "Whose transactions would be filed so from now on."),
      .required("one", countedShape), .required("alike", countedShape, "Those that are there of this merchant."),
      .required(
        "rule",
        .object([
          .required("draft", .any, "The rule that would be made, as it is sent to make one."),
          .required("matched", .count), .required("changed", .count), .required("sums", .list(of: .money)),
        ])),
    ])

  static let correctionsExample: JSONValue = [
    "merchant": "Blue Bottle", "one": ["count": 1, "sums": [["amount": "-5.80", "currency": "USD"]]],
    "alike": ["count": 14, "sums": [["amount": "-81.20", "currency": "USD"]]],
    "rule": [
      "draft": [
        "name": "Blue Bottle", "when": ["all": [["text": "any", "contains": "Blue Bottle"], ["direction": "out"]]],
        "then": ["category": "FOOD_AND_DRINK_COFFEE"], "stops": true, "from": .null, "through": .null,
      ],
      "matched": 15, "changed": 3, "sums": [["amount": "-87.00", "currency": "USD"]],
    ],
  ]

  static let correctedShape = Shape.object(
    "Corrected",
    [
      .required("filed", .count, "Transactions that were filed now."), .required("rule", ruleShape.orNull),
      .required("category", explanationShape, "Where this one is now."),
    ])

  static let correctedExample: JSONValue = [
    "filed": 1, "rule": .null,
    "category": [
      "category": "FOOD_AND_DRINK_COFFEE", "source": "person", "confidence": "1.00",
      "reason": ["code": "person", "parameters": ["2026-03-12T09:30:00Z"], "text": "You set it on 2026-03-12."],
      "suggestion": .null,
    ],
  ]
}
