import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

@Suite struct `The quarantine` {
  private struct House {
    let database: any Database
    let scope: Scope
    let world: World
    let connection: ID<Connection>

    init() async throws {
      database = try TestDatabase.fresh()
      world = World.simulated(seed: 1)
      _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
      scope = Scope(household: world.newID(), user: world.newID())
      connection = world.newID()
      try await database.write { [scope, world, connection] session in
        try Households.create(scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), session)
        try Connections.insert(
          NewConnection(id: connection, origin: .simulated, environment: "sandbox", host: "test", itemID: "item"),
          scope, now: world.now(), session)
      }
    }

    func keep(_ id: String?, _ raw: String, _ product: Product = .transactions) async throws -> Bool {
      try await database.write { [scope, world, connection] session in
        try Quarantine.keep(
          FeedUnreadable(id: id, reason: "why", raw: raw), as: world.newID(), product, connection, now: world.now(),
          scope, session)
      }
    }

    func waiting(_ product: Product = .transactions) async throws -> [String] {
      try await database.read { [scope, connection] session in
        try Quarantine.unsettled(product, connection, scope, session).map(\.raw)
      }
    }
  }

  @Test func `keeps one row for each name: the last`() async throws {
    let house = try await House()
    #expect(try await house.keep("a", "1"))
    #expect(try await !house.keep("a", "1"), "the same again is nothing new")
    #expect(try await house.keep("b", "1"))
    #expect(try await house.keep("a", "2"))
    #expect(try await house.waiting() == ["1", "2"])
    let all = try await house.database.read {
      try $0.query("SELECT raw FROM quarantine ORDER BY id") { try $0(0, as: String.self) }
    }
    #expect(all == ["1", "1", "2"], "nothing is ever deleted")
  }

  @Test func `keeps rows without a name apart by what they say`() async throws {
    let house = try await House()
    #expect(try await house.keep(nil, "1"))
    #expect(try await house.keep(nil, "2"))
    #expect(try await !house.keep(nil, "1"))
    #expect(try await house.waiting() == ["1", "2"])
    let count = try await house.database.read { [scope = house.scope] in try Quarantine.count(scope, $0) }
    #expect(count == 2)
  }

  @Test func `settles what a later word made void, and only that`() async throws {
    let house = try await House()
    _ = try await house.keep("a", "1")
    _ = try await house.keep("b", "2")
    _ = try await house.keep("a", "3", .holdings)
    let names = try await house.database.write { [house] session in
      try Quarantine.settle(
        named: "a", .transactions, house.connection, now: house.world.now(), house.scope, session)
      return try Quarantine.waiting(.transactions, house.connection, house.scope, session).names
    }
    #expect(names == ["b"])
    #expect(try await house.waiting(.holdings) == ["3"])
    #expect(try await house.keep("a", "1"), "what was settled may come back as a new row")
  }

  @Test func `replaces what is told whole each time`() async throws {
    let house = try await House()
    func replace(_ raws: [String]) async throws -> Int {
      try await house.database.write { [house] session in
        try Quarantine.replace(
          .liabilities, with: raws.map { FeedUnreadable(id: nil, reason: "why", raw: $0) }, house.connection,
          newID: { house.world.newID() }, now: house.world.now(), house.scope, session)
      }
    }
    #expect(try await replace(["1", "2"]) == 2)
    #expect(try await replace(["2", "1"]) == 0)
    #expect(try await replace(["2", "3"]) == 1)
    #expect(try await house.waiting(.liabilities) == ["2", "3"])
    #expect(try await replace([]) == 0)
    #expect(try await house.waiting(.liabilities).isEmpty)
  }

  @Test func `is read in parts without losing or repeating a row`() async throws {
    let house = try await House()
    for index in 0..<7 { _ = try await house.keep("\(index)", "\(index)") }
    let read = try await house.database.read { [house] session in
      var read: [String] = []
      var last: ID<QuarantinedRow>?
      while true {
        let part = try Quarantine.unsettled(
          .transactions, house.connection, after: last, limit: 3, house.scope, session)
        guard let end = part.last else { return read }
        read += part.map(\.raw)
        last = end.id
      }
    }
    #expect(read == ["0", "1", "2", "3", "4", "5", "6"])
  }
}
