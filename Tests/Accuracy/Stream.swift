import Recognition

/// A household's life in order: each row is sorted with what was learned until then; then a person looks at it. What
/// was applied and is wrong is corrected, what was only suggested is confirmed or corrected; what was applied and is
/// right is left alone.
struct Stream {
  var rows = 0
  var right = 0
  /// Of the second half.
  var laterRows = 0
  var laterRight = 0
  var laterApplied = 0
  var laterAppliedRight = 0
  /// Rows of merchants that a person has spoken of before.
  var known = 0
  var knownRight = 0
  /// Of these, right after the correction of the row before.
  var mistakes: [String: Int] = [:]

  mutating func run(_ samples: [Sample]) {
    for (_, group) in Dictionary(grouping: samples, by: \.household).sorted(by: { $0.key < $1.key }) {
      let ordered = group.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
      live(ordered.map(\.element))
    }
  }

  private mutating func live(_ samples: [Sample]) {
    var memory = HouseholdMemory()
    var spoken: Set<String> = []
    for (number, sample) in samples.enumerated() {
      let answer = LineSorter.sort(sample.evidence, provider: sample.provider, memory: memory)
      let isRight = answer.map { Groups.former($0.guess.primary) == sample.primary } ?? false
      rows += 1
      if isRight { right += 1 }
      if number * 2 >= samples.count {
        laterRows += 1
        if isRight { laterRight += 1 }
        if answer?.isApplied == true {
          laterApplied += 1
          if isRight { laterAppliedRight += 1 }
        }
      }
      if spoken.contains(sample.merchant) {
        known += 1
        if isRight { knownRight += 1 }
      }
      if !isRight || answer?.isApplied != true {
        let category = isRight ? answer?.guess.category ?? sample.primary : sample.primary
        memory.learn(sample.evidence, category)
        spoken.insert(sample.merchant)
      }
    }
  }

  var all: Double { rows == 0 ? 0 : Double(right) / Double(rows) }
  var later: Double { laterRows == 0 ? 0 : Double(laterRight) / Double(laterRows) }
  var laterCoverage: Double { laterRows == 0 ? 0 : Double(laterApplied) / Double(laterRows) }
  var laterAppliedAccuracy: Double { laterApplied == 0 ? 1 : Double(laterAppliedRight) / Double(laterApplied) }
  var knownAccuracy: Double { known == 0 ? 1 : Double(knownRight) / Double(known) }
}
