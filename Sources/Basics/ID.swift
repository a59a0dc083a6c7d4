/// A type whose values are named by an ``ID`` with a readable prefix, such as `acc_…` for an account.
///
/// A prefix outlives every release: it never changes once shipped.
package protocol Identified {
  static var idPrefix: String { get }
}

/// The identity of one `Owner`: a UUIDv7, printed as `prefix_` and 26 base-32 digits.
///
/// An `ID<Account>` cannot be passed where an `ID<Transaction>` is wanted, and its text form says what it names.
package struct ID<Owner: Identified>: Hashable, Sendable {
  // Two words and not one `UInt128`: its 16-byte alignment makes Swift 6.3 on x86-64 miscount the stack of an async
  // function with many arguments, which then returns to nowhere after its first suspension.
  private let high: UInt64
  private let low: UInt64

  package var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

  package init(bits: UInt128) {
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }

  package init?(_ text: some StringProtocol) {
    guard text.hasPrefix(Owner.idPrefix + "_") else { return nil }
    let digits = text.utf8.dropFirst(Owner.idPrefix.utf8.count + 1)
    guard digits.count == Base32.length else { return nil }
    var bits: UInt128 = 0
    for digit in digits {
      guard let value = Base32.value(of: digit) else { return nil }
      let (shifted, overflow) = bits.multipliedReportingOverflow(by: 32)
      guard !overflow else { return nil }
      bits = shifted | UInt128(value)
    }
    self.init(bits: bits)
  }

  /// Big-endian, as a database keeps it: byte order is then age order.
  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
      for index in 0..<16 { buffer[index] = UInt8(truncatingIfNeeded: bits >> UInt128(120 - 8 * index)) }
      count = 16
    }
  }

  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self.init(bits: bytes.reduce(0) { $0 << 8 | UInt128($1) })
  }
}

extension ID: CustomStringConvertible {
  package var description: String { Base32.text(Owner.idPrefix, bits) }
}

extension ID: Comparable {
  package static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// Crockford's base 32: no I, L, O or U, so an identifier survives being read aloud.
package enum Base32 {
  static let length = 26
  static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// The prefix, a low line, and the digits, the highest first.
  static func text(_ prefix: String, _ bits: UInt128) -> String {
    String(unsafeUninitializedCapacity: prefix.utf8.count + 1 + length) { text in
      var place = 0
      for byte in prefix.utf8 {
        text[place] = byte
        place += 1
      }
      text[place] = UInt8(ascii: "_")
      for index in 1...length {
        text[place + index] = alphabet[Int(truncatingIfNeeded: bits >> (5 * (length - index)) & 31)]
      }
      return place + 1 + length
    }
  }

  static func value(of digit: UInt8) -> UInt8? {
    alphabet.firstIndex(of: digit).map(UInt8.init)
  }
}
