import Basics
import Testing

@testable import Crypto

/// Boxes open for their own key and their own place, and for nothing else.
@Suite struct `A sealed box` {
  let ring = KeyRing(current: .generate())
  let place = AssociatedData(
    purpose: "bank-token", household: Array(1...16), connection: Array(17...32), environment: "production",
    host: "production.plaid.com")
  let secret = Secret("access-production-7c1f")

  @Test func `gives back what was sealed`() throws {
    let box = ring.seal(secret, associatedData: place)
    #expect(try ring.openText(box, associatedData: place) == secret)
    #expect(try ring.open(ring.seal([], associatedData: place), associatedData: place).reveal == [])
    #expect(box.count == 1 + 8 + 24 + secret.reveal.utf8.count + 16)
    #expect(box[0] == 1)
    #expect(KeyRing.keyID(of: box) == ring.current.id)
  }

  @Test func `is different every time`() {
    #expect(ring.seal(secret, associatedData: place) != ring.seal(secret, associatedData: place))
  }

  @Test func `does not open with any one byte changed`() {
    let box = ring.seal(secret, associatedData: place)
    for index in box.indices {
      for flip: UInt8 in [0x01, 0x80] {
        var changed = box
        changed[index] ^= flip
        #expect(throws: SealedBoxError.self) { try ring.open(changed, associatedData: place) }
      }
    }
  }

  @Test func `does not open cut short anywhere`() {
    let box = ring.seal(secret, associatedData: place)
    for length in box.indices {
      #expect(throws: SealedBoxError.self) { try ring.open(Array(box[..<length]), associatedData: place) }
    }
    #expect(throws: SealedBoxError.forged) { try ring.open(box + [0], associatedData: place) }
    #expect(throws: SealedBoxError.notABox) { try ring.open([], associatedData: place) }
  }

  @Test func `does not open in another place`() {
    let box = ring.seal(secret, associatedData: place)
    var others = [AssociatedData](repeating: place, count: 8)
    others[0].purpose = "totp-secret"
    others[1].household = Array(2...17)
    others[2].connection = []
    others[3].connection[15] ^= 1
    others[4].environment = "sandbox"
    others[5].host = "sandbox.plaid.com"
    // The same bytes, divided otherwise.
    others[6].environment = "productionproduction"
    others[6].host = ".plaid.com"
    others[7].household = place.connection
    others[7].connection = place.household
    for other in others {
      #expect(throws: SealedBoxError.forged) { try ring.open(box, associatedData: other) }
    }
  }

  @Test func `names the key it needs`() throws {
    let old = SealingKey.generate()
    let box = KeyRing(current: old).seal(secret, associatedData: place)
    #expect(throws: SealedBoxError.unknownKey(old.id)) { try ring.open(box, associatedData: place) }
    let rotated = KeyRing(current: ring.current, older: [old])
    #expect(try rotated.openText(box, associatedData: place) == secret)
    #expect(rotated.isOutdated(box))
    #expect(!rotated.isOutdated(rotated.seal(secret, associatedData: place)))
    #expect(rotated.contains(old.id) && !ring.contains(old.id))
  }

  /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
  @Test func `is made by the published cipher`() throws {
    let key = try #require(SealingKey(Secret(Array(0x80...0x9F))))
    let nonce = Array<UInt8>(0x40...0x57)
    let data = try #require(Hex.decode("50515253c0c1c2c3c4c5c6c7"))
    let plaintext = Array(
      ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would"
        + " be it.").utf8)
    let expected =
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
      + "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
      + "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"
    let ciphertext = XChaCha.seal(plaintext, key: key, nonce: nonce, authenticating: data)
    #expect(Hex.encode(ciphertext) == expected)
    #expect(XChaCha.open(ciphertext, key: key, nonce: nonce, authenticating: data) == plaintext)
  }
}

@Suite struct `A sealing key` {
  let bytes = Secret([UInt8](0..<32))

  @Test func `has a name that follows from it`() throws {
    let key = try #require(SealingKey(bytes))
    #expect(key.id == SealingKey(bytes)?.id)
    #expect(key.id != SealingKey.generate().id)
    #expect(!bytes.reveal.contains(key.id.bytes))
  }

  @Test func `survives its file`() throws {
    let key = SealingKey.generate()
    #expect(key.fileText.reveal.utf8.count == 44)
    let read = try #require(SealingKey(fileText: Secret(key.fileText.reveal + "\n")))
    #expect(read.id == key.id && read.fileText == key.fileText)
    #expect(SealingKey(fileText: Secret("")) == nil)
    #expect(SealingKey(fileText: Secret(String(key.fileText.reveal.dropLast(4)))) == nil)
    #expect(SealingKey(Secret([])) == nil)
    #expect(SealingKey(Secret([UInt8](repeating: 0, count: 33))) == nil)
  }

  @Test func `is never printed`() throws {
    let key = try #require(SealingKey(bytes))
    var dumped = ""
    dump(KeyRing(current: key, older: [key]), to: &dumped)
    dump(key, to: &dumped)
    let texts = [dumped, "\(key)", String(reflecting: key), "\(KeyRing(current: key))", "\(key.fileText)"]
    for text in texts {
      #expect(!text.contains(key.fileText.reveal))
      #expect(!text.contains("0, 1, 2") && !text.contains("000102") && !text.contains("0x"))
    }
  }

  @Test func `lies in memory that cannot be read between uses`() async {
    await #expect(processExitsWith: .success) {
      _ = SealingKey.generate().withBytes { Array(UnsafeBufferPointer(start: $0, count: 32)) }
    }
    await #expect(processExitsWith: .failure) {
      let key = SealingKey.generate()
      let escaped = key.withBytes { $0 }
      _ = Array(UnsafeBufferPointer(start: escaped, count: 32))
      withExtendedLifetime(key) {}
    }
  }

  @Test func `is used by many at a time`() async {
    let ring = KeyRing(current: .generate())
    let place = AssociatedData(purpose: "test")
    await withTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          for round in 0..<200 {
            let text = Secret("\(task) \(round)")
            let box = ring.seal(text, associatedData: place)
            #expect((try? ring.openText(box, associatedData: place)) == text)
          }
        }
      }
    }
  }
}
