import Basics
import Finance
import HTTP
import JSON

/// Plaid Link's stand-in: plain pages on which a person picks a bank, signs in and chooses accounts.
///
/// Plaid's own Link can only be loaded from Plaid. This one goes through the same stations, ends with the same public
/// token and shows the same failures; it needs no script, and no resource from anywhere else.
enum FakeLink {
  static let path = "/fake-link"
  static let submitPath = "/fake-link/submit"

  /// The fields of a form or a query, each by its first value, and all chosen accounts.
  struct Form: Sendable {
    var fields: [(name: String, value: String)]

    init(_ request: Request) {
      let body = request.method == "POST" ? String(decoding: request.body, as: UTF8.self) : ""
      fields = request.query + Request("POST", "/?" + body).query
    }

    subscript(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
  }

  /// What a step of the conversation shows next.
  enum Next: Sendable {
    case institutions(query: String)
    case credentials(Refusal?)
    /// The bank's own page of consent.
    case consent
    case secondFactor(Refusal?)
    case accounts(Refusal?)
    /// Nothing more can be done at this bank.
    case dead(Refusal)
    case done
  }
}

extension SandboxWorld {
  mutating func link(_ request: Request) -> Reply {
    let isProgram = request.headers["Accept"] == "application/json"
    switch visit(request) {
    case .refused(let words, let status):
      return isProgram ? Self.over(words) : Reply(html: LinkPages.broken(words), status: status)
    case .at(let next, let token, let session):
      return isProgram ? told(next, token, session) : page(next, token, session)
    }
  }

  /// Where a request leads.
  private enum Place {
    case refused(String, status: Int)
    case at(FakeLink.Next, token: String, session: Int)
  }

  private mutating func visit(_ request: Request) -> Place {
    let form = FakeLink.Form(request)
    guard ["GET", "POST"].contains(request.method), request.body.count <= 64 << 10 else {
      return .refused("This page cannot be called like that.", status: 405)
    }
    guard let token = linkTokens[form["token"]], now < token.expiresAt else {
      return .refused("This link is not valid any more. Please start again in the app.", status: 404)
    }
    if request.method == "GET" || request.path == FakeLink.path { return openLink(token, form) }
    guard let session = token.sessions.firstIndex(where: { $0.id == form["session"] }) else {
      return .refused("This visit has ended. Please start again in the app.", status: 404)
    }
    guard case .open = token.sessions[session].outcome else {
      return .at(.done, token: token.text, session: session)
    }
    return .at(step(form, token.text, session), token: token.text, session: session)
  }

  private mutating func openLink(_ token: LinkToken, _ form: FakeLink.Form) -> Place {
    if let known = token.sessions.firstIndex(where: { $0.id == form["session"] }) {
      return .at(.institutions(query: form["q"]), token: token.text, session: known)
    }
    let number = token.sessions.count
    var session = LinkSession(id: naming.uuid("session", token.text, String(number)), startedAt: now)
    session.institution = token.institutionID
    linkTokens[token.text]?.sessions.append(session)
    note("OPEN", token.text, number)
    guard let id = token.institutionID, let institution = Institution.named(id) else {
      return .at(.institutions(query: ""), token: token.text, session: number)
    }
    return .at(choose(institution, token.text, number), token: token.text, session: number)
  }

  // MARK: - Steps

  private mutating func step(_ form: FakeLink.Form, _ token: String, _ session: Int) -> FakeLink.Next {
    switch form["step"] {
    case "institution":
      guard let institution = Institution.named(form["institution"]) else { return .institutions(query: "") }
      linkTokens[token]?.sessions[session].institution = institution.id
      return choose(institution, token, session)
    case "consent": return signedIn("user_good", "pass_good", token, session)
    case "credentials":
      linkTokens[token]?.sessions[session].tellsRepair = form["login_repaired"] == "yes"
      return signedIn(form["username"], form["password"], token, session)
    case "mfa": return answered(form, token, session)
    case "accounts": return chosen(form, token, session)
    case "exit":
      finishSession(token, session, .exited(nil))
      return .done
    default: return .institutions(query: form["q"])
    }
  }

  private mutating func choose(_ institution: Institution, _ token: String, _ session: Int) -> FakeLink.Next {
    note("SELECT_INSTITUTION", token, session)
    do throws(Refusal) {
      try reach(institution)
      return institution.usesOAuth ? .consent : .credentials(nil)
    } catch {
      noteError(error, token, session)
      return .dead(error)
    }
  }

  private mutating func signedIn(
    _ username: String, _ password: String, _ token: String, _ session: Int
  ) -> FakeLink.Next {
    guard let place = linkTokens[token],
      let institution = place.sessions[session].institution.flatMap(Institution.named)
    else { return .institutions(query: "") }
    do throws(Refusal) {
      let signIn = try SignIn.make(username, password, at: institution)
      if let item = place.item.flatMap({ items[$0] }), item.customer.signIn.username != signIn.username {
        throw Refusal.named("INVALID_UPDATED_USERNAME") ?? SignIn.wrongCredentials
      }
      linkTokens[token]?.sessions[session].username = username
      linkTokens[token]?.sessions[session].password = password
      linkTokens[token]?.sessions[session].roundsDone = 0
      if signIn.secondFactor != nil { return .secondFactor(nil) }
      return afterSignIn(token, session)
    } catch {
      noteError(error, token, session)
      return error.type == "INSTITUTION_ERROR" ? .dead(error) : .credentials(error)
    }
  }

  private mutating func answered(_ form: FakeLink.Form, _ token: String, _ session: Int) -> FakeLink.Next {
    guard let (signIn, _) = signIn(token, session), let round = linkTokens[token]?.sessions[session].roundsDone else {
      return .credentials(nil)
    }
    let (rounds, each) = signIn.rounds
    let isRight = (0..<each).allSatisfy { form["answer\($0)"] == signIn.answer(round: round, question: $0) }
    guard isRight else {
      let refusal = Refusal.named("INVALID_MFA") ?? SignIn.wrongCredentials
      noteError(refusal, token, session)
      return .secondFactor(refusal)
    }
    linkTokens[token]?.sessions[session].roundsDone = round + 1
    return round + 1 < rounds ? .secondFactor(nil) : afterSignIn(token, session)
  }

  /// Update mode asks for accounts only when it was told to.
  private mutating func afterSignIn(_ token: String, _ session: Int) -> FakeLink.Next {
    guard let place = linkTokens[token], let id = place.item, !place.selectsAccounts else { return .accounts(nil) }
    repairSignIn(id, token, session)
    return .done
  }

  private mutating func chosen(_ form: FakeLink.Form, _ token: String, _ session: Int) -> FakeLink.Next {
    guard let place = linkTokens[token], let (signIn, institution) = signIn(token, session),
      signIn.secondFactor == nil || place.sessions[session].roundsDone >= signIn.rounds.rounds
    else { return .credentials(nil) }
    let keys = Set(form.all("account"))
    guard !keys.isEmpty else { return .accounts(Refusal.named("NO_ACCOUNTS")) }
    if let id = place.item {
      keep(.selected(item: id, keys: keys.sorted()))
      selectAccounts(keys, of: id)
      repairSignIn(id, token, session)
      return .done
    }
    do throws(Refusal) {
      try SandboxEndpoints.checkInitial(place.products, at: institution)
      let customer = try Customer(
        signIn, at: institution, naming: naming, since: since, today: CalendarDate(utc: now))
      let products = place.products + place.optional.filter(institution.products.contains)
      let made = finishLink(
        .init(
          institution: institution, customer: customer, products: products,
          consented: institution.usesOAuth ? products + place.consented : nil, webhook: place.webhook,
          daysRequested: place.daysRequested, selected: keys))
      finishSession(token, session, .finished(publicToken: made.text, item: made.item))
      return .done
    } catch {
      noteError(error, token, session)
      return .dead(error)
    }
  }

  private mutating func repairSignIn(_ id: String, _ token: String, _ session: Int) {
    let tells = linkTokens[token]?.sessions[session].tellsRepair ?? false
    keep(.repaired(item: id, tells: tells))
    repairLogin(id, tells: tells)
    finishSession(token, session, .repaired)
  }

  /// Who signed in earlier in this session, and where.
  func signIn(_ token: String, _ session: Int) -> (SignIn, Institution)? {
    guard let visit = linkTokens[token]?.sessions[session], let username = visit.username,
      let password = visit.password,
      let institution = visit.institution.flatMap(Institution.named),
      let signIn = try? SignIn.make(username, password, at: institution)
    else { return nil }
    return (signIn, institution)
  }
}
