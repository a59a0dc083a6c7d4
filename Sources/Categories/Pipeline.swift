package import Recognition

/// The order in which sources are believed: one list, from the person to nobody.
package enum Pipeline {
  /// Stored with each judgement and shown to people: spellings never change.
  package enum Source: String, Sendable, CaseIterable {
    case person
    case rule
    case memory
    case pair
    case mechanism
    case provider
    case merchant
    case classifier
    case providerUnsure = "provider.unsure"
  }

  /// The strongest first. What a later one says never replaces what an earlier one said.
  package static let order: [Source] = [
    .person, .rule, .memory, .pair, .mechanism, .provider, .merchant, .classifier, .providerUnsure,
  ]

  package static let version = "1"

  /// What each source said of one row, whenever it said it.
  package struct Voices: Sendable {
    private var said: [Source: Guess] = [:]

    package init() {}

    package mutating func hear(_ guess: Guess?, from source: Source) { said[source] = guess }

    /// What holds: the word of the strongest that spoke.
    package var answer: (source: Source, guess: Guess)? {
      for source in Pipeline.order {
        if let guess = said[source] { return (source, guess) }
      }
      return nil
    }
  }
}

extension Pipeline.Source {
  init(_ source: LineSorter.Source) {
    self =
      switch source {
      case .memory: .memory
      case .mechanism: .mechanism
      case .providerSure: .provider
      case .merchant: .merchant
      case .classifier: .classifier
      case .providerUnsure: .providerUnsure
      }
  }
}
