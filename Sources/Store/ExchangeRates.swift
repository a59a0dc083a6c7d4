package import Databases
package import Finance

/// What one unit of a currency costs in another one on a day.
package struct ExchangeRate: Sendable, Equatable {
  package var currency: Currency
  package var quote: Currency
  package var day: CalendarDate
  package var rate: DecimalText
  /// `typed`, `file` or `ecb`: a spelling never changes once shipped.
  package var source: String

  package init(currency: Currency, quote: Currency, day: CalendarDate, rate: DecimalText, source: String) {
    self.currency = currency
    self.quote = quote
    self.day = day
    self.rate = rate
    self.source = source
  }
}

/// Rates that a household was given. None is ever guessed.
package enum ExchangeRates {
  /// Those of a day and pair that are there give way.
  package static func keep(_ rates: [ExchangeRate], _ scope: Scope, _ session: any Session) throws {
    for rate in rates {
      try session.execute(
        """
        INSERT INTO exchange_rate (household_id, currency, day, quote, rate, source)
        VALUES (\(scope.household), \(rate.currency), \(rate.day), \(rate.quote), \(rate.rate), \(rate.source))
        ON CONFLICT (household_id, currency, quote, day) DO UPDATE SET rate = excluded.rate, source = excluded.source
        """)
    }
  }

  /// Every rate of some currencies, in either direction, newest first.
  package static func all(
    of currencies: some Collection<Currency>, limit: Int = 100_000, _ scope: Scope, _ session: any Session
  ) throws -> [ExchangeRate] {
    if currencies.isEmpty { return [] }
    return try session.query(
      """
      SELECT currency, quote, day, rate, source FROM exchange_rate
      WHERE household_id = \(scope.household) AND (currency IN \(list: currencies) OR quote IN \(list: currencies))
      ORDER BY day DESC, currency, quote LIMIT \(limit)
      """
    ) {
      ExchangeRate(
        currency: try $0(0), quote: try $0(1), day: try $0(2), rate: try $0(3), source: try $0(4))
    }
  }

  /// The newest first.
  package static func latest(limit: Int, _ scope: Scope, _ session: any Session) throws -> [ExchangeRate] {
    try session.query(
      """
      SELECT currency, quote, day, rate, source FROM exchange_rate WHERE household_id = \(scope.household)
      ORDER BY day DESC, currency, quote LIMIT \(limit)
      """
    ) {
      ExchangeRate(
        currency: try $0(0), quote: try $0(1), day: try $0(2), rate: try $0(3), source: try $0(4))
    }
  }
}
