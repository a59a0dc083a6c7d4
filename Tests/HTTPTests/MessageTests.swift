import Basics
import HTTP
import Testing

@Suite struct `Header fields` {
  @Test func `are found without regard to case`() {
    let fields: HeaderFields = ["Content-Type": "a", "X-Thing": "b"]
    #expect(fields["content-type"] == "a")
    #expect(fields["CONTENT-TYPE"] == "a")
    #expect(fields["content-typ"] == nil)
    // The Kelvin sign lower-cases to k in Unicode; in a header it is another name.
    #expect((["\u{212A}": "kelvin"] as HeaderFields)["k"] == nil)
  }

  @Test func `keep their order and their repetitions`() {
    var fields = HeaderFields()
    fields.append("Set-Cookie", "a=1")
    fields.append("Vary", "Accept")
    fields.append("set-cookie", "b=2")
    #expect(fields.all("SET-COOKIE") == ["a=1", "b=2"])
    #expect(fields.list.map { $0.name } == ["Set-Cookie", "Vary", "set-cookie"])
    fields["Set-cookie"] = "c=3"
    #expect(fields.list.map { "\($0.name)=\($0.value)" } == ["Set-cookie=c=3", "Vary=Accept"])
    fields["set-cookie"] = nil
    #expect(fields.list.map { $0.name } == ["Vary"])
    fields["New"] = "x"
    #expect(fields.list.map { $0.name } == ["Vary", "New"])
  }
}

@Suite struct `A request` {
  @Test func `splits its target and decodes the query alone`() {
    let request = Request("GET", "/a%2Fb?q=caf%C3%A9+au+lait&q=2&flag&=x&r=a%3Db%26c&bad=%zz&s=a=b?c")
    #expect(request.path == "/a%2Fb")
    #expect(request.queryValue("q") == "café au lait")
    #expect(request.query.filter { $0.name == "q" }.map { $0.value } == ["café au lait", "2"])
    #expect(request.queryValue("flag") == "")
    #expect(request.queryValue("r") == "a=b&c")
    #expect(request.queryValue("bad") == "%zz")
    #expect(request.queryValue("s") == "a=b?c")
    #expect(request.queryValue("none") == nil)
    #expect(Request("GET", "/x").query.isEmpty)
    #expect(Request("GET", "").path == "")
  }
}

@Suite struct `Percent escapes` {
  @Test(arguments: ["", "plain-._~", "a b/c?d=e&f+g%", "grüße 日本 🪙", "\u{0}\n"])
  func `come back as they were`(text: String) {
    let escaped = PercentCoding.encode(text)
    #expect(escaped.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "+") })
    #expect(PercentCoding.decode(escaped) == text)
    #expect(PercentCoding.decode(escaped, plusIsSpace: true) == text)
  }

  @Test(arguments: ["%", "%4", "%zz", "%c3", "a%G0"]) func `are refused when malformed`(text: String) {
    #expect(PercentCoding.decode(text) == nil)
  }
}

@Suite struct `A response` {
  @Test func `tells a problem in the words of RFC 9457`() {
    let problem = Problem(
      422, "invalid_input", "Some \"fields\" are wrong.", detail: "line\nbreak \\ é",
      fields: ["/name": "too long", "/amount": "not a number"])
    let response = Response.problem(problem, requestID: "req_9")
    #expect(response.status == 422)
    #expect(response.headers["content-type"] == "application/problem+json")
    let expected =
      #"{"type":"about:blank","title":"Some \"fields\" are wrong.","status":422,"detail":"line\u000abreak \\ é","#
      + #""code":"invalid_input","request_id":"req_9","errors":[{"pointer":"/amount","detail":"not a number"},"#
      + #"{"pointer":"/name","detail":"too long"}]}"#
    #expect(String(decoding: response.body, as: UTF8.self) == expected)
    let bare = Response.problem(.notFound, requestID: "r")
    #expect(!String(decoding: bare.body, as: UTF8.self).contains("errors"))
  }

  @Test func `names its content`() {
    #expect(Response.text(200, "é").headers["Content-Type"] == "text/plain; charset=utf-8")
    #expect(Response.html(200, "").headers["Content-Type"] == "text/html; charset=utf-8")
    #expect(Response.json(201, [0x7B, 0x7D]).headers["Content-Type"] == "application/json")
    #expect(Response(204).headers.list.isEmpty)
  }
}
