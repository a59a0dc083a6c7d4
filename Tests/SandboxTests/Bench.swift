import Basics
import HTTP
import JSON
import Sandbox

/// A sandbox within the test's own process: a clock that stands still until it is moved, and a receiver of webhooks
/// that answers as it is told.
struct Bench: Sendable {
  /// 2026-03-02T12:00:00Z, a Monday.
  static let start = Timestamp(seconds: 1_772_452_800)

  let server: SandboxServer
  let inbox: Inbox
  /// Where a slow bank's time passes.
  let outside: World

  init(
    seed: UInt64 = 1, initialDelay: Duration = .zero, historicalDelay: Duration = .zero, isControllable: Bool = true,
    rateLimits: Settings.RateLimits = .off
  ) {
    let inbox = Inbox()
    self.inbox = inbox
    outside = .simulated(seed: seed, start: Self.start)
    server = SandboxServer(
      .init(
        clientID: "client", secret: Secret("secret"), seed: seed, clock: .virtual(start: Self.start),
        isControllable: isControllable, initialDelay: initialDelay, historicalDelay: historicalDelay,
        rateLimits: rateLimits, linkBase: "https://link.example"), http: inbox.client,
      world: outside)
  }

  /// A bank that goes on where a journal ends.
  /// - Parameters:
  ///   - start: What its clock shows at first.
  ///   - ticks: Whether the clock is that of the world outside, rather than one that testers move.
  init(
    journal: String, seed: UInt64 = 1, start: Timestamp = Bench.start, ticks: Bool = false, delay: Duration = .zero
  ) throws {
    let inbox = Inbox()
    self.inbox = inbox
    outside = .simulated(seed: seed, start: start)
    server = try SandboxServer(
      .init(
        clientID: "client", secret: Secret("secret"), seed: seed, clock: ticks ? .real : .virtual(start: start),
        isControllable: true, initialDelay: delay, historicalDelay: delay, linkBase: "https://link.example"),
      journal: journal, http: inbox.client, world: outside)
  }

  func send(
    _ path: String, _ body: JSONValue, keys: Bool = true, headers: HeaderFields = .init()
  ) async -> Response {
    var headers = headers
    if keys {
      headers["PLAID-CLIENT-ID"] = "client"
      headers["PLAID-SECRET"] = "secret"
    }
    return await server.handle(Request("POST", path, headers: headers, body: body.serialized()))
  }

  /// The answer's JSON, whatever its status.
  @discardableResult
  func post(_ path: String, _ body: JSONValue = .object([]), headers: HeaderFields = .init()) async throws -> JSONValue
  {
    try JSONValue.parse(await send(path, body, headers: headers).body)
  }

  func errorCode(_ path: String, _ body: JSONValue = .object([]), headers: HeaderFields = .init()) async throws
    -> String?
  {
    try await post(path, body, headers: headers)["error_code"]?.string
  }

  /// A new Item without Link.
  func link(
    _ username: String = "user_good", _ password: String = "pass_good", institution: String = "ins_109508",
    products: [String] = ["transactions"], webhook: String? = nil, days: Int? = nil
  ) async throws -> Linked {
    var options: JSONValue = ["override_username": .string(username), "override_password": .string(password)]
    options["webhook"] = webhook.map { .string($0) }
    options["transactions"] = days.map { ["days_requested": .int($0)] }
    let made = try await post(
      "/sandbox/public_token/create",
      ["institution_id": .string(institution), "initial_products": JSONValue(products), "options": options])
    guard let token = made["public_token"] else { throw Unexpected(answer: made) }
    let exchanged = try await post("/item/public_token/exchange", ["public_token": token])
    guard let access = exchanged["access_token"], let item = exchanged["item_id"] else {
      throw Unexpected(answer: exchanged)
    }
    return Linked(access: access, item: item)
  }

  func control(_ path: String, _ body: JSONValue = .object([])) async throws {
    let answer = try await post("/control/" + path, body)
    if answer["error_code"] != nil { throw Unexpected(answer: answer) }
  }

  func truth(of linked: Linked) async throws -> JSONValue {
    try await post("/control/item/truth", ["item_id": linked.item])
  }
}

struct Linked: Sendable {
  var access: JSONValue
  var item: JSONValue
}

struct Unexpected: Error {
  var answer: JSONValue
}

/// Receives webhooks and answers with the statuses it was given, 200 when none is left.
final class Inbox: Sendable {
  private struct State {
    var calls: [HTTPCall] = []
    var statuses: [Int] = []
    var retryAfter: String?
  }

  private let state = Locked(State())

  var client: HTTPClient {
    HTTPClient { [state] call throws(HTTPClientError) in
      try state.withLock { state throws(HTTPClientError) in
        state.calls.append(call)
        let status = state.statuses.isEmpty ? 200 : state.statuses.removeFirst()
        if status == 0 { throw .timedOut }
        var answer = HTTPAnswer(status: status)
        if status == 429 { answer.headers["Retry-After"] = state.retryAfter }
        return answer
      }
    }
  }

  func answer(_ statuses: [Int], retryAfter: String? = nil) {
    state.withLock {
      $0.statuses = statuses
      $0.retryAfter = retryAfter
    }
  }

  var calls: [HTTPCall] { state.withLock { $0.calls } }
  var bodies: [JSONValue] { calls.compactMap { try? JSONValue.parse($0.body) } }
  var codes: [String] { bodies.compactMap { $0["webhook_code"]?.string } }
  func clear() { state.withLock { $0.calls = [] } }
}
