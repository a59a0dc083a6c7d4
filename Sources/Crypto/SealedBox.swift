import CSodium

/// Why a box stays shut.
package enum SealedBoxError: Error, Equatable, Sendable {
  /// The bytes are not a box of a version we know.
  case notABox
  /// The ring lacks this key: the operator can add it. Never a reason to make a new one.
  case unknownKey(SealingKeyID)
  /// The box or what it belongs to was changed, or it was sealed for something else.
  case forged
}

/// The bytes of a sealed secret: version 1 | key id 8 | nonce 24 | XChaCha20-Poly1305 ciphertext and its 16-byte tag
/// (draft-irtf-cfrg-xchacha-03). The tag covers version, key id and ``AssociatedData`` as well. Nonces are random:
/// 192 bits make a repetition negligible for any number of boxes.
enum SealedBox {
  static let version: UInt8 = 1
  private static let nonceLength = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
  private static let tagLength = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
  private static let headLength = 1 + SealingKeyID.length

  static func keyID(of box: [UInt8]) -> SealingKeyID? {
    guard box.count >= headLength + nonceLength + tagLength, box[0] == version else { return nil }
    return SealingKeyID(bytes: box[1..<headLength])
  }

  static func seal(_ plaintext: [UInt8], key: SealingKey, associatedData: AssociatedData) -> [UInt8] {
    let head = [version] + key.id.bytes
    let nonce = RandomBytes.make(nonceLength)
    return head + nonce + XChaCha.seal(plaintext, key: key, nonce: nonce, authenticating: head + associatedData.encoded)
  }

  static func open(
    _ box: [UInt8], key: SealingKey, associatedData: AssociatedData
  ) throws(SealedBoxError) -> [UInt8] {
    guard keyID(of: box) != nil else { throw .notABox }
    let head = Array(box[..<headLength])
    let nonce = Array(box[headLength..<headLength + nonceLength])
    let ciphertext = Array(box[(headLength + nonceLength)...])
    guard
      let plaintext = XChaCha.open(
        ciphertext, key: key, nonce: nonce, authenticating: head + associatedData.encoded)
    else { throw .forged }
    return plaintext
  }
}

/// XChaCha20-Poly1305 with a tag behind the ciphertext, as libsodium's `_ietf` functions have it.
enum XChaCha {
  private static let tagLength = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)

  static func seal(
    _ plaintext: [UInt8], key: SealingKey, nonce: [UInt8], authenticating data: [UInt8]
  ) -> [UInt8] {
    var ciphertext = [UInt8](repeating: 0, count: plaintext.count + tagLength)
    unsafe key.withBytes { key in
      _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
        &ciphertext, nil, plaintext, UInt64(plaintext.count), data, UInt64(data.count), nil, nonce, key)
    }
    return ciphertext
  }

  /// `nil` when the tag does not match.
  static func open(
    _ ciphertext: [UInt8], key: SealingKey, nonce: [UInt8], authenticating data: [UInt8]
  ) -> [UInt8]? {
    guard ciphertext.count >= tagLength else { return nil }
    var plaintext = [UInt8](repeating: 0, count: ciphertext.count - tagLength)
    let result = unsafe key.withBytes { key in
      unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
        &plaintext, nil, nil, ciphertext, UInt64(ciphertext.count), data, UInt64(data.count), nonce, key)
    }
    return result == 0 ? plaintext : nil
  }
}
