import Basics
import Databases
import Finance
import Store
import Testing

@Suite struct `A split` {
  @Test func `has parts that add up, two at least`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-10", session)
      func split(_ amounts: [Int64]) throws {
        _ = try book.edit(session) { edits in
          try edits.write([.split(amounts.map { SplitPart(amountMinor: $0) })], on: id, session)
        }
      }
      #expect(throws: SplitError.difference(1)) { try split([-400, -599]) }
      #expect(throws: SplitError.count(allowed: Splits.partsAllowed)) { try split([-1_000]) }
      #expect(throws: SplitError.overflow) { try split([.max, .max]) }
      try split([-1_300, 300])
      let parts = try Splits.parts(of: id, book.scope, session)
      #expect(parts.map(\.amountMinor) == [-1_300, 300])
    }
  }

  @Test func `counts by the categories of its parts, and as one row`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-10", category: ("TRAVEL", "TRAVEL_FLIGHTS"), session)
      _ = try book.edit(session) { edits in
        try edits.write(
          [
            .split([
              SplitPart(amountMinor: -700), SplitPart(amountMinor: -200, category: "TRANSFER_OUT_SAVINGS"),
              SplitPart(amountMinor: -100, category: "TRANSFER_OUT_SAVINGS"),
            ])
          ], on: id, session)
      }
      let days = CalendarDate(days: 0)..<CalendarDate(days: 99_999)
      let lines = try Totals.lines(of: days, .all, book.scope, session)
        .map { "\($0.key.category) \($0.key.flow) \($0.sum.amountMinor) \($0.sum.rows)" }
      #expect(Set(lines) == ["TRAVEL_FLIGHTS expense -700 1", "TRANSFER_OUT_SAVINGS transfer -300 0"])
      #expect(try Totals.check(book.scope, session).isEmpty)
      var filter = TransactionFilter()
      filter.categories = ["TRANSFER_OUT"]
      let found = try Transactions.list(filter, after: nil, limit: 10, book.scope, session).map(\.id)
      #expect(found == [id])
    }
  }

  @Test func `gives what its bank adds to the last part, and asks its person to look`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-10", session)
      _ = try book.edit(session) { edits in
        let parts = [SplitPart(amountMinor: -600), SplitPart(amountMinor: -400, category: "TRAVEL")]
        try edits.write([.split(parts), .isReviewed(true)], on: id, session)
      }
      try book.replace(id, "-12", session)
      let parts = try Splits.parts(of: id, book.scope, session)
      #expect(parts.map(\.amountMinor) == [-600, -600])
      let row = try #require(try Transactions.find(id, book.scope, session))
      #expect(!row.isReviewed)
      #expect(try Inbox.open(.splitAmountChanged, book.scope, session) == [id])
      #expect(try Totals.check(book.scope, session).isEmpty)
      // The same words again change nothing.
      try book.replace(id, "-12", session)
      #expect(try Inbox.open(.splitAmountChanged, book.scope, session).count == 1)
    }
  }

  @Test func `made by a rule follow their amount in proportion, until a person makes their own`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-10", session)
      let thirds = [SplitPart(amountMinor: -333), SplitPart(amountMinor: -333), SplitPart(amountMinor: -334)]
      var edits = Edits(through: "rule r", world: book.world, book.scope)
      try edits.write([.split(thirds)], on: id, session)
      _ = try edits.finish(session)
      try book.replace(id, "-20", session)
      #expect(try Splits.parts(of: id, book.scope, session).map(\.amountMinor) == [-666, -666, -668])
      #expect(try Inbox.open(.splitAmountChanged, book.scope, session) == [id])
      try book.replace(id, "0", session)
      #expect(try Splits.parts(of: id, book.scope, session).map(\.amountMinor) == [0, 0, 0])
      try book.replace(id, "-9", session)
      #expect(try Splits.parts(of: id, book.scope, session).map(\.amountMinor) == [0, 0, -900], "nothing says how")
      _ = try book.edit(session) { edits in
        try edits.write([.split([SplitPart(amountMinor: -300), SplitPart(amountMinor: -600)])], on: id, session)
      }
      try book.replace(id, "-12", session)
      #expect(try Splits.parts(of: id, book.scope, session).map(\.amountMinor) == [-300, -900])
      #expect(try Totals.check(book.scope, session).isEmpty)
    }
  }

  @Test func `that is undone and done again fits the amount of today`() async throws {
    let book = try await LedgerBook()
    try await book.database.write { session in
      let id = try book.row("-10", session)
      let parts = [SplitPart(amountMinor: -600), SplitPart(amountMinor: -400)]
      let group = try #require(try book.edit(session) { try $0.write([.split(parts)], on: id, session) })
      let undone = try Changes.undo(group, through: "test", world: book.world, book.scope, session)
      try book.replace(id, "-11", session)
      try book.undo(undone, session)
      let again = try Splits.parts(of: id, book.scope, session)
      #expect(again.map(\.amountMinor) == [-600, -500])
      #expect(try Totals.check(book.scope, session).isEmpty)
    }
  }
}
