import Basics
import Databases
import Finance
import JSON
import Jobs
import Store
import Sync
import Testing

@testable import API

@Suite struct `Unusual charges` {
  /// A household with a shop it goes to each week, and now a charge ten times as high.
  @Test func `are told of once, to those who see the account's rows`() async throws {
    let bench = try await BankBench()
    let (world, scope) = (bench.world, bench.scope)
    let connection = try await bench.banks().linkSandbox(institution: "ins_109508")
    _ = try await bench.banks().sync(connection.id)
    let account = try #require(
      try await bench.database.read { session in
        try Accounts.all(scope, session).first { $0.kind == .checking }?.id
      })
    let today = CalendarDate(world.now(), in: .utc)
    let charge: ID<Transaction> = world.newID()
    try await bench.database.write { session in
      for week in 0...12 {
        let id: ID<Transaction> = week == 0 ? charge : world.newID()
        let minor: Int64 = week == 0 ? -900_00 : -(80_00 + Int64(week))
        var row = FeedTransaction(
          id: "\(id)", accountID: "\(account)", isPending: false, amount: DecimalText("1") ?? .zero, currency: .usd,
          bookedOn: today - 1 - week * 7, name: "Corner Grocer")
        row.merchantName = "Corner Grocer"
        try Transactions.insert(
          id, row, account: AccountPlace(account, .checking), amount: Money(minorUnits: minor, .usd), exact: nil,
          origin: "simulated", now: world.now(), scope.wholeHousehold, session)
      }
      _ = try Totals.recount(scope.wholeHousehold, session)
    }
    let watch = InsightWatch(bench.database, world)
    let worker = Worker(
      bench.database, world: world, log: .silent, settings: .init(owner: "one"), handlers: watch.handlers)
    func round() async throws {
      let (line, now) = (try #require(try watch.lines().first), world.now())
      try await bench.database.write { session in
        for job in try line.jobs(now, session) { try JobQueue.add(job, id: world.newID(), now: now, session) }
      }
      await worker.drain()
    }
    for _ in 0..<3 { try await round() }
    let told = try await bench.database.read { session in
      try Notifications.list(before: nil, limit: 200, scope, session).filter {
        $0.kind == "charge.unusual" && $0.body.contains("\(charge)")
      }
    }
    #expect(told.count == 1)
    #expect(
      told.first.map { NotificationWords($0).title } == "A charge of 900.00 USD by Corner Grocer is higher than usual.")
    let events = try await bench.database.read { session in
      try Events.after(0, limit: 1_000, scope, session).filter {
        $0.event.kind == "insight.unusual_charge" && $0.event.body.contains("\(charge)")
      }
    }
    #expect(events.count == 1)
    // Whoever sees the balance alone does not hear of its rows.
    let other = Scope(household: scope.household, user: world.newID())
    try await bench.database.write { session in
      try session.execute(
        """
        INSERT INTO account_share (household_id, account_id, level, set_by, set_at)
        VALUES (\(scope.household), \(account), 'balances', \(scope.user), 0)
        """)
    }
    let seen = try await bench.database.read { try Notifications.list(before: nil, limit: 200, other, $0) }
    #expect(!seen.contains { $0.body.contains("\(charge)") })
  }
}
