import Basics
import Databases
import Finance
import Store
import Testing

@testable import Sync

private let day = firstDay

@Suite struct `What is held` {
  private func held(_ house: ProductHouse, on day: CalendarDate? = nil) async throws -> [String: String] {
    let (accounts, securities) = (try await house.accountNames(), try await house.securityNames())
    let rows = try await house.database.read { [scope = house.scope] session in
      try Holdings.latest(in: Array(accounts.keys), on: day, scope, session)
    }
    return Dictionary(
      uniqueKeysWithValues: rows.map {
        ("\(accounts[$0.account] ?? "?") \(securities[$0.security] ?? "?")", $0.quantity.text)
      })
  }

  @Test func `is closed on the day it is gone, and stays as it was on the days before`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.hold([holding("S", "2.5"), holding("T", "1")])
    _ = try await house.sync(script.feed)
    try await house.world.sleep(.seconds(86_400))
    script.hold([holding("T", "1")])
    let outcome = try await house.sync(script.feed)?[.holdings]
    guard case .applied(let counts) = outcome else { throw Problem(500, "test", "\(String(describing: outcome))") }
    #expect(counts.removed == 1 && counts.changed == 0 && counts.added == 0)
    #expect(try await held(house) == ["X S": "0", "X T": "1"])
    #expect(try await held(house, on: day) == ["X S": "2.5", "X T": "1"])
    // It is closed once, and may be bought again.
    try await house.world.sleep(.seconds(86_400))
    #expect(try await house.sync(script.feed)?[.holdings] == .applied(ProductCounts()))
    script.hold([holding("S", "7"), holding("T", "1")])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == ["X S": "7", "X T": "1"])
    #expect(try await held(house, on: day + 1) == ["X S": "0", "X T": "1"])
  }

  @Test func `is not taken for sold when its account is not listed, or a row could not be read`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.hold([holding("S", "1"), holding("S", "2", in: "Y")])
    _ = try await house.sync(script.feed)
    let all = try await held(house)
    script.hold([], accounts: [])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == all)
    script.hold([], unreadable: [FeedUnreadable(id: nil, reason: "?", raw: "5")])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == all)
    script.hold([], unreadable: [FeedUnreadable(id: "X S", reason: "?", raw: "6", accountID: "X")])
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == ["X S": "1", "Y S": "0"], "the other account is certain")
  }

  @Test func `is kept with its reason when its account is unknown, and its neighbours survive`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.hold([holding("S", "3", in: "strange"), holding("T", "1")])
    let outcome = try await house.sync(script.feed)?[.holdings]
    guard case .applied(let counts) = outcome else { throw Problem(500, "test", "\(String(describing: outcome))") }
    #expect(counts.quarantined == 1 && counts.added == 1)
    let waiting = try await house.database.read { [house] session in
      try Quarantine.unsettled(.holdings, house.connection, house.scope, session)
    }
    #expect(waiting.map(\.raw) == ["strange S 3"] && waiting.first?.reason.contains("account") == true)
    try await house.addAccount("strange")
    _ = try await house.sync(script.feed)
    #expect(try await held(house) == ["strange S": "3", "X T": "1"])
    #expect(try await house.waitingCount() == 0)
  }

  @Test func `is written behind what is known when the clock was set back`() async throws {
    let house = try await ProductHouse()
    let target = ProductTarget(
      connection: house.connection, accounts: ["X": TargetAccount(id: house.world.newID(), currency: .usd)],
      today: day, now: house.world.now(), world: house.world, scope: house.scope)
    let known = StoredSecurity(id: house.world.newID(), providerID: "S")
    let later = StoredHolding(
      account: target.accounts["X"]!.id, security: known.id, day: day + 3, quantity: .zero, currency: .usd)
    let answer = FeedHoldings(accounts: [account("X")], holdings: [holding("S", "1")], securities: [])
    let plan = HoldingsPlan(answer, target: target, known: ["S": known], latest: [later])
    #expect(plan.rows.map(\.day) == [day + 3] && plan.rows.first?.quantity.text == "1")
  }

  @Test func `moves with its account to a new connection, and a muted account is left to the other one`() async throws {
    let house = try await ProductHouse()
    let script = ProductScript()
    script.hold([holding("S", "1"), holding("S", "2", in: "Y")])
    script.trade([trade("A"), trade("B", in: "Y")])
    _ = try await house.sync(script.feed)
    let accounts = try await house.accountNames()
    let anew: ID<Connection> = house.world.newID()
    try await house.link(anew)
    for (id, name) in accounts where ["X", "Y"].contains(name) {
      try await house.name(id, "new \(name)", anew, isMuted: name == "Y")
    }
    let second = ProductScript(accounts: ["new X", "new Y"])
    second.hold([holding("S2", "1", in: "new X"), holding("S2", "2", in: "new Y")])
    second.trade([trade("A2", in: "new X"), trade("B2", in: "new Y")])
    try await house.world.sleep(.seconds(86_400))
    _ = try await house.sync(second.feed, connection: anew)
    #expect(try await held(house) == ["X S": "0", "X S2": "1", "Y S": "2"])
    #expect(try await held(house, on: day) == ["X S": "1", "Y S": "2"])
    #expect(Set(try await house.trades().map(\.providerID)) == ["A2", "B"])
    #expect(try await house.waitingCount() == 0)
  }
}
