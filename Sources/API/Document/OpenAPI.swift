import Finance
package import JSON

/// The description of the interface for programs: OpenAPI 3.1, made from the declarations that the routes are made from.
package struct OpenAPI {
  private let operations: [Operation]
  private let version: String
  private var schemas = SchemaWriter()
  private var problems: [String: JSONValue] = [:]

  package init(_ operations: [Operation], version: String) {
    self.operations = operations
    self.version = version
  }

  package consuming func document() -> JSONValue {
    var paths: [JSONValue.Member] = []
    for path in operations.map(\.path).uniqued {
      let members = operations.filter { $0.path == path }.map {
        JSONValue.Member($0.method.rawValue.lowercased(), describe($0))
      }
      paths.append(.init(path, .object(members)))
    }
    return [
      "openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
      "info": [
        "title": "Magpie", "version": .string(version), "summary": "Your money, on your own machine.",
        "description": .string(Self.words),
      ], "servers": [["url": "/"]],
      "tags": .array(
        operations.map(\.tag).uniqued.map { ["name": .string($0.name), "description": .string($0.words)] }),
      "paths": .object(paths),
      "components": [
        "schemas": .object(schemas.components.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
        "examples": .object(problems.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
        "securitySchemes": [
          "bearer": [
            "type": "http", "scheme": "bearer",
            "description": "An access token, an API key, or the token of the installation.",
          ],
          "metrics": ["type": "http", "scheme": "bearer", "description": "The token of MAGPIE_METRICS_TOKEN."],
        ],
      ],
    ]
  }

  private static let words = """
    Amounts are decimal strings with their currency, never numbers. Positive is into your pocket. Days are \
    `2026-01-31`, instants RFC 3339, ids opaque. New members and new words may be added to any answer. Refusals are \
    problem details (RFC 9457) with a `code` that never changes. Whoever belongs to several households names one in the \
    header `Magpie-Household`.
    """

  private mutating func describe(_ operation: Operation) -> JSONValue {
    var value: JSONValue = [
      "operationId": .string(operation.id), "tags": [.string(operation.tag.name)],
      "summary": .string(operation.summary), "description": .string(Self.description(of: operation)),
    ]
    let parameters = operation.parameters + operation.implied
    if !parameters.isEmpty { value["parameters"] = .array(parameters.map { describe($0) }) }
    if let body = operation.body { value["requestBody"] = describe(body) }
    value["responses"] = responses(of: operation)
    if operation.successor != nil { value["deprecated"] = true }
    switch operation.access {
    case .open, .signed: value["security"] = []
    case .measuring: value["security"] = [["metrics": []]]
    case .person(let scope):
      value["security"] = [["bearer": []]]
      value["x-magpie-scope"] = .string(scope.rawValue)
    case .household(let scope, let role):
      value["security"] = [["bearer": []]]
      value["x-magpie-scope"] = .string(scope.rawValue)
      value["x-magpie-role"] = .string(role.rawValue)
    }
    return value
  }

  /// What it does, who may ask, and how often.
  static func description(of operation: Operation) -> String {
    var sentences = [operation.words].compactMap(\.self)
    switch operation.access {
    case .open: sentences.append("Needs no token.")
    case .signed: sentences.append("Needs no token, but the sender's signature.")
    case .measuring: sentences.append("Needs the token for measurements.")
    case .person(let scope): sentences.append("Needs the scope `\(scope.rawValue)`.")
    case .household(let scope, let role):
      sentences.append("Needs the scope `\(scope.rawValue)` and the role \(role.rawValue) or above.")
    }
    if operation.needsFreshProof { sentences.append("The sign-in must be younger than five minutes.") }
    if operation.pace == .billed { sentences.append("The provider bills each call.") }
    if let successor = operation.successor { sentences.append("Use `\(successor)` instead.") }
    return sentences.joined(separator: " ")
  }

  private mutating func describe(_ parameter: Parameter) -> JSONValue {
    var schema = schemas.schema(parameter.shape, .input)
    if let countMax = parameter.countMax {
      schema = ["type": "array", "items": schema, "maxItems": .int(countMax)]
    }
    if let standard = parameter.standard { schema["default"] = standard }
    var value: JSONValue = [
      "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
      "required": .bool(parameter.isRequired), "schema": schema,
    ]
    if let words = parameter.words { value["description"] = .string(words) }
    return value
  }

  private mutating func describe(_ body: RequestBody) -> JSONValue {
    if body.kind == .raw {
      return ["required": true, "content": ["application/octet-stream": ["schema": [:]]]]
    }
    var media: JSONValue = ["schema": schemas.schema(body.shape, .input)]
    if let example = body.example { media["example"] = example }
    var content: JSONValue = ["application/json": media]
    if body.kind == .form { content["application/x-www-form-urlencoded"] = media }
    return ["required": .bool(!body.isOptional), "content": content]
  }

  private mutating func responses(of operation: Operation) -> JSONValue {
    var byStatus: [Int: JSONValue] = [:]
    for answer in operation.answers {
      var value = describe(answer)
      let links = links(from: answer, of: operation)
      if !links.isEmpty { value["links"] = .object(links) }
      byStatus[answer.status] = value
    }
    if operation.method == .get, !operation.answersSecrets, operation.answers.contains(where: { $0.status == 200 }) {
      byStatus[304] = ["description": "It is what `If-None-Match` names."]
    }
    for (status, kinds) in Dictionary(grouping: operation.problems, by: \.status) {
      var examples: [JSONValue.Member] = []
      for kind in kinds {
        problems[kind.code] = ["summary": .string(kind.title), "value": Self.example(of: kind)]
        examples.append(.init(kind.code, ["$ref": .string("#/components/examples/\(kind.code)")]))
      }
      let words = kinds.map { "`\($0.code)`: \($0.title) \($0.advice)" }.joined(separator: "\n\n")
      let problem: JSONValue = [
        "schema": schemas.schema(Self.problemShape, .output), "examples": .object(examples),
      ]
      var response = byStatus[status] ?? ["description": .string(words)]
      var content = response["content"] ?? [:]
      content["application/problem+json"] = problem
      response["content"] = content
      if [429, 503].contains(status) {
        response["headers"] = ["Retry-After": ["description": "Seconds to wait.", "schema": ["type": "integer"]]]
      }
      byStatus[status] = response
    }
    return .object(byStatus.sorted { $0.key < $1.key }.map { .init(String($0.key), $0.value) })
  }

  /// What can be asked about what an answer tells of: operations whose path takes the id that is in it.
  private func links(from answer: Answer, of operation: Operation) -> [JSONValue.Member] {
    guard operation.successor == nil, (200..<300).contains(answer.status), let shape = answer.shape else { return [] }
    let members = shape.members
    let place: String
    let id: Shape?
    if let own = members.first(where: { $0.name == "id" }) {
      (place, id) = ("$response.body#/id", own.shape)
    } else if let rows = members.first(where: { $0.name == "data" }), case .list(let row, _) = rows.shape.form {
      (place, id) = ("$response.body#/data/0/id", row.members.first { $0.name == "id" }?.shape)
    } else {
      return []
    }
    guard let pattern = id?.pattern else { return [] }
    return operations.compactMap { next in
      let inPath = next.parameters.filter { $0.place == .path }
      guard next.successor == nil, next.id != operation.id, inPath.count == 1, inPath[0].shape.pattern == pattern else {
        return nil
      }
      return .init(next.id, ["operationId": .string(next.id), "parameters": [inPath[0].name: .string(place)]])
    }
  }

  private mutating func describe(_ answer: Answer) -> JSONValue {
    var value: JSONValue = ["description": .string(answer.words)]
    if !answer.headers.isEmpty {
      value["headers"] = .object(
        answer.headers.map {
          .init($0.name, ["description": .string($0.words), "schema": ["type": "string"]])
        })
    }
    guard let mediaType = answer.mediaType else { return value }
    var media: JSONValue = ["schema": answer.shape.map { schemas.schema($0, .output) } ?? ["type": "string"]]
    if let example = answer.example { media["example"] = example }
    value["content"] = .object([.init(mediaType, media)])
    return value
  }

  static let problemShape = Shape.object(
    "Problem",
    [
      .required("type", .foreign), .required("title", .foreign), .required("status", .integer(400...599)),
      .optional("detail", .foreign, "What happened this time."),
      .required("code", .token, "For programs: it never changes."),
      .optional("request_id", .foreign, "The log names the request so, too."),
      .optional(
        "errors",
        .list(of: .object([.required("pointer", .foreign), .required("detail", .foreign)])),
        "Each mistake in what was sent: a JSON pointer into the body, `?name` for the query, or a header's name."),
    ])

  private static func example(of kind: ProblemKind) -> JSONValue {
    [
      "type": "about:blank", "title": .string(kind.title), "status": .int(kind.status), "detail": .string(kind.advice),
      "code": .string(kind.code), "request_id": "req_01kj3v5d8ve2r9q0w4y7h6t1cz",
    ]
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of its first coming.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
