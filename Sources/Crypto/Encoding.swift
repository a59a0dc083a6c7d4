import CSodium

// Bytes as text. All decoders are strict: one text for one value, no white space, no missing or spare padding, no
// stray bits. They take the same time for every text of a length, because keys pass through them.

/// Base 16 (RFC 4648 §8), written in lower case and read in either.
package enum Hex {
  package static func encode(_ bytes: [UInt8]) -> String {
    unsafe writingText(capacity: bytes.count * 2 + 1) { text, capacity in
      _ = unsafe sodium_bin2hex(text, capacity, bytes, bytes.count)
    }
  }

  /// `nil` for anything but pairs of hexadecimal digits.
  package static func decode(_ text: String) -> [UInt8]? {
    unsafe decoding(text, atMost: text.utf8.count / 2) { target, capacity, source, count, written in
      unsafe sodium_hex2bin(target, capacity, source, count, nil, written, nil)
    }
  }
}

/// Base 64 with padding (RFC 4648 §4).
package enum Base64 {
  package static func encode(_ bytes: [UInt8]) -> String {
    encoded(bytes, variant: sodium_base64_VARIANT_ORIGINAL)
  }

  package static func decode(_ text: String) -> [UInt8]? {
    decoded(text, variant: sodium_base64_VARIANT_ORIGINAL)
  }
}

/// Base 64 for addresses and tokens, without padding (RFC 4648 §5, RFC 7515 §2).
package enum Base64URL {
  package static func encode(_ bytes: [UInt8]) -> String {
    encoded(bytes, variant: sodium_base64_VARIANT_URLSAFE_NO_PADDING)
  }

  package static func decode(_ text: String) -> [UInt8]? {
    decoded(text, variant: sodium_base64_VARIANT_URLSAFE_NO_PADDING)
  }
}

private func encoded(_ bytes: [UInt8], variant: Int32) -> String {
  let capacity = sodium_base64_encoded_len(bytes.count, variant)
  return unsafe writingText(capacity: capacity) { text, capacity in
    _ = unsafe sodium_bin2base64(text, capacity, bytes, bytes.count, variant)
  }
}

private func decoded(_ text: String, variant: Int32) -> [UInt8]? {
  unsafe decoding(text, atMost: text.utf8.count / 4 * 3 + 3) { target, capacity, source, count, written in
    unsafe sodium_base642bin(target, capacity, source, count, nil, written, nil, variant)
  }
}

/// Lets C write a text that ends in a zero byte and otherwise fills its room.
private func writingText(capacity: Int, _ write: (UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
  Sodium.start()
  return unsafe String(unsafeUninitializedCapacity: capacity) { buffer in
    guard let start = buffer.baseAddress else { return 0 }
    unsafe start.withMemoryRebound(to: CChar.self, capacity: capacity) { unsafe write($0, capacity) }
    return capacity - 1
  }
}

private func decoding(
  _ text: String, atMost capacity: Int,
  _ read: (UnsafeMutablePointer<UInt8>, Int, UnsafePointer<CChar>, Int, UnsafeMutablePointer<Int>) -> Int32
) -> [UInt8]? {
  Sodium.start()
  let source = text.utf8.map { CChar(bitPattern: $0) }
  var bytes = [UInt8](repeating: 0, count: capacity)
  var written = 0
  guard unsafe read(&bytes, capacity, source, source.count, &written) == 0 else { return nil }
  bytes.removeSubrange(written...)
  return bytes
}
