import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

/// A household of two whose accounts each bear a marker in every text and a sum of their own in every number.
private struct Home: Sendable {
  let database: any Database
  let world: World
  /// Whose connections the accounts came through.
  let people: [Scope]
  var accounts: [Planted] = []
  var connections: [ID<Connection>] = []

  struct Planted: Sendable {
    var id: ID<Account>
    var owner: Int
    var connection: ID<Connection>
    var marker: String
    var minor: Int64
  }

  init(seed: UInt64, accounts count: Int = 6) async throws {
    let world = World.simulated(seed: seed)
    self.world = world
    database = try TestDatabase.fresh()
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let household: ID<Household> = world.newID()
    let people = (0..<2).map { _ in Scope(household: household, user: world.newID()) }
    self.people = people
    (accounts, connections) = try await database.write { session in
      try Households.create(people[0], name: "T", timeZone: "UTC", currency: .usd, now: world.now(), session)
      try session.execute("INSERT INTO person (id, name, created_at) VALUES (\(people[1].user), 'B', \(world.now()))")
      try session.execute(
        """
        INSERT INTO membership (household_id, person_id, role, joined_at)
        VALUES (\(household), \(people[1].user), 'member', \(world.now()))
        """)
      var accounts: [Planted] = []
      let connections = try people.map { try Self.link($0, world, session) }
      for index in 0..<count {
        let owner = index % 2
        let planted = Planted(
          id: world.newID(), owner: owner, connection: connections[owner], marker: "MARKER\(index)MARKER",
          minor: Int64(1) << Int64(index + 8))
        try Self.fill(planted, people[owner].wholeHousehold, world, session)
        accounts.append(planted)
      }
      return (accounts, connections)
    }
  }

  private static func link(_ scope: Scope, _ world: World, _ session: any Session) throws -> ID<Connection> {
    let id: ID<Connection> = world.newID()
    try Connections.insert(
      NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "\(id)"), scope,
      now: world.now(), session)
    return id
  }

  /// Something of every kind.
  private static func fill(
    _ account: Planted, _ scope: Scope, _ world: World, _ session: any Session
  ) throws {
    let (marker, now, day) = (account.marker, world.now(), CalendarDate(days: 20_000))
    let connection = try #require(try Connections.find(account.connection, scope, session))
    var feed = FeedAccount(
      id: "\(account.id)", name: marker, kind: .checking, type: "depository", currency: .usd)
    feed.officialName = marker
    feed.current = DecimalText("\(account.minor)")
    try Accounts.insert(feed, as: account.id, connection, now: now, scope, session)
    try Accounts.name(account.id, feed, isMuted: false, connection.id, now: now, scope, session)
    for offset in 0..<2 { try Accounts.refresh(account.id, feed, day: day + offset, now: now, scope, session) }
    for isPending in [false, true] {
      let id: ID<Transaction> = world.newID()
      let row = FeedTransaction(
        id: "\(id)", accountID: feed.id, isPending: isPending, amount: DecimalText("1") ?? .zero, currency: .usd,
        bookedOn: day, name: marker)
      try Transactions.insert(
        id, row, account: AccountPlace(account.id, .checking), amount: Money(minorUnits: account.minor, .usd),
        exact: nil, origin: "simulated",
        now: now, scope, session)
      try Inbox.ask(.leftOverRow, about: id, id: world.newID(), now: now, scope, session)
    }
    let gone: ID<Transaction> = world.newID()
    let row = FeedTransaction(
      id: "\(gone)", accountID: feed.id, isPending: false, amount: DecimalText("1") ?? .zero, currency: .usd,
      bookedOn: day, name: marker)
    try Transactions.insert(
      gone, row, account: AccountPlace(account.id, .checking), amount: Money(minorUnits: 1, .usd), exact: nil,
      origin: "simulated", now: now,
      scope, session)
    try session.execute(
      """
      INSERT INTO transaction_source (household_id, connection_id, provider_id, transaction_id, is_pending, seen_from,
        seen_to, seen_fence, removed_at, amount_minor, booked_on)
      VALUES (\(scope.household), \(connection.id), \("\(gone)"), \(gone), 0, \(now), \(now), 1, \(now), 1, \(day))
      """)
    try Transactions.markGone(gone, now: now, scope, session)
    var security = StoredSecurity(id: world.newID(), providerID: marker)
    security.name = marker
    try Securities.keep(security, connection.id, scope, session)
    try Securities.keepPrice(
      SecurityPrice(security: security.id, day: day, source: .bank, price: .zero, currency: .usd), scope, session)
    try Holdings.keep(
      StoredHolding(account: account.id, security: security.id, day: day, quantity: .zero, rest: marker), scope,
      session)
    try InvestmentTransactions.keep(
      StoredInvestmentTransaction(
        id: world.newID(), connection: connection.id, providerID: marker, account: account.id,
        security: security.id, bookedOn: day, name: marker, quantity: .zero,
        amount: Money(minorUnits: account.minor, .usd), type: "buy"), scope, session)
    try Liabilities.keep(StoredLiability(account: account.id, kind: "credit", day: day, raw: marker), scope, session)
    try Quarantine.keep(
      FeedUnreadable(id: marker, reason: marker, raw: marker), as: world.newID(), .transactions, connection.id,
      now: now, scope, session)
    try Events.append(
      [NewEvent(kind: "transaction.changed", body: marker, account: account.id)], now: now, scope, session)
    try Totals.recount(scope, session)
  }

  /// Everything that the store tells a person, as text. Amounts of rows stand in it as they are.
  func everything(_ scope: Scope, _ session: any Session) throws -> String {
    let ids = accounts.map(\.id)
    let days = CalendarDate(days: 0)..<CalendarDate(days: 99_999)
    var all: [Any] = []
    all.append(try Accounts.all(scope, session))
    all.append(try Accounts.list(after: nil, limit: 99, scope, session))
    all.append(try Accounts.sources(scope, session))
    all.append(try Accounts.muted(scope, session))
    all.append(try BalanceProofs.all(scope, session))
    all.append(try Holdings.latest(in: ids, scope, session))
    all.append(try Liabilities.latest(in: ids, scope, session))
    all.append(try Securities.all(scope, session))
    all.append(try InvestmentTransactions.page(scope, limit: 99, session))
    all.append(
      try InvestmentTransactions.living(
        in: ids, days: CalendarDate(days: 0)...CalendarDate(days: 99_999), scope, session))
    all.append(try Transactions.list(TransactionFilter(), after: nil, limit: 99, scope, session))
    all.append(try Totals.sums(over: [days], .all, scope, session))
    all.append(try Totals.postedFlows(over: [days], .all, scope, session).map(\.amountMinor))
    all.append(try Totals.lines(of: days, .all, scope, session))
    all.append(try Totals.booked(scope, session))
    all.append(try Totals.check(scope, session))
    all.append(try Inbox.open(.leftOverRow, scope, session).map { try Transactions.account(of: $0, scope, session) })
    all.append(try Events.after(0, limit: 99, scope, session).map(\.event))
    for connection in connections {
      all.append(try Accounts.bySource(connection, scope, session))
      all.append(try Connections.accounts(of: [connection], scope, session))
      all.append(try Securities.bySource(connection, scope, session))
      all.append(
        try InvestmentTransactions.named(accounts.map(\.marker), connection, scope, session))
      all.append(try Transactions.gone(since: Timestamp(seconds: 0), connection, limit: 99, scope, session))
      all.append(try Quarantine.unsettled(.transactions, connection, scope, session))
      all.append(try Quarantine.waiting(.transactions, connection, scope, session).names)
    }
    var text = ""
    for part in all { dump(part, to: &text) }
    return text
  }
}

@Suite struct `What people share` {
  @Test(arguments: UInt64(0)..<40)
  func `is all that the rest of the household is told, in rows and in sums`(seed: UInt64) async throws {
    let home = try await Home(seed: seed)
    var random = SeededRandom(seed: seed)
    let levels = home.accounts.map { _ in random.pick(SharingLevel.allCases) }
    try await home.database.write { session throws -> Void in
      for (account, level) in zip(home.accounts, levels) {
        #expect(
          try Sharing.set(level, for: account.id, now: home.world.now(), home.people[account.owner], session))
      }
      for (index, scope) in home.people.enumerated() {
        let told = try home.everything(scope, session)
        var sum: Int64 = 0
        for (account, level) in zip(home.accounts, levels) {
          let seen: SharingLevel = account.owner == index ? .full : level
          #expect(told.contains(account.marker) == (seen != .hidden), "\(account.marker) at \(seen)")
          let rows = try Transactions.list(TransactionFilter(), after: nil, limit: 99, scope, session).filter {
            $0.account == account.id
          }
          #expect(rows.count == (seen == .full ? 2 : 0))
          if seen == .full { sum += account.minor }
          #expect(try Sharing.level(of: account.id, scope, session) == (seen == .hidden ? nil : level))
        }
        let days = CalendarDate(days: 0)..<CalendarDate(days: 99_999)
        let totals = try Totals.sums(over: [days], .all, scope, session)
        #expect(totals.filter { !$0.isPending }.reduce(0) { $0 + $1.sum.amountMinor } == sum)
        #expect(totals.filter(\.isPending).reduce(0) { $0 + $1.sum.amountMinor } == sum)
        let flows = try Totals.postedFlows(over: [days], .all, scope, session)
        #expect(flows.reduce(0) { $0 + $1.amountMinor } == sum)
        let booked = try Totals.booked(scope, session).values.flatMap { $0 }
        #expect(booked.reduce(0) { $0 + $1.sum.amountMinor } == sum)
        let isAllWithheld = !zip(home.accounts, levels).contains { $0.owner == index || $1 == .full }
        #expect((try Totals.span(.all, scope, session) == nil) == isAllWithheld)
        #expect(try Totals.pendingRows(scope, session) == Int(sum.nonzeroBitCount))
      }
      let whole = try home.everything(home.people[0].wholeHousehold, session)
      for account in home.accounts { #expect(whole.contains(account.marker)) }
    }
  }

  @Test func `is for the person of the connection to say`() async throws {
    let home = try await Home(seed: 1)
    try await home.database.write { session throws -> Void in
      let account = home.accounts[0]
      let now = home.world.now()
      #expect(try !Sharing.set(.hidden, for: account.id, now: now, home.people[1], session))
      let stranger = Scope(household: home.world.newID(), user: home.people[0].user)
      #expect(try !Sharing.set(.hidden, for: account.id, now: now, stranger, session))
      #expect(try Sharing.level(of: account.id, home.people[1], session) == .full)
      #expect(try Sharing.set(.hidden, for: account.id, now: now, home.people[0], session))
      #expect(try Sharing.level(of: account.id, home.people[1], session) == nil)
      #expect(try Sharing.set(.full, for: account.id, now: now, home.people[0], session))
      #expect(try Sharing.level(of: account.id, home.people[1], session) == .full)
    }
  }

  @Test func `hides a connection none of whose accounts is seen, and the counts of one that is seen in part`()
    async throws
  {
    let home = try await Home(seed: 2)
    try await home.database.write { session throws -> Void in
      let mine = home.accounts.filter { $0.owner == 0 }
      let (now, other) = (home.world.now(), home.people[1])
      let run: ID<SyncRun> = home.world.newID()
      var counts = RunCounts()
      counts.rows = 99
      try SyncRuns.start(run, home.connections[0], kind: .update, now: now, other, session)
      try SyncRuns.finish(run, counts, outcome: "applied", now: now, other, session)
      /// Accounts, and rows of the latest run.
      func seen() throws -> [Int?] {
        [
          try Connections.listed(home.connections[0], other, session)?.accounts,
          try SyncRuns.latest(of: home.connections[0], other, session)?.counts.rows,
        ]
      }
      #expect(try seen() == [3, 99])
      _ = try Sharing.set(.hidden, for: mine[0].id, now: now, home.people[0], session)
      #expect(try seen() == [2, 0])
      for account in mine { _ = try Sharing.set(.hidden, for: account.id, now: now, home.people[0], session) }
      #expect(try seen() == [nil, 0])
      #expect(try Connections.all(other, session).map(\.id) == [home.connections[1]])
      #expect(try Connections.all(home.people[0], session).count == 2)
    }
  }

  @Test func `of a joint account is for each of its people all of it`() async throws {
    let home = try await Home(seed: 3)
    try await home.database.write { session throws -> Void in
      let (account, now) = (home.accounts[0], home.world.now())
      let feed = FeedAccount(id: "joint", name: "joint", kind: .checking, type: "depository", currency: .usd)
      try Accounts.name(account.id, feed, isMuted: true, home.connections[1], now: now, home.people[1], session)
      #expect(try Sharing.set(.hidden, for: account.id, now: now, home.people[0], session))
      #expect(try home.everything(home.people[1], session).contains(account.marker))
      #expect(try Sharing.set(.balances, for: account.id, now: now, home.people[1], session))
    }
  }
}
