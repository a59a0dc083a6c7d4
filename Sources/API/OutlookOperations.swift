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
        parameters: [.query("ended", .flag, "Also those that are over.", standard: false), Self.ofAccounts],
        answers: [.json(200, Wire.recurringShape, "Streams, the next due first.", example: Wire.recurringExample)]
      ) { call in
        let withEnded: Bool = call.query["ended"] ?? false
        return try await insight(call) { ground, scope, session in
          let (streams, inputs) = try RecurringFinder.told(ground, scope, session)
          return Wire.recurring(streams.filter { withEnded || $0.state != .ended }, inputs, ground)
        }
      }
      .saying(
        """
        Found in the rows; where the bank's provider names streams too, each is told once, with its rhythm and next day \
        once it is sure of them.
        """),
      Operation(
        "getForecast", .get, "/v1/forecast", .insights, "Show what liquid accounts will hold on the days ahead",
        needs: .household(.read, .viewer),
        parameters: [.query("days", .integer(1...180), "So many days.", standard: 90), Self.ofAccounts],
        answers: [
          .json(
            200, Wire.forecastShape, "The forecast; null when the past is too short.", example: Wire.forecastExample)
        ]
      ) { call in
        let days: Int = try call.query.required("days")
        return try await insight(call) { ground, scope, session in
          Wire.forecast(try Forecast.read(days: days, ground, scope, session), ground)
        }
      }
      .saying(
        """
        `low` to `high` is meant to hold four times of five, and did so on months held back. A life that changes is in \
        no past and in no range.
        """),
      Operation(
        "listInsights", .get, "/v1/insights", .insights, "Show what stands out",
        needs: .household(.read, .viewer),
        answers: [.json(200, Wire.findingsShape, "The newest first.", example: Wire.findingsExample)]
      ) { call in
        try await insight(call) { ground, scope, session in
          let (findings, inputs) = try FindingRules.told(ground, scope, session)
          return ["data": .array(findings.prefix(500).map(Wire.finding)), "inputs": Wire.inputs(inputs)]
        }
      },
      explainMeasure,
    ]
  }
}

extension Wire {
  static func stream(_ stream: RecurringStream) -> JSONValue {
    [
      "name": .string(stream.name), "account": id(stream.account), "category": .string(stream.category),
      "cadence": .string(stream.cadence.rawValue), "amount": minor(stream.amountMinor, stream.currency),
      "variable": .bool(stream.isVariable), "transfer": .bool(stream.isTransfer),
      "state": .string(stream.state.rawValue), "first_on": day(stream.firstOn),
      "last_on": day(stream.lastOn), "last_amount": minor(stream.lastMinor, stream.currency),
      "next_on": stream.state == .ended ? .null : day(stream.nextOn), "times": .int(stream.rows.count),
      "price_rise": stream.rise.map { rise in
        [
          "from": minor(rise.fromMinor, stream.currency), "to": minor(rise.toMinor, stream.currency),
          "on": day(rise.on),
        ]
      } ?? .null, "began_as_trial": .bool(stream.wasTrial),
      "source": .string(stream.source.rawValue), "latest_rows": .array(stream.rows.suffix(6).map { id($0.id) }),
    ]
  }

  static func recurring(_ streams: [RecurringStream], _ inputs: Inputs, _ ground: Ground) -> JSONValue {
    var (out, into) = (Int64(0), Int64(0))
    for stream in streams where stream.state != .ended && !stream.isTransfer && stream.currency == ground.base {
      let monthly = stream.monthlyMinor
      if monthly > 0 { into &+= monthly } else { out &+= -monthly }
    }
    return [
      "data": .array(streams.map(stream)), "monthly_out": minor(out, ground.base),
      "monthly_in": minor(into, ground.base), "bank_streams_left_out": .int(inputs.streamsLeftOut),
      "inputs": Self.inputs(inputs),
    ]
  }

  static func forecast(_ reading: Forecast.Reading, _ ground: Ground) -> JSONValue {
    let forecast = reading.forecast
    func write(_ one: Forecast.Day) -> JSONValue {
      [
        "day": day(one.day), "low": minor(one.lowMinor, ground.base), "middle": minor(one.middleMinor, ground.base),
        "high": minor(one.highMinor, ground.base), "recurring": minor(one.expectedMinor, ground.base),
      ]
    }
    return [
      "base_currency": .string(ground.base.code), "start": forecast.map { minor($0.startMinor, ground.base) } ?? .null,
      "accounts": .array(reading.accounts.map { id($0.id) }), "days_of_past": .int(forecast?.daysOfPast ?? 0),
      "lowest": forecast?.lowest.map(write) ?? .null, "days": .array((forecast?.days ?? []).map(write)),
      "streams": .int(forecast?.streams.count ?? 0), "inputs": inputs(reading.inputs),
    ]
  }

  static func finding(_ finding: Finding) -> JSONValue {
    [
      "kind": .string(finding.kind.rawValue), "day": day(finding.day), "amount": money(finding.amount),
      "compared_with": finding.compared.map(money) ?? .null, "about": .string(finding.about),
      "account": id(finding.account), "rows": .array(finding.rows.map { id($0) }),
    ]
  }

  static let streamShape = Shape.object(
    "RecurringStream",
    [
      .required("name", .foreign), .required("account", .id(Account.self)), .required("category", .foreign),
      .required("cadence", .word(RecurringStream.Cadence.self)),
      .required("amount", .money, "What to expect next; positive is into your pocket."),
      .required("variable", .flag, "It is about that much, and not exactly."),
      .required("transfer", .flag, "Between accounts of the household: no total counts it."),
      .required("state", .word(RecurringStream.State.self)), .required("first_on", .day), .required("last_on", .day),
      .required("last_amount", .money), .required("next_on", .day.orNull), .required("times", .count),
      .required(
        "price_rise",
        .object([.required("from", .money), .required("to", .money), .required("on", .day)]).orNull),
      .required("began_as_trial", .flag),
      .required("source", .word(RecurringStream.Source.self), "Who says so: our look at the rows, the bank, or both."),
      .required("latest_rows", .list(of: .id(Transaction.self))),
    ])

  static let recurringShape = Shape.object(
    "Recurring",
    [
      .required("data", .list(of: streamShape)),
      .required("monthly_out", .money, "What all of it but transfers costs a month, in the base currency."),
      .required("monthly_in", .money, "What all of it but transfers brings a month."),
      .required("bank_streams_left_out", .count, "The bank named them without a rhythm, or without rows we know."),
      .required("inputs", inputsShape),
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
      .required("inputs", inputsShape, "The rows are those that it was drawn from."),
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
            ]))), .required("inputs", inputsShape),
    ])
}
