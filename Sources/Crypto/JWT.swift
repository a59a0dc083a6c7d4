/// Why a token is refused. The sender gets one answer for all of them.
package enum JWTError: Error, Equatable, Sendable {
  /// Not three parts of strict base64url.
  case malformed
  /// The header names another algorithm than the one the key is for, or none.
  case wrongAlgorithm
  /// The signature is not by this key.
  case forged
}

/// A compact signed token (RFC 7515, RFC 7519), signed with ``ES256`` only.
///
/// This module knows no JSON. The reader parses ``header`` to find the key, and hands back the algorithm it read; the
/// claims come out only after the signature was checked, by the key's algorithm whatever the header says.
package struct JWT: Sendable {
  package static let algorithm = "ES256"
  /// Longer tokens are refused before anything is decoded.
  package static let lengthMax = 8 << 10

  /// The header's JSON: not to be trusted beyond choosing a key.
  package let header: [UInt8]
  private let claims: [UInt8]
  private let signature: [UInt8]
  private let signed: [UInt8]

  /// Takes a token apart without believing it.
  package init(_ text: String) throws(JWTError) {
    guard text.utf8.count <= Self.lengthMax else { throw .malformed }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decode(String(parts[0])),
      let claims = Base64URL.decode(String(parts[1])), let signature = Base64URL.decode(String(parts[2]))
    else { throw .malformed }
    self.header = header
    self.claims = claims
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
  }

  /// The claims' JSON, once it is certain who signed it. Times and audience are the caller's to check.
  ///
  /// - Parameter algorithm: The header's `alg` as the caller read it.
  package func claims(verifiedBy key: ES256.PublicKey, algorithm: String?) throws(JWTError) -> [UInt8] {
    guard algorithm == Self.algorithm else { throw .wrongAlgorithm }
    guard key.verify(signature, of: signed) else { throw .forged }
    return claims
  }

  /// Signs claims under the header `{"alg":"ES256","kid":…,"typ":"JWT"}`.
  ///
  /// - Parameter keyID: Traps unless it is made of letters, digits, `-`, `_` and `.`, so that it needs no escaping.
  package static func signed(claims: [UInt8], keyID: String, key: ES256.PrivateKey) -> String {
    precondition(!keyID.isEmpty && keyID.utf8.allSatisfy(isPlain), "not a key id")
    let header = Array(#"{"alg":"\#(algorithm)","kid":"\#(keyID)","typ":"JWT"}"#.utf8)
    return signed(header: header, claims: claims, key: key)
  }

  /// Signs any header and claims. For tests and the simulated bank, which also have to write what must be refused.
  package static func signed(header: [UInt8], claims: [UInt8], key: ES256.PrivateKey) -> String {
    let text = Base64URL.encode(header) + "." + Base64URL.encode(claims)
    return text + "." + Base64URL.encode(key.sign(Array(text.utf8)))
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
  }
}
