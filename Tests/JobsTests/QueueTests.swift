import Basics
import Databases
import Testing
import Workshop

@testable import Jobs

@Suite struct `The queue` {
  @Test func `gives the urgent first and then the oldest`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"), NewJob(.update, "b", priority: .event))
    try await house.pass(.seconds(1))
    try await house.add(NewJob(.update, "c", priority: .person), NewJob(.update, "d", priority: .event))
    #expect(try await house.take().map(\.subject) == ["c", "b", "d", "a"])
    #expect(try await house.take().isEmpty)
  }

  @Test func `holds one waiting job for a connection, the wider, sooner and more urgent of them`() async throws {
    let house = try await JobHouse()
    let now = house.world.now()
    try await house.add(NewJob(.balances, "a", priority: .upkeep, runAt: now + .seconds(100)))
    try await house.add(NewJob(.holdings, "a", runAt: now + .seconds(50)))
    try await house.add(NewJob(.removal, "a"))
    let waiting = try await house.open(.update, "a")
    #expect(waiting.count == 1)
    #expect(waiting.first?.kind == .update)
    #expect(waiting.first?.priority == JobPriority.scheduled.rawValue)
    #expect(waiting.first?.runAt == now + .seconds(50))
    #expect(try await house.open(.removal, "a").count == 1)
  }

  @Test func `lets one wait while one runs, and never runs two`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"))
    let first = try #require(try await house.take().first)
    try await house.add(NewJob(.update, "a"))
    #expect(try await house.take().isEmpty)
    #expect(try await house.open(.update, "a").count == 2)
    try await house.end(first, .done)
    #expect(try await house.take().count == 1)
  }

  @Test func `tries a sync three times, five minutes apart, and then sets it aside`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"))
    for attempt in 1...3 {
      let job = try #require(try await house.take().first)
      #expect(job.attempt == attempt)
      try await house.end(job, .failed(.test))
      try await house.pass(.seconds(299))
      #expect(try await house.take().isEmpty)
      try await house.pass(.seconds(1))
    }
    #expect(try await house.take().isEmpty)
    let letter = try #require(try await house.letters().first)
    #expect(letter.code == "test" && letter.job.subject == "a" && letter.job.attempt == 3)
  }

  @Test func `rests as long as the provider asks, unless a person asks`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"))
    let job = try #require(try await house.take().first)
    try await house.end(job, .failed(.test, pause: .seconds(3600)))
    try await house.add(NewJob(.update, "a", priority: .event))
    try await house.pass(.seconds(3599))
    #expect(try await house.take().isEmpty)
    try await house.add(NewJob(.update, "a", priority: .person))
    #expect(try await house.take().first?.attempt == 2)
  }

  @Test func `keeps tries and pause when another came to wait meanwhile`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"))
    let job = try #require(try await house.take().first)
    try await house.add(NewJob(.update, "a", priority: .event))
    try await house.end(job, .failed(.test, pause: .seconds(900)))
    let waiting = try await house.open(.update, "a")
    #expect(waiting.map(\.attempt) == [1])
    #expect(waiting.first?.runAt == house.world.now() + .seconds(900))
  }

  @Test func `does not count what is nobody's failure`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"))
    for _ in 0..<10 {
      let job = try #require(try await house.take().first)
      #expect(job.attempt == 1)
      try await house.end(job, .later(.seconds(30)))
      try await house.pass(.seconds(30))
    }
    #expect(try await house.letters().isEmpty)
  }

  @Test func `keeps dead letters until they are tried again, dropped or made up for`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"), NewJob(.removal, "b"), NewJob(.update, "c"))
    for job in try await house.take() { try await house.end(job, .hopeless(.test)) }
    let letters = try await house.letters()
    #expect(letters.count == 3)
    let now = house.world.now()
    let retried = try #require(letters.first { $0.job.subject == "a" })
    let dropped = try #require(letters.first { $0.job.subject == "b" })
    let isDone = try await house.database.write { session in
      (
        try DeadLetters.retry(retried.job.id, of: nil, now: now, session),
        try DeadLetters.drop(dropped.job.id, of: nil, session),
        try DeadLetters.drop(dropped.job.id, of: nil, session)
      )
    }
    #expect(isDone == (true, true, false))
    try await house.add(NewJob(.update, "c"))
    let jobs = try await house.take()
    #expect(Set(jobs.map(\.subject)) == ["a", "c"] && jobs.allSatisfy { $0.attempt == 1 })
    for job in jobs { try await house.end(job, .done) }
    #expect(try await house.letters().isEmpty)
  }

  @Test func `shows a household its own dead letters only`() async throws {
    let house = try await JobHouse()
    let ours: ID<Tenant> = house.world.newID()
    let theirs: ID<Tenant> = house.world.newID()
    try await house.add(NewJob(.update, "a", household: ours), NewJob(.update, "b", household: theirs))
    for job in try await house.take() { try await house.end(job, .hopeless(.test)) }
    let now = house.world.now()
    try await house.database.write { session in
      let seen = try DeadLetters.list(of: ours, limit: 10, session)
      #expect(seen.map(\.job.subject) == ["a"])
      let other = try DeadLetters.list(of: theirs, limit: 10, session)
      #expect(try !DeadLetters.retry(other[0].job.id, of: ours, now: now, session))
      #expect(try !DeadLetters.drop(other[0].job.id, of: ours, session))
    }
  }

  @Test func `counts how deep it is`() async throws {
    let house = try await JobHouse()
    let now = house.world.now()
    try await house.add(NewJob(.update, "a"), NewJob(.update, "b"), NewJob(.removal, "a", runAt: now + .seconds(9)))
    _ = try await house.take(1)
    let depth = try await house.database.read { try QueueDepth.all(now: now, $0) }
    #expect(
      depth == [
        QueueDepth(kind: "removal", waiting: 1, running: 0, dead: 0, dueSince: nil),
        QueueDepth(kind: "sync.update", waiting: 1, running: 1, dead: 0, dueSince: now),
      ])
  }

  @Test func `exists exactly when its cause committed`() async throws {
    let house = try await JobHouse()
    let (world, now) = (house.world, house.world.now())
    struct Refused: Error {}
    await #expect(throws: Refused.self) {
      try await house.database.write { session in
        try JobQueue.add(NewJob(.update, "a"), id: world.newID(), now: now, session)
        throw Refused()
      }
    }
    #expect(try await house.take().isEmpty)
  }
}

@Suite struct `Limits of the queue` {
  private func job(_ subject: String, _ institution: String, provider: String = "plaid") -> NewJob {
    NewJob(.update, subject, provider: provider, institution: institution)
  }

  @Test func `hold for a bank, and others go ahead`() async throws {
    let house = try await JobHouse()
    for index in 0..<40 { try await house.add(job("slow\(index)", "ins_1")) }
    for index in 0..<5 { try await house.add(job("other\(index)", "ins_2")) }
    let limits = JobLimits(providerMax: 30, institutionMax: 3)
    let first = try await house.take(8, limits: limits)
    #expect(first.filter { $0.institution == "ins_1" }.count == 3)
    #expect(first.filter { $0.institution == "ins_2" }.count == 3)
    #expect(try await house.take(8, limits: limits).isEmpty)
    try await house.end(first[0], .done)
    #expect(try await house.take(8, limits: limits).map(\.institution) == ["ins_1"])
  }

  @Test func `hold for a provider`() async throws {
    let house = try await JobHouse()
    for index in 0..<10 { try await house.add(job("a\(index)", "ins_\(index)")) }
    try await house.add(job("b", "ins_1", provider: "other"))
    let taken = try await house.take(20, limits: JobLimits(providerMax: 4, institutionMax: 4))
    #expect(taken.filter { $0.provider == "plaid" }.count == 4)
    #expect(taken.filter { $0.provider == "other" }.count == 1)
  }

  @Test func `let no household with many connections keep the others waiting`() async throws {
    let house = try await JobHouse()
    let (large, small): (ID<Tenant>, ID<Tenant>) = (house.world.newID(), house.world.newID())
    for index in 0..<10 { try await house.add(NewJob(.update, "large\(index)", household: large)) }
    try await house.pass(.seconds(1))
    try await house.add(NewJob(.update, "small", household: small))
    #expect(try await house.take(2).map(\.subject) == ["large0", "small"])
    #expect(try await house.take(3).map(\.subject) == ["large1", "large2", "large3"], "nothing else is there")
    try await house.add(NewJob(.update, "small too", household: small), NewJob(.retention, "all"))
    try await house.add(NewJob(.update, "asked for", household: large, priority: .person))
    #expect(
      try await house.take(3).map(\.subject) == ["asked for", "all", "large4"],
      "a person waits for nobody, and what belongs to none has the turn of those that rest")
  }

  @Test func `leave a bank alone that keeps failing, and try it with one job then`() async throws {
    let house = try await JobHouse()
    let down = JobOutcome.failed(JobFailure("down", "The bank is down.", blames: .institution))
    for index in 0..<12 { try await house.add(job("a\(index)", "ins_1")) }
    try await house.add(job("b", "ins_2"))
    for job in try await house.take(5) { try await house.end(job, down) }
    #expect(try await house.take().map(\.subject) == ["b"])
    try await house.pass(.seconds(60))
    let probe = try await house.take()
    #expect(probe.count == 1)
    try await house.end(probe[0], down)
    try await house.pass(.seconds(59))
    #expect(try await house.take().isEmpty)
    try await house.pass(.seconds(61))
    let second = try await house.take()
    #expect(second.count == 1)
    try await house.end(second[0], .done)
    #expect(try await house.take().count > 1)
  }

  @Test func `are no matter for work that asks nobody`() async throws {
    let house = try await JobHouse()
    for index in 0..<6 { try await house.add(job("a\(index)", "ins_1")) }
    for job in try await house.take(5) {
      try await house.end(job, .failed(JobFailure("down", "", blames: .provider)))
    }
    try await house.add(NewJob(.retention, "all"))
    #expect(try await house.take().map(\.kind) == [.retention])
  }

  @Test func `are counted for all, and for the household that made most`() async throws {
    let house = try await JobHouse()
    let (world, now) = (house.world, house.world.now())
    let (all, most) = try await house.database.write { session in
      let none = (try CallBudget.usedByAll(now: now, session), try CallBudget.mostOfOne(now: now, session))
      #expect(none == (0, 0))
      for count in [3, 9, 5] { _ = try CallBudget.take(count, of: 100, world.newID(), now: now, session) }
      return (try CallBudget.usedByAll(now: now, session), try CallBudget.mostOfOne(now: now, session))
    }
    #expect(all == 17 && most == 9)
  }

  @Test func `end the calls of a day`() async throws {
    let house = try await JobHouse()
    let household: ID<Tenant> = house.world.newID()
    let other: ID<Tenant> = house.world.newID()
    let now = house.world.now()
    let granted = try await house.database.write { session in
      var granted: [Int] = []
      for _ in 0..<3 { granted.append(try CallBudget.take(40, of: 100, household, now: now, session)) }
      try CallBudget.giveBack(15, household, now: now, session)
      granted.append(try CallBudget.take(40, of: 100, household, now: now, session))
      granted.append(try CallBudget.take(40, of: 100, other, now: now, session))
      granted.append(
        try CallBudget.take(40, of: 100, household, now: CallBudget.renews(after: now), session))
      return granted
    }
    #expect(granted == [40, 40, 20, 15, 40, 40])
  }
}

@Suite struct `Workers` {
  @Test func `that die leave their jobs to others, and the try counts`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "poison"))
    for attempt in 1...3 {
      #expect(try await house.take(owner: "w\(attempt)").map(\.attempt) == [attempt])
      #expect(try await house.rescue() == 0)
      try await house.pass(JobClaims.leaseTime + .seconds(1))
      #expect(try await house.rescue() == 1)
    }
    #expect(try await house.take().isEmpty)
    #expect(try await house.letters().map(\.code) == ["worker.lost"])
  }

  @Test func `that give signs of life keep their jobs`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"))
    let job = try #require(try await house.take().first)
    for _ in 0..<5 {
      try await house.pass(JobClaims.leaseTime - .seconds(1))
      let now = house.world.now()
      let kept = try await house.database.write { try JobClaims.keep([job], owner: "one", now: now, $0) }
      #expect(kept == [job.id])
      #expect(try await house.rescue() == 0)
    }
  }

  @Test func `that were taken for dead can end nothing any more`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"))
    let old = try #require(try await house.take(owner: "old").first)
    try await house.pass(JobClaims.leaseTime + .seconds(1))
    _ = try await house.rescue()
    let new = try #require(try await house.take(owner: "new").first)
    #expect(try await !house.end(old, .done))
    let now = house.world.now()
    #expect(try await house.database.write { try JobClaims.keep([old], owner: "old", now: now, $0) }.isEmpty)
    #expect(try await house.end(new, .done))
    #expect(try await house.open(.update, "a").isEmpty)
  }

  @Test func `run what is due and write down how it went`() async throws {
    let house = try await JobHouse()
    try await house.add(NewJob(.update, "a"), NewJob(.update, "b"), NewJob(.removal, "c"))
    let seen = Locked<[String]>([])
    let worker = house.worker(
      "one",
      [
        .update: { job in
          seen.withLock { $0.append(job.subject) }
          return job.subject == "b" ? .failed(.test) : .done
        }
      ])
    #expect(await worker.drain() == 2)
    #expect(seen.withLock { $0 } == ["a", "b"])
    #expect(try await house.open(.update, "a").isEmpty)
    #expect(try await house.open(.update, "b").map(\.attempt) == [1])
    #expect(try await house.open(.removal, "c").map(\.attempt) == [0])
  }

  @Test(.timeLimit(.minutes(1))) func `that are stopped give back what they had begun`() async throws {
    let house = try await JobHouse()
    let live = World.live
    let (begun, sink) = AsyncStream.makeStream(of: Void.self)
    try await house.add(NewJob(.update, "a"))
    let worker = Worker(
      house.database, world: live, log: .silent, settings: .init(owner: "one", lookPause: .milliseconds(20)),
      handlers: [
        .update: { _ in
          sink.yield()
          try? await live.sleep(.seconds(3600))
          return .failed(.test)
        }
      ])
    let run = Task { try await worker.run() }
    for await _ in begun { break }
    run.cancel()
    try await run.value
    let jobs = try await house.open(.update, "a")
    #expect(jobs.map(\.attempt) == [0])
  }

  @Test(.timeLimit(.minutes(1))) func `hear of new jobs without being told`() async throws {
    let house = try await JobHouse()
    let (done, sink) = AsyncStream.makeStream(of: String.self)
    let worker = Worker(
      house.database, world: .live, log: .silent, settings: .init(owner: "one", lookPause: .milliseconds(20)),
      handlers: [
        .update: { job in
          sink.yield(job.subject)
          return .done
        }
      ])
    let run = Task { try await worker.run() }
    var heard: [String] = []
    try await house.add(NewJob(.update, "a"))
    for await subject in done {
      heard.append(subject)
      if heard.count == 2 { break }
      try await house.add(NewJob(.update, "b"))
    }
    #expect(heard == ["a", "b"])
    run.cancel()
    try await run.value
  }
}
