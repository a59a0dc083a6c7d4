import Basics
import Finance
import HTTP
import JSON
import Store

/// Looking at transactions.
extension Interface {
  var transactionOperations: [Operation] {
    [listTransactions, exportTransactions, getTransaction, transactionHistory] + transactionEditOperations
  }

  private var listTransactions: Operation {
    Operation(
      "listTransactions", .get, "/v1/transactions", .transactions, "List transactions, the newest first",
      needs: .household(.read, .viewer),
      parameters: TransactionFilterFields.parameters + [TransactionFilterFields.order] + .page,
      answers: [.page(of: Wire.transactionShape, "The transactions.", example: Wire.transactionExample)]
    ) { call in
      let banks = try banks(for: call)
      let filter = try TransactionFilterFields.filter(query: call.query)
      let order = TransactionOrder(rawValue: try call.query.required("order")) ?? .newest
      let list = "transactions \(order) \(TransactionFilterFields.words(call.query))"
      let pages = Pages(banks)
      let demand = try pages.demand(call, list: list)
      let after = demand.after.flatMap { Self.position($0) }
      let entries = try await banks.reading { [scope = banks.scope] session in
        try Transactions.entries(
          filter, order: order, after: after, limit: demand.limit + 1, scope, session)
      }
      return try pages.answer(entries, demand, list: list, mark: { Self.mark($0.row.position) }, Wire.transaction)
    }
    .kept()
  }

  private var getTransaction: Operation {
    Operation(
      "getTransaction", .get, "/v1/transactions/{id}", .transactions, "Show a transaction",
      needs: .household(.read, .viewer), parameters: [.path("id", .id(Transaction.self))],
      answers: [.json(200, Wire.transactionShape, "The transaction.", example: Wire.transactionExample)],
      problems: [.transactionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      let entry = try await banks.reading { [scope = banks.scope] in try Transactions.entry(id, scope, $0) }
      guard let entry else { throw ProblemKind.transactionUnknown.problem() }
      return .json(200, Wire.transaction(entry))
    }
  }

  private var transactionHistory: Operation {
    Operation(
      "listTransactionChanges", .get, "/v1/transactions/{id}/history", .transactions,
      "List what people changed on a transaction, the latest first", needs: .household(.read, .viewer),
      parameters: [.path("id", .id(Transaction.self))] + .page,
      answers: [.page(of: Wire.changeShape, "The changes.", example: Wire.changeExample)],
      problems: [.transactionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      let (pages, list) = (Pages(banks), "history \(id)")
      let demand = try pages.demand(call, list: list)
      let before = demand.after?.first.flatMap { ID<Change>($0) }
      let changes = try await banks.reading { [scope = banks.scope] session -> [RecordedChange]? in
        guard try Transactions.find(id, scope, session) != nil else { return nil }
        return try Changes.history(
          of: .transaction, id.description, before: before, limit: demand.limit + 1, scope, session)
      }
      guard let changes else { throw ProblemKind.transactionUnknown.problem() }
      return try pages.answer(changes, demand, list: list, mark: { [$0.id.description] }, Wire.change)
    }
  }

  static func mark(_ position: TransactionPosition) -> [String] {
    [position.occurredOn.description, position.id.description, String(position.amountMinor)]
  }

  static func position(_ words: [String]) -> TransactionPosition? {
    guard words.count == 3, let day = CalendarDate(words[0]), let id = ID<Transaction>(words[1]),
      let minor = Int64(words[2])
    else { return nil }
    return TransactionPosition(occurredOn: day, id: id, amountMinor: minor)
  }
}
