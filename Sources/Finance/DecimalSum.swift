/// Adding exact decimals digit by digit: a bank may list one holding in two parts, and no digit of either may be lost.
extension DecimalText {
  /// Nil when the sum has more digits than are accepted.
  package func adding(_ other: DecimalText) -> DecimalText? {
    let (left, right) = (Parts(self), Parts(other))
    let fraction = max(left.fractionDigits, right.fractionDigits)
    let whole = max(left.wholeDigits, right.wholeDigits)
    let (a, b) = (left.aligned(whole, fraction), right.aligned(whole, fraction))
    var digits: [Int]
    var isNegative = isNegative
    if isNegative == other.isNegative {
      digits = Self.sum(a, b)
    } else {
      let isLarger = !a.lexicographicallyPrecedes(b)
      digits = isLarger ? Self.difference(a, b) : Self.difference(b, a)
      if !isLarger { isNegative = other.isNegative }
    }
    if fraction == 0 { return Self.text(digits[...], [], isNegative) }
    let point = digits.count - fraction
    return Self.text(digits[..<point], digits[point...], isNegative)
  }

  private struct Parts {
    var whole: [Int]
    var fraction: [Int]
    var wholeDigits: Int { whole.count }
    var fractionDigits: Int { fraction.count }

    init(_ decimal: DecimalText) {
      let halves = decimal.text.utf8.drop { $0 == UInt8(ascii: "-") }.split(separator: UInt8(ascii: "."))
      whole = halves[0].map { Int($0 - UInt8(ascii: "0")) }
      fraction = halves.count > 1 ? halves[1].map { Int($0 - UInt8(ascii: "0")) } : []
    }

    func aligned(_ wholeDigits: Int, _ fractionDigits: Int) -> [Int] {
      Array(repeating: 0, count: wholeDigits - whole.count) + whole + fraction
        + Array(repeating: 0, count: fractionDigits - fraction.count)
    }
  }

  /// One digit longer than the two, which are equally long.
  private static func sum(_ a: [Int], _ b: [Int]) -> [Int] {
    var digits = Array(repeating: 0, count: a.count + 1)
    for index in a.indices.reversed() {
      let total = a[index] + b[index] + digits[index + 1]
      digits[index + 1] = total % 10
      digits[index] = total / 10
    }
    return digits
  }

  /// Of two equally long numbers, the first not smaller.
  private static func difference(_ a: [Int], _ b: [Int]) -> [Int] {
    var digits = a
    for index in a.indices.reversed() {
      digits[index] -= b[index]
      if digits[index] < 0 {
        digits[index] += 10
        digits[index - 1] -= 1
      }
    }
    return digits
  }

  private static func text(_ whole: ArraySlice<Int>, _ fraction: ArraySlice<Int>, _ isNegative: Bool) -> DecimalText? {
    let digits = whole.drop { $0 == 0 }
    let text = (digits.isEmpty ? "0" : digits.map(String.init).joined())
    let decimals = fraction.map(String.init).joined()
    return DecimalText((isNegative ? "-" : "") + text + (decimals.isEmpty ? "" : "." + decimals))
  }
}
