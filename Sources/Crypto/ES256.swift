package import Basics
import COpenSSL

/// ECDSA on P-256 with SHA-256 (RFC 7518 §3.4): signatures of tokens and of Plaid's webhooks.
package enum ES256 {
  package static let signatureLength = Int(MAGPIE_P256_SIGNATURE)

  @safe
  package final class PublicKey: @unchecked Sendable {
    fileprivate let key: OpaquePointer
    /// Affine coordinates, 32 bytes each.
    private let point: [UInt8]

    /// - Parameter point: 0x04, x and y. `nil` unless it is a point of the curve.
    fileprivate init?(point: [UInt8]) {
      guard point.count == Int(MAGPIE_P256_POINT), let key = unsafe magpie_p256_key(point, nil) else { return nil }
      unsafe self.key = unsafe key
      self.point = point
    }

    /// From a JSON web key's `x` and `y` (RFC 7518 §6.2.1), in base64url. `nil` unless both are exactly 32 bytes and
    /// together a point of the curve.
    package convenience init?(x: String, y: String) {
      guard let x = Base64URL.decode(x), let y = Base64URL.decode(y), x.count == 32, y.count == 32 else { return nil }
      self.init(point: [4] + x + y)
    }

    deinit {
      unsafe EVP_PKEY_free(key)
    }

    package var x: String { Base64URL.encode(Array(point[1...32])) }
    package var y: String { Base64URL.encode(Array(point[33...])) }

    /// - Parameter signature: r and s, 64 bytes; any other length is refused.
    package func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
      guard signature.count == signatureLength else { return false }
      return unsafe magpie_p256_verify(key, message, message.count, signature) == 1
    }
  }

  @safe
  package final class PrivateKey: @unchecked Sendable {
    private let key: OpaquePointer
    package let publicKey: PublicKey
    /// Thirty-two bytes, big-endian: what is sealed in the database.
    package let scalar: Secret<[UInt8]>

    /// - Returns: `nil` unless there are 32 bytes and their number is above 0 and below the curve's order.
    package init?(scalar: Secret<[UInt8]>) {
      var point = [UInt8](repeating: 0, count: Int(MAGPIE_P256_POINT))
      guard scalar.reveal.count == Int(MAGPIE_P256_SCALAR), unsafe magpie_p256_point(scalar.reveal, &point) == 1,
        let publicKey = PublicKey(point: point), let key = unsafe magpie_p256_key(point, scalar.reveal)
      else { return nil }
      unsafe self.key = unsafe key
      self.publicKey = publicKey
      self.scalar = scalar
    }

    package static func generate() -> PrivateKey { derived(from: RandomBytes.make(32)) }

    /// The same key for the same seed, on every machine.
    package static func derived(from seed: [UInt8]) -> PrivateKey {
      // One hash in 2³² is no scalar; then the hash of the hash is tried.
      var candidate = Hash.sha256(Array("magpie es256 seed 1".utf8) + seed)
      while true {
        if let key = PrivateKey(scalar: Secret(candidate)) { return key }
        candidate = Hash.sha256(candidate)
      }
    }

    deinit {
      unsafe EVP_PKEY_free(key)
    }

    /// - Returns: r and s, 64 bytes. Two signatures of one message differ.
    package func sign(_ message: [UInt8]) -> [UInt8] {
      var signature = [UInt8](repeating: 0, count: signatureLength)
      let result = unsafe magpie_p256_sign(key, message, message.count, &signature)
      precondition(result == 1, "OpenSSL does not sign")
      return signature
    }
  }
}

extension ES256.PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "•••" }
  package var debugDescription: String { "•••" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
