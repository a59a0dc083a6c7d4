import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

@Suite struct `The totals` {
  /// A household with accounts, and a way to write rows as sync and people do.
  private struct Book: Sendable {
    let database: any Database
    let world = World.simulated(seed: 7)
    let scope: Scope
    let connection: StoredConnection
    var accounts: [ID<Account>] = []

    init(accounts count: Int = 2) async throws {
      let (database, world) = (try TestDatabase.fresh(), world)
      _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
      let scope = Scope(household: world.newID(), user: world.newID())
      (self.database, self.scope) = (database, scope)
      let ids: [ID<Account>] = (0..<count).map { _ in world.newID() }
      accounts = ids
      connection = try await database.write { session in
        try Households.create(scope, name: "T", timeZone: "UTC", currency: .usd, now: world.now(), session)
        let id: ID<Connection> = world.newID()
        try Connections.insert(
          NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "item"), scope,
          now: world.now(), session)
        let connection = try #require(try Connections.find(id, scope, session))
        for (index, account) in ids.enumerated() {
          try Accounts.insert(
            FeedAccount(id: "A\(index)", name: "A\(index)", kind: .checking, type: "depository", currency: .usd),
            as: account, connection, now: world.now(), scope, session)
        }
        return connection
      }
    }

    @discardableResult
    func row(
      _ amount: String, on day: Int, account: Int = 0, pending: Bool = false, category: (String, String)? = nil,
      currency: Currency = .usd, _ session: any Session
    ) throws -> ID<Transaction> {
      let id: ID<Transaction> = world.newID()
      let exact = try #require(DecimalText(amount))
      var feed = FeedTransaction(
        id: "\(id)", accountID: "A\(account)", isPending: pending, amount: exact, currency: currency,
        bookedOn: CalendarDate(days: day), name: "row")
      feed.category = category.map { FeedCategory(primary: $0.0, detailed: $0.1) }
      let (money, rest) = try Money.rounding(exact, currency)
      try Transactions.insert(
        id, feed, account: AccountPlace(accounts[account], .checking), amount: money, exact: rest, origin: "simulated",
        now: world.now(), scope,
        session)
      return id
    }

    func overlay(
      _ id: ID<Transaction>, category: String? = nil, day: Int? = nil, excluded: Bool? = nil, deleted: Bool = false,
      _ session: any Session
    ) throws {
      try session.execute(
        """
        INSERT INTO transaction_overlay (household_id, transaction_id, category, occurred_on, is_excluded, deleted_at,
          written_at)
        VALUES (\(scope.household), \(id), \(category), \(day), \(excluded), \(deleted ? world.now() : nil),
          \(world.now()))
        """)
    }

    func judge(_ id: ID<Transaction>, _ category: String, field: String = "category", _ session: any Session) throws {
      try session.execute(
        """
        INSERT INTO judgement (household_id, transaction_id, field, value, source, reason, made_at)
        VALUES (\(scope.household), \(id), \(field), \(category), 'rule', '{}', \(world.now()))
        """)
    }

    func lines(_ session: any Session) throws -> [TotalKey: TotalSum] {
      let all = CalendarDate(days: 0)..<CalendarDate(days: 99_999)
      return Dictionary(uniqueKeysWithValues: try Totals.lines(of: all, .all, scope, session).map { ($0.key, $0.sum) })
    }

    func key(
      _ category: String, _ flow: FlowKind, day: Int = 20_000, account: Int = 0, pending: Bool = false,
      currency: Currency = .usd
    ) -> TotalKey {
      TotalKey(
        account: accounts[account], day: CalendarDate(days: day), category: category, currency: currency, flow: flow,
        isPending: pending)
    }
  }

  static let groceries = ("FOOD_AND_DRINK", "FOOD_AND_DRINK_GROCERIES")
  static let wages = ("INCOME", "INCOME_WAGES")

  @Test func `file a row under what its person says, else what we concluded, else what the bank says`() async throws {
    let book = try await Book()
    try await book.database.write { session in
      try book.row("-1", on: 20_000, category: Self.groceries, session)
      try book.judge(try book.row("-2", on: 20_000, category: Self.groceries, session), "PETS", session)
      let mine = try book.row("-4", on: 20_000, category: Self.groceries, session)
      try book.judge(mine, "PETS", session)
      try book.overlay(mine, category: "PARTY", session)
      try book.row("-8", on: 20_000, session)
      // Concluded about something else than the category.
      try book.judge(try book.row("-16", on: 20_000, session), "Shop", field: "name", session)
      try Totals.recount(book.scope, session)
      let lines = try book.lines(session)
      #expect(
        lines == [
          book.key("FOOD_AND_DRINK_GROCERIES", .expense): TotalSum(amountMinor: -100, rows: 1),
          book.key("PETS", .expense): TotalSum(amountMinor: -200, rows: 1),
          book.key("PARTY", .expense): TotalSum(amountMinor: -400, rows: 1),
          book.key(Totals.uncategorized, .expense): TotalSum(amountMinor: -2400, rows: 2),
        ])
    }
  }

  @Test func `follow a moved day, set excluded rows apart, and leave out what went or was deleted`() async throws {
    let book = try await Book()
    try await book.database.write { session in
      try book.overlay(try book.row("-1", on: 20_000, category: Self.groceries, session), day: 20_010, session)
      try book.overlay(
        try book.row("500", on: 20_000, category: Self.wages, session), excluded: true, session)
      try book.overlay(
        try book.row("700", on: 20_000, category: Self.wages, session), excluded: false, session)
      try book.overlay(try book.row("-3", on: 20_000, session), deleted: true, session)
      try Transactions.markGone(try book.row("-4", on: 20_000, session), now: book.world.now(), book.scope, session)
      try book.row("-5", on: 20_000, pending: true, category: Self.groceries, session)
      try Totals.recount(book.scope, session)
      let lines = try book.lines(session)
      #expect(
        lines == [
          book.key("FOOD_AND_DRINK_GROCERIES", .expense, day: 20_010): TotalSum(amountMinor: -100, rows: 1),
          book.key("INCOME_WAGES", .excluded): TotalSum(amountMinor: 50_000, rows: 1),
          book.key("INCOME_WAGES", .income): TotalSum(amountMinor: 70_000, rows: 1),
          book.key("FOOD_AND_DRINK_GROCERIES", .expense, pending: true): TotalSum(amountMinor: -500, rows: 1),
        ])
      let span = try Totals.span(.all, book.scope, session)
      #expect(span == CalendarDate(days: 20_000)...CalendarDate(days: 20_010))
    }
  }

  @Test func `keep a line whose rows cancel out`() async throws {
    let book = try await Book()
    try await book.database.write { session in
      try book.row("-30", on: 20_000, category: Self.groceries, session)
      try book.row("30", on: 20_000, category: Self.groceries, session)
      #expect(try Totals.recount(book.scope, session) == 1)
      let lines = try book.lines(session)
      #expect(lines == [book.key("FOOD_AND_DRINK_GROCERIES", .expense): TotalSum(amountMinor: 0, rows: 2)])
    }
  }

  @Test func `tell every kind of difference, and a recount heals them`() async throws {
    let book = try await Book()
    try await book.database.write { session in
      try book.row("-1", on: 20_000, category: Self.groceries, session)
      try book.row("-2", on: 20_001, category: Self.groceries, session)
      try Totals.recount(book.scope, session)
      let before = try Totals.check(book.scope, session)
      #expect(before.isEmpty)

      try session.execute("UPDATE total_day SET amount_minor = -99 WHERE day = 20000")
      try session.execute("UPDATE total_day SET day = 20002 WHERE day = 20001")
      let found = Set(try Totals.check(book.scope, session))
      let one = { (amount: Int64) in TotalSum(amountMinor: amount, rows: 1) }
      let name = "FOOD_AND_DRINK_GROCERIES"
      #expect(
        found == [
          TotalDifference(key: book.key(name, .expense), kept: one(-99), counted: one(-100)),
          TotalDifference(key: book.key(name, .expense, day: 20_001), kept: nil, counted: one(-200)),
          TotalDifference(key: book.key(name, .expense, day: 20_002), kept: one(-200), counted: nil),
        ])
      try Totals.recount(book.scope, session)
      let after = try Totals.check(book.scope, session)
      #expect(after.isEmpty)
    }
  }

  @Test func `are those of one household`() async throws {
    let book = try await Book()
    try await book.database.write { session in
      try book.row("-1", on: 20_000, session)
      try Totals.recount(book.scope, session)
      let other = Scope(household: book.world.newID(), user: book.scope.user)
      try Totals.recount(other, session)
      #expect(try book.lines(session).count == 1)
      let difference = try Totals.check(other, session)
      #expect(difference.isEmpty)
      #expect(try Totals.span(.all, other, session) == nil)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `equal a count by hand, whatever is in the ledger`(seed: UInt64) async throws {
    let book = try await Book(accounts: 3)
    try await book.database.write { session in
      var random = SeededRandom(seed: seed)
      var expected: [TotalKey: TotalSum] = [:]
      for _ in 0..<random.int(in: 0...200) {
        let account = random.int(in: 0...2)
        let day = random.int(in: 20_000...20_070)
        let minor = Int64(random.int(in: -500_00...500_00))
        let isPending = random.chance(1, in: 5)
        let currency = random.chance(1, in: 6) ? try #require(Currency(iso: "JPY")) : .usd
        let category = random.pick([nil, Self.groceries, Self.wages, ("TRANSFER_OUT", "TRANSFER_OUT_SAVINGS")])
        let money = Money(minorUnits: minor, currency)
        let id = try book.row(
          money.decimal, on: day, account: account, pending: isPending, category: category, currency: currency, session)
        var flow = ProviderCategory.flow(
          primary: category?.0, detailed: category?.1, amountIsIncoming: minor > 0, on: .checking)
        var key = book.key(
          category?.1 ?? Totals.uncategorized, flow, day: day, account: account, pending: isPending, currency: currency)
        if random.chance(1, in: 4) {
          try book.judge(id, "JUDGED", session)
          key.category = "JUDGED"
        }
        var isThere = true
        if random.chance(1, in: 3) {
          let mine = random.pick([nil, "MINE"])
          let moved = random.pick([nil, 20_100])
          let excluded = random.pick([nil, true, false])
          let isDeleted = random.chance(1, in: 5)
          try book.overlay(id, category: mine, day: moved, excluded: excluded, deleted: isDeleted, session)
          if let mine { key.category = mine }
          if let moved { key.day = CalendarDate(days: moved) }
          if excluded == true { flow = .excluded }
          if isDeleted { isThere = false }
        }
        if random.chance(1, in: 10) {
          try Transactions.markGone(id, now: book.world.now(), book.scope, session)
          isThere = false
        }
        key.flow = flow
        guard isThere else { continue }
        expected[key, default: TotalSum(amountMinor: 0, rows: 0)].amountMinor += minor
        expected[key, default: TotalSum(amountMinor: 0, rows: 0)].rows += 1
      }
      try Totals.recount(book.scope, session)
      let lines = try book.lines(session)
      #expect(lines == expected)
      let difference = try Totals.check(book.scope, session)
      #expect(difference.isEmpty)
      try Self.comparePeriods(book, expected, session)
      try Self.compareBooked(book, session)
    }
  }

  /// The short way must come to what the rows themselves come to.
  private static func compareBooked(_ book: Book, _ session: any Session) throws {
    let rows = try session.query(
      """
      SELECT account_id, currency, SUM(amount_minor), COUNT(*) FROM bank_transaction
      WHERE is_gone = 0 AND is_pending = 0 GROUP BY account_id, currency
      """
    ) { row in
      "\(try row(0, as: ID<Account>.self)) \(try row(1, as: String.self)) \(try row(2, as: Int.self)) \(try row(3, as: Int.self))"
    }
    let booked = try Totals.booked(book.scope, session).flatMap { account, sums in
      sums.map { "\(account) \($0.currency) \($0.sum.amountMinor) \($0.sum.rows)" }
    }
    #expect(Set(booked) == Set(rows))
  }

  /// Of the same lines, what was earned and spent and has posted, without the accounts.
  private static func compareFlows(
    _ periods: [Range<CalendarDate>], _ chosen: [ID<Account>]?, _ totals: [PeriodTotal: TotalSum], _ book: Book,
    _ session: any Session
  ) throws {
    func name(_ period: Int, _ category: String, _ currency: Currency, _ isIncome: Bool) -> String {
      "\(period) \(category) \(currency) \(isIncome)"
    }
    var expected: [String: Int64] = [:]
    for (total, sum) in totals where !total.isPending && [.income, .expense].contains(total.flow) {
      expected[name(total.period, total.category, total.currency, total.flow == .income), default: 0] += sum.amountMinor
    }
    var found: [String: Int64] = [:]
    for line in try Totals.postedFlows(over: periods, TotalFilter(accounts: chosen), book.scope, session) {
      found[name(line.period, line.category, line.currency, line.isIncome), default: 0] += line.amountMinor
    }
    #expect(found == expected)
  }

  /// The sums over periods must be the sums of the lines in them.
  private static func comparePeriods(
    _ book: Book, _ lines: [TotalKey: TotalSum], _ session: any Session
  ) throws {
    let edges = [19_990, 20_010, 20_010, 20_045, 20_101].map { CalendarDate(days: $0) }
    let periods = zip(edges, edges.dropFirst()).map { $0..<$1 }
    for chosen in [nil, [], [book.accounts[1]], Array(book.accounts.prefix(2))] as [[ID<Account>]?] {
      let sums = try Totals.sums(over: periods, TotalFilter(accounts: chosen), book.scope, session)
      var expected: [PeriodTotal: TotalSum] = [:]
      for (key, sum) in lines where chosen?.contains(key.account) ?? true {
        guard let period = periods.firstIndex(where: { $0.contains(key.day) }) else { continue }
        let name = PeriodTotal(
          period: period, account: key.account, category: key.category, currency: key.currency, flow: key.flow,
          isPending: key.isPending, sum: TotalSum(amountMinor: 0, rows: 0))
        expected[name, default: TotalSum(amountMinor: 0, rows: 0)].amountMinor += sum.amountMinor
        expected[name, default: TotalSum(amountMinor: 0, rows: 0)].rows += sum.rows
      }
      try compareFlows(periods, chosen, expected, book, session)
      let wanted = expected.map { name, sum in
        var total = name
        total.sum = sum
        return total
      }
      #expect(Set(sums) == Set(wanted))
      #expect(sums.map(\.period) == sums.map(\.period).sorted())
    }
  }

  @Test func `tell what the posted rows of an account come to, deleted ones too`() async throws {
    let book = try await Book()
    try await book.database.write { session in
      try book.row("-1", on: 20_000, session)
      try book.overlay(try book.row("-2", on: 20_003, session), deleted: true, session)
      try book.row("-4", on: 20_005, pending: true, session)
      try Transactions.markGone(try book.row("-8", on: 20_006, session), now: book.world.now(), book.scope, session)
      try Totals.recount(book.scope, session)
      let booked = try Totals.booked(book.scope, session)
      #expect(
        booked == [
          book.accounts[0]: [
            BookedSum(
              currency: .usd, sum: TotalSum(amountMinor: -300, rows: 2), firstOn: CalendarDate(days: 20_000),
              lastOn: CalendarDate(days: 20_003))
          ]
        ])
    }
  }

  @Test(arguments: [1, 10, 28]) func `by the month are those by the day put together`(firstDay: Int) async throws {
    let book = try await Book()
    try await book.database.write { session in
      try session.execute("UPDATE household SET first_month_day = \(firstDay)")
      var random = SeededRandom(seed: UInt64(firstDay))
      for _ in 0..<300 {
        // Years with and without a leap day, at the turn of a century too.
        let day = random.pick([-800, 10_950, 19_700, 47_500]) + random.int(in: 0...800)
        try book.row("\(random.int(in: -500...500))", on: day, account: random.int(in: 0...1), session)
      }
      try Totals.recount(book.scope, session)
      var expected: [String: Int64] = [:]
      let all = CalendarDate(days: -1_000)..<CalendarDate(days: 99_999)
      for (key, sum) in try Totals.lines(of: all, .all, book.scope, session) {
        let month = (key.day - (firstDay - 1)).description.prefix(8)
        expected["\(key.account) \(month) \(key.category)\(key.flow)", default: 0] += sum.amountMinor
      }
      var found: [String: Int64] = [:]
      for (key, minor) in try session.query(
        "SELECT account_id, day, category, flow, amount_minor FROM total_month",
        { row in
          let first = try row(1, as: CalendarDate.self)
          #expect(first.description.hasSuffix(firstDay < 10 ? "-0\(firstDay)" : "-\(firstDay)"))
          let month = (first - (firstDay - 1)).description.prefix(8)
          return (
            "\(try row(0, as: ID<Account>.self)) \(month) \(try row(2, as: String.self))\(try row(3, as: String.self))",
            try row(4, as: Int64.self)
          )
        })
      { found[key, default: 0] += minor }
      #expect(found == expected)
      #expect(try Totals.check(book.scope, session).isEmpty)
    }
  }

  @Test func `are looked through by the month and in all too`() async throws {
    let book = try await Book()
    try await book.database.write { session in
      try book.row("-1", on: 20_000, session)
      try Totals.recount(book.scope, session)
      try session.execute("UPDATE total_month SET amount_minor = 5")
      try session.execute("DELETE FROM total_account")
      let found = try Totals.check(book.scope, session)
      #expect(Set(found.map(\.span)) == [.month, .ever] && found.count == 2)
      #expect(found.contains { $0.description.contains("month of") && $0.description.contains("0.05 USD") })
      try Totals.recount(book.scope, session)
      #expect(try Totals.check(book.scope, session).isEmpty)
    }
  }
}
