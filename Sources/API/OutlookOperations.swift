import Basics
import Databases
import Finance
import HTTP
import Insights
import JSON
import Store

/// What comes again, what lies ahead, what stands out, and how a number came to be.
extension Interface {
  var outlookOperations: [Operation] {
    [
      Operation(
        "listRecurring", .get, "/v1/recurring", .insights, "Show what comes and goes again and again",
        needs: .household(.read, .viewer),
        parameters: [.query("ended", .flag, "Also those that are over.", standard: false)],
        answers: [.json(200, Wire.recurringShape, "Streams, the next due first.", example: Wire.recurringExample)]
      ) { call in
        let withEnded: Bool = call.query["ended"] ?? false
        return try await insight(call) { ground, scope, session in
          Wire.recurring(
            try RecurringFinder.read(ground, scope, session).filter { withEnded || $0.state != .ended }, ground)
        }
      },
      Operation(
        "getForecast", .get, "/v1/forecast", .insights, "Show what liquid accounts will hold on the days ahead",
        needs: .household(.read, .viewer),
        parameters: [.query("days", .integer(1...180), "So many days.", standard: 90)],
        answers: [
          .json(
            200, Wire.forecastShape, "The forecast; null when the past is too short.", example: Wire.forecastExample)
        ]
      ) { call in
        let days: Int = try call.query.required("days")
        return try await insight(call) { ground, scope, session in
          let read = try Forecast.read(days: days, ground, scope, session)
          return Wire.forecast(read.forecast, read.accounts, ground)
        }
      }
      .saying(
        """
        From `low` to `high` is where four of five futures lie that are drawn from the past. A life that changes is in \
        no past and in no range.
        """),
      Operation(
        "listInsights", .get, "/v1/insights", .insights, "Show what stands out",
        needs: .household(.read, .viewer),
        answers: [.json(200, Wire.findingsShape, "The newest first.", example: Wire.findingsExample)]
      ) { call in
        try await insight(call) { ["data": .array(try FindingRules.read($0, $1, $2).prefix(500).map(Wire.finding))] }
      },
      Operation(
        "explainMeasure", .get, "/v1/explain", .insights, "Open a number down to the rows it was made from",
        needs: .household(.read, .viewer),
        parameters: [
          .query("measure", .word(OpenedNumber.Measure.self), "Which number.", isRequired: true),
          .query("category", .text(1...100), "Only rows filed under this code."),
          .query("limit", .integer(1...500), "The most rows of a page.", standard: 100),
          .query("offset", .integer(0...1_000_000), "Rows to pass over.", standard: 0),
        ] + Self.window + [Self.ofAccounts],
        answers: [.json(200, Wire.openedShape, "The number, opened.", example: Wire.openedExample)]
      ) { call in
        let measure = OpenedNumber.Measure(rawValue: try call.query.required("measure")) ?? .net
        let (limit, offset): (Int, Int) = (try call.query.required("limit"), try call.query.required("offset"))
        let category: String? = call.query["category"]
        return try await windowed(call) { days, accounts, ground, scope, session in
          let opened = try OpenedNumber.read(
            measure, days, category: category, accounts: accounts, ground, scope, session)
          return Wire.opened(opened, limit: limit, offset: offset)
        }
      },
    ]
  }
}

extension Wire {
  static func stream(_ stream: RecurringStream) -> JSONValue {
    [
      "name": .string(stream.name), "account": id(stream.account), "category": .string(stream.category),
      "cadence": .string(stream.cadence.rawValue), "amount": minor(stream.amountMinor, stream.currency),
      "variable": .bool(stream.isVariable), "state": .string(stream.state.rawValue), "first_on": day(stream.firstOn),
      "last_on": day(stream.lastOn), "last_amount": minor(stream.lastMinor, stream.currency),
      "next_on": stream.state == .ended ? .null : day(stream.nextOn), "times": .int(stream.rows.count),
      "price_rise": stream.rise.map { rise in
        [
          "from": minor(rise.fromMinor, stream.currency), "to": minor(rise.toMinor, stream.currency),
          "on": day(rise.on),
        ]
      } ?? .null, "began_as_trial": .bool(stream.wasTrial),
      "latest_rows": .array(stream.rows.suffix(6).map { id($0.id) }),
    ]
  }

  static func recurring(_ streams: [RecurringStream], _ ground: Ground) -> JSONValue {
    // What a month of it costs and brings, on the mean.
    var (out, into) = (Int64(0), Int64(0))
    for stream in streams where stream.state != .ended && stream.currency == ground.base {
      let yearly = Int128(stream.amountMinor) * Int128(stream.cadence.timesAYear)
      let monthly = Int64(clamping: yearly / 12)
      if monthly > 0 { into &+= monthly } else { out &+= -monthly }
    }
    return [
      "data": .array(streams.map(stream)), "monthly_out": minor(out, ground.base),
      "monthly_in": minor(into, ground.base),
    ]
  }

  static func forecast(_ forecast: Forecast?, _ accounts: [StoredAccount], _ ground: Ground) -> JSONValue {
    func write(_ one: Forecast.Day) -> JSONValue {
      [
        "day": day(one.day), "low": minor(one.lowMinor, ground.base), "middle": minor(one.middleMinor, ground.base),
        "high": minor(one.highMinor, ground.base), "recurring": minor(one.expectedMinor, ground.base),
      ]
    }
    return [
      "base_currency": .string(ground.base.code), "start": forecast.map { minor($0.startMinor, ground.base) } ?? .null,
      "accounts": .array(accounts.map { id($0.id) }), "days_of_past": .int(forecast?.daysOfPast ?? 0),
      "lowest": forecast?.lowest.map(write) ?? .null, "days": .array((forecast?.days ?? []).map(write)),
      "streams": .int(forecast?.streams.count ?? 0),
    ]
  }

  static func finding(_ finding: Finding) -> JSONValue {
    [
      "kind": .string(finding.kind.rawValue), "day": day(finding.day), "amount": money(finding.amount),
      "compared_with": finding.compared.map(money) ?? .null, "about": .string(finding.about),
      "account": id(finding.account), "rows": .array(finding.rows.map { id($0) }),
    ]
  }

  static func opened(_ opened: OpenedNumber, limit: Int, offset: Int) -> JSONValue {
    let page = opened.rows.dropFirst(offset).prefix(limit)
    return .object(
      [
        .init("measure", .string(opened.measure.rawValue)), .init("formula", .string(opened.measure.formula)),
        .init("value", money(opened.valueMinor, opened.currency)), .init("divided_by", .int(opened.divisor)),
      ] + window(opened.days) + [
        .init("rows_counted", .int(opened.rows.count)), .init("rows_without_rate", .int(opened.rowsWithoutRate)),
        .init(
          "rows",
          .array(
            page.map { row in
              [
                "transaction": id(row.id), "account": id(row.account), "day": day(row.day),
                "name": .string(row.payee), "category": .string(row.category),
                "amount": minor(row.amountMinor, row.currency),
              ]
            })),
        .init(
          "accounts",
          .array(
            opened.accounts.map { account in
              [
                "account": id(account.id), "name": .string(account.name), "kind": .string(account.kind.rawValue),
                "balance": money(account.currentMinor, account.currency),
              ]
            })),
        .init("next_offset", offset + limit < opened.rows.count ? .int(offset + limit) : .null),
      ])
  }

  static let streamShape = Shape.object(
    "RecurringStream",
    [
      .required("name", .foreign), .required("account", .id(Account.self)), .required("category", .foreign),
      .required("cadence", .word(RecurringStream.Cadence.self)),
      .required("amount", .money, "What to expect next; positive is into your pocket."),
      .required("variable", .flag, "It is about that much, and not exactly."),
      .required("state", .word(RecurringStream.State.self)), .required("first_on", .day), .required("last_on", .day),
      .required("last_amount", .money), .required("next_on", .day.orNull), .required("times", .count),
      .required(
        "price_rise",
        .object([.required("from", .money), .required("to", .money), .required("on", .day)]).orNull),
      .required("began_as_trial", .flag), .required("latest_rows", .list(of: .id(Transaction.self))),
    ])

  static let recurringShape = Shape.object(
    "Recurring",
    [
      .required("data", .list(of: streamShape)),
      .required("monthly_out", .money, "What all of it costs a month, in the base currency."),
      .required("monthly_in", .money),
    ])

  private static let forecastDayShape = Shape.object(
    "ForecastDay",
    [
      .required("day", .day), .required("low", .money), .required("middle", .money), .required("high", .money),
      .required("recurring", .money, "Recurring money expected on that day."),
    ])

  static let forecastShape = Shape.object(
    "Forecast",
    [
      .required("base_currency", .currency), .required("start", .money.orNull),
      .required("accounts", .list(of: .id(Account.self)), "The liquid ones, which it is about."),
      .required("days_of_past", .count), .required("lowest", forecastDayShape.orNull, "Before the next income."),
      .required("days", .list(of: forecastDayShape)), .required("streams", .count),
    ])

  static let findingsShape = Shape.object(
    "Findings",
    [
      .required(
        "data",
        .list(
          of: .object(
            "Finding",
            [
              .required("kind", .word(Finding.Kind.self)), .required("day", .day), .required("amount", .money),
              .required("compared_with", .money.orNull, "What is usual, or what it was before."),
              .required("about", .foreign), .required("account", .id(Account.self).orNull),
              .required("rows", .list(of: .id(Transaction.self)), "What led to it."),
            ])))
    ])

  static let openedShape = Shape.object(
    "OpenedNumber",
    [
      .required("measure", .word(OpenedNumber.Measure.self)), .required("formula", .foreign),
      .required("value", .money.orNull, "Null: unknown."), .required("divided_by", .count),
    ] + windowMembers + [
      .required("rows_counted", .count), .required("rows_without_rate", .count),
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
          ]))), .required("next_offset", .count.orNull),
    ])
}
