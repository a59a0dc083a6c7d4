/// What an amount is counted in: a code and how many decimal digits its minor unit has.
///
/// ISO 4217 currencies have the digits of the standard. Unofficial ones (crypto, points, pence) count in 10⁻⁸, whatever
/// they are, so that a new coin needs no release. `XXX` is ISO's own code for "no currency known".
package struct Currency: Hashable, Sendable {
  package let code: String
  package let digits: Int

  private init(code: String, digits: Int) {
    self.code = code
    self.digits = digits
  }

  package static let unofficialDigits = 8
  package static let usd = Currency(code: "USD", digits: 2)
  package static let unknown = Currency(code: "XXX", digits: 2)

  /// The currency of an ISO 4217 code; nil when the standard has no such code.
  package init?(iso code: String) {
    if code == "USD" {
      self = .usd
      return
    }
    guard let digits = Self.digits(ofISO: code) else { return nil }
    self.init(code: code, digits: digits)
  }

  /// A currency outside ISO 4217. Bounded, so that a bank cannot hand us a novel.
  package init?(unofficial code: String) {
    guard (1...12).contains(code.utf8.count), code.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    self.init(code: code, digits: Self.unofficialDigits)
  }

  /// The currency a stored code names. Codes are kept apart by `digits`: GBX from a bank counts in 10⁻⁸.
  package init?(stored code: String) {
    if let iso = Currency(iso: code) { self = iso } else { self.init(unofficial: code) }
  }

  private static let twoDigits: Set<String> = [
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND",
    "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CNY", "COP", "COU",
    "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS",
    "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR",
    "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU",
    "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS",
    "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD",
    "USN", "UYU", "UZS", "VED", "VES", "WST", "XCD", "XXX", "YER", "ZAR", "ZMW", "ZWG",
  ]
  private static let noDigits: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
  ]
  private static let threeDigits: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
  private static let fourDigits: Set<String> = ["CLF", "UYW"]

  private static func digits(ofISO code: String) -> Int? {
    if twoDigits.contains(code) { return 2 }
    if noDigits.contains(code) { return 0 }
    if threeDigits.contains(code) { return 3 }
    return fourDigits.contains(code) ? 4 : nil
  }
}

extension Currency: CustomStringConvertible {
  package var description: String { code }
}
