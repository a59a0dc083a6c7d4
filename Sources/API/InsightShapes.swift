import Finance
import Insights
import JSON

/// The shapes of answers about money.
extension Wire {
  static let inputsShape = Shape.object(
    "Inputs",
    [
      .required("from", .day), .required("to", .day, "The last day, included."),
      .required("accounts", .list(of: .id(Account.self))), .required("rows_counted", .count),
      .required(
        "rows_left_out", .map(of: .count), "Rows of the window that are in no sum, by why: pending, transfer, excluded."
      ),
      .required(
        "accounts_left_out", .map(of: .count),
        "Accounts that are in no sum, by why: counted_elsewhere, unknown_balance, not_liquid, other_currency, not_told."
      ),
      .required(
        "currencies_without_rate", .list(of: .currency), "What is in these is in no sum, and listed by itself."),
    ])

  static let flowMembers: [Shape.Member] = [
    .required("income", .money), .required("expenses", .money, "Positive is spent, refunds netted."),
    .required("net", .money), .required("savings_rate", .decimal.orNull, "Net by income; null without income."),
    .required("pending", .money, "What has not posted: in no other sum."), .required("rows", .count),
  ]

  static let windowMembers: [Shape.Member] = [
    .required("from", .day), .required("to", .day, "The last day, included."),
  ]

  static let flowShape = Shape.object("Flow", flowMembers)
  static let windowFlowShape = Shape.object("WindowFlow", windowMembers + flowMembers)

  static let worthMembers: [Shape.Member] = [
    .required(
      "currencies",
      .list(
        of: .object(
          "Worth",
          ["assets", "debts", "total", "liquid", "invested"].map { .required($0, .money) })),
      "The base currency first; nothing is converted here."),
    .required("unknown_accounts", .list(of: .id(Account.self)), "Nobody knows their balance: in no sum, and not zero."),
    .required(
      "old_accounts", .list(of: .id(Account.self)), "The bank no longer lists them: their last balance counts."),
  ]

  static let netWorthShape = Shape.object(
    "NetWorth",
    [.required("today", .day), .required("base_currency", .currency)] + worthMembers + [
      .required(
        "kinds", .list(of: .object([.required("kind", .word(AccountKind.self)), .required("balance", .money)]))),
      .required(
        "days",
        .list(
          of: .object(
            "WorthOnDay",
            [
              .required("day", .day), .required("assets", .money), .required("debts", .money),
              .required("total", .money),
              .required("reconstructed", .flag, "Some of it was worked out backwards from rows."),
              .required("unknown_accounts", .count, "So many accounts are in no sum of this day."),
            ]))),
      .required("currencies_without_rate", .list(of: .currency)),
      .required("inputs", inputsShape, "The rows counted are those that past balances were worked out from."),
    ])

  private static let comparedMembers: [Shape.Member] = ["income", "expenses", "net"].map { .required($0, .money) }
  private static let comparedFlowShape = Shape.object("ComparedFlow", comparedMembers)
  private static let flowLineShape = Shape.object(
    "FlowLine", [.required("key", .foreign), .required("name", .foreign)] + comparedMembers)

  static let cashFlowShape = Shape.object(
    "CashFlow",
    [
      .required(
        "data",
        .list(
          of: .object(
            "PeriodFlow",
            [.required("period", .foreign)] + windowMembers + [
              .required("complete", .flag, "It is over, and known from its first day.")
            ] + flowMembers + [
              .required("before", comparedFlowShape, "The period right before."),
              .required(
                "year_before", comparedFlowShape, "The same one of the year before; of a week, 52 weeks before."),
              .optional("lines", .list(of: flowLineShape), "By what `by` asked for, the most moved first."),
            ]))),
      .required("other_currencies", .list(of: flowShape), "What has no rate, over all periods."),
      .required("inputs", inputsShape),
    ])

  static let categorySumShape = Shape.object(
    "CategorySum",
    [
      .required("category", .foreign), .required("name", .foreign), .required("group", .foreign),
      .required("amount", .money),
    ])

  static let summaryShape = Shape.object(
    "CashFlowSummary",
    [
      .required("window", windowFlowShape), .required("before", windowFlowShape, "The stretch right before."),
      .required("year_before", windowFlowShape, "The same days of the year before."),
      .required("income", .list(of: categorySumShape)), .required("expenses", .list(of: categorySumShape)),
      .required(
        "sankey",
        .list(
          of: .object([.required("from", .foreign), .required("to", .foreign), .required("amount", .money)]))),
      .required("other_currencies", .list(of: flowShape)), .required("inputs", inputsShape),
    ])

  static let expensesShape = Shape.object(
    "Expenses",
    windowMembers + [
      .required("expenses", .money), .required("before", .money), .required("year_before", .money),
      .required("pending", .money), .required("other_currencies", .list(of: flowShape)),
      .required("inputs", inputsShape),
    ])

  private static let spendingLineShape = Shape.object(
    "SpendingLine",
    [
      .required("key", .foreign), .required("name", .foreign), .required("amount", .money), .required("rows", .count),
      .required("before", .money), .required("year_before", .money),
      .required("share", .decimal.orNull, "Of the total; null when nothing was spent."),
    ])

  static let spendingShape = Shape.object(
    "Spending",
    [.required("by", .word(Spending.Grouping.self))] + windowMembers + [
      .required("data", .list(of: spendingLineShape)), .required("rest", spendingLineShape.orNull),
      .required("total", spendingLineShape), .required("inputs", inputsShape),
    ])

  static let burnShape = Shape.object(
    "Burn",
    [
      .required("per_month", .money.orNull, "Null: unknown, because not one full month is known."),
      .required("of_months", .count),
      .required("months", .list(of: .object([.required("month", .month), .required("expenses", .money)]))),
      .required("dearest", .money.orNull), .required("cheapest", .money.orNull), .required("inputs", inputsShape),
    ])

  private static let runwayCaseShape = Shape.object(
    "RunwayCase",
    [
      .required("state", .word(["months", "unlimited", "unknown"])), .required("months", .decimal.orNull),
    ])

  static let runwayShape = Shape.object(
    "Runway",
    [
      .required("liquid", .money), .required("liquid_without_rate", .list(of: .currency)),
      .required("burn", .money.orNull), .required("runway", runwayCaseShape),
      .required("pessimistic", runwayCaseShape, "At the pace of the dearest of these months."),
      .required("optimistic", runwayCaseShape, "At the pace of the cheapest."), .required("inputs", inputsShape),
    ])
}
