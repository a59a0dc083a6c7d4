import Basics
import Crypto
import JSON

/// A key that signs webhooks. Its private part follows from the seed, so a restarted sandbox signs with the same one.
struct WebhookKey: Sendable {
  let id: String
  let createdAt: Timestamp
  /// Set when a younger key took over; from then on receivers must refuse it.
  var expiredAt: Timestamp?
  private let key: ES256.PrivateKey

  init(number: Int, naming: Naming, createdAt: Timestamp) {
    id = naming.uuid("webhook key", String(number))
    key = ES256.PrivateKey.derived(from: Array(naming.secret(["webhook key", String(number)]).utf8))
    self.createdAt = createdAt
  }

  /// The public half as a JSON web key (RFC 7517), as Plaid shows it.
  var json: JSONValue {
    [
      "alg": "ES256", "created_at": .int(createdAt.seconds), "crv": "P-256",
      "expired_at": expiredAt.map { .int($0.seconds) } ?? .null, "kid": .string(id), "kty": "EC", "use": "sig",
      "x": .string(key.publicKey.x), "y": .string(key.publicKey.y),
    ]
  }

  /// The value of `Plaid-Verification` for a body: a token over its hash.
  func signature(of body: [UInt8], at now: Timestamp) -> String {
    let claims: JSONValue = [
      "iat": .int(now.seconds), "request_body_sha256": .string(Hex.encode(Hash.sha256(body))),
    ]
    return JWT.signed(claims: claims.serialized(), keyID: id, key: key)
  }
}
