import CPCRE2

/// A regular expression that a person wrote, matched in bounded time: what takes too long does not match.
///
/// Patterns that match the empty string are refused: they would match every row.
@safe package final class Pattern: @unchecked Sendable {
  package enum Refusal: Error, Equatable, Sendable {
    case tooLong(max: Int)
    /// With the engine's words, and where in the pattern.
    case malformed(words: String, at: Int)
    case matchesNothingAtAll
  }

  package static let lengthMax = 500
  /// Steps that one match may take: some hundred thousand take a millisecond.
  private static let stepsMax: UInt32 = 20_000
  private static let depthMax: UInt32 = 200

  // Never changed after it was made; the engine lets many threads match with one.
  private let code: OpaquePointer
  private let context: OpaquePointer

  package init(_ text: String) throws(Refusal) {
    guard text.utf8.count <= Self.lengthMax else { throw .tooLong(max: Self.lengthMax) }
    var number: Int32 = 0
    var offset = 0
    var text = text
    let compiled = text.withUTF8 { bytes in
      unsafe pcre2_compile_8(
        bytes.baseAddress, bytes.count, PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &number, &offset, nil)
    }
    guard let code = unsafe compiled else { throw .malformed(words: Self.words(number), at: offset) }
    var matchesEmpty: UInt32 = 0
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_MATCHEMPTY), &matchesEmpty)
    guard matchesEmpty == 0, let context = unsafe pcre2_match_context_create_8(nil) else {
      unsafe pcre2_code_free_8(code)
      throw .matchesNothingAtAll
    }
    unsafe pcre2_set_match_limit_8(context, Self.stepsMax)
    unsafe pcre2_set_depth_limit_8(context, Self.depthMax)
    unsafe self.code = code
    unsafe self.context = context
  }

  deinit {
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_code_free_8(code)
  }

  package func matches(_ text: String) -> Bool {
    guard let data = unsafe pcre2_match_data_create_8(1, nil) else { return false }
    defer { unsafe pcre2_match_data_free_8(data) }
    var text = text
    let result = text.withUTF8 { bytes in
      unsafe pcre2_match_8(code, bytes.baseAddress, bytes.count, 0, 0, data, context)
    }
    // Zero: it matched, and there was no room for groups.
    return result >= 0
  }

  private static func words(_ number: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 120)
    let count = unsafe bytes.withUnsafeMutableBufferPointer {
      unsafe pcre2_get_error_message_8(number, $0.baseAddress, $0.count)
    }
    return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
  }
}
