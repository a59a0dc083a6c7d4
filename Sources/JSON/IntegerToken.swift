extension Int {
  /// Reads the token of a number that has neither fraction nor exponent; `nil` when it has one, or does not fit.
  init?(_ token: UnsafeBufferPointer<UInt8>) {
    var value = 0
    let isNegative = unsafe token.first == UInt8(ascii: "-")
    for index in (isNegative ? 1 : 0)..<token.count {
      let digit = unsafe token[index]
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      // Counting down from zero: the range of negative numbers is one larger.
      let (next, under) = tens.subtractingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !under else { return nil }
      value = next
    }
    guard isNegative || value != .min else { return nil }
    self = isNegative ? value : -value
  }
}
