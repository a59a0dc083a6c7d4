import Basics
import HTTP
import JSON
import Sandbox
import Testing

@testable import App

/// A bank with levers on a socket, and an installation that has its keys.
struct TroubledBank: Sendable {
  let dwelling = Dwelling()
  let server: SandboxServer
  let environment: [String: String]

  init() throws {
    server = SandboxServer(
      .init(
        clientID: "me", secret: Secret("hunter2"), seed: 3, isControllable: true, initialDelay: .zero,
        historicalDelay: .zero), http: .live(log: .silent))
    let port = try server.start()
    environment = [
      "PLAID_CLIENT_ID": "me", "PLAID_SECRET": "hunter2", "PLAID_BASE_URL": "http://127.0.0.1:\(port)",
    ]
  }

  func run(_ line: String, _ more: [String: String] = [:]) async -> Outcome {
    await dwelling.run(line, environment.merging(more) { $1 })
  }

  @discardableResult
  func control(_ lever: String, _ body: JSONValue = .object([])) async -> JSONValue {
    let answer = await server.handle(Request("POST", "/control/\(lever)", body: body.serialized()))
    return (try? JSONValue.parse(answer.body)) ?? .null
  }

  func rows() async throws -> Int {
    let outcome = await run("transactions --limit 100000 --json")
    return try #require(try JSONValue.parse(outcome.output)["data"]?.elements.count)
  }
}
