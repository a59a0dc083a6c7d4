import Basics
import Finance
import Testing

@Suite struct `A money amount` {
  private static func currency(_ code: String) throws -> Currency { try #require(Currency(stored: code)) }

  @Test(arguments: [
    ("12.34", "USD", 1234), ("-12.34", "USD", -1234), ("12", "USD", 1200), ("12.3", "USD", 1230), ("0", "USD", 0),
    ("-0", "USD", 0), ("12.3400", "USD", 1234), ("1e2", "USD", 10_000), ("500", "JPY", 500), ("-500.0", "JPY", -500),
    ("1.234", "KWD", 1234), ("0.001", "KWD", 1), ("0.00000001", "BTC", 1), ("21000000", "BTC", 2_100_000_000_000_000),
    ("0.0001", "CLF", 1), ("92233720368547758.07", "USD", Int64.max), ("-92233720368547758.08", "USD", Int64.min),
    ("9223372036854775807", "JPY", Int64.max), ("-9223372036854775808", "JPY", Int64.min),
  ])
  func `is read exactly`(text: String, code: String, minor: Int64) throws {
    #expect(try Money(decimal: text, Self.currency(code)).minorUnits == minor)
  }

  @Test(arguments: [
    ("23631.9805", 2_363_198), ("0.005", 0), ("0.015", 2), ("0.025", 2), ("0.0250", 2), ("0.02500001", 3),
    ("0.0249999", 2), ("-0.005", 0), ("-0.015", -2), ("-0.025", -2), ("-0.0251", -3), ("1.994999", 199),
    ("1.995", 200), ("1.996", 200), ("99.999", 10_000), ("0.001", 0), ("0.009", 1), ("1e-9", 0),
    ("92233720368547758.074", Int64.max), ("-92233720368547758.084", Int64.min),
    ("-92233720368547758.085", Int64.min),
  ])
  func `is rounded half to even, and keeps what it was`(text: String, minor: Int64) throws {
    let exact = try #require(DecimalText(text))
    let rounded = try Money.rounding(exact, .usd)
    #expect(rounded.money.minorUnits == minor)
    #expect(rounded.exact == exact)
    #expect(throws: MoneyError.tooPrecise(text, digits: 2)) { try Money(decimal: text, .usd) }
  }

  @Test(arguments: [("0.5", 0), ("1.5", 2), ("2.5", 2), ("2.51", 3), ("-3.5", -4), ("-2.5", -2), ("1000.4", 1000)])
  func `is rounded where there are no minor units`(text: String, minor: Int64) throws {
    let exact = try #require(DecimalText(text))
    #expect(try Money.rounding(exact, Self.currency("JPY")).money.minorUnits == minor)
  }

  @Test(arguments: [
    ("92233720368547758.08", "USD"), ("-92233720368547758.09", "USD"), ("92233720368547758.075", "USD"),
    ("-92233720368547758.086", "USD"), ("9223372036854775808", "JPY"), ("1e59", "USD"), ("92233720369", "BTC"),
  ])
  func `is refused when it does not fit`(text: String, code: String) throws {
    let (exact, currency) = (try #require(DecimalText(text)), try Self.currency(code))
    #expect(throws: MoneyError.overflow) { try Money.rounding(exact, currency) }
  }

  @Test(arguments: ["", "12,30", "$12", "1_000", "NaN", "12.", ".5", " 1", "+1", "1e", "0x10", "--1", "１"])
  func `is not read from what is no number`(text: String) {
    #expect(throws: MoneyError.malformed(text)) { try Money(decimal: text, .usd) }
  }

  @Test(arguments: [
    (1234, "USD", "12.34"), (-5, "USD", "-0.05"), (0, "USD", "0.00"), (7, "JPY", "7"), (-1, "KWD", "-0.001"),
    (1, "BTC", "0.00000001"), (Int64.min, "USD", "-92233720368547758.08"), (Int64.min, "JPY", "-9223372036854775808"),
  ])
  func `is written with all its digits`(minor: Int64, code: String, text: String) throws {
    #expect(Money(minorUnits: minor, try Self.currency(code)).decimal == text)
  }

  @Test(arguments: ["USD", "JPY", "KWD", "BTC", "CLF"])
  func `survives its decimal`(code: String) throws {
    let currency = try Self.currency(code)
    var random = SeededRandom(seed: 1)
    let any = (0..<5_000).map { _ in Int64(bitPattern: random.next()) >> Int64(random.int(in: 0...63)) }
    for minor in any + [.min, .min + 1, -1, 0, 1, .max] {
      let money = Money(minorUnits: minor, currency)
      #expect(try Money(decimal: money.decimal, currency) == money)
    }
  }

  @Test func `adds up, or says why not`() throws {
    let (euro, cents) = (try Self.currency("EUR"), Money(minorUnits: 1, .usd))
    #expect(try Money(minorUnits: 2, .usd).adding(cents).minorUnits == 3)
    #expect(throws: MoneyError.currencyMismatch("EUR", "USD")) { try Money.zero(euro).adding(cents) }
    #expect(throws: MoneyError.overflow) { try Money(minorUnits: .max, .usd).adding(cents) }
    #expect(throws: MoneyError.overflow) { try Money(minorUnits: .min, .usd).negated() }
    #expect(try Money(minorUnits: .min + 1, .usd).negated().minorUnits == .max)
  }

  @Test func `splits without losing a cent`() throws {
    var random = SeededRandom(seed: 4)
    for minor in (0..<500).map({ _ in Int64(random.int(in: -10_000...10_000)) }) + [.min, .max] {
      let shares = Money(minorUnits: minor, .usd).split(into: random.int(in: 1...13)).map(\.minorUnits)
      #expect(shares.reduce(0, +) == minor)
      #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1)
    }
  }
}

@Suite struct `A currency` {
  @Test func `has the digits of its standard`() {
    let digits = ["USD": 2, "EUR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3, "CLF": 4, "BTC": 8, "GBX": 8]
    for (code, count) in digits { #expect(Currency(stored: code)?.digits == count, "\(code)") }
  }

  @Test func `is unofficial unless the standard has it`() {
    #expect(Currency(iso: "BTC") == nil)
    #expect(Currency(iso: "usd") == nil)
    #expect(Currency(unofficial: "") == nil)
    #expect(Currency(unofficial: "TWO WORDS") == nil)
    #expect(Currency(unofficial: "ABCDEFGHIJKLM") == nil)
    #expect(Currency(unofficial: "ÉTH") == nil)
  }
}
