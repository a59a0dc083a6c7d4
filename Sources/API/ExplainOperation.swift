import Basics
import Finance
import HTTP
import Insights
import JSON
import Store

/// Opens a number: how it is made, what it consists of, and every row and balance in it.
extension Interface {
  var explainMeasure: Operation {
    Operation(
      "explainMeasure", .get, "/v1/explain", .insights, "Open a number down to the rows it was made from",
      needs: .household(.read, .viewer),
      parameters: [
        .query("measure", .word(OpenedNumber.Measure.self), "Which number.", isRequired: true),
        .query("category", .text(1...100), "Only rows filed under this code; which budget."),
        .query("by", .word(Spending.Grouping.self), "With `key`: one line of spending."),
        .query("key", .text(0...500), "The line's key."),
        .query("goal", .id(Goal.self), "Which goal."),
        .query("months", .integer(1...24), "Of so many full months: burn and runway.", standard: 3),
        .query("limit", .integer(1...500), "The most rows of a page.", standard: 100),
        .query("offset", .integer(0...1_000_000), "Rows to pass over.", standard: 0),
      ] + Self.window + [Self.ofAccounts],
      answers: [.json(200, Wire.openedShape, "The number, opened.", example: Wire.openedExample)]
    ) { call in
      let measure = OpenedNumber.Measure(rawValue: try call.query.required("measure")) ?? .net
      let (limit, offset): (Int, Int) = (try call.query.required("limit"), try call.query.required("offset"))
      let last: CalendarDate? = call.query["to"]
      let grouping = call.query["by"].flatMap { (text: String) in Spending.Grouping(rawValue: text) }
      let (category, key): (String?, String?) = (call.query["category"], call.query["key"])
      let (goal, months): (ID<Goal>?, Int) = (call.query["goal"], try call.query.required("months"))
      return try await windowed(call) { days, accounts, ground, scope, session in
        var wanted = NumberToOpen(measure, days)
        (wanted.last, wanted.accounts, wanted.category) = (last, accounts, category)
        (wanted.goal, wanted.months) = (goal, months)
        if let grouping, let key { wanted.line = (grouping, key) }
        do {
          return Wire.opened(
            try OpenedNumber.read(wanted, ground, scope, session), limit: limit, offset: offset)
        } catch let vague as NumberToOpen.Vagueness {
          switch vague {
          case .budget: throw Problem.invalid(["?category": "must be that of a budget of the household"])
          case .goal: throw Problem.invalid(["?goal": "must be a goal of the household"])
          }
        }
      }
    }
    .saying(
      """
      `budget` needs its category and `goal` its id. `net_worth` is that of the day `to`, `forecast` that of a day \
      ahead; returns are over the window. With `by` and `key` any line of `/v1/spending` is opened.
      """)
  }
}

extension Wire {
  static func opened(_ opened: OpenedNumber, limit: Int, offset: Int) -> JSONValue {
    let page = opened.rows.dropFirst(offset).prefix(limit)
    return .object(
      [
        .init("measure", .string(opened.measure.rawValue)), .init("formula", .string(opened.measure.formula)),
        .init("value", money(opened.valueMinor, opened.currency)), .init("ratio", JSONValue(opened.ratio)),
        .init("divided_by", .int(opened.divisor)),
      ] + window(opened.days) + [
        .init("rows_counted", .int(opened.rows.count)), .init("rows_without_rate", .int(opened.rowsWithoutRate)),
        .init(
          "parts",
          .array(
            opened.parts.map { ["name": .string($0.name), "amount": minor($0.minor, opened.currency)] })),
        .init("rows", .array(page.map(openedRow))), .init("accounts", .array(opened.balances.map(openedBalance))),
        .init("next_offset", offset + limit < opened.rows.count ? .int(offset + limit) : .null),
        .init("inputs", inputs(opened.inputs)),
      ])
  }

  private static func openedRow(_ row: MeasuredRow) -> JSONValue {
    [
      "transaction": id(row.id), "account": id(row.account), "day": day(row.day), "name": .string(row.payee),
      "category": .string(row.category), "amount": minor(row.amountMinor, row.currency),
    ]
  }

  private static func openedBalance(_ held: WorthOverTime.Held) -> JSONValue {
    let account = held.account
    return [
      "account": id(account.id), "name": .string(account.name), "kind": .string(account.kind.rawValue),
      "balance": money(held.minor, account.currency), "worked_out_from": day(held.reconstructedFrom),
    ]
  }

  static let openedShape = Shape.object(
    "OpenedNumber",
    [
      .required("measure", .word(OpenedNumber.Measure.self)), .required("formula", .foreign),
      .required("value", .money.orNull, "Null: unknown, or no sum of money."),
      .required("ratio", .decimal.orNull, "Of what is no sum of money: months, or a share. Null: unknown."),
      .required("divided_by", .count),
    ] + windowMembers + [
      .required("rows_counted", .count), .required("rows_without_rate", .count),
      .required(
        "parts", .list(of: .object([.required("name", .foreign), .required("amount", .money)])),
        "What the number consists of, beside its rows."),
      .required(
        "rows",
        .list(
          of: .object([
            .required("transaction", .id(Transaction.self)), .required("account", .id(Account.self)),
            .required("day", .day), .required("name", .foreign), .required("category", .foreign),
            .required("amount", .money),
          ]))),
      .required(
        "accounts",
        .list(
          of: .object([
            .required("account", .id(Account.self)), .required("name", .foreign),
            .required("kind", .word(AccountKind.self)), .required("balance", .money.orNull),
            .required("worked_out_from", .day.orNull, "The day of the first known balance; null: it is known."),
          ]))), .required("next_offset", .count.orNull), .required("inputs", inputsShape),
    ])
}
