import COpenSSL
import CSodium

/// Digests of bytes we hold whole. OpenSSL makes them, because it uses the processor's own instructions: five times
/// as fast as libsodium on a page of transactions.
package enum Hash {
  /// SHA-256 (FIPS 180-4): 32 bytes.
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    let result = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, algorithm, nil)
    precondition(result == 1, "OpenSSL does not hash")
    return digest
  }

  /// SHA-256 of the text's UTF-8.
  package static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }

  /// Looked up once: finding it takes twice as long as a short digest. Never changed after that.
  nonisolated(unsafe) private static let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)
}

/// SHA-256 of bytes that come in parts. A copy goes on independently of the original, which is why it is libsodium's:
/// its state is a plain value.
@safe
package struct SHA256: Sendable {
  private var state = crypto_hash_sha256_state()

  package init() {
    Sodium.start()
    unsafe crypto_hash_sha256_init(&state)
  }

  package mutating func update(_ bytes: [UInt8]) {
    unsafe crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
  }

  /// The digest of everything so far: 32 bytes.
  package consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    unsafe crypto_hash_sha256_final(&state, &digest)
    return digest
  }
}
