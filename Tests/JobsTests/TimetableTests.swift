import Basics
import Databases
import Testing
import Workshop

@testable import Jobs

@Suite struct `The timetable` {
  private func timetable(_ house: JobHouse, _ expression: String = "0 2 * * *", owner: String = "one") throws
    -> Timetable
  {
    let line = Scheduled("sync", try Cron(expression), in: .utc) { _, _ in
      [NewJob(.update, "a"), NewJob(.update, "b")]
    }
    return Timetable(house.database, world: house.world, log: .silent, owner: owner, [line])
  }

  private func drop(_ house: JobHouse) async throws -> Int {
    let jobs = try await house.take()
    for job in jobs { try await house.end(job, .done) }
    return jobs.count
  }

  @Test func `puts jobs into the queue once each time`() async throws {
    let house = try await JobHouse()
    let table = try timetable(house)
    #expect(await table.look() == 0)
    var total = 0
    for _ in 0..<(3 * 24 * 6) {
      try await house.pass(.seconds(600))
      _ = await table.look()
      total += try await drop(house)
    }
    #expect(total == 6)
  }

  @Test func `makes up once for all that fell due while nothing ran`() async throws {
    let house = try await JobHouse()
    _ = await (try timetable(house)).look()
    try await house.pass(.seconds(86_400 * 9))
    let table = try timetable(house)
    #expect(await table.look() == 2)
    #expect(await table.look() == 0)
  }

  @Test func `is followed by one process at a time, and by another when that one falls silent`() async throws {
    let house = try await JobHouse()
    let (one, two) = (try timetable(house, owner: "one"), try timetable(house, owner: "two"))
    #expect(await one.look() == 0)
    #expect(await two.look() == nil)
    try await house.pass(Leadership.leaseTime + .seconds(1))
    #expect(await two.look() == 0)
    #expect(await one.look() == nil)
    let terms = try await house.database.read { session in
      try session.query("SELECT term FROM leader") { try $0(0, as: Int.self) }
    }
    #expect(terms == [2])
  }

  @Test func `does what other lines say when one of them fails`() async throws {
    struct Odd: Error {}
    let house = try await JobHouse()
    let lines = [
      Scheduled("odd", try Cron("* * * * *"), in: .utc) { _, _ in throw Odd() },
      Scheduled("sync", try Cron("* * * * *"), in: .utc) { _, _ in [NewJob(.update, "a")] },
    ]
    let table = Timetable(house.database, world: house.world, log: .silent, owner: "one", lines)
    #expect(await table.look() == 0)
    try await house.pass(.seconds(61))
    #expect(await table.look() == 1)
    #expect(try await drop(house) == 1)
  }

  @Test func `begins anew when a line is written differently, and survives a clock that was wrong`() async throws {
    let house = try await JobHouse()
    _ = await (try timetable(house)).look()
    #expect(await (try timetable(house, "*/5 * * * *")).look() == 0)
    try await house.pass(.seconds(300))
    #expect(await (try timetable(house, "*/5 * * * *")).look() == 2)
    // Two days ahead and back again: the line is not silent for two days.
    try await house.pass(.seconds(2 * 86_400))
    #expect(await (try timetable(house, "*/5 * * * *")).look() == 2)
    try await house.pass(.seconds(-2 * 86_400))
    _ = await (try timetable(house, "*/5 * * * *")).look()
    try await house.pass(.seconds(300))
    #expect(await (try timetable(house, "*/5 * * * *")).look() == 2)
  }
}
