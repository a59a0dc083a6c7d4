/// What banks, processors and card networks put around the name of who was paid: ways of paying in front, numbers,
/// places and company forms behind.
struct Wrapping: Sendable {
  static let standard = Wrapping()

  /// Fingerprints of words written together.
  private var ways = FingerprintSet()
  private var wayWordsMax = 1
  private var processors = FingerprintTable<String>()
  private var states = FingerprintSet()
  private var countries = FingerprintTable<String>()
  private var cities = FingerprintTable<String>()
  private var cityBeginnings = FingerprintTable<String>()
  private var forms = FingerprintSet()
  private var fillers = FingerprintSet()

  private init() {
    for line in Shelf.lines(.places) {
      for entry in line.entries {
        let key = Fingerprint(name: entry)
        switch line.section {
        case "WAYS":
          ways.insert(key)
          wayWordsMax = max(wayWordsMax, entry.split(separator: " ").count)
        case "PROCESSORS": processors.set(entry, for: key)
        case "STATES": states.insert(key)
        case "COUNTRIES": if let country = line.label { countries.set(country, for: key) }
        case "CITIES": learn(city: entry, in: line.label ?? "US")
        case "FORMS": forms.insert(key)
        case "FILLERS": fillers.insert(key)
        default: break
        }
      }
    }
  }

  private mutating func learn(city: String, in country: String) {
    let letters = Folding.fold(city).filter { Folding.isWordByte($0) }
    cities.set(country, for: Fingerprint(letters))
    // Banks cut long towns short.
    for count in stride(from: 6, to: letters.count, by: 1) {
      let beginning = Fingerprint(letters.prefix(count))
      if !cityBeginnings.contains(beginning) { cityBeginnings.set(country, for: beginning) }
    }
  }

  func unwrap(_ line: inout StatementLine) {
    let first = unwrapHead(&line)
    markNumbers(&line, from: first)
    unwrapTail(&line, from: first)
    // A line without any name is named by what stands in front: `ATM WITHDRAWAL`.
    if !line.words.contains(where: { $0.part == .name }) {
      for index in line.words.indices where line.words[index].part == .way && line.words[index].kind == .letters {
        line.words[index].part = .name
      }
    }
  }

  /// - Returns: The first word after ways of paying and processors.
  private func unwrapHead(_ line: inout StatementLine) -> Int {
    var at = 0
    var hasWay = false
    while at < line.words.count {
      if let length = wayLength(line, at) {
        for index in at..<(at + length) { line.words[index].part = .way }
        at += length
        hasWay = true
        continue
      }
      let word = line.words[at]
      let isCode = word.kind == .day || word.kind == .number && word.count >= 4 || isMask(line, word)
      if isCode, hasWay || nextIsDay(line, at) || word.kind == .day {
        line.words[at].part = .number
        at += 1
        hasWay = true
        continue
      }
      // `7897 16NOV22 C NAME`: a letter for the kind of card payment.
      if word.count == 1, at > 0, line.words[at - 1].kind == .day, at + 1 < line.words.count {
        line.words[at].part = .way
        at += 1
        continue
      }
      if let length = processorLength(line, at), at + length < line.words.count {
        for index in at..<(at + length) { line.words[index].part = .processor }
        line.processor = processors[line.fingerprint(at..<(at + length))] ?? line.string(word)
        at += length
        continue
      }
      break
    }
    return at
  }

  private func wayLength(_ line: StatementLine, _ at: Int) -> Int? {
    var longest: Int?
    var fingerprint = Fingerprint()
    for length in 1...wayWordsMax where at + length <= line.words.count {
      fingerprint.add(line.text(line.words[at + length - 1]))
      if ways.contains(fingerprint) { longest = length }
    }
    // The line must not be used up, and a star behind says that it is a processor.
    guard let longest, at + longest <= line.words.count, line.words[at].after != 0x2a else { return nil }
    return longest
  }

  /// One or two words with a star behind, or one that needs none: `SQ *`, `PAYPAL *`, `CRV*`.
  private func processorLength(_ line: StatementLine, _ at: Int) -> Int? {
    for length in [2, 1] where at + length <= line.words.count {
      let hasStar = line.words[at + length - 1].after == 0x2a
      guard processors[line.fingerprint(at..<(at + length))] != nil else { continue }
      if hasStar || line.words[at + length - 1].after == 0x5f { return length }
      // These stand alone, too: `PAYPAL INSTANT`, `SP COMPANY`, `ZETTLE NAME`.
      if length == 1,
        ["PAYPAL", "SP", "SUMUP", "ZETTLE", "SQ", "TST", "YOCO", "ZAPPER", "SNAPSCAN"].contains(
          line.string(line.words[at]))
      {
        return length
      }
    }
    return nil
  }

  /// `XXXXX1234`
  private func isMask(_ line: StatementLine, _ word: StatementLine.Word) -> Bool {
    let text = line.text(word)
    return text.count >= 4 && text.prefix(3).allSatisfy { $0 == 0x58 }
      && text.allSatisfy { $0 == 0x58 || Folding.isDigit($0) }
  }

  private func nextIsDay(_ line: StatementLine, _ at: Int) -> Bool {
    at + 1 < line.words.count && line.words[at + 1].kind == .day
  }

  /// Numbers, days and references after the first word of a name.
  private func markNumbers(_ line: inout StatementLine, from first: Int) {
    for index in line.words.indices where index >= first {
      let word = line.words[index]
      let text = line.text(word)
      let digits = text.count { Folding.isDigit($0) }
      switch word.kind {
      case .day: line.words[index].part = .number
      case .number:
        // A name may begin with a number (`7 ELEVEN`, `24 HOUR FITNESS`).
        if index > first || word.count >= 5 { line.words[index].part = .number }
      case .mixed:
        let isReference = digits >= 2 && text.count >= 6 || digits >= 3 || digits * 2 >= text.count && index > first
        if index > first && (isReference || word.before == 0x23) { line.words[index].part = .number }
        if isMask(line, word) { line.words[index].part = .number }
      case .letters:
        // `ON 13 SEP`, `29 AUG`
        if index > first, StatementLine.isMonth(text), line.words[index - 1].kind == .number {
          line.words[index].part = .number
        }
        // What follows a star behind the name is a reference when it is no word: `AMZN MKTP US*RT4X0`.
        if isMask(line, word) { line.words[index].part = .number }
      }
    }
    for index in line.words.indices where index > first {
      let isFiller = fillers.contains(line.fingerprint(index..<(index + 1)))
      if isFiller, index + 1 >= line.words.count || line.words[index + 1].part == .number {
        line.words[index].part = .number
      }
    }
  }

  private func unwrapTail(_ line: inout StatementLine, from first: Int) {
    var names = line.words.indices.filter { $0 >= first && line.words[$0].part == .name }
    // The country, the state.
    for _ in 0..<2 {
      guard names.count > 1, let last = names.last else { return }
      let key = line.fingerprint(last..<(last + 1))
      if line.words[last].count <= 3 || line.words[last].count >= 5, let country = countries[key] {
        if line.words[last].count <= 3, names.count < 3, country != "GB", country != "US" { break }
        line.country = line.country ?? country
        line.words[last].part = .place
        names.removeLast()
      } else if line.words[last].count == 2, states.contains(key), names.count > 1 {
        line.country = line.country ?? "US"
        line.words[last].part = .place
        names.removeLast()
        break
      }
    }
    unwrapTown(&line, &names)
    // Company forms say nothing about who it is.
    while names.count > 1, let last = names.last, forms.contains(line.fingerprint(last..<(last + 1))) {
      line.words[last].part = .form
      names.removeLast()
    }
  }

  private func unwrapTown(_ line: inout StatementLine, _ names: inout [Int]) {
    for length in [3, 2, 1] where names.count > length {
      let town = Array(names.suffix(length))
      guard let from = town.first, let to = town.last, to - from == length - 1 else { continue }
      let key = line.fingerprint(from..<(to + 1))
      guard let country = cities[key] ?? (line.country == nil ? nil : cityBeginnings[key]) else { continue }
      line.country = line.country ?? country
      for index in town { line.words[index].part = .place }
      names.removeLast(length)
      return
    }
  }
}
