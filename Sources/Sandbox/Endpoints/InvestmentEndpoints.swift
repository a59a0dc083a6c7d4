import Basics
import Finance
import JSON

/// `/investments/…`: what is held, and what was traded.
enum InvestmentEndpoints {
  private static let window: [Shape.Field] = [
    .optional("account_ids", .strings), .optional("count", .integer(1...500)),
    .optional("offset", .integer(0...100_000_000)), .optional("async_update", .boolean),
  ]

  static let all: [Endpoint] = [
    Endpoint(
      "/investments/holdings/get",
      Shape(.required("access_token"), .optional("options", .object(Shape(.optional("account_ids", .strings)))))
    ) { world, body throws(Refusal) in
      let (item, accounts) = try opened(&world, body)
      let portfolio = world.portfolio(of: item, in: accounts)
      return .object([
        "accounts": world.json(of: accounts, in: item, hasMargin: true), "holdings": .array(portfolio.holdings),
        "is_investments_fallback_item": false, "item": world.json(of: item),
        "securities": .array(portfolio.securities),
      ])
    },
    Endpoint(
      "/investments/transactions/get",
      Shape(
        .required("access_token"), .required("start_date", .date), .required("end_date", .date),
        .optional("options", .object(Shape(window)))),
      trades),
    Endpoint("/investments/refresh", Shape(.required("access_token"))) { world, body throws(Refusal) in
      let (item, _) = try opened(&world, body)
      try world.reachBank(of: item)
      world.poll(item.id)
      world.announce(
        item.id, type: "HOLDINGS", "DEFAULT_UPDATE", ["new_holdings": 0, "updated_holdings": 1, "error": nil])
      return .empty
    },
  ]

  private static func opened(
    _ world: inout SandboxWorld, _ body: Body
  ) throws(Refusal) -> (Item, [BankAccount]) {
    let item = try world.workingItem(body)
    try world.use("investments", of: item)
    let accounts = try world.accounts(of: item, for: body).filter { $0.type == "investment" }
    guard !accounts.isEmpty else { throw .noInvestmentAccounts }
    return (world.items[item.id] ?? item, accounts)
  }

  private static func trades(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let (item, accounts) = try opened(&world, body)
    guard let start = body.date("start_date"), let end = body.date("end_date") else { throw .missing(["start_date"]) }
    guard start <= end else { throw .invalidField("start_date must not be after end_date") }
    let today = item.ledger.now.day
    // Twenty-four months are kept, and nothing that has not happened yet.
    let days = max(start, today.adding(months: -24))...max(min(end, today), max(start, today.adding(months: -24)))
    let found = world.trades(of: item, in: accounts, days: days)
    let options = body.nested("options")
    let page = found.trades.dropFirst(options.int("offset") ?? 0).prefix(options.int("count") ?? 100)
    return .object([
      "accounts": world.json(of: accounts, in: item, hasMargin: true),
      "investment_transactions": .array(Array(page)), "is_investments_fallback_item": false,
      "item": world.json(of: item), "securities": .array(found.securities),
      "total_investment_transactions": .int(found.trades.count),
    ])
  }
}
