/// Why an amount could not be made or counted.
package enum MoneyError: Error, Equatable, Sendable {
  case malformed(String)
  /// The text has more digits than the currency: use ``Money/init(rounding:_:)`` where that is allowed.
  case tooPrecise(String, digits: Int)
  case overflow
  case currencyMismatch(String, String)
}

/// An exact amount of one currency, counted in minor units. Never a binary float.
///
/// Inside Magpie positive means into the owner's pocket.
package struct Money: Hashable, Sendable {
  package let minorUnits: Int64
  package let currency: Currency

  package init(minorUnits: Int64, _ currency: Currency) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  package static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency) }

  /// Reads a plain decimal such as `-12.34` exactly; further digits are an error, except zeros.
  package init(decimal text: String, _ currency: Currency) throws(MoneyError) {
    guard let decimal = DecimalText(text) else { throw .malformed(text) }
    let (money, exact) = try Self.rounding(decimal, currency)
    guard exact == nil else { throw .tooPrecise(text, digits: currency.digits) }
    self = money
  }

  /// The nearest amount in minor units, ties to the even one, and the exact value when it differs.
  ///
  /// Banks do send more decimals than the currency has (Plaid's own sandbox shows a 401k of 23631.9805); that is not an
  /// error, so the text is kept beside the amount.
  package static func rounding(
    _ value: DecimalText, _ currency: Currency
  ) throws(MoneyError) -> (money: Money, exact: DecimalText?) {
    var minor: Int64 = 0
    var fractionDigits = -1  // -1 until the point
    var half = 0  // what was cut off against one half: 0 nothing, 1 less, 2 exactly, 3 more
    for byte in value.text.utf8 {
      switch byte {
      case UInt8(ascii: "-"): continue
      case UInt8(ascii: "."): fractionDigits = 0
      default:
        let digit = Int64(byte - UInt8(ascii: "0"))
        if fractionDigits < currency.digits {
          minor = try append(digit: digit, to: minor)
          if fractionDigits >= 0 { fractionDigits += 1 }
          if fractionDigits == currency.digits, currency.digits == 0 { continue }
        } else {
          half = Self.remainder(half, digit: digit, isFirst: fractionDigits == currency.digits)
          fractionDigits += 1
        }
      }
    }
    for _ in max(0, fractionDigits)..<max(currency.digits, max(0, fractionDigits)) {
      minor = try append(digit: 0, to: minor)
    }
    // `minor` is negative or zero so far: Int64.min has no positive twin.
    if half == 3 || (half == 2 && minor & 1 != 0) {
      let (rounded, overflowed) = minor.subtractingReportingOverflow(1)
      guard !overflowed else { throw .overflow }
      minor = rounded
    }
    guard value.isNegative || minor > .min else { throw .overflow }
    let money = Money(minorUnits: value.isNegative ? minor : -minor, currency)
    return (money, half == 0 ? nil : value)
  }

  private static func remainder(_ half: Int, digit: Int64, isFirst: Bool) -> Int {
    if isFirst { return digit > 5 ? 3 : digit == 5 ? 2 : digit > 0 ? 1 : 0 }
    guard digit > 0 else { return half }
    return half == 0 ? 1 : half == 2 ? 3 : half
  }

  // Accumulates negatively so that Int64.min is reachable.
  private static func append(digit: Int64, to value: Int64) throws(MoneyError) -> Int64 {
    let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
    let (sum, overflowedAgain) = tens.subtractingReportingOverflow(digit)
    guard !overflowed, !overflowedAgain else { throw .overflow }
    return sum
  }

  package func adding(_ other: Money) throws(MoneyError) -> Money {
    guard currency == other.currency else { throw .currencyMismatch(currency.code, other.currency.code) }
    let (sum, overflowed) = minorUnits.addingReportingOverflow(other.minorUnits)
    guard !overflowed else { throw .overflow }
    return Money(minorUnits: sum, currency)
  }

  package func negated() throws(MoneyError) -> Money {
    guard minorUnits != .min else { throw .overflow }
    return Money(minorUnits: -minorUnits, currency)
  }

  /// Splits into `count` parts that differ by at most one minor unit and add up to the whole.
  package func split(into count: Int) -> [Money] {
    precondition(count > 0)
    let (share, rest) = minorUnits.quotientAndRemainder(dividingBy: Int64(count))
    return (0..<count).map { index in
      let extra: Int64 = index < Int(rest.magnitude) ? rest.signum() : 0
      return Money(minorUnits: share + extra, currency)
    }
  }

  /// The amount as a plain decimal with all digits of its currency: `-12.30`. This is how it goes over the wire.
  package var decimal: String {
    let digits = String(minorUnits.magnitude)
    let padded = String(repeating: "0", count: max(0, currency.digits + 1 - digits.count)) + digits
    let whole = padded.dropLast(currency.digits)
    let sign = minorUnits < 0 ? "-" : ""
    return currency.digits > 0 ? sign + whole + "." + padded.suffix(currency.digits) : sign + whole
  }
}

extension Money: CustomStringConvertible {
  package var description: String { decimal + " " + currency.code }
}
