import Basics
import Crypto
import HTTP
import Plaid
import Testing

/// Tokens as Plaid makes them, and every way in which they may be wrong.
@Suite struct `A webhook` {
  static let signer = ES256.PrivateKey.derived(from: [1])
  static let now: Int64 = 1_700_000_000
  static let body = Array("{\n  \"webhook_code\": \"SYNC_UPDATES_AVAILABLE\"\n}".utf8)
  static let hash = Hex.encode(Hash.sha256(body))

  let asked = Locked(0)

  func verifier(expiredAt: Timestamp? = nil) -> WebhookVerifier {
    WebhookVerifier(now: { Timestamp(seconds: Self.now) }) { [asked] id throws(PlaidError) in
      asked.withLock { $0 += 1 }
      return PlaidWebhookKey(id: id, publicKey: Self.signer.publicKey, expiredAt: expiredAt)
    }
  }

  func signed(at: Int64 = now, hash: String = hash, key: ES256.PrivateKey = signer) -> String {
    JWT.signed(claims: Array(#"{"iat":\#(at),"request_body_sha256":"\#(hash)"}"#.utf8), keyID: "kid-1", key: key)
  }

  @Test func `signed by Plaid is believed, and its key is asked for once`() async throws {
    let verifier = verifier()
    for _ in 0..<3 { try await verifier.verify(header: signed(), body: Self.body) }
    #expect(asked.withLock { $0 } == 1)
  }

  @Test func `is believed for five minutes, and from a clock a minute ahead`() async throws {
    for age in [300, 0, -60] as [Int64] {
      try await verifier().verify(header: signed(at: Self.now - age), body: Self.body)
    }
    for age in [301, -61, 1_000_000] as [Int64] {
      await #expect(throws: WebhookRefusal.stale) {
        try await verifier().verify(header: signed(at: Self.now - age), body: Self.body)
      }
    }
  }

  @Test func `with another body is refused`() async {
    await #expect(throws: WebhookRefusal.wrongBody) {
      try await verifier().verify(header: signed(), body: Self.body + [0x20])
    }
    await #expect(throws: WebhookRefusal.wrongBody) {
      try await verifier().verify(header: signed(hash: ""), body: Self.body)
    }
  }

  @Test func `signed by another is refused`() async {
    await #expect(throws: WebhookRefusal.forged) {
      try await verifier().verify(header: signed(key: .derived(from: [2])), body: Self.body)
    }
  }

  @Test(arguments: [
    #"{"alg":"none","kid":"k"}"#, #"{"alg":"HS256","kid":"k"}"#, #"{"alg":"ES256"}"#, #"{"alg":"ES256","kid":""}"#, "x",
  ])
  func `under another header is refused, and no key is asked for`(header: String) async {
    let token = JWT.signed(
      header: Array(header.utf8), claims: Array(#"{"iat":\#(Self.now),"request_body_sha256":"\#(Self.hash)"}"#.utf8),
      key: Self.signer)
    await #expect(throws: WebhookRefusal.malformed) { try await verifier().verify(header: token, body: Self.body) }
    #expect(asked.withLock { $0 } == 0)
  }

  @Test func `without a token, or without claims, is refused`() async {
    let empty = JWT.signed(claims: Array("{}".utf8), keyID: "k", key: Self.signer)
    for header in [nil, "", "a.b.c", empty] {
      await #expect(throws: WebhookRefusal.malformed) { try await verifier().verify(header: header, body: Self.body) }
    }
  }

  @Test func `by a key that has expired is refused`() async {
    await #expect(throws: WebhookRefusal.unknownKey) {
      try await verifier(expiredAt: Timestamp(seconds: Self.now - 1)).verify(header: signed(), body: Self.body)
    }
  }

  @Test func `by a key Plaid does not know is refused, and Plaid is asked once`() async throws {
    let wire = Wire(errorBody("INVALID_WEBHOOK_VERIFICATION_KEY_ID", type: "INVALID_INPUT"), status: 400)
    let verifier = WebhookVerifier(wire.client())
    for _ in 0..<3 {
      await #expect(throws: WebhookRefusal.unknownKey) { try await verifier.verify(header: signed(), body: Self.body) }
    }
    #expect(wire.calls.count == 1)
  }

  @Test func `by whoever invents keys makes us ask Plaid seldom, and hinders nobody whose key is known`() async throws {
    let (asked, now) = (Locked<[String]>([]), Locked(Self.now))
    let verifier = WebhookVerifier(now: { Timestamp(seconds: now.withLock { $0 }) }) { id throws(PlaidError) in
      asked.withLock { $0.append(id) }
      if id == "kid-1" { return PlaidWebhookKey(id: id, publicKey: Self.signer.publicKey, expiredAt: nil) }
      let wire = Wire(errorBody("INVALID_WEBHOOK_VERIFICATION_KEY_ID", type: "INVALID_INPUT"), status: 400)
      return try await wire.client().webhookVerificationKeyGet(id)
    }
    func refusal(_ keyID: String) async -> WebhookRefusal? {
      let token = JWT.signed(claims: Array("{}".utf8), keyID: keyID, key: Self.signer)
      do {
        try await verifier.verify(header: token, body: Self.body)
        return nil
      } catch { return error }
    }
    // Many at a time wait for one answer.
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask { try? await verifier.verify(header: self.signed(), body: Self.body) }
      }
    }
    #expect(asked.withLock { $0 } == ["kid-1"])
    var refusals: [WebhookRefusal?] = []
    for number in 0..<200 { refusals.append(await refusal("invented-\(number)")) }
    #expect(refusals.count { $0 == .unknownKey } == 19, "of twenty questions one was Plaid's own")
    #expect(refusals.last == .unavailable, "it may be Plaid's: the sender tries again")
    #expect(asked.withLock { $0.count } == 20)
    try await verifier.verify(header: signed(), body: Self.body)
    now.withLock { $0 += 31 }
    for number in 200..<300 { _ = await refusal("invented-\(number)") }
    #expect(asked.withLock { $0.count } == 22, "two more in half a minute")
  }

  @Test func `is neither believed nor refused while Plaid cannot be asked`() async {
    let verifier = WebhookVerifier(Wire([.failure(.timedOut)]).client())
    await #expect(throws: WebhookRefusal.unavailable) { try await verifier.verify(header: signed(), body: Self.body) }
  }
}
