/// Why a text is not JSON we accept. The caller can only refuse it; the offset is for whoever looks at the text.
package enum JSONError: Error, Equatable, Sendable {
  /// The sentence holds no byte of the text, so it may be logged. `offset` counts bytes from 0.
  case malformed(String, offset: Int)
  /// Nested deeper than `Limits.jsonDepthMax`.
  case tooDeep
}
