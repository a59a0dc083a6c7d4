import Foundation
import Recognition

/// Everything that `make accuracy` prints, and the picture of what was taken for what.
enum Report {
  static func measure(_ path: String?, picture: String?, answers answersPath: String? = nil) throws {
    let samples = try path.map { Sample.read(try Table(path: $0)) } ?? Generated.samples()
    guard !samples.isEmpty else {
      print("No row in \(path ?? "the templates") has a description and a known primary category.")
      exit(1)
    }
    if path == nil {
      print("Measured on the committed merchants and generated rows: these are templates, not the world.\n")
    }
    stages(samples)
    let whole = score(samples) { LineSorter.sort($0.evidence, provider: $0.provider)?.guess }
    curve(whole)
    labels(whole)
    let applied = whole.applied(Trust.applied)
    let stream = living(samples)
    if let picture { try Picture.confusion(samples).write(toFile: picture, atomically: true, encoding: .utf8) }
    if let answersPath { try answers(samples).write(toFile: answersPath, atomically: true, encoding: .utf8) }
    let seen = score(samples.filter(\.isSeen)) { LineSorter.sort($0.evidence, provider: $0.provider)?.guess }
    let unseen = score(samples.filter { !$0.isSeen }) { LineSorter.sort($0.evidence, provider: $0.provider)?.guess }
    print(
      "all=\(fixed(whole.accuracy)) seen=\(fixed(seen.accuracy)) unseen=\(fixed(unseen.accuracy))",
      "applied=\(fixed(applied.accuracy)) coverage=\(fixed(applied.share)) stream2=\(fixed(stream.later))",
      "n=\(samples.count)")
  }

  static func score(_ samples: [Sample], _ ask: (Sample) -> Guess?) -> Score {
    var score = Score()
    for sample in samples { score.add(sample.primary, ask(sample)) }
    return score
  }

  private static func stages(_ samples: [Sample]) {
    let stages: [(String, (Sample) -> Guess?)] = [
      ("mechanism", { Recognizer.mechanism($0.evidence) }), ("merchant table", { Recognizer.merchant($0.evidence) }),
      ("classifier", { Recognizer.classifier($0.evidence) }),
      (
        "provider",
        {
          $0.provider.map {
            Guess(category: $0.category, confidence: $0.isSure ? 0.9 : 0.5, reason: Reason("provider"))
          }
        }
      ),
      ("whole pipeline", { LineSorter.sort($0.evidence, provider: $0.provider)?.guess }),
    ]
    print("stage             answers  right of these  right of all  macro-F1")
    for (name, ask) in stages {
      let score = score(samples, ask)
      guard score.answered > 0 else { continue }
      print(
        name.padding(toLength: 18, withPad: " ", startingAt: 0)
          + "\(fixed(Double(score.answered) / Double(score.rows)))    \(fixed(score.answeredAccuracy))",
        "          \(fixed(score.accuracy))         \(fixed(score.macroF1))")
    }
    print("")
  }

  private static func curve(_ whole: Score) {
    print("the surest   are right")
    for share in stride(from: 0.1, through: 1.0, by: 0.1) {
      if let accuracy = whole.accuracy(atCoverage: share) { print("  \(fixed(share, 1))          \(fixed(accuracy))") }
    }
    print("\nsure by      of rows    right")
    for (low, high) in [
      (0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.97), (0.97, 1.01),
    ] {
      let band = whole.curve.filter { $0.confidence >= low && $0.confidence < high }
      guard !band.isEmpty else { continue }
      print(
        "  \(fixed(low, 2))–\(fixed(min(high, 1), 2))  \(fixed(Double(band.count) / Double(whole.rows)))      "
          + fixed(Double(band.count { $0.isRight }) / Double(band.count)))
    }
    print("")
  }

  private static func labels(_ whole: Score) {
    print("group                       rows   found  trusted")
    for (label, counts) in whole.labels.sorted(by: { $0.key < $1.key }) {
      let rows = counts.right + counts.missed
      let found = rows == 0 ? 0 : Double(counts.right) / Double(rows)
      let given = counts.right + counts.wrong
      let trusted = given == 0 ? 0 : Double(counts.right) / Double(given)
      print(
        label.padding(toLength: 26, withPad: " ", startingAt: 0)
          + "\(rows)".leftPadded(6), "  \(fixed(found, 2))   \(fixed(trusted, 2))")
    }
    print("")
  }

  private static func living(_ samples: [Sample]) -> Stream {
    var stream = Stream()
    stream.run(samples)
    print("one household, each wrong answer corrected once, suggestions confirmed or corrected:")
    print(
      "  right \(fixed(stream.all)), second half \(fixed(stream.later)); applied there \(fixed(stream.laterCoverage)),",
      "right \(fixed(stream.laterAppliedAccuracy)); merchants spoken of before \(fixed(stream.knownAccuracy)) of \(stream.known)\n"
    )
    return stream
  }

  /// Every row and what was said of it, for looking closer.
  private static func answers(_ samples: [Sample]) -> String {
    var lines = "description,amount,truth,said,right,source,confidence,reason\n"
    for sample in samples {
      let answer = LineSorter.sort(sample.evidence, provider: sample.provider)
      let said = answer.map { Groups.former($0.guess.primary) } ?? "-"
      let reason = answer.map { "\($0.guess.reason.code) \($0.guess.reason.parameters.joined(separator: " "))" } ?? ""
      lines += "\"\(sample.description)\",\(sample.amount),\(sample.primary),\(said),\(said == sample.primary ? 1 : 0),"
      lines += "\(answer?.source.rawValue ?? "-"),\(fixed(answer?.guess.confidence ?? 0, 2)),\"\(reason)\"\n"
    }
    return lines
  }
}

extension String {
  func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
