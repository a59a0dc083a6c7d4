import Basics
import HTTP
import JSON
import Testing

@testable import API

/// The interface as its clients meet it: over a socket, with the token, in JSON.
struct HTTPBench: Sendable {
  static let token = "a-token-of-this-installation"

  let bench: BankBench
  let origin: String
  let client: HTTPClient
  /// Ids that the interface said were linked.
  let linked: Locked<[String]>
  let conformance: Conformance
  let hub: EventHub

  /// Serves for the length of `body`.
  static func run(
    publicURL: String? = nil, settings: Interface.Settings = .init(), _ body: (HTTPBench) async throws -> Void
  ) async throws {
    let bench = try await BankBench()
    let linked = Locked<[String]>([])
    var interface = Interface(
      bench.banks(), token: Secret(token), publicURL: publicURL, version: "1.2.3", log: bench.log,
      linked: { id in linked.withLock { $0.append(id.description) } })
    interface.settings = settings
    let server = HTTPServer(.init(largeBodies: interface.largeBodies), handler: interface.handler())
    let port = try server.start()
    do {
      try await body(
        HTTPBench(
          bench: bench, origin: "http://127.0.0.1:\(port)", client: .live(log: .silent), linked: linked,
          conformance: Conformance(operations: interface.operations), hub: interface.hub))
      await server.stop()
    } catch {
      await server.stop()
      throw error
    }
  }

  struct Answer {
    var status: Int
    var headers: HeaderFields
    var text: String
    var json: JSONValue
    var code: String? { json["code"]?.string }
    var rows: [JSONValue] { json["data"]?.elements ?? [] }
    /// The mistakes of the input by their pointer.
    var pointers: [String] { json["errors"]?.elements.compactMap { $0["pointer"]?.string } ?? [] }
  }

  func send(
    _ method: String, _ target: String, _ body: JSONValue? = nil, raw: [UInt8]? = nil, token: String? = Self.token,
    headers: HeaderFields = .init()
  ) async throws -> Answer {
    var headers = headers
    if let token { headers["Authorization"] = "Bearer \(token)" }
    if body != nil { headers["Content-Type"] = "application/json" }
    let answer = try await client.send(
      HTTPCall(
        method: method, url: origin + target, headers: headers, body: raw ?? body?.serialized() ?? [],
        deadline: .seconds(60)))
    let isJSON = answer.headers["Content-Type"]?.contains("json") == true
    let read = Answer(
      status: answer.status, headers: answer.headers, text: String(decoding: answer.body, as: UTF8.self),
      json: isJSON && !answer.body.isEmpty ? try JSONValue.parse(answer.body) : .null)
    let mistakes = conformance.mistakes(method, target, read)
    #expect(mistakes.isEmpty, "\(method) \(target)")
    return read
  }

  func get(_ target: String) async throws -> Answer { try await send("GET", target) }
  func post(_ target: String, _ body: JSONValue? = nil) async throws -> Answer { try await send("POST", target, body) }

  /// Links a customer and reads everything. Gives the connection's id.
  func link(_ institution: String = "ins_109508", user: String = "user_good") async throws -> String {
    let token = try await bench.publicToken(institution, user: user)
    let linked = try await post("/v1/exchange", ["public_token": .string(token.reveal)])
    let id = try #require(linked.json["id"]?.string, "\(linked.text)")
    #expect(linked.status == 201)
    let synced = try await post("/v1/connections/\(id)/sync")
    #expect(synced.status == 200, "\(synced.text)")
    return id
  }
}
