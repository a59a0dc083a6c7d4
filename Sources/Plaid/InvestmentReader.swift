import Finance
import JSON

/// Reads what is held, what it is, and what was traded.
enum InvestmentReader {
  /// A holding or trade that cannot be read, as an error.
  struct Unreadable: Error {
    let row: FeedUnreadable
  }

  /// Unreadable when it cannot be said what is held, where, or how much.
  static func holding(_ node: JSONNode) -> Result<FeedHolding, Unreadable> {
    let (accountID, securityID) = (node["account_id"]?.identity, node["security_id"]?.identity)
    guard let accountID, let securityID, let quantity = node["quantity"]?.decimal else {
      // A holding has no id of its own.
      let id = accountID.flatMap { account in securityID.map { "\(account) \($0)" } }
      let reason = "unreadable: account_id, security_id or quantity"
      return .failure(Unreadable(row: FeedUnreadable(id: id, reason: reason, raw: node.raw, accountID: accountID)))
    }
    var holding = FeedHolding(accountID: accountID, securityID: securityID, quantity: quantity, raw: node.raw)
    var fields = FieldReader()
    var (iso, unofficial): (JSONNode?, JSONNode?)
    node.forEachMember { member in
      if member.value.isNull { return }
      switch member.key {
      case "account_id", "security_id", "quantity": break
      case "institution_price": holding.price = fields.decimal(member)
      case "institution_price_as_of": holding.priceOn = fields.day(member)
      case "institution_value": holding.value = fields.decimal(member)
      case "cost_basis": holding.costBasis = fields.decimal(member)
      case "iso_currency_code": iso = member.value
      case "unofficial_currency_code": unofficial = member.value
      default: fields.keep(member)
      }
    }
    holding.currency = fields.currency(iso: iso, unofficial: unofficial)
    holding.rest = fields.restText
    return .success(holding)
  }

  /// Nil without an id.
  static func security(_ node: JSONNode) -> FeedSecurity? {
    guard let id = node["security_id"]?.identity else { return nil }
    var security = FeedSecurity(id: id)
    var fields = FieldReader()
    var (iso, unofficial): (JSONNode?, JSONNode?)
    node.forEachMember { member in
      if member.value.isNull { return }
      switch member.key {
      case "security_id": break
      case "name": security.name = fields.text(member)
      case "ticker_symbol": security.ticker = fields.text(member)
      case "isin": security.isin = fields.text(member)
      case "cusip": security.cusip = fields.text(member)
      case "type": security.type = fields.text(member)
      case "is_cash_equivalent": security.isCashEquivalent = fields.bool(member)
      case "close_price": security.closePrice = fields.decimal(member)
      case "close_price_as_of": security.closePriceOn = fields.day(member)
      case "iso_currency_code": iso = member.value
      case "unofficial_currency_code": unofficial = member.value
      default: fields.keep(member)
      }
    }
    security.currency = fields.currency(iso: iso, unofficial: unofficial)
    security.rest = fields.restText
    return security
  }

  static func transaction(_ node: JSONNode) -> Result<FeedInvestmentTransaction, Unreadable> {
    let id = node["investment_transaction_id"]?.identity
    let accountID = node["account_id"]?.identity
    guard let id, let accountID, let amount = node["amount"]?.decimal, let bookedOn = node["date"]?.day else {
      let reason = "unreadable: an id, the amount or the date"
      return .failure(Unreadable(row: FeedUnreadable(id: id, reason: reason, raw: node.raw, accountID: accountID)))
    }
    // Plaid counts cash that leaves the account, as for a purchase, as positive.
    var row = FeedInvestmentTransaction(
      id: id, accountID: accountID, bookedOn: bookedOn, name: "(no description)", quantity: .zero, amount: -amount,
      type: "other", raw: node.raw)
    var fields = FieldReader()
    var (iso, unofficial): (JSONNode?, JSONNode?)
    node.forEachMember { member in
      if member.value.isNull { return }
      switch member.key {
      case "investment_transaction_id", "account_id", "amount", "date": break
      case "security_id": row.securityID = fields.text(member)
      case "name": row.name = fields.text(member) ?? row.name
      case "quantity": row.quantity = fields.decimal(member) ?? .zero
      case "price": row.price = fields.decimal(member)
      case "fees": row.fees = fields.decimal(member)
      case "type": row.type = fields.text(member) ?? row.type
      case "subtype": row.subtype = fields.text(member)
      case "iso_currency_code": iso = member.value
      case "unofficial_currency_code": unofficial = member.value
      default: fields.keep(member)
      }
    }
    row.currency = fields.currency(iso: iso, unofficial: unofficial)
    row.rest = fields.restText
    return .success(row)
  }
}
