import JSON

/// Spoils a good answer in the way a fault asks for: readers have to live with all of these.
extension Fault {
  func spoil(_ json: JSONValue) -> JSONValue {
    switch self {
    case .unknownWords: Self.withUnknownWords(json)
    case .extraKeys: Self.withExtraKeys(json)
    case .null(let field): Self.changing(field, in: json) { _ in .null }
    case .wrongType(let field): Self.changing(field, in: json, Self.otherType)
    case .missing(let field): Self.changing(field, in: json) { _ in nil }
    case .garbageRow: Self.withGarbage(json)
    default: json
    }
  }

  /// Lists whose elements are rows of the answer.
  private static let rows: Set<String> = [
    "added", "modified", "removed", "transactions", "accounts", "holdings", "securities", "investment_transactions",
    "inflow_streams", "outflow_streams", "institutions",
  ]

  private static let words: Set<String> = [
    "payment_channel", "transaction_code", "type", "subtype", "verification_status", "confidence_level", "primary",
    "detailed", "frequency", "status", "transaction_type",
  ]

  private static func withUnknownWords(_ json: JSONValue) -> JSONValue {
    walk(json) { key, value in words.contains(key) && value.string != nil ? "never_seen_before" : value }
  }

  private static func withExtraKeys(_ json: JSONValue) -> JSONValue {
    switch json {
    case .array(let elements): .array(elements.map(withExtraKeys))
    case .object(let members):
      .object(
        members.map { .init($0.key, withExtraKeys($0.value)) } + [
          .init("brand_new_key", ["nested": [1, "two", nil], "since": "2031-01-01"])
        ])
    default: json
    }
  }

  /// Changes the first occurrence of a field in each list of rows, or at the top when no row has it.
  private static func changing(_ field: String, in json: JSONValue, _ change: (JSONValue) -> JSONValue?) -> JSONValue {
    var isDone = false
    let changed = JSONValue.object(
      json.members.map { member in
        guard rows.contains(member.key), case .array(var elements) = member.value,
          let index = elements.firstIndex(where: { holds(field, $0) })
        else { return member }
        isDone = true
        elements[index] = replacing(field, in: elements[index], change)
        return .init(member.key, .array(elements))
      })
    return isDone ? changed : replacing(field, in: json, change)
  }

  private static func holds(_ field: String, _ json: JSONValue) -> Bool {
    json[field] != nil || json.members.contains { if case .object = $0.value { holds(field, $0.value) } else { false } }
  }

  private static func replacing(
    _ field: String, in json: JSONValue, _ change: (JSONValue) -> JSONValue?
  ) -> JSONValue {
    if let value = json[field] { return json.setting(field, change(value)) }
    guard case .object(let members) = json else { return json }
    return .object(members.map { .init($0.key, replacing(field, in: $0.value, change)) })
  }

  private static func otherType(_ value: JSONValue) -> JSONValue {
    switch value {
    case .number(let text): .string(text)
    case .string, .null: 17
    case .bool(let value): .string(value ? "yes" : "no")
    case .array: "not a list"
    case .object: ["not an object"]
    }
  }

  private static func withGarbage(_ json: JSONValue) -> JSONValue {
    .object(
      json.members.map { member in
        guard rows.contains(member.key), case .array(let elements) = member.value, member.key != "accounts" else {
          return member
        }
        return .init(member.key, .array([["unexpected": [true, nil, .number("1.5")]]] + elements))
      })
  }

  private static func walk(_ json: JSONValue, _ change: (String, JSONValue) -> JSONValue) -> JSONValue {
    switch json {
    case .array(let elements): .array(elements.map { walk($0, change) })
    case .object(let members): .object(members.map { .init($0.key, walk(change($0.key, $0.value), change)) })
    default: json
    }
  }
}
