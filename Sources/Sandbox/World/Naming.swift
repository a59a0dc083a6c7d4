import Basics
import Crypto

/// Every id, token and key of a sandbox, derived from its seed: the same seed gives the same names on every machine.
///
/// Tokens come out of SHA-256, so one of them tells nothing about another. Row ids come out of a fast mixer, because a
/// bulk history asks for a million of them.
struct Naming: Sendable {
  let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  /// 64 bits that depend on the seed and every part.
  func number(_ parts: String...) -> UInt64 { number(parts) }

  private func number(_ parts: [String]) -> UInt64 {
    var hash = seed ^ 0xCBF2_9CE4_8422_2325
    for part in parts {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
    }
    var mixer = SeededRandom(seed: hash)
    return mixer.next()
  }

  /// 37 letters and digits, as Plaid's item, account and transaction ids look.
  func id(_ parts: String...) -> String { Self.letters(37, from: number(parts)) }

  /// `length` letters and digits that follow from `number`.
  static func letters(_ length: Int, from number: UInt64) -> String {
    String(unsafeUninitializedCapacity: length) { buffer in
      fill(buffer, from: number)
      return length
    }
  }

  static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, from number: UInt64) {
    var random = SeededRandom(seed: number)
    var bits: UInt64 = 0
    for index in buffer.indices {
      if index % 10 == 0 { bits = random.next() }
      buffer[index] = alphabet[Int(bits % 62)]
      bits /= 62
    }
  }

  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// A version 4 UUID in shape, out of SHA-256.
  func uuid(_ parts: String...) -> String {
    var digits = Array(secret(parts).prefix(32))
    digits[12] = "4"
    let variants: [Character] = ["8", "9", "a", "b"]
    digits[16] = variants[(digits[16].hexDigitValue ?? 0) % 4]
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return groups.map { String(digits[$0]) }.joined(separator: "-")
  }

  /// 64 hex digits that only the seed and the parts give.
  func secret(_ parts: [String]) -> String {
    Hex.encode(Hash.sha256("sandbox|\(seed)|" + parts.joined(separator: "|")))
  }
}
