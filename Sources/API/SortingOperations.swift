import Basics
import Categories
import Databases
import Finance
import HTTP
import JSON
import Recognition
import Store

/// Why rows are filed where they are, what is suggested, and how often a person had to correct it.
extension Interface {
  var sortingOperations: [Operation] {
    [
      explainCategory, listSuggestions, confirmSuggestion, refuseSuggestion, listAlike, fileAlike, sortAnew,
      showAccuracy,
    ]
  }

  private var explainCategory: Operation {
    Operation(
      "explainCategory", .get, "/v1/transactions/{id}/category", .filing, "Say why a transaction is filed where it is",
      needs: .household(.read, .viewer), parameters: [.path("id", .id(Transaction.self))],
      answers: [.json(200, Wire.explanationShape, "The reason.", example: Wire.explanationExample)],
      problems: [.transactionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      let found = try await banks.reading { [scope = banks.scope] in try Explanation.of(id, scope, $0) }
      guard let found else { throw ProblemKind.transactionUnknown.problem() }
      return .json(200, Wire.explanation(found))
    }
    .saying("The reason is a code with what fills its sentence, and the sentence in English.")
  }

  private var listSuggestions: Operation {
    Operation(
      "listSuggestions", .get, "/v1/suggestions", .filing, "List categories to confirm or refuse, newest rows first",
      needs: .household(.read, .viewer), parameters: .page,
      answers: [.page(of: Wire.suggestionShape, "The suggestions.", example: Wire.suggestionExample)]
    ) { call in
      let banks = try banks(for: call)
      let pages = Pages(banks)
      let demand = try pages.demand(call, list: "suggestions")
      var after: (day: CalendarDate, id: ID<Transaction>)?
      if let words = demand.after, words.count == 2, let day = CalendarDate(words[0]),
        let id = ID<Transaction>(words[1])
      {
        after = (day, id)
      }
      let from = after
      let rows = try await banks.reading { [scope = banks.scope] in
        try Judgements.suggestions(after: from, limit: demand.limit + 1, scope, $0)
      }
      return try pages.answer(
        rows, demand, list: "suggestions", mark: { ["\($0.row.occurredOn)", $0.row.id.description] }, Wire.suggestion)
    }
    .saying("What we are not sure enough of to file it by ourselves.")
  }

  private var confirmSuggestion: Operation {
    Operation(
      "confirmSuggestion", .post, "/v1/suggestions/{id}/confirm", .filing, "File a transaction as suggested",
      needs: .household(.write, .member), parameters: [.path("id", .id(Transaction.self))],
      answers: [.json(200, Wire.explanationShape, "Where it is now.", example: Wire.explanationExample)],
      problems: [.suggestionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      return try await call.stroke(banks) { edits, session in
        guard let suggestion = try Explanation.of(id, banks.scope, session)?.suggestion else {
          throw ProblemKind.suggestionUnknown.problem()
        }
        try edits.write([.category(suggestion.value)], on: id, session)
        guard let now = try Explanation.of(id, banks.scope, session) else { throw EditError.unknown }
        return .json(200, Wire.explanation(now))
      }
    }
    .saying("It counts as yours from then on, and rows of the same merchant are filed like it.")
  }

  private var refuseSuggestion: Operation {
    Operation(
      "refuseSuggestion", .post, "/v1/suggestions/{id}/refuse", .filing, "Say no to a suggestion",
      needs: .household(.write, .member), parameters: [.path("id", .id(Transaction.self))],
      answers: [.empty("It is not made again.")], problems: [.suggestionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      return try await call.stroke(banks) { _, session in
        guard try Explanation.of(id, banks.scope, session)?.suggestion != nil,
          try Judgements.refuse(id, now: banks.world.now(), banks.scope, session)
        else { throw ProblemKind.suggestionUnknown.problem() }
        return Response(204)
      }
    }
  }

  private var listAlike: Operation {
    Operation(
      "listAlike", .get, "/v1/transactions/{id}/alike", .filing, "Count the transactions of the same merchant",
      needs: .household(.read, .viewer), parameters: [.path("id", .id(Transaction.self))],
      answers: [.json(200, Wire.alikeShape, "How many, and what they come to.", example: Wire.alikeExample)],
      problems: [.transactionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      let alike = try await banks.reading { [scope = banks.scope] in try Alike.to(id, scope, $0) }
      guard let alike else { throw ProblemKind.transactionUnknown.problem() }
      return .json(200, Wire.alike(alike))
    }
    .saying("Whatever store, town, day or processor the bank printed around the name.")
  }

  private var fileAlike: Operation {
    Operation(
      "fileAlike", .post, "/v1/transactions/{id}/alike", .filing, "File all transactions of the same merchant alike",
      needs: .household(.write, .member), parameters: [.path("id", .id(Transaction.self))],
      body: .json(.object([.required("category", .token)]), example: ["category": "FOOD_AND_DRINK_COFFEE"]),
      answers: [.json(200, Wire.alikeShape, "What was filed.", example: Wire.alikeExample)],
      problems: [.transactionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Transaction> = try call.id()
      let category: String = try call.body.required("category")
      return try await call.stroke(banks) { edits, session in
        guard let alike = try Alike.to(id, banks.scope, session) else { throw EditError.unknown }
        guard try Categories.find(category, banks.scope, session) != nil else { throw CategoryError.unknown(category) }
        for row in alike.rows { try edits.write([.category(category)], on: row, session) }
        return .json(200, Wire.alike(alike))
      }
    }
    .saying("One change, which one undo takes back.")
  }

  private var sortAnew: Operation {
    Operation(
      "sortAnew", .post, "/v1/categories/sort", .filing, "File all transactions anew",
      needs: .household(.write, .admin),
      answers: [.json(200, Wire.sortedShape, "What moved.", example: ["rows": 5_280, "changed": 41, "suggested": 12])]
    ) { call in
      let banks = try banks(for: call)
      let outcome: Recategorizing.Outcome
      do {
        outcome = try await Recategorizing.run(banks.database, banks.world, banks.scope)
      } catch let error as DatabaseError {
        throw BanksError(error)
      }
      return .json(
        200,
        [
          "rows": JSONValue(outcome.rows), "changed": JSONValue(outcome.changed),
          "suggested": JSONValue(outcome.suggested),
        ])
    }
    .saying("With what was corrected meanwhile. What people set themselves stays.")
  }

  private var showAccuracy: Operation {
    Operation(
      "showAccuracy", .get, "/v1/categories/accuracy", .filing, "Say how often you corrected what was filed for you",
      needs: .household(.read, .viewer),
      parameters: [.query("last", .integer(1...10_000), "Of so many transactions, the newest.", standard: 500)],
      answers: [.json(200, Wire.accuracyShape, "The count.", example: ["judged": 500, "corrected": 23])]
    ) { call in
      let banks = try banks(for: call)
      let last: Int = try call.query.required("last")
      let found = try await banks.reading { [scope = banks.scope] in
        try Judgements.corrected(ofLast: last, scope, $0)
      }
      return .json(200, ["judged": JSONValue(found.judged), "corrected": JSONValue(found.corrected)])
    }
    .saying("Of those that we filed ourselves; where your bank's word stood, nothing is counted.")
  }
}

extension ProblemKind {
  static let suggestionUnknown = ProblemKind(
    404, "suggestion.not_found", "There is no such suggestion.", "Look at the list of suggestions.")
}
