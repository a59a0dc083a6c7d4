import Basics
import Databases
import Finance
import Store
import Testing
import Workshop

@Suite struct `What is erased` {
  private static let word = "Zzmarkerzz"
  private static let judging = Judging { _, _ in RowJudge { _ in nil } }

  /// Rows of an account with everything that people and programs write beside them.
  private static func fill(
    _ book: LedgerBook, account: Int, rows: Int, _ session: any Session
  ) throws -> [ID<Transaction>] {
    let ids = try (0..<rows).map { index in
      try book.row(
        "-\(index % 90 + 10).25", on: 20_000 + index % 40, account: account, name: word, merchant: "\(word) \(account)",
        original: word, session)
    }
    while try Search.catchUp(rowsMax: 1_000, world: book.world, book.scope, session) {}
    let first = try #require(ids.first)
    try book.edit(session) { edits in
      try edits.write([.notes(word), .name(word), .category("FOOD_AND_DRINK")], on: first, session)
    }
    try Judgements.write(
      Judgement(
        field: .category, value: "INCOME", source: "rule", confidence: 900, reason: word, version: nil),
      on: ids[1], now: book.world.now(), book.scope, session)
    try Inbox.ask(.leftOverRow, about: first, id: book.world.newID(), now: book.world.now(), book.scope, session)
    try Notifications.add(
      NewNotification(.unusualCharge, cause: word, account: book.accounts[account], body: "{\"name\":\"\(word)\"}"),
      id: book.world.newID(), now: book.world.now(), book.scope, session)
    try Events.append(
      [
        NewEvent(
          kind: "transaction.changed", body: "{\"account\":\"\(book.accounts[account])\",\"name\":\"\(word)\"}",
          account: book.accounts[account])
      ],
      now: book.world.now(), book.scope, session)
    _ = try Totals.recount(book.scope, session)
    return ids
  }

  /// That something went is told by its id: events alone may name it.
  private static func leftovers(_ ids: [DatabaseValue], _ session: any Session) throws -> [String] {
    try Leftovers.of(ids, session).filter { !$0.hasPrefix("event.") } + Leftovers.of(words: [word], session)
  }

  private static func begin(
    _ what: StoredErasure.What, _ subject: String?, _ book: LedgerBook, keepsHousehold: Bool = false,
    _ session: any Session
  ) throws -> ID<Erasure> {
    let new = StoredErasure(
      id: book.world.newID(), household: book.scope.household, person: book.scope.user, what: what, subject: subject,
      keepsHousehold: keepsHousehold, askedAt: book.world.now())
    let (kept, isNew) = try Erasures.add(new, session)
    if isNew { try Erasures.hide(kept, now: book.world.now(), session) }
    return kept.id
  }

  private static func step(_ id: ID<Erasure>, _ book: LedgerBook) async throws -> Bool {
    try await book.database.write { try ErasedRows.step(id, judging: judging, book.world, $0) }
  }

  @Test func `is in no table any more, and the totals are those of what is left`() async throws {
    let book = try await LedgerBook(accounts: 2)
    let (gone, _) = try await book.database.write { session in
      let rows = try Self.fill(book, account: 0, rows: 20, session)
      return (rows, try book.row("-5.00", account: 1, name: "stays", session))
    }
    let erasure = try await book.database.write {
      try Self.begin(.account, book.accounts[0].description, book, $0)
    }
    #expect(try await book.database.read { try Accounts.all(book.scope, $0).count } == 1, "hidden at once")
    while try await Self.step(erasure, book) {}
    try await book.database.read { (session: any Session) throws -> Void in
      #expect(try Self.leftovers(gone.map(\.databaseValue) + [book.accounts[0].databaseValue], session) == [])
      #expect(try Totals.check(book.scope, session) == [])
      #expect(try Accounts.all(book.scope, session).map(\.id) == [book.accounts[1]])
      #expect(try Transactions.list(TransactionFilter(), after: nil, limit: 10, book.scope, session).count == 1)
      let done = try #require(try Erasures.find(erasure, session))
      #expect(done.endedAt != nil && done.rows >= 20)
    }
  }

  @Test func `goes a few rows at a time, and everything adds up in between`() async throws {
    let book = try await LedgerBook(accounts: 2)
    let rows = ErasedRows.atOnce * 2 + 7
    try await book.database.write { session in _ = try Self.fill(book, account: 0, rows: rows, session) }
    let erasure = try await book.database.write {
      try Self.begin(.account, book.accounts[0].description, book, $0)
    }
    var left = [rows]
    while try await Self.step(erasure, book) {
      let count = try await book.database.read { session in
        #expect(try Totals.check(book.scope, session) == [])
        return try session.first("SELECT COUNT(*) FROM bank_transaction") { try $0(0, as: Int.self) } ?? 0
      }
      #expect(left.last.map { $0 - count <= ErasedRows.atOnce } == true)
      left.append(count)
    }
    #expect(left.count >= 4 && left.last == 0)
    #expect(try await !Self.step(erasure, book), "done is done")
  }

  @Test func `is asked for once, however often it is asked`() async throws {
    let book = try await LedgerBook()
    let ids = try await book.database.write { session in
      try (0..<2).map { _ in try Self.begin(.simulated, nil, book, session) }
    }
    #expect(ids[0] == ids[1])
  }

  @Test func `with a connection is all that only it brought`() async throws {
    let book = try await LedgerBook(accounts: 2)
    let (first, other) = try await book.database.write { session in
      _ = try Self.fill(book, account: 0, rows: 5, session)
      let first = try #require(try Connections.all(book.scope, session).first).id
      let id: ID<Connection> = book.world.newID()
      try Connections.insert(
        NewConnection(id: id, origin: .plaid, environment: "production", host: "x", itemID: "other"), book.scope,
        now: book.world.now(), session)
      // The second account is carried on by another connection.
      let other = try #require(try Connections.find(id, book.scope, session))
      try session.execute(
        """
        INSERT INTO account_source (household_id, connection_id, provider_id, account_id, seen_from, seen_to)
        VALUES (\(book.scope.household), \(id), 'B1', \(book.accounts[1]), 0, 0)
        """)
      try book.row("-5.00", account: 1, name: "stays", session)
      try session.execute(
        "UPDATE connection SET state_message = \(Self.word) WHERE id = \(first)")
      return (first, other.id)
    }
    let erasure = try await book.database.write { try Self.begin(.simulated, nil, book, $0) }
    while try await Self.step(erasure, book) {}
    try await book.database.read { (session: any Session) throws -> Void in
      let ids = [first.databaseValue, book.accounts[0].databaseValue]
      let found = try Self.leftovers(ids, session)
      #expect(found == [])
      #expect(try Connections.all(book.scope, session).map(\.id) == [other])
      let accounts = try Accounts.all(book.scope, session).map(\.id)
      #expect(accounts == [book.accounts[1]])
      #expect(try Totals.check(book.scope, session) == [])
      #expect(try Connections.hadReal(session), "the other one is real")
    }
  }

  @Test func `was there: a database that held a real link is known for it`() async throws {
    let book = try await LedgerBook()
    let id: ID<Connection> = book.world.newID()
    try await book.database.write { session in
      #expect(try !Connections.hadReal(session))
      try Connections.insert(
        NewConnection(id: id, origin: .plaid, environment: "production", host: "x", itemID: "real"), book.scope,
        now: book.world.now(), session)
    }
    let erasure = try await book.database.write { try Self.begin(.connection, id.description, book, $0) }
    while try await Self.step(erasure, book) {}
    try await book.database.read { (session: any Session) throws -> Void in
      #expect(try Connections.find(id, book.scope, session) == nil)
      #expect(try Connections.hadReal(session))
    }
  }

  @Test(arguments: [true, false])
  func `with a household is everything that names it`(isKept: Bool) async throws {
    let book = try await LedgerBook(accounts: 2)
    let stranger = Scope(household: book.world.newID(), user: book.world.newID())
    try await book.database.write { session in
      for account in 0..<2 { _ = try Self.fill(book, account: account, rows: 4, session) }
      try Households.rename(Self.word, book.scope, session)
      try Households.create(
        stranger, name: "Other", timeZone: "UTC", currency: .usd, now: book.world.now(), session)
    }
    let erasure = try await book.database.write { session in
      let id = try Self.begin(.household, nil, book, keepsHousehold: isKept, session)
      try ErasedPeople.shut(
        book.scope.household, keeper: isKept ? book.scope.user : nil, now: book.world.now(), session)
      return id
    }
    #expect(
      try await book.database.read { try Memberships.households(of: book.scope.user, $0).count } == (isKept ? 1 : 0))
    while try await Self.step(erasure, book) {}
    try await book.database.read { session in
      let found = try Leftovers.of([book.scope.household.databaseValue], words: [Self.word], session)
      let tables = Set(found.map { String($0.prefix { $0 != "." }) })
      let rest: Set = ["erasure", "household", "membership", "category", "audit", "event"]
      #expect(isKept ? tables.isSubset(of: rest) : tables == ["erasure"], "\(found)")
      #expect(try Memberships.households(of: stranger.user, session).count == 1)
      #expect(try Categories.all(stranger, session).count > 50)
      if isKept { #expect(try Households.only(session) == book.scope) }
    }
  }
}
