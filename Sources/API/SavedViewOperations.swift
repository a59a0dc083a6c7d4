import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// Filters that people keep under a name.
extension Interface {
  var savedViewOperations: [Operation] {
    [
      Operation(
        "listSavedViews", .get, "/v1/views", .transactions, "List your saved views, and those that others share",
        needs: .household(.read, .viewer),
        answers: [.json(200, .whole(Wire.viewShape), "The views.", example: ["data": [Wire.viewExample]])]
      ) { call in
        let banks = try banks(for: call)
        let views = try await banks.reading { [scope = banks.scope] in try SavedViews.list(scope, $0) }
        return .json(200, ["data": .array(views.map { Wire.view($0, banks.scope) })])
      },
      Operation(
        "createSavedView", .post, "/v1/views", .transactions, "Keep a filter under a name",
        needs: .household(.write, .member),
        body: .json(
          .object([
            .required("name", .text(1...100)), .required("query", Self.queryShape), .optional("shared", .flag),
          ]), example: ["name": "Eating out", "query": "category=FOOD_AND_DRINK_RESTAURANT&from=2026-01-01"]),
        answers: [
          .json(
            201, Wire.viewShape, "The view.", headers: [("Location", "Where it is.")], example: Wire.viewExample)
        ], problems: [.tooManyThings]
      ) { call in try await createView(call) }
      .repeatable(),
      Operation(
        "getSavedView", .get, "/v1/views/{id}", .transactions, "Show a saved view", needs: .household(.read, .viewer),
        parameters: [.path("id", .id(SavedView.self))],
        answers: [.json(200, Wire.viewShape, "The view.", example: Wire.viewExample)], problems: [.viewUnknown]
      ) { call in
        let banks = try banks(for: call)
        let id: ID<SavedView> = try call.id()
        let view = try await banks.reading { [scope = banks.scope] in try SavedViews.find(id, scope, $0) }
        guard let view else { throw ProblemKind.viewUnknown.problem() }
        return .json(200, Wire.view(view, banks.scope))
      },
      Operation(
        "editSavedView", .patch, "/v1/views/{id}", .transactions, "Change a saved view of yours",
        needs: .household(.write, .member), parameters: [.path("id", .id(SavedView.self)), .ifMatch],
        body: .json(
          .object([
            .optional("name", .text(1...100)), .optional("query", Self.queryShape), .optional("shared", .flag),
            .optional("position", .integer(0...10_000)),
          ]), example: ["shared": true]),
        answers: [.json(200, Wire.viewShape, "The view as it is now.", example: Wire.viewExample)],
        problems: [.viewUnknown, .viewNotYours]
      ) { call in
        try await change(call) { view, edits, session in
          var changes: [SavedViewEdit] = []
          if let name: String = call.body["name"] { changes.append(.name(name)) }
          if let query: String = call.body["query"] { changes.append(.query(query)) }
          if let isShared: Bool = call.body["shared"] { changes.append(.isShared(isShared)) }
          if let position: Int = call.body["position"] { changes.append(.position(position)) }
          try SavedViews.edit(view.id, changes, &edits, session)
          guard let now = try SavedViews.find(view.id, try call.scope, session) else { throw Problem.notFound }
          return Call.shown(Wire.view(now, try call.scope))
        }
      },
      Operation(
        "deleteSavedView", .delete, "/v1/views/{id}", .transactions, "Delete a saved view of yours",
        needs: .household(.write, .member), parameters: [.path("id", .id(SavedView.self)), .ifMatch],
        answers: [.empty("It is deleted.")], problems: [.viewUnknown, .viewNotYours]
      ) { call in
        try await change(call) { view, edits, session in
          try SavedViews.delete(view.id, &edits, session)
          return Response(204)
        }
      },
    ]
  }

  private static let queryShape = Shape.text(0...2_000).described(
    "The parameters of the list of transactions, as they stand in its address after the question mark."
  )
  .holding { value in
    value.string.flatMap { TransactionFilterFields.mistake(inQuery: $0) }.map { ["": $0] } ?? [:]
  }

  private func createView(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    let (name, query): (String, String) = (try call.body.required("name"), try call.body.required("query"))
    let isShared = call.body["shared"] ?? false
    return try await call.stroke(banks) { edits, session in
      let own = try SavedViews.list(banks.scope, session).filter { $0.person == banks.scope.user }
      guard own.count < SavedViews.countMax else {
        throw ProblemKind.tooManyThings.problem(detail: "A person keeps at most \(SavedViews.countMax) views.")
      }
      let id = try SavedViews.create(name: name, query: query, isShared: isShared, &edits, session)
      guard let view = try SavedViews.find(id, banks.scope, session) else { throw Problem.notFound }
      return Call.shown(Wire.view(view, banks.scope), status: 201, at: "/v1/views/\(id)")
    }
  }

  private func change(
    _ call: Call, _ body: @escaping @Sendable (StoredView, inout Edits, any Session) throws -> Response
  ) async throws -> Response {
    let banks = try banks(for: call)
    let id: ID<SavedView> = try call.id()
    return try await call.stroke(banks) { edits, session in
      guard let view = try SavedViews.find(id, banks.scope, session) else { throw ProblemKind.viewUnknown.problem() }
      guard view.person == banks.scope.user else { throw ProblemKind.viewNotYours.problem() }
      try call.check(ifMatch: Wire.view(view, banks.scope))
      return try body(view, &edits, session)
    }
  }
}

extension Wire {
  static func view(_ view: StoredView, _ scope: Scope) -> JSONValue {
    [
      "id": id(view.id), "name": .string(view.name), "query": .string(view.query), "position": .int(view.position),
      "shared": .bool(view.isShared), "yours": .bool(view.person == scope.user),
    ]
  }

  static let viewShape = Shape.object(
    "SavedView",
    [
      .required("id", .id(SavedView.self)), .required("name", .foreign),
      .required("query", .foreign, "What to put after the question mark of the list of transactions."),
      .required("position", .count), .required("shared", .flag, "The others in the household see it too."),
      .required("yours", .flag),
    ])

  static let viewExample: JSONValue = [
    "id": "viw_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "Eating out",
    "query": "category=FOOD_AND_DRINK_RESTAURANT&from=2026-01-01", "position": 0, "shared": false, "yours": true,
  ]
}
