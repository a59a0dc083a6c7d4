package import Basics
import CSodium

/// Passwords as Argon2id hashes (RFC 9106) in the usual `$argon2id$…` text, which carries salt and cost.
///
/// Each call takes tens of milliseconds and ``memoryBytes`` of memory: the caller bounds how many run at a time.
package enum Password {
  /// 19 MiB and two passes, OWASP's smallest recommendation for Argon2id with one lane.
  package static let memoryBytes = 19 << 20
  package static let passes = 2

  package static func hash(_ password: Secret<String>) -> String {
    Sodium.start()
    let password = password.reveal.utf8.map { CChar(bitPattern: $0) }
    var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
    let result = unsafe crypto_pwhash_str_alg(
      &text, password, UInt64(password.count), UInt64(passes), memoryBytes, crypto_pwhash_ALG_ARGON2ID13)
    precondition(result == 0, "no memory for a password hash")
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// - Parameter hash: `nil` when there is no such user: the answer is no, and takes as long as for one there is.
  package static func verify(_ password: Secret<String>, against hash: String?) -> Bool {
    Sodium.start()
    let text = hash ?? decoy
    let bytes = password.reveal.utf8.map { CChar(bitPattern: $0) }
    let matches = unsafe crypto_pwhash_str_verify(text, bytes, UInt64(bytes.count)) == 0
    return matches && hash != nil
  }

  /// Whether a hash was made at another cost than today's, and should be renewed at the next sign-in.
  package static func needsRehash(_ hash: String) -> Bool {
    Sodium.start()
    return unsafe crypto_pwhash_str_needs_rehash(hash, UInt64(passes), memoryBytes) != 0
  }

  /// The hash of a password nobody knows.
  private static let decoy = hash(Secret(RandomBytes.token()))
}
