package import Basics
package import Crypto
import JSON

/// A key that Plaid signs webhooks with.
package struct PlaidWebhookKey: Sendable {
  package var id: String
  package var publicKey: ES256.PublicKey
  /// Set once Plaid no longer uses it.
  package var expiredAt: Timestamp?

  package init(id: String, publicKey: ES256.PublicKey, expiredAt: Timestamp? = nil) {
    self.id = id
    self.publicKey = publicKey
    self.expiredAt = expiredAt
  }
}

extension PlaidClient {
  package func webhookVerificationKeyGet(_ keyID: String) async throws(PlaidError) -> PlaidWebhookKey {
    let answer = try await call("/webhook_verification_key/get", ["key_id": .string(keyID)], .read)
    guard let key = answer.root["key"], key["alg"]?.string == "ES256", key["crv"]?.string == "P-256",
      let x = key["x"]?.string, let y = key["y"]?.string, let publicKey = ES256.PublicKey(x: x, y: y)
    else { throw answer.lacks("key of the curve P-256") }
    let expired = key["expired_at"]?.int.map { Timestamp(seconds: Int64($0)) }
    return PlaidWebhookKey(id: keyID, publicKey: publicKey, expiredAt: expired)
  }
}
