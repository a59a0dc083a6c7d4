import Basics
import Crypto
import Databases
import Finance
import HTTP
import Store

/// Who asks: from a bearer token, a key, or the cookie of a browser.
extension Identity {
  /// `__Host-`: browsers send it back to this host alone, over TLS alone.
  static let cookie = "__Host-magpie"
  static let apiKeyPrefix = "mgk_"
  /// Being seen is written down at most this often.
  private static let seenPause = Duration.seconds(60)

  /// - Parameter doorkeeper: Knows the token of the installation.
  /// - Throws: 401 for whoever cannot show who they are.
  func caller(_ request: Request, _ doorkeeper: Doorkeeper) async throws -> Caller {
    let named = request.headers["Magpie-Household"]
    if !request.headers.all("Authorization").isEmpty {
      // Whoever shows a token means it: a cookie that comes along counts nothing.
      guard let shown = Door.bearer(of: request) else { throw ProblemKind.unauthorized.problem() }
      if let owner = try? doorkeeper.admit(request) { return owner }
      if shown.hasPrefix(Self.apiKeyPrefix) { return try await caller(known(.keyHash(Hash.sha256(shown))), named) }
      return try await token(shown, named)
    }
    guard let cookie = Self.cookie(of: request) else { throw ProblemKind.unauthorized.problem() }
    return try await browser(request, cookie, named)
  }

  private func token(_ text: String, _ named: String?) async throws -> Caller {
    guard let claims = try await signing.claims(text) else { throw ProblemKind.unauthorized.problem() }
    let found =
      switch claims.via {
      case .session(let id): try await known(.session(id))
      case .apiKey(let id): try await known(.apiKey(id))
      }
    guard found.standing.user == claims.user else { throw ProblemKind.unauthorized.problem() }
    return try await caller(found, named)
  }

  private func browser(_ request: Request, _ cookie: String, _ named: String?) async throws -> Caller {
    let found = try await known(.cookie(hash: Hash.sha256(cookie)))
    if !["GET", "HEAD"].contains(request.method) { try refuseForgery(request, cookie) }
    return try await caller(found, named)
  }

  private func known(_ shown: KnownStandings.Shown) async throws -> KnownStandings.Found {
    guard let found = try await standings.found(shown, now: world.now()) else {
      throw ProblemKind.unauthorized.problem()
    }
    return found
  }

  private func caller(_ found: KnownStandings.Found, _ named: String?) async throws -> Caller {
    let (now, standing) = (world.now(), found.standing)
    let isSeen = standing.seenAt.map { now - $0 < Self.seenPause }
    let membership = Self.membership(standing, named)
    switch found.credential {
    case .session(let id):
      if !(isSeen ?? true) { try await database.write { try Sessions.see(id, now: now, $0) } }
      return Caller(
        user: standing.user, membership: membership, via: .session(id: id.description), provedAt: standing.provedAt)
    case .apiKey(let id):
      if !(isSeen ?? false) { try await database.write { try APIKeys.see(id, now: now, $0) } }
      return Caller(
        user: standing.user, membership: membership, scopes: Self.scopes(standing.scopes ?? ""),
        via: .apiKey(id: id.description))
    }
  }

  static func scopes(_ words: String) -> Set<APIScope> {
    Set(words.split(separator: " ").compactMap { APIScope(rawValue: String($0)) })
  }

  /// The household that is named, else that of the credential, else the only one.
  private static func membership(
    _ standing: Standing, _ named: String?
  ) -> Result<Caller.Membership, Problem> {
    let id: ID<Household>?
    if let named {
      id = ID<Household>(named)
    } else if let own = standing.household, standing.roles[own] != nil {
      id = own
    } else {
      id = standing.roles.count == 1 ? standing.roles.keys.first : nil
    }
    guard let id, let role = standing.roles[id] else { return .failure(ProblemKind.householdUnclear.problem()) }
    return .success(.init(scope: Scope(household: id, user: standing.user), role: role))
  }
}

/// Browsers: a cookie that scripts cannot read, and proof that a change was asked for by our own page.
extension Identity {
  static func cookie(of request: Request) -> String? {
    let pairs = request.headers.all("Cookie").flatMap { $0.split(separator: ";") }
    let values = pairs.compactMap { pair -> String? in
      let text = pair.drop { $0 == " " }
      return text.hasPrefix(cookie + "=") ? String(text.dropFirst(cookie.count + 1)) : nil
    }
    return values.count == 1 ? values.first : nil
  }

  /// - Parameter seconds: Nought takes the cookie away.
  static func setCookie(_ value: Secret<String>, seconds: Int64) -> String {
    "\(cookie)=\(value.reveal); Path=/; Max-Age=\(seconds); Secure; HttpOnly; SameSite=Lax"
  }

  /// Follows from the cookie, so that it belongs to one sign-in and is kept nowhere.
  static func csrfToken(for cookie: String) -> String {
    Base64URL.encode(HMAC.sha256(key: Array(cookie.utf8), Array("magpie csrf 1".utf8)))
  }

  private func refuseForgery(_ request: Request, _ cookie: String) throws(Problem) {
    let shown = request.headers.all("Magpie-CSRF")
    guard shown.count == 1,
      ConstantTime.equal(Array(shown[0].utf8), Array(Self.csrfToken(for: cookie).utf8)), isOurOrigin(request)
    else { throw ProblemKind.forgeryRefused.problem() }
  }

  /// Browsers say where a request comes from in one header or the other; one that says neither is none.
  func isOurOrigin(_ request: Request) -> Bool {
    if let site = request.headers["Sec-Fetch-Site"] { return site == "same-origin" }
    guard let origin = request.headers["Origin"]?.lowercased() else { return false }
    if origin == publicOrigin { return true }
    guard let host = request.headers["Host"]?.lowercased() else { return false }
    return origin == "http://\(host)" || origin == "https://\(host)"
  }
}
