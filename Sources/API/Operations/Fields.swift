package import Basics
package import Finance
package import JSON

/// The members of a body or query that was held against its shape: reading one as the type its shape promises succeeds.
package struct Fields: Sendable {
  package let object: JSONValue

  package init(_ object: JSONValue) { self.object = object }

  /// Nil when the member was not given, or is null.
  package subscript<Value: FieldValue>(_ name: String) -> Value? {
    guard let value = object[name], !value.isNull else { return nil }
    return Value(field: value)
  }

  /// A member that its shape requires.
  package func required<Value: FieldValue>(_ name: String) throws(Problem) -> Value {
    guard let value: Value = self[name] else {
      throw Problem(500, "internal", "Something went wrong on our side.", detail: "\(name) is declared otherwise.")
    }
    return value
  }

  /// True when the member was given, be it null: where null means to take away what was there.
  package func has(_ name: String) -> Bool { object[name] != nil }

  /// What a change does to one member: absent leaves it, null takes it away.
  package func change<Value: FieldValue>(_ name: String, as _: Value.Type = Value.self) -> FieldChange<Value> {
    guard let value = object[name] else { return .leave }
    return Value(field: value).map { .set($0) } ?? .clear
  }
}

/// One member of a change.
package enum FieldChange<Value: Sendable>: Sendable {
  case leave, clear
  case set(Value)
}

/// A type that a field can be read as.
package protocol FieldValue: Sendable {
  init?(field: JSONValue)
}

extension String: FieldValue {
  package init?(field: JSONValue) {
    guard let text = field.string else { return nil }
    self = text
  }
}

extension Secret: FieldValue where Value == String {
  package init?(field: JSONValue) {
    guard let text = field.string else { return nil }
    self.init(text)
  }
}

extension Int: FieldValue {
  package init?(field: JSONValue) {
    guard let number = field.wholeNumber else { return nil }
    self = number
  }
}

extension JSONValue {
  /// A whole number, however it is written: to JSON Schema `5.0` is one too.
  var wholeNumber: Int? {
    guard let text = numberText, let point = text.firstIndex(of: ".") else { return int }
    return text[text.index(after: point)...].allSatisfy { $0 == "0" } ? Int(text[..<point]) : nil
  }
}

extension Bool: FieldValue {
  package init?(field: JSONValue) {
    guard let flag = field.bool else { return nil }
    self = flag
  }
}

extension ID: FieldValue {
  package init?(field: JSONValue) {
    guard let text = field.string else { return nil }
    self.init(text)
  }
}

extension CalendarDate: FieldValue {
  package init?(field: JSONValue) {
    guard let text = field.string else { return nil }
    self.init(text)
  }
}

extension Timestamp: FieldValue {
  package init?(field: JSONValue) {
    guard let text = field.string else { return nil }
    self.init(rfc3339: text)
  }
}

extension Money: FieldValue {
  package init?(field: JSONValue) {
    guard let amount = field["amount"]?.string,
      let currency = field["currency"]?.string.flatMap(Currency.init(stored:)),
      let money = try? Money(decimal: amount, currency)
    else { return nil }
    self = money
  }
}

extension DecimalText: FieldValue {
  package init?(field: JSONValue) {
    guard let text = field.string else { return nil }
    self.init(text)
  }
}

extension Currency: FieldValue {
  package init?(field: JSONValue) {
    guard let text = field.string else { return nil }
    self.init(stored: text)
  }
}

extension Fields: FieldValue {
  package init?(field: JSONValue) {
    guard case .object = field else { return nil }
    self.init(field)
  }
}

extension JSONValue: FieldValue {
  package init?(field: JSONValue) { self = field }
}

extension Array: FieldValue where Element: FieldValue {
  package init?(field: JSONValue) {
    guard case .array(let elements) = field else { return nil }
    var values: [Element] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      guard let value = Element(field: element) else { return nil }
      values.append(value)
    }
    self = values
  }
}
