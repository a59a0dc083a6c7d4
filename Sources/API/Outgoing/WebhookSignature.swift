package import Basics
import Crypto

/// How an outgoing webhook proves where it comes from, by Standard Webhooks (standardwebhooks.com, version 1): an HMAC
/// over its name, its time and its body.
package enum WebhookSignature {
  private static let prefix = "whsec_"

  /// A new secret of 24 bytes, as whoever receives is shown it.
  package static func makeSecret() -> Secret<String> { Secret(prefix + Base64.encode(RandomBytes.make(24))) }

  /// The value of `webhook-signature`: one signature for each secret, so that the former one may be changed in peace.
  ///
  /// - Parameter timestamp: Seconds since 1970, as in `webhook-timestamp`.
  package static func sign(
    _ body: [UInt8], id: String, timestamp: Int64, with secrets: [Secret<String>]
  ) -> String {
    let message = Array("\(id).\(timestamp).".utf8) + body
    return secrets.map { secret in
      let text = secret.reveal
      let key = text.hasPrefix(prefix) ? Base64.decode(String(text.dropFirst(prefix.utf8.count))) : nil
      return "v1," + Base64.encode(HMAC.sha256(key: key ?? Array(text.utf8), message))
    }.joined(separator: " ")
  }
}
