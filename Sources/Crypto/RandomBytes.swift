import CSodium

/// Unpredictable bytes from the operating system. Only secrets take them; all other chance comes from `World`.
package enum RandomBytes {
  package static func make(_ count: Int) -> [UInt8] {
    Sodium.start()
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe randombytes_buf(&bytes, count)
    return bytes
  }

  /// A secret word for links, sessions and keys: `bytes` random bytes in base64url. Sixteen bytes are 128 bits.
  package static func token(bytes: Int = 32) -> String { Base64URL.encode(make(bytes)) }
}
