import Basics
import Crypto
import Testing

/// RFC 6979 §A.2.5: the key and the SHA-256 signatures of two messages.
private enum Published {
  static let scalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
  static let x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
  static let y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
  static let signatures = [
    "sample": "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    "test": "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
      + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
  ]
}

private func bytes(_ hex: String) -> [UInt8] { Hex.decode(hex) ?? [] }
private func url(_ hex: String) -> String { Base64URL.encode(bytes(hex)) }

@Suite struct `A P-256 signature` {
  @Test func `of the published vectors verifies`() throws {
    let key = try #require(ES256.PublicKey(x: url(Published.x), y: url(Published.y)))
    for (message, signature) in Published.signatures {
      #expect(key.verify(bytes(signature), of: Array(message.utf8)))
      #expect(!key.verify(bytes(signature), of: Array((message + "s").utf8)))
    }
  }

  @Test func `comes from a private key that has the published public one`() throws {
    let key = try #require(ES256.PrivateKey(scalar: Secret(bytes(Published.scalar))))
    #expect(key.publicKey.x == url(Published.x) && key.publicKey.y == url(Published.y))
    let message = Array("any".utf8)
    #expect(key.publicKey.verify(key.sign(message), of: message))
    #expect(ES256.PrivateKey(scalar: key.scalar)?.publicKey.x == key.publicKey.x)
  }

  @Test func `has sixty-four bytes, leading zeros and all`() {
    let key = ES256.PrivateKey.generate()
    let message = Array("message".utf8)
    for _ in 0..<600 {
      let signature = key.sign(message)
      #expect(signature.count == 64)
      #expect(key.publicKey.verify(signature, of: message))
    }
  }

  @Test func `fails with any one byte changed, and of another length`() throws {
    let key = try #require(ES256.PublicKey(x: url(Published.x), y: url(Published.y)))
    let signature = bytes(Published.signatures["sample"] ?? "")
    let message = Array("sample".utf8)
    for index in signature.indices {
      var changed = signature
      changed[index] ^= 0x40
      #expect(!key.verify(changed, of: message))
    }
    for length in 0..<64 { #expect(!key.verify(Array(signature[..<length]), of: message)) }
    #expect(!key.verify(signature + [0], of: message))
    #expect(!key.verify([UInt8](repeating: 0, count: 64), of: message))
    #expect(!key.verify([UInt8](repeating: 255, count: 64), of: message))
    #expect(!ES256.PrivateKey.generate().publicKey.verify(signature, of: message))
  }

  @Test func `needs a key that is a point of the curve`() {
    let (x, y) = (url(Published.x), url(Published.y))
    #expect(ES256.PublicKey(x: y, y: x) == nil)
    #expect(ES256.PublicKey(x: x, y: x) == nil)
    #expect(ES256.PublicKey(x: url(Published.x + "00"), y: y) == nil)
    #expect(ES256.PublicKey(x: "", y: "") == nil)
    #expect(ES256.PublicKey(x: x + "=", y: y) == nil)
    let zero = url(String(repeating: "00", count: 32))
    #expect(ES256.PublicKey(x: zero, y: zero) == nil)
  }

  @Test func `needs a scalar below the order`() {
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
    #expect(ES256.PrivateKey(scalar: Secret(bytes(order))) == nil)
    #expect(ES256.PrivateKey(scalar: Secret([UInt8](repeating: 0, count: 32))) == nil)
    #expect(ES256.PrivateKey(scalar: Secret([UInt8](repeating: 255, count: 32))) == nil)
    #expect(ES256.PrivateKey(scalar: Secret([1])) == nil)
    #expect(ES256.PrivateKey(scalar: Secret(bytes(String(order.dropLast()) + "0"))) != nil)
  }

  @Test func `has a key that follows from its seed and is never printed`() {
    let key = ES256.PrivateKey.derived(from: [1, 2, 3])
    #expect(key.scalar == ES256.PrivateKey.derived(from: [1, 2, 3]).scalar)
    #expect(key.scalar != ES256.PrivateKey.derived(from: [1, 2, 4]).scalar)
    var dumped = ""
    dump(key, to: &dumped)
    for text in [dumped, "\(key)", String(reflecting: key)] {
      #expect(text.contains("•••") && !text.contains("0x"))
    }
  }
}
