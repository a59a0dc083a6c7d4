import Basics
import HTTP
package import JSON

/// One value that stands in the path, the query or a header.
package struct Parameter: Sendable {
  package enum Place: String, Sendable {
    case path, query, header
  }

  package let name: String
  package let place: Place
  /// For one that may be repeated: of each value.
  let shape: Shape
  let isRequired: Bool
  /// How often it may be given; nil: once.
  let countMax: Int?
  /// What is taken when it is not given.
  let standard: JSONValue?
  let words: String?

  private init(
    _ name: String, _ place: Place, _ shape: Shape, isRequired: Bool, countMax: Int? = nil,
    standard: JSONValue? = nil, _ words: String?
  ) {
    self.name = name
    self.place = place
    self.shape = shape
    self.isRequired = isRequired
    self.countMax = countMax
    self.standard = standard
    self.words = words
  }

  /// Whatever does not have the shape is not there: 404.
  package static func path(_ name: String, _ shape: Shape, _ words: String? = nil) -> Parameter {
    Parameter(name, .path, shape, isRequired: true, words)
  }

  package static func query(
    _ name: String, _ shape: Shape, _ words: String? = nil, isRequired: Bool = false, standard: JSONValue? = nil
  ) -> Parameter {
    Parameter(name, .query, shape, isRequired: isRequired, standard: standard, words)
  }

  /// May be given several times; reads as a list.
  package static func queries(_ name: String, _ shape: Shape, countMax: Int, _ words: String? = nil) -> Parameter {
    Parameter(name, .query, shape, isRequired: false, countMax: countMax, words)
  }

  /// Only described here: the handler reads it from the request.
  package static func header(_ name: String, _ shape: Shape, _ words: String? = nil) -> Parameter {
    Parameter(name, .header, shape, isRequired: false, words)
  }

  /// For what two people may edit: the change is made only if nobody else made one since.
  package static let ifMatch = header(
    "If-Match", .text(1...1_000), "The `ETag` of what you saw. When it has changed since, nothing is done: 412.")
}

extension [Parameter] {
  /// What every list takes.
  package static var page: [Parameter] {
    [
      .query("limit", .integer(1...500), "The most rows of a page.", standard: 100),
      .query("cursor", .text(1...4_000), "The `next` of the page before, with the same filter."),
    ]
  }
}

/// Reading parameters as their declarations have them, all mistakes at once.
extension [Parameter] {
  /// - Throws: 422 with a mistake for each `?name`.
  func query(of request: Request) throws(Problem) -> Fields {
    var fields: [JSONValue.Member] = []
    var mistakes: [String: String] = [:]
    for parameter in self where parameter.place == .query {
      let values = request.query.filter { $0.name == parameter.name }.map(\.value)
      if values.isEmpty {
        if parameter.isRequired { mistakes["?\(parameter.name)"] = "is required" }
        if let standard = parameter.standard { fields.append(.init(parameter.name, standard)) }
        continue
      }
      guard values.count <= parameter.countMax ?? 1 else {
        mistakes["?\(parameter.name)"] =
          parameter.countMax.map { "is given more than \($0) times" } ?? "is given twice"
        continue
      }
      let read = values.map { parameter.shape.reading($0) }
      for value in read {
        for words in parameter.shape.mistakes(in: value).values { mistakes["?\(parameter.name)"] = words }
      }
      fields.append(.init(parameter.name, parameter.countMax == nil ? read[0] : .array(read)))
    }
    for pair in request.query.prefix(100) where !contains(where: { $0.place == .query && $0.name == pair.name }) {
      mistakes["?\(Shape.told(pair.name))"] = "is not known here"
    }
    guard mistakes.isEmpty else { throw .invalid(mistakes) }
    return Fields(.object(fields))
  }

  /// - Throws: 404: what cannot be named does not exist.
  func path(_ parameters: [String: String]) throws(Problem) -> Fields {
    var fields: [JSONValue.Member] = []
    for parameter in self where parameter.place == .path {
      let value = parameter.shape.reading(parameters[parameter.name] ?? "")
      guard parameter.shape.mistakes(in: value).isEmpty else { throw .notFound }
      fields.append(.init(parameter.name, value))
    }
    return Fields(.object(fields))
  }
}

extension Shape {
  /// Text from a query or form as the JSON it stands for.
  func reading(_ text: String) -> JSONValue {
    switch form {
    case .integer:
      // `+5` and `05` are numbers to Swift, and not to JSON.
      Int(text).flatMap { String($0) == text ? .int($0) : nil } ?? .string(text)
    case .flag: text == "true" ? true : text == "false" ? false : .string(text)
    default: .string(text)
    }
  }
}
