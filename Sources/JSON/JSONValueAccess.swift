/// Reading and changing a ``JSONValue``.
extension JSONValue {
  package var isNull: Bool { self == .null }

  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  package var numberText: String? {
    guard case .number(let text) = self else { return nil }
    return text
  }

  /// A number written without fraction and exponent that fits.
  package var int: Int? { numberText.flatMap { Int($0) } }

  /// Empty when this is not an array.
  package var elements: [JSONValue] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  /// Empty when this is not an object.
  package var members: [Member] {
    guard case .object(let members) = self else { return [] }
    return members
  }

  /// Reading: `nil` when absent or not an object; of two equal keys the last wins.
  ///
  /// Writing: replaces the value in its place, adds the member at the end, or removes it for `nil`. What is not an
  /// object becomes one.
  package subscript(_ key: String) -> JSONValue? {
    get { members.last { $0.key.utf8.elementsEqual(key.utf8) }?.value }
    set {
      var members = members
      if let newValue, let index = members.lastIndex(where: { $0.key == key }) {
        members[index].value = newValue
      } else if let newValue {
        members.append(Member(key, newValue))
      } else {
        members.removeAll { $0.key == key }
      }
      self = .object(members)
    }
  }

  /// Without these members of this object; deeper objects are left alone. Not an object: unchanged.
  package func removing(keys: Set<String>) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { !keys.contains($0.key) })
  }

  /// With this member replaced in its place or added at the end; `nil` removes it.
  package func setting(_ key: String, _ value: JSONValue?) -> JSONValue {
    var copy = self
    copy[key] = value
    return copy
  }
}
