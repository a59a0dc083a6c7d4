import Basics
import Finance
import HTTP
import JSON
import Testing

@testable import API

/// What the description promises of every operation of a kind, held against the declarations and against answers.
@Suite struct `What the description promises` {
  @Test func `whatever makes something takes an Idempotency-Key, and makes it once`() async throws {
    let matrix = try await MatrixHouse()
    // Each begins anew what was not confirmed; nothing more is made by asking twice.
    let others: Set = ["beginSecondFactor"]
    var repeated = 0
    for operation in matrix.operations where operation.method == .post && operation.successor == nil {
      guard operation.access != .open, operation.answers.contains(where: { $0.status == 201 }),
        !others.contains(operation.id)
      else { continue }
      #expect(operation.takesIdempotencyKey, "\(operation.id)")
      guard let path = MatrixHouse.path(operation, matrix.own) else { continue }
      let body = MatrixHouse.body(operation, matrix.own).map { Self.renamed($0, operation.id) }
      func ask(_ body: JSONValue?) async throws -> HTTPBench.Answer {
        try await matrix.house.send(
          "POST", path, body, token: try matrix.token(.owner), headers: ["Idempotency-Key": "key-\(operation.id)"])
      }
      let first = try await ask(body)
      guard first.status == 201 else { continue }
      repeated += 1
      let second = try await ask(body)
      #expect(second.status == 201 && second.json == first.json, "\(operation.id): \(second.text)")
      #expect(second.headers["Idempotent-Replayed"] == "true", "\(operation.id)")
      guard let body else { continue }
      let other = try await ask(Self.renamed(body, "other"))
      #expect(other.code == "idempotency.key_reused", "\(operation.id): \(other.text)")
    }
    #expect(repeated >= 6, "only \(repeated) were asked twice")
  }

  private static func renamed(_ body: JSONValue, _ name: String) -> JSONValue {
    body["name"] == nil ? body.setting("email", .string("\(name)@money.example")) : body.setting("name", .string(name))
  }

  @Test func `what two people may edit is not changed under whoever saw another state`() async throws {
    let matrix = try await MatrixHouse()
    var asked = 0
    for operation in matrix.operations where operation.parameters.contains(where: { $0.name == "If-Match" }) {
      let role = if case .household(_, let least) = operation.access { least } else { Role.owner }
      guard let path = MatrixHouse.path(operation, matrix.own) else { continue }
      let answer = try await matrix.house.send(
        operation.method.rawValue, path, MatrixHouse.body(operation, matrix.own),
        token: try matrix.token(max(role, .owner)),
        headers: ["If-Match": "\"another state\""])
      #expect(answer.status == 412 && answer.code == "precondition.failed", "\(operation.id): \(answer.text)")
      asked += 1
    }
    #expect(asked >= 5)
    let token = try matrix.token(.owner)
    let seen = try await matrix.house.send("GET", "/v1/household", token: token)
    let tag = try #require(seen.headers["ETag"])
    func rename(_ name: String) async throws -> HTTPBench.Answer {
      try await matrix.house.send(
        "PATCH", "/v1/household", ["name": .string(name)], token: token, headers: ["If-Match": tag])
    }
    let changed = try await rename("One")
    #expect(changed.status == 200 && changed.headers["ETag"] != tag)
    #expect(try await rename("Two").status == 412)
    let again = try await matrix.house.send("GET", "/v1/household", token: token, headers: ["If-None-Match": tag])
    #expect(again.status == 200 && again.json["name"] == "One")
  }

  @Test func `changes of what is there take If-Match`() async throws {
    let operations = try await PeopleBench().operations
    // One's own settings, and an order that is only ever replaced as a whole.
    let others: Set = ["changeMe", "shareAccount", "orderAccounts", "setMutedNotifications"]
    for operation in operations where operation.method == .patch || operation.method == .put {
      let takes = operation.parameters.contains { $0.name == "If-Match" }
      #expect(takes != others.contains(operation.id), "\(operation.id)")
    }
  }

  @Test func `examples have the form of answers that were really given`() async throws {
    let matrix = try await MatrixHouse()
    let token = try matrix.token(.owner)
    var compared = 0
    var bare: Set<String> = []
    for operation in matrix.operations where operation.successor == nil {
      guard operation.method == .get || operation.method == .post, operation.access != .measuring,
        let path = MatrixHouse.path(operation, matrix.own), operation.id != "signOut",
        // The description itself; its example shows how it begins.
        operation.id != "getDescription"
      else { continue }
      // Its example shows the lines, too, which are there when they are asked for.
      let query = operation.id == "getCashFlow" ? "?by=category" : ""
      let answer = try await matrix.house.send(
        operation.method.rawValue, path + query, MatrixHouse.body(operation, matrix.own), token: token)
      guard let declared = operation.answers.first(where: { $0.status == answer.status }), let shape = declared.shape
      else { continue }
      // A map has whatever names there are.
      if case .map = shape.form { continue }
      guard let example = declared.example else {
        if answer.status == 200 || answer.status == 201 { bare.insert(operation.id) }
        continue
      }
      compared += 1
      let differences = Self.differences(example, answer.json, at: "")
      #expect(differences.isEmpty, "\(operation.id): \(differences)")
    }
    #expect(compared > 20)
    #expect(bare.isEmpty, "without an example of their answers: \(bare.sorted())")
  }

  /// Where two values are of another kind, or objects have other members. Null may stand for anything.
  static func differences(_ one: JSONValue, _ other: JSONValue, at place: String) -> [String] {
    switch (one, other) {
    case (.null, _), (_, .null), (.bool, .bool), (.number, .number), (.string, .string): return []
    case (.array, .array):
      guard let first = one.elements.first, let second = other.elements.first else { return [] }
      return differences(first, second, at: place + "/0")
    // Counts by whatever reasons there are.
    case (.object, .object) where place.hasSuffix("_left_out"): return []
    case (.object, .object):
      let (keys, others) = (Set(one.members.map(\.key)), Set(other.members.map(\.key)))
      let missing = keys.symmetricDifference(others).map { "\(place)/\($0)" }
      return missing
        + keys.intersection(others).flatMap { key in
          differences(one[key] ?? .null, other[key] ?? .null, at: "\(place)/\(key)")
        }
    default: return [place.isEmpty ? "/" : place]
    }
  }
}
