import JSON
import Testing

/// Every way of reading a node, on a small row as a bank sends it.
@Suite struct `A JSON node` {
  let row = #"""
    {"id": "x1", "amount": 23631.9805, "cents": -12, "pending": false, "gone": null, "n\u0061me": "Caf\u00e9 \"A\"\n",
     "tags": ["a", 2, [], {}], "place": { "city" : "Aix" }, "a": 12.30, "": 0}
    """#

  @Test func `reads each kind`() throws {
    let root = try JSONDocument(row).root
    #expect(root.kind == .object)
    #expect(root.count == 10)
    #expect(root["id"]?.string == "x1")
    #expect(root["amount"]?.numberText == "23631.9805")
    #expect(root["a"]?.numberText == "12.30")
    #expect(root["cents"]?.int == -12)
    #expect(root["amount"]?.int == nil)
    #expect(root["pending"]?.bool == false)
    #expect(root["gone"]?.isNull == true)
    #expect(root["name"]?.string == "Café \"A\"\n")
    #expect(root["name" as StaticString]?.string == "Café \"A\"\n")
    #expect(root["nam" as StaticString] == nil && root["namE" as StaticString] == nil)
    #expect(root["" as StaticString]?.int == 0)
    #expect(root[""]?.int == 0)
    #expect(root["absent"] == nil)
    #expect(root["place"]?.raw == #"{ "city" : "Aix" }"#)
    #expect(root["place"]?["city"]?.string == "Aix")
    #expect(root["tags"]?.elements.map(\.raw) == [#""a""#, "2", "[]", "{}"])
    #expect(root["tags"]?.count == 4)
    #expect(root["id"]?["city"] == nil)
    #expect(Array(try #require(root["id"]).elements).isEmpty)
  }

  @Test func `walks members by comparing keys with literals`() throws {
    var amount: String?
    var others: [String] = []
    try JSONDocument(row).root.forEachMember { member in
      switch member.key {
      case "amount": amount = member.value.numberText
      case "a", "cents", "name": break
      default: others.append(member.key.string)
      }
    }
    #expect(amount == "23631.9805")
    #expect(others == ["id", "pending", "gone", "tags", "place", ""])
  }

  @Test func `has keys that differ by one byte from a literal`() throws {
    try JSONDocument(#"{"amount": 1, "\u0061mount": 1}"#).root.forEachMember { member in
      #expect(member.key == "amount" && !(member.key != "amount"))
      #expect(member.key != "amounT" && member.key != "amoun" && member.key != "amounts" && member.key != "")
    }
    // One letter in two spellings is two keys.
    let root = try JSONDocument("{\"\u{e9}\": 1, \"e\u{301}\": 2}").root
    #expect(root["\u{e9}"]?.int == 1 && root["e\u{301}"]?.int == 2)
    #expect(JSONValue(root)["\u{e9}"] == 1 && JSONValue(root)["e\u{301}"] == 2)
  }

  @Test func `gives the last of two equal keys`() throws {
    let root = try JSONDocument(#"{"a":1,"b":2,"\u0061":3}"#).root
    #expect(root["a"]?.int == 3)
    #expect(root.members.map(\.key) == ["a", "b", "a"])
    #expect(JSONValue(root)["a"] == 3)
  }
}
