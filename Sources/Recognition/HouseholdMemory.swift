/// What a household has said of its merchants: the last label of each, and what its corrections teach the classifier.
///
/// A label is remembered under the merchant's key and direction. When a line's words were never seen, what was said of
/// others that begin with the same words counts, if all of it agrees.
package struct HouseholdMemory: Sendable {
  package struct Entry: Sendable, Equatable {
    package var category: String
    /// How often it was confirmed without a break.
    package var times: Int
    package init(category: String, times: Int = 1) {
      self.category = category
      self.times = times
    }
  }

  private var entries: [String: Entry] = [:]
  /// By the first two words, or by one long one: the categories that were given.
  private var families: [String: [String: Int]] = [:]
  /// What corrections add to the classifier's weights.
  private var taught: [UInt32: [Float]] = [:]

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  static func key(_ evidence: Evidence, _ name: MerchantName) -> String {
    "\(evidence.isOutgoing ? "o" : "i") \(name.key)"
  }

  /// Beginnings under which a name is kin to others.
  private static func kin(_ evidence: Evidence, _ name: MerchantName) -> [String] {
    guard name.key.hasPrefix("w:"), evidence.mechanism == nil else { return [] }
    let words = name.key.dropFirst(2).split(separator: " ")
    var kin: [String] = []
    let side = evidence.isOutgoing ? "o" : "i"
    if words.count >= 2 { kin.append("\(side) \(words[0]) \(words[1])") }
    if let first = words.first, first.utf8.count >= 5, !Terms.standard.isTerm(first) { kin.append("\(side) \(first)") }
    return kin
  }

  /// A person said what this row is, or that what was said of it is right.
  package mutating func learn(_ evidence: Evidence, _ category: String) {
    let name = MerchantName(evidence)
    let key = Self.key(evidence, name)
    if entries[key]?.category == category {
      entries[key]?.times += 1
    } else {
      entries[key] = Entry(category: category)
    }
    for kin in Self.kin(evidence, name) { families[kin, default: [:]][category, default: 0] += 1 }
    teach(evidence, category)
  }

  /// A few steps of the training that the model had, on this row alone.
  private mutating func teach(_ evidence: Evidence, _ category: String) {
    guard let label = Taxonomy.primaries.firstIndex(of: Taxonomy.primary(of: category)) else { return }
    let features = Features(evidence).all
    let count = Taxonomy.primaries.count
    for _ in 0..<2 {
      let probabilities = Recognizer.probabilities(evidence, household: taught)
      for index in 0..<count {
        let step = ((index == label ? 1 : 0) - probabilities[index]) * 0.15
        guard abs(step) > 0.001 else { continue }
        for feature in features {
          taught[feature.bucket, default: [Float](repeating: 0, count: count)][index] += step * feature.value
        }
      }
    }
  }

  package func recall(_ evidence: Evidence) -> Guess? {
    if entries.isEmpty { return nil }
    let name = MerchantName(evidence)
    if let entry = entries[Self.key(evidence, name)] {
      return Guess(
        category: entry.category, confidence: entry.times > 1 ? Trust.remembered : Trust.rememberedOnce,
        reason: Reason("memory", [name.shown]))
    }
    for kin in Self.kin(evidence, name) {
      guard let said = families[kin], said.count == 1, let category = said.keys.first else { continue }
      return Guess(category: category, confidence: Trust.rememberedKin, reason: Reason("memory.kin", [name.shown]))
    }
    return nil
  }

  package func classify(_ evidence: Evidence) -> Guess? { Recognizer.classifier(evidence, household: taught) }
}
