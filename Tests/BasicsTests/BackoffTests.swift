import Basics
import Testing

@Suite struct `A wait before the next attempt` {
  private let backoff = Backoff(first: .seconds(1), longest: .seconds(60))

  @Test func `doubles up to its bound, less at most a half`() {
    for (attempt, full) in zip(1..., [1, 2, 4, 8, 16, 32, 60, 60]) {
      #expect(backoff.delay(attempt: attempt, random: 0) == .seconds(full))
      let delays = (0..<1_000).map { backoff.delay(attempt: attempt, random: $0 &* 0x9E37_79B9_7F4A_7C15) }
      #expect(delays.allSatisfy { $0 >= .milliseconds(full * 500) && $0 <= .seconds(full) })
      #expect(Set(delays).count > 100, "everybody waits alike")
    }
  }

  @Test(arguments: [Int.min, -1, 0]) func `begins with the first`(attempt: Int) {
    #expect(backoff.delay(attempt: attempt, random: 0) == .seconds(1))
  }

  @Test(arguments: [63, 1_000, Int.max]) func `never exceeds its bound`(attempt: Int) {
    #expect(backoff.delay(attempt: attempt, random: 0) == .seconds(60))
    let long = Backoff(first: .seconds(3), factor: 10, longest: .milliseconds(Int64.max))
    #expect(long.delay(attempt: attempt, random: 0) == .milliseconds(Int64.max))
  }
}
