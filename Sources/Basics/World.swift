/// Everything the program takes from outside that is not I/O: what time it is, how to wait, and chance.
///
/// Production passes ``live``; a test passes a ``simulated(seed:start:)`` world and replays any failure from its seed.
package struct World: Sendable {
  package var now: @Sendable () -> Timestamp
  package var sleep: @Sendable (Duration) async throws -> Void
  /// 64 random bits. In ``live`` they come from the operating system's generator.
  package var random: @Sendable () -> UInt64
  private let identifiers: Identifiers

  package init(
    now: @escaping @Sendable () -> Timestamp,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
    identifiers = Identifiers()
  }

  /// A new identity: later ones from the same world always compare greater, even within one millisecond.
  package func newID<Owner>(_: Owner.Type = Owner.self) -> ID<Owner> {
    ID(bits: identifiers.next(now: now(), random: random()))
  }

  package static let live = World(
    now: { Timestamp.wallClock() },
    sleep: { try await Task.sleep(for: $0) },
    random: { UInt64.random(in: .min ... .max) }
  )

  /// A world whose clock stands still until somebody sleeps, and whose chance follows from `seed`.
  package static func simulated(seed: UInt64, start: Timestamp = .init(milliseconds: 1_700_000_000_000)) -> World {
    let state = Locked((clock: start, random: SeededRandom(seed: seed)))
    return World(
      now: { state.withLock { $0.clock } },
      sleep: { duration in state.withLock { $0.clock = $0.clock + duration } },
      random: { state.withLock { $0.random.next() } }
    )
  }
}

/// Makes UUIDv7 values (RFC 9562 §5.7) that increase within one process.
///
/// 48 bits of milliseconds, version 7, a 12-bit counter in `rand_a`, variant 10, 62 random bits. When the clock stands
/// still or steps back the counter goes on; when the counter is full the millisecond is borrowed from the future.
package final class Identifiers: Sendable {
  private let last = Locked((milliseconds: UInt64(0), counter: UInt16(0)))

  package init() {}

  package func next(now: Timestamp, random: UInt64) -> UInt128 {
    let (milliseconds, counter) = last.withLock { last in
      let time = UInt64(clamping: now.milliseconds) & 0xFFFF_FFFF_FFFF
      if time > last.milliseconds {
        last = (time, UInt16(truncatingIfNeeded: random >> 62))
      } else if last.counter < 0xFFF {
        last.counter += 1
      } else {
        last = (last.milliseconds + 1, 0)
      }
      return last
    }
    let high = milliseconds << 16 | 0x7000 | UInt64(counter)
    let low = 0x8000_0000_0000_0000 | (random & 0x3FFF_FFFF_FFFF_FFFF)
    return UInt128(high) << 64 | UInt128(low)
  }
}

/// SplitMix64: small, fast, and the same numbers on every machine for one seed.
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64
  package init(seed: UInt64) { state = seed }
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An integer in the range, by a rule of ours: the standard library may change how it draws between releases.
  package mutating func int(in range: ClosedRange<Int>) -> Int {
    let width = UInt64(bitPattern: Int64(range.upperBound) &- Int64(range.lowerBound)) &+ 1
    guard width != 0 else { return Int(truncatingIfNeeded: next()) }
    return range.lowerBound &+ Int(truncatingIfNeeded: next() % width)
  }

  package mutating func chance(_ numerator: Int, in denominator: Int) -> Bool {
    int(in: 0...denominator - 1) < numerator
  }

  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[int(in: 0...elements.count - 1)]
  }
}
