/// How money moved, when the line says it: fees, interest, pay, transfers, card payments, cash.
struct Mechanisms: Sendable {
  static let standard = Mechanisms()

  struct Match: Sendable {
    var category: String
    /// It may be something else, too: suggested only.
    var isUnsure: Bool
    /// What was found, as the list spells it.
    var pattern: String
  }
  private struct Rule: Sendable {
    var category: String
    /// True: money out only; false: money in only.
    var isOutgoing: Bool?
    var isUnsure: Bool
    var isAtHead: Bool
    var isWhole: Bool
    /// Each in words; all must be there, in this order.
    var phrases: [[[UInt8]]]
    var pattern: String
  }

  private var rules: [Rule] = []
  private var byWord = FingerprintTable<[Int]>()

  private init() {
    for line in Shelf.lines(.mechanisms) {
      for entry in line.entries {
        var rest = entry[...]
        var isUnsure = false
        var isAtHead = false
        var isWhole = false
        while let mark = rest.first, "~^=".contains(mark) {
          if mark == "~" { isUnsure = true }
          if mark == "^" { isAtHead = true }
          if mark == "=" { isWhole = true }
          rest.removeFirst()
        }
        let phrases = rest.split(separator: "+").map { phrase in
          phrase.split(separator: " ").map { Folding.fold(String($0)) }
        }
        guard let word = phrases.first?.first else { continue }
        byWord[Fingerprint(word), default: []].append(rules.count)
        rules.append(
          Rule(
            category: Taxonomy.current(line.section) ?? line.section,
            isOutgoing: line.label == "out" ? true : line.label == "in" ? false : nil, isUnsure: isUnsure,
            isAtHead: isAtHead, isWhole: isWhole, phrases: phrases, pattern: String(rest)))
      }
    }
  }

  /// - Parameter isOutgoing: The money's direction.
  func match(_ line: StatementLine, isOutgoing: Bool) -> Match? {
    let words = line.words.indices.filter {
      line.words[$0].kind == .letters || line.words[$0].kind == .mixed
    }
    var candidates: [Int] = []
    for index in words {
      if let found = byWord[line.fingerprint(index..<(index + 1))] { candidates += found }
    }
    for candidate in candidates.sorted() {
      let rule = rules[candidate]
      guard rule.isOutgoing == nil || rule.isOutgoing == isOutgoing else { continue }
      if fits(rule, line, words) {
        return Match(category: rule.category, isUnsure: rule.isUnsure, pattern: rule.pattern)
      }
    }
    return nil
  }

  private func fits(_ rule: Rule, _ line: StatementLine, _ words: [Int]) -> Bool {
    var from = 0
    for (number, phrase) in rule.phrases.enumerated() {
      var found: Int?
      var at = from
      while at + phrase.count <= words.count {
        if phrase.indices.allSatisfy({ line.text(line.words[words[at + $0]]).elementsEqual(phrase[$0]) }) {
          found = at
          break
        }
        at += 1
      }
      guard let found else { return false }
      if number == 0, rule.isAtHead || rule.isWhole, found != 0 { return false }
      from = found + phrase.count
    }
    if rule.isWhole {
      let left = words[from...].filter { line.words[$0].part == .name || line.words[$0].part == .way }
      return left.isEmpty
    }
    return true
  }
}
