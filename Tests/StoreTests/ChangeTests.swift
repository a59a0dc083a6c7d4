import Basics
import Databases
import Finance
import Store
import Testing

@Suite struct `What people change` {
  /// Random edits of everything that can be edited.
  private struct Hand {
    let book: LedgerBook
    var random: SeededRandom
    var rows: [ID<Transaction>] = []
    var tags: [ID<Store.Tag>] = []
    var categories: [String] = ["FOOD_AND_DRINK_COFFEE", "TRANSFER_OUT_SAVINGS", "INCOME_SALARY", "TRAVEL"]
    var own: [String] = []
    var accounts: [ID<Account>] = []

    mutating func overlay(_ id: ID<Transaction>, _ session: any Session) throws -> OverlayEdit {
      switch random.int(in: 0...9) {
      case 0: return .notes(random.pick([nil, "note", "one\ttab\nline\\"]))
      case 1: return .name(random.pick([nil, "Mine", "Other"]))
      case 2: return .category(random.chance(1, in: 4) ? nil : random.pick(categories))
      case 3: return .occurredOn(random.pick([nil, CalendarDate(days: random.int(in: 19_990...20_010))]))
      case 4: return .isExcluded(random.chance(1, in: 2))
      case 5: return .isReviewed(random.chance(1, in: 2))
      case 6: return .isDeleted(random.chance(1, in: 2))
      case 7: return .tags(tags.isEmpty ? [] : [random.pick(tags), random.pick(tags)])
      case 8: return .custom(name: random.pick(["receipt", "a:b"]), value: random.pick([nil, "1", "2"]))
      default:
        if random.chance(1, in: 3) { return .split([]) }
        let amount = try #require(try Transactions.find(id, book.scope, session)).amount.minorUnits
        let part = Int64(random.int(in: -500...500))
        return .split([
          SplitPart(amountMinor: part, category: random.pick(categories), note: random.pick([nil, "a\tb"])),
          SplitPart(amountMinor: amount - part, category: random.pick([nil, random.pick(categories)])),
        ])
      }
    }

    mutating func stroke(_ session: any Session) throws -> ID<ChangeGroup>? {
      let book = book
      return try book.edit(session) { edits in
        switch random.int(in: 0...19) {
        case 0:
          let name = "T\(random.int(in: 0...1_000_000))"
          tags.append(try Tags.create(name: name, color: "#112233", &edits, session))
        case 1 where !tags.isEmpty:
          let tag = tags.remove(at: random.int(in: 0...tags.count - 1))
          try Tags.delete(tag, replacement: tags.first, &edits, session)
        case 2:
          let flow = random.pick([FlowKind.income, .expense, .transfer])
          let parent = random.pick([nil, "TRAVEL"])
          let code = try Categories.create(name: "Own", parent: parent, flow: flow, &edits, session)
          own.append(code)
          categories.append(code)
        case 3 where !own.isEmpty:
          let code = random.pick(own)
          let flow = random.pick([FlowKind.income, .expense, .transfer])
          try Categories.edit(code, [.flow(flow), .name("N\(random.int(in: 0...99))")], &edits, session)
        case 4 where !own.isEmpty:
          let code = own.remove(at: random.int(in: 0...own.count - 1))
          categories.removeAll { $0 == code }
          try Categories.delete(code, replacement: random.pick(categories), &edits, session)
        case 5:
          let account = try Manual.create(
            NewAccount(name: "Purse", kind: .cash, currency: .usd), &edits, session)
          accounts.append(account)
        case 6 where !accounts.isEmpty:
          let day = CalendarDate(days: random.int(in: 19_990...20_010))
          let money = Money(minorUnits: Int64(random.int(in: 0...9_999)), .usd)
          try Manual.edit(
            random.pick(accounts), [.balance(day, random.pick([nil, money])), .isHidden(random.chance(1, in: 2))],
            &edits, session)
        case 7:
          var row = NewTransaction(
            account: random.pick(book.accounts + accounts), amount: Money(minorUnits: -777, .usd),
            bookedOn: CalendarDate(days: 20_001), name: "by hand")
          row.category = random.pick([nil, random.pick(categories)])
          rows.append(try Manual.create(row, &edits, session))
        case 8: try Manual.reorder([random.pick(book.accounts)], &edits, session)
        case 9:
          _ = try SavedViews.create(name: "V", query: "text=a", isShared: random.chance(1, in: 2), &edits, session)
        case 10: try Categories.edit("TRAVEL", [.isHidden(random.chance(1, in: 2))], &edits, session)
        case 11:
          // One stroke over many rows.
          let edit = try overlay(random.pick(rows), session)
          if case .split = edit { return }
          for id in rows { try edits.write([edit], on: id, session) }
        default:
          let id = random.pick(rows)
          try edits.write([try overlay(id, session), .notes(random.pick([nil, "n"]))], on: id, session)
        }
      }
    }
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `can be taken back one by one to the beginning, and the totals are right at every step`(
    seed: UInt64
  ) async throws {
    let book = try await LedgerBook(seed: seed)
    try await book.database.write { session in
      var hand = Hand(book: book, random: SeededRandom(seed: seed))
      for index in 0..<12 {
        hand.rows.append(
          try book.row(
            "\(hand.random.int(in: -90...90)).50", on: 20_000 + index % 3, account: index % 2,
            category: hand.random.pick([nil, ("TRAVEL", "TRAVEL_FLIGHTS")]), session))
      }
      func check(_ words: Comment) throws {
        let difference = try Totals.check(book.scope, session)
        #expect(difference.isEmpty, words)
      }
      var pictures = [try book.picture(session)]
      var groups: [ID<ChangeGroup>] = []
      for step in 0..<40 {
        guard let group = try hand.stroke(session) else { continue }
        groups.append(group)
        pictures.append(try book.picture(session))
        try check("after stroke \(step)")
      }
      #expect(groups.count > 15)
      for (index, group) in groups.enumerated().reversed() {
        try book.undo(group, session)
        let picture = try book.picture(session)
        #expect(picture == pictures[index], "undoing stroke \(index) of seed \(seed)")
        try check("undoing stroke \(index)")
      }
    }
  }

  @Test(arguments: 21...32 as ClosedRange<UInt64>)
  func `may be mixed with what banks send, and the totals are right at every step`(seed: UInt64) async throws {
    let book = try await LedgerBook(seed: seed)
    try await book.database.write { session in
      var hand = Hand(book: book, random: SeededRandom(seed: seed))
      var (places, gone, groups): ([ID<Transaction>: Int], [ID<Transaction>], [ID<ChangeGroup>]) = ([:], [], [])
      var (replaced, undone) = (0, 0)
      for step in 0..<70 {
        let amount = "\(hand.random.int(in: -90...90)).50"
        let day = hand.random.int(in: 19_990...20_010)
        switch step < 6 ? 0 : hand.random.int(in: 0...9) {
        case 0:
          let account = hand.random.int(in: 0...1)
          let id = try book.row(
            amount, on: day, account: account, pending: hand.random.chance(1, in: 4),
            category: hand.random.pick([nil, ("TRAVEL", "TRAVEL_FLIGHTS")]), session)
          hand.rows.append(id)
          places[id] = account
        case 1...2:
          let id = hand.random.pick(hand.rows.filter { places[$0] != nil })
          try book.replace(id, amount, on: day, account: places[id] ?? 0, session)
          replaced += 1
        case 3 where hand.rows.count > 3:
          let id = hand.random.pick(hand.rows.filter { places[$0] != nil })
          try book.remove(id, session)
          hand.rows.removeAll { $0 == id }
          gone.append(id)
        case 4 where !gone.isEmpty:
          let id = gone.removeLast()
          try book.replace(id, amount, on: day, account: places[id] ?? 0, session)
          hand.rows.append(id)
        case 5 where !groups.isEmpty:
          // What stands under something later, or is not there any more, stays.
          let group = groups.remove(at: hand.random.int(in: 0...groups.count - 1))
          do { try book.undo(group, session) } catch is UndoError { continue }
          undone += 1
        default:
          // What was made and undone since can be written on no more: such a stroke leaves nothing behind.
          try session.execute("SAVEPOINT stroke")
          do {
            if let group = try hand.stroke(session) { groups.append(group) }
          } catch {
            try session.execute("ROLLBACK TO SAVEPOINT stroke")
          }
          try session.execute("RELEASE SAVEPOINT stroke")
        }
        let difference = try Totals.check(book.scope, session)
        #expect(difference.isEmpty, "after step \(step) of seed \(seed)")
      }
      #expect(replaced > 0 && undone > 0)
    }
  }

  @Test func `cannot be taken back under a later change of the same field`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-5", session)
      func write(_ edit: OverlayEdit) throws -> ID<ChangeGroup> {
        try #require(try book.edit(session) { try $0.write([edit], on: id, session) })
      }
      let first = try write(.category("TRAVEL"))
      let second = try write(.category("MEDICAL"))
      let note = try write(.notes("hello"))
      #expect(throws: UndoError.standsUnder(second)) { try book.undo(first, session) }
      try book.undo(second, session)
      #expect(throws: UndoError.alreadyUndone) { try book.undo(second, session) }
      // The note is another field: it does not stand on the category.
      try book.undo(first, session)
      let row = try #require(try Transactions.find(id, book.scope, session))
      #expect(row.category == nil && row.notes == "hello")
      #expect(throws: UndoError.unknown) { try book.undo(book.world.newID(), session) }
      _ = note
    }
  }

  @Test func `can be done again by undoing the undo, and then counts as before`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-5", session)
      func write(_ name: String) throws -> ID<ChangeGroup> {
        try #require(try book.edit(session) { try $0.write([.name(name)], on: id, session) })
      }
      let (first, second) = (try write("one"), try write("two"))
      let undone = try Changes.undo(second, through: "test", world: book.world, book.scope, session)
      let name = try Transactions.find(id, book.scope, session)?.name
      #expect(name == "one")
      try book.undo(undone, session)
      let again = try Transactions.find(id, book.scope, session)?.name
      #expect(again == "two")
      #expect(throws: UndoError.standsUnder(second)) { try book.undo(first, session) }
    }
  }

  @Test func `is not taken back while something uses what it made`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-5", session)
      var code = ""
      let made = try #require(
        try book.edit(session) {
          code = try Categories.create(name: "Boat", parent: nil, flow: .expense, &$0, session)
        })
      let filed = try #require(try book.edit(session) { try $0.write([.category(code)], on: id, session) })
      #expect(throws: UndoError.inUse(.category, code)) { try book.undo(made, session) }
      try book.undo(filed, session)
      try book.undo(made, session)
      let found = try Categories.find(code, book.scope, session)
      #expect(found == nil)
    }
  }

  @Test func `is told with who, through what and when, and writing what is there is no change`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-5", session)
      _ = try book.edit(session) { try $0.write([.notes("a"), .isReviewed(true)], on: id, session) }
      let nothing = try book.edit(session) { try $0.write([.notes("a"), .isExcluded(false)], on: id, session) }
      #expect(nothing == nil)
      let history = try Changes.history(of: .transaction, id.description, limit: 10, book.scope, session)
      #expect(history.map(\.change.field) == ["reviewed", "notes"])
      #expect(history.allSatisfy { $0.person == book.scope.user && $0.through == "test" && !$0.isUndone })
      #expect(history.last?.change.after == "a" && history.last?.change.before == nil)
      let other = Scope(household: book.world.newID(), user: book.scope.user)
      let elsewhere = try Changes.history(of: .transaction, id.description, limit: 10, other, session)
      #expect(elsewhere.isEmpty)
      #expect(throws: UndoError.unknown) {
        try Changes.undo(history[0].group, through: "x", world: book.world, other, session)
      }
    }
  }

  @Test func `tells readers by one event for each account`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let ids = try (0..<3).map { try book.row("-5", account: $0 % 2, tells: false, session) }
      let group = try #require(
        try book.edit(session) { edits in for id in ids { try edits.write([.isReviewed(true)], on: id, session) } })
      let events = try Events.after(0, limit: 10, book.scope, session).map(\.event)
      #expect(events.map(\.kind) == ["transaction.changed", "transaction.changed"])
      #expect(events.allSatisfy { $0.body.contains("\(group)") })
      #expect(events[0].body.contains("\"count\":2") && events[1].body.contains("\"count\":1"))
    }
  }
}
