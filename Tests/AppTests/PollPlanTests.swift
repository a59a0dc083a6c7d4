import Basics
import Finance
import Testing

@testable import App
@testable import Store

@Suite struct `The plan of looking at banks` {
  private static let now = Timestamp(seconds: 1_773_478_800)

  private static func connection(
    _ state: ConnectionState = .healthy, _ progress: FeedProgress = .historical, ageMinutes: Int64 = 10_000,
    attemptMinutesAgo: Int64? = 1, seed: UInt64 = 1
  ) -> ListedConnection {
    let world = World.simulated(seed: seed)
    return ListedConnection(
      id: world.newID(), origin: "plaid", environment: "production", state: state, progress: progress,
      lastAttemptAt: attemptMinutesAgo.map { now - .seconds($0 * 60) }, createdAt: now - .seconds(ageMinutes * 60),
      accounts: 1)
  }

  private static let known = PollPlan.Memory(isFirstLook: false)

  private static func minutes(_ connection: ListedConnection, _ memory: PollPlan.Memory = known) -> Int64? {
    guard case .sync(let at) = PollPlan.next(connection, memory, now: now) else { return nil }
    return (at - now).milliseconds / 60_000
  }

  @Test func `begins with each at once`() {
    for progress in [FeedProgress.unknown, .notReady, .initial, .historical] {
      #expect(Self.minutes(Self.connection(.healthy, progress), PollPlan.Memory()) == 0)
    }
    #expect(Self.minutes(Self.connection(.pending, .unknown, attemptMinutesAgo: nil)) == 0)
  }

  @Test(arguments: [ConnectionState.needsReauthentication, .revoked, .removed])
  func `leaves alone what only a person can help`(state: ConnectionState) {
    for memory in [PollPlan.Memory(), Self.known] {
      #expect(PollPlan.next(Self.connection(state), memory, now: Self.now) == .leave)
    }
  }

  @Test func `looks often while history comes in, and less as time goes by`() {
    for progress in [FeedProgress.unknown, .notReady, .initial] {
      var pauses: [Duration] = []
      for age: Int64 in [0, 5, 30, 90] {
        let connection = Self.connection(.pending, progress, ageMinutes: age, attemptMinutesAgo: 0)
        guard case .sync(let at) = PollPlan.next(connection, Self.known, now: Self.now) else { return }
        pauses.append(at - Self.now)
      }
      #expect(pauses[0] == .seconds(3) && pauses[1] == .seconds(30) && pauses[2] == .seconds(180))
      #expect(pauses[3] > .seconds(3600))
    }
    #expect((Self.minutes(Self.connection(ageMinutes: 1)) ?? 0) > 100, "all is there: no hurry")
  }

  @Test func `comes several times a day, not for everybody at once, and keeps to what it said`() {
    let hours = (0..<200).compactMap { seed in
      Self.minutes(Self.connection(attemptMinutesAgo: 0, seed: seed)).map { Double($0) / 60 }
    }
    #expect(hours.count == 200)
    #expect(hours.allSatisfy { $0 >= 3.7 && $0 <= 6.3 })
    #expect(Set(hours.map { Int($0 * 4) }).count > 7, "they are spread")
    let connection = Self.connection()
    let later = Self.now + .seconds(3600)
    #expect(PollPlan.next(connection, Self.known, now: Self.now) == PollPlan.next(connection, Self.known, now: later))
  }

  @Test func `waits longer after each failure, and as long as it was asked to`() {
    var memory = PollPlan.Memory()
    var last = Duration.zero
    for _ in 0..<4 {
      PollPlan.remember(failureAt: Self.now, asked: nil, random: 0, in: &memory)
      let pause = (memory.notBefore ?? Self.now) - Self.now
      #expect(pause > last)
      last = pause
      #expect(
        PollPlan.next(Self.connection(.degraded), memory, now: Self.now)
          == .sync(at: Self.now + pause))
    }
    for _ in 0..<100 { PollPlan.remember(failureAt: Self.now, asked: nil, random: 7, in: &memory) }
    #expect((memory.notBefore ?? Self.now) - Self.now <= .seconds(6 * 3600))
    PollPlan.remember(failureAt: Self.now, asked: .seconds(9 * 3600), random: 7, in: &memory)
    #expect(memory.notBefore == Self.now + .seconds(9 * 3600))
  }

  @Test func `goes on with a removal that was not confirmed`() {
    #expect(PollPlan.next(Self.connection(.removing), PollPlan.Memory(), now: Self.now) == .remove(at: Self.now))
    var memory = PollPlan.Memory()
    PollPlan.remember(failureAt: Self.now, asked: nil, random: 0, in: &memory)
    #expect(
      PollPlan.next(Self.connection(.removing), memory, now: Self.now) == .remove(at: Self.now + .seconds(120)))
  }
}
