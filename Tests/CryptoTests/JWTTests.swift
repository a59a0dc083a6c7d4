import Crypto
import Testing

/// Tokens by other makers are read, and every known trick with the header fails.
@Suite struct `A signed token` {
  let key = ES256.PrivateKey.derived(from: [7])
  let claims = Array(#"{"iss":"magpie"}"#.utf8)

  @Test func `gives its claims to who holds the key`() throws {
    let token = try JWT(JWT.signed(claims: claims, keyID: "key-1", key: key))
    #expect(String(decoding: token.header, as: UTF8.self) == #"{"alg":"ES256","kid":"key-1","typ":"JWT"}"#)
    #expect(try token.claims(verifiedBy: key.publicKey, algorithm: "ES256") == claims)
  }

  /// RFC 7515 appendix A.3.
  @Test func `by another maker is read`() throws {
    let published = try #require(
      ES256.PublicKey(
        x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
    let token = try JWT(
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        + "cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
    let read = try token.claims(verifiedBy: published, algorithm: "ES256")
    #expect(String(decoding: read, as: UTF8.self).hasPrefix(#"{"iss":"joe","#))
  }

  @Test(arguments: ["none", "None", "HS256", "RS256", "ES384", "es256", "", nil])
  func `under another algorithm is refused`(algorithm: String?) throws {
    let header = Array(#"{"alg":"\#(algorithm ?? "")"}"#.utf8)
    let token = try JWT(JWT.signed(header: header, claims: claims, key: key))
    #expect(throws: JWTError.wrongAlgorithm) {
      try token.claims(verifiedBy: key.publicKey, algorithm: algorithm)
    }
  }

  @Test func `without a signature, or with one made from the public key, is refused even when it says ES256`() throws {
    let head = Base64URL.encode(Array(#"{"alg":"ES256"}"#.utf8)) + "." + Base64URL.encode(claims)
    let publicBytes = Array((key.publicKey.x + key.publicKey.y).utf8)
    let code = HMAC.sha256(key: publicBytes, Array(head.utf8))
    for signature in [[], code, code + code] {
      let token = try JWT(head + "." + Base64URL.encode(signature))
      #expect(throws: JWTError.forged) { try token.claims(verifiedBy: key.publicKey, algorithm: "ES256") }
    }
  }

  @Test func `by another key, or changed anywhere, is refused`() throws {
    let text = JWT.signed(claims: claims, keyID: "k", key: key)
    let other = ES256.PrivateKey.derived(from: [8]).publicKey
    #expect(throws: JWTError.forged) { try JWT(text).claims(verifiedBy: other, algorithm: "ES256") }
    let letters = Array(text)
    for index in letters.indices {
      var changed = letters
      changed[index] = changed[index] == "A" ? "B" : "A"
      #expect(throws: JWTError.self) {
        try JWT(String(changed)).claims(verifiedBy: key.publicKey, algorithm: "ES256")
      }
    }
  }

  @Test func `is three parts and no more`() {
    let text = JWT.signed(claims: claims, keyID: "k", key: key)
    let bad = [
      "", ".", "..", "a.b.c", text + ".", "." + text, text + "=", text + " ", text + ".e30",
      String(text.prefix { $0 != "." }), String(repeating: "A", count: 9000) + "..",
    ]
    for text in bad {
      #expect(throws: JWTError.self) { try JWT(text).claims(verifiedBy: key.publicKey, algorithm: "ES256") }
    }
  }
}
