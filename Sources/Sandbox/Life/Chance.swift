// Chance without a running generator: every draw follows from (seed, rule, day), so that nothing which happens later, or
// in another rule, changes what happened before.

import Basics
import Finance

/// Draws for one rule on one day.
struct Chance: Sendable {
  private var random: SeededRandom

  /// - Parameter rule: a word that no other rule uses.
  init(_ seed: UInt64, _ rule: StaticString, _ day: Int = 0, _ index: Int = 0) {
    random = SeededRandom(seed: Self.mix(seed, Self.hash(rule), day, index))
  }

  init(_ seed: UInt64, key: UInt64, _ day: Int = 0, _ index: Int = 0) {
    random = SeededRandom(seed: Self.mix(seed, key, day, index))
  }

  private static func mix(_ seed: UInt64, _ key: UInt64, _ day: Int, _ index: Int) -> UInt64 {
    var value = seed ^ (key &* 0x9E37_79B9_7F4A_7C15)
    value ^= UInt64(bitPattern: Int64(day)) &* 0xD6E8_FEB8_6659_FD93
    value ^= UInt64(bitPattern: Int64(index)) &* 0xA076_1D64_78BD_642F
    value = (value ^ (value >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return value ^ (value >> 32)
  }

  /// FNV-1a over UTF-8: Swift's own hashes differ from process to process.
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }

  private static func hash(_ text: StaticString) -> UInt64 {
    text.withUTF8Buffer { bytes in
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      return hash
    }
  }

  mutating func bits() -> UInt64 { random.next() }
  mutating func int(_ range: ClosedRange<Int>) -> Int { random.int(in: range) }
  mutating func minor(_ range: ClosedRange<Int64>) -> Int64 {
    Int64(random.int(in: Int(range.lowerBound)...Int(range.upperBound)))
  }
  /// True so many times in a thousand.
  mutating func perMille(_ share: Int) -> Bool { random.int(in: 0...999) < share }
  mutating func pick<Element>(_ elements: [Element]) -> Element { random.pick(elements) }

  /// An amount between the two, smaller ones more often: as baskets are.
  mutating func basket(_ low: Int64, _ high: Int64) -> Int64 {
    guard high > low else { return low }
    let first = minor(low...high)
    let second = minor(low...high)
    let third = minor(low...high)
    return (min(first, second) * 2 + third) / 3
  }

  /// So many digits, the first not zero.
  mutating func digits(_ count: Int) -> String {
    var text = String(int(1...9))
    for _ in 1..<max(count, 1) { text += String(int(0...9)) }
    return text
  }

  /// Letters and digits as processors print them, without the ones people confuse.
  mutating func code(_ count: Int) -> String {
    let letters = Array("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
    var text = ""
    for _ in 0..<count { text.append(letters[int(0...letters.count - 1)]) }
    return text
  }
}
