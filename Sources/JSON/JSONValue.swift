import Basics

/// A JSON value as a Swift value: for what we compose ourselves, and for texts small enough to be taken apart whole.
///
/// Members are equal in their order alone, and `1.0` is not `1`. Strings are equal as Swift has it: `é` is one letter
/// in either spelling.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// The exact token. It has to be a number of the JSON grammar: writing any other text traps. For text from outside
  /// use ``init(numberText:)``.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var key: String
    package var value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  package static func int(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

  /// `nil` becomes ``null``.
  package init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }
  /// `nil` becomes ``null``.
  package init(_ value: Int?) { self = value.map { .int($0) } ?? .null }
  /// `nil` becomes ``null``.
  package init(_ value: Bool?) { self = value.map(JSONValue.bool) ?? .null }
  package init(_ values: [String]) { self = .array(values.map(JSONValue.string)) }

  /// A number from text of unknown origin; `nil` when it is not a number of the JSON grammar.
  package init?(numberText: String) {
    guard NumberGrammar.matches(numberText) else { return nil }
    self = .number(numberText)
  }

  /// Copies a node and everything in it. Nesting is bounded by the document's own limit.
  package init(_ node: JSONNode) {
    switch node.kind {
    case .null: self = .null
    case .bool: self = .bool(node.bool == true)
    case .number: self = .number(node.raw)
    case .string: self = .string(node.string ?? "")
    case .array: self = .array(node.elements.map { JSONValue($0) })
    case .object: self = .object(node.members.map { Member($0.key, JSONValue($0.value)) })
    }
  }

  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    JSONValue(try JSONDocument(bytes).root)
  }

  package static func parse(_ text: String) throws(JSONError) -> JSONValue {
    JSONValue(try JSONDocument(text).root)
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Keeps the order of the literal.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0, $1) })
  }
}
