import Databases
import Testing

@Suite struct `A compressed answer` {
  @Test(arguments: [0, 1, 1_000, 300_000])
  func `comes back whole`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let packed = Zstd.compress(bytes)
    #expect(try Zstd.decompress(packed, bytesMax: count) == bytes)
    if count > 1_000 { #expect(packed.count < count / 10) }
  }

  @Test func `larger than allowed is refused`() {
    let packed = Zstd.compress([UInt8](repeating: 0, count: 10_000))
    #expect(packed.count < 100)
    #expect(throws: Zstd.Failure.damaged) { try Zstd.decompress(packed, bytesMax: 9_999) }
  }

  @Test func `cut short anywhere is refused`() {
    let packed = Zstd.compress((0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* $0) })
    for count in 0..<packed.count {
      #expect(throws: Zstd.Failure.damaged) { try Zstd.decompress(Array(packed.prefix(count)), bytesMax: 1 << 20) }
    }
  }

  @Test func `that never was one is refused`() {
    #expect(throws: Zstd.Failure.damaged) { try Zstd.decompress(Array("not a frame".utf8), bytesMax: 1 << 20) }
    var packed = Zstd.compress([UInt8](repeating: 1, count: 1_000))
    packed[0] ^= 0xFF
    #expect(throws: Zstd.Failure.damaged) { try Zstd.decompress(packed, bytesMax: 1 << 20) }
    #expect(throws: Zstd.Failure.damaged) {
      try Zstd.decompress(Zstd.compress([1, 2, 3]) + [9, 9, 9, 9], bytesMax: 1 << 20)
    }
  }
}
