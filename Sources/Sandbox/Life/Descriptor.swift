// What a terminal and a bank make of a merchant's name: capitals, digits, cut off.

import Finance

enum Descriptor {
  /// The two halves of a card line: what the terminal sends, and where it stands (city and state, or a phone number).
  struct Line {
    var text: String
    var place: String?
  }

  /// Fills a pattern of ``Merchant``.
  ///
  /// - Parameters:
  ///   - store: what decides the digits of this store.
  ///   - chance: what decides the digits of this sale.
  static func fill(_ pattern: String, store: UInt64, day: CalendarDate, chance: inout Chance) -> Line {
    guard pattern.utf8.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "|") }) else {
      return Line(text: pattern)
    }
    var fixed = Chance(store, "store")
    var bytes: [UInt8] = []
    var place: Int?
    var token: [UInt8]?
    for byte in pattern.utf8 {
      switch byte {
      case UInt8(ascii: "{"): token = []
      case UInt8(ascii: "}"):
        bytes += replacement(token ?? [], day, &fixed, &chance).utf8
        token = nil
      case UInt8(ascii: "|"): place = bytes.count
      default: if token == nil { bytes.append(byte) } else { token?.append(byte) }
      }
    }
    guard let place else { return Line(text: String(decoding: bytes, as: UTF8.self)) }
    return Line(
      text: String(decoding: bytes[..<place], as: UTF8.self), place: String(decoding: bytes[place...], as: UTF8.self))
  }

  private static func replacement(
    _ token: [UInt8], _ day: CalendarDate, _ fixed: inout Chance, _ chance: inout Chance
  ) -> String {
    let count = token.dropFirst().reduce(0) { $0 * 10 + Int($1) - 48 }
    switch token.first {
    case UInt8(ascii: "n"): return fixed.digits(count)
    case UInt8(ascii: "#"): return chance.digits(count)
    case UInt8(ascii: "x"): return chance.code(count)
    case UInt8(ascii: "w"): return chance.pick(Names.words)
    case UInt8(ascii: "d"):
      let (year, month, day) = day.civil
      return two(month) + two(day) + two(year % 100)
    default: return ""
    }
  }

  static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Cut to so many bytes without a trailing blank; patterns are ASCII.
  static func cut(_ text: String, to count: Int) -> String {
    guard text.utf8.count > count else { return text }
    var bytes = Array(text.utf8.prefix(count))
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Filled up with blanks, as fixed-width statement lines are.
  static func pad(_ text: String, to count: Int) -> String {
    let missing = count - text.utf8.count
    return missing > 0 ? text + String(repeating: " ", count: missing) : cut(text, to: count)
  }

  /// Several blanks in a row as one: what an enrichment makes of a fixed-width line.
  static func squeeze(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 where byte != UInt8(ascii: " ") || bytes.last != UInt8(ascii: " ") { bytes.append(byte) }
    if bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Capital letters of ASCII; nothing else changes.
  static func upper(_ text: String) -> String {
    String(decoding: text.utf8.map { (97...122).contains($0) ? $0 - 32 : $0 }, as: UTF8.self)
  }

  /// An amount with two decimals, for texts that quote one.
  static func decimal(_ minor: Int64, digits: Int = 2) -> String {
    let text = String(minor.magnitude)
    guard digits > 0 else { return text }
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return (minor < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
  }
}
