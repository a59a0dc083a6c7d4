package import Basics
package import Finance
package import HTTP
package import JSON

/// A request that an operation may answer: whoever asks is known and may ask it, and everything it brings has the shape
/// that the operation declares.
package struct Call: Sendable {
  package let operation: Operation
  package let request: Request
  package let info: RequestInfo
  package let query: Fields
  package let path: Fields
  package let body: Fields
  /// Nil where anybody may ask.
  package let visitor: Caller?

  /// - Throws: For an operation that anybody may ask, which is a mistake in its declaration.
  package var caller: Caller {
    get throws(Problem) {
      guard let visitor else { throw ProblemKind.unauthorized.problem() }
      return visitor
    }
  }

  /// The household that the request acts in, and what the person may see there.
  package var scope: Scope {
    get throws(Problem) { try caller.membership.get().scope }
  }

  package var role: Role {
    get throws(Problem) { try caller.membership.get().role }
  }

  /// The id in the path.
  package func id<Owner>(_ name: String = "id", of _: Owner.Type = Owner.self) throws(Problem) -> ID<Owner> {
    guard let id: ID<Owner> = path[name] else { throw .notFound }
    return id
  }
}

extension Operation {
  /// Reads a request as this operation declares it.
  ///
  /// - Throws: 404 for a path that names nothing, 400, 413 or 415 for a body that cannot be read, and 422 with every
  ///   mistake of the query and the body.
  func call(
    _ request: Request, _ info: RequestInfo, _ visitor: Caller?, path given: [String: String]? = nil
  ) throws(Problem) -> Call {
    let path = try parameters.path(given ?? info.parameters)
    var mistakes: [String: String] = [:]
    var query = Fields([:])
    var content = Fields([:])
    do throws(Problem) {
      query = try parameters.query(of: request)
    } catch {
      mistakes = error.fields
    }
    if let body {
      let value = try body.value(of: request)
      mistakes.merge(body.shape.mistakes(in: value)) { $1 }
      content = Fields(value)
    }
    for parameter in implied + parameters where parameter.place == .header {
      for value in request.headers.all(parameter.name) {
        for words in parameter.shape.mistakes(in: .string(value)).values { mistakes[parameter.name] = words }
      }
    }
    guard mistakes.isEmpty else { throw .invalid(mistakes) }
    return Call(
      operation: self, request: request, info: info, query: query, path: path, body: content, visitor: visitor)
  }
}

extension RequestBody {
  fileprivate func value(of request: Request) throws(Problem) -> JSONValue {
    guard request.body.count <= bytesMax else {
      throw ProblemKind.tooLarge.problem(detail: "At most \(bytesMax) bytes are taken.")
    }
    if kind == .raw { return .null }
    if isOptional, request.body.isEmpty { return [:] }
    let type = (request.headers["Content-Type"] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    if kind == .form, type == "application/x-www-form-urlencoded" { return form(request.body) }
    guard type == "application/json" else {
      throw ProblemKind.bodyType.problem(
        detail: kind == .form
          ? "Send it with Content-Type: application/json or application/x-www-form-urlencoded."
          : "Send it with Content-Type: application/json.")
    }
    do throws(JSONError) {
      return try JSONValue.parse(request.body)
    } catch {
      throw ProblemKind.bodyMalformed.problem(detail: Self.words(error))
    }
  }

  /// A form's pairs, each as the member of its name has it.
  private func form(_ bytes: [UInt8]) -> JSONValue {
    .object(
      PercentCoding.pairs(of: Substring(decoding: bytes, as: UTF8.self)).map { name, value in
        .init(name, shape.members.first { $0.name == name }?.shape.reading(value) ?? .string(value))
      })
  }

  private static func words(_ error: JSONError) -> String {
    switch error {
    case .malformed(let words, let offset): "At byte \(offset): \(words)."
    case .tooDeep: "It is nested too deep."
    }
  }
}

extension Problem {
  /// Mistakes in what was sent: a JSON pointer into the body, `?name` for the query or a header's name, and words that go after "it".
  package static func invalid(_ fields: [String: String]) -> Problem {
    ProblemKind.inputInvalid.problem(fields: fields)
  }
}

extension Response {
  package static func json(_ status: Int, _ value: JSONValue) -> Response { json(status, value.serialized()) }
}
