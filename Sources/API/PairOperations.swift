import Basics
import Categories
import Databases
import Finance
import HTTP
import JSON
import Store

/// Rows that belong together: both halves of a transfer, a purchase and its refund, what may be there twice.
extension Interface {
  var pairOperations: [Operation] { [listPairs, confirmPair, refusePair] }

  private static let states = ["linked", "suggested", "refused"]

  private var listPairs: Operation {
    Operation(
      "listPairs", .get, "/v1/pairs", .filing, "List transactions that belong together, or may",
      needs: .household(.read, .viewer),
      parameters: [
        .query("state", .word(Self.states), "What became of them.", standard: "suggested")
      ] + .page,
      answers: [.page(of: Wire.pairShape, "The pairs, the latest first.", example: Wire.pairExample)]
    ) { call in
      let banks = try banks(for: call)
      let pages = Pages(banks)
      let state: String = try call.query.required("state")
      let list = "pairs.\(state)"
      let demand = try pages.demand(call, list: list)
      var after: (day: CalendarDate, id: ID<PairName>)?
      if let words = demand.after, words.count == 2, let day = CalendarDate(words[0]), let id = ID<PairName>(words[1]) {
        after = (day, id)
      }
      let from = after
      let found = try await banks.reading { [scope = banks.scope] session in
        let pairs = try Pairs.list(
          Pair.State(rawValue: state) ?? .suggested, after: from, limit: demand.limit + 1, scope, session)
        return try Wire.ShownPair.all(pairs, scope, session)
      }
      return try pages.answer(
        found, demand, list: list, mark: { ["\($0.pair.lastOn)", $0.pair.id.description] }, Wire.pair)
    }
    .saying(
      """
      Those that are certain are linked by themselves: their halves count neither as income nor as an expense, and a \
      refund lowers what was spent where its purchase stands. The others wait here for a yes or a no.
      """)
  }

  private var confirmPair: Operation {
    Operation(
      "confirmPair", .post, "/v1/pairs/{id}/confirm", .filing, "Say that two transactions belong together",
      needs: .household(.write, .member), parameters: [.path("id", .id(PairName.self))],
      answers: [.json(200, Wire.pairShape, "The pair as it is now.", example: Wire.pairExample)],
      problems: [.pairUnknown, .pairUnfit]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<PairName> = try call.id()
      return try await call.stroke(banks) { edits, session in
        do {
          let pair = try PairDecisions.confirm(id, world: banks.world, &edits, banks.scope, session)
          guard let shown = try Wire.ShownPair.all([pair], banks.scope, session).first else {
            throw ProblemKind.pairUnknown.problem()
          }
          return .json(200, Wire.pair(shown))
        } catch let failure as PairDecisions.Failure {
          throw failure == .unknown ? ProblemKind.pairUnknown.problem() : ProblemKind.pairUnfit.problem()
        }
      }
    }
    .saying("It is remembered. Of a transaction that is there twice the second is deleted, which can be undone.")
  }

  private var refusePair: Operation {
    Operation(
      "refusePair", .post, "/v1/pairs/{id}/refuse", .filing, "Say that two transactions do not belong together",
      needs: .household(.write, .member), parameters: [.path("id", .id(PairName.self))],
      answers: [.empty("They stand alone, and are not put together again.")], problems: [.pairUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<PairName> = try call.id()
      return try await call.stroke(banks) { _, session in
        do {
          try PairDecisions.refuse(id, world: banks.world, banks.scope, session)
        } catch is PairDecisions.Failure {
          throw ProblemKind.pairUnknown.problem()
        }
        return Response(204)
      }
    }
    .saying("Also those that were linked by themselves.")
  }
}

extension ProblemKind {
  static let pairUnknown = ProblemKind(404, "pair.not_found", "There is no such pair.", "Look at the list of pairs.")
  static let pairUnfit = ProblemKind(
    409, "pair.unfit", "These transactions do not fit together any more.", "Look at both of them.")
}
