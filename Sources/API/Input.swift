import Basics
import Finance
import HTTP
import JSON
import Plaid

/// Reads a request's body member by member, and tells all mistakes at once, each by its JSON pointer.
struct BodyReader {
  /// Bytes of a body: what we take is a handful of short texts.
  static let bytesMax = 64 << 10

  private let object: JSONValue
  private let prefix: String
  private var known: Set<String> = []
  private(set) var mistakes: [String: String] = [:]

  /// - Parameter isOptional: No body at all reads as an empty object.
  init(_ request: Request, isOptional: Bool = false) throws(Problem) {
    prefix = ""
    guard request.body.count <= Self.bytesMax else {
      throw Problem(413, "too_large", "The request is too large.", detail: "At most \(Self.bytesMax) bytes are taken.")
    }
    if isOptional, request.body.isEmpty {
      object = .object([])
      return
    }
    let type = (request.headers["Content-Type"] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    guard type == "application/json" else {
      throw Problem(
        415, "body.not_json", "The body has to be JSON.", detail: "Send it with Content-Type: application/json.")
    }
    do throws(JSONError) {
      object = try JSONValue.parse(request.body)
    } catch {
      throw Problem(400, "body.malformed", "The body is not valid JSON.", detail: Self.words(error))
    }
    guard case .object = object else { throw Self.invalid(["": "must be an object"]) }
  }

  private init(_ object: JSONValue, prefix: String) {
    self.object = object
    self.prefix = prefix
  }

  mutating func text(_ key: String, charactersMax: Int = 200) -> String? {
    guard let value = member(key) else { return nil }
    guard let text = value.string else { return complain(key, "must be a text") }
    guard !text.isEmpty, text.unicodeScalars.count <= charactersMax else {
      return complain(key, "must have 1 to \(charactersMax) characters")
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return complain(key, "must not have control characters")
    }
    return text
  }

  mutating func requiredText(_ key: String, charactersMax: Int = 200) -> String {
    if member(key) == nil { return complain(key, "is required") ?? "" }
    return text(key, charactersMax: charactersMax) ?? ""
  }

  mutating func flag(_ key: String) -> Bool {
    guard let value = member(key) else { return false }
    return value.bool ?? complain(key, "must be true or false") ?? false
  }

  mutating func id<Owner>(_ key: String, _: Owner.Type) -> ID<Owner>? {
    guard let text = text(key) else { return nil }
    return ID<Owner>(text) ?? complain(key, "must be an id that begins with \(Owner.idPrefix)_")
  }

  /// Reads an object inside this one.
  mutating func object<Value>(_ key: String, _ read: (inout BodyReader) -> Value) -> Value? {
    guard let value = member(key) else { return nil }
    guard case .object = value else { return complain(key, "must be an object") }
    return descend(value, "\(prefix)/\(key)", read)
  }

  mutating func list<Value>(_ key: String, countMax: Int, _ read: (inout BodyReader) -> Value) -> [Value] {
    guard let value = member(key) else { return [] }
    guard case .array(let elements) = value, elements.count <= countMax else {
      return complain(key, "must be a list of at most \(countMax)") ?? []
    }
    return elements.enumerated().compactMap { index, element in
      let pointer = "\(prefix)/\(key)/\(index)"
      guard case .object = element else {
        mistakes[pointer] = "must be an object"
        return nil
      }
      return descend(element, pointer, read)
    }
  }

  mutating func refuse(_ key: String, _ words: String) { mistakes["\(prefix)/\(key)"] = words }

  /// To be asked last: a member that nobody asked for is a mistake too, most likely a misspelling.
  func finish() throws(Problem) {
    let mistakes = allMistakes
    if !mistakes.isEmpty { throw Self.invalid(mistakes) }
  }

  static func invalid(_ fields: [String: String]) -> Problem {
    Problem(422, "input.invalid", "Something in the request is not right.", fields: fields)
  }

  private var allMistakes: [String: String] {
    var all = mistakes
    for member in object.members.prefix(100) where !known.contains(member.key) {
      all["\(prefix)/\(Self.escaped(PlaidError.withoutTokens(member.key)))"] = "is not known here"
    }
    return all
  }

  private mutating func member(_ key: String) -> JSONValue? {
    known.insert(key)
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  private mutating func complain<Value>(_ key: String, _ words: String) -> Value? {
    refuse(key, words)
    return nil
  }

  private mutating func descend<Value>(
    _ value: JSONValue, _ pointer: String, _ read: (inout BodyReader) -> Value
  ) -> Value {
    var inner = BodyReader(value, prefix: pointer)
    let result = read(&inner)
    mistakes.merge(inner.allMistakes) { $1 }
    return result
  }

  /// RFC 6901 §3, and short: the name came from outside.
  private static func escaped(_ name: String) -> String {
    String(name.prefix(60)).replacing("~", with: "~0").replacing("/", with: "~1")
  }

  private static func words(_ error: JSONError) -> String {
    switch error {
    case .malformed(let words, let offset): "At byte \(offset): \(words)."
    case .tooDeep: "It is nested too deep."
    }
  }
}

/// Reads a request's query the same way. Its mistakes are named `?name`.
struct QueryReader {
  private let pairs: [(name: String, value: String)]
  private var known: Set<String> = []
  private var mistakes: [String: String] = [:]

  init(_ request: Request) { pairs = request.query }

  mutating func text(_ name: String, bytesMax: Int = 1_000) -> String? {
    known.insert(name)
    let values = pairs.filter { $0.name == name }
    guard values.count <= 1 else { return complain(name, "is given twice") }
    guard let value = values.first?.value else { return nil }
    return value.utf8.count <= bytesMax ? value : complain(name, "is too long")
  }

  mutating func all(_ name: String, countMax: Int) -> [String] {
    known.insert(name)
    let values = pairs.filter { $0.name == name }.map(\.value)
    return values.count <= countMax ? values : complain(name, "is given more than \(countMax) times") ?? []
  }

  mutating func value<Value>(_ name: String, wanted: String, _ parse: (String) -> Value?) -> Value? {
    guard let text = text(name) else { return nil }
    return parse(text) ?? complain(name, "must be \(wanted)")
  }

  mutating func ids<Owner>(_ name: String, _: Owner.Type, countMax: Int) -> [ID<Owner>] {
    all(name, countMax: countMax).compactMap { text in
      ID<Owner>(text) ?? complain(name, "must be an id that begins with \(Owner.idPrefix)_")
    }
  }

  mutating func day(_ name: String) -> CalendarDate? {
    value(name, wanted: "a day such as 2026-01-31") { $0.utf8.count == 10 ? CalendarDate($0) : nil }
  }

  mutating func flag(_ name: String) -> Bool? {
    value(name, wanted: "true or false") { ["true": true, "false": false][$0] }
  }

  mutating func refuse(_ name: String, _ words: String) { mistakes["?\(name)"] = words }

  func finish() throws(Problem) {
    var all = mistakes
    for pair in pairs.prefix(100) where !known.contains(pair.name) {
      all["?\(pair.name.prefix(60))"] = "is not known here"
    }
    if !all.isEmpty { throw BodyReader.invalid(all) }
  }

  private mutating func complain<Value>(_ name: String, _ words: String) -> Value? {
    refuse(name, words)
    return nil
  }
}
