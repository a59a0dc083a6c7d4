import Basics
import Databases
import Finance
import Store
import Testing

@Suite struct `The search` {
  /// What it must find, in words anybody can check.
  private func expected(_ words: String, _ book: LedgerBook, _ session: any Session) throws -> [ID<Transaction>] {
    let all = try Transactions.list(TransactionFilter(), after: nil, limit: 10_000, book.scope, session)
    return try all.filter { row in
      let bank = try session.first("SELECT name FROM bank_transaction WHERE id = \(row.id)") {
        try $0(0, as: String.self)
      }
      let document = FoldedText.document([row.name, bank, row.merchantName, row.originalDescription, row.notes])
      return FoldedText(words).words.allSatisfy { document.contains($0) }
    }.map(\.id)
  }

  private func found(
    _ words: String, _ book: LedgerBook, _ session: any Session, order: TransactionOrder = .newest, limit: Int = 7
  ) throws -> [ID<Transaction>] {
    var filter = TransactionFilter()
    filter.text = words
    var ids: [ID<Transaction>] = []
    var after: TransactionPosition?
    while true {
      let page = try Transactions.list(
        filter, order: order, after: after, limit: limit, book.scope, session)
      ids += page.map(\.id)
      guard page.count == limit, let last = page.last else { return ids }
      after = last.position
    }
  }

  private func catchUp(_ book: LedgerBook, rowsMax: Int = 1_000, _ session: any Session) throws {
    var steps = 0
    while try Search.catchUp(rowsMax: rowsMax, world: book.world, book.scope, session) {
      steps += 1
      try #require(steps < 1_000)
    }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `finds the same rows before, while and after they are taken in`(seed: UInt64) async throws {
    let book = try await LedgerBook(seed: seed)
    try await book.database.write { session in
      var random = SeededRandom(seed: seed)
      let names = ["Café Zürich", "CAFE*ROMA 12", "McDonald's", "Amazon Mktp", "Rent", "Zurich Insurance", "ÆON 24"]
      let questions = [
        "caf", "zurich", "cafe zur", "mcdonalds", "ama", "aeon", "o", "12", "nothing", "mktp ama", "fé zü",
      ]
      var rows: [ID<Transaction>] = []
      for step in 0..<60 {
        switch random.int(in: 0...9) {
        case 0...4:
          rows.append(
            try book.row(
              "-\(random.int(in: 1...50))", on: 20_000 + random.int(in: 0...4), name: random.pick(names),
              merchant: random.pick([nil] + names), original: random.pick([nil] + names), session))
        case 5 where !rows.isEmpty:
          try book.replace(
            random.pick(rows), "-3", on: 20_000 + random.int(in: 0...4), name: random.pick(names), session)
        case 6 where !rows.isEmpty:
          let id = random.pick(rows)
          let edits: [OverlayEdit] = [
            .notes(random.pick([nil, "gift for Zoë"])), .name(random.pick([nil, "Amazonas"])),
            .occurredOn(random.pick([nil, CalendarDate(days: 20_002)])),
          ]
          _ = try book.edit(session) { try $0.write([random.pick(edits)], on: id, session) }
        case 7 where !rows.isEmpty:
          try Transactions.markGone(random.pick(rows), now: book.world.now(), book.scope, session)
        case 8: _ = try Search.catchUp(rowsMax: 3, world: book.world, book.scope, session)
        default: try catchUp(book, session)
        }
        guard step % 4 == 0 else { continue }
        for words in questions + ["zoe"] {
          let (answer, wanted) = (try found(words, book, session), try expected(words, book, session))
          #expect(answer == wanted, "\(words) at step \(step) of seed \(seed)")
          let oldest = try found(words, book, session, order: .oldest)
          #expect(oldest == wanted.reversed(), "\(words), the oldest first")
          let byAmount = try found(words, book, session, order: .largest)
          #expect(Set(byAmount) == Set(wanted) && byAmount.count == wanted.count)
        }
      }
    }
  }

  @Test func `sees nothing of another household`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      try book.row("-5", name: "Marker", session)
      try catchUp(book, session)
      let mine = try found("marker", book, session)
      #expect(mine.count == 1)
      let other = Scope(household: book.world.newID(), user: book.world.newID())
      try Households.create(other, name: "O", timeZone: "UTC", currency: .usd, now: book.world.now(), session)
      var filter = TransactionFilter()
      filter.text = "marker"
      for _ in 0..<2 {
        let theirs = try Transactions.list(filter, after: nil, limit: 10, other, session)
        #expect(theirs.isEmpty)
        while try Search.catchUp(rowsMax: 10, world: book.world, other, session) {}
      }
    }
  }

  @Test func `gathers merchants, and finds their rows in every state`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let one = try book.row("-5", name: "a", merchant: "Bakery", session)
      try book.row("-6", name: "b", merchant: "Cinema", session)
      try catchUp(book, session)
      let merchants = try Merchants.list(limit: 10, book.scope, session)
      #expect(merchants.map(\.bankName) == ["Bakery", "Cinema"])
      let two = try book.row("-7", name: "c", merchant: "Bakery", session)
      var filter = TransactionFilter()
      filter.merchants = [merchants[0].id]
      for _ in 0..<2 {
        let rows = try Transactions.list(filter, after: nil, limit: 10, book.scope, session)
        #expect(rows.map(\.id) == [two, one])
        try catchUp(book, session)
      }
      _ = try book.edit(session) { try Merchants.edit(merchants[0].id, [.name("Ours")], &$0, session) }
      let named = try Merchants.list("our", limit: 10, book.scope, session)
      #expect(named.map(\.shownName) == ["Ours"])
    }
  }

  @Test(arguments: [
    ("Café Zürich*4711", "cafe zurich 4711"), ("McDonald’s", "mcdonalds"), ("  A--B  ", "a b"), ("", ""),
    ("Straße ŁÓDŹ œuvre", "strasse lodz oeuvre"), ("e\u{301}", "e"), ("Привет", "привет"), ("東京2", "東京2"), ("***", ""),
  ])
  func `compares text by its letters`(text: String, folded: String) {
    #expect(FoldedText(text).text == folded)
  }
}
