import Crypto

/// Where a caller stands in an Item's changes, as opaque text bound to the Item and to the stream of one account.
struct Cursor: Equatable, Sendable {
  /// Where the loop began; when ``offset`` is nil, simply where the caller is.
  var base: Int
  /// In the middle of a loop: where the loop ends, and how many changes were handed out.
  var loop: Loop?

  struct Loop: Equatable, Sendable {
    var end: Int
    var offset: Int
  }

  static func at(_ place: Int) -> Cursor { Cursor(base: place, loop: nil) }

  /// Base64 of version, binding, three numbers and a check that makes a guessed cursor a foreign one.
  func text(binding: UInt64) -> String {
    var bytes: [UInt8] = [1]
    Self.append(binding, 8, to: &bytes)
    Self.append(UInt64(base), 5, to: &bytes)
    Self.append(UInt64(loop.map { $0.end + 1 } ?? 0), 5, to: &bytes)
    Self.append(UInt64(loop?.offset ?? 0), 5, to: &bytes)
    bytes += Self.check(bytes)
    return Base64.encode(bytes)
  }

  /// Nil when the text is no cursor of this stream.
  init?(_ text: String, binding: UInt64) {
    guard let bytes = Base64.decode(text), bytes.count == 32, bytes[0] == 1,
      Array(bytes[24...]) == Self.check(Array(bytes[..<24])), Self.number(bytes[1..<9]) == binding
    else { return nil }
    let end = Int(Self.number(bytes[14..<19]))
    self.init(
      base: Int(Self.number(bytes[9..<14])),
      loop: end == 0 ? nil : Loop(end: end - 1, offset: Int(Self.number(bytes[19..<24]))))
  }

  init(base: Int, loop: Loop?) {
    self.base = base
    self.loop = loop
  }

  private static func append(_ number: UInt64, _ width: Int, to bytes: inout [UInt8]) {
    for index in (0..<width).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private static func check(_ bytes: [UInt8]) -> [UInt8] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var check: [UInt8] = []
    append(hash, 8, to: &check)
    return check
  }
}
