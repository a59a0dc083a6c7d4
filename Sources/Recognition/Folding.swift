/// Brings statement text to one form: capitals without accents, as most banks print it.
enum Folding {
  /// Letters of Latin-1 and Latin Extended-A (U+00C0 … U+017F) without their marks; `?` stays as it is.
  private static let plain = Array(
    ("AAAAAAACEEEEIIIIDNOOOOO?OUUUUYTSAAAAAAACEEEEIIIIDNOOOOO?OUUUUYTY"
      + "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIIIIIJJKKKLLLLLLLLLLNNNNNNNNNOOOOOOOORRRRRRSSSSSSSSTTTTTT"
      + "UUUUUUUUUUUUWWYYYZZZZZZS").utf8)

  static func fold(_ text: String) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.utf8.count)
    var text = text
    text.withUTF8 { bytes in
      var index = 0
      while index < bytes.count {
        let byte = unsafe bytes[index]
        if byte == 0x27 {
          // An apostrophe joins, as most banks drop it.
        } else if byte < 0x80 {
          folded.append(byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte)
        } else if byte >= 0xc3, byte <= 0xc5, index + 1 < bytes.count {
          let scalar = (Int(byte) & 0x1f) << 6 | (unsafe Int(bytes[index + 1]) & 0x3f)
          let letter = scalar - 0xc0 < plain.count ? plain[scalar - 0xc0] : 0x3f
          folded.append(letter == 0x3f ? 0x20 : letter)
          index += 1
        } else if byte == 0xe2, index + 2 < bytes.count, unsafe bytes[index + 1] == 0x80,
          unsafe bytes[index + 2] == 0x99
        {
          index += 2
        } else {
          folded.append(byte)
        }
        index += 1
      }
    }
    return folded
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a || byte >= 0x80 }
  /// `+` belongs to names: Disney+, Paramount+.
  static func isWordByte(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) || byte == 0x2b }
}
