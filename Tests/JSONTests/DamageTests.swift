import Basics
import JSON
import Testing

/// Damaged documents are refused, or read as something else that is whole; nothing else happens.
@Suite struct `A damaged document` {
  static let sample = #"""
    {"added": [{"account_id": "BxBXxLj1m4HMXBm9WZZmCWVbPjX16EHwv99vp", "amount": -89.40, "pending": false, "é": null,
      "name": "SparkFun \"Süd\" \ud83d\ude00 \u20ac", "location": {"lat": 40.740352, "lon": -7.4001761e1, "city": ""},
      "category": ["Shops", "Computers"], "counterparties": [{}, [], [[]], {"a": {"b": [1, 2, true]}}]}],
     "has_more": true, "next_cursor": "CAESJTk5OTk5OTk5", "removed": []}
    """#

  /// Looks at everything there is.
  private func visit(_ node: JSONNode) -> Int {
    var total = node.raw.utf8.count + (node.string?.utf8.count ?? 0) + (node.int == nil ? 0 : 1)
    node.forEachMember { member in
      total += member.key.string.utf8.count + visit(member.value)
      if member.key == "amount" { total += 1 }
    }
    for element in node.elements { total += visit(element) }
    return total
  }

  @Test func `cut short at any byte is refused`() throws {
    let bytes = Array(Self.sample.utf8)
    #expect(visit(try JSONDocument(bytes).root) > bytes.count)
    for length in bytes.indices {
      #expect(throws: JSONError.self) { try JSONDocument(Array(bytes[..<length])) }
    }
  }

  @Test func `without any one byte never crashes`() {
    let bytes = Array(Self.sample.utf8)
    for index in bytes.indices {
      var shorter = bytes
      shorter.remove(at: index)
      if let document = try? JSONDocument(shorter) { #expect(visit(document.root) > 0) }
    }
  }

  @Test func `with random changes never crashes, and what is still read can be written and read again`() throws {
    let bytes = Array(Self.sample.utf8)
    let pieces = Array(#"{}[]:,"\0e.-u tfn"#.utf8) + [0, 0x0A, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
    var survivors = 0
    for seed in 0..<6000 {
      var random = SeededRandom(seed: UInt64(seed))
      var changed = bytes
      for _ in 0..<random.int(in: 1...4) {
        let index = random.int(in: 0...changed.count - 1)
        switch random.int(in: 0...3) {
        case 0: changed[index] = random.pick(pieces)
        case 1: changed[index] ^= 1 << UInt8(random.int(in: 0...7))
        case 2: changed.insert(random.pick(pieces), at: index)
        default: changed.removeSubrange(index..<min(changed.count, index + random.int(in: 1...9)))
        }
      }
      guard let document = try? JSONDocument(changed) else { continue }
      survivors += 1
      let value = JSONValue(document.root)
      #expect(visit(document.root) > 0)
      #expect(try JSONValue.parse(value.serialized()) == value, "seed \(seed)")
    }
    // Were every change refused, or none, the test would say nothing.
    #expect((500..<5500).contains(survivors))
  }

  @Test func `that is noise never crashes`() {
    for seed in 0..<3000 {
      var random = SeededRandom(seed: UInt64(seed))
      let alphabet = Array(#"{}[]:,"\12e.-truefalsn "#.utf8)
      let bytes = (0..<random.int(in: 0...60)).map { _ in random.pick(alphabet) }
      if let document = try? JSONDocument(bytes) { #expect(visit(document.root) > 0) }
    }
  }
}
