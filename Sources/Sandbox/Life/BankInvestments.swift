// Securities, trades and what is held: the part of a history that Plaid's investments product shows.

package import Finance

/// An exact decimal: `units` divided by ten to the power of `digits`. Quantities and prices need more digits than cents.
package struct FixedPoint: Sendable, Hashable {
  package var units: Int64
  package var digits: Int

  package init(_ units: Int64, digits: Int) {
    self.units = units
    self.digits = digits
  }

  /// A plain decimal without trailing zeros, as it goes into JSON: `12.5`.
  package var text: String {
    var value = units.magnitude
    var places = digits
    while places > 0, value % 10 == 0 {
      value /= 10
      places -= 1
    }
    let text = String(value)
    let padded = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
    let sign = units < 0 ? "-" : ""
    return places == 0 ? sign + padded : sign + padded.dropLast(places) + "." + padded.suffix(places)
  }
}

/// What can be held. Prices follow from ``Market``.
package struct BankSecurity: Sendable, Equatable {
  /// Stable across histories, such as `VTI`.
  package var key: String
  package var name: String
  package var ticker: String?
  /// Plaid's words: `cash`, `cryptocurrency`, `equity`, `etf`, `fixed income`, `mutual fund`.
  package var type: String
  package var subtype: String?
  package var isCashEquivalent: Bool
  package var currency: String
  /// ISO 10383.
  package var marketIdentifierCode: String?
  package var sector: String?
  package var industry: String?
  package var fixedIncome: BankFixedIncome?

  /// Price per unit at the last close on or before the day.
  package func closePrice(on day: CalendarDate) -> FixedPoint { Market.price(of: key, on: day) }
  /// The day of that close.
  package func closePriceOn(_ day: CalendarDate) -> CalendarDate { Market.session(of: key, on: day) }
}

/// What a bond pays and when it ends.
package struct BankFixedIncome: Sendable, Equatable {
  /// Percent.
  package var yield: FixedPoint
  /// Plaid's words, such as `coupon`.
  package var yieldType: String
  package var issuedOn: CalendarDate
  package var maturesOn: CalendarDate
  package var faceValueMinor: Int64
}

/// So much of a security, bought for so much.
package struct BankPosition: Sendable, Equatable {
  package var security: String
  /// In millionths.
  package var quantityMicros: Int64
  package var costMinor: Int64
}

/// A position as the bank states it on a day.
package struct BankHolding: Sendable, Equatable {
  package var account: String
  package var security: String
  package var quantity: FixedPoint
  package var price: FixedPoint
  package var priceOn: CalendarDate
  package var valueMinor: Int64
  /// Total, not per unit; nil where the bank tells none.
  package var costMinor: Int64?
  package var currency: String
  /// Nil where nothing vests.
  package var vestedQuantity: FixedPoint?
  package var vestedValueMinor: Int64?
}

/// A trade or a movement of cash inside an investment account.
package struct BankInvestmentTransaction: Sendable, Equatable {
  package var key: String
  package var account: String
  /// Nil for cash alone.
  package var security: String?
  package var date: CalendarDate
  package var name: String
  /// Positive = into the account.
  package var quantity: FixedPoint
  /// Plaid's sign: positive = cash out of the account (a purchase), fees included.
  package var amountMinor: Int64
  package var price: FixedPoint
  package var feesMinor: Int64
  /// Plaid's words: `buy`, `sell`, `cash`, `fee`, `transfer`.
  package var type: String
  package var subtype: String
  package var currency: String
  /// Shared with the row of the bank account that paid or received.
  package var pairKey: String?
}
