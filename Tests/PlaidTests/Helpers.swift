import Basics
import Finance
import HTTP
import JSON
import Plaid

let token = Secret("access-sandbox-11111111-2222-3333-4444-555555555555")

/// Plaid in memory: gives the answers in order, the last one for ever, and remembers what it was asked.
final class Wire: Sendable {
  private let state: Locked<(answers: [Result<HTTPAnswer, HTTPClientError>], calls: [HTTPCall])>

  init(_ answers: [Result<HTTPAnswer, HTTPClientError>]) { state = Locked((answers, [])) }

  convenience init(_ body: String, status: Int = 200) { self.init([.success(answer(body, status: status))]) }

  var calls: [HTTPCall] { state.withLock { $0.calls } }

  var http: HTTPClient {
    HTTPClient { [self] call throws(HTTPClientError) in
      let result = state.withLock { state in
        state.calls.append(call)
        return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
      }
      return try result.get()
    }
  }

  func client(log: Log = .silent) -> PlaidClient {
    PlaidClient(
      credentials: PlaidCredentials(
        clientID: "client-1", secret: Secret("secret-1"), environment: "sandbox", baseURL: "https://plaid.test/"),
      http: http, world: .simulated(seed: 1), log: log)
  }

  /// A client that believes it talks to Plaid, where Plaid's limits hold.
  func plaid(_ environment: String, world: World) -> PlaidClient {
    PlaidClient(
      credentials: PlaidCredentials(clientID: "client-1", secret: Secret("secret-1"), environment: environment),
      http: http, world: world, log: .silent)
  }

  /// The body of the last call.
  func asked() throws -> JSONValue { try JSONValue.parse(calls.last?.body ?? []) }
}

func answer(_ body: String, status: Int = 200, headers: HeaderFields = .init()) -> HTTPAnswer {
  HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
}

func errorBody(_ code: String, type: String = "ITEM_ERROR", message: String = "words") -> String {
  #"{"error_type":"\#(type)","error_code":"\#(code)","error_message":"\#(message)","display_message":"sorry","#
    + #""request_id":"req1"}"#
}

func feedError(_ body: () async throws -> Void) async -> FeedError? {
  do {
    try await body()
    return nil
  } catch { return error as? FeedError }
}
