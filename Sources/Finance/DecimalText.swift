/// An exact decimal number as text in canonical form: no exponent, no leading or trailing zeros, no plus, no `-0`.
///
/// Quantities, prices, cost and rates are kept so, and what a bank wrote beyond the minor unit. Nothing here ever
/// passes through a binary float.
package struct DecimalText: Hashable, Sendable {
  package let text: String

  private init(canonical text: String) { self.text = text }

  package static let zero = DecimalText(canonical: "0")

  /// Digits before and after the point that are accepted: far above any amount, far below an attack.
  private static let digitsMax = 60

  /// Reads a JSON number or a plain decimal: `12.30`, `-0.5`, `1e3`, `2.5E-7`. Nil when it is none, or absurdly long.
  package init?(_ number: String) {
    var number = number
    let result = number.withUTF8 { Self.canonical($0) }
    guard let result else { return nil }
    self = result
  }

  private static func canonical(_ bytes: UnsafeBufferPointer<UInt8>) -> DecimalText? {
    guard bytes.count <= 80 else { return nil }
    var index = 0
    var isNegative = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") {
      isNegative = true
      index += 1
    }
    var digits: [UInt8] = []
    var point: Int?
    while index < bytes.count {
      let byte = bytes[index]
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        digits.append(byte)
      } else if byte == UInt8(ascii: "."), point == nil, !digits.isEmpty {
        point = digits.count
      } else {
        break
      }
      index += 1
    }
    guard !digits.isEmpty, point != digits.count else { return nil }
    var scale = point ?? digits.count
    if index < bytes.count {
      guard bytes[index] | 0x20 == UInt8(ascii: "e") else { return nil }
      let exponent = String(decoding: bytes[(index + 1)...], as: UTF8.self)
      guard let value = Int(exponent), value.magnitude <= digitsMax else { return nil }
      scale += value
    }
    return make(isNegative: isNegative, digits: digits, point: scale)
  }

  private static func make(isNegative: Bool, digits: [UInt8], point: Int) -> DecimalText? {
    let zero = UInt8(ascii: "0")
    var digits = digits
    var point = point
    if point <= 0 {
      digits.insert(contentsOf: repeatElement(zero, count: 1 - point), at: 0)
      point = 1
    } else if point > digits.count {
      digits.append(contentsOf: repeatElement(zero, count: point - digits.count))
    }
    var whole = digits[..<point].drop { $0 == zero }
    var fraction = digits[point...]
    while fraction.last == zero { fraction.removeLast() }
    if whole.isEmpty { whole = [zero] }
    guard whole.count <= digitsMax, fraction.count <= digitsMax else { return nil }
    let isZero = whole.elementsEqual([zero]) && fraction.isEmpty
    var text = isNegative && !isZero ? "-" : ""
    text += String(decoding: whole, as: UTF8.self)
    if !fraction.isEmpty { text += "." + String(decoding: fraction, as: UTF8.self) }
    return DecimalText(canonical: text)
  }

  package var isNegative: Bool { text.utf8.first == UInt8(ascii: "-") }
  package var isZero: Bool { text == "0" }

  package static prefix func - (value: DecimalText) -> DecimalText {
    if value.isZero { return value }
    return DecimalText(canonical: value.isNegative ? String(value.text.dropFirst()) : "-" + value.text)
  }
}

extension DecimalText: CustomStringConvertible {
  package var description: String { text }
}
