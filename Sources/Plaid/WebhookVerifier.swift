package import Basics
import Crypto
import JSON

/// Why a webhook is not believed.
package enum WebhookRefusal: Error, Equatable, Sendable {
  /// No token, or not one of the kind Plaid signs with.
  case malformed
  /// Plaid does not know the key, or no longer uses it.
  case unknownKey
  case forged
  /// Signed too long ago, or in the future.
  case stale
  /// The token is genuine but belongs to another body.
  case wrongBody
  /// The key could not be asked for: the sender should try again.
  case unavailable
}

/// Decides whether a webhook comes from Plaid: its `Plaid-Verification` header is an ES256 token over the body's hash.
///
/// Within the five minutes a token lives the same webhook can be sent again, so what it causes has to bear repeating.
package final class WebhookVerifier: Sendable {
  private struct Known: Sendable {
    /// Nil for a key id that Plaid refused.
    var key: PlaidWebhookKey?
    var askedAt: Timestamp
  }

  private let fetch: @Sendable (_ keyID: String) async throws(PlaidError) -> PlaidWebhookKey
  private let now: @Sendable () -> Timestamp
  private struct State {
    var known: [String: Known] = [:]
    /// Key ids that are being asked for at this moment.
    var asking: [String: Task<Result<PlaidWebhookKey, PlaidError>, Never>] = [:]
    /// Questions after unknown key ids that may still be asked, as it was at a moment.
    var questions = WebhookVerifier.questionsMax
    var countedAt: Timestamp?
  }
  private let state = Locked(State())

  private static let ageMax = Duration.seconds(300)
  /// How far Plaid's clock may be ahead of ours.
  private static let aheadMax = Duration.seconds(60)
  /// Keys are asked for again after this, to learn when one has expired.
  private static let keyLife = Duration.seconds(86_400)
  /// A refused key id is not asked for again before this, so that forgers cannot make us call Plaid at their pace.
  private static let refusedLife = Duration.seconds(300)
  /// Plaid has a key or two at a time. Whoever invents key ids makes us ask no more often than this, and nobody else's
  /// questions wait for it: a new key of Plaid's is heard of with one of the tries of the next day.
  private static let questionsMax = 20
  private static let questionPause = Duration.seconds(15)
  private static let keysMax = 64
  private static let keyIDLengthMax = 100

  package init(
    now: @escaping @Sendable () -> Timestamp,
    fetch: @escaping @Sendable (_ keyID: String) async throws(PlaidError) -> PlaidWebhookKey
  ) {
    self.now = now
    self.fetch = fetch
  }

  package convenience init(_ client: PlaidClient) {
    self.init(now: client.world.now) { keyID throws(PlaidError) in try await client.webhookVerificationKeyGet(keyID) }
  }

  /// - Parameters:
  ///   - header: The value of `Plaid-Verification`.
  ///   - body: The bytes as received; writing the JSON anew would change the hash.
  package func verify(header: String?, body: [UInt8]) async throws(WebhookRefusal) {
    guard let header, let token = try? JWT(header), let head = try? JSONDocument(token.header).root,
      head["alg"]?.string == JWT.algorithm, let keyID = head["kid"]?.string, Self.isKeyID(keyID)
    else { throw .malformed }
    let key = try await key(keyID)
    guard let bytes = try? token.claims(verifiedBy: key.publicKey, algorithm: head["alg"]?.string) else {
      throw .forged
    }
    guard let claims = try? JSONDocument(bytes).root, let issued = claims["iat"]?.int.map({ Int64($0) }),
      let hash = claims["request_body_sha256"]?.string, (0...Self.secondsMax).contains(issued)
    else { throw .malformed }
    let age = now() - Timestamp(seconds: issued)
    guard age <= Self.ageMax, age >= .zero - Self.aheadMax else { throw .stale }
    let expected = Array(Hex.encode(Hash.sha256(body)).utf8)
    guard ConstantTime.equal(Array(hash.utf8), expected) else { throw .wrongBody }
  }

  /// The year 9999: later seconds would not fit into milliseconds for ever.
  private static let secondsMax: Int64 = 253_402_300_799

  private static func isKeyID(_ text: String) -> Bool {
    (1...keyIDLengthMax).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  private func key(_ id: String) async throws(WebhookRefusal) -> PlaidWebhookKey {
    let time = now()
    let entry = state.withLock { $0.known[id] }
    if let entry {
      let age = time - entry.askedAt
      if let key = entry.key, age < Self.keyLife { return try usable(key) }
      if entry.key == nil, age < Self.refusedLife { throw .unknownKey }
    }
    guard let asking = asking(id, isNew: entry?.key == nil, time) else { throw .unavailable }
    // After the answer is known to all, so that nobody asks in between.
    defer { state.withLock { $0.asking[id] = nil } }
    switch await asking.value {
    case .success(let key):
      remember(id, Known(key: key, askedAt: time))
      return try usable(key)
    case .failure(let error):
      guard error.code == "INVALID_WEBHOOK_VERIFICATION_KEY_ID" else { throw .unavailable }
      remember(id, Known(key: nil, askedAt: time))
      throw .unknownKey
    }
  }

  /// The question after a key, which many may wait for; nil when too many were asked.
  private func asking(
    _ id: String, isNew: Bool, _ time: Timestamp
  ) -> Task<Result<PlaidWebhookKey, PlaidError>, Never>? {
    state.withLock { state in
      if let asking = state.asking[id] { return asking }
      if isNew {
        let passed = state.countedAt.map { max(.zero, time - $0) } ?? .zero
        let more = Int(passed.milliseconds / Self.questionPause.milliseconds)
        if state.countedAt == nil || more > 0 || time < state.countedAt ?? time { state.countedAt = time }
        state.questions = min(Self.questionsMax, state.questions + more)
        guard state.questions > 0 else { return nil }
        state.questions -= 1
      }
      let asking = Task(name: "webhook key") { [fetch] () async -> Result<PlaidWebhookKey, PlaidError> in
        do throws(PlaidError) {
          return .success(try await fetch(id))
        } catch {
          return .failure(error)
        }
      }
      state.asking[id] = asking
      return asking
    }
  }

  private func usable(_ key: PlaidWebhookKey) throws(WebhookRefusal) -> PlaidWebhookKey {
    if let end = key.expiredAt, end <= now() { throw .unknownKey }
    return key
  }

  /// Refused ids go first when there is no room: a flood of them must not push out the keys in use.
  private func remember(_ id: String, _ entry: Known) {
    state.withLock { state in
      if state.known.count >= Self.keysMax, state.known[id] == nil {
        func rank(_ entry: Known) -> (Int, Timestamp) { (entry.key == nil ? 0 : 1, entry.askedAt) }
        if let oldest = state.known.min(by: { rank($0.value) < rank($1.value) }) { state.known[oldest.key] = nil }
      }
      state.known[id] = entry
    }
  }
}
