import Basics
package import Databases
package import Finance
package import Recognition
package import Store

/// Says what a household's rows are, with what it corrected before: read once, then asked row after row.
package struct HouseholdJudge: Sendable {
  private let memory: HouseholdMemory
  private let rules: RuleBook
  private let home: String?
  private let sorted = LineMemo()
  private let doubted = LineMemo()

  /// So many of the latest corrections are remembered: reading them takes a tenth of a second.
  package static let correctionsMax = 5_000

  package init(
    memory: HouseholdMemory = HouseholdMemory(), rules: [Rule] = [], home: String? = nil
  ) {
    self.memory = memory
    self.rules = RuleBook(rules)
    self.home = home
  }

  /// Reads what the household has said.
  package init(_ scope: Scope, _ session: any Session) throws {
    let settings = try Households.askForSettings(scope, session)
    let corrections = try Judgements.askForOwn(limit: Self.correctionsMax, scope, session)
    let rules = try Rules.askForAll(scope, session)
    let home = try settings.get().flatMap { Self.homes[$0.baseCurrency.code] }
    var memory = HouseholdMemory()
    // The oldest first: the last word counts.
    for (row, own) in try corrections.get().reversed() { memory.learn(Self.evidence(row, home: home), own) }
    (self.memory, self.home) = (memory, home)
    self.rules = RuleBook(try rules.get())
  }

  /// Where people who count in a currency most likely shop.
  private static let homes = [
    "USD": "US", "GBP": "GB", "CAD": "CA", "AUD": "AU", "ZAR": "ZA", "NZD": "NZ", "CHF": "CH", "SEK": "SE",
    "DKK": "DK", "NOK": "NO", "PLN": "PL", "JPY": "JP", "SGD": "SG", "INR": "IN", "MXN": "MX",
  ]

  package static func evidence(_ row: JudgedRow, home: String?) -> Evidence {
    Evidence(text(row), isOutgoing: row.amount.minorUnits < 0, home: home)
  }

  private static func text(_ row: JudgedRow) -> String { row.originalDescription ?? row.name }

  package func evidence(_ row: JudgedRow) -> Evidence { Self.evidence(row, home: home) }

  private static func word(_ row: JudgedRow) -> LineSorter.ProviderWord? {
    row.category.map {
      LineSorter.ProviderWord(
        category: Taxonomy.current($0.detailed) ?? $0.detailed, isSure: ["HIGH", "VERY_HIGH"].contains($0.confidence))
    }
  }

  /// Everything that is said of a row but by the person. Whoever is weaker than one that spoke is not asked.
  package func voices(_ row: JudgedRow) -> Pipeline.Voices {
    var voices = Pipeline.Voices()
    // What moves on a loan is the other half of a payment, whatever its words.
    guard !row.kind.isDebt || row.kind == .creditCard else { return voices }
    voices.hear(row.paired.map(Self.guess), from: .pair)
    // That two rows belong together a person said of these two; of rules and memory, of rows like them.
    if row.paired?.isOwn == true { return voices }
    if let guess = rules.guess(row) {
      voices.hear(guess, from: .rule)
      return voices
    }
    if row.paired != nil {
      let recalled = memory.recall(evidence(row))
      if let recalled, recalled.confidence >= Trust.applied { voices.hear(recalled, from: .memory) }
    } else if let answer = sort(row) {
      voices.hear(answer.guess, from: answer.source)
    }
    return voices
  }

  private func sort(_ row: JudgedRow) -> LineSorter.Answer? {
    let word = Self.word(row)
    return sorted.answer(LineMemo.Line(Self.text(row), isOutgoing: row.amount.minorUnits < 0, word)) {
      LineSorter.sort(evidence(row), provider: word, memory: memory)
    }
  }

  private static func guess(_ leg: PairedLeg) -> Guess {
    Guess(category: leg.category, confidence: 1, reason: Reason(leg.kind == .refund ? "refund" : "pair"))
  }

  /// What is to be kept of it; nil where the bank's word stands, and where nobody knows.
  package func judgement(_ row: JudgedRow) -> Judgement? {
    guard let (source, guess) = voices(row).answer else { return nil }
    switch source {
    case .person, .providerUnsure: return nil
    case .provider: return guess.confidence < Trust.provider ? doubt(row) : nil
    case .pair: return kept(guess, source, as: .category)
    case .rule, .memory, .mechanism, .merchant, .classifier: break
    }
    let bank = row.category.map { Taxonomy.current($0.detailed) ?? $0.detailed }
    if guess.category == bank { return nil }
    if source == .rule { return guess.byRule }
    let isSureEnough = guess.confidence >= Trust.applied
    // A group alone says less than the bank's own place in it.
    if guess.category == guess.primary, bank.map(Taxonomy.primary) == guess.primary { return nil }
    if !isSureEnough, bank.map(Taxonomy.primary) == guess.primary { return nil }
    return kept(guess, source, as: isSureEnough ? .category : .suggestion)
  }

  /// The bank's word stands, and a person is asked, because the line's own words say something else.
  private func doubt(_ row: JudgedRow) -> Judgement? {
    guard let word = Self.word(row) else { return nil }
    let line = LineMemo.Line(Self.text(row), isOutgoing: row.amount.minorUnits < 0, word)
    let answer = doubted.answer(line) { LineSorter.doubt(evidence(row), provider: word, memory: memory) }
    return answer.map { kept($0.guess, $0.source, as: .suggestion) }
  }

  private func kept(_ guess: Guess, _ source: Source, as field: Judgement.Field) -> Judgement {
    Judgement(
      field: field, value: guess.category, source: source.rawValue,
      confidence: Int((guess.confidence * 1_000).rounded()), reason: guess.reason.text, version: Pipeline.version)
  }
}

extension HouseholdJudge {
  /// What whoever writes rows is handed.
  package static let judging = Judging(
    { scope, session in
      let judge = try HouseholdJudge(scope, session)
      return RowJudge(
        asksForTags: judge.rules.asksForTags, judge: { judge.judgement($0) }, deeds: { judge.rules.deeds($0) })
    },
    pair: { days, rows, totals, world, scope, session in
      try PairUpkeep.run(days, &rows, &totals, world, scope, session)
    })
}

extension Reason {
  /// As it is stored: a code and what fills its sentence.
  var text: String { ([code] + parameters.map { $0.replacing("\t", with: " ") }).joined(separator: "\t") }

  package init(text: String) {
    let parts = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    self.init(parts.first ?? "", Array(parts.dropFirst()))
  }
}
