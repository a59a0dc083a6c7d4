/// Numbers that stand for words, so that a line is looked up in tables without making a string of it: FNV-1a, whose
/// parts can be joined: the fingerprint of `WAL` `MART` is that of `WALMART`.
///
/// The model's features are counted by it: changing it means training again.
struct Fingerprint: Hashable, Sendable {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  init() {}

  init(value: UInt64) { self.value = value }

  init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(byte) }
  }

  /// Of a name as lists spell it: folded, with nothing but its letters and digits.
  init(name: String) {
    self.init(Folding.fold(name).filter { Folding.isWordByte($0) })
  }

  mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    let span = bytes.span
    for index in span.indices { add(span[index]) }
  }
}
