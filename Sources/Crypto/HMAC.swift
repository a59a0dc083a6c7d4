import CSodium

/// Message authentication with a shared key (RFC 2104).
package enum HMAC {
  /// HMAC-SHA-256: 32 bytes. The key may have any length. Compare results with ``ConstantTime/equal(_:_:)``.
  package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    Sodium.start()
    var state = crypto_auth_hmacsha256_state()
    unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
    unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
    var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
    unsafe crypto_auth_hmacsha256_final(&state, &code)
    return code
  }
}
