import Basics
import Databases
package import Finance
package import Store

/// When a debt will be paid off, at the payment that is made or asked for today. Interest is added each month at a
/// twelfth of the yearly rate, rounded to the minor unit, as if nothing more were charged.
package struct Payoff: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case known, unknown
    /// The payment does not even cover the interest.
    case never
    case nothingOwed = "nothing_owed"
  }

  package var state: State
  /// A month, in minor units; nil: unknown.
  package var paymentMinor: Int64?
  package var months: Int?
  package var on: CalendarDate?
  package var interestMinor: Int64?

  /// A hundred years: longer is never.
  static let monthsMax = 1_200

  /// - Parameters:
  ///   - owed: In minor units, positive.
  ///   - rate: Yearly, in percent; nil: unknown.
  ///   - payment: A month, in minor units; nil: unknown.
  ///   - next: When the next payment is due; nil: a month from today.
  package static func make(
    owed: Int64, rate: DecimalText?, payment: Int64?, next: CalendarDate?, today: CalendarDate
  ) -> Payoff {
    guard owed > 0 else { return Payoff(state: .nothingOwed, paymentMinor: payment) }
    guard let payment, payment > 0, let rate, let (digits, scale) = Decimals.parts(rate), digits >= 0, scale <= 12
    else { return Payoff(state: .unknown, paymentMinor: payment) }
    let yearly = 1_200 * Decimals.power(scale)
    var (left, interest, months) = (Int128(owed), Int128(0), 0)
    while left > 0 {
      let added = Ratio.rounded(left * digits, by: yearly)
      guard added < Int128(payment), months < monthsMax else { return Payoff(state: .never, paymentMinor: payment) }
      interest += added
      left += added - Int128(payment)
      months += 1
    }
    let first = next.map { $0 >= today ? $0 : today.adding(months: 1) } ?? today.adding(months: 1)
    return Payoff(
      state: .known, paymentMinor: payment, months: months, on: first.adding(months: months - 1),
      interestMinor: Int64(clamping: interest))
  }

  /// Of a card or loan by its terms: at the smallest payment asked for, else at the last one made.
  package static func make(_ terms: StoredLiability, _ account: StoredAccount, today: CalendarDate) throws -> Payoff {
    func minor(_ text: DecimalText?) throws(MoneyError) -> Int64? {
      guard let text, !text.isZero, !text.isNegative else { return nil }
      return try Money.rounding(text, account.currency).money.minorUnits
    }
    guard let balance = account.currentMinor, balance != .min else { return Payoff(state: .unknown) }
    let payment = try minor(terms.minimumPayment) ?? minor(terms.lastPayment)
    return make(owed: -balance, rate: terms.ratePercent, payment: payment, next: terms.nextDueOn, today: today)
  }
}
