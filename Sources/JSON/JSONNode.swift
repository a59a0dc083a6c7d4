import CJSON

/// One value of a ``JSONDocument``: a place in the text, read when asked. Copying it copies a reference and a number.
package struct JSONNode: Sendable {
  package enum Kind: Sendable {
    case null, bool, number, string, array, object
  }

  let document: JSONDocument
  let index: Int

  var entry: cjson_node { unsafe document.nodes[index] }

  /// The bytes of the value in the source. Valid while the document lives.
  @unsafe var source: UnsafeBufferPointer<UInt8> {
    let entry = entry
    return unsafe UnsafeBufferPointer(start: document.text + Int(entry.start), count: Int(entry.length))
  }

  package var kind: Kind {
    switch cjson_kind(UInt32(entry.kind)) {
    case CJSON_NULL: .null
    case CJSON_TRUE, CJSON_FALSE: .bool
    case CJSON_NUMBER: .number
    case CJSON_STRING: .string
    case CJSON_ARRAY: .array
    default: .object
    }
  }

  private func isKind(_ kind: cjson_kind) -> Bool { entry.kind == UInt8(kind.rawValue) }

  package var isNull: Bool { isKind(CJSON_NULL) }

  /// `nil` when the value is not `true` or `false`.
  package var bool: Bool? {
    isKind(CJSON_TRUE) ? true : isKind(CJSON_FALSE) ? false : nil
  }

  /// The text of a string, unescaped; `nil` for every other kind.
  package var string: String? {
    guard isKind(CJSON_STRING) else { return nil }
    let inner = unsafe UnsafeBufferPointer(rebasing: source[1..<source.count - 1])
    return entry.flags & UInt8(CJSON_ESCAPED.rawValue) == 0
      ? unsafe String(decoding: inner, as: UTF8.self) : unsafe Escapes.decoded(inner)
  }

  /// The token of a number exactly as the source wrote it, such as `12.30`; `nil` for every other kind.
  package var numberText: String? {
    isKind(CJSON_NUMBER) ? raw : nil
  }

  /// A number written without fraction and exponent that fits; `nil` for everything else.
  package var int: Int? {
    guard isKind(CJSON_NUMBER) else { return nil }
    return unsafe Int(source)
  }

  /// Elements of an array or members of an object; 0 for every other kind.
  package var count: Int { Int(entry.count) }

  /// The member's value. `nil` when it is absent or this is not an object; of two equal keys the last wins.
  package subscript(_ key: StaticString) -> JSONNode? {
    key.withUTF8Buffer { unsafe member(named: $0) }
  }

  /// The member's value. `nil` when it is absent or this is not an object; of two equal keys the last wins.
  package subscript(_ key: String) -> JSONNode? {
    var key = key
    return key.withUTF8 { unsafe member(named: $0) }
  }

  private func member(named name: UnsafeBufferPointer<UInt8>) -> JSONNode? {
    var found: JSONNode?
    forEachMember { member in
      if unsafe member.key.equals(name) { found = member.value }
    }
    return found
  }

  /// The elements in order; none when this is not an array.
  package var elements: JSONElements {
    isKind(CJSON_ARRAY)
      ? JSONElements(document: document, place: index + 1, end: Int(entry.next))
      : JSONElements(document: document, place: index, end: index)
  }

  /// Visits the members in order, without allocating; none when this is not an object.
  ///
  /// ```swift
  /// row.forEachMember { member in
  ///   switch member.key {
  ///   case "amount": amount = member.value.numberText
  ///   default: break
  ///   }
  /// }
  /// ```
  package func forEachMember<Failure: Error>(_ body: (JSONMember) throws(Failure) -> Void) throws(Failure) {
    guard isKind(CJSON_OBJECT) else { return }
    let end = Int(entry.next)
    var at = index + 1
    while at < end {
      try body(JSONMember(value: JSONNode(document: document, index: at)))
      at = unsafe Int(document.nodes[at].next)
    }
  }

  /// The members in order, with their keys unescaped; duplicates are kept. Allocates: not for rows by the thousand.
  package var members: [(key: String, value: JSONNode)] {
    var members: [(key: String, value: JSONNode)] = []
    members.reserveCapacity(count)
    forEachMember { members.append(($0.key.string, $0.value)) }
    return members
  }

  /// The value exactly as the source wrote it, white space inside included.
  package var raw: String { unsafe String(decoding: source, as: UTF8.self) }
}

/// The elements of an array node, walked by their place in the index.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
  let document: JSONDocument
  var place: Int
  let end: Int

  package mutating func next() -> JSONNode? {
    guard place < end else { return nil }
    defer { place = unsafe Int(document.nodes[place].next) }
    return JSONNode(document: document, index: place)
  }
}
