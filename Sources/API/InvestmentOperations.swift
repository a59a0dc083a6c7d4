import Basics
import Finance
import HTTP
import Insights
import JSON
import Store

/// What is held, what was traded, and what is owed on which terms.
extension Interface {
  var investmentOperations: [Operation] {
    [listHoldings, listSecurities, getSecurity, listTrades, listLiabilities]
  }

  private static let accountFilter = Parameter.queries(
    "account", .id(Account.self), countMax: 50, "Only of these accounts.")
  private static let asOf = Parameter.query("day", .day, "As it was known at the end of that day.")

  private var listHoldings: Operation {
    Operation(
      "listHoldings", .get, "/v1/holdings", .investments, "List what is held", needs: .household(.read, .viewer),
      parameters: [
        Self.accountFilter, Self.asOf,
        .query("sold", .flag, "Also what was held once, with a quantity of zero.", standard: false),
      ],
      answers: [
        .json(
          200, .whole(Wire.holdingShape, and: [.required("inputs", Wire.inputsShape)]), "The holdings.",
          example: ["data": [Wire.holdingExample], "inputs": Wire.inputsExample("2026-03-14", "2026-03-14")])
      ]
    ) { call in
      let banks = try banks(for: call)
      let accounts: [ID<Account>] = call.query["account"] ?? []
      let (day, now): (CalendarDate?, Timestamp) = (call.query["day"], banks.world.now())
      let showsSold: Bool = try call.query.required("sold")
      let (rows, inputs) = try await banks.reading { [scope = banks.scope] session in
        let ground = try Ground.read(now: now, scope, session)
        let ids = accounts.isEmpty ? ground.accounts.map(\.id) : accounts
        let securities = Dictionary(try Securities.all(scope, session).map { ($0.id, $0) }) { $1 }
        let rows = try Holdings.latest(in: ids.prefix(Limits.listMax), on: day, scope, session)
          .filter { showsSold || !$0.quantity.isZero }.map { ($0, securities[$0.security]) }
        let told = Set(rows.map(\.0.account))
        return (rows, ground.toldInputs(told, on: day ?? ground.today, among: accounts, where: \.isInvestment))
      }
      return .json(200, ["data": .array(rows.map { Wire.holding($0.0, $0.1) }), "inputs": Wire.inputs(inputs)])
    }
  }

  private var listSecurities: Operation {
    Operation(
      "listSecurities", .get, "/v1/securities", .investments, "List securities that are or were held",
      needs: .household(.read, .viewer), parameters: .page,
      answers: [.page(of: Wire.securityShape, "The securities.", example: Wire.securityExample)]
    ) { call in
      let banks = try banks(for: call)
      let (pages, list) = (Pages(banks), "securities")
      let demand = try pages.demand(call, list: list)
      let after = demand.after?.first.flatMap { ID<Security>($0) }
      let rows = try await banks.reading { [scope = banks.scope] session in
        try Securities.all(scope, session).drop { security in after.map { security.id <= $0 } ?? false }
          .prefix(demand.limit + 1)
      }
      return try pages.answer(Array(rows), demand, list: list, mark: { [$0.id.description] }, Wire.security)
    }
  }

  private var getSecurity: Operation {
    Operation(
      "getSecurity", .get, "/v1/securities/{id}", .investments, "Show a security with its prices",
      needs: .household(.read, .viewer), parameters: [.path("id", .id(Security.self))],
      answers: [
        .json(200, Wire.pricedSecurityShape, "The security, its latest prices first.", example: Wire.pricedExample)
      ], problems: [.securityUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Security> = try call.id()
      let found = try await banks.reading { [scope = banks.scope] session -> (StoredSecurity, [SecurityPrice])? in
        guard let security = try Securities.all(scope, session).first(where: { $0.id == id }) else { return nil }
        return (security, try Securities.prices(of: id, scope, session))
      }
      guard let (security, prices) = found else { throw ProblemKind.securityUnknown.problem() }
      return .json(
        200, Wire.security(security).setting("prices", .array(prices.suffix(500).reversed().map(Wire.price))))
    }
  }

  private var listTrades: Operation {
    Operation(
      "listInvestmentTransactions", .get, "/v1/investment-transactions", .investments,
      "List what was traded, the newest first", needs: .household(.read, .viewer),
      parameters: [
        Self.accountFilter, .query("from", .day, "The first day on which they were booked."),
        .query("to", .day, "The last day on which they were booked."),
      ] + .page,
      answers: [.page(of: Wire.tradeShape, "The transactions.", example: Wire.tradeExample)]
    ) { call in
      let banks = try banks(for: call)
      var filter = InvestmentFilter()
      filter.accounts = call.query["account"] ?? []
      (filter.from, filter.to) = (call.query["from"], call.query["to"])
      if let from = filter.from, let to = filter.to, from > to {
        throw Problem.invalid(["?to": "must not be before from"])
      }
      let words = [filter.accounts.sorted().map(\.description).joined(separator: ",")]
      let days = [filter.from?.description ?? "", filter.to?.description ?? ""]
      let (pages, list) = (Pages(banks), "trades \((words + days).joined(separator: ";"))")
      let demand = try pages.demand(call, list: list)
      if let words = demand.after, words.count == 2, let day = CalendarDate(words[0]) {
        filter.before = ID<InvestmentTransaction>(words[1]).map { (day, $0) }
      }
      let rows = try await banks.reading { [filter, scope = banks.scope] session in
        try InvestmentTransactions.list(filter, limit: demand.limit + 1, scope, session)
      }
      return try pages.answer(
        rows, demand, list: list, mark: { [$0.bookedOn.description, $0.id.description] }, Wire.trade)
    }
  }

  private var listLiabilities: Operation {
    Operation(
      "listLiabilities", .get, "/v1/liabilities", .investments, "List cards and loans with their terms",
      needs: .household(.read, .viewer), parameters: [Self.accountFilter, Self.asOf],
      answers: [
        .json(
          200, .whole(Wire.liabilityShape, and: [.required("inputs", Wire.inputsShape)]), "The terms.",
          example: ["data": [Wire.liabilityExample], "inputs": Wire.inputsExample("2026-03-14", "2026-03-14")])
      ]
    ) { call in
      let banks = try banks(for: call)
      let accounts: [ID<Account>] = call.query["account"] ?? []
      let (day, now): (CalendarDate?, Timestamp) = (call.query["day"], banks.world.now())
      let (rows, inputs) = try await banks.reading { [scope = banks.scope] session in
        let ground = try Ground.read(now: now, scope, session)
        let known = Dictionary(ground.accounts.map { ($0.id, $0) }) { $1 }
        let ids = accounts.isEmpty ? ground.accounts.map(\.id) : accounts
        let terms = try Liabilities.latest(in: ids.prefix(Limits.listMax), on: day, scope, session)
          .compactMap { terms in known[terms.account].map { (terms, $0) } }
        let rows = try terms.map { terms, account in
          Wire.liability(terms, account, try Payoff.make(terms, account, today: ground.today))
        }
        let told = Set(terms.map(\.1.id))
        return (rows, ground.toldInputs(told, on: day ?? ground.today, among: accounts, where: \.isDebt))
      }
      return .json(200, ["data": .array(rows), "inputs": Wire.inputs(inputs)])
    }
  }
}

extension Tag {
  package static let investments = Tag("Investments", "What is held, what was traded, and what is owed.")
}

extension ProblemKind {
  static let securityUnknown = ProblemKind(
    404, "security.not_found", "There is no such security.", "Look at the list of securities.")
}
