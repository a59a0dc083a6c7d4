import Basics
import Finance
import HTTP
import JSON

/// How a visit to Link is written down, and whom it is told.
extension SandboxWorld {
  mutating func note(_ name: String, _ token: String, _ session: Int, _ more: [JSONValue.Member] = []) {
    guard let visit = linkTokens[token]?.sessions[session] else { return }
    var metadata = more
    if let institution = visit.institution.flatMap(Institution.named) {
      metadata += [
        .init("institution_id", .string(institution.id)), .init("institution_name", .string(institution.name)),
      ]
    }
    linkTokens[token]?.sessions[session].events.append(.init(name: name, at: now, metadata: metadata))
  }

  mutating func noteError(_ refusal: Refusal, _ token: String, _ session: Int) {
    note(
      "ERROR", token, session,
      [
        .init("error_code", .string(refusal.code)), .init("error_message", .string(refusal.message)),
        .init("error_type", .string(refusal.type)),
      ])
  }

  mutating func finishSession(_ token: String, _ session: Int, _ outcome: LinkSession.Outcome) {
    linkTokens[token]?.sessions[session].outcome = outcome
    linkTokens[token]?.sessions[session].finishedAt = now
    // Nobody needs the password any more.
    linkTokens[token]?.sessions[session].password = nil
    switch outcome {
    case .finished(_, let item):
      let metadata = items[item].map(successMetadata)
      linkTokens[token]?.sessions[session].metadata = metadata
      note("HANDOFF", token, session)
    case .exited: note("EXIT", token, session)
    case .repaired: note("HANDOFF", token, session, [.init("is_update_mode", "true")])
    case .open: break
    }
    tellWebhook(token, session)
  }

  private func successMetadata(of item: Item) -> JSONValue {
    [
      "accounts": .array(
        item.accounts.map { account in
          [
            "id": .string(item.accountID(account.key)), "mask": .string(account.mask), "name": .string(account.name),
            "subtype": .string(account.subtype), "type": .string(account.type), "verification_status": nil,
          ]
        }), "institution": LinkWire.named(item.institution),
    ]
  }

  /// Hosted Link has no page of the app to come back to: the outcome goes to the webhook.
  private mutating func tellWebhook(_ token: String, _ session: Int) {
    guard let place = linkTokens[token], place.isHosted, let url = place.webhook else { return }
    let visit = place.sessions[session]
    func body(_ code: String, _ more: [JSONValue.Member]) -> JSONValue {
      let common: JSONValue = [
        "webhook_type": "LINK", "webhook_code": .string(code), "environment": "sandbox",
        "link_session_id": .string(visit.id), "link_token": .string(token),
      ]
      return common.adding(more)
    }
    var publicTokens: [String] = []
    if case .finished(let text, _) = visit.outcome {
      publicTokens = [text]
      webhooks.queue(
        body("ITEM_ADD_RESULT", [.init("public_token", .string(text))]), about: nil, code: "ITEM_ADD_RESULT", to: url,
        at: now)
    }
    var status = "SUCCESS"
    if case .exited = visit.outcome { status = "EXITED" }
    let events = visit.events.enumerated().map { LinkWire.event($0.element, number: $0.offset, of: visit) }
    webhooks.queue(body("EVENTS", [.init("events", .array(events))]), about: nil, code: "EVENTS", to: url, at: now)
    webhooks.queue(
      body(
        "SESSION_FINISHED", [.init("public_tokens", JSONValue(publicTokens)), .init("status", .string(status))]),
      about: nil, code: "SESSION_FINISHED", to: url, at: now)
  }

  /// The person shares these accounts from now on, and no others.
  mutating func selectAccounts(_ keys: Set<String>, of id: String) {
    guard let item = items[id] else { return }
    let place = item.ledger.log.end
    items[id]?.selected = keys
    let covered = item.customer.history.accounts.filter { keys.contains($0.key) && $0.hasTransactions }
    items[id]?.ledger.cover(Set(covered.map(\.key)))
    announceChanges(id, since: place)
  }

  // MARK: - Pages

  func page(_ next: FakeLink.Next, _ token: String, _ session: Int) -> Reply {
    guard let place = linkTokens[token] else {
      return Reply(html: LinkPages.broken("This link has ended."), status: 404)
    }
    let visit = place.sessions[session]
    let pages = LinkPages(
      token: place, session: visit, institution: visit.institution.flatMap(Institution.named),
      nonce: naming.uuid("nonce", visit.id, String(requestCount)))
    var reply: Reply
    switch next {
    case .institutions(let query): reply = Reply(html: pages.institutions(query: query))
    case .credentials(let refusal): reply = Reply(html: pages.credentials(refusal))
    case .consent: reply = Reply(html: pages.consent())
    case .secondFactor(let refusal):
      guard let (signIn, _) = signIn(token, session) else { return Reply(html: pages.credentials(nil)) }
      reply = Reply(html: pages.secondFactor(signIn, round: visit.roundsDone, refusal))
    case .accounts(let refusal): reply = Reply(html: pages.accounts(accountsToOffer(token, session), refusal))
    case .dead(let refusal): reply = Reply(html: pages.dead(refusal))
    case .done:
      reply = Reply(html: pages.done())
      if let uri = place.completionURI {
        reply.status = 303
        reply.headers.append(("Location", uri))
      }
    }
    reply.headers += LinkPages.headers(nonce: pages.nonce, leadsTo: place.completionURI)
    return reply
  }

  func accountsToOffer(_ token: String, _ session: Int) -> [LinkPages.Choice] {
    if let item = linkTokens[token]?.item.flatMap({ items[$0] }) {
      return item.customer.history.accounts.map { .init(account: $0, isChosen: item.selected.contains($0.key)) }
    }
    guard let (signIn, institution) = signIn(token, session),
      let customer = try? Customer(signIn, at: institution, naming: naming, since: since, today: .init(utc: now))
    else { return [] }
    return customer.history.accounts.map { .init(account: $0, isChosen: true) }
  }
}
