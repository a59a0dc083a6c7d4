import Basics
import Finance
import Testing

@Suite struct `A decimal text` {
  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("0.000", "0"), ("-0.0e7", "0"), ("0e60", "0"), ("00012", "12"), ("12.30", "12.3"),
    ("-0.50", "-0.5"), ("1e3", "1000"), ("1E+3", "1000"), ("2.5E-7", "0.00000025"), ("1.5e1", "15"),
    ("123.456e2", "12345.6"), ("123.456e-2", "1.23456"), ("100e-2", "1"), ("-1e-1", "-0.1"), ("1e0", "1"),
    ("23631.9805", "23631.9805"), ("1e59", "1" + String(repeating: "0", count: 59)),
    ("1e-60", "0." + String(repeating: "0", count: 59) + "1"),
  ])
  func `is canonical`(text: String, canonical: String) {
    #expect(DecimalText(text)?.text == canonical)
    #expect(DecimalText(canonical)?.text == canonical)
  }

  @Test(arguments: [
    "", "-", ".", "1.", ".1", "-.1", "+1", "1.2.3", "1e", "1e+", "e1", "1e1.5", "1e1e1", "1 ", " 1", "1,0", "1_0",
    "Infinity", "nan", "0x1", "1e60", "1e61", "1e-61", "1e99999999999999999999", "1e9223372036854775807",
    "1e-9223372036854775808", "١", String(repeating: "1", count: 61), String(repeating: "0", count: 81),
  ])
  func `is nothing else`(text: String) { #expect(DecimalText(text) == nil) }

  @Test func `turns its sign and back`() throws {
    for text in ["0", "1.5", "-1.5"] {
      let value = try #require(DecimalText(text))
      #expect(-(-value) == value)
      #expect(DecimalText((-value).text) == -value)
    }
    #expect(try #require(DecimalText("-0")).isZero)
    #expect(try #require(DecimalText("-0.1")).isNegative)
    #expect(-DecimalText.zero == .zero)
  }

  @Test func `is the same however its point is moved`() {
    var random = SeededRandom(seed: 9)
    for _ in 0..<2_000 {
      let digits = random.int(in: 1...999_999)
      let shift = random.int(in: 0...20)
      let plain = DecimalText("\(digits)e-\(shift)")
      #expect(plain == DecimalText("\(digits)\(String(repeating: "0", count: 5))e-\(shift + 5)"))
      #expect(plain == DecimalText("\(digits).000e-\(shift)"))
    }
  }

  @Test(arguments: [
    ("0", "0", "0"), ("1", "2", "3"), ("9.99", "0.01", "10"), ("-9.99", "0.01", "-9.98"), ("0.1", "0.2", "0.3"),
    ("1000", "-0.001", "999.999"), ("-1000", "0.001", "-999.999"), ("5", "-5", "0"), ("-5.5", "5.5", "0"),
    ("99999999999999999999", "1", "100000000000000000000"), ("0.00000001", "123456789.1", "123456789.10000001"),
    ("-1.5", "-2.75", "-4.25"), ("0", "-3", "-3"),
  ])
  func `adds up to the last digit`(left: String, right: String, sum: String) throws {
    let (left, right) = (try #require(DecimalText(left)), try #require(DecimalText(right)))
    #expect(left.adding(right)?.text == sum && right.adding(left)?.text == sum)
  }

  @Test func `adds like whole numbers of its last place, whatever the digits`() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<2_000 {
      let (left, right) = (random.int(in: -999_999...999_999), random.int(in: -999_999...999_999))
      let (a, b) = (Money(minorUnits: Int64(left), .usd), Money(minorUnits: Int64(right), .usd))
      let sum = try #require(DecimalText(a.decimal)).adding(try #require(DecimalText(b.decimal)))
      #expect(sum == DecimalText(try a.adding(b).decimal), "\(a) + \(b)")
    }
  }
}
