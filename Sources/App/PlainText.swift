/// Text of others, made fit for a terminal: a bank's words must neither move the cursor nor turn the line around, and
/// must take the room that we think they take.
package enum PlainText {
  /// Marks on one letter, such as accents; scripts that need more are not known, jokes that use fifty are.
  private static let marksMax = 4

  /// Without control characters, which become spaces, and without what shows nothing but changes how the rest is read.
  package static func clean(_ text: String) -> String {
    var result = ""
    for letter in text {
      // `\r\n` is one letter.
      if letter.unicodeScalars.contains(where: isControl) {
        result += " "
        continue
      }
      var marks = 0
      for scalar in letter.unicodeScalars where !isInvisible(scalar) {
        marks += isMark(scalar) ? 1 : 0
        if !isMark(scalar) || marks <= marksMax { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// Columns that a clean text takes in a terminal.
  package static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  /// As much of a clean text as fits, with `…` in place of the rest.
  package static func cut(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    var (result, left) = ("", columns - 1)
    for letter in text {
      left -= width(letter)
      if left < 0 { break }
      result.append(letter)
    }
    return result + "…"
  }

  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Direction marks and other characters of format. The joiners stay: Persian words and emoji are written with them.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format && scalar != "\u{200C}" && scalar != "\u{200D}"
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: !(0xFE00...0xFE0F).contains(scalar.value)
    default: false
    }
  }

  /// What stands before the marks decides: 0, 1 or 2 columns.
  private static func width(_ letter: Character) -> Int {
    guard let first = letter.unicodeScalars.first else { return 0 }
    if letter.unicodeScalars.contains("\u{FE0F}") || isWide(first) { return 2 }
    return isMark(first) || first.properties.generalCategory == .format ? 0 : 1
  }

  /// East Asian Wide and Fullwidth (Unicode's annex 11), in ranges as coarse as terminals need, and what is an emoji
  /// without being told so.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x1100: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF, 0x20000...0x3FFFD:
      true
    default: scalar.properties.isEmojiPresentation
    }
  }
}
