/// Words that say what a business does, whoever it is: `PIZZERIA`, `DENTAL`, `TYRES`.
struct Terms: Sendable {
  static let standard = Terms()

  struct Match: Sendable {
    var category: String
    var word: Int
    var letters: Int
    /// Found as a part of a longer word or of one that was cut short.
    var isPart: Bool
  }

  private var terms = FingerprintTable<String>()
  /// Beginnings of long words, for the last word of a line that was cut short. Nil: of several.
  private var beginnings = FingerprintTable<String?>()
  /// Long enough to be recognised inside a word written together: `SUNSETGRILL`.
  private var insides = FingerprintSet()
  private static let wordsMax = 3

  private init() {
    for line in Shelf.lines(.terms) {
      for entry in line.entries {
        let letters = Folding.fold(entry).filter { Folding.isWordByte($0) }
        let key = Fingerprint(letters)
        if !terms.contains(key) { terms.set(line.section, for: key) }
        if letters.count >= 5 { insides.insert(key) }
        for count in stride(from: 5, to: letters.count, by: 1) {
          let beginning = Fingerprint(letters.prefix(count))
          if let known = beginnings[beginning] {
            if let known, Taxonomy.primary(of: known) != Taxonomy.primary(of: line.section) {
              beginnings.set(nil, for: beginning)
            }
          } else {
            beginnings.set(line.section, for: beginning)
          }
        }
      }
    }
  }

  /// All that the name says, in its order; longer terms swallow shorter ones.
  func matches(_ line: StatementLine, _ names: [Int]) -> [Match] {
    var found: [Match] = []
    var position = 0
    while position < names.count {
      var longest: (length: Int, category: String, letters: Int)?
      var fingerprint = Fingerprint()
      var letters = 0
      for length in 1...Self.wordsMax where position + length <= names.count {
        let word = line.words[names[position + length - 1]]
        fingerprint.add(line.text(word))
        letters += word.count
        if let category = terms[fingerprint] ?? singular(line, names[position..<(position + length)]) {
          longest = (length, category, letters)
        }
      }
      if let longest {
        found.append(
          Match(
            category: longest.category, word: names[position + longest.length - 1], letters: longest.letters,
            isPart: false))
        position += longest.length
        continue
      }
      if let part = inside(line, names[position], isLast: position == names.count - 1) { found.append(part) }
      position += 1
    }
    return found
  }

  func isTerm(_ word: Substring) -> Bool { terms[Fingerprint(word.utf8)] != nil }

  private func singular(_ line: StatementLine, _ words: ArraySlice<Int>) -> String? {
    guard let last = words.last, line.words[last].count >= 4,
      line.text(line.words[last]).last == 0x53
    else { return nil }
    var fingerprint = Fingerprint()
    for index in words {
      let text = line.text(line.words[index])
      fingerprint.add(index == last ? text.dropLast() : text)
    }
    return terms[fingerprint]
  }

  private func inside(_ line: StatementLine, _ index: Int, isLast: Bool) -> Match? {
    let text = line.text(line.words[index])
    if isLast, text.count >= 5, case .some(.some(let category)) = beginnings[Fingerprint(text)] {
      return Match(category: category, word: index, letters: text.count, isPart: true)
    }
    guard text.count >= 8 else { return nil }
    // What stands at the end says what it is: `SUNSETGRILL`; else at the beginning: `PIZZAPALACE`.
    for count in stride(from: text.count - 2, through: 5, by: -1) {
      for part in [text.suffix(count), text.prefix(count)] {
        let key = Fingerprint(part)
        if insides.contains(key), let category = terms[key] {
          return Match(category: category, word: index, letters: count, isPart: true)
        }
      }
    }
    return nil
  }
}
