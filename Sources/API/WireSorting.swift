import Categories
import Finance
import JSON
import Recognition
import Store

/// How reasons, suggestions and rows that are alike are written.
extension Wire {
  static func explanation(_ explanation: Explanation) -> JSONValue {
    [
      "category": JSONValue(explanation.category), "source": .string(explanation.source),
      "confidence": explanation.confidence.map { .string(percent($0)) } ?? .null,
      "reason": reason(explanation.reason),
      "suggestion": explanation.suggestion.map(suggested) ?? .null,
    ]
  }

  private static func reason(_ reason: Reason) -> JSONValue {
    [
      "code": .string(reason.code), "parameters": .array(reason.parameters.map { .string($0) }),
      "text": .string(ReasonWords.english(reason)),
    ]
  }

  private static func suggested(_ judgement: Judgement) -> JSONValue {
    [
      "category": .string(judgement.value), "source": .string(judgement.source),
      "confidence": .string(percent(Double(judgement.confidence) / 1_000)),
      "reason": reason(Reason(text: judgement.reason)),
    ]
  }

  /// `0.97`: a text, like every number that is not counted in whole things.
  private static func percent(_ share: Double) -> String {
    let hundredths = Int((min(max(share, 0), 1) * 100).rounded())
    return hundredths >= 100 ? "1.00" : hundredths < 10 ? "0.0\(hundredths)" : "0.\(hundredths)"
  }

  static func suggestion(_ suggestion: Judgements.Suggestion) -> JSONValue {
    let row = suggestion.row
    return [
      "id": id(row.id), "account": id(row.account), "name": .string(row.name), "amount": money(row.amount),
      "occurred_on": .string("\(row.occurredOn)"), "suggestion": suggested(suggestion.judgement),
    ]
  }

  static func alike(_ alike: Alike) -> JSONValue {
    [
      "merchant": .string(alike.merchant), "count": JSONValue(alike.rows.count),
      "sums": .array(
        alike.sums.sorted { $0.key.code < $1.key.code }.map { money(Money(minorUnits: $0.value, $0.key)) }),
    ]
  }

  private static let reasonShape = Shape.object(
    "Reason",
    [
      .required("code", .token, "New ones may come."), .required("parameters", .list(of: .foreign)),
      .required("text", .foreign, "The same in English."),
    ])

  private static let suggestedShape = Shape.object([
    .required("category", .token), .required("source", .token),
    .required("confidence", .token, "How often such an answer is right, from 0 to 1."),
    .required("reason", reasonShape),
  ])

  static let explanationShape = Shape.object(
    "Explanation",
    [
      .required("category", .token.orNull), .required("source", .token, "person, bank, none, or which of us said it."),
      .required("confidence", .token.orNull), .required("reason", reasonShape),
      .required("suggestion", suggestedShape.orNull),
    ])

  static let explanationExample: JSONValue = [
    "category": "FOOD_AND_DRINK_COFFEE", "source": "memory", "confidence": "0.98",
    "reason": ["code": "memory", "parameters": ["Blue Bottle"], "text": "You set Blue Bottle to this before."],
    "suggestion": .null,
  ]

  static let suggestionShape = Shape.object(
    "Suggestion",
    [
      .required("id", .id(Transaction.self), "The transaction's."), .required("account", .id(Account.self)),
      .required("name", .foreign), .required("amount", .money), .required("occurred_on", .day),
      .required("suggestion", suggestedShape),
    ])

  static let suggestionExample: JSONValue = [
    "id": "txn_01kj3v5d8ve2r9q0w4y7h6t1cz", "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "LUIGIS PIZZERIA",
    "amount": ["amount": "-23.50", "currency": "USD"], "occurred_on": "2026-03-12",
    "suggestion": [
      "category": "FOOD_AND_DRINK_FAST_FOOD", "source": "classifier", "confidence": "0.91",
      "reason": [
        "code": "words", "parameters": ["LUIGIS", "PIZZERIA"], "text": "The words sound like it: luigis pizzeria.",
      ],
    ],
  ]

  static let alikeShape = Shape.object(
    "Alike",
    [
      .required("merchant", .foreign), .required("count", .count),
      .required("sums", .list(of: .money), "One for each currency."),
    ])

  static let alikeExample: JSONValue = [
    "merchant": "Blue Bottle", "count": 14, "sums": [["amount": "-81.20", "currency": "USD"]],
  ]

  static let sortedShape = Shape.object(
    "Sorted",
    [
      .required("rows", .count, "Looked at."), .required("changed", .count, "Filed elsewhere than before."),
      .required("suggested", .count, "To confirm or refuse."),
    ])

  static let accuracyShape = Shape.object("Accuracy", [.required("judged", .count), .required("corrected", .count)])
}
