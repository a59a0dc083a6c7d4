import Basics
import Crypto
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

/// The interface with people in it, asked without a socket: every answer is held against what its operation declares.
struct PeopleBench: Sendable {
  static let password = "odd jam on a tin roof"

  let bench: BankBench
  let identity: Identity
  let mailroom: Mailroom
  let operations: [API.Operation]
  private let handler: @Sendable (Request) async -> Response

  init(
    _ registration: Identity.Registration = .closed, limits: RateLimits = .off, sendsMail: Bool = true
  ) async throws {
    bench = try await BankBench()
    mailroom = Mailroom(sealing: Banks.Sealing(bench.ring), world: bench.world)
    identity = Identity(
      database: bench.database, world: bench.world, sealing: Banks.Sealing(bench.ring),
      passwords: PasswordWorkers(cost: .least), registration: registration, publicURL: "https://money.example",
      mailroom: sendsMail ? mailroom : nil)
    var interface = Interface(
      bench.banks(), token: Secret(HTTPBench.token), identity: identity, publicURL: "https://money.example",
      version: "1", log: bench.log)
    interface.settings.limits = limits
    // A stream of events ends with what there is.
    interface.settings.wait = { _ in throw CancellationError() }
    operations = interface.operations
    handler = interface.handler()
  }

  var scope: Scope { bench.scope }

  func send(
    _ method: String, _ target: String, _ body: JSONValue? = nil, raw: [UInt8]? = nil, token: String? = nil,
    headers: HeaderFields = .init(), peer: String = "127.0.0.1"
  ) async throws -> HTTPBench.Answer {
    var headers = headers
    headers["Host"] = "localhost"
    if let token { headers["Authorization"] = "Bearer \(token)" }
    if body != nil { headers["Content-Type"] = "application/json" }
    let answer = try await handler(
      Request(method, target, headers: headers, body: raw ?? body?.serialized() ?? [], peer: peer)
    ).collected()
    let isJSON = answer.headers["Content-Type"]?.contains("json") == true
    let read = HTTPBench.Answer(
      status: answer.status, headers: answer.headers, text: String(decoding: answer.body, as: UTF8.self),
      json: isJSON && !answer.body.isEmpty ? try JSONValue.parse(answer.body) : .null)
    let mistakes = Conformance(operations: operations).mistakes(method, target, read)
    #expect(mistakes.isEmpty, "\(method) \(target)")
    return read
  }

  /// Uses the first start: the owner is `owner@x.example`.
  func setUp() async throws {
    let secret = try #require(try await identity.makeSetup())
    let done = try await send("POST", "/v1/setup", Self.start(secret.reveal))
    #expect(done.status == 204, "\(done.text)")
  }

  static func start(_ secret: String) -> JSONValue {
    [
      "secret": .string(secret), "name": "Olive", "email": "Owner@x.example", "password": .string(password),
    ]
  }

  func signIn(_ email: String = "owner@x.example", totp: String? = nil) async throws -> HTTPBench.Answer {
    var body: JSONValue = [
      "grant_type": "password", "username": .string(email), "password": .string(Self.password),
    ]
    if let totp { body["totp"] = .string(totp) }
    return try await send("POST", "/v1/auth/token", body)
  }

  func token(_ email: String = "owner@x.example") async throws -> String {
    try #require(try await signIn(email).json["access_token"]?.string)
  }

  func add(_ email: String, _ role: Role, to scope: Scope? = nil) async throws -> ID<User> {
    try await identity.add(
      name: "Person", email: email, Secret(Self.password), to: scope ?? bench.scope, role)
  }

  func wait(_ duration: Duration) async throws { try await bench.world.sleep(duration) }
}
