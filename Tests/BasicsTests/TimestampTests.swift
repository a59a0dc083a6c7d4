import Basics
import Testing

@Suite struct `An instant` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00Z", 951_825_600_000),
    ("2026-01-31T08:30:00.005Z", 1_769_848_200_005), ("2026-01-31T08:30:00.050Z", 1_769_848_200_050),
    ("2026-01-31T08:30:00.500Z", 1_769_848_200_500), ("9999-12-31T23:59:59Z", 253_402_300_799_000),
    ("0001-01-01T00:00:00Z", -62_135_596_800_000),
  ])
  func `is written and read alike`(text: String, milliseconds: Int64) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
    #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    ("2026-01-31T08:30:00", "2026-01-31T08:30:00Z"), ("2026-01-31 08:30:00z", "2026-01-31T08:30:00Z"),
    ("2026-01-31T08:30:00+02:00", "2026-01-31T06:30:00Z"), ("2026-01-31T23:30:00-05:30", "2026-02-01T05:00:00Z"),
    ("2026-01-31T08:30:00.123456789Z", "2026-01-31T08:30:00.123Z"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
  ])
  func `is read as banks write it`(text: String, canonical: String) {
    #expect(Timestamp(rfc3339: text)?.description == canonical)
  }

  @Test(arguments: [
    "", "2026-01-31", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-31T24:00:00Z",
    "2026-01-31T08:60:00Z", "2026-01-31T08:30:61Z", "2026-01-31T08:30:00.Z", "2026-01-31T08:30:00Zx",
    "2026-01-31T08:30:00+0200", "2026-01-31T08:30:00+24:00", "2026-01-31T08:30", "+026-01-31T08:30:00Z",
    "2026/01/31T08:30:00Z", "0000-01-01T00:00:00Z",
  ])
  func `is not read from anything else`(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

  @Test func `survives its text at any millisecond`() {
    var random = SeededRandom(seed: 11)
    for _ in 0..<5_000 {
      let instant = Timestamp(milliseconds: Int64(random.int(in: -62_135_596_800_000...253_402_300_799_999)))
      #expect(Timestamp(rfc3339: "\(instant)") == instant)
    }
  }

  @Test func `counts whole seconds downwards`() {
    #expect(Timestamp(milliseconds: -1).seconds == -1)
    #expect(Timestamp(milliseconds: -1_000).seconds == -1)
    #expect(Timestamp(milliseconds: -1_001).seconds == -2)
    #expect(Timestamp(milliseconds: 1_999).seconds == 1)
    #expect(Timestamp(seconds: 5) - Timestamp(seconds: 2) == .seconds(3))
    #expect(Timestamp(seconds: 5) + .milliseconds(1) == Timestamp(milliseconds: 5_001))
  }
}

@Suite struct `A simulated world` {
  @Test func `repeats itself from its seed`() {
    let (one, two) = (World.simulated(seed: 5), World.simulated(seed: 5))
    #expect((0..<100).map { _ in one.random() } == (0..<100).map { _ in two.random() })
    #expect(World.simulated(seed: 6).random() != World.simulated(seed: 5).random())
  }

  @Test func `lets time pass only in sleep`() async throws {
    let world = World.simulated(seed: 1)
    let before = world.now()
    #expect(world.now() == before)
    try await world.sleep(.seconds(86_400))
    #expect(world.now() - before == .seconds(86_400))
  }

  @Test func `draws within its bounds`() {
    var random = SeededRandom(seed: 2)
    let draws = (0..<2_000).map { _ in random.int(in: -3...3) }
    #expect(Set(draws) == Set(-3...3))
    _ = random.int(in: Int.min...Int.max)
    #expect((0..<100).allSatisfy { _ in !random.chance(0, in: 4) && random.chance(4, in: 4) })
    // The numbers of the published algorithm (SplitMix64, seed 0).
    var zero = SeededRandom(seed: 0)
    #expect(zero.next() == 0xE220_A839_7B1D_CDAF)
    #expect(zero.next() == 0x6E78_9E6A_A1B9_65F4)
  }
}
