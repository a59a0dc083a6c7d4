import Testing

@testable import Sync

@Suite struct `Work done ahead` {
  struct Refusal: Error {}

  @Test func `comes back in the order in which it is asked for`() throws {
    let works = (0..<20).map { number in Ahead { number * number } }
    #expect(try works.map { try $0.get() } == (0..<20).map { $0 * $0 })
  }

  @Test func `that fails throws where it is asked for`() {
    let work = Ahead<Int> { throw Refusal() }
    #expect(throws: Refusal.self) { try work.get() }
  }
}
