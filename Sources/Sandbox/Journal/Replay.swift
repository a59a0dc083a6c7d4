import Basics
import Finance
import JSON

/// Writing down what leaves a mark, and doing again what was written down.
extension SandboxWorld {
  /// Notes a fact, where somebody keeps them.
  mutating func keep(_ fact: Fact) {
    if keepsFacts { facts.append(.init(at: now, count: requestCount, fact: fact)) }
  }

  /// Notes a call if it left a mark on an Item.
  mutating func keep(_ fact: @autoclosure () -> Fact, ifChanged item: String?, since before: Item.Mark?) {
    guard keepsFacts, let item, items[item]?.mark != before else { return }
    keep(fact())
  }

  mutating func takeFacts() -> [Journal.Entry] {
    defer { facts = [] }
    return facts
  }

  /// Does again what this or another process did.
  ///
  /// No webhook tells of it: whoever did it the first time sent them.
  /// - Returns: Whether this program knows how.
  mutating func redo(_ entry: Journal.Entry) -> Bool {
    advance(to: entry.at)
    let count = requestCount
    let (wasMuted, wasKept) = (webhooks.isMuted, keepsFacts)
    (webhooks.isMuted, keepsFacts) = (true, false)
    requestCount = entry.count
    defer {
      (webhooks.isMuted, keepsFacts) = (wasMuted, wasKept)
      requestCount = max(count, entry.count)
    }
    return redo(entry.fact)
  }

  private mutating func redo(_ fact: Fact) -> Bool {
    switch fact {
    case .linked(let opening): return redo(opening)
    case .exchanged(let id): publicTokens[publicToken(of: id)] = nil
    case .called(let path, let id, let body):
      guard let endpoint = Endpoint.all[path], let item = items[id] else { return false }
      // A refusal is a repetition too: the call left its mark before it was refused.
      _ = try? endpoint.answer(&self, Body(body.setting("access_token", .string(item.accessToken))))
    case .pulled(let path, let body):
      guard let lever = Control.levers[path] else { return false }
      _ = try? lever.pull(&self, Body(body))
    case .selected(let id, let keys): selectAccounts(Set(keys), of: id)
    case .repaired(let id, let tells): repairLogin(id, tells: tells)
    case .mutated(let id): mutate(id)
    }
    return true
  }

  private mutating func redo(_ opening: Fact.Opening) -> Bool {
    guard let institution = Institution.named(opening.institution),
      let signIn = try? SignIn.make(opening.username, opening.description ?? "pass_good", at: institution),
      let customer = try? Customer(
        signIn, at: institution, naming: naming, since: since, today: CalendarDate(utc: now))
    else { return false }
    _ = finishLink(
      .init(
        institution: institution, customer: customer, products: opening.products, consented: opening.consented,
        webhook: opening.webhook, daysRequested: opening.daysRequested, selected: opening.selected.map { Set($0) }))
    return true
  }
}

extension Item {
  /// What an Item looks like to whoever wants to know whether a call changed it for good.
  struct Mark: Equatable {
    var tokenGeneration: Int
    var webhook: String?
    var billed: [String]
    var trouble: Refusal?
    var isRemoved: Bool
    var daysRequested: Int
    var readiness: Readiness
    var isArmed: Bool
    var selected: Set<String>
    var vanished: Set<String>
    var accountGeneration: Int
    var verification: [String: String]
    var logEnd: Int
    var refreshes: Int
    var lastUpdate: Timestamp?
    var consentEndsAt: Timestamp?
  }

  var mark: Mark {
    Mark(
      tokenGeneration: tokenGeneration, webhook: webhook, billed: billed, trouble: trouble, isRemoved: isRemoved,
      daysRequested: daysRequested, readiness: readiness, isArmed: isArmed, selected: selected, vanished: vanished,
      accountGeneration: accountGeneration, verification: verification, logEnd: ledger.log.end, refreshes: refreshes,
      lastUpdate: lastUpdate, consentEndsAt: consentEndsAt)
  }
}
