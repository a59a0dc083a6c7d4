import Basics
import Finance
import JSON

/// Small words of Plaid's JSON that several endpoints say.
enum Wire {
  /// How many decimals the minor unit of a currency has; unofficial ones count in 10⁻⁸.
  static func digits(of currency: String) -> Int { Currency(iso: currency)?.digits ?? Currency.unofficialDigits }

  static func amount(_ minor: Int64, _ currency: String) -> JSONValue {
    var text: [UInt8] = []
    text.decimal(minor, digits: digits(of: currency))
    return .number(String(decoding: text, as: UTF8.self))
  }

  static func amount(_ minor: Int64?, _ currency: String) -> JSONValue { minor.map { amount($0, currency) } ?? .null }

  static func number(_ value: FixedPoint?) -> JSONValue { value.map { .number($0.text) } ?? .null }

  static func date(_ date: CalendarDate?) -> JSONValue { JSONValue(date?.description) }

  static func instant(_ instant: Timestamp?) -> JSONValue { JSONValue(instant?.description) }

  /// The pair of currency codes of which exactly one is set.
  static func currencies(_ code: String) -> [JSONValue.Member] {
    let isISO = Currency(iso: code) != nil
    return [
      .init("iso_currency_code", isISO ? .string(code) : .null),
      .init("unofficial_currency_code", isISO ? .null : .string(code)),
    ]
  }
}

extension JSONValue {
  /// This object with more members at its end.
  func adding(_ more: [Member]) -> JSONValue { .object(members + more) }
}
