import Crypto
import Testing

/// SHA-256 against FIPS 180-4's examples, HMAC against RFC 4231.
@Suite struct `A digest` {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `is the published one`(text: String, digest: String) {
    #expect(Hex.encode(Hash.sha256(text)) == digest)
  }

  @Test func `is the published one for a million letters, whole and in parts`() {
    let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(Hex.encode(Hash.sha256(letters)) == digest)
    var parts = SHA256()
    for start in stride(from: 0, to: letters.count, by: 999) {
      parts.update(Array(letters[start..<min(start + 999, letters.count)]))
    }
    #expect(Hex.encode(parts.finish()) == digest)
  }

  @Test func `goes on independently in a copy`() {
    var first = SHA256()
    first.update(Array("ab".utf8))
    var second = first
    first.update(Array("c".utf8))
    second.update(Array("d".utf8))
    #expect(first.finish() == Hash.sha256("abc"))
    #expect(second.finish() == Hash.sha256("abd"))
  }
}

@Suite struct `A message authentication code` {
  struct Vector: Sendable {
    var key: [UInt8]
    var message: [UInt8]
    var code: String

    init(_ key: [UInt8], _ message: String, _ code: String) {
      self.init(key, Array(message.utf8), code)
    }

    init(_ key: [UInt8], _ message: [UInt8], _ code: String) {
      (self.key, self.message, self.code) = (key, message, code)
    }
  }

  /// RFC 4231 §4.2 to §4.8, without the truncated case 5.
  static let vectors = [
    Vector(
      .init(repeating: 0x0B, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Vector(
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Vector(
      .init(repeating: 0xAA, count: 20), .init(repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Vector(
      Array(1...25), .init(repeating: 0xCD, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    Vector(
      .init(repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    Vector(
      .init(repeating: 0xAA, count: 131),
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed"
        + " before being used by the HMAC algorithm.",
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
  ]

  @Test(arguments: vectors) func `is the published one`(vector: Vector) {
    #expect(Hex.encode(HMAC.sha256(key: vector.key, vector.message)) == vector.code)
  }

  @Test func `is compared in full`() {
    #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
    #expect(ConstantTime.equal([], []))
    #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
    #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
  }
}
