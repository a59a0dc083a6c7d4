/// Merchants that people know, found in a statement line by the longest of their names, home country first.
struct MerchantTable: Sendable {
  static let standard = MerchantTable()

  struct Merchant: Sendable {
    var name: String
    var category: String
    /// Nil: anywhere.
    var country: String?
    /// What is bought there is often something else.
    var isUnsure: Bool
  }
  struct Match: Sendable {
    var merchant: Merchant
    /// Of words.
    var range: Range<Int>
    var letters: Int
    /// Nothing but the name was there.
    var isWhole: Bool
    /// It stands where names begin.
    var isFirst: Bool
    /// Long enough, and where it should be, to be trusted.
    var isStrong: Bool
  }

  private(set) var merchants: [Merchant] = []
  private var names = FingerprintTable<[Int]>()
  /// Names that are words like others, too.
  private var common = FingerprintSet()
  /// With an S more or less.
  private var variants = FingerprintTable<[Int]>()
  /// Several may begin alike: then they are the same kind of business.
  private var beginnings = FingerprintTable<[Int]>()
  private static let wordsMax = 6

  private init() {
    for line in Shelf.lines(.merchants) {
      if line.section == "COMMON" {
        for entry in line.entries { common.insert(Fingerprint(name: entry)) }
        continue
      }
      for entry in line.entries {
        let isUnsure = entry.first == "~"
        let spellings = entry.drop { $0 == "~" }.split(separator: "|").map { $0.trimmed }
        guard let name = spellings.first else { continue }
        let index = merchants.count
        merchants.append(
          Merchant(
            name: name, category: Taxonomy.current(line.section) ?? line.section, country: line.label,
            isUnsure: isUnsure))
        for spelling in spellings { learn(spelling, index) }
      }
    }
    beginnings = beginnings.compactMap { found in
      Set(found.map { Taxonomy.primary(of: merchants[$0].category) }).count == 1 ? found : nil
    }
  }

  private mutating func learn(_ spelling: String, _ index: Int) {
    let words = Folding.fold(spelling).split { !Folding.isWordByte($0) }.filter { !Self.isAnd($0) }
    let letters = Array(words.joined())
    names[Fingerprint(letters), default: []].append(index)
    // `SAINSBURY` and `SAINSBURYS` are one.
    if letters.count >= 8, letters.last == 0x53 {
      variants[Fingerprint(letters.dropLast()), default: []].append(index)
    } else if letters.count >= 5 {
      variants[Fingerprint(letters + [0x53]), default: []].append(index)
    }
    // Banks cut long lines: `HALFORDS AUTOCENTR`.
    for count in stride(from: max(8, letters.count * 3 / 5), to: letters.count, by: 1) {
      beginnings[Fingerprint(letters.prefix(count)), default: []].append(index)
    }
  }

  /// `MARKS AND SPENCER` is `MARKS & SPENCER`.
  private static func isAnd(_ word: some Collection<UInt8>) -> Bool { word.elementsEqual([0x41, 0x4e, 0x44]) }

  /// Names of two letters that stand for one house alone, wherever else they are read.
  private static let shortNames = Set(
    ["BP", "O2", "EE", "BT", "BQ", "HM", "BM", "MS", "AA"].map { Fingerprint(name: $0) })

  func match(_ line: StatementLine, home: String?) -> Match? {
    // Everything but ways of paying: a processor may be part of the name (`UBER *EATS`).
    let words = line.words.indices.filter { line.words[$0].part != .way && line.words[$0].kind != .day }
    let firstName = words.first { line.words[$0].part == .name } ?? 0
    let nameWords = words.count { line.words[$0].part == .name }
    var best: (match: Match, score: Int)?
    for (position, start) in words.enumerated() {
      var fingerprint = Fingerprint()
      var letters = 0
      for length in 1...Self.wordsMax where position + length <= words.count {
        let index = words[position + length - 1]
        guard index == start + length - 1 else { break }
        let word = line.words[index]
        if length > 1, Self.isAnd(line.text(word)) { continue }
        fingerprint.add(line.text(word))
        letters += word.count
        let isLast = position + length == words.count || line.words[words[position + length]].part != .name
        guard let found = find(fingerprint, isLast: isLast && (position == 0 || start == firstName)) else { continue }
        // Who passes payments on is no merchant when one is named.
        if nameWords > 0, line.words[index].part == .processor { continue }
        let country = line.country ?? home
        guard let choice = choose(found, country) else { continue }
        let isFirst = position == 0 || start == firstName
        let isWhole = isFirst && length >= nameWords
        let isCommon = !isWhole && common.contains(fingerprint)
        let isShort = isFirst && letters == 2 && Self.shortNames.contains(fingerprint)
        let isLong = isShort || isFirst ? letters >= 3 || isShort : letters >= 8 || length > 1 && letters >= 7
        let isStrong = isWhole ? letters >= 2 : isLong && !isCommon
        guard isStrong || letters >= 4 else { continue }
        let isHome = merchants[choice].country != nil && merchants[choice].country == country
        let score = letters * 2 + (isFirst ? 9 : 0) + (isHome ? 3 : 0) - (isStrong ? 0 : 6)
        if score > best?.score ?? .min {
          best = (
            Match(
              merchant: merchants[choice], range: start..<(index + 1), letters: letters, isWhole: isWhole,
              isFirst: isFirst, isStrong: isStrong), score
          )
        }
      }
    }
    return best?.match
  }

  private func find(_ fingerprint: Fingerprint, isLast: Bool) -> [Int]? {
    names[fingerprint] ?? variants[fingerprint] ?? (isLast ? beginnings[fingerprint] : nil)
  }

  /// Of those with one name: of the home country, else known anywhere, else the first.
  private func choose(_ found: [Int], _ country: String?) -> Int? {
    if let country, let home = found.first(where: { merchants[$0].country == country }) { return home }
    return found.first { merchants[$0].country == nil } ?? found.first
  }
}
