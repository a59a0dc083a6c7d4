import Basics
import Recognition
import Testing

@testable import Categories

@Suite struct `The order of sources` {
  @Test func `names each source once, the person first`() {
    #expect(Set(Pipeline.order) == Set(Pipeline.Source.allCases) && Pipeline.order.count == Set(Pipeline.order).count)
    #expect(Pipeline.order.first == .person)
  }

  @Test func `gives the same answer whenever each one speaks`() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<2_000 {
      let speakers = Pipeline.order.filter { _ in random.chance(1, in: 2) }
      func guess(_ source: Pipeline.Source) -> Guess {
        Guess(category: "C_\(source.rawValue)", confidence: 0.5, reason: Reason(source.rawValue))
      }
      var answers: Set<String> = []
      for _ in 0..<4 {
        var voices = Pipeline.Voices()
        for source in shuffled(speakers, &random) { voices.hear(guess(source), from: source) }
        answers.insert(voices.answer?.guess.category ?? "none")
      }
      #expect(answers == [speakers.first.map { "C_\($0.rawValue)" } ?? "none"])
    }
  }

  private func shuffled<Element>(_ all: [Element], _ random: inout SeededRandom) -> [Element] {
    var all = all
    for index in all.indices.reversed() where index > 0 { all.swapAt(index, random.int(in: 0...index)) }
    return all
  }

  @Test func `keeps reasons as they were`() {
    for reason in [Reason("memory", ["Blue Bottle"]), Reason("none"), Reason("words", ["A", "", "C"])] {
      #expect(Reason(text: reason.text) == reason)
      #expect(!ReasonWords.english(reason).isEmpty)
    }
  }
}
