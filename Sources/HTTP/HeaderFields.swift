/// Header fields in the order they were written, found by name without regard to case (RFC 9110 §5.1).
package struct HeaderFields: Sendable {
  /// Every field, in order. A name may come more than once, as `Set-Cookie` does.
  package private(set) var list: [(name: String, value: String)] = []

  package init() {}

  /// The value of the first field of this name. Setting replaces every field of the name; `nil` removes them.
  package subscript(name: String) -> String? {
    get { list.first { Self.isSame($0.name, name) }?.value }
    set {
      guard let newValue else { return list.removeAll { Self.isSame($0.name, name) } }
      guard let first = list.firstIndex(where: { Self.isSame($0.name, name) }) else {
        return list.append((name, newValue))
      }
      list[first] = (name, newValue)
      var index = list.endIndex - 1
      while index > first {
        if Self.isSame(list[index].name, name) { list.remove(at: index) }
        index -= 1
      }
    }
  }

  /// Adds a field after the others, even when the name is there already.
  package mutating func append(_ name: String, _ value: String) { list.append((name, value)) }

  /// Every value of this name, in order.
  package func all(_ name: String) -> [String] { list.filter { Self.isSame($0.name, name) }.map { $0.value } }

  /// Names are ASCII, so folding A–Z is all the case there is; Unicode's own folding would equate too much.
  static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { fold($0) == fold($1) }
  }

  private static func fold(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

extension HeaderFields: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral fields: (String, String)...) {
    for (name, value) in fields { append(name, value) }
  }
}
