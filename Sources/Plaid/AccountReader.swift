import Finance
import JSON

/// Reads accounts, and says in our kinds what Plaid says in types and subtypes.
enum AccountReader {
  /// Nil without an id.
  static func account(_ node: JSONNode, isLive: Bool) -> FeedAccount? {
    guard let id = node["account_id"]?.identity else { return nil }
    var account = FeedAccount(id: id, name: "", kind: .otherAsset, type: "other", isLive: isLive)
    var fields = FieldReader()
    var name: String?
    var balances: JSONMember?
    node.forEachMember { member in
      if member.value.isNull { return }
      switch member.key {
      case "account_id": break
      case "persistent_account_id": account.persistentID = fields.text(member)
      case "name": name = fields.text(member)
      case "official_name": account.officialName = fields.text(member)
      case "mask": account.mask = fields.text(member)
      case "type": account.type = fields.text(member) ?? "other"
      case "subtype": account.subtype = fields.text(member)
      case "balances": balances = member
      default: fields.keep(member)
      }
    }
    account.name = name ?? account.officialName ?? "(no name)"
    account.kind = kind(type: account.type, subtype: account.subtype)
    if let balances { take(balances, into: &account, &fields) }
    account.rest = fields.restText
    return account
  }

  /// Plaid shows debts as positive numbers; the owner sees them as negative ones.
  private static func take(_ member: JSONMember, into account: inout FeedAccount, _ fields: inout FieldReader) {
    var parts = FieldReader()
    var (iso, unofficial): (JSONNode?, JSONNode?)
    member.value.forEachMember { part in
      if part.value.isNull { return }
      switch part.key {
      case "current": account.current = parts.decimal(part).map { account.kind.isDebt ? -$0 : $0 }
      case "available": account.available = parts.decimal(part)
      case "limit": account.limit = parts.decimal(part)
      case "iso_currency_code": iso = part.value
      case "unofficial_currency_code": unofficial = part.value
      case "last_updated_datetime": account.balanceAt = parts.instant(part)
      default: parts.keep(part)
      }
    }
    account.currency = parts.currency(iso: iso, unofficial: unofficial)
    if member.value.kind != .object || parts.restText != nil { fields.keep(member) }
  }

  /// By both words: `hsa`, `paypal`, `line of credit` and `other` occur under two types.
  static func kind(type: String, subtype: String?) -> AccountKind {
    let subtype = (subtype ?? "").lowercased()
    switch type {
    case "depository": return depository[subtype] ?? .checking
    case "credit": return .creditCard
    case "loan": return subtype == "mortgage" ? .mortgage : subtype == "student" ? .studentLoan : .loan
    case "investment", "brokerage":
      if subtype == "hsa" { return .healthSavings }
      if subtype == "line of credit" { return .loan }
      return retirement.contains(subtype) ? .retirement : .investment
    default: return .otherAsset
    }
  }

  private static let depository: [String: AccountKind] = [
    "checking": .checking, "limited purpose checking": .checking, "savings": .savings, "money market": .moneyMarket,
    "cash management": .cashManagement, "cd": .deposit, "hsa": .healthSavings, "prepaid": .prepaid, "ebt": .prepaid,
    "paypal": .cashManagement,
  ]

  private static let retirement: Set<String> = [
    "401a", "401k", "403b", "457b", "ira", "keogh", "lif", "lira", "lrif", "lrsp", "pension", "prif",
    "profit sharing plan", "retirement", "rlif", "roth", "roth 401k", "roth 403b", "roth 457b", "roth pension",
    "roth profit sharing plan", "roth thrift savings plan", "rrif", "rrsp", "sarsep", "sep ira", "simple ira", "sipp",
    "thrift savings plan",
  ]
}
