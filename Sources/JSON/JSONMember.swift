import CJSON
import Glibc

/// One member of an object while it is being walked.
package struct JSONMember: Sendable {
  package let value: JSONNode
  package var key: JSONKey { JSONKey(node: value) }
}

/// A member's key where it stands in the source: comparing it with a literal looks at the bytes and allocates nothing.
package struct JSONKey: Sendable {
  let node: JSONNode

  @unsafe private var source: UnsafeBufferPointer<UInt8> {
    let entry = node.entry
    return unsafe UnsafeBufferPointer(start: node.document.text + Int(entry.key_start), count: Int(entry.key_length))
  }

  private var isEscaped: Bool { node.entry.flags & UInt8(CJSON_KEY_ESCAPED.rawValue) != 0 }

  /// The key, unescaped.
  package var string: String {
    isEscaped ? unsafe Escapes.decoded(source) : unsafe String(decoding: source, as: UTF8.self)
  }

  func equals(_ text: String) -> Bool {
    // Bytes are compared, not characters: `é` as one code point and as two are different keys.
    if isEscaped { return string.utf8.elementsEqual(text.utf8) }
    return unsafe source.count == text.utf8.count && text.utf8.elementsEqual(source)
  }

  package static func == (left: JSONKey, right: StaticString) -> Bool {
    if left.isEscaped { return left.equals(right.description) }
    let source = unsafe left.source
    guard source.count == right.utf8CodeUnitCount else { return false }
    guard let start = source.baseAddress else { return true }
    return unsafe memcmp(start, right.utf8Start, source.count) == 0
  }

  package static func != (left: JSONKey, right: StaticString) -> Bool { !(left == right) }

  /// Lets a key be the subject of a `switch` over literals.
  package static func ~= (pattern: StaticString, key: JSONKey) -> Bool { key == pattern }
}
