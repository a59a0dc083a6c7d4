import Basics
import Finance
import HTTP
import Store

/// Looking at accounts and transactions.
extension Interface {
  func accounts(_ request: Request) async throws -> Response {
    let (pages, list) = (Pages(banks: banks), "accounts")
    var query = QueryReader(request)
    let demand = pages.demand(&query, list: list)
    try query.finish()
    let after = demand.after?.first.flatMap { ID<Account>($0) }
    let rows = try await banks.reading { [scope = banks.scope] session in
      try Accounts.list(after: after, limit: demand.limit + 1, scope, session)
    }
    return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.account)
  }

  /// `account` (up to 50 times), `from` and `to` (occurred days, both included), `pending`, `limit`, `cursor`. The newest
  /// first.
  func transactions(_ request: Request) async throws -> Response {
    var query = QueryReader(request)
    var filter = TransactionFilter()
    filter.accounts = query.ids("account", Account.self, countMax: 50)
    filter.from = query.day("from")
    filter.to = query.day("to")
    filter.isPending = query.flag("pending")
    if let from = filter.from, let to = filter.to, from > to { query.refuse("to", "must not be before from") }
    let words = [
      filter.accounts.sorted().map(\.description).joined(separator: ","), filter.from?.description ?? "",
      filter.to?.description ?? "", filter.isPending.map { "\($0)" } ?? "",
    ]
    let (pages, list) = (Pages(banks: banks), "transactions \(words.joined(separator: ";"))")
    let demand = pages.demand(&query, list: list)
    try query.finish()
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
