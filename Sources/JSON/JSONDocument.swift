import Basics
import CJSON

/// One JSON text and the index of everything in it: checked once in full, then read without parsing again.
///
/// The whole text is held to RFC 8259: grammar, UTF-8, one value, nothing after it. Two things are decided here that the
/// RFC leaves open. A key may occur twice, and the last one wins, in ``JSONNode/subscript(_:)-(StaticString)`` as in a
/// loop that assigns each member. A lone surrogate such as `\ud83d` is accepted and reads as U+FFFD: banks cut
/// memos at a fixed number of UTF-16 units, and half an emoji must not stop a page of transactions. ``JSONNode/raw``
/// keeps it as it was written.
@safe
package final class JSONDocument: @unchecked Sendable {
  // Both are written by `init` alone, so sharing them is safe.
  let text: UnsafePointer<UInt8>
  let nodes: UnsafePointer<cjson_node>

  /// Copies the bytes and indexes them.
  package init(_ bytes: [UInt8]) throws(JSONError) {
    let padding = Int(CJSON_PADDING)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + padding)
    unsafe bytes.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { unsafe copy.initialize(from: start, count: source.count) }
    }
    unsafe (copy + bytes.count).initialize(repeating: 0, count: padding)
    var index = unsafe cjson_index()
    let result = unsafe cjson_parse(copy, bytes.count, UInt32(Limits.jsonDepthMax), &index)
    guard result == Int32(CJSON_OK.rawValue), let found = unsafe index.nodes else {
      unsafe copy.deallocate()
      throw result == Int32(CJSON_BAD_UTF8.rawValue)
        ? .malformed("the text is not UTF-8", offset: Self.firstInvalid(bytes))
        : Self.error(result, offset: unsafe index.error_offset)
    }
    unsafe text = UnsafePointer(copy)
    unsafe nodes = UnsafePointer(found)
  }

  package convenience init(_ text: String) throws(JSONError) {
    try self.init(Array(text.utf8))
  }

  deinit {
    unsafe text.deallocate()
    unsafe cjson_free(UnsafeMutablePointer(mutating: nodes))
  }

  package var root: JSONNode { JSONNode(document: self, index: 0) }

  /// Where UTF-8 breaks off.
  private static func firstInvalid(_ bytes: [UInt8]) -> Int {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return bytes.count
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  private static func error(_ result: Int32, offset: Int) -> JSONError {
    switch cjson_result(UInt32(bitPattern: result)) {
    case CJSON_TOO_DEEP: .tooDeep
    case CJSON_ENDS_EARLY: .malformed("the text ends early", offset: offset)
    case CJSON_NOT_A_VALUE: .malformed("a value was expected", offset: offset)
    case CJSON_BAD_NUMBER: .malformed("a number is malformed", offset: offset)
    case CJSON_BAD_STRING: .malformed("a control character in a string", offset: offset)
    case CJSON_BAD_ESCAPE: .malformed("an unknown escape in a string", offset: offset)
    case CJSON_KEY_EXPECTED: .malformed("a key was expected", offset: offset)
    case CJSON_COLON_EXPECTED: .malformed("a colon was expected", offset: offset)
    case CJSON_COMMA_EXPECTED: .malformed("a comma or a closing bracket was expected", offset: offset)
    case CJSON_TRAILING: .malformed("something follows the value", offset: offset)
    case CJSON_TOO_LONG: .malformed("the text is too long", offset: offset)
    default: .malformed("out of memory", offset: offset)
    }
  }
}
