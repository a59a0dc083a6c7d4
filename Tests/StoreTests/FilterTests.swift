import Basics
import Databases
import Finance
import Store
import Testing

@Suite struct `A filter` {
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `finds by every property what a look at each row finds, in every order and page`(
    seed: UInt64
  ) async throws {
    let book = try await LedgerBook(accounts: 3, seed: seed)
    try await book.database.write { session in
      var random = SeededRandom(seed: seed)
      let tag = try tagged(book, &random, session)
      var filters: [(String, TransactionFilter, (ListedTransaction, TransactionExtras) -> Bool)] = []
      func add(
        _ name: String, _ set: (inout TransactionFilter) -> Void,
        _ test: @escaping (ListedTransaction, TransactionExtras) -> Bool
      ) {
        var filter = TransactionFilter()
        set(&filter)
        filters.append((name, filter, test))
      }
      let yen = try #require(Currency(iso: "JPY"))
      add("account", { $0.accounts = [book.accounts[2]] }) { row, _ in row.account == book.accounts[2] }
      add(
        "days",
        {
          $0.from = CalendarDate(days: 20_002); $0.to = CalendarDate(days: 20_003)
        }
      ) { row, _ in
        (20_002...20_003).contains(row.occurredOn.days)
      }
      add("pending", { $0.isPending = true }) { row, _ in row.isPending }
      add(
        "amount",
        {
          $0.amountFrom = DecimalText("-30.5"); $0.amountTo = DecimalText("-10")
        }
      ) { row, _ in
        row.amount.currency == yen
          ? (-30 ... -10).contains(row.amount.minorUnits) : (-3_050 ... -1_000).contains(row.amount.minorUnits)
      }
      add("currency", { $0.currencies = [yen] }) { row, _ in row.amount.currency == yen }
      add("group", { $0.categories = ["TRAVEL"] }) { row, extras in
        extras.parts.isEmpty
          ? row.category?.hasPrefix("TRAVEL") == true
          : extras.parts.contains { ($0.category ?? row.category)?.hasPrefix("TRAVEL") == true }
      }
      add("uncategorized", { $0.isUncategorized = true }) { row, _ in row.category == nil }
      add("tag", { $0.tags = [tag] }) { _, extras in extras.tags == [tag] }
      add("edited", { $0.isEdited = true }) { row, extras in
        extras != TransactionExtras() || row.notes != nil || row.isExcluded || row.category == "MEDICAL"
          || row.occurredOn != row.bookedOn
      }
      add("not edited", { $0.isEdited = false }) { row, extras in
        !(extras != TransactionExtras() || row.notes != nil || row.isExcluded || row.category == "MEDICAL"
          || row.occurredOn != row.bookedOn)
      }
      add("reviewed", { $0.isReviewed = true }) { row, _ in row.isReviewed }
      add("excluded", { $0.isExcluded = true }) { row, _ in row.isExcluded }
      let all = try Transactions.list(TransactionFilter(), after: nil, limit: 10_000, book.scope, session)
      let extras = try Transactions.extras(of: all.map(\.id), book.scope, session)
      for (name, filter, test) in filters {
        let wanted = all.filter { test($0, extras[$0.id] ?? TransactionExtras()) }
        #expect(!wanted.isEmpty, "\(name) finds something in seed \(seed)")
        for order in TransactionOrder.allCases {
          let rows = try walk(filter, order, book, session)
          #expect(Set(rows.map(\.id)) == Set(wanted.map(\.id)) && rows.count == wanted.count, "\(name) \(order)")
          let keys = rows.map {
            order == .newest || order == .oldest ? Int64($0.occurredOn.days) : $0.amount.minorUnits
          }
          let isDescending = order == .newest || order == .largest
          #expect(keys == (isDescending ? keys.sorted(by: >) : keys.sorted()), "\(name) \(order)")
        }
      }
    }
  }

  private func walk(
    _ filter: TransactionFilter, _ order: TransactionOrder, _ book: LedgerBook, _ session: any Session
  ) throws -> [ListedTransaction] {
    var rows: [ListedTransaction] = []
    while true {
      let page = try Transactions.list(
        filter, order: order, after: rows.last?.position, limit: 6, book.scope, session)
      rows += page
      if page.count < 6 { return rows }
    }
  }

  /// Rows of every kind; returns the tag that some carry.
  private func tagged(
    _ book: LedgerBook, _ random: inout SeededRandom, _ session: any Session
  ) throws -> ID<Store.Tag> {
    var tag: ID<Store.Tag>?
    _ = try book.edit(session) { tag = try Tags.create(name: "Trip", &$0, session) }
    let id = try #require(tag)
    let yen = try #require(Currency(iso: "JPY"))
    for index in 0..<70 {
      let currency = random.chance(1, in: 4) ? yen : .usd
      let row = try book.row(
        "\(random.int(in: -40...10))", on: 20_000 + random.int(in: 0...5), account: index % 3,
        pending: random.chance(1, in: 4), category: random.pick([nil, ("TRAVEL", "TRAVEL_FLIGHTS")]),
        currency: currency, session)
      let edits: [[OverlayEdit]] = [
        [], [], [.notes("x")], [.category("MEDICAL")], [.occurredOn(CalendarDate(days: 20_009))], [.tags([id])],
        [.isReviewed(true)], [.isExcluded(true)], [.custom(name: "k", value: "v")], [.isDeleted(true)],
      ]
      _ = try book.edit(session) { try $0.write(random.pick(edits), on: row, session) }
    }
    let split = try book.row("-20", session)
    let parts = [SplitPart(amountMinor: -500, category: "TRAVEL_LODGING"), SplitPart(amountMinor: -1_500)]
    _ = try book.edit(session) { try $0.write([.split(parts)], on: split, session) }
    return id
  }
}
