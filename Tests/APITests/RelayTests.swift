import Basics
import Databases
import Finance
import JSON
import Jobs
import Store
import Testing
import Workshop

@testable import API

/// Two households, and a stream that keeps what it is given, or fails as it is told.
private struct RelayHouse: Sendable {
  let database: any Database
  let world = World.simulated(seed: 3)
  let scopes: [Scope]
  let taken = Locked<[EventRelay.Message]>([])
  /// How many sendings succeed before one fails.
  let patience = Locked(Int.max)

  struct Lost: Error {}

  init() async throws {
    database = try TestDatabase.fresh()
    let world = world
    scopes = (0..<2).map { _ in Scope(household: world.newID(), user: world.newID()) }
    let (scopes, now) = (scopes, world.now())
    try await Migrator.migrate(database, Schema.migrations, now: now)
    try await database.write { session in
      for scope in scopes {
        try Households.create(scope, name: "Home", timeZone: "UTC", currency: .usd, now: now, session)
      }
    }
  }

  func relay(_ owner: String) -> EventRelay {
    EventRelay("kafka", database, world, log: .silent, owner: owner) { { _ in } }
  }

  var send: EventRelay.Send {
    { [taken, patience] messages in
      let isLost = patience.withLock { patience in
        patience -= 1
        return patience < 0
      }
      // Some of them were taken all the same.
      taken.withLock { $0 += isLost ? Array(messages.prefix(messages.count / 2)) : messages }
      if isLost { throw Lost() }
    }
  }

  func tell(_ count: Int, _ household: Int) async throws {
    let (scope, now) = (scopes[household], world.now())
    try await database.write { session in
      try Events.append((0..<count).map { _ in NewEvent(kind: "thing", body: "{}") }, now: now, scope, session)
    }
  }

  func positions(_ household: Int) throws -> [Int] {
    try taken.withLock { $0 }.filter { $0.key == scopes[household].household.description }.map { message in
      let json = try JSONValue.parse(message.value)
      guard case .number(let text) = json["position"], let position = Int(text) else { return -1 }
      return position
    }
  }
}

@Suite struct `Events for a stream` {
  @Test func `come in order for each household, also to one that starts later`() async throws {
    let house = try await RelayHouse()
    try await house.tell(700, 0)
    try await house.tell(3, 1)
    let relay = house.relay("one")
    while try await relay.relay(house.send) > 0 {}
    #expect(try house.positions(0) == Array(1...700))
    #expect(try house.positions(1) == [1, 2, 3])
    try await house.tell(2, 1)
    let later = house.relay("one")
    #expect(try await later.relay(house.send) == 2)
    #expect(try house.positions(1) == [1, 2, 3, 4, 5])
    let value = try JSONValue.parse(try #require(house.taken.withLock { $0.last }).value)
    #expect(value["schema"] == 1 && value["type"] == "thing")
  }

  @Test func `come again after a failure, and none is missing`() async throws {
    let house = try await RelayHouse()
    let relay = house.relay("one")
    for round in 0..<6 {
      try await house.tell(10, round % 2)
      house.patience.withLock { $0 = round % 3 == 1 ? 0 : .max }
      _ = try? await relay.relay(house.send)
    }
    house.patience.withLock { $0 = .max }
    while try await relay.relay(house.send) > 0 {}
    for household in 0..<2 {
      let positions = try house.positions(household)
      #expect(Set(positions) == Set(1...30))
      // Twice is allowed, backwards only to where it had been noted.
      #expect(zip(positions, positions.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    }
  }

  @Test func `are handed on by one process at a time`() async throws {
    let house = try await RelayHouse()
    try await house.tell(5, 0)
    let (one, two) = (house.relay("one"), house.relay("two"))
    #expect(try await one.relay(house.send) == 5)
    try await house.tell(5, 0)
    #expect(try await two.relay(house.send) == 0)
    try await house.world.sleep(.seconds(31))
    #expect(try await two.relay(house.send) == 5)
    #expect(try house.positions(0) == Array(1...10))
  }

  @Test func `leave the noting to whoever leads by then`() async throws {
    let house = try await RelayHouse()
    try await house.tell(5, 0)
    let (one, two) = (house.relay("one"), house.relay("two"))
    let (world, send) = (house.world, house.send)
    // The first one hangs while it sends, and another takes over meanwhile.
    _ = try await one.relay { messages in
      try await send(messages)
      try await world.sleep(.seconds(31))
      _ = try await two.relay(send)
    }
    #expect(try house.positions(0) == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    let behind = try await house.database.read { try EventFollowers.behind("kafka", limit: 9, $0) }
    #expect(behind.isEmpty)
  }
}
