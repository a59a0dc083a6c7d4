import Glibc

/// Says what a line of a statement is by itself: mechanism first, then the merchant table, then the classifier.
package enum Recognizer {
  /// The line says how the money moved.
  package static func mechanism(_ evidence: Evidence) -> Guess? {
    guard let match = evidence.mechanism else { return nil }
    return Guess(
      category: match.category, confidence: match.isUnsure ? Trust.mechanismUnsure : Trust.mechanism,
      reason: Reason("mechanism", [match.pattern]))
  }

  /// The line names a merchant that many people know.
  package static func merchant(_ evidence: Evidence) -> Guess? {
    guard let match = evidence.match, let category = evidence.matchCategory else { return nil }
    guard match.isStrong else { return nil }
    var trust =
      match.merchant.isUnsure
      ? Trust.merchantUnsure
      : match.isWhole ? Trust.merchantWhole : match.isFirst ? Trust.merchantFirst : Trust.merchantInside
    // Short names are many things.
    if match.letters <= 4, !match.isWhole { trust = min(trust, Trust.merchantInside) }
    if disagrees(evidence, category) { trust = min(trust, Trust.merchantDisputed) }
    return Guess(
      category: directed(category, isOutgoing: evidence.isOutgoing), confidence: trust,
      reason: Reason("merchant", [match.merchant.name]))
  }

  /// Money that comes back from where it was put, and what lenders pay out.
  private static func directed(_ category: String, isOutgoing: Bool) -> String {
    guard !isOutgoing else { return category }
    switch category {
    case "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS", "TRANSFER_OUT_CRYPTO":
      return "TRANSFER_IN_INVESTMENT_AND_RETIREMENT_FUNDS"
    case "TRANSFER_OUT_SAVINGS": return "TRANSFER_IN_SAVINGS"
    case "TRANSFER_OUT_ACCOUNT_TRANSFER": return "TRANSFER_IN_ACCOUNT_TRANSFER"
    case "TRANSFER_OUT_OTHER_TRANSFER_OUT": return "TRANSFER_IN_OTHER_TRANSFER_IN"
    case "LOAN_PAYMENTS_PERSONAL_LOAN_PAYMENT", "LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT":
      return "LOAN_DISBURSEMENTS_OTHER_DISBURSEMENT"
    default: return category
    }
  }

  /// The words behind the name speak of another business (`DELTA DENTAL`).
  private static func disagrees(_ evidence: Evidence, _ category: String) -> Bool {
    guard let match = evidence.match, !match.isWhole else { return false }
    let primary = Taxonomy.primary(of: category)
    return evidence.terms.contains {
      !match.range.contains($0.word) && !$0.isPart && Taxonomy.primary(of: $0.category) != primary
    }
  }

  /// What the words and parts of words of the name say.
  ///
  /// - Parameter household: What its corrections taught: weights of buckets for each group.
  package static func classifier(_ evidence: Evidence, household: [UInt32: [Float]] = [:]) -> Guess? {
    guard Model.standard.isThere else { return nil }
    let probabilities = probabilities(evidence, household: household)
    guard let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }) else { return nil }
    let primary = Taxonomy.primaries[best]
    return Guess(
      category: detail(evidence, of: primary), confidence: Trust.calibrated(Double(probabilities[best])),
      reason: Reason("words", evidence.line.nameIndices.prefix(3).map { evidence.line.string(evidence.line.words[$0]) })
    )
  }

  /// Of each group, not calibrated.
  package static func probabilities(_ evidence: Evidence, household: [UInt32: [Float]] = [:]) -> [Float] {
    let features = Features(evidence)
    var scores = Model.standard.scores(features.all, adding: household)
    for (primary, more) in leanings(evidence) {
      if let index = Taxonomy.primaries.firstIndex(of: primary) { scores[index] += more }
    }
    let top = scores.max() ?? 0
    let powers = scores.map { expf($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// What direction and processor say, in log odds; the training rows know neither.
  private static func leanings(_ evidence: Evidence) -> [(String, Float)] {
    var leanings: [(String, Float)] = []
    if evidence.isOutgoing {
      leanings = [("INCOME", -60), ("TRANSFER_IN", -60)]
    } else {
      leanings = [
        ("TRANSFER_OUT", -60), ("BANK_FEES", -2), ("INCOME", 1.5), ("TRANSFER_IN", 1.5), ("FOOD_AND_DRINK", -1),
      ]
    }
    // A name that no list knows and that says nothing is most often a place to eat.
    if evidence.isOutgoing, evidence.match == nil, evidence.known == nil, evidence.terms.isEmpty {
      leanings += [("FOOD_AND_DRINK", 0.6), ("GENERAL_MERCHANDISE", -0.3)]
    }
    switch evidence.line.processor {
    case "TST", "TOAST", "DRI", "CKE", "OLO", "CHOWNOW": leanings.append(("FOOD_AND_DRINK", 3))
    case "SQ", "SUMUP", "ZETTLE", "IZ", "IZETTLE", "YOCO", "CLOVER", "CLV": leanings.append(("FOOD_AND_DRINK", 0.8))
    case "ZAPPER", "SNAPSCAN": leanings.append(("FOOD_AND_DRINK", 1.5))
    case "SP", "SHOPIFY", "PP", "PAYPAL", "KLARNA", "AFTERPAY", "CLEARPAY", "AFFIRM":
      leanings.append(("GENERAL_MERCHANDISE", 0.8))
    case "EB": leanings.append(("ENTERTAINMENT", 3))
    default: break
    }
    return leanings
  }

  /// The finest category inside the group for which something speaks.
  private static func detail(_ evidence: Evidence, of primary: String) -> String {
    if let category = evidence.matchCategory, Taxonomy.primary(of: category) == primary { return category }
    if let term = evidence.terms.last(where: { Taxonomy.primary(of: $0.category) == primary }) { return term.category }
    return primary
  }
}

/// How often answers were right, and from where on they are applied without asking: measured as docs/categories.md says.
package enum Trust {
  package static let applied = 0.95
  static let mechanism = 0.97
  static let mechanismUnsure = 0.8
  static let merchantWhole = 0.97
  static let merchantFirst = 0.96
  static let merchantInside = 0.85
  static let merchantUnsure = 0.7
  static let merchantDisputed = 0.6
  static let disputed = 0.6
  static let remembered = 0.995
  static let rememberedOnce = 0.98
  static let rememberedKin = 0.9
  package static let provider = 0.9
  static let providerAgreed = 0.97
  static let providerUnsure = 0.5
  /// From here on the words speak against a provider that is sure.
  static let wordsAgainst = 0.6

  /// How often the classifier was right on real lines of merchants that it had not seen, by how sure it was of them.
  /// It is surer than it should be; by its word alone nothing is applied.
  private static let curve: [(sure: Double, right: Double)] = [
    (0, 0), (0.3, 0.38), (0.5, 0.52), (0.7, 0.58), (0.85, 0.66), (0.93, 0.74), (0.97, 0.8), (0.99, 0.85), (1, 0.92),
  ]

  static func calibrated(_ probability: Double) -> Double {
    guard let above = curve.firstIndex(where: { $0.sure >= probability }), above > 0 else { return 0 }
    let (low, high) = (curve[above - 1], curve[above])
    return low.right + (high.right - low.right) * (probability - low.sure) / (high.sure - low.sure)
  }
}
