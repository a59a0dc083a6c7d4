import Basics
import Crypto
import Databases
import Finance
import JSON
import Store

/// What an access token says: who, through what, in which household. What they may do is asked of the database.
struct AccessClaims: Sendable, Equatable {
  enum Via: Sendable, Equatable {
    case session(ID<SignIn>)
    case apiKey(ID<APIKey>)
  }

  var user: ID<User>
  var via: Via
  var expiresAt: Timestamp
}

/// Signs access tokens and checks them. Keys are sealed in the database, changed every month, and shared by whoever runs
/// on it.
final class TokenSigning: Sendable {
  static let lifetime = Duration.seconds(600)
  private static let issuer = "magpie"
  /// A token that was checked is known by its digest until it runs out: a signature costs as much as a small query.
  private static let knownMax = 4_096

  private struct Key: Sendable {
    var id: String
    var key: ES256.PrivateKey
    var madeAt: Timestamp
  }
  private struct State: Sendable {
    /// The latest first.
    var keys: [Key] = []
    var known: [[UInt8]: AccessClaims] = [:]
    var readAt: Timestamp?
  }

  private let database: any Database
  private let world: World
  private let sealing: Banks.Sealing
  private let state = Locked(State())

  init(database: any Database, world: World, sealing: Banks.Sealing) {
    self.database = database
    self.world = world
    self.sealing = sealing
  }

  func sign(_ claims: AccessClaims) async throws -> Secret<String> {
    let key = try await current()
    var body: JSONValue = [
      "iss": .string(Self.issuer), "aud": .string(Self.issuer), "sub": .string("\(claims.user)"),
      "iat": .int(Int(world.now().seconds)), "exp": .int(Int(claims.expiresAt.seconds)),
      "jti": .string(RandomBytes.token(bytes: 12)),
    ]
    switch claims.via {
    case .session(let id): body["sid"] = .string("\(id)")
    case .apiKey(let id): body["key"] = .string("\(id)")
    }
    return Secret(JWT.signed(claims: body.serialized(), keyID: key.id, key: key.key))
  }

  /// Nil for whatever is not a token of ours that is good now.
  func claims(_ text: String) async throws -> AccessClaims? {
    let (digest, now) = (Hash.sha256(text), world.now())
    if let known = state.withLock({ $0.known[digest] }) { return known.expiresAt > now ? known : nil }
    guard let token = try? JWT(text), let header = try? JSONValue.parse(token.header),
      header["typ"]?.string == "JWT", header.members.allSatisfy({ ["alg", "kid", "typ"].contains($0.key) }),
      let id = header["kid"]?.string, let key = try await key(id),
      let bytes = try? token.claims(verifiedBy: key.key.publicKey, algorithm: header["alg"]?.string),
      let claims = Self.read(bytes, now: now)
    else { return nil }
    state.withLock { state in
      if state.known.count >= Self.knownMax { state.known.removeAll(keepingCapacity: true) }
      state.known[digest] = claims
    }
    return claims
  }

  /// What follows a refresh token: always the same, and known to nobody without the signing key.
  func successor(of token: Secret<String>) async throws -> Secret<String> {
    let key = Hash.sha256(Array("magpie refresh 1".utf8) + (try await current().key.scalar.reveal))
    return Secret("mgr_" + Base64URL.encode(HMAC.sha256(key: key, Array(token.reveal.utf8))))
  }

  private static func read(_ bytes: [UInt8], now: Timestamp) -> AccessClaims? {
    guard let body = try? JSONValue.parse(bytes), body["iss"]?.string == issuer, body["aud"]?.string == issuer,
      let user = body["sub"]?.string.flatMap({ ID<User>($0) }), let issued = body["iat"]?.int,
      let expires = body["exp"]?.int, issued <= Int(now.seconds) + 60, expires > Int(now.seconds),
      expires - issued <= Int(lifetime.components.seconds), body["jti"]?.string != nil
    else { return nil }
    let expiresAt = Timestamp(seconds: Int64(expires))
    if let id = body["sid"]?.string.flatMap({ ID<SignIn>($0) }) {
      return AccessClaims(user: user, via: .session(id), expiresAt: expiresAt)
    }
    guard let id = body["key"]?.string.flatMap({ ID<APIKey>($0) }) else { return nil }
    return AccessClaims(user: user, via: .apiKey(id), expiresAt: expiresAt)
  }

  /// The key that signs now, made when there is none or when it has signed long enough.
  private func current() async throws -> Key {
    let now = world.now()
    func isFresh(_ key: Key) -> Bool { now - key.madeAt < SigningKeys.signingTime }
    if let key = state.withLock({ $0.keys.first }), isFresh(key) { return key }
    try await load()
    if let key = state.withLock({ $0.keys.first }), isFresh(key) { return key }
    let sealing = sealing
    let fresh = Key(id: "k" + Hex.encode(RandomBytes.make(8)), key: .generate(), madeAt: now)
    try await database.write { session in
      // Somebody else may have been faster.
      let latest = try SigningKeys.all(now: now, session).first
      guard latest.map({ now - $0.madeAt >= SigningKeys.signingTime }) ?? true else { return }
      let plain = Secret(Base64URL.encode(fresh.key.scalar.reveal))
      let box = try sealing.seal(plain, SealedTokens.associatedData(signingKey: fresh.id))
      try SigningKeys.insert(StoredSigningKey(id: fresh.id, box: box, madeAt: now), now: now, session)
    }
    try await load()
    guard let key = state.withLock({ $0.keys.first }) else { throw ProblemKind.internalError.problem() }
    return key
  }

  private func key(_ id: String) async throws -> Key? {
    if let key = state.withLock({ $0.keys.first { $0.id == id } }) { return key }
    // Another process may have made it; whoever makes ids up does not make us read more often.
    let now = world.now()
    let isDue = state.withLock { state in state.readAt.map { now - $0 >= .seconds(5) } ?? true }
    guard isDue else { return nil }
    try await load()
    return state.withLock { $0.keys.first { $0.id == id } }
  }

  private func load() async throws {
    let (now, sealing) = (world.now(), sealing)
    let stored = try await database.read { try SigningKeys.all(now: now, $0) }
    let keys = try stored.compactMap { stored -> Key? in
      let text = try sealing.open(stored.box, SealedTokens.associatedData(signingKey: stored.id))
      guard let scalar = Base64URL.decode(text.reveal), let key = ES256.PrivateKey(scalar: Secret(scalar)) else {
        return nil
      }
      return Key(id: stored.id, key: key, madeAt: stored.madeAt)
    }
    state.withLock { state in
      state.keys = keys
      state.readAt = now
    }
  }
}
