import Basics
import Finance
import JSON

/// From a token to an Item that may answer, and what stands in the way.
extension SandboxWorld {
  /// The Item of a request, however it feels.
  func item(_ body: Body) throws(Refusal) -> Item {
    guard let id = itemIDs[try body.required("access_token")], let item = items[id] else { throw .accessToken }
    guard !item.isRemoved else { throw .itemNotFound }
    return item
  }

  /// The Item of a request for data: it has to be in good health.
  func workingItem(_ body: Body) throws(Refusal) -> Item {
    let item = try item(body)
    if let trouble = item.trouble { throw trouble }
    return item
  }

  /// Switches a product on for an Item, as the first call for its data does.
  mutating func use(_ product: String, of item: Item) throws(Refusal) {
    guard !item.billed.contains(product) else { return }
    guard item.institution.products.contains(product) else { throw .unsupported([product]) }
    if let consented = item.consented, !consented.contains(product) { throw .consent(product) }
    items[item.id]?.billed.append(product)
  }

  /// A call that goes through to the bank: slow banks are waited for, failing ones fail their share of calls.
  mutating func reachBank(of item: Item) throws(Refusal) {
    do throws(Refusal) {
      try reach(item.institution)
    } catch {
      items[item.id]?.lastFailure = now
      throw error
    }
  }

  mutating func reach(_ institution: Institution) throws(Refusal) {
    switch institution.temper {
    case .slow(let duration): lag += duration
    case .down: throw .institutionDown
    case .unsupported: throw .institutionUnsupported
    case .failing(let percent):
      let draw = naming.number("reach", institution.id, String(requestCount)) % 100
      if draw < UInt64(percent) { throw .institutionNotResponding }
    case .reliable, .forgetful, .expiringConsent: break
    }
  }

  /// The accounts a request names in `options.account_ids`, or all.
  func accounts(of item: Item, for body: Body) throws(Refusal) -> [BankAccount] {
    guard let wanted = body.nested("options").strings("account_ids") ?? body.strings("account_ids") else {
      return item.accounts
    }
    for id in wanted where item.account(withID: id) == nil { throw .accountID }
    return item.accounts.filter { wanted.contains(item.accountID($0.key)) }
  }
}
