/// Who says what a row is. Stored with each judgement and shown to people: spellings never change.
package enum Source: String, Sendable, CaseIterable {
  case person
  case rule
  case memory
  case pair
  /// The bank, where it is sure and nothing that is known speaks against it.
  case provider
  case mechanism
  case merchant
  case classifier
  case providerUnsure = "provider.unsure"

  /// The strongest first. What a later one says never replaces what an earlier one said: the one list by which sync,
  /// import, hand entry and sorting anew decide.
  package static let order: [Source] = [
    .person, .rule, .memory, .pair, .provider, .mechanism, .merchant, .classifier, .providerUnsure,
  ]
}

/// What each source said of one row, whenever it said it.
package struct Voices: Sendable {
  private var said: [Source: Guess] = [:]

  package init() {}

  package mutating func hear(_ guess: Guess?, from source: Source) { said[source] = guess }

  /// What holds: the word of the strongest that spoke.
  package var answer: (source: Source, guess: Guess)? {
    for source in Source.order {
      if let guess = said[source] { return (source, guess) }
    }
    return nil
  }
}
