import Basics

/// What is held, as of now. Values are the bank's own; nothing is recomputed.
package struct FeedHoldings: Sendable {
  package var accounts: [FeedAccount]
  package var holdings: [FeedHolding]
  package var securities: [FeedSecurity]
  /// Holdings that cannot be read: what is missing from the list may be among them.
  package var unreadable: [FeedUnreadable]
  /// Securities that cannot be told apart, for want of an id. They are missing from no list.
  package var unreadableSecurities: [FeedUnreadable]

  package init(
    accounts: [FeedAccount], holdings: [FeedHolding], securities: [FeedSecurity], unreadable: [FeedUnreadable] = [],
    unreadableSecurities: [FeedUnreadable] = []
  ) {
    self.accounts = accounts
    self.holdings = holdings
    self.securities = securities
    self.unreadable = unreadable
    self.unreadableSecurities = unreadableSecurities
  }
}

package struct FeedHolding: Sendable, Equatable {
  package var accountID: String
  package var securityID: String
  package var quantity: DecimalText
  package var price: DecimalText?
  package var priceOn: CalendarDate?
  package var value: DecimalText?
  /// Total, not per unit. Nil = unknown.
  package var costBasis: DecimalText?
  package var currency: Currency?
  package var rest: String?
  /// The whole object as sent.
  package var raw: String

  package init(
    accountID: String, securityID: String, quantity: DecimalText, price: DecimalText? = nil,
    priceOn: CalendarDate? = nil, value: DecimalText? = nil, costBasis: DecimalText? = nil, currency: Currency? = nil,
    rest: String? = nil, raw: String = "{}"
  ) {
    self.accountID = accountID
    self.securityID = securityID
    self.quantity = quantity
    self.price = price
    self.priceOn = priceOn
    self.value = value
    self.costBasis = costBasis
    self.currency = currency
    self.rest = rest
    self.raw = raw
  }
}

package struct FeedSecurity: Sendable, Equatable {
  package var id: String
  package var name: String?
  package var ticker: String?
  package var isin: String?
  package var cusip: String?
  package var type: String?
  package var isCashEquivalent: Bool?
  package var closePrice: DecimalText?
  package var closePriceOn: CalendarDate?
  package var currency: Currency?
  package var rest: String?

  package init(
    id: String, name: String? = nil, ticker: String? = nil, isin: String? = nil, cusip: String? = nil,
    type: String? = nil, isCashEquivalent: Bool? = nil, closePrice: DecimalText? = nil,
    closePriceOn: CalendarDate? = nil, currency: Currency? = nil, rest: String? = nil
  ) {
    self.id = id
    self.name = name
    self.ticker = ticker
    self.isin = isin
    self.cusip = cusip
    self.type = type
    self.isCashEquivalent = isCashEquivalent
    self.closePrice = closePrice
    self.closePriceOn = closePriceOn
    self.currency = currency
    self.rest = rest
  }
}

/// One slice of the trades in a window, with how many there are in all.
package struct FeedInvestmentTransactions: Sendable {
  package var accounts: [FeedAccount]
  package var securities: [FeedSecurity]
  package var transactions: [FeedInvestmentTransaction]
  /// Trades that cannot be read. They take a place in the list.
  package var unreadable: [FeedUnreadable]
  /// Securities that cannot be told apart, for want of an id. They take none.
  package var unreadableSecurities: [FeedUnreadable]
  package var total: Int

  package init(
    accounts: [FeedAccount], securities: [FeedSecurity], transactions: [FeedInvestmentTransaction],
    unreadable: [FeedUnreadable] = [], unreadableSecurities: [FeedUnreadable] = [], total: Int
  ) {
    self.accounts = accounts
    self.securities = securities
    self.transactions = transactions
    self.unreadable = unreadable
    self.unreadableSecurities = unreadableSecurities
    self.total = total
  }
}

package struct FeedInvestmentTransaction: Sendable, Equatable {
  package var id: String
  package var accountID: String
  package var securityID: String?
  package var bookedOn: CalendarDate
  package var name: String
  /// Positive = bought into the account.
  package var quantity: DecimalText
  /// Owner's sign: positive = cash into the account.
  package var amount: DecimalText
  package var price: DecimalText?
  package var fees: DecimalText?
  package var type: String
  package var subtype: String?
  package var currency: Currency?
  package var rest: String?
  /// The whole object as sent.
  package var raw: String

  package init(
    id: String, accountID: String, securityID: String? = nil, bookedOn: CalendarDate, name: String,
    quantity: DecimalText, amount: DecimalText, price: DecimalText? = nil, fees: DecimalText? = nil, type: String,
    subtype: String? = nil, currency: Currency? = nil, rest: String? = nil, raw: String = "{}"
  ) {
    self.id = id
    self.accountID = accountID
    self.securityID = securityID
    self.bookedOn = bookedOn
    self.name = name
    self.quantity = quantity
    self.amount = amount
    self.price = price
    self.fees = fees
    self.type = type
    self.subtype = subtype
    self.currency = currency
    self.rest = rest
    self.raw = raw
  }
}

/// Loans and cards with their terms.
package struct FeedLiabilities: Sendable {
  package var accounts: [FeedAccount]
  package var liabilities: [FeedLiability]
  package var unreadable: [FeedUnreadable]

  package init(accounts: [FeedAccount], liabilities: [FeedLiability], unreadable: [FeedUnreadable] = []) {
    self.accounts = accounts
    self.liabilities = liabilities
    self.unreadable = unreadable
  }
}

package struct FeedLiability: Sendable, Equatable {
  /// `credit`, `mortgage`, `student`, or a later word of the provider's.
  package var kind: String
  package var accountID: String
  /// Yearly rate in percent: the purchase rate of a card, the interest rate of a loan.
  package var ratePercent: DecimalText?
  package var minimumPayment: DecimalText?
  package var nextPaymentDue: CalendarDate?
  package var lastPayment: DecimalText?
  package var lastPaymentOn: CalendarDate?
  package var lastStatementBalance: DecimalText?
  package var lastStatementOn: CalendarDate?
  package var isOverdue: Bool?
  /// The whole object as sent.
  package var raw: String

  package init(kind: String, accountID: String, raw: String) {
    self.kind = kind
    self.accountID = accountID
    self.raw = raw
  }
}
