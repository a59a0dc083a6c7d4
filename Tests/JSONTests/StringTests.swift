import JSON
import Testing

/// Strings and numbers as they come out of the source.
@Suite struct `Text in the source` {
  private func string(_ inner: String) throws -> String? { try JSONDocument("\"\(inner)\"").root.string }

  @Test(arguments: [
    (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"), (#"\u0041\u00e9\u20AC"#, "Aé€"), (#"a\u0000b"#, "a\0b"),
    (#"\ud83d\ude00"#, "😀"), (#"\uD83D\uDE00\uD83D\uDE00"#, "😀😀"), (#"\udbff\udfff"#, "\u{10FFFF}"),
    (#"\ud800\udc00"#, "\u{10000}"), ("é\u{2028}😀", "é\u{2028}😀"), (#"😀\n😀"#, "😀\n😀"), (#"\\u0041"#, #"\u0041"#),
    (#"\uffff\ufffe"#, "\u{FFFF}\u{FFFE}"),
  ])
  func `is unescaped`(inner: String, expected: String) throws {
    let read = try #require(try string(inner))
    #expect(Array(read.utf8) == Array(expected.utf8))
  }

  /// Half a surrogate pair reads as U+FFFD, so that a memo cut in the middle of an emoji does not stop a page.
  @Test(arguments: [
    (#"\ud83d"#, "\u{FFFD}"), (#"\ude00"#, "\u{FFFD}"), (#"\ud83dx"#, "\u{FFFD}x"), (#"\ud83d\n"#, "\u{FFFD}\n"),
    (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"), (#"\ud83d\u0041"#, "\u{FFFD}A"),
    (#"\udbff\ue000"#, "\u{FFFD}\u{E000}"), (#"\ud83d\\de00"#, "\u{FFFD}\\de00"),
  ])
  func `has half a surrogate pair replaced`(inner: String, expected: String) throws {
    let node = try JSONDocument("\"\(inner)\"").root
    let read = try #require(node.string)
    #expect(Array(read.utf8) == Array(expected.utf8))
    #expect(node.raw == "\"\(inner)\"")
  }

  @Test func `ends at its quote wherever that stands`() throws {
    for length in 0..<70 {
      let plain = String(repeating: "x", count: length)
      let root = try JSONDocument("[\"\(plain)\",\"\(plain)\\\"\",{\"\(plain)\":1,\"\(plain)\\n\":2}]").root
      let elements = Array(root.elements)
      #expect(elements[0].string == plain)
      #expect(elements[1].string == plain + "\"")
      #expect(elements[2][plain]?.int == 1)
      #expect(elements[2][plain + "\n"]?.int == 2)
      #expect(throws: JSONError.self) { try JSONDocument("\"\(plain)\n\"") }
      #expect(throws: JSONError.self) { try JSONDocument("\"\(plain)") }
    }
  }

  /// The trick that looks at eight bytes at a time marks a byte above a true find by mistake: none may be believed.
  @Test func `stops at no byte but a quote, a backslash or a control character`() throws {
    for first in UInt8.min...UInt8.max {
      for second in [0x20, 0x21, 0x22, 0x23, 0x5B, 0x5D, 0x7F] as [UInt8] {
        let inner = [first, second, second, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61]
        let isPlain = first >= 0x20 && first < 0x80 && ![0x22, 0x5C].contains(first) && second != 0x22
        let text = [0x22] + inner + [0x22]
        if isPlain {
          #expect(try JSONDocument(text).root.string.map { Array($0.utf8) } == inner)
        } else if first != 0x5C || ![0x22, 0x5C].contains(second) {
          #expect(throws: JSONError.self) { try JSONDocument(text) }
        }
      }
    }
  }

  @Test(arguments: [
    "0", "-0", "12.30", "23631.9805", "1e400", "-1E-400", "0.1", "1.0", "100000000000000000000000000000",
    "0.000000000000000000000000000001", "9223372036854775808", String(repeating: "9", count: 500),
  ])
  func `keeps a number's digits`(number: String) throws {
    for text in [number, "[\(number) ]", "{\"a\":\(number)}", "[\(number),1]", " \(number)\n"] {
      let root = try JSONDocument(text).root
      let node = root.count == 0 ? root : try #require(root["a"] ?? root.elements.first { _ in true })
      #expect(node.numberText == number)
      #expect(JSONValue(node) == .number(number))
      #expect(JSONValue(node).text() == number)
    }
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("42", 42), ("-42", -42), ("9223372036854775807", .max), ("-9223372036854775808", .min),
    ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999", nil), ("1.0", nil),
    ("1e2", nil), ("\"1\"", nil), ("null", nil), ("true", nil),
  ])
  func `is an integer only when written as one`(text: String, expected: Int?) throws {
    #expect(try JSONDocument(text).root.int == expected)
    #expect(try JSONValue.parse(text).int == expected)
  }
}
