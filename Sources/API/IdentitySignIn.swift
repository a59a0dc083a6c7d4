import Basics
import Crypto
import Databases
import Finance
import Store

/// Signing in, and going on being signed in.
extension Identity {
  /// What a person shows to be let in.
  struct Proof: Sendable {
    var email: String
    var password: Secret<String>
    /// Six digits, or a recovery code.
    var code: Secret<String>?
  }

  /// What a program gets.
  struct Tokens: Sendable {
    var access: Secret<String>
    var refresh: Secret<String>?
    var scopes: Set<APIScope>
  }

  /// What a browser gets.
  struct BrowserSession: Sendable {
    var cookie: Secret<String>
    var csrf: String
  }

  /// Checks a password and, where there is one, the second factor.
  ///
  /// Unknown people, wrong passwords and wrong codes get one answer, after the same time.
  func prove(_ proof: Proof, _ trail: Trail) async throws -> StoredCredential {
    let email = Users.folded(email: proof.email) ?? ""
    let peer = trail.peer
    try refuseIfTooSoon(email, peer)
    let known = try await database.read { try Users.credential(email: email, $0) }
    if known == nil, try await !database.read({ try Users.hasAny($0) }) { throw ProblemKind.setupNeeded.problem() }
    let isRight = try await verify(proof.password, against: known?.passwordHash)
    guard isRight, let known else { throw try await failed(known?.user, email, trail) }
    if known.hasSecondFactor {
      guard let code = proof.code else { throw ProblemKind.secondFactorNeeded.problem() }
      guard try await takes(code, known) else { throw try await failed(known.user, email, trail) }
    }
    throttle.withLock { $0.succeed(email: email, peer: peer) }
    if passwords.needsRehash(known.passwordHash) {
      let fresh = try await hash(proof.password)
      try await database.write { try Users.renewHash(known.user, from: known.passwordHash, to: fresh, $0) }
    }
    return known
  }

  func refuseIfTooSoon(_ email: String, _ peer: String) throws(Problem) {
    let now = world.now()
    guard slowsGuesses, let pause = throttle.withLock({ $0.pause(email: email, peer: peer, now: now) }) else { return }
    throw ProblemKind.rateLimited.problem(detail: "Try again in \(max(1, pause.components.seconds)) seconds.")
  }

  func failed(_ user: ID<User>?, _ email: String, _ trail: Trail) async throws -> Problem {
    let now = world.now()
    throttle.withLock { $0.fail(email: email, peer: trail.peer, now: now) }
    // Written for nobody too, so that it takes the same time.
    try await database.write { session in
      if let user { try note("sign_in.refused", about: user, trail, session) }
    }
    return ProblemKind.signInRefused.problem()
  }

  /// Takes a code for good.
  func takes(_ code: Secret<String>, _ known: StoredCredential) async throws -> Bool {
    let now = world.now()
    if let box = known.totpBox {
      let secret = try open(box, of: known.user)
      if let step = TOTP.accept(code, secret, at: now, after: known.totpStep) {
        return try await database.write { try SecondFactors.use(step: step, known.user, $0) }
      }
    }
    let hash = Hash.sha256(RecoveryCode.folded(code).reveal)
    return try await database.write { try SecondFactors.useCode(hash, known.user, now: now, $0) }
  }

  func open(_ box: [UInt8], of user: ID<User>) throws -> Secret<[UInt8]> {
    let text = try sealing.open(box, SealedTokens.associatedData(secondFactorOf: user))
    return Secret(Base64URL.decode(text.reveal) ?? [])
  }

  func signIn(_ proof: Proof, _ trail: Trail) async throws -> Tokens {
    let known = try await prove(proof, trail)
    return try await tokens(for: known.user, trail)
  }

  /// Begins a sign-in for somebody who has shown who they are.
  func tokens(for user: ID<User>, _ trail: Trail) async throws -> Tokens {
    let refresh = Secret("mgr_" + RandomBytes.token())
    let hash = Hash.sha256(refresh.reveal)
    let id = try await begin(user, cookieHash: nil, trail) { [world] id, session in
      try Sessions.keepRefreshToken(hash, id, now: world.now(), session)
    }
    return Tokens(access: try await access(user, .session(id)), refresh: refresh, scopes: Set(APIScope.allCases))
  }

  func signInBrowser(_ proof: Proof, _ trail: Trail) async throws -> BrowserSession {
    let known = try await prove(proof, trail)
    let cookie = Secret(RandomBytes.token())
    _ = try await begin(known.user, cookieHash: Hash.sha256(cookie.reveal), trail) { _, _ in }
    return BrowserSession(cookie: cookie, csrf: Self.csrfToken(for: cookie.reveal))
  }

  private func begin(
    _ user: ID<User>, cookieHash: [UInt8]?, _ trail: Trail,
    _ more: @escaping @Sendable (ID<SignIn>, any Session) throws -> Void
  ) async throws -> ID<SignIn> {
    let (now, id) = (world.now(), world.newID(SignIn.self))
    try await database.write { session in
      let household = try Memberships.households(of: user, session).first?.id
      try Sessions.insert(
        NewSession(
          id: id, user: user, household: household, cookieHash: cookieHash, client: trail.client, peer: trail.peer),
        now: now, session)
      try more(id, session)
      try note("sign_in.done", about: user, trail, session)
    }
    return id
  }

  private func access(_ user: ID<User>, _ via: AccessClaims.Via) async throws -> Secret<String> {
    try await signing.sign(
      AccessClaims(user: user, via: via, expiresAt: world.now() + TokenSigning.lifetime))
  }

  /// One refresh token for the next. One that was used before ends the sign-in: somebody else has it too.
  func refresh(_ token: Secret<String>, _ trail: Trail) async throws -> Tokens {
    let successor = try await signing.successor(of: token)
    let (old, new, now) = (Hash.sha256(token.reveal), Hash.sha256(successor.reveal), world.now())
    let exchange = try await database.write { session in
      let exchange = try Sessions.exchange(old, successor: new, now: now, session)
      if case .stolen(_, let user) = exchange { try note("sign_in.token_reused", about: user, trail, session) }
      return exchange
    }
    guard case .done(let id) = exchange.settled,
      let standing = try await database.read({ try Sessions.standing(id, now: now, $0) })
    else { throw ProblemKind.signInRefused.problem() }
    return Tokens(
      access: try await access(standing.user, .session(id)), refresh: successor, scopes: Set(APIScope.allCases))
  }

  /// An access token in place of a key, for programs that want to send the key seldom.
  func exchange(key: Secret<String>) async throws -> Tokens {
    let (hash, now) = (Hash.sha256(key.reveal), world.now())
    guard let found = try await database.read({ try APIKeys.standing(hash: hash, now: now, $0) }) else {
      throw ProblemKind.signInRefused.problem()
    }
    try await database.write { try APIKeys.see(found.id, now: now, $0) }
    return Tokens(
      access: try await access(found.standing.user, .apiKey(found.id)), refresh: nil,
      scopes: Self.scopes(found.standing.scopes ?? ""))
  }

  /// Proves again who a person is: for five minutes they may do what cannot be undone.
  func confirm(_ caller: Caller, _ password: Secret<String>, _ code: Secret<String>?, _ trail: Trail) async throws {
    let id = try session(of: caller)
    guard let own = try await database.read({ try Users.credential(of: caller.user, $0) }) else {
      throw ProblemKind.signInNeeded.problem()
    }
    _ = try await prove(Proof(email: own.email, password: password, code: code), trail)
    let now = world.now()
    try await database.write { try Sessions.prove(id, now: now, $0) }
  }

  func session(of caller: Caller) throws(Problem) -> ID<SignIn> {
    guard case .session(let text) = caller.via, let id = ID<SignIn>(text) else {
      throw ProblemKind.signInNeeded.problem()
    }
    return id
  }
}

extension Sessions.Exchange {
  /// An answer that was lost on its way is given again.
  fileprivate var settled: Sessions.Exchange {
    if case .again(let id) = self { return .done(id) }
    return self
  }
}

/// Codes on paper: ten groups of letters that are hard to mistake.
enum RecoveryCode {
  static let count = 10

  /// Eighty random bits, in groups of four.
  static func make() -> Secret<String> {
    let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)
    var letters: [UInt8] = []
    while letters.count < 16 {
      // Bytes beyond the last whole multiple would make some letters more likely.
      for byte in RandomBytes.make(24) where byte < 248 && letters.count < 16 {
        letters.append(alphabet[Int(byte) % alphabet.count])
      }
    }
    let groups = stride(from: 0, to: 16, by: 4).map { String(decoding: letters[$0..<$0 + 4], as: UTF8.self) }
    return Secret(groups.joined(separator: "-"))
  }

  /// As it is hashed: however it was typed.
  static func folded(_ code: Secret<String>) -> Secret<String> {
    Secret(String(code.reveal.lowercased().filter { $0.isLetter || $0.isNumber }))
  }
}
