package import Basics
import CSodium

/// Passwords as Argon2id hashes (RFC 9106) in the usual `$argon2id$…` text, which carries salt and cost.
///
/// Each call takes tens of milliseconds and 19 MiB of memory: ``PasswordWorkers`` bound how many run at a time.
package enum Password {
  /// What one hash costs whoever makes it, and whoever tries to guess.
  package struct Cost: Sendable, Equatable {
    package var memoryBytes: Int
    package var passes: Int

    /// 19 MiB and two passes, OWASP's smallest recommendation for Argon2id with one lane.
    package static let standard = Cost(memoryBytes: 19 << 20, passes: 2)
    /// As little as the algorithm allows: for tests and measurements that sign in often, never for people.
    package static let least = Cost(memoryBytes: 8 << 10, passes: 1)
  }

  package static func hash(_ password: Secret<String>, _ cost: Cost = .standard) -> String {
    Sodium.start()
    let password = password.reveal.utf8.map { CChar(bitPattern: $0) }
    var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
    let result = unsafe crypto_pwhash_str_alg(
      &text, password, UInt64(password.count), UInt64(cost.passes), cost.memoryBytes, crypto_pwhash_ALG_ARGON2ID13)
    precondition(result == 0, "no memory for a password hash")
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// - Parameter hash: `nil` when there is no such user: the answer is no, and takes as long as for one there is.
  package static func verify(_ password: Secret<String>, against hash: String?) -> Bool {
    verify(password, against: hash, decoy: decoy)
  }

  /// - Parameter decoy: A hash of the usual cost, tried when there is no such user.
  static func verify(_ password: Secret<String>, against hash: String?, decoy: String) -> Bool {
    Sodium.start()
    let text = hash ?? decoy
    let bytes = password.reveal.utf8.map { CChar(bitPattern: $0) }
    let matches = unsafe crypto_pwhash_str_verify(text, bytes, UInt64(bytes.count)) == 0
    return matches && hash != nil
  }

  /// Whether a hash was made at another cost than today's, and should be renewed at the next sign-in.
  package static func needsRehash(_ hash: String, _ cost: Cost = .standard) -> Bool {
    Sodium.start()
    return unsafe crypto_pwhash_str_needs_rehash(hash, UInt64(cost.passes), cost.memoryBytes) != 0
  }

  /// The hash of a password nobody knows.
  private static let decoy = hash(Secret(RandomBytes.token()))
}
