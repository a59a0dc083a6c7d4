import Basics
import Finance
import HTTP
import JSON
import Store

/// Looking at accounts and transactions.
extension Interface {
  var ledgerOperations: [Operation] {
    [
      Operation(
        "listAccounts", .get, "/v1/accounts", .accounts, "List accounts with their balances",
        needs: .household(.read, .viewer), parameters: .page,
        answers: [.page(of: Wire.accountShape, "The accounts.", example: Wire.accountExample)]
      ) { call in try await accounts(call) },
      Operation(
        "listTransactions", .get, "/v1/transactions", .transactions, "List transactions, the newest first",
        needs: .household(.read, .viewer), parameters: Self.transactionFilter + .page,
        answers: [.page(of: Wire.transactionShape, "The transactions.", example: Wire.transactionExample)]
      ) { call in try await transactions(call) },
    ]
  }

  private static let transactionFilter: [Parameter] = [
    .queries("account", .id(Account.self), countMax: 50, "Only of these accounts."),
    .query("from", .day, "The first day on which they occurred."),
    .query("to", .day, "The last day on which they occurred."),
    .query("pending", .flag, "Only pending ones, or only posted ones."),
  ]

  private func accounts(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    let (pages, list) = (Pages(banks), "accounts")
    let demand = try pages.demand(call, list: list)
    let after = demand.after?.first.flatMap { ID<Account>($0) }
    let rows = try await banks.reading { [scope = banks.scope] session in
      try Accounts.list(after: after, limit: demand.limit + 1, scope, session)
    }
    return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.account)
  }

  private func transactions(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    var filter = TransactionFilter()
    filter.accounts = call.query["account"] ?? []
    filter.from = call.query["from"]
    filter.to = call.query["to"]
    filter.isPending = call.query["pending"]
    if let from = filter.from, let to = filter.to, from > to {
      throw Problem.invalid(["?to": "must not be before from"])
    }
    let words = [
      filter.accounts.sorted().map(\.description).joined(separator: ","), filter.from?.description ?? "",
      filter.to?.description ?? "", filter.isPending.map { "\($0)" } ?? "",
    ]
    let (pages, list) = (Pages(banks), "transactions \(words.joined(separator: ";"))")
    let demand = try pages.demand(call, list: list)
    var after: TransactionPosition?
    if let words = demand.after, words.count == 2, let day = CalendarDate(words[0]), let id = ID<Transaction>(words[1])
    {
      after = TransactionPosition(occurredOn: day, id: id)
    }
    let rows = try await banks.reading { [filter, after, scope = banks.scope] session in
      try Transactions.list(filter, after: after, limit: demand.limit + 1, scope, session)
    }
    return try pages.answer(
      rows, demand, list: list, mark: { [$0.occurredOn.description, $0.id.description] }, Wire.transaction)
  }
}
