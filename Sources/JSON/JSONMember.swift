import CJSON
import Glibc

/// One member of an object while it is being walked.
package struct JSONMember: Sendable {
  package let value: JSONNode
  package var key: JSONKey { JSONKey(value) }
}

/// A member's key where it stands in the source: comparing it with a literal looks at the bytes and allocates nothing.
package struct JSONKey: Sendable {
  let node: JSONNode
  /// Bytes of the key; -1 when it is escaped, so that only decoding tells.
  @usableFromInline let count: Int

  init(_ node: JSONNode) {
    self.node = node
    let entry = node.entry
    count = entry.flags & UInt8(CJSON_KEY_ESCAPED.rawValue) != 0 ? -1 : Int(entry.key_length)
  }

  @unsafe private var source: UnsafeBufferPointer<UInt8> {
    let entry = node.entry
    return unsafe UnsafeBufferPointer(start: node.document.text + Int(entry.key_start), count: Int(entry.key_length))
  }

  private var isEscaped: Bool { count < 0 }

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

  /// Most keys differ in their length already: that is seen without a call.
  @inlinable package static func == (left: JSONKey, right: StaticString) -> Bool {
    left.count >= 0 && left.count != right.utf8CodeUnitCount ? false : left.isSame(as: right)
  }

  @usableFromInline func isSame(as right: StaticString) -> Bool {
    right.withUTF8Buffer { unsafe equals($0) }
  }

  @inlinable package static func != (left: JSONKey, right: StaticString) -> Bool { !(left == right) }

  /// Lets a key be the subject of a `switch` over literals.
  @inlinable package static func ~= (pattern: StaticString, key: JSONKey) -> Bool { key == pattern }
}
