/// Turns a file's bytes into UTF-8. Old banking programs write Windows' Latin letters and say so nowhere.
enum TextBytes {
  /// The name of an encoding as HTML's standard spells it.
  typealias Encoding = String

  static func decode(_ bytes: [UInt8]) -> (text: [UInt8], encoding: Encoding) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return (Array(String(decoding: bytes.dropFirst(3), as: UTF8.self).utf8), "utf-8")
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return (wide(bytes.dropFirst(2), isBigEndian: false), "utf-16le") }
    if bytes.starts(with: [0xFE, 0xFF]) { return (wide(bytes.dropFirst(2), isBigEndian: true), "utf-16be") }
    if String(validating: bytes, as: UTF8.self) != nil { return (bytes, "utf-8") }
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(windows(byte)) }
    return (Array(String(text).utf8), "windows-1252")
  }

  private static func wide(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    var index = bytes.startIndex
    while index + 1 < bytes.endIndex {
      let (one, two) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      units.append(isBigEndian ? one << 8 | two : two << 8 | one)
      index += 2
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// https://encoding.spec.whatwg.org/index-windows-1252.txt
  private static func windows(_ byte: UInt8) -> Unicode.Scalar {
    guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
    return Unicode.Scalar(upperControls[Int(byte) - 0x80]) ?? "\u{FFFD}"
  }

  private static let upperControls: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]
}
