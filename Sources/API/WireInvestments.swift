import Basics
import Finance
import Insights
import JSON
import Store

/// How investments and liabilities look on the wire. Quantities, prices and rates are exact decimals: they are finer than
/// any currency.
extension Wire {
  private static func decimal(_ number: DecimalText?) -> JSONValue { JSONValue(number?.description) }
  private static func currency(_ currency: Currency?) -> JSONValue { JSONValue(currency?.code) }

  static func security(_ security: StoredSecurity) -> JSONValue {
    [
      "id": id(security.id), "name": JSONValue(security.name), "ticker": JSONValue(security.ticker),
      "isin": JSONValue(security.isin), "cusip": JSONValue(security.cusip), "type": JSONValue(security.type),
      "cash": JSONValue(security.isCash), "currency": currency(security.currency),
    ]
  }

  static func price(_ price: SecurityPrice) -> JSONValue {
    [
      "day": day(price.day), "price": decimal(price.price), "currency": currency(price.currency),
      "source": .string(price.source.rawValue),
    ]
  }

  static func holding(_ holding: StoredHolding, _ security: StoredSecurity?) -> JSONValue {
    [
      "account": id(holding.account), "security": security.map(self.security) ?? .null, "day": day(holding.day),
      "quantity": decimal(holding.quantity), "price": decimal(holding.price), "price_on": day(holding.priceOn),
      "value": decimal(holding.value), "cost_basis": decimal(holding.costBasis),
      "currency": currency(holding.currency),
    ]
  }

  static func trade(_ trade: StoredInvestmentTransaction) -> JSONValue {
    [
      "id": id(trade.id), "account": id(trade.account), "security": id(trade.security),
      "booked_on": day(trade.bookedOn), "name": .string(trade.name), "type": .string(trade.type),
      "subtype": JSONValue(trade.subtype), "quantity": decimal(trade.quantity), "amount": money(trade.amount),
      "exact_amount": decimal(trade.exact), "price": decimal(trade.price), "fees": decimal(trade.fees),
    ]
  }

  static func liability(_ liability: StoredLiability, _ account: StoredAccount, _ payoff: Payoff) -> JSONValue {
    let currency = account.currency
    return [
      "account": id(liability.account), "kind": .string(liability.kind), "day": day(liability.day),
      "currency": .string(currency.code), "rate_percent": decimal(liability.ratePercent),
      "minimum_payment": decimal(liability.minimumPayment), "next_due_on": day(liability.nextDueOn),
      "last_payment": decimal(liability.lastPayment), "last_payment_on": day(liability.lastPaymentOn),
      "last_statement": decimal(liability.lastStatement), "last_statement_on": day(liability.lastStatementOn),
      "overdue": JSONValue(liability.isOverdue), "balance": money(account.currentMinor, currency),
      "payoff": [
        "state": .string(payoff.state.rawValue), "payment": money(payoff.paymentMinor, currency),
        "months": JSONValue(payoff.months), "on": Self.day(payoff.on),
        "interest": money(payoff.interestMinor, currency),
      ],
    ]
  }

  private static let securityMembers: [Shape.Member] = [
    .required("id", .id(Security.self)), .required("name", .foreign.orNull), .required("ticker", .foreign.orNull),
    .required("isin", .foreign.orNull), .required("cusip", .foreign.orNull), .required("type", .foreign.orNull),
    .required("cash", .flag.orNull, "It is money, and not something bought with it."),
    .required("currency", .currency.orNull),
  ]
  static let securityShape = Shape.object("Security", securityMembers)
  static let priceShape = Shape.object(
    "SecurityPrice",
    [
      .required("day", .day), .required("price", .decimal), .required("currency", .currency.orNull),
      .required("source", .token, "`bank` or `close`."),
    ])
  static let pricedSecurityShape = Shape.object(
    "PricedSecurity", securityMembers + [.required("prices", .list(of: priceShape, count: 0...500))])

  static let holdingShape = Shape.object(
    "Holding",
    [
      .required("account", .id(Account.self)), .required("security", securityShape.orNull),
      .required("day", .day, "Since when it is so."), .required("quantity", .decimal),
      .required("price", .decimal.orNull), .required("price_on", .day.orNull),
      .required("value", .decimal.orNull, "As the bank states it; it need not be quantity times price."),
      .required("cost_basis", .decimal.orNull, "In total, not for one unit."), .required("currency", .currency.orNull),
    ])

  static let tradeShape = Shape.object(
    "InvestmentTransaction",
    [
      .required("id", .id(InvestmentTransaction.self)), .required("account", .id(Account.self)),
      .required("security", .id(Security.self).orNull), .required("booked_on", .day), .required("name", .foreign),
      .required("type", .foreign), .required("subtype", .foreign.orNull),
      .required("quantity", .decimal, "Positive is into the account."),
      .required("amount", .money, "Positive is cash into the account."), .required("exact_amount", .decimal.orNull),
      .required("price", .decimal.orNull), .required("fees", .decimal.orNull),
    ])

  static let liabilityShape = Shape.object(
    "Liability",
    [
      .required("account", .id(Account.self)), .required("kind", .foreign),
      .required("day", .day, "Since when it is so."),
      .required("currency", .currency), .required("rate_percent", .decimal.orNull, "A year."),
      .required("minimum_payment", .decimal.orNull), .required("next_due_on", .day.orNull),
      .required("last_payment", .decimal.orNull), .required("last_payment_on", .day.orNull),
      .required("last_statement", .decimal.orNull), .required("last_statement_on", .day.orNull),
      .required("overdue", .flag.orNull), .required("balance", .money.orNull, "What is owed is negative."),
      .required(
        "payoff",
        .object(
          "Payoff",
          [
            .required("state", .word(Payoff.State.self)),
            .required("payment", .money.orNull, "A month: the smallest one asked for, else the last one made."),
            .required("months", .count.orNull), .required("on", .day.orNull, "The day of the last payment."),
            .required("interest", .money.orNull, "Until then, if nothing more is charged."),
          ])),
    ])

  static let securityExample: JSONValue = [
    "id": "sec_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "Achieve Wealth Index Fund", "ticker": "ACHN", "isin": .null,
    "cusip": .null, "type": "etf", "cash": false, "currency": "USD",
  ]
  static let pricedExample = securityExample.setting(
    "prices", [["day": "2026-03-13", "price": "27", "currency": "USD", "source": "bank"]])
  static let holdingExample: JSONValue = [
    "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "security": securityExample, "day": "2026-03-14", "quantity": "2.5",
    "price": "27", "price_on": "2026-03-13", "value": "67.5", "cost_basis": "50", "currency": "USD",
  ]
  static let tradeExample: JSONValue = [
    "id": "trd_01kj3v5d8ve2r9q0w4y7h6t1cz", "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz",
    "security": "sec_01kj3v5d8ve2r9q0w4y7h6t1cz", "booked_on": "2026-03-10", "name": "Buy ACHN", "type": "buy",
    "subtype": "buy", "quantity": "1", "amount": ["amount": "-27.00", "currency": "USD"], "exact_amount": .null,
    "price": "27", "fees": "0",
  ]
  static let liabilityExample: JSONValue = [
    "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "kind": "credit", "day": "2026-03-14", "currency": "USD",
    "rate_percent": "15.24", "minimum_payment": "20", "next_due_on": "2026-04-01", "last_payment": "168.25",
    "last_payment_on": "2026-03-01", "last_statement": "1708.77", "last_statement_on": "2026-02-28", "overdue": false,
    "balance": dollars("-410.00"),
    "payoff": [
      "state": "known", "payment": dollars("20.00"), "months": 24, "on": "2028-03-01", "interest": dollars("67.96"),
    ],
  ]
}
