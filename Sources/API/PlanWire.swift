import Basics
import Finance
import Insights
import JSON
import Store

/// How plans and rates look on the wire.
extension Wire {
  static func budget(_ standing: BudgetStanding) -> JSONValue {
    let (budget, currency) = (standing.budget, standing.budget.currency)
    return .object(
      [
        .init("id", id(budget.id)), .init("category", .string(budget.category)),
        .init("amount", minor(budget.amountMinor, currency)), .init("rollover", .string(budget.rollover.rawValue)),
        .init("starts_on", day(budget.startsOn)),
      ] + window(standing.days) + [
        .init("carried", minor(standing.carriedMinor, currency)), .init("spent", minor(standing.spentMinor, currency)),
        .init("left", minor(standing.leftMinor, currency)), .init("even_pace", minor(standing.evenMinor, currency)),
        .init("projected", minor(standing.projectedMinor, currency)),
      ])
  }

  static let budgetShape = Shape.object(
    "Budget",
    [
      .required("id", .id(Budget.self)), .required("category", .foreign), .required("amount", .money, "For a month."),
      .required("rollover", .word(StoredBudget.Rollover.self)), .required("starts_on", .day),
    ] + windowMembers + [
      .required("carried", .money, "Left over from earlier months, or overspent."), .required("spent", .money),
      .required("left", .money), .required("even_pace", .money, "Spent by now if each day took the same."),
      .required("projected", .money, "Spent at the end of the month, at this pace."),
    ])

  static func goal(_ standing: GoalStanding) -> JSONValue {
    let (goal, currency) = (standing.goal, standing.goal.currency)
    return [
      "id": id(goal.id), "name": .string(goal.name), "target": minor(goal.targetMinor, currency),
      "saved": money(standing.savedMinor, currency),
      "share": JSONValue(
        standing.savedMinor.flatMap { Ratio.text($0, by: goal.targetMinor, digits: 4) }),
      "account": id(goal.account), "due_on": day(goal.dueOn), "monthly": money(standing.monthlyMinor, currency),
    ]
  }

  static let goalShape = Shape.object(
    "Goal",
    [
      .required("id", .id(Goal.self)), .required("name", .foreign), .required("target", .money),
      .required("saved", .money.orNull, "Null: nobody knows the balance."), .required("share", .decimal.orNull),
      .required("account", .id(Account.self).orNull, "Null: all liquid savings count."),
      .required("due_on", .day.orNull),
      .required("monthly", .money.orNull, "To be put aside each month to be there in time."),
    ])

  static func rate(_ rate: ExchangeRate) -> JSONValue {
    [
      "currency": .string(rate.currency.code), "quote": .string(rate.quote.code), "day": day(rate.day),
      "rate": .string(rate.rate.text), "source": .string(rate.source),
    ]
  }

  static let rateShape = Shape.object(
    "Rate",
    [
      .required("currency", .currency), .required("quote", .currency), .required("day", .day),
      .required("rate", .decimal, "What one unit of the currency costs in the quote currency."),
      .required("source", .word(["typed", "file", "ecb"])),
    ])

  static let rateInputShape = Shape.object(
    "RateToTell",
    [
      .required("currency", .currency), .required("quote", .currency), .required("day", .day),
      .required("rate", .decimal),
    ]
  ).holding { value in
    readRate(value) == nil ? ["/rate": "must be above nought, between two different currencies"] : [:]
  }

  static func readRate(_ value: JSONValue) -> ExchangeRate? {
    guard let currency = value["currency"]?.string.flatMap({ Currency(stored: $0) }),
      let quote = value["quote"]?.string.flatMap({ Currency(stored: $0) }), currency != quote,
      let day = value["day"]?.string.flatMap({ CalendarDate($0) }),
      let rate = value["rate"]?.string.flatMap({ DecimalText($0) }), !rate.isNegative, !rate.isZero
    else { return nil }
    return ExchangeRate(currency: currency, quote: quote, day: day, rate: rate, source: "typed")
  }

  /// What is due in the next three months, an event for each (RFC 5545).
  static func calendar(_ streams: [RecurringStream], _ ground: Ground, now: Timestamp) -> String {
    func digits(_ day: CalendarDate) -> String { day.description.replacing("-", with: "") }
    var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Magpie//Recurring//EN", "X-WR-CALNAME:Magpie"]
    let stamp = String(now.description.filter { $0.isNumber || $0 == "T" }.prefix(15)) + "Z"
    for stream in streams {
      for day in stream.dates(in: ground.today..<(ground.today + 92)) {
        let amount = Money(minorUnits: stream.amountMinor, stream.currency)
        let about = stream.isVariable ? "about " : ""
        let first = stream.rows.first.map { "\($0.id)" } ?? "row"
        lines += [
          "BEGIN:VEVENT", "UID:\(first)-\(digits(day))@magpie", "DTSTAMP:\(stamp)",
          "DTSTART;VALUE=DATE:\(digits(day))",
          "SUMMARY:" + escaped("\(AssistantWords.cleaned(stream.name, max: 60)) \(about)\(amount)"),
          "TRANSP:TRANSPARENT", "END:VEVENT",
        ]
      }
    }
    lines.append("END:VCALENDAR")
    return lines.map { folded($0) + "\r\n" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
  }

  /// Lines have at most 75 bytes; a longer one goes on after a space.
  private static func folded(_ line: String) -> String {
    var (text, bytes) = ("", 0)
    for character in line {
      let size = String(character).utf8.count
      if bytes + size > 74 {
        text += "\r\n "
        bytes = 1
      }
      text.append(character)
      bytes += size
    }
    return text
  }
}
