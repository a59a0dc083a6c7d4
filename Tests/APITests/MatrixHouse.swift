import Basics
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Store
import Testing

@testable import API

/// Two households at one server, each with a bank and something of whatever its people can make, for walks over every
/// operation. What is asked follows from the declarations, so that a new operation is walked without being named here.
struct MatrixHouse: Sendable {
  let house: PeopleBench
  /// Access tokens of the first household's people.
  private(set) var tokens: [Role: String] = [:]
  /// The owner of the other household.
  private(set) var stranger = ""
  private(set) var other: Scope
  /// What the other household has, by the prefix of its ids.
  private(set) var foreign: [String: [String]] = [:]
  /// What the first household's owner sees.
  private(set) var own: [String: [String]] = [:]

  init() async throws {
    house = try await PeopleBench()
    try await house.setUp()
    let world = house.bench.world
    other = Scope(household: world.newID(), user: world.newID())
    try await house.bench.database.write { [other] session in
      try Households.create(
        other, name: "Other", timeZone: "UTC", currency: .usd, now: world.now(), session)
    }
    let strange = try await house.add("stranger@x.example", .owner, to: other)
    stranger = try await house.token("stranger@x.example")
    tokens[.owner] = try await house.token()
    for role in Role.allCases where role < .owner {
      _ = try await house.add("\(role.rawValue)@x.example", role)
      tokens[role] = try await house.token("\(role.rawValue)@x.example")
    }
    try await fill(stranger, bank: "ins_109509")
    try await fill(try token(.owner), bank: "ins_109508")
    for scope in [house.scope, other] { try await search(scope) }
    for scope in [house.scope, other] {
      try await house.bench.database.write { session in
        let job = NewJob(.update, "\(scope.household)", household: ID(bits: scope.household.bits))
        try JobQueue.add(job, id: world.newID(), now: world.now(), session)
        try session.execute(
          "UPDATE job SET state = 'dead', ended_at = \(world.now()) WHERE subject = \("\(scope.household)")")
      }
    }
    try await house.bench.database.write { [other, house] session in
      for (household, person) in [(other.household, strange), (house.scope.household, house.scope.user)] {
        let erasure = StoredErasure(
          id: world.newID(), household: household, person: person, what: .account, askedAt: world.now())
        _ = try Erasures.add(erasure, session)
        try Erasures.end(erasure.id, now: world.now(), session)
      }
    }
    foreign = try await ids(seenBy: stranger)
    own = try await ids(seenBy: try token(.owner))
    // Those that came with the program are everybody's.
    let shared = Set(own["{code}"] ?? [])
    foreign["{code}"] = foreign["{code}"]?.filter { !shared.contains($0) }
  }

  func token(_ role: Role) throws -> String { try #require(tokens[role]) }

  /// A stream of events does not end, and has tests of its own.
  var operations: [API.Operation] {
    house.operations.filter { operation in !operation.answers.contains { $0.mediaType == "text/event-stream" } }
  }

  /// Links a bank, and makes one of everything that the interface can make, by the examples of the description.
  private func fill(_ token: String, bank: String) async throws {
    let publicToken = try await house.bench.publicToken(bank)
    let linked = try await house.send(
      "POST", "/v1/plaid/exchange", ["public_token": .string(publicToken.reveal)], token: token)
    let id = try #require(linked.json["id"]?.string, "\(linked.text)")
    #expect(try await house.send("POST", "/v1/connections/\(id)/sync", token: token).status == 200)
    for _ in 0..<2 {
      let known = try await ids(seenBy: token)
      for operation in operations where operation.method == .post && operation.successor == nil {
        guard operation.access != .open, operation.answers.contains(where: { $0.status == 201 }),
          let path = Self.path(operation, known)
        else { continue }
        _ = try await house.send("POST", path, Self.body(operation, known), token: token)
      }
    }
    // Something that can be undone, told where it is looked for.
    let row = try #require(try await ids(seenBy: token)["txn"]?.first)
    let edited = try await house.send("PATCH", "/v1/transactions/\(row)", ["notes": "Seen"], token: token)
    #expect(edited.status == 200, "\(edited.text)")
  }

  /// Merchants are known when the search has followed.
  private func search(_ scope: Scope) async throws {
    let world = house.bench.world
    var isMore = true
    while isMore {
      isMore = try await house.bench.database.write { session in
        try Search.catchUp(rowsMax: 1_000, world: world, scope.wholeHousehold, session)
      }
    }
  }

  /// The ids of all that a person can find, by prefix, in the order of their coming.
  func ids(seenBy token: String) async throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    // Lists first, and then what can be asked by what they told.
    for _ in 0..<2 {
      for (request, text) in try await walk(token, found, variants: false) {
        for id in Self.ids(in: text) where !found[String(id.prefix(3)), default: []].contains(id) {
          found[String(id.prefix(3)), default: []].append(id)
        }
        // Categories are named by a code. The latest are the household's own.
        let codes = (try? JSONValue.parse(text))?["data"]?.elements.compactMap { $0["code"]?.string } ?? []
        if request == "/v1/categories" { found["{code}"] = codes.reversed() }
      }
    }
    // Names of requests are nobody's.
    found["req"] = nil
    return found
  }

  /// Everything that can be read: each operation of `GET` that somebody known may ask, and what it answers.
  ///
  /// - Parameter variants: With each of its filters too.
  func walk(
    _ token: String, _ known: [String: [String]], variants: Bool
  ) async throws -> [(request: String, text: String)] {
    var answers: [(String, String)] = []
    for operation in operations where operation.method == .get {
      if operation.access == .open || operation.access == .measuring { continue }
      guard let path = Self.path(operation, known) else { continue }
      for query in variants ? Self.queries(operation, known) : [""] {
        let request = path.contains("?") ? path + query.replacing("?", with: "&") : path + query
        let answer = try await house.send("GET", request, token: token)
        #expect(answer.status < 500, "\(request): \(answer.text)")
        // A cursor is sealed anew each time.
        let text = answer.status == 200 ? Self.withoutCursor(answer) : "\(answer.status) \(answer.code ?? "")"
        answers.append((request, text))
      }
    }
    return answers
  }

  private static func withoutCursor(_ answer: HTTPBench.Answer) -> String {
    guard answer.json["next"]?.string != nil else { return answer.text }
    return answer.json.setting("next", "more").text()
  }
}

/// Making requests out of declarations.
extension MatrixHouse {
  static let marker = "ZZMARKERZZ"
  /// A sum of its own, in minor units: no other amount of the households has these digits.
  static let markerMinor: Int64 = 7_654_321_987
  static let markerAmount = "76543219.87"

  /// The prefix of the ids that a shape takes; nil for other shapes.
  static func prefix(of shape: Shape) -> String? {
    guard case .text(let form) = shape.form, let pattern = form.pattern, pattern.dropFirst(4).hasPrefix("_[0-7]")
    else { return nil }
    return String(pattern.dropFirst().prefix(3))
  }

  /// Walking through everything exports something too, which is noted and told: these answers grow by being asked for.
  static func growsByWalking(_ request: String) -> Bool {
    ["/v1/audit-log", "/v1/notifications"].contains { request.hasPrefix($0) }
  }

  static func prefixes(inPathOf operation: API.Operation) -> [String] {
    operation.parameters.filter { $0.place == .path }.compactMap { prefix(of: $0.shape) }
  }

  /// A path with the first id of each kind that is known; nil when one is not.
  static func path(_ operation: API.Operation, _ known: [String: [String]]) -> String? {
    var path = operation.path
    for parameter in operation.parameters where parameter.place == .path {
      let value: String?
      if let prefix = prefix(of: parameter.shape) {
        value = known[prefix]?.first
      } else {
        value = known["{\(parameter.name)}"]?.first ?? text(for: parameter.shape)
      }
      guard let value else { return nil }
      path = path.replacing("{\(parameter.name)}", with: value)
    }
    // Without these nothing is answered.
    for parameter in operation.parameters where parameter.place == .query && parameter.isRequired {
      let value = parameter.name == "category" ? "FOOD_AND_DRINK" : firstValue(parameter)
      path += (path.contains("?") ? "&" : "?") + "\(parameter.name)=\(value ?? "1")"
    }
    return path
  }

  private static func firstValue(_ parameter: Parameter) -> String? {
    if case .text(let form) = parameter.shape.form { return form.words?.first ?? form.example }
    return text(for: parameter.shape)
  }

  /// The example of the description, with ids that are known in place of its own.
  static func body(_ operation: API.Operation, _ known: [String: [String]]) -> JSONValue? {
    operation.body?.example.map { replacing($0, known) }
  }

  static func replacing(_ value: JSONValue, _ known: [String: [String]]) -> JSONValue {
    switch value {
    case .string(let text):
      guard ids(in: text) == [text], let id = known[String(text.prefix(3))]?.first else { return value }
      return .string(id)
    case .array(let elements): return .array(elements.map { replacing($0, known) })
    case .object(let members): return .object(members.map { .init($0.key, replacing($0.value, known)) })
    default: return value
    }
  }

  /// Every filter that an operation takes, one at a time, with what would find something.
  static func queries(_ operation: API.Operation, _ known: [String: [String]]) -> [String] {
    var queries = [""]
    for parameter in operation.parameters
    where parameter.place == .query && parameter.name != "cursor" && !parameter.isRequired {
      var values: [String] = []
      if let prefix = prefix(of: parameter.shape) {
        values = Array((known[prefix] ?? []).prefix(4))
      } else if case .flag = parameter.shape.form {
        values = ["true", "false"]
      } else if case .text(let form) = parameter.shape.form {
        values = form.words ?? [marker, form.example, markerAmount, "-\(markerAmount)"].compactMap(\.self)
      } else {
        values = [text(for: parameter.shape)].compactMap(\.self)
      }
      queries += values.map { "?\(parameter.name)=\($0)" }
    }
    return queries
  }

  private static func text(for shape: Shape) -> String? {
    switch shape.form {
    case .text(let form): form.words?.first ?? form.example ?? "x"
    case .integer(let range): String(max(range.lowerBound, 1))
    case .flag: "true"
    default: nil
    }
  }

  /// Whatever looks like one of our ids.
  static func ids(in text: String) -> [String] {
    let bytes = Array(text.utf8)
    let letters = Set("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    var found: [String] = []
    var index = 0
    while index + 30 <= bytes.count {
      let isID =
        bytes[index + 3] == UInt8(ascii: "_") && bytes[index..<index + 3].allSatisfy { (97...122).contains($0) }
        && bytes[index + 4..<index + 30].allSatisfy(letters.contains)
      if isID {
        found.append(String(decoding: bytes[index..<index + 30], as: UTF8.self))
        index += 30
      } else {
        index += 1
      }
    }
    return found
  }
}
