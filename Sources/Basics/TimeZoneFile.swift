/// Reads a file of the time zone database: TZif of version 2 and later, RFC 9636 (and 8536 before it).
///
/// Whatever contradicts itself is refused as a whole: a wrong zone would put rows on wrong days without anybody noticing.
struct TimeZoneFile {
  /// The longest zone of today has about 4 kB.
  static let bytesMax = 256 << 10

  /// When clocks changed, ascending, in seconds since 1970 UTC, and what they are ahead of UTC from then on.
  private(set) var changes: [(at: Int64, offset: Int)] = []
  /// Before the first change.
  private(set) var firstOffset = 0
  /// From the last change on.
  private(set) var rule: TimeZoneRule?

  /// How many of each kind of entry a block holds.
  private struct Counts {
    var utcMarks, standardMarks, leaps, changes, kinds, letters: Int

    func size(timeBytes: Int) -> Int {
      changes * timeBytes + changes + kinds * 6 + letters + leaps * (timeBytes + 4) + standardMarks + utcMarks
    }
  }

  private static let headerSize = 44

  init?(_ bytes: [UInt8]) {
    guard bytes.count <= Self.bytesMax, let old = Self.header(bytes, at: 0) else { return nil }
    // The first block counts in 32 bits and is there for readers of version 1 only.
    let start = Self.headerSize + old.size(timeBytes: 4)
    guard let counts = Self.header(bytes, at: start) else { return nil }
    let data = start + Self.headerSize
    let footer = data + counts.size(timeBytes: 8)
    guard footer < bytes.count, readBlock(bytes, data, counts) else { return nil }
    guard readFooter(bytes[footer...]) else { return nil }
  }

  /// Nil for another kind of file, version 1, and counts that RFC 9636 forbids.
  private static func header(_ bytes: [UInt8], at start: Int) -> Counts? {
    guard start + headerSize <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8),
      bytes[start + 4] >= UInt8(ascii: "2")
    else { return nil }
    let numbers = (0..<6).map { Int(integer(bytes, at: start + 20 + 4 * $0, size: 4)) }
    // No file has more entries than bytes: this also keeps the sums below far from overflow.
    guard numbers.allSatisfy({ (0...bytesMax).contains($0) }) else { return nil }
    return Counts(
      utcMarks: numbers[0], standardMarks: numbers[1], leaps: numbers[2], changes: numbers[3], kinds: numbers[4],
      letters: numbers[5])
  }

  /// A big-endian integer in two's complement.
  private static func integer(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
    let bits = bytes[start..<start + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return size == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
  }

  private mutating func readBlock(_ bytes: [UInt8], _ start: Int, _ counts: Counts) -> Bool {
    // Zones with leap seconds count other seconds than we do; their files are kept apart under `right/`.
    guard counts.leaps == 0, (1...256).contains(counts.kinds), counts.letters > 0,
      [0, counts.kinds].contains(counts.standardMarks), [0, counts.kinds].contains(counts.utcMarks)
    else { return false }
    let kindOfChange = start + counts.changes * 8
    let kinds = kindOfChange + counts.changes
    var offsets: [Int] = []
    for index in 0..<counts.kinds {
      let entry = kinds + 6 * index
      let offset = Int(Self.integer(bytes, at: entry, size: 4))
      guard TimeZoneRule.offsets.contains(offset), bytes[entry + 4] <= 1, Int(bytes[entry + 5]) < counts.letters else {
        return false
      }
      offsets.append(offset)
    }
    firstOffset = offsets[0]
    changes.reserveCapacity(counts.changes)
    for index in 0..<counts.changes {
      let at = Self.integer(bytes, at: start + 8 * index, size: 8)
      let kind = Int(bytes[kindOfChange + index])
      guard kind < offsets.count, changes.last.map({ $0.at < at }) ?? true else { return false }
      changes.append((at, offsets[kind]))
    }
    return true
  }

  /// A line between two line ends. Empty: after the last change nothing is known, and its offset stays.
  private mutating func readFooter(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 2, bytes.first == UInt8(ascii: "\n") else { return false }
    let line = bytes.dropFirst().prefix { $0 != UInt8(ascii: "\n") }
    guard line.endIndex < bytes.endIndex else { return false }
    if line.isEmpty { return true }
    rule = TimeZoneRule(Array(line))
    return rule != nil
  }
}
