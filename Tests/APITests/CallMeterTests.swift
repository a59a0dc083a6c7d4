import Basics
import Databases
import Finance
import Jobs
import Store
import Testing

@testable import API

@Suite struct `The calls of a day` {
  private struct Cut: Error {}

  /// A household that has made ten calls today, and a run's meter.
  private static func counted() async throws -> (BankBench, CallMeter, @Sendable () async throws -> Int) {
    let bench = try await BankBench()
    let (now, household) = (bench.world.now(), ID<Tenant>(bits: bench.scope.household.bits))
    try await bench.database.write { _ = try CallBudget.take(10, of: 100, household, now: now, $0) }
    let meter = CallMeter(bench.database, bench.world, bench.scope, callsMax: 100)
    return (bench, meter, { try await bench.database.read { try CallBudget.used(household, now: now, $0) } })
  }

  @Test func `lose none to a run that did not begin`() async throws {
    let (bench, meter, used) = try await Self.counted()
    await #expect(throws: Cut.self) {
      try await bench.database.write { session in
        try meter.begin(session).get()
        throw Cut()
      }
    }
    await meter.settle()
    #expect(try await used() == 10, "what was never taken is not given back")
  }

  @Test func `are those that were made, however many a run began with`() async throws {
    for made in 1...30 {
      let (bench, meter, used) = try await Self.counted()
      try await bench.database.write { try meter.begin($0).get() }
      for _ in 0..<made { try await meter.take() }
      await meter.settle()
      #expect(try await used() == 10 + made)
    }
  }
}
