/// Text as the search compares it: small letters without accents, and words apart by one space.
///
/// `Café Zürich*4711` and `cafe zurich 4711` are the same; apostrophes vanish, so that `McDonald's` is found as
/// `mcdonalds`. Our own table for Latin letters, because the standard library does not take letters apart.
package struct FoldedText: Sendable, Equatable {
  package let text: String

  package init(_ original: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(original.utf8.count)
    var isGapOpen = false
    func append(_ folded: some Sequence<UInt8>) {
      if isGapOpen && !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
      isGapOpen = false
      bytes.append(contentsOf: folded)
    }
    for scalar in original.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": append(CollectionOfOne(UInt8(scalar.value)))
      case "A"..."Z": append(CollectionOfOne(UInt8(scalar.value) | 0x20))
      case "'", "\u{2019}", "\u{02BC}", "\u{0300}"..."\u{036F}": continue
      default:
        if scalar.isASCII {
          isGapOpen = true
        } else if let letters = Self.letters(of: scalar) {
          append(letters.utf8)
        } else {
          isGapOpen = true
        }
      }
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// What a person is looking for, word by word, each once.
  package var words: [String] {
    var seen: Set<Substring> = []
    return text.split(separator: " ").filter { seen.insert($0).inserted }.map(String.init)
  }

  /// Several texts as one document. A line's end keeps a word from reaching over two of them.
  package static func document(_ texts: [String?]) -> String {
    var lines: [String] = []
    for case let text? in texts {
      let folded = FoldedText(text).text
      if !folded.isEmpty && !lines.contains(folded) { lines.append(folded) }
    }
    return lines.joined(separator: "\n")
  }

  /// Nil for what separates words.
  private static func letters(of scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "ß", "ẞ": return "ss"
    case "æ", "Æ": return "ae"
    case "œ", "Œ": return "oe"
    case "þ", "Þ": return "th"
    case "ĳ", "Ĳ": return "ij"
    default: break
    }
    if let letter = letter(scalar.value, in: latin, from: 0xC0)
      ?? letter(scalar.value, in: latinAdditional, from: 0x1E00)
    {
      return letter == UInt8(ascii: " ") ? nil : String(UnicodeScalar(letter))
    }
    let properties = scalar.properties
    return properties.isAlphabetic || properties.numericType != nil ? properties.lowercaseMapping : nil
  }

  private static func letter(_ value: UInt32, in table: [UInt8], from start: UInt32) -> UInt8? {
    guard value >= start, value - start < UInt32(table.count) else { return nil }
    let letter = table[Int(value - start)]
    return letter == UInt8(ascii: "*") ? nil : letter
  }

  /// U+00C0 to U+017F, each as its plain letter; `*` where there is none.
  private static let latin = Array(
    ("aaaaaa*ceeeeiiiidnooooo ouuuuy**aaaaaa*ceeeeiiiidnooooo ouuuuy*yaaaaaaccccccccddddeeeeeeeeeegggg"
      + "gggghhhhiiiiiiiiii**jjkkkllllllllllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)
  /// U+1E00 to U+1EFF.
  private static let latinAdditional = Array(
    ("aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
      + "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy*s***daaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
      + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy******").utf8)
}
