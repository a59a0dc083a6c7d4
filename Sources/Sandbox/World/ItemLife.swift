import Basics
import Finance
import JSON

/// What happens to Items by themselves: history comes in, banks are asked again, sign-ins lapse.
extension SandboxWorld {
  /// Makes an Item out of a finished sign-in and starts whatever happens to it from now on.
  mutating func makeItem(_ order: Item.Order) -> Item {
    let item = Item(order, number: itemOrder.count + 1, naming: naming, at: now)
    items[item.id] = item
    itemOrder.append(item.id)
    itemIDs[item.accessToken] = item.id
    if item.hasTransactions { startTransactions(item.id) }
    agenda.add(.poll(item: item.id), at: now + Self.pollInterval)
    startLoginClock(item.id)
    if let ends = item.consentEndsAt {
      agenda.add(.consentWarning(item: item.id), at: ends - .seconds(7 * 86_400))
      agenda.add(.consentEnds(item: item.id), at: ends)
    }
    return items[item.id] ?? item
  }

  /// Sandbox sign-ins last thirty days, at a forgetful bank less.
  mutating func startLoginClock(_ id: String) {
    agenda.cancel { $0 == .loginExpires(item: id) }
    var life = Duration.seconds(30 * 86_400)
    if case .forgetful(let shorter) = items[id]?.institution.temper { life = shorter }
    agenda.add(.loginExpires(item: id), at: now + life)
  }

  /// Begins to fetch transactions; the first sync call of an Item without them does the same.
  mutating func startTransactions(_ id: String) {
    guard let item = items[id], item.readiness == .dormant else { return }
    items[id]?.readiness = .extracting
    var factor = 1
    if case .slow = item.institution.temper { factor = 10 }
    let (initial, historical) = (settings.initialDelay * factor, settings.historicalDelay * factor)
    if initial > .zero { agenda.add(.initialUpdate(item: id), at: now + initial) } else { becomeInitial(id) }
    if historical > .zero {
      agenda.add(.historicalUpdate(item: id), at: now + historical)
    } else {
      becomeHistorical(id)
    }
  }

  mutating func becomeInitial(_ id: String) {
    guard let item = items[id], !item.isRemoved, item.readiness == .extracting else { return }
    let before = item.ledger.log.end
    items[id]?.ledger.advance(to: item.moment(at: now))
    let floor = max(item.depth, item.moment(at: item.createdAt).day - 30)
    items[id]?.ledger.load(from: floor)
    items[id]?.readiness = .initial
    items[id]?.lastUpdate = now
    announce(id, "INITIAL_UPDATE", ["new_transactions": .int(newRows(id, since: before)), "error": nil])
    announceSync(id)
  }

  mutating func becomeHistorical(_ id: String) {
    guard let item = items[id], !item.isRemoved else { return }
    if item.readiness == .extracting { becomeInitial(id) }
    let before = items[id]?.ledger.log.end ?? 0
    items[id]?.ledger.advance(to: item.moment(at: now))
    items[id]?.ledger.load(from: item.depth)
    items[id]?.readiness = .historical
    items[id]?.lastUpdate = now
    announce(id, "HISTORICAL_UPDATE", ["new_transactions": .int(newRows(id, since: before)), "error": nil])
    announceSync(id)
  }

  private func newRows(_ id: String, since place: Int) -> Int {
    guard let item = items[id] else { return 0 }
    if let bulk = item.bulk { return bulk.rows }
    return item.ledger.log.changes(from: place, to: item.ledger.log.end, account: nil).count { $0.kind == .added }
  }

  /// The bank tells its news, if it is well and the sign-in still holds.
  mutating func poll(_ id: String) {
    guard let item = items[id], !item.isRemoved else { return }
    guard item.trouble == nil, item.institution.temper != .down else {
      items[id]?.lastFailure = now
      return
    }
    let moment = item.moment(at: now)
    if let longer = item.customer.longerHistory(today: moment.day) {
      items[id]?.customer.history = longer
      items[id]?.ledger.extend(with: longer.entries)
    }
    let place = item.ledger.log.end
    items[id]?.ledger.advance(to: moment)
    items[id]?.lastUpdate = now
    announceChanges(id, since: place)
  }

  /// Tells the Item's webhook of everything that was logged after a place, in the old words and the new one.
  mutating func announceChanges(_ id: String, since place: Int) {
    guard let item = items[id], item.readiness >= .initial, item.ledger.log.end > place else { return }
    let changes = item.ledger.log.changes(from: place, to: item.ledger.log.end, account: nil)
    let removed = changes.filter { $0.kind == .removed }.map(\.row.id)
    // Plaid's own order: the removals are often told before the rows that take their place.
    if !removed.isEmpty {
      announce(id, "TRANSACTIONS_REMOVED", ["removed_transactions": JSONValue(removed), "error": nil])
    }
    let added = changes.count { $0.kind == .added }
    if added > 0 { announce(id, "DEFAULT_UPDATE", ["new_transactions": .int(added), "error": nil]) }
    announceSync(id)
  }

  func statusFields(of item: Item) -> [JSONValue.Member] {
    [
      .init("initial_update_complete", .bool(item.readiness >= .initial)),
      .init("historical_update_complete", .bool(item.readiness == .historical)),
    ]
  }

  private mutating func announceSync(_ id: String) {
    guard let item = items[id], item.isArmed else { return }
    announce(id, "SYNC_UPDATES_AVAILABLE", .object(statusFields(of: item)))
  }

  /// Queues a webhook about an Item, if it has a URL to go to.
  mutating func announce(_ id: String, type: String = "TRANSACTIONS", _ code: String, _ fields: JSONValue = .object([]))
  {
    guard let item = items[id], !item.isRemoved, let url = item.webhook else { return }
    let body: JSONValue = [
      "webhook_type": .string(type), "webhook_code": .string(code), "item_id": .string(id),
      "environment": "sandbox",
    ]
    webhooks.queue(body.adding(fields.members), about: id, code: code, to: url, at: now)
    items[id]?.lastWebhook = (code, now)
  }

  // MARK: - Trouble

  mutating func breakLogin(_ id: String, _ refusal: Refusal) {
    guard let item = items[id], !item.isRemoved, item.trouble == nil else { return }
    items[id]?.trouble = refusal
    items[id]?.lastFailure = now
    announce(id, type: "ITEM", "ERROR", ["error": refusal.webhookJSON])
  }

  mutating func warnOfConsent(_ id: String) {
    guard let item = items[id], let ends = item.consentEndsAt else { return }
    if item.institution.countries.contains("US") || item.institution.countries.contains("CA") {
      announce(
        id, type: "ITEM", "PENDING_DISCONNECT",
        ["reason": "INSTITUTION_TOKEN_EXPIRATION", "disconnect_time": Wire.instant(ends)])
    } else {
      announce(id, type: "ITEM", "PENDING_EXPIRATION", ["consent_expiration_time": Wire.instant(ends)])
    }
  }

  /// The person signed in again: the Item works, and the clocks start anew.
  mutating func repairLogin(_ id: String, tells: Bool) {
    guard let item = items[id], !item.isRemoved else { return }
    items[id]?.trouble = nil
    startLoginClock(id)
    if case .expiringConsent(let life) = item.institution.temper {
      agenda.cancel { $0 == .consentWarning(item: id) || $0 == .consentEnds(item: id) }
      let ends = now + life
      items[id]?.consentEndsAt = ends
      agenda.add(.consentWarning(item: id), at: ends - .seconds(7 * 86_400))
      agenda.add(.consentEnds(item: id), at: ends)
    }
    if tells { announce(id, type: "ITEM", "LOGIN_REPAIRED") }
    poll(id)
  }
}
