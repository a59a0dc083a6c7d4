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
      Operation(
        "streamAdvisor", .post, "/v1/advisor/stream", .insights,
        "Ask the model that the operator chose, and hear it while it speaks", needs: .household(.read, .viewer),
        body: .json(
          .object([.required("question", .lines(1...2_000)), .optional("level", .word(AdvisorLevel.self))]),
          example: ["question": "Where does my money go?", "level": "categories"]),
        answers: [
          .other(
            200, "text/event-stream", "Events: `look_up`, `text`, and at the end `done` or `failed`.",
            example: "event: text\ndata: {\"text\":\"Nine months.\"}\n\n")
        ],
        problems: [.advisorOff]
      ) { call in try await stream(call) }
      .saying("`done` has what `askAdvisor` answers.").secretly(),
      Operation(
        "listAdvisorUses", .get, "/v1/advisor/uses", .insights, "Show what one asked the model and what it cost",
        needs: .household(.read, .viewer),
        parameters: [.query("limit", .integer(1...500), "The most lines.", standard: 50)],
        answers: [.json(200, Wire.advisorUsesShape, "One's own, the newest first.", example: Wire.advisorUsesExample)]
      ) { call in
        let (banks, limit): (Banks, Int) = (try banks(for: call), try call.query.required("limit"))
        let since = banks.world.now() - .seconds(30 * 86_400)
        return .json(
          200,
          try await banks.reading { [scope = banks.scope] session in
            Wire.advisorUses(
              try AdvisorUses.latest(limit: limit, scope, session), try AdvisorUses.sum(since: since, scope, session))
          })
      }
      .saying("Questions and answers themselves are not kept."),
    ]
  }

  /// A question on its way: to whom, about what, and who asked.
  private struct Question: Sendable {
    var text: String
    var level: AdvisorLevel
    var metrics: String
    var advisor: Advisor
    var banks: Banks
  }

  private func question(_ call: Call) async throws -> Question {
    guard let chosen = settings.advisor else { throw ProblemKind.advisorOff.problem() }
    let text: String = try call.body.required("question")
    let level = AdvisorLevel(rawValue: call.body["level"] ?? "categories") ?? .categories
    let (banks, now) = (try banks(for: call), banks.world.now())
    let metrics = try await banks.database.read { [scope = banks.scope] session in
      try Wire.metrics(level, try Ground.read(now: now, scope, session), scope, session).text()
    }
    // Whoever asks may write; the model may not.
    var caller = try call.caller
    caller.scopes = [.read]
    let visit = Assistant.Visit(caller: caller, requestID: call.info.requestID, peer: call.request.peer)
    return Question(
      text: text, level: level, metrics: metrics, advisor: Advisor(settings: chosen, assistant: Assistant(self, visit)),
      banks: banks)
  }

  /// Puts it, and writes down what it cost, also when nothing came of it.
  private static func put(
    _ question: Question, tell: (@Sendable (Advisor.Step) -> Void)? = nil
  ) async throws -> JSONValue {
    let (banks, model) = (question.banks, question.advisor.settings.model)
    var use = StoredAdvisorUse(
      id: banks.world.newID(), person: banks.scope.user, at: banks.world.now(), model: model,
      level: question.level.rawValue, outcome: "answered")
    do {
      let reply = try await question.advisor.ask(question.text, metrics: question.metrics, tell: tell)
      (use.promptTokens, use.completionTokens) = (reply.promptTokens, reply.completionTokens)
      use.lookUps = reply.tools.count
      try await banks.database.write { [use, scope = banks.scope] in try AdvisorUses.add(use, scope, $0) }
      return [
        "answer": .string(plain(reply.answer)), "model": .string(model), "level": .string(question.level.rawValue),
        "tools": JSONValue(reply.tools), "prompt_tokens": .int(reply.promptTokens),
        "completion_tokens": .int(reply.completionTokens),
      ]
    } catch let problem as Problem {
      use.outcome = problem.code
      try await banks.database.write { [use, scope = banks.scope] in try AdvisorUses.add(use, scope, $0) }
      throw problem
    }
  }

  /// A model's words without signs that do something, its lines kept.
  private static func plain(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { AssistantWords.cleaned(String($0), max: 20_000) }.joined(separator: "\n")
  }

  private func ask(_ call: Call) async throws -> Response {
    .json(200, try await Self.put(try await question(call)))
  }

  /// The same, told while it happens.
  private func stream(_ call: Call) async throws -> Response {
    let question = try await question(call)
    let (steps, teller) = AsyncStream.makeStream(of: [UInt8].self)
    @Sendable func event(_ name: String, _ value: JSONValue) -> [UInt8] {
      Array("event: \(name)\ndata: \(value.text())\n\n".utf8)
    }
    let task = Task(name: "advisor") {
      do {
        let answer = try await Self.put(question) { step in
          switch step {
          case .lookUp(let name): teller.yield(event("look_up", ["tool": .string(name)]))
          case .text(let text): teller.yield(event("text", ["text": .string(Self.plain(text))]))
          }
        }
        teller.yield(event("done", answer))
      } catch {
        let problem = (error as? any UserFacingError)?.problem ?? ProblemKind.internalError.problem()
        teller.yield(event("failed", ["code": .string(problem.code), "title": .string(problem.title)]))
      }
      teller.finish()
    }
    let reading = StepReading(steps)
    var response = Response.streaming(
      200, contentType: "text/event-stream",
      BodyStream(
        next: { await reading.next() },
        end: {
          task.cancel()
          teller.finish()
        }))
    response.headers["X-Accel-Buffering"] = "no"
    return response
  }
}

/// Steps in their order, one asked for at a time.
private actor StepReading {
  private let steps: AsyncStream<[UInt8]>

  init(_ steps: AsyncStream<[UInt8]>) { self.steps = steps }

  func next() async -> [UInt8]? {
    var iterator = steps.makeAsyncIterator()
    return await iterator.next(isolation: self)
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

  static func advisorUses(
    _ uses: [StoredAdvisorUse], _ sum: (asked: Int, promptTokens: Int, completionTokens: Int)
  ) -> JSONValue {
    [
      "data": .array(
        uses.map { use in
          [
            "id": id(use.id), "at": instant(use.at), "model": .string(use.model), "level": .string(use.level),
            "prompt_tokens": .int(use.promptTokens), "completion_tokens": .int(use.completionTokens),
            "look_ups": .int(use.lookUps), "outcome": .string(use.outcome),
          ]
        }),
      "last_30_days": [
        "asked": .int(sum.asked), "prompt_tokens": .int(sum.promptTokens),
        "completion_tokens": .int(sum.completionTokens),
      ],
    ]
  }

  static let advisorUsesShape = Shape.object(
    "AdvisorUses",
    [
      .required(
        "data",
        .list(
          of: .object(
            "AdvisorUse",
            [
              .required("id", .id(AdvisorUse.self)), .required("at", .instant), .required("model", .foreign),
              .required("level", .word(AdvisorLevel.self)), .required("prompt_tokens", .count),
              .required("completion_tokens", .count), .required("look_ups", .count),
              .required("outcome", .foreign, "`answered`, or the code of the problem."),
            ]))),
      .required(
        "last_30_days",
        .object([
          .required("asked", .count), .required("prompt_tokens", .count), .required("completion_tokens", .count),
        ]), "Of the whole household."),
    ])

  static let advisorUsesExample: JSONValue = [
    "data": [
      [
        "id": "ask_01kj3v5d8ve2r9q0w4y7h6t1cz", "at": "2026-03-14T09:00:00Z", "model": "llama3.1", "level": "totals",
        "prompt_tokens": 1_830, "completion_tokens": 42, "look_ups": 1, "outcome": "answered",
      ]
    ], "last_30_days": ["asked": 1, "prompt_tokens": 1_830, "completion_tokens": 42],
  ]
}
