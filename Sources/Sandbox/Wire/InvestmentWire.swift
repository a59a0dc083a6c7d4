import Basics
import Finance
import JSON

/// Holdings, securities and trades in Plaid's words, from a life or from a custom user's description.
extension SandboxWorld {
  func portfolio(of item: Item, in accounts: [BankAccount]) -> (holdings: [JSONValue], securities: [JSONValue]) {
    let day = item.ledger.now.day
    if let custom = item.customer.custom { return customPortfolio(custom, item, accounts, day) }
    let keys = Set(accounts.map(\.key))
    let holdings = item.customer.history.holdings(on: day).filter { keys.contains($0.account) }
    let used = Set(holdings.map(\.security))
    let securities = item.customer.history.securities.filter { used.contains($0.key) }
    return (holdings.map { json(of: $0, in: item) }, securities.map { json(of: $0, on: day) })
  }

  /// Newest first, with the securities they name.
  func trades(
    of item: Item, in accounts: [BankAccount], days: ClosedRange<CalendarDate>
  ) -> (trades: [JSONValue], securities: [JSONValue]) {
    if let custom = item.customer.custom { return customTrades(custom, item, accounts, days) }
    let keys = Set(accounts.map(\.key))
    let trades = item.customer.history.investmentTransactions.filter { trade in
      keys.contains(trade.account) && days.contains(trade.date)
    }
    let used = Set(trades.compactMap(\.security))
    let securities = item.customer.history.securities.filter { used.contains($0.key) }
    return (trades.reversed().map { json(of: $0, in: item) }, securities.map { json(of: $0, on: item.ledger.now.day) })
  }

  private func securityID(_ key: String) -> String { naming.id("security", key) }

  private func json(of holding: BankHolding, in item: Item) -> JSONValue {
    let currency = holding.currency
    return .object(
      [
        .init("account_id", .string(item.accountID(holding.account))),
        .init("cost_basis", Wire.amount(holding.costMinor, currency)),
        .init("institution_price", Wire.number(holding.price)),
        .init("institution_price_as_of", Wire.date(holding.priceOn)), .init("institution_price_datetime", nil),
        .init("institution_value", Wire.amount(holding.valueMinor, currency)),
        .init("quantity", Wire.number(holding.quantity)), .init("security_id", .string(securityID(holding.security))),
        .init("tax_lots", []), .init("vested_quantity", Wire.number(holding.vestedQuantity)),
        .init("vested_value", Wire.amount(holding.vestedValueMinor, currency)),
      ] + Wire.currencies(currency))
  }

  private func json(of security: BankSecurity, on day: CalendarDate) -> JSONValue {
    let bond: JSONValue =
      security.fixedIncome.map { terms in
        [
          "face_value": Wire.amount(terms.faceValueMinor, security.currency), "issue_date": Wire.date(terms.issuedOn),
          "maturity_date": Wire.date(terms.maturesOn),
          "yield_rate": ["percentage": Wire.number(terms.yield), "type": .string(terms.yieldType)],
        ]
      } ?? .null
    return .object(
      [
        .init("cfi_code", nil), .init("close_price", Wire.number(security.closePrice(on: day))),
        .init("close_price_as_of", Wire.date(security.closePriceOn(day))), .init("cusip", nil), .init("figi", nil),
        .init("fixed_income", bond), .init("industry", JSONValue(security.industry)), .init("institution_id", nil),
        .init("institution_security_id", nil), .init("is_cash_equivalent", .bool(security.isCashEquivalent)),
        .init("isin", nil), .init("market_identifier_code", JSONValue(security.marketIdentifierCode)),
        .init("name", .string(security.name)), .init("option_contract", nil), .init("proxy_security_id", nil),
        .init("sector", JSONValue(security.sector)), .init("security_id", .string(securityID(security.key))),
        .init("sedol", nil), .init("subtype", JSONValue(security.subtype)),
        .init("ticker_symbol", JSONValue(security.ticker)), .init("type", .string(security.type)),
        .init("update_datetime", nil),
      ] + Wire.currencies(security.currency))
  }

  private func json(of trade: BankInvestmentTransaction, in item: Item) -> JSONValue {
    .object(
      [
        .init("account_id", .string(item.accountID(trade.account))),
        .init("amount", Wire.amount(trade.amountMinor, trade.currency)), .init("cancel_transaction_id", nil),
        .init("date", Wire.date(trade.date)), .init("fees", Wire.amount(trade.feesMinor, trade.currency)),
        .init("investment_transaction_id", .string(naming.id("trade", item.id, trade.key))),
        .init("name", .string(trade.name)), .init("price", Wire.number(trade.price)),
        .init("quantity", Wire.number(trade.quantity)),
        .init("security_id", trade.security.map { .string(securityID($0)) } ?? .null),
        .init("subtype", .string(trade.subtype)), .init("transaction_datetime", nil),
        .init("type", .string(trade.type)),
      ] + Wire.currencies(trade.currency))
  }

  // MARK: - Custom users

  private func customPortfolio(
    _ custom: CustomUser, _ item: Item, _ accounts: [BankAccount], _ day: CalendarDate
  ) -> (holdings: [JSONValue], securities: [JSONValue]) {
    var securities = SecurityList()
    var holdings: [JSONValue] = []
    for account in custom.accounts where accounts.contains(where: { $0.key == account.account.key }) {
      for described in account.holdings {
        let holding = Body(described)
        let currency = holding.string("currency") ?? account.account.currency
        let price = holding["institution_price"] ?? 0
        let quantity = holding["quantity"] ?? 0
        let key = securities.add(holding.nested("security"), price: price, on: holding.date("institution_price_as_of"))
        holdings.append(
          .object(
            [
              .init("account_id", .string(item.accountID(account.account.key))),
              .init("cost_basis", holding["cost_basis"] ?? nil), .init("institution_price", price),
              .init("institution_price_as_of", Wire.date(holding.date("institution_price_as_of") ?? day)),
              .init("institution_price_datetime", nil), .init("institution_value", Self.product(price, quantity)),
              .init("quantity", quantity), .init("security_id", .string(securityID(key))), .init("tax_lots", []),
              .init("vested_quantity", nil), .init("vested_value", nil),
            ] + Wire.currencies(currency)))
      }
    }
    return (holdings, securities.described.map { json(ofCustom: $0, on: day) })
  }

  private func customTrades(
    _ custom: CustomUser, _ item: Item, _ accounts: [BankAccount], _ days: ClosedRange<CalendarDate>
  ) -> (trades: [JSONValue], securities: [JSONValue]) {
    var securities = SecurityList()
    var trades: [(on: CalendarDate, json: JSONValue)] = []
    for account in custom.accounts where accounts.contains(where: { $0.key == account.account.key }) {
      for (index, described) in account.trades.enumerated() {
        let trade = Body(described)
        guard let date = trade.date("date"), days.contains(date) else { continue }
        let currency = trade.string("currency") ?? account.account.currency
        let price = trade["price"] ?? 0
        let quantity = trade["quantity"] ?? 0
        let key = securities.add(trade.nested("security"), price: price, on: nil)
        let type = trade.string("type") ?? "buy"
        trades.append(
          (
            date,
            .object(
              [
                .init("account_id", .string(item.accountID(account.account.key))),
                .init("amount", Self.product(price, quantity, isNegative: type == "sell")),
                .init("cancel_transaction_id", nil), .init("date", Wire.date(date)),
                .init("fees", trade["fees"] ?? nil),
                .init(
                  "investment_transaction_id",
                  .string(naming.id("trade", item.id, account.account.key, String(index)))),
                .init("name", .string(trade.string("name") ?? type)), .init("price", price),
                .init("quantity", quantity), .init("security_id", .string(securityID(key))),
                .init("subtype", .string(trade.string("subtype") ?? Self.usualSubtypes[type] ?? type)),
                .init("transaction_datetime", nil), .init("type", .string(type)),
              ] + Wire.currencies(currency))
          ))
      }
    }
    let day = item.ledger.now.day
    return (trades.sorted { $0.on > $1.on }.map(\.json), securities.described.map { json(ofCustom: $0, on: day) })
  }

  private static let usualSubtypes = ["cash": "deposit", "fee": "account fee", "cancel": "cancel"]

  /// Securities by the first name they have, each once.
  private struct SecurityList {
    struct Described {
      var key: String
      var body: Body
      var price: JSONValue
      var on: CalendarDate?
    }

    var described: [Described] = []

    mutating func add(_ body: Body, price: JSONValue, on: CalendarDate?) -> String {
      let key =
        body.string("ticker_symbol") ?? body.string("isin") ?? body.string("cusip") ?? body.string("name") ?? "?"
      if !described.contains(where: { $0.key == key }) {
        described.append(Described(key: key, body: body, price: price, on: on))
      }
      return key
    }
  }

  private func json(ofCustom security: SecurityList.Described, on day: CalendarDate) -> JSONValue {
    let body = security.body
    return .object(
      [
        .init("cfi_code", nil), .init("close_price", security.price),
        .init("close_price_as_of", Wire.date(security.on ?? day)), .init("cusip", body["cusip"] ?? nil),
        .init("figi", nil), .init("fixed_income", nil), .init("industry", nil), .init("institution_id", nil),
        .init("institution_security_id", nil), .init("is_cash_equivalent", false), .init("isin", body["isin"] ?? nil),
        .init("market_identifier_code", nil), .init("name", .string(body.string("name") ?? security.key)),
        .init("option_contract", nil), .init("proxy_security_id", nil), .init("sector", nil),
        .init("security_id", .string(securityID(security.key))), .init("sedol", nil), .init("subtype", nil),
        .init("ticker_symbol", body["ticker_symbol"] ?? nil), .init("type", "equity"), .init("update_datetime", nil),
      ] + Wire.currencies(body.string("currency") ?? "USD"))
  }

  /// Price times quantity, rounded to cents: both come as decimals of a tester's.
  private static func product(_ price: JSONValue, _ quantity: JSONValue, isNegative: Bool = false) -> JSONValue {
    guard let price = ExactNumber(price.numberText), let quantity = ExactNumber(quantity.numberText) else { return 0 }
    return Wire.amount(price.timesInCents(quantity) * (isNegative ? -1 : 1), "USD")
  }
}

/// A decimal as six-digit fixed point: enough to multiply what testers write.
private struct ExactNumber {
  var micros: Int64

  init?(_ text: String?) {
    guard let text, let decimal = DecimalText(text) else { return nil }
    let parts = decimal.text.split(separator: ".")
    let whole = parts[0].drop { $0 == "-" }
    let fraction = parts.count > 1 ? parts[1].prefix(6) : ""
    guard whole.count <= 9, let value = Int64(whole + fraction + String(repeating: "0", count: 6 - fraction.count))
    else {
      return nil
    }
    micros = decimal.isNegative ? -value : value
  }

  func timesInCents(_ other: ExactNumber) -> Int64 {
    let (high, low) = micros.multipliedFullWidth(by: other.micros)
    let scale: Int64 = 10_000_000_000
    guard high.magnitude < 1_000_000_000 else { return 0 }
    let (quotient, remainder) = scale.dividingFullWidth((high, low))
    return abs(remainder) * 2 >= scale ? quotient + (remainder < 0 ? -1 : 1) : quotient
  }
}
