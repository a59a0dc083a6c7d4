import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// The tree that transactions are filed in.
extension Interface {
  var categoryOperations: [Operation] {
    [listCategories, createCategory, editCategory, deleteCategory, mergeCategory]
  }

  private var listCategories: Operation {
    Operation(
      "listCategories", .get, "/v1/categories", .filing, "List categories: groups, each followed by what is in it",
      needs: .household(.read, .viewer),
      answers: [
        .json(200, .whole(Wire.categoryShape), "All of them.", example: ["data": [Wire.categoryExample]])
      ]
    ) { call in
      let banks = try banks(for: call)
      let all = try await banks.reading { [scope = banks.scope] in try Categories.all(scope, $0) }
      return .json(200, ["data": .array(all.map(Wire.category))])
    }
  }

  private static let flows = ["income", "expense", "transfer"]
  private static let code = Parameter.path("code", .token, "As the list of categories has it.")

  private var createCategory: Operation {
    Operation(
      "createCategory", .post, "/v1/categories", .filing, "Make a category of your own",
      needs: .household(.write, .member),
      body: .json(
        .object([
          .required("name", .text(1...100)),
          .optional("parent", .token.orNull, "The group it goes in; null makes a group."),
          .optional("flow", .word(Self.flows), "As its group, else expense."),
          .optional("color", .colour.orNull), .optional("icon", .token(1...60).orNull),
        ]), example: ["name": "Garden", "parent": "HOME_IMPROVEMENT", "color": "#1a7f5a"]),
      answers: [
        .json(
          201, Wire.categoryShape, "The category.", headers: [("Location", "Where it is.")],
          example: Wire.categoryExample)
      ]
    ) { call in
      let banks = try banks(for: call)
      let name: String = try call.body.required("name")
      return try await call.stroke(banks) { edits, session in
        let parent: String? = call.body["parent"]
        let group = try parent.flatMap { try Categories.find($0, banks.scope, session) }
        let own = (call.body["flow"] as String?).flatMap { FlowKind(rawValue: $0) }
        let code = try Categories.create(
          name: name, parent: parent, flow: own ?? group?.flow ?? .expense, color: call.body["color"],
          icon: call.body["icon"], &edits, session)
        return Call.shown(try Self.shown(code, banks.scope, session), status: 201, at: "/v1/categories/\(code)")
      }
    }
    .repeatable()
  }

  private var editCategory: Operation {
    Operation(
      "editCategory", .patch, "/v1/categories/{code}", .filing, "Rename, colour, move or hide a category",
      needs: .household(.write, .member), parameters: [Self.code, .ifMatch],
      body: .json(
        .object([
          .optional("name", .text(1...100)), .optional("color", .colour.orNull),
          .optional("icon", .token(1...60).orNull), .optional("position", .integer(0...100_000)),
          .optional("hidden", .flag), .optional("parent", .token.orNull, "Own ones only."),
          .optional("flow", .word(Self.flows), "Own ones only: what is filed there moves in every sum."),
        ]), example: ["name": "Eating out", "color": "#1a7f5a"]),
      answers: [.json(200, Wire.categoryShape, "The category as it is now.", example: Wire.categoryExample)],
      problems: [.categoryUnknown, .categoryFixed, .tooManyRows]
    ) { call in
      let banks = try banks(for: call)
      let code: String = try call.path.required("code")
      return try await call.stroke(banks) { edits, session in
        try call.check(ifMatch: try Self.shown(code, banks.scope, session))
        try Categories.edit(code, Self.edits(call.body), &edits, session)
        return Call.shown(try Self.shown(code, banks.scope, session))
      }
    }
  }

  private static func edits(_ body: Fields) -> [CategoryEdit] {
    var edits: [CategoryEdit] = []
    if let name: String = body["name"] { edits.append(.name(name)) }
    if body.has("color") { edits.append(.color(body["color"])) }
    if body.has("icon") { edits.append(.icon(body["icon"])) }
    if let position: Int = body["position"] { edits.append(.position(position)) }
    if let isHidden: Bool = body["hidden"] { edits.append(.isHidden(isHidden)) }
    if body.has("parent") { edits.append(.parent(body["parent"])) }
    if let flow = (body["flow"] as String?).flatMap({ FlowKind(rawValue: $0) }) { edits.append(.flow(flow)) }
    return edits
  }

  private var deleteCategory: Operation {
    Operation(
      "deleteCategory", .delete, "/v1/categories/{code}", .filing, "Delete a category of your own",
      needs: .household(.write, .member),
      parameters: [
        Self.code, .query("replacement", .token, "Where everything goes that is filed there."), .ifMatch,
      ], answers: [.empty("It is deleted.")],
      problems: [.categoryUnknown, .categoryFixed, .categoryInUse, .tooManyRows]
    ) { call in try await drop(call, replacement: call.query["replacement"]) }
  }

  private var mergeCategory: Operation {
    Operation(
      "mergeCategory", .post, "/v1/categories/{code}/merge", .filing, "Merge a category of your own into another",
      needs: .household(.write, .member), parameters: [Self.code],
      body: .json(.object([.required("into", .token)]), example: ["into": "FOOD_AND_DRINK_RESTAURANT"]),
      answers: [.json(200, Wire.categoryShape, "The other one.", example: Wire.categoryExample)],
      problems: [.categoryUnknown, .categoryFixed, .categoryInUse, .tooManyRows]
    ) { call in try await drop(call, replacement: try call.body.required("into")) }
    .saying("Everything filed under it goes to the other, its categories too.")
  }

  private func drop(_ call: Call, replacement: String?) async throws -> Response {
    let banks = try banks(for: call)
    let code: String = try call.path.required("code")
    return try await call.stroke(banks) { edits, session in
      try call.check(ifMatch: try Self.shown(code, banks.scope, session))
      try Categories.delete(code, replacement: replacement, &edits, session)
      guard call.operation.method == .post, let replacement else { return Response(204) }
      return Call.shown(try Self.shown(replacement, banks.scope, session))
    }
  }

  private static func shown(_ code: String, _ scope: Scope, _ session: any Session) throws -> JSONValue {
    guard let category = try Categories.find(code, scope, session) else {
      throw ProblemKind.categoryUnknown.problem()
    }
    return Wire.category(category)
  }
}

extension Tag {
  package static let filing = Tag("Filing", "Categories, tags and merchants: how transactions are put in order.")
}

extension Wire {
  static func category(_ category: StoredCategory) -> JSONValue {
    [
      "code": .string(category.code), "parent": JSONValue(category.parent), "name": .string(category.name),
      "flow": .string(category.flow.rawValue), "color": JSONValue(category.color), "icon": JSONValue(category.icon),
      "position": .int(category.position), "system": .bool(category.isSystem), "hidden": .bool(category.isHidden),
    ]
  }

  static let categoryShape = Shape.object(
    "Category",
    [
      .required("code", .token, "What transactions carry."),
      .required("parent", .token.orNull, "The group it is in; null for a group."), .required("name", .foreign),
      .required("flow", .word(FlowKind.self)), .required("color", .colour.orNull), .required("icon", .foreign.orNull),
      .required("position", .integer()), .required("system", .flag, "It came with the program."),
      .required("hidden", .flag),
    ])

  static let categoryExample: JSONValue = [
    "code": "FOOD_AND_DRINK_RESTAURANT", "parent": "FOOD_AND_DRINK", "name": "Restaurants", "flow": "expense",
    "color": .null, "icon": .null, "position": 40, "system": true, "hidden": false,
  ]
}
