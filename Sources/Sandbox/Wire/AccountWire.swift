import Basics
import Finance
import JSON

/// Accounts with their balances, as every product shows them.
extension SandboxWorld {
  /// - Parameters:
  ///   - isLive: Balances as the bank has them this instant, not as of its last news.
  ///   - hasMargin: The investments product adds a key.
  func json(of account: BankAccount, in item: Item, isLive: Bool = false, hasMargin: Bool = false) -> JSONValue {
    let balances = balances(of: account, in: item, isLive: isLive)
    let currency = account.currency
    var balanceJSON: [JSONValue.Member] = [
      .init("available", Wire.amount(balances.availableMinor, currency)),
      .init("current", Wire.amount(balances.currentMinor, currency)),
    ]
    balanceJSON += Wire.currencies(currency)
    balanceJSON.append(.init("limit", Wire.amount(balances.limitMinor, currency)))
    if hasMargin { balanceJSON.append(.init("margin_loan_amount", nil)) }
    var members: [JSONValue.Member] = [
      .init("account_id", .string(item.accountID(account.key))), .init("balances", .object(balanceJSON)),
      .init("holder_category", .string(account.holderCategory)), .init("mask", .string(account.mask)),
      .init("name", .string(account.name)), .init("official_name", JSONValue(account.officialName)),
    ]
    if let persistent = item.persistentID(account.key, naming: naming) {
      members.append(.init("persistent_account_id", .string(persistent)))
    }
    members += [.init("subtype", .string(account.subtype)), .init("type", .string(account.type))]
    if let status = item.verification[account.key] { members.append(.init("verification_status", .string(status))) }
    return .object(members)
  }

  func json(of accounts: [BankAccount], in item: Item, isLive: Bool = false, hasMargin: Bool = false) -> JSONValue {
    .array(accounts.map { json(of: $0, in: item, isLive: isLive, hasMargin: hasMargin) })
  }

  /// What an account holds: from its opening balance and its rows, so that balances and rows always agree.
  func balances(of account: BankAccount, in item: Item, isLive: Bool = false) -> BankBalances {
    var ledger = item.ledger
    if isLive { ledger.advance(to: item.moment(at: now)) }
    let custom = item.customer.custom?.accounts.first { $0.account.key == account.key }
    if account.type == "investment", custom == nil,
      let balances = item.customer.history.balances(of: account.key, on: ledger.now.day)
    {
      return balances
    }
    let sums = ledger.sums(of: account.key)
    let current = account.openingMinor + (account.isOwed ? sums.posted : -sums.posted)
    var available: Int64?
    switch account.type {
    case "credit": available = account.limitMinor.map { $0 - current - sums.pending }
    case "loan": available = nil
    default: available = current - sums.pending
    }
    if !account.reportsAvailable || custom?.hasNullAvailable == true { available = nil }
    return BankBalances(
      currentMinor: current, availableMinor: custom?.availableMinor ?? available, limitMinor: account.limitMinor)
  }
}
