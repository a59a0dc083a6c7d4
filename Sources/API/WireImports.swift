import Basics
import Finance
import Interchange
import JSON
import Store

/// How imports look on the wire.
extension Wire {
  /// Rows and lines of a plan that are told; the counts tell the rest.
  private static let toldMax = 200

  static func importPlan(
    _ file: StatementFile, _ index: Int, _ plan: ImportPlan, _ currency: Currency
  ) -> JSONValue {
    let statement = file.statements[index]
    let told = plan.rows.lazy.filter { row in if case .known = row.standing { false } else { true } }.prefix(toldMax)
    return [
      "format": .string(file.format.rawValue),
      "statements": .array(file.statements.prefix(toldMax).map(Self.statement)),
      "statement": .int(index), "currency": .string(currency.code), "counts": counts(plan),
      "rows": .array(told.map(importRow)),
      "unreadable": .array(
        plan.unreadable.prefix(toldMax).map { ["line": .int($0.line), "reason": .string($0.reason.rawValue)] }),
      "closing": statement.closing.flatMap { closing($0, statement.currency ?? currency) } ?? .null,
      "table": file.guess.map(table) ?? .null,
    ]
  }

  static func imported(
    _ plan: ImportPlan, _ account: ID<Account>, _ change: ID<ChangeGroup>?, _ withPossible: Bool, _ keptBalance: Bool
  ) -> JSONValue {
    let brought = plan.newCount + (withPossible ? plan.possibleCount : 0)
    return [
      "account": id(account), "imported": .int(brought), "known": .int(plan.knownCount),
      "left_out": .int(withPossible ? 0 : plan.possibleCount), "unreadable": .int(plan.unreadable.count),
      "balance_kept": .bool(keptBalance), "change": id(change),
    ]
  }

  private static func counts(_ plan: ImportPlan) -> JSONValue {
    [
      "new": .int(plan.newCount), "known": .int(plan.knownCount), "possible": .int(plan.possibleCount),
      "unreadable": .int(plan.unreadable.count),
    ]
  }

  private static func statement(_ statement: Statement) -> JSONValue {
    let days = ImportPlan.days(of: statement)
    return [
      "account": JSONValue(statement.account), "currency": JSONValue(statement.currency?.code),
      "rows": .int(statement.rows.count), "from": days.map { day($0.lowerBound) } ?? .null,
      "to": days.map { day($0.upperBound) } ?? .null,
    ]
  }

  private static func importRow(_ row: ImportPlan.Row) -> JSONValue {
    var (standing, other): (String, ID<Transaction>?) = ("new", nil)
    if case .possible(let id) = row.standing { (standing, other) = ("possible", id) }
    return [
      "line": .int(row.row.line), "booked_on": day(row.row.bookedOn), "amount": money(row.amount),
      "name": .string(row.row.name), "words": .string(row.row.words), "category": JSONValue(row.category),
      "standing": .string(standing),
      "transaction": id(other),
    ]
  }

  private static func closing(_ balance: StatementBalance, _ currency: Currency) -> JSONValue? {
    guard let amount = try? Money.rounding(balance.amount, currency).money else { return nil }
    return ["day": day(balance.day), "amount": money(amount)]
  }

  private static func table(_ guess: TableGuess) -> JSONValue {
    [
      "encoding": .string(guess.encoding), "delimiter": .string(guess.delimiter),
      "columns": .array(
        guess.columns.map { column in
          [
            "name": JSONValue(column.name), "role": .string(column.role.rawValue),
            "samples": .array(column.samples.map { .string($0) }),
          ]
        }), "day_order": .string(guess.dayOrder.rawValue), "day_order_sure": .bool(guess.isDayOrderSure),
      "decimal": .string(guess.decimalMark.rawValue), "turned": .bool(guess.isTurned),
    ]
  }

  static let importPlanShape = Shape.object(
    "ImportPlan",
    [
      .required("format", .word(StatementFormat.self)),
      .required(
        "statements",
        .list(
          of: .object([
            .required("account", .foreign.orNull, "As the file calls it."), .required("currency", .foreign.orNull),
            .required("rows", .count), .required("from", .day.orNull), .required("to", .day.orNull),
          ])), "The file's accounts."),
      .required("statement", .count, "Which of them this plan is for."), .required("currency", .foreign),
      .required(
        "counts",
        .object([
          .required("new", .count), .required("known", .count), .required("possible", .count),
          .required("unreadable", .count),
        ])),
      .required(
        "rows",
        .list(
          of: .object([
            .required("line", .count), .required("booked_on", .day),
            .required("amount", .money, "Positive is into your pocket."), .required("name", .foreign),
            .required("words", .foreign, "All that the bank wrote."),
            .required("category", .foreign.orNull, "Where the file files it, if the household has that."),
            .required("standing", .word(["new", "possible"])),
            .required("transaction", .id(Transaction.self).orNull, "What a possible one may be."),
          ])), "The first 200 that are not there."),
      .required(
        "unreadable",
        .list(of: .object([.required("line", .count), .required("reason", .word(UnreadableLine.Reason.self))])),
        "The first 200 lines that are left out."),
      .required(
        "closing", .object([.required("day", .day), .required("amount", .money)]).orNull,
        "What the file says the account held at its end."),
      .required("table", tableShape.orNull, "How a table was read; null for other formats."),
    ])

  private static let tableShape = Shape.object([
    .required("encoding", .token), .required("delimiter", .foreign),
    .required(
      "columns",
      .list(
        of: .object([
          .required("name", .foreign.orNull), .required("role", .word(ColumnRole.self)),
          .required("samples", .list(of: .foreign)),
        ]))), .required("day_order", .word(DayOrder.self)),
    .required("day_order_sure", .flag, "No other order would do."), .required("decimal", .word(DecimalMark.self)),
    .required("turned", .flag),
  ])

  static let importShape = Shape.object(
    "Import",
    [
      .required("account", .id(Account.self)), .required("imported", .count), .required("known", .count),
      .required("left_out", .count, "They may be there in other words."), .required("unreadable", .count),
      .required("balance_kept", .flag, "The account holds what the file says now."),
      .required("change", .id(ChangeGroup.self).orNull, "Undoes it. Null: nothing was written."),
    ])

  static let importPlanExample: JSONValue = [
    "format": "csv",
    "statements": [["account": .null, "currency": .null, "rows": 1, "from": "2026-03-12", "to": "2026-03-12"]],
    "statement": 0, "currency": "USD", "counts": ["new": 1, "known": 0, "possible": 0, "unreadable": 1],
    "rows": [
      [
        "line": 2, "booked_on": "2026-03-12", "amount": ["amount": "-3.50", "currency": "USD"], "name": "Corner shop",
        "words": "Corner shop", "category": .null, "standing": "new", "transaction": .null,
      ]
    ], "unreadable": [["line": 3, "reason": "no_day"]],
    "closing": ["day": "2026-03-12", "amount": ["amount": "96.50", "currency": "USD"]],
    "table": [
      "encoding": "utf-8", "delimiter": ",",
      "columns": [
        ["name": "Date", "role": "date", "samples": ["2026-03-12", "Total"]],
        ["name": "Description", "role": "description", "samples": ["Corner shop", ""]],
        ["name": "Amount", "role": "amount", "samples": ["-3.50", "-3.50"]],
        ["name": "Balance", "role": "balance", "samples": ["96.50", ""]],
      ], "day_order": "mdy", "day_order_sure": true, "decimal": "point", "turned": false,
    ],
  ]

  static let importExample: JSONValue = [
    "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "imported": 1, "known": 0, "left_out": 0, "unreadable": 1,
    "balance_kept": true, "change": "chg_01kj3v5d8ve2r9q0w4y7h6t1cz",
  ]

  static let nothingImportedExample: JSONValue = [
    "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "imported": 0, "known": 1, "left_out": 0, "unreadable": 1,
    "balance_kept": false, "change": .null,
  ]
}
