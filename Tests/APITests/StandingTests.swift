import Basics
import Databases
import Finance
import Store
import Testing

@testable import API

/// What a credential stands for is remembered only while nobody wrote anything.
@Suite struct `A standing that is remembered` {
  private struct House {
    let bench: BankBench
    let standings: KnownStandings
    let reads: Locked<Int>
    let signIn: ID<SignIn>

    init() async throws {
      bench = try await BankBench()
      let counting = CountingDatabase(bench.database)
      (standings, reads) = (KnownStandings(counting), counting.reads)
      let (world, scope) = (bench.world, bench.scope)
      let id = world.newID(SignIn.self)
      signIn = id
      try await bench.database.write { session in
        let new = NewSession(id: id, user: scope.user, household: scope.household, client: nil, peer: "::1")
        try Sessions.insert(new, now: world.now(), session)
      }
    }

    func look() async throws -> Role? {
      let found = try await standings.found(.session(signIn), now: bench.world.now())
      return found?.standing.roles[bench.scope.household]
    }
  }

  @Test func `is read once`() async throws {
    let house = try await House()
    for _ in 0..<3 { #expect(try await house.look() == .owner) }
    #expect(house.reads.withLock { $0 } == 1)
  }

  @Test func `follows a change of role, a removal and the end of a sign-in with the next request`() async throws {
    let house = try await House()
    let (household, user, id) = (house.bench.scope.household, house.bench.scope.user, house.signIn)
    #expect(try await house.look() == .owner)
    try await house.bench.database.write { session in
      try session.execute("UPDATE membership SET role = 'viewer' WHERE person_id = \(user)")
    }
    #expect(try await house.look() == .viewer)
    try await house.bench.database.write { session in
      try session.execute("DELETE FROM membership WHERE household_id = \(household) AND person_id = \(user)")
    }
    #expect(try await house.look() == nil)
    try await house.bench.database.write { try $0.execute("UPDATE session SET ended_at = 1 WHERE id = \(id)") }
    #expect(try await house.standings.found(.session(id), now: house.bench.world.now()) == nil)
  }

  @Test func `runs out though nobody writes`() async throws {
    let house = try await House()
    #expect(try await house.look() == .owner)
    try await house.bench.world.sleep(Sessions.lifetime)
    #expect(try await house.standings.found(.session(house.signIn), now: house.bench.world.now()) == nil)
  }

  @Test func `is nothing for whoever is unknown, and unknown again the next time`() async throws {
    let house = try await House()
    for _ in 0..<2 {
      #expect(try await house.standings.found(.keyHash([1, 2]), now: house.bench.world.now()) == nil)
      #expect(try await house.standings.found(.cookie(hash: [3]), now: house.bench.world.now()) == nil)
    }
  }
}
