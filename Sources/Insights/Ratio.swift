/// A division of whole numbers as an exact decimal of so many digits, rounded half to even. Never a binary float.
package enum Ratio {
  /// - Parameter digits: After the point, 0 to 9.
  /// - Returns: Nil when dividing by zero.
  package static func text(_ numerator: Int64, by denominator: Int64, digits: Int) -> String? {
    guard denominator != 0, (0...9).contains(digits) else { return nil }
    var scale: Int128 = 1
    for _ in 0..<digits { scale *= 10 }
    let units = rounded(Int128(numerator) * scale, by: Int128(denominator))
    let text = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let sign = units < 0 ? "-" : ""
    return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// The nearest whole number; of two as near, the even one.
  static func rounded(_ numerator: Int128, by denominator: Int128) -> Int128 {
    let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    let twice = rest.magnitude * 2
    let isUp = twice > denominator.magnitude || twice == denominator.magnitude && quotient & 1 != 0
    guard isUp else { return quotient }
    return (numerator < 0) == (denominator < 0) ? quotient + 1 : quotient - 1
  }
}
