import JSON

/// Writes shapes as JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. Named shapes are written once and referred to.
struct SchemaWriter {
  enum Direction {
    /// What comes in: nothing more than what is listed.
    case input
    /// What goes out: members and words may be added some day.
    case output
  }

  private(set) var components: [String: JSONValue] = [:]
  /// Where named shapes are listed.
  private let base: String

  init(referringTo base: String = "#/components/schemas/") { self.base = base }

  mutating func schema(_ shape: Shape, _ direction: Direction) -> JSONValue {
    guard let name = shape.name else { return inline(shape, direction) }
    let key = direction == .input ? name + "Input" : name
    if components[key] == nil {
      // Before its members, which may refer to it.
      components[key] = .null
      components[key] = inline(shape.plain, direction).setting("title", .string(key))
    }
    let reference: JSONValue = ["$ref": .string(base + key)]
    let value: JSONValue = shape.isNullable ? ["anyOf": [reference, ["type": "null"]]] : reference
    return shape.words.map { value.setting("description", .string($0)) } ?? value
  }

  private mutating func inline(_ shape: Shape, _ direction: Direction) -> JSONValue {
    var value: JSONValue
    switch shape.form {
    case .any: value = [:]
    case .flag: value = ["type": "boolean"]
    case .integer(let range):
      value = ["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]
    case .text(let form): value = Self.text(form, direction)
    case .list(let element, let count):
      value = ["type": "array", "items": schema(element, direction)]
      if direction == .input {
        if count.lowerBound > 0 { value["minItems"] = .int(count.lowerBound) }
        value["maxItems"] = .int(count.upperBound)
      }
    case .object(let members): value = object(members, direction)
    case .map(let shape, let countMax):
      value = ["type": "object", "additionalProperties": schema(shape, direction)]
      if direction == .input { value["maxProperties"] = .int(countMax) }
    case .either(let shapes): value = ["anyOf": .array(shapes.map { schema($0, direction) })]
    }
    if shape.isNullable { value = Self.nullable(value) }
    return shape.words.map { Self.described(value, $0) } ?? value
  }

  private mutating func object(_ members: [Shape.Member], _ direction: Direction) -> JSONValue {
    var properties: [JSONValue.Member] = []
    for member in members { properties.append(.init(member.name, schema(member.shape, direction))) }
    var value: JSONValue = ["type": "object", "properties": .object(properties)]
    let required = members.filter(\.isRequired).map(\.name)
    if !required.isEmpty { value["required"] = JSONValue(required) }
    if direction == .input { value["additionalProperties"] = false }
    return value
  }

  private static func text(_ form: TextForm, _ direction: Direction) -> JSONValue {
    var value: JSONValue = ["type": "string"]
    if let words = form.words {
      guard direction == .output else { return value.setting("enum", JSONValue(words)) }
      return value.setting("description", .string("One of \(words.joined(separator: ", ")); more may be added."))
        .setting("examples", JSONValue(words))
    }
    if let format = form.format { value["format"] = .string(format) }
    if let pattern = form.pattern { value["pattern"] = .string(pattern) }
    // A format or pattern of fixed length says it already.
    if form.example == nil, direction == .input {
      if form.length.lowerBound > 0 { value["minLength"] = .int(form.length.lowerBound) }
      value["maxLength"] = .int(form.length.upperBound)
    }
    if let example = form.example { value["examples"] = [.string(example)] }
    return value
  }

  private static func nullable(_ value: JSONValue) -> JSONValue {
    guard let type = value["type"] else { return value["anyOf"] == nil ? value : ["anyOf": [value, ["type": "null"]]] }
    var nullable = value.setting("type", [type, "null"])
    if let words = value["enum"] { nullable["enum"] = .array(words.elements + [.null]) }
    return nullable
  }

  private static func described(_ value: JSONValue, _ words: String) -> JSONValue {
    let more = value["description"]?.string.map { " " + $0 } ?? ""
    return value.setting("description", .string(words + more))
  }
}

extension Shape {
  /// Without what belongs to the place where it stands.
  fileprivate var plain: Shape { at(place: nil, isNullable: false) }
}
