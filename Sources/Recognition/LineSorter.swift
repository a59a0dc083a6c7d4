/// Every source that a line alone, with the provider's word and the household's memory, can ask, in their order.
package enum LineSorter {
  /// Who says what a row is, the strongest first. Stored: names never change.
  package enum Source: String, Sendable, CaseIterable {
    case memory
    case mechanism
    case providerSure = "provider"
    case merchant
    case classifier
    case providerUnsure = "provider.unsure"
  }

  /// What the provider says.
  package struct ProviderWord: Sendable {
    package var category: String
    /// It is sure of it.
    package var isSure: Bool
    /// It names a drawer for what fits no other.
    var isVague: Bool { category.contains("_OTHER") || category == "OTHER" }

    package init(category: String, isSure: Bool) {
      self.category = category
      self.isSure = isSure
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
    if let guess = memory.recall(evidence) { return Answer(source: .memory, guess: guess) }
    let mechanism = Recognizer.mechanism(evidence)
    if let mechanism, mechanism.confidence >= Trust.applied {
      return Answer(source: .mechanism, guess: agreed(mechanism, provider))
    }
    let words = memory.classify(evidence)
    let merchant = Recognizer.merchant(evidence)
    if let provider, let guess = trusted(provider, merchant: merchant, words: words) {
      return Answer(source: .providerSure, guess: guess)
    }
    // A house that sells many things is what it mostly is, unless the words are sure of another.
    let isOverruled = merchant.map { $0.confidence < Trust.merchantInside } == true && (words?.confidence ?? 0) > 0.7
    if var merchant, !isOverruled {
      // The words agree with the table, or speak against it.
      if let words, words.primary != merchant.primary, words.confidence > 0.5 {
        merchant.confidence = min(merchant.confidence, Trust.disputed)
      }
      return Answer(source: .merchant, guess: agreed(merchant, provider))
    }
    if let mechanism { return Answer(source: .mechanism, guess: agreed(mechanism, provider)) }
    if let words { return Answer(source: .classifier, guess: agreed(words, provider)) }
    return provider.map {
      Answer(
        source: .providerUnsure,
        guess: Guess(category: $0.category, confidence: Trust.providerUnsure, reason: Reason("provider.unsure")))
    }
  }

  /// What the provider is sure of and says plainly. It is silent when a merchant that many know contradicts it.
  private static func trusted(_ provider: ProviderWord, merchant: Guess?, words: Guess?) -> Guess? {
    guard provider.isSure, !provider.isVague else { return nil }
    var guess = Guess(category: provider.category, confidence: Trust.provider, reason: Reason("provider"))
    if let merchant, merchant.confidence >= Trust.applied, merchant.primary != guess.primary { return nil }
    // Two that do not know of each other and agree are rarely wrong.
    if merchant?.primary == guess.primary || words?.primary == guess.primary { guess.confidence = Trust.providerAgreed }
    return guess
  }

  /// The provider's word beside ours: it strengthens, or it makes us ask.
  private static func agreed(_ guess: Guess, _ provider: ProviderWord?) -> Guess {
    guard let provider else { return guess }
    var guess = guess
    let same = Taxonomy.primary(of: provider.category) == guess.primary
    if same {
      guess.confidence = max(guess.confidence, Trust.providerAgreed)
    } else if provider.isSure, !provider.isVague {
      guess.confidence = min(guess.confidence, Trust.merchantInside)
    }
    return guess
  }
}
