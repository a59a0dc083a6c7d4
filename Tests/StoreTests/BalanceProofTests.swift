import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

/// What can, and what cannot, be said of a balance from the rows behind it.
@Suite struct `A balance and its rows` {
  /// An account with the balances and rows that a test tells.
  private final class Book: Sendable {
    static let first = CalendarDate(days: 20_000)
    let database: any Database
    let world = World.simulated(seed: 3)
    let scope: Scope
    let connection: StoredConnection
    let account: ID<Account>

    init(_ kind: AccountKind = .checking) async throws {
      let (database, world) = (try TestDatabase.fresh(), world)
      _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
      let scope = Scope(household: world.newID(), user: world.newID())
      let account: ID<Account> = world.newID()
      (self.database, self.scope, self.account) = (database, scope, account)
      connection = try await database.write { session in
        try Households.create(scope, name: "T", timeZone: "UTC", currency: .usd, now: world.now(), session)
        let id: ID<Connection> = world.newID()
        try Connections.insert(
          NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "test", itemID: "item"), scope,
          now: world.now(), session)
        let connection = try #require(try Connections.find(id, scope, session))
        try Accounts.insert(
          FeedAccount(id: "A", name: "A", kind: kind, type: "depository", currency: .usd), as: account, connection,
          now: world.now(), scope, session)
        return connection
      }
    }

    /// The bank tells a balance so many days after the first day.
    func balance(_ current: String?, day: Int) async throws {
      let (world, account, scope) = (world, account, scope)
      try await world.sleep(.seconds(60))
      var feed = FeedAccount(id: "A", name: "A", kind: .checking, type: "depository", currency: .usd)
      feed.current = current.flatMap { DecimalText($0) }
      let told = feed
      try await database.write { session in
        try Accounts.refresh(account, told, day: Self.first + day, now: world.now(), scope, session)
      }
    }

    func row(_ amount: String, day: Int, pending: Bool = false, gone: Bool = false, currency: Currency = .usd)
      async throws
    {
      let (world, account, scope) = (world, account, scope)
      try await world.sleep(.seconds(60))
      let id: ID<Transaction> = world.newID()
      let exact = try #require(DecimalText(amount))
      let feed = FeedTransaction(
        id: "\(id)", accountID: "A", isPending: pending, amount: exact, currency: currency,
        bookedOn: Self.first + day, name: "row")
      let (money, rest) = try Money.rounding(exact, currency)
      try await database.write { session in
        try Transactions.insert(
          id, feed, account: AccountPlace(account, .checking), amount: money, exact: rest, origin: "simulated",
          now: world.now(), scope,
          session)
        if gone {
          try session.execute("UPDATE bank_transaction SET is_gone = 1, changed_at = \(world.now()) WHERE id = \(id)")
        }
      }
    }

    func verdict() async throws -> BalanceProof.Verdict {
      let scope = scope
      let proofs = try await database.read { try BalanceProofs.all(scope, $0) }
      #expect(proofs.count == 1)
      return try #require(proofs.first).verdict
    }
  }

  @Test func `add up when the rows since the first balance explain the last one`() async throws {
    let book = try await Book()
    for day in -300...0 { try await book.row("-1.50", day: day) }
    try await book.balance("100", day: 0)
    #expect(try await book.verdict() == .unknown(.oneDay))
    try await book.row("-10.25", day: 1)
    try await book.row("2000", day: 3)
    try await book.row("-7", day: 2, gone: true)
    try await book.balance("2089.75", day: 3)
    #expect(try await book.verdict() == .addsUp)
    // A later balance with no row behind it.
    try await book.balance("2100", day: 9)
    #expect(try await book.verdict() == .differs(Money(minorUnits: 1_025, .usd)))
  }

  @Test func `take history that comes in later for history`() async throws {
    let book = try await Book()
    try await book.balance("100", day: 0)
    for day in -300 ... -40 { try await book.row("-1.50", day: day) }
    try await book.row("-10", day: 1)
    try await book.balance("90", day: 1)
    #expect(try await book.verdict() == .addsUp)
  }

  @Test func `leave open on which side a late row counts`() async throws {
    let book = try await Book()
    try await book.balance("100", day: 0)
    // Booked on the first day, and told after its balance.
    try await book.row("-30", day: 0)
    try await book.balance("70", day: 1)
    #expect(try await book.verdict() == .addsUp)
    try await book.balance("100", day: 1)
    #expect(try await book.verdict() == .addsUp)
    try await book.balance("85", day: 1)
    #expect(try await book.verdict() == .unknown(.unclearRows(1)))
  }

  @Test func `may count pending rows or not, as banks do`() async throws {
    let book = try await Book(.creditCard)
    try await book.balance("-100", day: 0)
    try await book.row("-20", day: 1, pending: true)
    try await book.row("-5", day: 1)
    for (balance, verdict) in [
      ("-105", BalanceProof.Verdict.addsUp), ("-125", .addsUp), ("-110", .unknown(.unclearRows(1))),
    ] {
      try await book.balance(balance, day: 2)
      #expect(try await book.verdict() == verdict, "\(balance)")
    }
  }

  @Test func `prove nothing where value moves by itself, is unknown, or has two currencies`() async throws {
    for kind in [AccountKind.investment, .retirement, .loan, .mortgage, .studentLoan, .healthSavings, .otherAsset] {
      let book = try await Book(kind)
      try await book.balance("1", day: 0)
      try await book.balance("2", day: 1)
      #expect(try await book.verdict() == .unknown(.movesByItself))
    }
    let book = try await Book(.savings)
    #expect(try await book.verdict() == .unknown(.noBalance))
    try await book.balance(nil, day: 0)
    #expect(try await book.verdict() == .unknown(.noBalance))
    try await book.balance("1", day: 1)
    try await book.balance("2", day: 2)
    try await book.row("1", day: 2, currency: try #require(Currency(iso: "EUR")))
    #expect(try await book.verdict() == .unknown(.currencies))
  }
}
