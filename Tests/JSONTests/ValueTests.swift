import Basics
import JSON
import Testing

/// Values: composing, changing, writing, and reading back.
@Suite struct `A JSON value` {
  @Test func `is written from literals in their order`() {
    let id = 7
    let value: JSONValue = [
      "b": 1, "a": ["x", nil, true, -2], "id": "tx-\(id)", "empty": [:], "none": [], "amount": .number("12.30"),
      "maybe": JSONValue(nil as String?), "count": JSONValue(3 as Int?), "wide": .int(UInt64.max),
    ]
    #expect(
      value.text()
        == #"{"b":1,"a":["x",null,true,-2],"id":"tx-7","empty":{},"none":[],"amount":12.30,"maybe":null,"#
        + #""count":3,"wide":18446744073709551615}"#)
  }

  @Test func `is indented as Plaid indents its webhooks`() {
    let value: JSONValue = ["webhook_code": "X", "error": nil, "list": [1, ["a": []]], "none": [:], "last": [[]]]
    #expect(
      value.text(indent: 2) == """
        {
          "webhook_code": "X",
          "error": null,
          "list": [
            1,
            {
              "a": []
            }
          ],
          "none": {},
          "last": [
            []
          ]
        }
        """)
  }

  @Test func `escapes what has to be escaped and nothing else`() {
    let value: JSONValue = "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1b}\u{7f}\u{2028}é😀"
    #expect(value.text() == #""\"\\/\b\f\n\r\t\u0000\u001b"# + "\u{7f}\u{2028}é😀\"")
    #expect((["\n": 1] as JSONValue).text() == #"{"\n":1}"#)
  }

  @Test func `is read by key`() throws {
    let value = try JSONValue.parse(#"{"a": {"b": [1, "x", null, false]}, "d": 1, "d": 2.5}"#)
    #expect(value["a"]?["b"]?.elements.count == 4)
    #expect(value["a"]?["b"]?.elements[0].int == 1)
    #expect(value["a"]?["b"]?.elements[1].string == "x")
    #expect(value["a"]?["b"]?.elements[2].isNull == true)
    #expect(value["a"]?["b"]?.elements[3].bool == false)
    #expect(value["d"]?.numberText == "2.5")
    #expect(value["x"] == nil && value["a"]?["x"] == nil && JSONValue.null["a"] == nil)
    #expect(value.members.map(\.key) == ["a", "d", "d"])
  }

  @Test func `is changed in place`() {
    var value: JSONValue = ["a": 1, "b": 2]
    value["a"] = "x"
    value["c"] = [:]
    value["c"]?["deep"] = true
    #expect(value == ["a": "x", "b": 2, "c": ["deep": true]])
    value["b"] = nil
    #expect(value.text() == #"{"a":"x","c":{"deep":true}}"#)
    #expect(value.removing(keys: ["a", "zzz"]) == ["c": ["deep": true]])
    #expect(value.setting("a", 1).setting("c", nil) == ["a": 1])
    #expect(JSONValue.string("s").removing(keys: ["a"]) == "s")
  }

  @Test func `differs by order and by the digits of numbers`() {
    #expect((["a": 1, "b": 2] as JSONValue) != ["b": 2, "a": 1])
    #expect(JSONValue.number("1.0") != .number("1"))
  }

  @Test(arguments: ["", "-", "01", "1.", ".1", "1e", "+1", "1 ", " 1", "NaN", "1\0", "١", "0x1", "1,\"admin\":true"])
  func `is no number that JSON would not call one`(text: String) {
    #expect(JSONValue(numberText: text) == nil)
  }

  @Test(arguments: ["0", "-0", "10", "1.50", "1e5", "-1.5E-10", "1e+5"])
  func `is a number when JSON calls it one`(text: String) {
    #expect(JSONValue(numberText: text) == .number(text))
  }

  @Test func `with a false number is never written`() async {
    await #expect(processExitsWith: .failure) { _ = JSONValue.number("1,\"admin\":true").serialized() }
  }

  @Test func `comes back from its text whatever it is`() throws {
    for seed in 0..<2000 {
      var random = SeededRandom(seed: UInt64(seed))
      let value = JSONValue.arbitrary(&random, depth: 6)
      #expect(try JSONValue.parse(value.serialized()) == value, "seed \(seed)")
      // Bytes as well, because equal strings may be spelled differently.
      #expect(try JSONValue.parse(value.serialized(indent: 2)).serialized() == value.serialized(), "seed \(seed)")
      let root = try JSONDocument(value.serialized()).root
      var writer = JSONWriter()
      writer.raw(root)
      #expect(writer.bytes == value.serialized(), "seed \(seed)")
    }
  }
}

@Suite struct `A JSON writer` {
  @Test func `writes piece by piece`() throws {
    let source = try JSONDocument(#"{"kept": [1.50,  "x"]}"#)
    for (indent, expected) in [
      (nil, #"{"rows":[{"id":"a","ok":true},null,-5,1.50,[1.50,  "x"],["v"]],"next":null}"#),
      (
        1,
        """
        {
         "rows": [
          {
           "id": "a",
           "ok": true
          },
          null,
          -5,
          1.50,
          [1.50,  "x"],
          [
           "v"
          ]
         ],
         "next": null
        }
        """
      ),
    ] as [(Int?, String)] {
      var writer = JSONWriter(indent: indent, reserving: 100)
      writer.beginObject()
      writer.key("rows")
      writer.beginArray()
      writer.beginObject()
      writer.key("id")
      writer.string("a")
      writer.key("ok")
      writer.bool(true)
      writer.endObject()
      writer.null()
      writer.int(-5)
      writer.number("1.50")
      writer.raw(try #require(source.root["kept"]))
      writer.value(["v"])
      writer.endArray()
      writer.key("next")
      writer.null()
      writer.endObject()
      #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }
  }
}

extension JSONValue {
  /// Any value: all kinds, awkward strings, repeated keys.
  fileprivate static func arbitrary(_ random: inout SeededRandom, depth: Int) -> JSONValue {
    switch random.int(in: 0...(depth > 0 ? 7 : 4)) {
    case 0: return .null
    case 1: return .bool(random.chance(1, in: 2))
    case 2: return .number(random.pick(["0", "-0", "1.50", "1e5", "-2E-9", String(repeating: "7", count: 90)]))
    case 3: return .int(Int(truncatingIfNeeded: random.next()))
    case 4: return .string(arbitraryText(&random))
    case 5: return .array((0..<random.int(in: 0...5)).map { _ in arbitrary(&random, depth: depth - 1) })
    default:
      return .object(
        (0..<random.int(in: 0...5)).map { _ in
          Member(arbitraryText(&random), arbitrary(&random, depth: depth - 1))
        })
    }
  }

  private static func arbitraryText(_ random: inout SeededRandom) -> String {
    var text = ""
    for _ in 0..<random.int(in: 0...12) {
      switch random.int(in: 0...3) {
      case 0: text.unicodeScalars.append(Unicode.Scalar(UInt8(random.int(in: 0...127))))
      case 1: text += random.pick(["\"", "\\", "\\u0041", "/", "\u{2028}", "\u{FFFD}", "\u{10FFFF}", "e\u{301}"])
      default: text.unicodeScalars.append(Unicode.Scalar(UInt32(random.int(in: 0...0x10FFFF))) ?? "?")
      }
    }
    return text
  }
}
