import Basics
import Databases
import Testing

@testable import Jobs

@Suite struct `Workers whose database is away` {
  @Test func `write down how a job went when their database is back, and nobody does it again`() async throws {
    let house = try await JobHouse()
    let outage = Outage(house.database)
    let runs = Locked(0)
    let worker = Worker(
      outage, world: house.world, log: .silent, settings: .init(owner: "one"),
      handlers: [
        .update: { _ in
          runs.withLock { $0 += 1 }
          outage.writesLost.withLock { $0 = 4 }
          return .done
        }
      ])
    try await house.add(NewJob(.update, "a"))
    #expect(await worker.drain() == 1)
    #expect(outage.writesLost.withLock { $0 } == 0)
    #expect(try await house.open(.update, "a").isEmpty)
    try await house.pass(JobClaims.leaseTime * 2)
    #expect(try await house.rescue() == 0)
    #expect(runs.withLock { $0 } == 1)
  }

  @Test func `give up on a database that stays away, and others do what they did`() async throws {
    let house = try await JobHouse()
    let outage = Outage(house.database)
    let worker = Worker(
      outage, world: house.world, log: .silent, settings: .init(owner: "one"),
      handlers: [
        .update: { _ in
          outage.writesLost.withLock { $0 = .max }
          return .done
        }
      ])
    try await house.add(NewJob(.update, "a"))
    #expect(await worker.drain() == 1)
    try await house.pass(JobClaims.leaseTime * 2)
    #expect(try await house.rescue() == 1)
  }

  /// A database that loses its connection for so many writes.
  private final class Outage: Database {
    let inner: any Database
    let writesLost = Locked(0)

    init(_ inner: any Database) { self.inner = inner }

    func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
      try await inner.read(body)
    }

    @discardableResult
    func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
      let isLost = writesLost.withLock { left in
        defer { left = max(0, left - 1) }
        return left > 0
      }
      if isLost { throw DatabaseError(kind: .disconnected, message: "nobody is there") }
      return try await inner.write(body)
    }
  }
}
