import Basics
import Databases
import Finance
import HTTP
import Insights
import JSON
import Store

/// How they stand, and where the money goes.
extension Interface {
  var insightOperations: [Operation] {
    [
      Operation(
        "getNetWorth", .get, "/v1/net-worth", .insights, "Show what is owned and owed, today and on past days",
        needs: .household(.read, .viewer),
        parameters: [
          .query("days", .integer(0...3_660), "How far back the days go.", standard: 90),
          .query("every", .word(WorthOverTime.Step.self), "The distance between them.", standard: "week"),
          .query("from", .day, "The first day, in place of `days`."),
          .query("to", .day, "The last day; without one, and at the latest, today."), Self.ofAccounts,
        ], answers: [.json(200, Wire.netWorthShape, "Net worth.", example: Wire.netWorthExample)]
      ) { call in
        let back: Int = try call.query.required("days")
        let step = WorthOverTime.Step(rawValue: try call.query.required("every")) ?? .week
        let (from, to): (CalendarDate?, CalendarDate?) = (call.query["from"], call.query["to"])
        return try await insight(call) { ground, scope, session in
          let last = min(to ?? ground.today, ground.today)
          let first = from ?? last - back
          try Self.check(first, last)
          let days = WorthOverTime.days(back: last - first, every: step, before: last)
          return try Wire.netWorth(ground, try WorthOverTime.read(days, ground, scope, session))
        }
      },
      Operation(
        "getCashFlow", .get, "/v1/cashflow", .insights, "Show income and expenses by week, month, quarter or year",
        needs: .household(.read, .viewer),
        parameters: [
          .query("period", .word(PeriodKind.self), "How time is cut.", standard: "month"),
          .query("count", .integer(1...120), "How many, the present one included.", standard: 13), Self.ofAccounts,
          .query("by", .word(Spending.Grouping.self), "Also each period by category, merchant, person and more."),
          .query("limit", .integer(1...500), "The most lines of a period; the rest is one more.", standard: 50),
        ], answers: [.json(200, Wire.cashFlowShape, "Cash flow.", example: Wire.cashFlowExample)]
      ) { call in
        let kind = PeriodKind(rawValue: try call.query.required("period")) ?? .month
        let count: Int = try call.query.required("count")
        let accounts: [ID<Account>] = call.query["account"] ?? []
        let grouping = call.query["by"].flatMap { (text: String) in Spending.Grouping(rawValue: text) }
        let limit: Int = try call.query.required("limit")
        return try await insight(call) { ground, scope, session in
          let periods = Period.last(count, kind, before: ground.today, ground.settings)
          let others = periods.map { $0.before(ground.settings) } + periods.map { $0.yearBefore(ground.settings) }
          let flows = try Flows.read(
            over: periods.map(\.days), comparedWith: others.map(\.days), accounts: accounts, ground, scope, session)
          let lines = try grouping.map {
            try FlowLines.read(over: periods.map(\.days), by: $0, accounts: accounts, ground, scope, session)
          }
          return Wire.cashFlow(periods, flows, lines: lines, limit: limit, ground)
        }
      },
      Operation(
        "getCashFlowSummary", .get, "/v1/cashflow/summary", .insights,
        "Show a window's income and expenses by category, with comparisons",
        needs: .household(.read, .viewer), parameters: Self.window + [Self.ofAccounts],
        answers: [
          .json(200, Wire.summaryShape, "The summary, with what a Sankey chart draws.", example: Wire.summaryExample)
        ]
      ) { call in try await windowed(call) { try Wire.summary($0, $1, $2, $3, $4) } },
      Operation(
        "getExpenses", .get, "/v1/expenses", .insights, "Show what was spent in a window",
        needs: .household(.read, .viewer), parameters: Self.window + [Self.ofAccounts],
        answers: [.json(200, Wire.expensesShape, "Expenses.", example: Wire.expensesExample)]
      ) { call in try await windowed(call) { try Wire.expenses($0, $1, $2, $3, $4) } },
      Operation(
        "getSpending", .get, "/v1/spending", .insights, "Show where the money went in a window",
        needs: .household(.read, .viewer),
        parameters: Self.window + [
          .query("by", .word(Spending.Grouping.self), "What is put together.", standard: "category"), Self.ofAccounts,
          .query("of", .word(Spending.Side.self), "What was spent, or what came in.", standard: "expenses"),
          .query("limit", .integer(1...500), "The most lines; the rest is one more.", standard: 50),
        ], answers: [.json(200, Wire.spendingShape, "Spending, most first.", example: Wire.spendingExample)]
      ) { call in
        let grouping = Spending.Grouping(rawValue: try call.query.required("by")) ?? .category
        let side = Spending.Side(rawValue: try call.query.required("of")) ?? .expenses
        let limit: Int = try call.query.required("limit")
        return try await windowed(call) { days, accounts, ground, scope, session in
          Wire.spending(
            try Spending.read(days, by: grouping, of: side, accounts: accounts, ground, scope, session), by: grouping,
            limit: limit)
        }
      },
      Operation(
        "getBurn", .get, "/v1/burn", .insights, "Show what a month costs", needs: .household(.read, .viewer),
        parameters: [.query("months", .integer(1...24), "Of so many full months.", standard: 3), Self.ofAccounts],
        answers: [.json(200, Wire.burnShape, "The mean of the last full months.", example: Wire.burnExample)]
      ) { call in
        let months: Int = try call.query.required("months")
        return try await insight(call) { Wire.burn(try Footing.read(months: months, $0, $1, $2), $0) }
      },
      Operation(
        "getRunway", .get, "/v1/runway", .insights, "Show how long liquid savings last",
        needs: .household(.read, .viewer),
        parameters: [.query("months", .integer(1...24), "Burn of so many full months.", standard: 3), Self.ofAccounts],
        answers: [
          .json(
            200, Wire.runwayShape, "Savings by burn, with a pessimistic and an optimistic case.",
            example: Wire.runwayExample)
        ]
      ) { call in
        let months: Int = try call.query.required("months")
        return try await insight(call) { Wire.runway(try Footing.read(months: months, $0, $1, $2), $0) }
      },
    ]
  }

  static let ofAccounts = Parameter.queries("account", .id(Account.self), countMax: 50, "Only of these accounts.")

  static let window: [Parameter] = [
    .query("from", .day, "The first day; without one, the first of this month."),
    .query("to", .day, "The last day, included; without one, today."),
  ]

  /// Ten years are as long as a window may be.
  static func check(_ first: CalendarDate, _ last: CalendarDate) throws(Problem) {
    guard first <= last, last - first <= 3_660 else {
      throw Problem.invalid(["?to": "must not be before from, nor more than ten years after it"])
    }
  }

  /// Reads in one transaction, so that all of an answer is of one moment; where accounts are named, as if there were no
  /// others.
  func insight(
    _ call: Call, _ answer: @escaping @Sendable (Ground, Scope, any Session) throws -> JSONValue
  ) async throws -> Response {
    let banks = try banks(for: call)
    let now = banks.world.now()
    let accounts: [ID<Account>] = call.query["account"] ?? []
    let value = try await banks.database.read { [scope = banks.scope] session in
      let ground = try Ground.read(now: now, scope, session).narrowed(to: accounts, scope, session)
      return try answer(ground, scope, session)
    }
    return .json(200, value)
  }

  func windowed(
    _ call: Call,
    _ answer:
      @escaping @Sendable (Range<CalendarDate>, [ID<Account>], Ground, Scope, any Session) throws -> JSONValue
  ) async throws -> Response {
    let from: CalendarDate? = call.query["from"]
    let to: CalendarDate? = call.query["to"]
    let accounts: [ID<Account>] = call.query["account"] ?? []
    return try await insight(call) { ground, scope, session in
      let first = from ?? Month(of: to ?? ground.today, firstDay: ground.settings.firstMonthDay).days.lowerBound
      let last = to ?? max(first, ground.today)
      try Self.check(first, last)
      return try answer(first..<last + 1, accounts, ground, scope, session)
    }
  }
}
