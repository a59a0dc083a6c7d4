import Basics
import HTTP
import JSON
import Testing

@testable import API

@Suite struct `The description for programs` {
  private static func operations() async throws -> [Operation] {
    Interface(try await BankBench().banks(), token: Secret("t"), version: "1", log: .silent).operations
  }

  @Test func `names each operation once`() async throws {
    let operations = try await Self.operations()
    #expect(Set(operations.map(\.id)).count == operations.count)
    #expect(Set(operations.map { "\($0.method) \($0.path)" }).count == operations.count)
    for operation in operations {
      #expect(!operation.summary.hasSuffix(".") && operation.summary.count < 80, "\(operation.id)")
      #expect(operation.id.allSatisfy { $0.isASCII && $0.isLetter }, "\(operation.id)")
      let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
      #expect(
        inPath.map(String.init) == operation.parameters.filter { $0.place == .path }.map(\.name), "\(operation.id)")
    }
  }

  @Test func `has examples of the shape that it promises`() async throws {
    for operation in try await Self.operations() {
      for answer in operation.answers where answer.mediaType != nil {
        let example = try #require(answer.example, "\(operation.id) \(answer.status) has no example")
        guard let shape = answer.shape else { continue }
        #expect(shape.mistakes(in: example).isEmpty, "\(operation.id) \(answer.status)")
      }
      guard let body = operation.body, body.kind != .raw else { continue }
      let example = try #require(body.example, "\(operation.id) has no example of its body")
      #expect(body.shape.mistakes(in: example).isEmpty, "\(operation.id)")
    }
  }

  @Test func `gives each problem one meaning`() async throws {
    var known: [String: ProblemKind] = [:]
    for kind in try await Self.operations().flatMap(\.problems) {
      #expect(known[kind.code, default: kind] == kind, "\(kind.code)")
      known[kind.code] = kind
    }
    #expect(known.count > 20)
  }

  @Test func `is whole: whatever it refers to is there, and a name means one thing`() async throws {
    try await HTTPBench.run { http in
      let document = try await http.send("GET", "/openapi.json", token: nil).json
      #expect(document["openapi"] == "3.1.0")
      var references: Set<String> = []
      func walk(_ value: JSONValue) {
        for member in value.members {
          if member.key == "$ref", let text = member.value.string { references.insert(text) }
          walk(member.value)
        }
        for element in value.elements { walk(element) }
      }
      walk(document)
      #expect(references.count > 15)
      for reference in references {
        let found = reference.split(separator: "/").dropFirst().reduce(document as JSONValue?) { value, name in
          value?[String(name)]
        }
        #expect(found != nil, "\(reference)")
      }
      let count = document["paths"]?.members.reduce(0) { $0 + $1.value.members.count }
      #expect(count == http.conformance.operations.count)
      var shapes: [String: JSONValue] = [:]
      func collect(_ shape: Shape) {
        if let name = shape.name {
          var writer = SchemaWriter()
          _ = writer.schema(shape.at(place: nil, isNullable: false).named(name), .output)
          #expect(shapes[name, default: writer.components[name] ?? .null] == writer.components[name], "\(name)")
          shapes[name] = writer.components[name]
        }
        switch shape.form {
        case .list(let element, _), .map(let element, _): collect(element)
        case .object(let members): for member in members { collect(member.shape) }
        case .either(let shapes): for shape in shapes { collect(shape) }
        default: break
        }
      }
      for operation in http.conformance.operations {
        for answer in operation.answers { answer.shape.map(collect) }
      }
      #expect(shapes.count > 8)
    }
  }

  @Test func `is a page for people, with nothing from elsewhere on it`() async throws {
    try await HTTPBench.run { http in
      let page = try await http.send("GET", "/docs", token: nil)
      #expect(page.status == 200 && page.headers["Content-Type"] == "text/html; charset=utf-8")
      for operation in http.conformance.operations {
        #expect(page.text.contains("id=\"\(operation.id)\""), "\(operation.id)")
      }
      // An address in an example is text.
      let text = page.text.replacing("https://hooks.example.com/magpie", with: "")
      #expect(!text.contains("<script") && !text.contains("src=") && !text.contains("http://"))
      #expect(!text.contains("https://") && text.contains("width=device-width"))
      #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'sha256-") == true)
    }
  }
}

@Suite struct `A shape` {
  private static let shape = Shape.object([
    .required("name", .text(1...5)), .optional("colour", .colour.orNull), .optional("amount", .money),
    .optional("days", .list(of: .day, count: 1...2)), .optional("kind", .word(["a", "b"])),
    .optional("at", .instant), .optional("more", .map(of: .integer(0...9), countMax: 2)),
  ])

  @Test(arguments: [
    (#"{"name":"Åé"}"#, ""), ("{}", "/name"), (#"{"name":"123456"}"#, "/name"), (#"{"name":null}"#, "/name"),
    (#"{"name":"a","colour":null}"#, ""), (##"{"name":"a","colour":"#12345g"}"##, "/colour"),
    (#"{"name":"a","amount":{"amount":"1.234","currency":"USD"}}"#, "/amount/amount"),
    (#"{"name":"a","amount":{"amount":"01","currency":"usd"}}"#, "/amount/amount /amount/currency"),
    (#"{"name":"a","amount":{"amount":"1.5","currency":"JPY"}}"#, "/amount/amount"),
    (#"{"name":"a","amount":{"amount":"99999999999999999999","currency":"USD"}}"#, "/amount/amount"),
    (#"{"name":"a","amount":5}"#, "/amount"), (#"{"name":"a","days":[]}"#, "/days"),
    (#"{"name":"a","days":["2026-02-29","2024-02-29"]}"#, "/days/0"), (#"{"name":"a","kind":"c"}"#, "/kind"),
    (#"{"name":"a","at":"2026-01-31T08:30:00"}"#, "/at"), (#"{"name":"a","at":"2026-01-31T08:30:00+01:00"}"#, ""),
    (#"{"name":"a","more":{"x/y":10}}"#, "/more/x~1y"), (#"{"name":"a","more":{"a":1,"b":1,"c":1}}"#, "/more"),
    (#"{"name":"a","nam":1,"x~":2}"#, "/nam /x~0"), ("[]", "·"),
  ])
  func `tells every mistake by its place`(text: String, pointers: String) throws {
    let found = Self.shape.mistakes(in: try JSONValue.parse(text)).keys.sorted()
    #expect(found.map { $0.isEmpty ? "·" : $0 }.joined(separator: " ") == pointers)
  }
}
