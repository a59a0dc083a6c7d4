/// What one source says of a row: a category, how sure it is, and why.
package struct Guess: Sendable, Equatable {
  /// Of the second version of the taxonomy; a group's own code when no more is known.
  package var category: String
  /// How often such an answer is right, from 0 to 1.
  package var confidence: Double
  package var reason: Reason

  package var primary: String { Taxonomy.primary(of: category) }

  package init(category: String, confidence: Double, reason: Reason) {
    self.category = category
    self.confidence = confidence
    self.reason = reason
  }
}

/// Why: a code that never changes its spelling, and what fills its sentence.
package struct Reason: Sendable, Equatable {
  package var code: String
  package var parameters: [String]

  package init(_ code: String, _ parameters: [String] = []) {
    self.code = code
    self.parameters = parameters
  }
}
