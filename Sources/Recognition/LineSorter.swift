/// Every source that a line alone, with the provider's word and the household's memory, can ask.
package enum LineSorter {
  /// What the provider says.
  package struct ProviderWord: Sendable {
    package let category: String
    /// It is sure of it.
    package var isSure: Bool
    /// It names a drawer for what fits no other.
    let isVague: Bool
    var primary: String { Taxonomy.primary(of: category) }

    package init(category: String, isSure: Bool) {
      self.category = category
      self.isSure = isSure
      isVague = Taxonomy.isDrawer(category)
    }
  }

  package struct Answer: Sendable, Equatable {
    package var source: Source
    package var guess: Guess
    /// Sure enough to be applied without asking.
    package var isApplied: Bool { guess.confidence >= Trust.applied }
  }

  /// - Returns: Nil when nobody knows: an honest answer.
  package static func sort(
    _ evidence: Evidence, provider: ProviderWord? = nil, memory: HouseholdMemory = HouseholdMemory()
  ) -> Answer? {
    var witnesses = Witnesses(evidence, provider, memory)
    for source in Source.order {
      if let guess = witnesses.ask(source) { return Answer(source: source, guess: guess) }
    }
    return nil
  }

  /// What somebody weaker says of a line of which the provider is sure; nil where that agrees.
  package static func doubt(
    _ evidence: Evidence, provider: ProviderWord, memory: HouseholdMemory
  ) -> Answer? {
    var witnesses = Witnesses(evidence, nil, memory)
    for source in [Source.mechanism, .merchant, .classifier] {
      guard let guess = witnesses.ask(source) else { continue }
      return guess.primary == provider.primary ? nil : Answer(source: source, guess: guess)
    }
    return nil
  }
}

/// Those who can say something about a line, each asked once at most.
private struct Witnesses {
  private let evidence: Evidence
  private let provider: LineSorter.ProviderWord?
  private let memory: HouseholdMemory
  private lazy var mechanism = Recognizer.mechanism(evidence)
  private lazy var merchant = Recognizer.merchant(evidence)
  private lazy var words = memory.classify(evidence)

  init(_ evidence: Evidence, _ provider: LineSorter.ProviderWord?, _ memory: HouseholdMemory) {
    (self.evidence, self.provider, self.memory) = (evidence, provider, memory)
  }

  mutating func ask(_ source: Source) -> Guess? {
    switch source {
    case .person, .rule, .pair: nil
    case .memory: memory.recall(evidence)
    case .provider: trusted
    case .mechanism: moved
    case .merchant: known
    case .classifier: words.map { agreed($0) }
    case .providerUnsure:
      provider.map {
        Guess(category: $0.category, confidence: Trust.providerUnsure, reason: Reason("provider.unsure"))
      }
    }
  }

  /// What the provider is sure of and says plainly, while nothing that many know speaks against it: else it is as good
  /// as unsure.
  private var trusted: Guess? {
    mutating get {
      guard let provider, provider.isSure, !provider.isVague else { return nil }
      let known = [mechanism, merchant].compactMap(\.self)
      if known.contains(where: { $0.confidence >= Trust.applied && $0.primary != provider.primary }) { return nil }
      var guess = Guess(category: provider.category, confidence: Trust.provider, reason: Reason("provider"))
      // Two that do not know of each other and agree are rarely wrong.
      // The words are asked last: reading them takes longest.
      if known.contains(where: { $0.primary == provider.primary }) || words?.primary == provider.primary {
        guess.confidence = Trust.providerAgreed
        return guess
      }
      // A word that says what is sold there, and what the classifier makes of it, against the provider alone.
      if let words, words.confidence >= Trust.wordsAgainst {
        let isSaid = evidence.terms.contains { !$0.isPart && Taxonomy.primary(of: $0.category) == words.primary }
        if isSaid { return nil }
        guess.confidence = Trust.disputed
      }
      return guess
    }
  }

  /// How money moved, when the line says it. Where it may be something else, a merchant says more.
  private var moved: Guess? {
    mutating get {
      guard let mechanism else { return nil }
      if mechanism.confidence < Trust.applied, known != nil { return nil }
      return agreed(mechanism)
    }
  }

  private var known: Guess? {
    mutating get {
      guard var merchant else { return nil }
      if let words {
        // A house that sells many things is what it mostly is, unless the words are sure of another.
        if merchant.confidence < Trust.merchantInside, words.confidence > 0.7 { return nil }
        // The words agree with the table, or speak against it.
        if words.primary != merchant.primary, words.confidence > 0.5 {
          merchant.confidence = min(merchant.confidence, Trust.disputed)
        }
      }
      return agreed(merchant)
    }
  }

  /// Providers take money that comes back for something else than it is: a purchase's drawer for what a merchant that
  /// many know pays back.
  private func isPlainAgainst(_ provider: LineSorter.ProviderWord, _ guess: Guess) -> Bool {
    guard guess.confidence >= Trust.applied, !evidence.isOutgoing else { return false }
    return !["INCOME", "TRANSFER_IN", "LOAN_DISBURSEMENTS"].contains(provider.primary)
  }

  /// The provider's word beside ours: it strengthens, or it makes us ask.
  private func agreed(_ guess: Guess) -> Guess {
    guard let provider else { return guess }
    var guess = guess
    if provider.primary == guess.primary {
      guess.confidence = max(guess.confidence, Trust.providerAgreed)
    } else if provider.isSure, !provider.isVague, !isPlainAgainst(provider, guess) {
      guess.confidence = min(guess.confidence, Trust.merchantInside)
    }
    return guess
  }
}
