import Basics
import Finance
import JSON

/// Levers on one Item: what a bank does to its rows, its accounts and its customers' sign-ins.
extension Control {
  private static let item: [Shape.Field] = [.required("item_id")]
  private static let some: [Shape.Field] = [
    .required("item_id"), .optional("transaction_ids", .strings), .optional("rows", .integer(1...100_000)),
  ]

  static let itemLevers: [Lever] = [
    Lever("item/truth", Shape(item)) { world, body throws(Refusal) in try world.truth(of: try world.named(body)) },
    // The same rows under new ids, as after a change in the bank's own system.
    Lever("item/churn", Shape(some)) { world, body throws(Refusal) in
      try world.touch(body) { ledger, index in ledger.edit(index) { $0.generation += 1 } }
    },
    Lever("item/resend", Shape(some)) { world, body throws(Refusal) in
      try world.touch(body) { ledger, index in ledger.resend(index) }
    },
    Lever("item/remove_rows", Shape(some)) { world, body throws(Refusal) in
      try world.touch(body) { ledger, index in ledger.edit(index) { $0.isSuppressed = true } }
    },
    Lever("item/correct", Shape(some + [.required("by_minor", .integer(-1_000_000...1_000_000))])) {
      world, body throws(Refusal) in
      let difference = Int64(body.int("by_minor") ?? 1)
      return try world.touch(body) { ledger, index in
        guard let row = ledger.shown[index] else { return }
        ledger.edit(index) { $0.amountMinor = row.amountMinor + difference }
      }
    },
    Lever("item/mutate_during_pagination", Shape(item)) { world, body throws(Refusal) in
      world.items[try world.named(body).id]?.mutatesNextPage = true
      return .object([])
    },
    Lever("item/poll", Shape(item)) { world, body throws(Refusal) in
      world.poll(try world.named(body).id)
      return .object([])
    },
    Lever("item/vanish_account", Shape(item + [.required("account_id")])) { world, body throws(Refusal) in
      let item = try world.named(body)
      guard let account = item.account(withID: try body.required("account_id")) else { throw .accountID }
      world.items[item.id]?.vanished.insert(account.key)
      return .object([])
    },
    Lever("item/restore_accounts", Shape(item)) { world, body throws(Refusal) in
      world.items[try world.named(body).id]?.vanished = []
      return .object([])
    },
    // Every account, and with it every row, gets a new id.
    Lever("item/relink_ids", Shape(item)) { world, body throws(Refusal) in
      let item = try world.named(body)
      let place = item.ledger.log.end
      let ids = Item.accountIDs(
        of: item.customer.history, item: item.id, generation: item.accountGeneration + 1, naming: world.naming)
      world.items[item.id]?.accountGeneration += 1
      world.items[item.id]?.ledger.rename(ids)
      world.announceChanges(item.id, since: place)
      return .object([])
    },
    Lever("item/break", Shape(item + [.optional("error_code")])) { world, body throws(Refusal) in
      let item = try world.named(body)
      let code = body.string("error_code") ?? "ITEM_LOGIN_REQUIRED"
      guard let refusal = Refusal.named(code) else { throw .invalidField("error_code \(code) is not known") }
      world.items[item.id]?.trouble = nil
      world.breakLogin(item.id, refusal)
      return .object([])
    },
    Lever("item/repair", Shape(item + [.optional("login_repaired", .boolean)])) { world, body throws(Refusal) in
      world.repairLogin(try world.named(body).id, tells: body.bool("login_repaired") ?? true)
      return .object([])
    },
  ]
}

extension SandboxWorld {
  fileprivate func named(_ body: Body) throws(Refusal) -> Item {
    guard let item = items[try body.required("item_id")], !item.isRemoved else { throw .itemNotFound }
    return item
  }

  /// Does something to the rows a tester names, or to so many of the newest posted ones, and tells the webhook.
  fileprivate mutating func touch(
    _ body: Body, _ change: (inout Ledger, Int) -> Void
  ) throws(Refusal) -> JSONValue {
    let item = try named(body)
    let indexes: [Int]
    if let ids = body.strings("transaction_ids") {
      indexes = ids.compactMap { item.ledger.index(ofRow: $0) }
    } else {
      let posted = item.ledger.shown.indices.reversed().filter { item.ledger.shown[$0]?.isPending == false }
      indexes = Array(posted.prefix(body.int("rows") ?? 1))
    }
    let place = item.ledger.log.end
    for index in indexes where items[item.id] != nil {
      change(&items[item.id, default: item].ledger, index)
    }
    announceChanges(item.id, since: place)
    return ["rows": .int(indexes.count)]
  }

  /// Rows, balances, what is held, traded and owed as the bank has them: what a reader must end up with.
  fileprivate func truth(of item: Item) throws(Refusal) -> JSONValue {
    guard item.bulk == nil else { throw .invalidField("a bulk customer has too many rows to tell") }
    let rows = item.ledger.liveRows().map { row -> JSONValue in
      .object(
        [
          .init("transaction_id", .string(row.id)), .init("account_id", .string(row.accountID)),
          .init("amount", Wire.amount(row.amountMinor, row.source.entry.currency)), .init("date", Wire.date(row.date)),
          .init("name", .string(row.name)), .init("pending", .bool(row.isPending)),
          .init("pending_transaction_id", JSONValue(row.pendingID)),
        ] + Wire.currencies(row.source.entry.currency))
    }
    let invested = item.accounts.filter { $0.type == "investment" }
    let today = item.ledger.now.day
    let portfolio = portfolio(of: item, in: invested)
    let trades = trades(of: item, in: invested, days: today.adding(months: -24)...today).trades
    let owed = liabilities(of: item, in: item.accounts).map {
      JSONValue.object([.init("kind", .string($0.kind)), .init("terms", $0.json)])
    }
    return [
      "accounts": json(of: item.accounts, in: item), "transactions": .array(rows),
      "holdings": .array(portfolio.holdings), "investment_transactions": .array(trades), "liabilities": .array(owed),
    ]
  }
}
