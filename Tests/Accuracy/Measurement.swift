import Foundation
import Recognition

/// A labelled row.
struct Sample {
  var description: String
  var amount: Double
  var merchant: String
  var primary: String
  var isSeen: Bool
  var order: Double
  var household: String
  var provider: LineSorter.ProviderWord?
  var evidence: Evidence

  /// Plaid's sign: positive is money out.
  static func read(_ table: Table) -> [Sample] {
    table.rows.enumerated().compactMap { number, row in
      guard let description = table.value("description", row),
        let label = table.value("primary", row), Taxonomy.primaries.contains(Groups.former(label))
      else { return nil }
      let amount = Double(table.value("amount", row) ?? "1") ?? 1
      let evidence = Evidence(description, isOutgoing: amount >= 0, home: table.value("home", row))
      var provider: LineSorter.ProviderWord?
      let names = ["provider_detailed", "plaid_detailed", "provider_primary", "plaid_primary", "provider", "plaid"]
      if let said = names.lazy.compactMap({ table.value($0, row) }).first {
        let sure = table.value("provider_confidence", row) ?? table.value("plaid_confidence", row) ?? "HIGH"
        provider = LineSorter.ProviderWord(
          category: Taxonomy.current(said) ?? said, isSure: ["HIGH", "VERY_HIGH"].contains(sure.uppercased()))
      }
      let split = table.value("split", row)?.lowercased()
      // The file decides what was seen; only where it does not, our own table does.
      let isSeen = split.map { !$0.hasPrefix("un") && $0 != "test_unseen" } ?? (Recognizer.merchant(evidence) != nil)
      return Sample(
        description: description, amount: amount, merchant: table.value("merchant", row) ?? description,
        primary: Groups.former(label), isSeen: isSeen, order: Double(table.value("order", row) ?? "") ?? Double(number),
        household: table.value("household", row) ?? "", provider: provider, evidence: evidence)
    }
  }
}

/// The groups of the first version, by which everything is counted.
enum Groups {
  static func former(_ primary: String) -> String {
    switch primary {
    case "LOAN_DISBURSEMENTS": "TRANSFER_IN"
    default: primary
    }
  }
}

/// How right a stage was on some rows.
struct Score {
  var right = 0
  var answered = 0
  var rows = 0
  /// By label: right, missed, wrongly given.
  var labels: [String: (right: Int, missed: Int, wrong: Int)] = [:]
  /// Confidence, and whether it was right.
  var curve: [(confidence: Double, isRight: Bool)] = []

  mutating func add(_ truth: String, _ guess: Guess?) {
    rows += 1
    guard let guess else {
      labels[truth, default: (0, 0, 0)].missed += 1
      return
    }
    answered += 1
    let said = Groups.former(guess.primary)
    curve.append((guess.confidence, said == truth))
    if said == truth {
      right += 1
      labels[truth, default: (0, 0, 0)].right += 1
    } else {
      labels[truth, default: (0, 0, 0)].missed += 1
      labels[said, default: (0, 0, 0)].wrong += 1
    }
  }

  var accuracy: Double { rows == 0 ? 0 : Double(right) / Double(rows) }
  var answeredAccuracy: Double { answered == 0 ? 0 : Double(right) / Double(answered) }
  var macroF1: Double {
    let present = labels.filter { $0.value.right + $0.value.missed > 0 }
    let scores = present.map {
      2 * Double($0.value.right) / Double(2 * $0.value.right + $0.value.missed + $0.value.wrong)
    }
    return scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
  }

  /// Of the surest so many of all rows: how many were right.
  func accuracy(atCoverage share: Double) -> Double? {
    let count = Int(Double(rows) * share)
    guard count > 0, curve.count >= count else { return nil }
    let surest = curve.sorted { $0.confidence > $1.confidence }.prefix(count)
    return Double(surest.count { $0.isRight }) / Double(count)
  }

  func applied(_ threshold: Double) -> (share: Double, accuracy: Double) {
    let sure = curve.filter { $0.confidence >= threshold }
    guard !sure.isEmpty else { return (0, 1) }
    return (Double(sure.count) / Double(max(rows, 1)), Double(sure.count { $0.isRight }) / Double(sure.count))
  }
}

func fixed(_ value: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)f", value) }
