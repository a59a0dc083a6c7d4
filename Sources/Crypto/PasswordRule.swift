package import Basics

/// Which passwords are too easy to guess: too short, or put together from the few things that most are made of.
///
/// No rules about capitals and signs: they make passwords hard to remember and not hard to guess. What is refused is
/// what guessing programs try first: common words, in whatever spelling, with a year, a row of keys or a repetition.
package enum PasswordRule {
  package static let charactersMin = 12
  /// Enough for any phrase; and hashing a novel would take long.
  package static let charactersMax = 128
  /// A password of so few common pieces is among the first million guesses.
  private static let piecesMin = 5

  /// Longer pieces are taken apart.
  private static let lengthMax = 32

  package enum Weakness: Sendable, Equatable {
    case tooShort, tooLong
    /// Made of common words, rows of keys, years and repetitions.
    case common
  }

  /// - Parameter personal: What everybody knows of the person: name, address, household.
  package static func weakness(of password: Secret<String>, personal: [String] = []) -> Weakness? {
    let scalars = Array(password.reveal.unicodeScalars)
    if scalars.count < charactersMin { return .tooShort }
    if scalars.count > charactersMax { return .tooLong }
    let letters = Array(password.reveal.lowercased().unicodeScalars)
    let words = CommonWords.all.union(personal.flatMap(Self.words))
    return pieces(letters, words) < piecesMin ? .common : nil
  }

  /// The words of a name or address, as far as they are long enough to matter.
  private static func words(in text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0.count >= 3 }
  }

  /// Of how few pieces the text can be put together: common words, runs, rows and years count one each, and so does
  /// every other character. Something said over and over counts once, and one for the repetition.
  private static func pieces(_ text: [Unicode.Scalar], _ words: Set<String>) -> Int {
    for length in 1...max(1, text.count / 2) where text.count > length {
      guard text.indices.dropFirst(length).allSatisfy({ text[$0] == text[$0 - length] }) else { continue }
      return min(1 + cheapest(Array(text.prefix(length)), words), cheapest(text, words))
    }
    return cheapest(text, words)
  }

  private static func cheapest(_ text: [Unicode.Scalar], _ words: Set<String>) -> Int {
    let plain = text.map { String($0) }
    let (likeI, likeL) = (text.map { unmasked($0, one: "i") }, text.map { unmasked($0, one: "l") })
    var cost = [0] + [Int](repeating: .max, count: text.count)
    for start in text.indices {
      let next = cost[start] + 1
      func reach(_ end: Int) { cost[end] = min(cost[end], next) }
      reach(start + 1)
      var (isRun, isRow) = (true, true)
      for end in start + 2..<max(start + 3, min(text.count, start + lengthMax) + 1) where end <= text.count {
        let range = start..<end
        isRun = isRun && text[end - 1] == text[start]
        // A part of a row is a row: once it is none, it becomes none again.
        if range.count >= 3 { isRow = isRow && Self.isRow(text[range]) }
        if isRun || (range.count >= 3 && isRow) || isYear(text[range]) { reach(end) }
        guard range.count <= CommonWords.lengthMax else { continue }
        if [plain, likeI, likeL].contains(where: { words.contains($0[range].joined()) }) { reach(end) }
      }
    }
    return cost[text.count]
  }

  /// The letter that a sign is put for.
  private static func unmasked(_ scalar: Unicode.Scalar, one: String) -> String {
    switch scalar {
    case "0": "o"
    case "1", "!", "|": one
    case "3": "e"
    case "4", "@": "a"
    case "5", "$": "s"
    case "7": "t"
    case "8": "b"
    case "9": "g"
    default: String(scalar)
    }
  }

  private static func isYear(_ part: ArraySlice<Unicode.Scalar>) -> Bool {
    guard part.count == 4, part.allSatisfy({ ("0"..."9").contains($0) }) else { return false }
    let text = part.map { String($0) }.joined()
    return text.hasPrefix("19") || text.hasPrefix("20")
  }

  /// Neighbours in the alphabet, among the digits or on a keyboard, one way or the other: three or more.
  private static func isRow(_ part: ArraySlice<Unicode.Scalar>) -> Bool {
    let text = part.map { String($0) }.joined()
    return CommonWords.rows.contains { $0.contains(text) }
  }
}
