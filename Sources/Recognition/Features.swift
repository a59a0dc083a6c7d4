/// What the classifier sees of a line: hashed words and parts of words of its name, the terms in it, and what the
/// merchant table and the list of known names say.
///
/// Training reads the same features from the same code, so that there is no second one to keep level with it.
package struct Features: Sendable {
  package struct Feature: Sendable {
    package var bucket: UInt32
    package var value: Float
  }
  package private(set) var all: [Feature] = []

  package static let bucketBits = 17
  private static let mask = UInt64(1 << bucketBits - 1)

  /// What is left out of half the rows in training, so that the words are learned beside the tables.
  package struct Seen: OptionSet, Sendable {
    package var rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let table = Seen(rawValue: 1)
    package static let known = Seen(rawValue: 2)
    package static let terms = Seen(rawValue: 4)
    package static let everything: Seen = [.table, .known, .terms]
  }

  package init(_ evidence: Evidence, seeing seen: Seen = .everything) {
    let line = evidence.line
    let names = line.nameIndices
    addWords(line, names)
    addParts(line, names)
    if seen.contains(.terms) { addTerms(evidence, names) }
    if seen.contains(.table) { addTable(evidence) }
    if seen.contains(.known) { addKnown(evidence) }
  }

  private mutating func add(_ fingerprint: Fingerprint, _ value: Float) {
    let mixed = (fingerprint.value ^ (fingerprint.value >> 29)) &* 0xbf58_476d_1ce4_e5b9
    all.append(Feature(bucket: UInt32((mixed >> 32) & Self.mask), value: value))
  }

  /// - Parameter text: In parts, so that no string is made of them.
  private mutating func add(_ text: String..., value: Float) {
    var fingerprint = Fingerprint()
    for part in text {
      for byte in part.utf8 { fingerprint.add(byte) }
    }
    add(fingerprint, value)
  }

  private mutating func addWords(_ line: StatementLine, _ names: [Int]) {
    for (position, index) in names.enumerated() {
      let word = line.text(line.words[index])
      if word.count < 2 { continue }
      var single = Fingerprint("w:".utf8)
      single.add(word)
      add(single, 1)
      if position == 0 || position == names.count - 1 {
        var edge = Fingerprint((position == 0 ? "f:" : "l:").utf8)
        edge.add(word)
        add(edge, 0.5)
      }
      if position + 1 < names.count {
        var pair = Fingerprint("p:".utf8)
        pair.add(word)
        pair.add(0x20)
        pair.add(line.text(line.words[names[position + 1]]))
        add(pair, 0.7)
      }
    }
  }

  private static let part = Fingerprint("c:".utf8)

  private mutating func addParts(_ line: StatementLine, _ names: [Int]) {
    let before = all.count
    for index in names where line.words[index].kind != .number {
      let word = [0x5f] + line.text(line.words[index]) + [0x5f]
      // Three, four and five bytes from each place on, each made from the one before.
      for start in word.indices {
        var part = Self.part
        for length in 1...5 where start + length <= word.count {
          part.add(word[start + length - 1])
          if length >= 3, length < word.count { add(part, 1) }
        }
      }
    }
    let value = 1.5 / Float(max(all.count - before, 4)).squareRoot()
    for index in before..<all.count { all[index].value = value }
  }

  private mutating func addTerms(_ evidence: Evidence, _ names: [Int]) {
    for (position, term) in evidence.terms.enumerated() {
      let primary = Taxonomy.primary(of: term.category)
      let isLast = position == evidence.terms.count - 1
      add("t:", primary, value: term.isPart ? 0.6 : 1)
      add("td:", term.category, value: term.isPart ? 0.4 : 0.7)
      if isLast { add("tl:", primary, value: 0.6) }
      if evidence.terms.count == 1 { add("t1:", primary, value: 0.6) }
    }
    if evidence.terms.isEmpty { add("t:none", value: 1) }
  }

  private mutating func addTable(_ evidence: Evidence) {
    guard let match = evidence.match else { return add("m:none", value: 1) }
    let primary = Taxonomy.primary(of: evidence.matchCategory ?? match.merchant.category)
    let strength = match.isWhole ? "whole" : match.isStrong ? match.isFirst ? "strong" : "inside" : "weak"
    add("m:", primary, value: 1)
    add("m:", primary, ":", strength, value: 1)
  }

  private mutating func addKnown(_ evidence: Evidence) {
    guard let known = evidence.known else { return add("k:none", value: 1) }
    let strength = known.isWhole ? "whole" : known.letters >= 8 ? "long" : "short"
    add("k:", known.primary, value: 1)
    add("k:", known.primary, ":", strength, known.isHome ? ":home" : "", value: 1)
  }
}
