import Finance
import JSON

/// A request body that fits its endpoint's ``Shape``: reading it needs no further checks.
struct Body: Sendable {
  let json: JSONValue

  init(_ json: JSONValue) { self.json = json }

  /// A field that is there and not null.
  subscript(_ name: String) -> JSONValue? {
    guard let value = json[name], !value.isNull else { return nil }
    return value
  }

  func string(_ name: String) -> String? { self[name]?.string }
  func int(_ name: String) -> Int? { self[name]?.int }
  func bool(_ name: String) -> Bool? { self[name]?.bool }
  func strings(_ name: String) -> [String]? { self[name].map { $0.elements.compactMap(\.string) } }
  func date(_ name: String) -> CalendarDate? { string(name).flatMap { CalendarDate($0) } }
  func bodies(_ name: String) -> [Body] { self[name]?.elements.map(Body.init) ?? [] }

  /// A nested object; empty when it was left out, so that its fields read as absent.
  func nested(_ name: String) -> Body { Body(self[name] ?? .object([])) }

  /// A field the shape requires.
  func required(_ name: String) throws(Refusal) -> String {
    guard let value = string(name) else { throw .missing([name]) }
    return value
  }
}
