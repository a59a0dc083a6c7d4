import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// Words that a household hangs on transactions, and the shops that banks name.
extension Interface {
  var tagOperations: [Operation] { [listTags, createTag, editTag, deleteTag] }

  private var listTags: Operation {
    Operation(
      "listTags", .get, "/v1/tags", .filing, "List tags, by name", needs: .household(.read, .viewer),
      answers: [.json(200, .whole(Wire.tagShape), "All of them.", example: ["data": [Wire.tagExample]])]
    ) { call in
      let banks = try banks(for: call)
      let all = try await banks.reading { [scope = banks.scope] in try Tags.all(scope, $0) }
      return .json(200, ["data": .array(all.map(Wire.tag))])
    }
  }

  private var createTag: Operation {
    Operation(
      "createTag", .post, "/v1/tags", .filing, "Make a tag", needs: .household(.write, .member),
      body: .json(
        .object([.required("name", .text(1...60)), .optional("color", .colour.orNull)]),
        example: ["name": "Holiday 2026", "color": "#1a7f5a"]),
      answers: [
        .json(201, Wire.tagShape, "The tag.", headers: [("Location", "Where it is.")], example: Wire.tagExample)
      ], problems: [.tagTaken, .tooManyThings]
    ) { call in
      let banks = try banks(for: call)
      let name: String = try call.body.required("name")
      return try await call.stroke(banks) { edits, session in
        let id = try Tags.create(name: name, color: call.body["color"], &edits, session)
        return Call.shown(try Self.shown(id, banks.scope, session), status: 201, at: "/v1/tags/\(id)")
      }
    }
    .repeatable()
  }

  private var editTag: Operation {
    Operation(
      "editTag", .patch, "/v1/tags/{id}", .filing, "Rename or colour a tag", needs: .household(.write, .member),
      parameters: [.path("id", .id(Store.Tag.self)), .ifMatch],
      body: .json(
        .object([.optional("name", .text(1...60)), .optional("color", .colour.orNull)]), example: ["color": .null]),
      answers: [.json(200, Wire.tagShape, "The tag as it is now.", example: Wire.tagExample)],
      problems: [.tagUnknown, .tagTaken]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Store.Tag> = try call.id()
      return try await call.stroke(banks) { edits, session in
        try call.check(ifMatch: try Self.shown(id, banks.scope, session))
        var changes: [TagEdit] = []
        if let name: String = call.body["name"] { changes.append(.name(name)) }
        if call.body.has("color") { changes.append(.color(call.body["color"])) }
        try Tags.edit(id, changes, &edits, session)
        return Call.shown(try Self.shown(id, banks.scope, session))
      }
    }
  }

  private var deleteTag: Operation {
    Operation(
      "deleteTag", .delete, "/v1/tags/{id}", .filing, "Delete a tag, or replace it by another",
      needs: .household(.write, .member),
      parameters: [
        .path("id", .id(Store.Tag.self)),
        .query("replacement", .id(Store.Tag.self), "What to hang in its place; else it is only taken off."), .ifMatch,
      ], answers: [.empty("It is deleted.")], problems: [.tagUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Store.Tag> = try call.id()
      let replacement: ID<Store.Tag>? = call.query["replacement"]
      if replacement == id { throw Problem.invalid(["?replacement": "must be another tag"]) }
      return try await call.stroke(banks) { edits, session in
        try call.check(ifMatch: try Self.shown(id, banks.scope, session))
        try Tags.delete(id, replacement: replacement, &edits, session)
        return Response(204)
      }
    }
  }

  private static func shown(_ id: ID<Store.Tag>, _ scope: Scope, _ session: any Session) throws -> JSONValue {
    guard let tag = try Tags.all(scope, session).first(where: { $0.id == id }) else {
      throw ProblemKind.tagUnknown.problem()
    }
    return Wire.tag(tag)
  }
}

extension Wire {
  static func tag(_ tag: StoredTag) -> JSONValue {
    [
      "id": id(tag.id), "name": .string(tag.name), "color": JSONValue(tag.color), "transactions": .int(tag.rows),
    ]
  }

  static let tagShape = Shape.object(
    "Tag",
    [
      .required("id", .id(Store.Tag.self)), .required("name", .foreign), .required("color", .colour.orNull),
      .required("transactions", .count, "How many carry it."),
    ])

  static let tagExample: JSONValue = [
    "id": "tag_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "Holiday 2026", "color": "#1a7f5a", "transactions": 14,
  ]
}
