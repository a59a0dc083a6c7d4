package import Databases
package import Finance
package import Store

/// Exchange rates for a question. A missing one is never taken for one to one.
package struct Rates: Sendable {
  /// How much of the base currency one unit of each costs, newest first.
  private let known: [Currency: [(day: CalendarDate, rate: Rate)]]

  /// A fraction: exact also where a rate is known the other way round, or by way of a third currency.
  struct Rate: Sendable, Equatable {
    var numerator: Int128
    var denominator: Int128
  }

  package init(_ known: [Currency: [(day: CalendarDate, rate: DecimalText)]] = [:]) {
    self.known = known.mapValues { list in list.compactMap { one in Self.rate(one.rate).map { (one.day, $0) } } }
  }

  private init(fractions: [Currency: [(day: CalendarDate, rate: Rate)]]) { known = fractions }

  static func rate(_ text: DecimalText) -> Rate? {
    guard let (digits, scale) = Decimals.parts(text), digits > 0 else { return nil }
    return Rate(numerator: digits, denominator: Decimals.power(scale))
  }

  /// Rates of these currencies in the household's base: as given, the other way round, or both by the same quote
  /// currency, as the European Central Bank publishes them.
  package static func read(
    _ currencies: [Currency], _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> Rates {
    let base = ground.base
    let wanted = Set(currencies).subtracting([base])
    if wanted.isEmpty { return Rates() }
    let rows = try ExchangeRates.all(of: wanted.union([base]).sorted { $0.code < $1.code }, scope, session)
    return make(rows, for: wanted, base: base)
  }

  static func make(_ rows: [ExchangeRate], for wanted: Set<Currency>, base: Currency) -> Rates {
    // For each day, what is worth how much of what.
    var days: [CalendarDate: [Pair: Rate]] = [:]
    for row in rows {
      guard let rate = rate(row.rate) else { continue }
      days[row.day, default: [:]][Pair(row.currency, row.quote)] = rate
      days[row.day, default: [:]][Pair(row.quote, row.currency)] = Rate(
        numerator: rate.denominator, denominator: rate.numerator)
    }
    var known: [Currency: [(day: CalendarDate, rate: Rate)]] = [:]
    for (day, pairs) in days.sorted(by: { $0.key > $1.key }) {
      for currency in wanted {
        if let direct = pairs[Pair(currency, base)] {
          known[currency, default: []].append((day, direct))
          continue
        }
        let third = pairs.keys.filter { $0.from == currency }.map(\.to).sorted { $0.code < $1.code }
        for middle in third {
          guard let first = pairs[Pair(currency, middle)], let second = pairs[Pair(middle, base)] else { continue }
          let (top, overTop) = first.numerator.multipliedReportingOverflow(by: second.numerator)
          let (bottom, overBottom) = first.denominator.multipliedReportingOverflow(by: second.denominator)
          guard !overTop, !overBottom else { continue }
          known[currency, default: []].append((day, Rate(numerator: top, denominator: bottom)))
          break
        }
      }
    }
    return Rates(fractions: known)
  }

  private struct Pair: Hashable {
    var from: Currency
    var to: Currency

    init(_ from: Currency, _ to: Currency) { (self.from, self.to) = (from, to) }
  }

  /// Whether there is a rate on any day.
  func isKnown(_ currency: Currency) -> Bool { known[currency] != nil }

  /// The amount in another currency at the last rate known on a day, rounded half to even; nil when there is none.
  package func minor(
    of amount: Money, in currency: Currency, on day: CalendarDate
  ) throws(MoneyError) -> Int64? {
    if amount.currency == currency { return amount.minorUnits }
    guard let rate = known[amount.currency]?.first(where: { $0.day <= day })?.rate else { return nil }
    let exponent = currency.digits - amount.currency.digits
    var (top, overflowed) = Int128(amount.minorUnits).multipliedReportingOverflow(by: rate.numerator)
    guard !overflowed else { throw .overflow }
    var bottom = rate.denominator
    if exponent >= 0 {
      (top, overflowed) = top.multipliedReportingOverflow(by: Decimals.power(exponent))
    } else {
      (bottom, overflowed) = bottom.multipliedReportingOverflow(by: Decimals.power(-exponent))
    }
    guard !overflowed, let minor = Int64(exactly: Ratio.rounded(top, by: bottom)) else { throw .overflow }
    return minor
  }
}

/// The European Central Bank's published reference rates: XML with a day, and under it what a euro costs.
/// https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml
package enum CentralBankFile {
  /// - Returns: What a euro costs on each day of the file. Lines that make no sense are left out.
  package static func rates(_ text: String) -> [ExchangeRate] {
    guard let euro = Currency(iso: "EUR") else { return [] }
    var (rates, day) = ([ExchangeRate](), CalendarDate?.none)
    for tag in text.split(separator: "<") where tag.hasPrefix("Cube") {
      if let time = attribute("time", of: tag) { day = CalendarDate(time) }
      guard let day, let code = attribute("currency", of: tag), let quote = Currency(iso: code),
        let rate = attribute("rate", of: tag).flatMap({ DecimalText($0) }), Rates.rate(rate) != nil
      else { continue }
      rates.append(ExchangeRate(currency: euro, quote: quote, day: day, rate: rate, source: "ecb"))
    }
    return rates
  }

  private static func attribute(_ name: String, of tag: Substring) -> String? {
    guard let start = tag.firstRange(of: name + "=")?.upperBound, start < tag.endIndex else { return nil }
    let mark = tag[start]
    guard mark == "'" || mark == "\"" else { return nil }
    return String(tag[tag.index(after: start)...].prefix { $0 != mark })
  }
}
