import Basics
import Crypto
import Finance
import HTTP
import JSON

@testable import API

/// Bodies and answers: what is accepted is written and read again as the same value.
@Sendable func fuzzJSON(_ bytes: [UInt8]) {
  guard let value = try? JSONValue.parse(bytes) else { return }
  let text = value.serialized()
  guard let again = try? JSONValue.parse(text) else { fatalError("what was written cannot be read") }
  require(again == value, "it is another value when it is read again")
  guard let document = try? JSONDocument(bytes) else { fatalError("two readers do not agree") }
  walk(document.root, depth: 0)
}

private func walk(_ node: JSONNode, depth: Int) {
  require(depth <= Limits.jsonDepthMax, "nested too deep")
  _ = (node.bool, node.string, node.numberText, node.int, node.raw.utf8.count)
  for (key, value) in node.members {
    _ = key.utf8.count
    walk(value, depth: depth + 1)
  }
  for element in node.elements { walk(element, depth: depth + 1) }
}

/// Cursors and whatever else was sealed and comes back: nothing opens but what was sealed here.
@Sendable func fuzzCursors(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  let place = AssociatedData(purpose: "page-cursor", household: Array(repeating: 7, count: 16))
  for box in [Base64URL.decode(text) ?? bytes, bytes] {
    require((try? ring.open(box, associatedData: place)) == nil, "a made-up box opens")
  }
  let sealed = Base64URL.encode(ring.seal(bytes, associatedData: place))
  let opened = Base64URL.decode(sealed).flatMap { try? ring.open($0, associatedData: place) }
  require(opened?.reveal == bytes, "what was sealed does not come back")
  // The words of a cursor: a day and an id find a place again, or are none.
  for word in text.split(separator: " ") {
    if let day = CalendarDate(String(word)) { require(CalendarDate(day.description) == day, "another day") }
    if let id = ID<Transaction>(String(word)) { require(id.description == word, "another id") }
    if let instant = Timestamp(rfc3339: String(word)) {
      require(Timestamp(rfc3339: instant.description) == instant, "another instant")
    }
  }
}

private let ring = KeyRing(current: SealingKey.generate())

/// Access tokens: nothing is believed that was not signed, whatever its header says.
@Sendable func fuzzTokens(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  if let token = try? JWT(text) {
    let header = try? JSONValue.parse(token.header)
    for algorithm in [header?["alg"]?.string, JWT.algorithm] {
      require(
        (try? token.claims(verifiedBy: key.publicKey, algorithm: algorithm)) == nil, "a made-up token is believed")
    }
  }
  // The same as claims: they come back as they were signed, and not with a byte changed.
  let signed = JWT.signed(claims: bytes, keyID: "k", key: key)
  if signed.utf8.count <= JWT.lengthMax {
    guard let token = try? JWT(signed) else { fatalError("our own token is malformed") }
    let claims = try? token.claims(verifiedBy: key.publicKey, algorithm: JWT.algorithm)
    require(claims == bytes, "other claims than were signed")
  }
  _ = HeaderFields(dictionaryLiteral: ("Authorization", "Bearer \(text)")).all("authorization")
}

private let key = ES256.PrivateKey.derived(from: Array(repeating: 9, count: 32))
