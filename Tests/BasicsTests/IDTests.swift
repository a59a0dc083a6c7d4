import Basics
import Testing

private enum Nest: Identified { static var idPrefix: String { "nest" } }
private enum Tree: Identified { static var idPrefix: String { "tree" } }

@Suite struct `An identity` {
  private let world = World.simulated(seed: 7)

  @Test func `reads back from its text`() {
    for _ in 0..<500 {
      let id = world.newID(Nest.self)
      #expect(ID<Nest>("\(id)") == id)
      #expect("\(id)".utf8.count == 31)
    }
  }

  @Test(arguments: [UInt128.min, 1, 31, 32, .max - 1, .max])
  func `keeps every bit in text and bytes`(bits: UInt128) {
    let id = ID<Nest>(bits: bits)
    #expect(ID<Nest>("\(id)")?.bits == bits)
    #expect(ID<Nest>(bytes: id.bytes)?.bits == bits)
  }

  @Test(arguments: [
    "", "nest", "nest_", "nest_0", "00000000000000000000000000", "nest_0000000000000000000000000",
    "nest_000000000000000000000000000", "nest_0000000000000000000000000u", "nest_0000000000000000000000000A",
    "nest_80000000000000000000000000", "nest_zzzzzzzzzzzzzzzzzzzzzzzzzz", " nest_00000000000000000000000000",
    "NEST_00000000000000000000000000", "nest_0000000000000000000000000é",
  ])
  func `refuses text that is none`(text: String) { #expect(ID<Nest>(text) == nil) }

  @Test func `refuses the prefix of another`() {
    let id = world.newID(Nest.self)
    #expect(ID<Tree>("\(id)") == nil)
    #expect(ID<Tree>(bytes: [UInt8](repeating: 0, count: 15)) == nil)
    #expect(ID<Tree>(bytes: [UInt8](repeating: 0, count: 17)) == nil)
  }

  @Test func `is greater than all before it, while the clock stands still`() {
    let ids = (0..<10_000).map { _ in world.newID(Nest.self) }
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(ids, ids.dropFirst()).allSatisfy { "\($0)" < "\($1)" })
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.bytes.lexicographicallyPrecedes($1.bytes) })
  }

  @Test func `is greater than all before it, when the clock steps back`() {
    let identifiers = Identifiers()
    var random = SeededRandom(seed: 3)
    var last: UInt128 = 0
    for step in 0..<5_000 {
      let now = Timestamp(milliseconds: 1_700_000_000_000 + Int64(step % 7) * 10 - Int64(step % 11) * 20)
      let next = identifiers.next(now: now, random: random.next())
      #expect(next > last)
      last = next
    }
  }

  @Test func `is a UUID of version 7 with the time in front`() {
    let start = Timestamp(milliseconds: 1_767_225_600_123)
    let bits = World.simulated(seed: 1, start: start).newID(Nest.self).bits
    #expect(bits >> 80 == 1_767_225_600_123)
    #expect(bits >> 76 & 0xF == 7)
    #expect(bits >> 62 & 0b11 == 0b10)
  }
}
