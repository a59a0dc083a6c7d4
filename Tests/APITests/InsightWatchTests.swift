import Basics
import Databases
import Finance
import Insights
import JSON
import Jobs
import Store
import Sync
import Testing

@testable import API

/// A household with a bank, and the watch over what stands out in it.
private struct WatchBench {
  let bench: BankBench
  let account: ID<Account>
  let watch: InsightWatch
  private let worker: Worker

  var scope: Scope { bench.scope }
  var today: CalendarDate { CalendarDate(bench.world.now(), in: .utc) }

  init() async throws {
    let bench = try await BankBench()
    let connection = try await bench.banks().linkSandbox(institution: "ins_109508")
    _ = try await bench.banks().sync(connection.id)
    let accounts = try await bench.database.read { try Accounts.all(bench.scope, $0) }
    account = try #require(accounts.first { $0.kind == .checking }?.id)
    self.bench = bench
    watch = InsightWatch(bench.database, bench.world)
    worker = Worker(
      bench.database, world: bench.world, log: .silent, settings: .init(owner: "one"), handlers: watch.handlers)
  }

  /// Rows of one payee, so many days ago and so many cents each. The last one's id is given back.
  func insert(
    _ payee: String, _ rows: [(daysAgo: Int, minor: Int64)], category: (String, String)? = nil
  ) async throws -> ID<Transaction> {
    let ids = rows.map { _ in bench.world.newID(Transaction.self) }
    try await bench.database.write { [bench, account, scope, today] session in
      for (id, row) in zip(ids, rows) {
        var feed = FeedTransaction(
          id: "\(id)", accountID: "\(account)", isPending: false, amount: .zero, currency: .usd,
          bookedOn: today - row.daysAgo, name: payee)
        feed.merchantName = payee
        feed.category = category.map { FeedCategory(primary: $0.0, detailed: $0.1) }
        try Transactions.insert(
          id, feed, account: AccountPlace(account, .checking), amount: Money(minorUnits: row.minor, .usd), exact: nil,
          origin: "simulated", now: bench.world.now(), scope.wholeHousehold, session)
      }
      _ = try Totals.recount(scope.wholeHousehold, session)
    }
    return try #require(ids.last)
  }

  func look() async throws {
    let (line, now) = (try #require(try watch.lines().first), bench.world.now())
    try await bench.database.write { [bench] session in
      for job in try line.jobs(now, session) {
        try JobQueue.add(job, id: bench.world.newID(), now: now, session)
      }
    }
    await worker.drain()
  }

  func events(_ kind: InsightNews.Kind, _ part: String, _ scope: Scope? = nil) async throws -> [NewEvent] {
    try await bench.database.read { [own = self.scope] session in
      try Events.after(0, limit: 5_000, scope ?? own, session).map(\.event)
        .filter { $0.kind == "insight.\(kind.rawValue)" && $0.body.contains(part) }
    }
  }

  func titles(_ kind: NotificationKind, _ scope: Scope? = nil) async throws -> [String] {
    try await bench.database.read { [own = self.scope] session in
      try Notifications.list(before: nil, limit: 1_000, scope ?? own, session).filter { $0.kind == kind.rawValue }
        .map { NotificationWords($0).title }
    }
  }

  func withhold(_ level: SharingLevel) async throws {
    try await bench.database.write { [account, scope] session in
      try session.execute(
        """
        INSERT INTO account_share (household_id, account_id, level, set_by, set_at)
        VALUES (\(scope.household), \(account), \(level.rawValue), \(scope.user), 0)
        """)
    }
  }
}

@Suite struct `What stands out` {
  /// A household with a shop it goes to each week, and now a charge ten times as high.
  @Test func `is told of once, to those who see the account's rows`() async throws {
    let house = try await WatchBench()
    var visits: [(daysAgo: Int, minor: Int64)] = []
    for week in (1...12).reversed() { visits.append((1 + week * 7, -80_00 - Int64(week))) }
    visits.append((1, -900_00))
    let charge = try await house.insert("Corner Grocer", visits)
    for _ in 0..<3 { try await house.look() }
    let title = "A charge of 900.00 USD by Corner Grocer is higher than usual."
    #expect(try await house.titles(.unusualCharge).filter { $0 == title }.count == 1)
    #expect(try await house.events(.unusualCharge, "\(charge)").count == 1)
    // Whoever sees the balance alone does not hear of its rows.
    let other = Scope(household: house.scope.household, user: house.bench.world.newID())
    try await house.withhold(.balances)
    #expect(try await !house.titles(.unusualCharge, other).contains(title))
    #expect(try await house.events(.unusualCharge, "\(charge)", other).isEmpty)
  }

  @Test func `is told of as what it is`() async throws {
    let house = try await WatchBench()
    let fee = try await house.insert("Night Bank", [(2, -3_50)], category: ("BANK_FEES", "BANK_FEES_ATM_FEES"))
    let twice = try await house.insert("Lamp Shop", [(3, -41_00), (2, -41_00)])
    let risen = try await house.insert("Film Club", [(95, -9_99), (64, -9_99), (33, -9_99), (3, -12_99)])
    _ = try await house.insert("Gym North", [(62, -1_00), (32, -40_00), (2, -40_00)])
    let missed = try await house.insert("Power Works", [(133, -60_00), (102, -60_00), (71, -60_00), (40, -60_00)])
    let pay = try await house.insert("Acme Payroll", [(61, 900_00), (47, 900_00), (33, 900_00), (19, 900_00)])
    for _ in 0..<2 { try await house.look() }
    #expect(try await house.events(.feePaid, "\(fee)").count == 1)
    #expect(try await house.titles(.fee).contains("A fee or interest of 3.50 USD was taken: Night Bank."))
    #expect(try await house.events(.duplicateCharge, "\"transaction\":\"\(twice)\"").count == 1)
    #expect(try await house.titles(.duplicateCharge).contains("Lamp Shop took 41.00 USD twice within three days."))
    #expect(try await house.events(.priceRise, "\(risen)").count == 1)
    #expect(try await house.titles(.priceRise).contains("Film Club became dearer: 12.99 USD instead of 9.99."))
    let ended = "A trial has ended: Gym North now takes 40.00 USD."
    #expect(try await house.titles(.trialCharged).filter { $0 == ended }.count == 1)
    #expect(try await house.events(.missedPayment, "\(missed)").count == 1)
    #expect(try await house.titles(.missedPayment).contains { $0.hasPrefix("A payment of 60.00 USD to Power Works") })
    #expect(try await house.events(.missedIncome, "\(pay)").count == 1)
    #expect(
      try await house.titles(.missedIncome).contains { $0.hasPrefix("900.00 USD from Acme Payroll was expected") })
  }

  @Test func `is looked for when something came in or a day has begun, and not because a bank was read`() async throws {
    let house = try await WatchBench()
    func happen(_ kind: String) async throws {
      let (scope, now) = (house.scope, house.bench.world.now())
      try await house.bench.database.write { session in
        try Events.append([NewEvent(kind: kind, body: "{}")], now: now, scope, session)
      }
      try await house.look()
    }
    try await house.look()
    let first = try await house.insert("Night Bank", [(0, -3_50)], category: ("BANK_FEES", "BANK_FEES_ATM_FEES"))
    for kind in ["sync.started", "sync.finished", "notification.added"] { try await happen(kind) }
    #expect(try await house.events(.feePaid, "\(first)").isEmpty, "no event told of the row, so that nothing was read")
    try await happen("transaction.added")
    #expect(try await house.events(.feePaid, "\(first)").count == 1)
    let second = try await house.insert("Night Bank", [(0, -4_50)], category: ("BANK_FEES", "BANK_FEES_ATM_FEES"))
    try await happen("sync.finished")
    #expect(try await house.events(.feePaid, "\(second)").isEmpty)
    try await house.bench.world.sleep(.seconds(86_400))
    try await happen("sync.finished")
    #expect(try await house.events(.feePaid, "\(second)").count == 1, "what days bring shows without other events")
  }

  @Test func `of a budget is told to each by what that person sees, where something is kept back`() async throws {
    let house = try await WatchBench()
    let (world, scope) = (house.bench.world, house.scope)
    let other = Scope(household: scope.household, user: world.newID())
    try await house.bench.database.write { [today = house.today] session in
      try session.execute("INSERT INTO person (id, name, created_at) VALUES (\(other.user), 'Kim', 0)")
      _ = try Memberships.add(other.user, to: other.household, .member, now: world.now(), session)
      for (category, minor) in [("MEDICAL", Int64(50_00)), ("TRAVEL", 5_000_000_00)] {
        let budget = StoredBudget(
          id: world.newID(), category: category, amountMinor: minor, currency: .usd, rollover: .none,
          startsOn: today.adding(months: -1))
        try Budgets.keep(budget, now: world.now(), scope, session)
      }
    }
    _ = try await house.insert("Dr. Owl", [(0, -80_00)], category: ("MEDICAL", "MEDICAL_DENTAL_CARE"))
    try await house.withhold(.balances)
    for _ in 0..<2 { try await house.look() }
    let told = try await house.titles(.budgetOverspent)
    #expect(told.count == 1 && told.first?.hasSuffix("than its budget allows: 80.00 USD of 50.00.") == true, "\(told)")
    #expect(try await house.events(.budgetPassed, "\"budget\"").count == 1)
    #expect(try await house.titles(.budgetOverspent, other).isEmpty)
    #expect(try await house.events(.budgetPassed, "", other).isEmpty)
  }
}

@Suite struct `A balance that differs from its rows` {
  /// The balance moved by five more than the rows say, since the day given.
  private func proof(offSince day: Int) async throws -> (proof: BalanceProof, isLasting: Bool) {
    let house = try await WatchBench()
    let (account, scope, world) = (house.account, house.scope.wholeHousehold, house.bench.world)
    return try await house.bench.database.write { [today = house.today] session in
      try session.execute(
        "DELETE FROM balance_snapshot WHERE household_id = \(scope.household) AND account_id = \(account)")
      try session.execute(
        "UPDATE bank_transaction SET is_gone = 1, changed_at = 0 WHERE household_id = \(scope.household) AND account_id = \(account)"
      )
      for ago in (0...6).reversed() {
        try session.execute(
          """
          INSERT INTO balance_snapshot (household_id, account_id, day, current_minor, currency, as_of, source)
          VALUES (\(scope.household), \(account), \(today - ago), \(100_00 + (ago <= day ? 5 : 0)), 'USD',
            \(world.now() - .seconds(86_400 * ago)), 'provider')
          """)
      }
      let proof = try #require(try BalanceProofs.all(scope, session, only: account).first)
      return (proof, try BalanceProofs.isLasting(proof, scope, session))
    }
  }

  @Test func `is told only when it has done so for two days`() async throws {
    for (since, isLasting) in [(0, false), (1, false), (2, true), (4, true)] {
      let found = try await proof(offSince: since)
      #expect(found.proof.verdict == .differs(Money(minorUnits: 5, .usd)), "since \(since)")
      #expect(found.isLasting == isLasting, "since \(since)")
    }
  }
}
