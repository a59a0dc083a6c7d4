import Basics
import JSON
import Testing

/// What is JSON and what is not, document by document.
@Suite struct `The grammar` {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "1e5", "1E+5", "1.5e-7", "-12.30", "\"\"", "\"a\"", "[]", "{}", "[ ]", "{ }",
    " [1 , 2\t,\n3\r] ", #"{"a":{"b":[{},[],null]}}"#, #"{"":""}"#, #"{"a":1,"a":2}"#, "[[[[[[[[]]]]]]]]",
    #"["\"\\\/\b\f\n\r\t\u0000\uABCD\uabcd"]"#, #""\ud83d\ude00""#, #""\ud83d""#, "\"\u{7F}\u{2028}\u{10FFFF}\"",
    "123456789012345678901234567890.123456789012345678901234567890", "\t\n\r 1 \t\n\r",
    "[true,false,null,1,\"x\",{}]", "\"1234567\"", "\"12345678\"", "\"123456789\"",
  ])
  func `accepts`(text: String) throws {
    let document = try JSONDocument(text)
    #expect(document.root.raw == text.trimmed)
    #expect(try JSONValue.parse(text) == JSONValue(document.root))
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "Null", "NULL", "tru", "truE", "fals", "undefined", "NaN", "Infinity", "-Infinity",
    "+1", "-", "--1", "01", "-01", "00", "1.", ".5", "-.5", "1e", "1e+", "1.e5", "0x10", "1_000", "1,000", "1 2",
    "\"", "\"a", "'a'", "a", "\"a\"b", "\"\\x41\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\\"", "\"\\", "\"\\U0041\"",
    "\"tab\there\"", "\"line\nhere\"", "\"\u{1F}\"", "\"nul\0\"",
    "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[1:2]", "[1}", "[}", "[]]", "[][]", "[1];",
    "{", "}", "{]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\",1}", "{a:1}",
    "{1:1}", "{null:1}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "{\"a\":1}}", "{}{}", "{\"a\":}",
    "{[]:1}", "{{}:1}", "// x\n1", "/* x */ 1", "1 // x", "#1", "\u{FEFF}1", "1\0", "\0", "1\u{A0}", "\u{0B}1",
    "\u{0C}1",
  ])
  func `refuses`(text: String) {
    #expect(throws: JSONError.self) { try JSONDocument(text) }
    #expect(throws: JSONError.self) { try JSONValue.parse(text) }
  }

  @Test(arguments: [
    (#"{"a": 1, "b" 2}"#, "a colon was expected", 13), (#"{"a": 1,}"#, "a key was expected", 8),
    ("[1 2]", "a comma or a closing bracket was expected", 3), ("[1,", "the text ends early", 3),
    ("[nil]", "a value was expected", 2), ("[-a]", "a number is malformed", 1),
    ("[] []", "something follows the value", 3),
    (#"["\q"]"#, "an unknown escape in a string", 3), ("[\"a\nb\"]", "a control character in a string", 3),
  ])
  func `says where and why`(text: String, reason: String, offset: Int) {
    #expect(throws: JSONError.malformed(reason, offset: offset)) { try JSONDocument(text) }
  }

  @Test(
    arguments: [
      [0x80], [0xC3], [0xC3, 0x28], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
      [0xF0, 0x80, 0x80, 0xAF],
    ] as [[UInt8]])
  func `refuses what is not UTF-8`(bytes: [UInt8]) {
    for filler in [0, 7, 31, 100] {
      let head = Array("[\"".utf8) + [UInt8](repeating: 0x61, count: filler)
      let text = head + bytes + Array("\", 1]".utf8)
      #expect(throws: JSONError.malformed("the text is not UTF-8", offset: head.count)) { try JSONDocument(text) }
      let key = Array("{\"".utf8) + bytes + Array("\":1}".utf8)
      #expect(throws: JSONError.self) { try JSONDocument(key) }
    }
  }

  @Test func `nests so deep and no deeper`() throws {
    let limit = Limits.jsonDepthMax
    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + (open == "[" ? "" : "1") + String(repeating: close, count: depth)
    }
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      let value = try JSONValue.parse(nested(limit, open, close))
      #expect(value.text() == nested(limit, open, close))
      #expect(throws: JSONError.tooDeep) { try JSONDocument(nested(limit + 1, open, close)) }
      #expect(throws: JSONError.tooDeep) { try JSONDocument(nested(1_000_000, open, close)) }
      #expect(throws: JSONError.tooDeep) { try JSONDocument(String(repeating: open, count: 1_000_000)) }
    }
    #expect(try JSONDocument("[" + String(repeating: "[[]],", count: 1000) + "0]").root.count == 1001)
  }
}

extension String {
  fileprivate var trimmed: String {
    let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
    let bytes = utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    return String(decoding: Array(bytes), as: UTF8.self)
  }
}
