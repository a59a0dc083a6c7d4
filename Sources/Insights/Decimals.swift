import Finance

/// Exact arithmetic on decimal texts, such as rates, quantities and prices: never through a binary float.
enum Decimals {
  /// The digits as a whole number and how many of them are behind the point; nil beyond what can be counted.
  static func parts(_ text: DecimalText) -> (digits: Int128, scale: Int)? {
    var digits: Int128 = 0
    var scale = 0
    var isBehind = false
    for byte in text.text.utf8 {
      switch byte {
      case UInt8(ascii: "-"): continue
      case UInt8(ascii: "."): isBehind = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let (more, overflowed) = digits.multipliedReportingOverflow(by: 10)
        guard !overflowed, more <= Int128.max - 10, scale < 30 else { return nil }
        digits = more + Int128(byte - UInt8(ascii: "0"))
        if isBehind { scale += 1 }
      default: return nil
      }
    }
    return (text.isNegative ? -digits : digits, scale)
  }

  /// Ten to a power of 0 to 36.
  static func power(_ exponent: Int) -> Int128 {
    var power: Int128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  /// Quantity times price in a currency, rounded half to even; nil beyond what can be counted.
  static func product(_ quantity: DecimalText, _ price: DecimalText, _ currency: Currency) -> Money? {
    guard let (left, leftScale) = parts(quantity), let (right, rightScale) = parts(price) else { return nil }
    let (digits, overflowed) = left.multipliedReportingOverflow(by: right)
    guard !overflowed else { return nil }
    let scale = leftScale + rightScale - currency.digits
    guard scale > 0 else {
      guard -scale <= 36 else { return nil }
      let (minor, overflowed) = digits.multipliedReportingOverflow(by: power(-scale))
      return overflowed ? nil : Int64(exactly: minor).map { Money(minorUnits: $0, currency) }
    }
    guard scale <= 36 else { return nil }
    return Int64(exactly: Ratio.rounded(digits, by: power(scale))).map { Money(minorUnits: $0, currency) }
  }
}
