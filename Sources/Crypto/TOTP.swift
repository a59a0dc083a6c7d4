package import Basics
import COpenSSL

/// Second factors by time (RFC 6238): six digits that change every half minute, from a secret that an app on the
/// person's phone shares with us. SHA-1, because that is the only digest all such apps know; HMAC is not weakened by it.
package enum TOTP {
  package static let stepSeconds: Int64 = 30
  package static let digits = 6
  /// Steps before and after now whose codes are taken: clocks differ, and typing takes a while.
  private static let tolerance: Int64 = 1

  /// Twenty random bytes, as RFC 4226 §4 recommends.
  package static func newSecret() -> Secret<[UInt8]> { Secret(RandomBytes.make(20)) }

  /// The number of the half minute that an instant lies in.
  package static func step(at instant: Timestamp) -> Int64 { instant.seconds / stepSeconds }

  /// The code of one half minute, with its leading zeros.
  package static func code(_ secret: Secret<[UInt8]>, step: Int64, digits: Int = digits) -> String {
    let message = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
    let hash = hmacSHA1(key: secret.reveal, message)
    let offset = Int(hash[19] & 0x0F)
    let number =
      UInt32(hash[offset] & 0x7F) << 24 | UInt32(hash[offset + 1]) << 16 | UInt32(hash[offset + 2]) << 8
      | UInt32(hash[offset + 3])
    let modulus = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
    let text = String(number % modulus)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// - Parameter last: The last step whose code was taken: its code and earlier ones are not taken again.
  /// - Returns: The step that the code is for, to be kept as the last one; nil when the code is wrong or was used.
  package static func accept(
    _ code: Secret<String>, _ secret: Secret<[UInt8]>, at now: Timestamp, after last: Int64
  ) -> Int64? {
    let typed = Array(code.reveal.utf8.filter { $0 != UInt8(ascii: " ") })
    let current = step(at: now)
    var accepted: Int64?
    // Every step is compared, so that the time taken does not tell which one matched.
    for step in current - tolerance...current + tolerance {
      let isMatch = ConstantTime.equal(typed, Array(self.code(secret, step: step).utf8))
      if isMatch, step > last { accepted = step }
    }
    return accepted
  }

  /// The secret as a person types it into an app: base 32 (RFC 4648 §6) without padding.
  package static func text(_ secret: Secret<[UInt8]>) -> Secret<String> {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    var text: [UInt8] = []
    var (buffer, bits) = (UInt32(0), 0)
    for byte in secret.reveal {
      (buffer, bits) = (buffer << 8 | UInt32(byte), bits + 8)
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(buffer >> UInt32(bits)) & 31])
      }
      buffer &= (1 << UInt32(bits)) - 1
    }
    if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits)) & 31]) }
    return Secret(String(decoding: text, as: UTF8.self))
  }

  /// What an app reads from a QR code.
  ///
  /// - Parameter account: Such as the person's address; shown by the app.
  package static func address(_ secret: Secret<[UInt8]>, account: String, issuer: String) -> Secret<String> {
    let label = "\(escaped(issuer)):\(escaped(account))"
    return Secret(
      "otpauth://totp/\(label)?secret=\(text(secret).reveal)&issuer=\(escaped(issuer))&digits=\(digits)"
        + "&period=\(stepSeconds)")
  }

  private static func escaped(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    var result = ""
    for byte in text.utf8 {
      result += plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
    }
    return result
  }

  /// RFC 2104 over SHA-1, 20 bytes.
  private static func hmacSHA1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 20)
    var length = 0
    let made = unsafe EVP_Q_mac(
      nil, "HMAC", nil, "SHA1", nil, key, key.count, message, message.count, &code, code.count, &length)
    precondition(unsafe made != nil && length == code.count, "OpenSSL does not authenticate")
    return code
  }
}
