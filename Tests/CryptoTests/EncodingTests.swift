import Basics
import Crypto
import Testing

/// RFC 4648 §10, and everything its decoders have to refuse.
@Suite struct `Bytes as text` {
  @Test(arguments: [
    ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
    ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
  ])
  func `follow the published table`(text: String, base64: String, hex: String) {
    let bytes = Array(text.utf8)
    let unpadded = base64.filter { $0 != "=" }
    #expect(Base64.encode(bytes) == base64 && Base64.decode(base64) == bytes)
    #expect(Base64URL.encode(bytes) == unpadded && Base64URL.decode(unpadded) == bytes)
    #expect(Hex.encode(bytes) == hex && Hex.decode(hex) == bytes && Hex.decode(hex.uppercased()) == bytes)
  }

  @Test func `come back whatever they are`() {
    var random = SeededRandom(seed: 4648)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8(random.int(in: 0...255)) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
      #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }

  @Test(arguments: [
    "Zg==", "Zg=", "Zg ", " Zg", "Z", "Zh", "Zm9", "Zm9v\n", "Zm+v", "Zm/v", "Zm9v.", "Zm9vY", "Zm9v\0", "Zg\0\0", "é",
  ])
  func `in base64url are refused unless written the one way`(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  @Test(arguments: ["Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm-v", "Zm_v", "Zm9v=", "=", "Zg==Zg==", "Zm9v\n"])
  func `in base64 are refused unless written the one way`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(arguments: ["0", "0g", "00 ", " 00", "0x00", "00:00", "00\0", "é"])
  func `in base 16 are refused unless pairs of digits`(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  @Test func `that are random do not repeat`() {
    #expect(RandomBytes.make(0) == [])
    #expect(RandomBytes.make(32) != RandomBytes.make(32))
    #expect(RandomBytes.token().utf8.count == 43)
    #expect(RandomBytes.token(bytes: 16).utf8.count == 22)
    #expect(Set((0..<1000).map { _ in RandomBytes.token(bytes: 16) }).count == 1000)
  }
}
