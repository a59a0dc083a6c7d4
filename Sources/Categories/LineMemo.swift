import Basics
import Recognition

/// What was answered for a line, for as long as one household's judge lives: statements repeat themselves, the same shop
/// week after week, and reading a line costs ten times as much as finding it here.
final class LineMemo: Sendable {
  /// All that an answer depends on besides the household.
  struct Line: Hashable, Sendable {
    var text: String
    var isOutgoing: Bool
    var category: String?
    var isSure: Bool

    init(_ text: String, isOutgoing: Bool, _ word: LineSorter.ProviderWord?) {
      (self.text, self.isOutgoing) = (text, isOutgoing)
      (category, isSure) = (word?.category, word?.isSure ?? false)
    }
  }

  /// A few megabytes at most.
  static let linesMax = 20_000

  private let answers = Locked<[Line: LineSorter.Answer?]>([:])

  func answer(_ line: Line, _ ask: () -> LineSorter.Answer?) -> LineSorter.Answer? {
    if let known = answers.withLock({ $0[line] }) { return known }
    let answer = ask()
    answers.withLock { answers in
      if answers.count >= Self.linesMax { answers.removeAll(keepingCapacity: true) }
      answers[line] = .some(answer)
    }
    return answer
  }
}
