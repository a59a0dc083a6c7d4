import Basics
import Finance
import HTTP
import Insights
import JSON
import Store

/// A household's money at a glance, in one answer.
extension Interface {
  private static let latestCount = 8

  var overviewOperations: [Operation] {
    [
      Operation(
        "getOverview", .get, "/v1/overview", .insights, "Show how the household's money stands",
        needs: .household(.read, .viewer), parameters: [.query("months", .integer(1...60), "How many months back.")],
        answers: [.json(200, Wire.overviewShape, "Of one moment.", example: Wire.overviewExample)]
      ) { call in
        let (banks, now, months) = (try banks(for: call), self.banks.world.now(), call.query["months"] ?? 13)
        let value = try await banks.reading { [scope = banks.scope] session in
          let overview = try Overview.read(now: now, monthsMax: months, scope, session)
          let latest = try Transactions.entries(
            TransactionFilter(), order: .newest, after: nil, limit: Self.latestCount, scope, session)
          let budgets =
            try Budgets.all(scope, session).isEmpty
            ? [] : try BudgetStanding.read(try Ground.read(now: now, scope, session), scope, session)
          var value = try Wire.overview(overview)
          value["latest"] = .array(latest.map(Wire.transaction))
          value["budgets"] = .array(budgets.map(Wire.budget))
          return value
        }
        return .json(200, value)
      }
      .saying(
        """
        Net worth is told for each currency by itself; months, burn and runway are in the base currency, others converted \
        where a rate is known. Transfers between own accounts, excluded rows and pending ones are in no sum; a refund \
        lowers what was spent. The burn is the mean of up to three full months.
        """
      )
      .kept()
    ]
  }
}

extension Wire {
  static func overview(_ overview: Overview) throws -> JSONValue {
    let flows = overview.cashFlow.flows(in: overview.base)
    let months = try zip(overview.cashFlow.months, flows).map { month, flow -> JSONValue in
      let spent = flow.spentMinor.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      return [
        "month": .string(month.description), "from": day(month.days.lowerBound),
        "to": day(month.days.upperBound - 1), "income": money(flow.incomeMinor, overview.base),
        "expenses": money(flow.expensesMinor, overview.base), "net": money(try flow.net(), overview.base),
        "spending": .array(
          spent.map { ["category": .string($0.key), "amount": money($0.value, overview.base)] }),
      ]
    }
    let worth = overview.netWorth
    return [
      "today": day(overview.today), "base_currency": .string(overview.base.code),
      "net_worth": .array(worth.worths.map(Self.worth)),
      "accounts": .array(overview.accounts.map(Self.line)),
      "left_out": [
        "unknown": ids(worth.unknown), "old": ids(worth.old), "counted_elsewhere": ids(worth.muted),
        "currencies": .array(overview.cashFlow.others(than: overview.base).map { .string($0.code) }),
      ],
      "months": .array(months),
      "burn": [
        "per_month": overview.burn.perMonth.map(money) ?? .null,
        "months": .array(overview.burn.months.map { .string($0.description) }),
      ],
      "runway": [
        "state": .string(state(of: overview.runway)), "months": JSONValue(overview.runway.months(digits: 1)),
      ],
      "rows": [
        "first": day(overview.rowDays?.lowerBound), "last": day(overview.rowDays?.upperBound),
        "posted": .int(overview.postedRows), "pending": .int(overview.pendingRows),
      ],
    ]
  }

  private static func line(_ line: Overview.AccountLine) -> JSONValue {
    let account = line.account
    return [
      "id": id(account.id), "name": .string(account.name), "kind": .string(account.kind.rawValue),
      "balance": money(account.currentMinor, account.currency), "counted": .bool(!line.isMuted),
    ]
  }

  private static func state(of runway: Runway) -> String {
    switch runway {
    case .unknown: "unknown"
    case .unlimited: "unlimited"
    case .months: "known"
    }
  }

  private static func ids(_ accounts: [ID<Account>]) -> JSONValue { .array(accounts.map { id($0) }) }

  private static func worth(_ worth: NetWorth.Worth) -> JSONValue {
    [
      "currency": .string(worth.currency.code), "assets": money(worth.assetsMinor, worth.currency),
      "debts": money(worth.debtsMinor, worth.currency), "total": money(worth.totalMinor, worth.currency),
      "liquid": money(worth.liquidMinor, worth.currency), "invested": money(worth.investedMinor, worth.currency),
    ]
  }

  static let overviewShape = Shape.object(
    "Overview",
    [
      .required("today", .day, "In the household's time zone."), .required("base_currency", .currency),
      .required(
        "net_worth",
        .list(
          of: .object([
            .required("currency", .currency), .required("assets", .money), .required("debts", .money),
            .required("total", .money), .required("liquid", .money, "What could be spent tomorrow."),
            .required("invested", .money),
          ]), count: 1...200), "One for each currency, the base currency's first."),
      .required(
        "left_out",
        .object([
          .required("unknown", .list(of: .id(Account.self)), "Accounts whose balance nobody knows."),
          .required(
            "old", .list(of: .id(Account.self)), "Accounts that their bank no longer lists, counted all the same."),
          .required("counted_elsewhere", .list(of: .id(Account.self)), "Accounts that another connection shows too."),
          .required("currencies", .list(of: .currency), "Currencies without a rate: months count no rows in them."),
        ])),
      .required(
        "accounts",
        .list(
          of: .object(
            "AccountLine",
            [
              .required("id", .id(Account.self)), .required("name", .foreign),
              .required("kind", .word(AccountKind.self)),
              .required("balance", .money.orNull, "Null: nobody knows it."),
              .required("counted", .flag, "Not counted is what another connection shows too."),
            ]))),
      .required(
        "months",
        .list(
          of: .object([
            .required("month", .text(7...7), "Such as `2026-10`."), .required("from", .day), .required("to", .day),
            .required("income", .money), .required("expenses", .money, "Positive: spent."), .required("net", .money),
            .required(
              "spending",
              .list(of: .object([.required("category", .foreign), .required("amount", .money, "Positive: spent.")])),
              "Most first."),
          ])), "Oldest first, in the base currency."),
      .required(
        "burn",
        .object([
          .required("per_month", .money.orNull, "Null: not one full month is known."),
          .required("months", .list(of: .text(7...7)), "The months it is the mean of."),
        ])),
      .required(
        "runway",
        .object([
          .required("state", .word(["known", "unknown", "unlimited"])),
          .required("months", .decimal.orNull, "How long liquid savings last at this burn."),
        ])),
      .required(
        "rows",
        .object([
          .required("first", .day.orNull), .required("last", .day.orNull), .required("posted", .count),
          .required("pending", .count),
        ])),
      .required("latest", .list(of: transactionShape), "The newest transactions."),
      .required("budgets", .list(of: budgetShape)),
    ])

  static let overviewExample: JSONValue = {
    func usd(_ amount: String) -> JSONValue { ["amount": .string(amount), "currency": "USD"] }
    return [
      "today": "2026-03-14", "base_currency": "USD",
      "net_worth": [
        [
          "currency": "USD", "assets": usd("1210.00"), "debts": usd("-410.00"), "total": usd("800.00"),
          "liquid": usd("1210.00"), "invested": usd("0.00"),
        ]
      ],
      "left_out": ["unknown": [], "old": [], "counted_elsewhere": [], "currencies": []],
      "accounts": [
        [
          "id": accountExampleID, "name": "Checking", "kind": "checking", "balance": usd("1210.00"), "counted": true,
        ]
      ],
      "months": [
        [
          "month": "2026-03", "from": "2026-03-01", "to": "2026-03-31", "income": usd("1500.00"),
          "expenses": usd("89.40"), "net": usd("1410.60"),
          "spending": [["category": "FOOD_AND_DRINK_RESTAURANT", "amount": usd("89.40")]],
        ]
      ],
      "burn": ["per_month": usd("403.33"), "months": ["2025-12", "2026-01", "2026-02"]],
      "runway": ["state": "known", "months": "3.0"],
      "rows": ["first": "2024-03-15", "last": "2026-03-13", "posted": 730, "pending": 1],
      "latest": [transactionExample],
      "budgets": [budgetExample],
    ]
  }()
}
