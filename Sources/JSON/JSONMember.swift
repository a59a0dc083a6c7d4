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

  /// Bytes are compared, not characters: `é` as one code point and as two are different keys.
  func equals(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    if isEscaped { return unsafe string.utf8.elementsEqual(name) }
    let source = unsafe source
    guard source.count == name.count else { return false }
    guard let start = source.baseAddress, let nameStart = name.baseAddress else { return true }
    return unsafe memcmp(start, nameStart, name.count) == 0
  }

  package static func == (left: JSONKey, right: StaticString) -> Bool {
    right.withUTF8Buffer { unsafe left.equals($0) }
  }

  package static func != (left: JSONKey, right: StaticString) -> Bool { !(left == right) }

  /// Lets a key be the subject of a `switch` over literals.
  package static func ~= (pattern: StaticString, key: JSONKey) -> Bool { key == pattern }
}
