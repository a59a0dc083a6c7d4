import Finance

/// Amounts as people and banks write them: `1.234,56-`, `(12.50)`, `$ 1 234.5`. Read digit by digit, never through a
/// binary float.
package enum DecimalMark: String, Sendable, CaseIterable {
  case comma, point

  var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".") }
}

enum WrittenAmount {
  /// What separates the whole from the rest, seen over all amounts of a column; nil when none tells.
  static func mark(of texts: some Sequence<String>) -> DecimalMark? {
    var (commas, points) = (0, 0)
    for text in texts {
      let marks = text.utf8.enumerated().filter { $0.element == 0x2C || $0.element == 0x2E }
      guard let last = marks.last else { continue }
      let digits = text.utf8.dropFirst(last.offset + 1).prefix { (0x30...0x39).contains($0) }.count
      let isRepeated = marks.filter { $0.element == last.element }.count > 1
      let isMixed = marks.contains { $0.element != last.element }
      // `1,234` may be either; a sign that comes twice groups thousands.
      if digits == 3, !isMixed, !isRepeated { continue }
      let isComma = (last.element == 0x2C) != (isRepeated && !isMixed)
      if isComma { commas += 1 } else { points += 1 }
    }
    return commas == points ? nil : commas > points ? .comma : .point
  }

  /// - Returns: Nil when it is no amount.
  static func read(_ text: String, _ mark: DecimalMark) -> DecimalText? {
    var (digits, isNegative, hasPoint) = ("", false, false)
    // Digits since the last sign that groups thousands: three, or it is another sign.
    var grouped: Int?
    var (lead, tail) = ("", "")
    guard text.utf8.count <= 60 else { return nil }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9":
        // Digits after a word that followed digits: that is no amount.
        guard tail.isEmpty else { return nil }
        digits.unicodeScalars.append(scalar)
        if !hasPoint { grouped = grouped.map { $0 + 1 } }
      case "-", "\u{2212}", "\u{2013}":
        guard !isNegative else { return nil }
        isNegative = true
      case "(": isNegative = true
      case ")", "+", "'", "\u{2019}", " ", "\u{A0}", "\u{202F}", "\u{2009}", "\t": continue
      case ",", ".":
        // A currency's dot (`Fr.`) comes before all digits.
        if digits.isEmpty, !lead.isEmpty { continue }
        if scalar.value == UInt32(mark.byte) {
          guard !hasPoint else { return nil }
          // `,50` is half of one.
          digits += digits.isEmpty ? "0." : "."
          hasPoint = true
        } else {
          guard !hasPoint, !digits.isEmpty, grouped != 0 else { return nil }
          grouped = 0
        }
      default:
        // Currency signs and codes, and the banks' own marks of debits and credits.
        if digits.isEmpty { lead.unicodeScalars.append(scalar) } else { tail.unicodeScalars.append(scalar) }
        guard lead.utf8.count + tail.utf8.count <= 12 else { return nil }
      }
    }
    guard grouped == nil || grouped == 3 else { return nil }
    if digits.hasSuffix(".") { digits.removeLast() }
    if ["DR", "D", "S"].contains(tail.uppercased()) { isNegative = true }
    guard let value = DecimalText(digits) else { return nil }
    return isNegative ? -value : value
  }
}
