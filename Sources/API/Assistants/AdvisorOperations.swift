import Basics
import Databases
import Finance
import HTTP
import Insights
import JSON
import Store

/// How much of the numbers goes into a prompt.
enum AdvisorLevel: String, CaseIterable, Sendable {
  case totals, categories, merchants
}

/// Advice: by rule, by a prompt to carry elsewhere, and by a model that the operator chose.
extension Interface {
  var advisorOperations: [Operation] {
    let level = Parameter.query(
      "level", .word(AdvisorLevel.self), "How much it tells: sums alone, by category, or by merchant too.",
      standard: "categories")
    return [
      Operation(
        "listRecommendations", .get, "/v1/advisor/recommendations", .insights,
        "Recommend by rule, with the numbers that led to it", needs: .household(.read, .viewer),
        answers: [
          .json(200, Wire.recommendationsShape, "Recommendations.", example: Wire.recommendationsExample)
        ]
      ) { call in
        try await insight(call) { ["data": .array(try Recommendation.read($0, $1, $2).map(Wire.recommendation))] }
      },
      Operation(
        "getAdvisorPrompt", .get, "/v1/advisor/prompt", .insights, "Show the numbers as a prompt for any model",
        needs: .household(.read, .viewer), parameters: [level],
        answers: [
          .json(
            200, .object([.required("level", .word(AdvisorLevel.self)), .required("prompt", .foreign)]), "The prompt.",
            example: ["level": "totals", "prompt": "The numbers, as data:\n{\"today\":\"2026-03-14\"}"])
        ]
      ) { call in
        let level = AdvisorLevel(rawValue: try call.query.required("level")) ?? .categories
        return try await insight(call) { ground, scope, session in
          [
            "level": .string(level.rawValue),
            "prompt": .string(
              AssistantWords.instructions + "\n" + AssistantWords.guide + "\nThe numbers, as data:\n"
                + (try Wire.metrics(level, ground, scope, session)).text()),
          ]
        }
      },
      Operation(
        "askAdvisor", .post, "/v1/advisor/ask", .insights, "Ask the model that the operator chose",
        needs: .household(.read, .viewer),
        body: .json(
          .object([.required("question", .lines(1...2_000)), .optional("level", .word(AdvisorLevel.self))]),
          example: ["question": "Can I afford a bicycle for 900 dollars?", "level": "totals"]),
        answers: [.json(200, Wire.adviceShape, "Its answer, and what it cost.", example: Wire.adviceExample)],
        problems: [.advisorOff, .advisorUnreachable, .advisorRefused]
      ) { call in try await ask(call) }
      .saying(
        "Sends the question and the numbers of the level to that model. It may look things up, and change nothing."),
    ]
  }

  private func ask(_ call: Call) async throws -> Response {
    guard let chosen = settings.advisor else { throw ProblemKind.advisorOff.problem() }
    let question: String = try call.body.required("question")
    let level = AdvisorLevel(rawValue: call.body["level"] ?? "categories") ?? .categories
    let (banks, now) = (try banks(for: call), banks.world.now())
    let metrics = try await banks.database.read { [scope = banks.scope] session in
      try Wire.metrics(level, try Ground.read(now: now, scope, session), scope, session).text()
    }
    // Whoever asks may write; the model may not.
    var caller = try call.caller
    caller.scopes = [.read]
    let visit = Assistant.Visit(caller: caller, requestID: call.info.requestID, peer: call.request.peer)
    let reply = try await Advisor(settings: chosen, assistant: Assistant(self, visit)).ask(question, metrics: metrics)
    return .json(
      200,
      [
        "answer": .string(AssistantWords.cleaned(reply.answer, max: 20_000)), "model": .string(chosen.model),
        "level": .string(level.rawValue), "tools": JSONValue(reply.tools),
        "prompt_tokens": .int(reply.promptTokens), "completion_tokens": .int(reply.completionTokens),
      ])
  }
}

extension Wire {
  /// The numbers that a prompt tells. Account names, numbers and ids are in none of them.
  static func metrics(
    _ level: AdvisorLevel, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> JSONValue {
    let footing = try Footing.read(months: 6, ground, scope, session)
    let bare: Set<String> = ["inputs"]
    var value: JSONValue = [
      "today": day(ground.today), "base_currency": .string(ground.base.code),
      "net_worth": worths(footing.netWorth.worths),
      "burn": burn(try Footing.read(ground, scope, session), ground).removing(keys: bare),
      "runway": runway(try Footing.read(ground, scope, session), ground).removing(keys: bare),
      "months": .array(
        zip(footing.months, footing.flows.flows).map { month, flow in
          .object([.init("month", .string(month.description))] + Self.flow(flow, ground.base))
        }),
      "recommendations": .array(
        try Recommendation.read(ground, scope, session).map { .string($0.rule.rawValue) }),
    ]
    guard level != .totals else { return value }
    let present = Month(of: ground.today, firstDay: ground.settings.firstMonthDay)
    let last = present.adding(-1).days
    func lines(_ grouping: Spending.Grouping) throws -> JSONValue {
      .array(
        try Spending.read(last, by: grouping, ground, scope, session).lines.prefix(20).map { line in
          [
            "name": .string(line.name), "last_month": minor(line.minor, ground.base),
            "month_before": minor(line.beforeMinor, ground.base),
          ]
        })
    }
    value["spending_by_category"] = try lines(.category)
    guard level == .merchants else { return AssistantWords.cleaned(value) }
    value["spending_by_merchant"] = try lines(.merchant)
    value["recurring"] = .array(
      try RecurringFinder.read(ground, scope, session).filter { $0.state != .ended }.prefix(40).map { stream in
        [
          "name": .string(stream.name), "cadence": .string(stream.cadence.rawValue),
          "amount": minor(stream.amountMinor, stream.currency),
        ]
      })
    return AssistantWords.cleaned(value)
  }

  static func recommendation(_ advice: Recommendation) -> JSONValue {
    [
      "rule": .string(advice.rule.rawValue), "words": .string(advice.words),
      "numbers": .array(advice.numbers.map { ["name": .string($0.name), "amount": money($0.amount)] }),
    ]
  }

  static let recommendationsShape = Shape.object(
    "Recommendations",
    [
      .required(
        "data",
        .list(
          of: .object(
            "Recommendation",
            [
              .required("rule", .word(Recommendation.Rule.self)), .required("words", .foreign),
              .required(
                "numbers", .list(of: .object([.required("name", .foreign), .required("amount", .money)])),
                "What it follows from."),
            ])))
    ])

  static let adviceShape = Shape.object(
    "Advice",
    [
      .required("answer", .foreign), .required("model", .foreign), .required("level", .word(AdvisorLevel.self)),
      .required("tools", .list(of: .foreign), "What the model looked up."), .required("prompt_tokens", .count),
      .required("completion_tokens", .count),
    ])
}
