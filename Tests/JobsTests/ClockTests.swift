import Basics
import Databases
import Testing
import Workshop

@testable import Jobs

/// Machines lose their clock: a battery dies, a virtual machine sleeps, somebody sets the date. What was promised under
/// the wrong time must neither be lost nor be waited for.
@Suite struct `A clock that jumps` {
  private static let twoDays = Duration.seconds(2 * 86_400)

  private func timetable(_ house: JobHouse, _ zone: String = "UTC") throws -> Timetable {
    let line = Scheduled("sync", try Cron("30 2 * * *"), in: try TimeZone.named(zone)) { _, _ in
      [NewJob(.update, "daily")]
    }
    return Timetable(house.database, world: house.world, log: .silent, owner: "one", [line])
  }

  @Test func `two days ahead leaves nothing undone, and does nothing twice`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "waits"), NewJob(.update, "runs"))
    let running = try #require(try await house.take(1).first)
    let table = try timetable(house)
    _ = await table.look()
    try await house.pass(Self.twoDays)
    // The worker is alive and has not noticed: it is taken for dead, and what it says later counts for nothing.
    #expect(try await house.rescue() == 1)
    #expect(try await !house.end(running, .done))
    // Two mornings were passed over: they are made up for once.
    #expect(await table.look() == 1)
    var done: [String: Int] = [:]
    while true {
      let jobs = try await house.take()
      guard !jobs.isEmpty else { break }
      for job in jobs where try await house.end(job, .done) { done[job.subject, default: 0] += 1 }
    }
    #expect(done == ["waits": 1, "runs": 1, "daily": 1])
  }

  @Test func `two days back does not make anybody wait two days`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "waits"), NewJob(.update, "runs"), NewJob(.update, "failed"))
    // All of this is written down under a date that is two days ahead.
    let taken = try await house.take(3)
    for job in taken where job.subject == "failed" { try await house.end(job, .failed(.test)) }
    for job in taken where job.subject == "waits" { try await house.end(job, .later(.seconds(60))) }
    try await house.pass(.zero - Self.twoDays)
    #expect(try await house.rescue() == 1, "whoever ran it is believed no longer than a lease lasts")
    let again = try await house.take()
    #expect(Set(again.map(\.subject)) == ["waits", "runs", "failed"])
    #expect(again.allSatisfy { $0.attempt <= 2 })
  }

  @Test func `two days back finds a leader again`() async throws {
    let house = try await JobHouse()
    let (one, two) = (Leadership("test", owner: "one"), Leadership("test", owner: "two"))
    func hold(_ leadership: Leadership) async throws -> Int? {
      let now = house.world.now()
      return try await house.database.write { try leadership.hold(now: now, $0) }
    }
    #expect(try await hold(one) == 1)
    try await house.pass(.zero - Self.twoDays)
    #expect(try await hold(two) == 2)
    #expect(try await hold(one) == nil)
  }

  /// Berlin, 2024: on 31 March 02:30 does not exist, on 27 October it comes twice.
  @Test(arguments: [("2024-03-30T12:00:00Z", 4), ("2024-10-26T12:00:00Z", 4)])
  func `over the change of the hour has every morning once`(start: String, mornings: Int) async throws {
    let house = try await JobHouse()
    try await house.pass(try #require(Timestamp(rfc3339: start)) - house.world.now())
    let table = try timetable(house, "Europe/Berlin")
    _ = await table.look()
    var count = 0
    for _ in 0..<(mornings * 24 * 4) {
      try await house.pass(.seconds(900))
      _ = await table.look()
      for job in try await house.take() { count += try await house.end(job, .done) ? 1 : 0 }
    }
    #expect(count == mornings)
    // And in one leap from before to after: once for all of them.
    let other = try await JobHouse()
    try await other.pass(try #require(Timestamp(rfc3339: start)) - other.world.now())
    let leaping = try timetable(other, "Europe/Berlin")
    _ = await leaping.look()
    try await other.pass(Self.twoDays)
    #expect(await leaping.look() == 1)
    #expect(await leaping.look() == 0)
  }
}
