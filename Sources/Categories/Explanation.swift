package import Basics
package import Databases
package import Finance
package import Recognition
package import Store

/// Why a row is filed where it is, for a person to read.
package struct Explanation: Sendable, Equatable {
  /// Nil: nobody knows.
  package var category: String?
  /// `person`, a source of the pipeline, `bank`, or `none`.
  package var source: String
  /// From 0 to 1; nil where nobody counted.
  package var confidence: Double?
  package var reason: Reason
  /// What is suggested in its place, and why.
  package var suggestion: Judgement?

  /// Nil for a row that is not there, or not the person's to see.
  package static func of(
    _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> Explanation? {
    guard let (row, own, ownAt) = try Judgements.row(id, scope, session) else { return nil }
    let said = try Judgements.of(id, scope, session)
    let suggestion = own == nil ? said.first { $0.field == .suggestion } : nil
    if let own {
      let parameters = ownAt.map { [$0.description] } ?? []
      return Explanation(category: own, source: "person", confidence: 1, reason: Reason("person", parameters))
    }
    if let judged = said.first(where: { $0.field == .category }) {
      return Explanation(
        category: judged.value, source: judged.source, confidence: Double(judged.confidence) / 1_000,
        reason: Reason(text: judged.reason), suggestion: suggestion)
    }
    guard let bank = row.category else {
      return Explanation(category: nil, source: "none", reason: Reason("none"), suggestion: suggestion)
    }
    return Explanation(
      category: bank.detailed, source: "bank", reason: Reason("bank", bank.confidence.map { [$0] } ?? []),
      suggestion: suggestion)
  }

  package init(
    category: String?, source: String, confidence: Double? = nil, reason: Reason, suggestion: Judgement? = nil
  ) {
    self.category = category
    self.source = source
    self.confidence = confidence
    self.reason = reason
    self.suggestion = suggestion
  }
}

/// Reasons in English; another language has its own list of the same codes.
package enum ReasonWords {
  package static func english(_ reason: Reason) -> String {
    let first = reason.parameters.first ?? ""
    return switch reason.code {
    case "person": "You set it on \(first.prefix(10))."
    case "memory": "You set \(first) to this before."
    case "memory.kin": "You set others whose names begin like \(first) to this."
    case "rule": "Your rule “\(first)” says so."
    case "mechanism": "The bank's words say how the money moved: \(first.lowercased())."
    case "merchant": "\(first) is known for this."
    case "words": "The words sound like it: \(reason.parameters.joined(separator: " ").lowercased())."
    case "bank": "Your bank says so."
    case "pair": "It is one half of a movement between your own accounts."
    case "refund": "It pays back a purchase, and is filed where that is."
    case "provider": "Your bank is sure of it."
    default: "Nobody knows yet."
    }
  }
}
