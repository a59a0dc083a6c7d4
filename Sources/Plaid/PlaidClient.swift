package import Basics
package import HTTP
import JSON

/// Plaid's API as typed calls. What is kept, and when a call is made, is the caller's affair; a call that would break
/// one of Plaid's limits waits. Copies of a client count their calls together: an installation needs one.
package struct PlaidClient: Sendable {
  package let credentials: PlaidCredentials
  let http: HTTPClient
  let world: World
  let log: Log
  let pace: PlaidPace

  /// The version of the API whose shapes are read here.
  private static let apiVersion = "2020-09-14"
  private static let attemptsMax = 3
  private static let backoff = Backoff(first: .milliseconds(500), factor: 4, longest: .seconds(8))

  package init(credentials: PlaidCredentials, http: HTTPClient, world: World, log: Log) {
    self.credentials = credentials
    self.http = http
    self.world = world
    self.log = log
    pace = PlaidPace(limits: PlaidPace.limits(of: credentials), world: world)
  }

  /// What a call is like, as far as the transport cares.
  ///
  /// Plaid promises no times. It says that calls which ask the bank usually take 10 s and sometimes over 30, and that
  /// the first look at investment transactions may hang for two minutes.
  struct Manner: Sendable {
    let deadline: Duration
    /// Calls that act, or cost money each time, are sent again only when they certainly never left.
    let isRepeatable: Bool

    /// Answered from Plaid's store.
    static let read = Manner(deadline: .seconds(30), isRepeatable: true)
    /// Plaid may have to ask the bank first.
    static let bankRead = Manner(deadline: .seconds(60), isRepeatable: true)
    /// Plaid may have to gather everything first.
    static let gatheringRead = Manner(deadline: .seconds(120), isRepeatable: true)
    static let act = Manner(deadline: .seconds(30), isRepeatable: false)
    /// Acts and waits for the bank.
    static let bankAct = Manner(deadline: .seconds(60), isRepeatable: false)
  }

  /// Sends one request, and again after a passing failure where that is safe.
  func call(_ endpoint: String, _ body: JSONValue, _ manner: Manner) async throws(PlaidError) -> PlaidAnswer {
    var attempt = 1
    while true {
      try await pace.admit(endpoint, token: body["access_token"]?.string)
      do throws(PlaidError) {
        return try await send(endpoint, body, manner.deadline)
      } catch {
        log.debug(
          "plaid call failed", ("endpoint", .text(endpoint)), ("code", .text(error.code)),
          ("status", .number(error.status)), ("attempt", .number(attempt)),
          ("request_id", .text(error.requestID ?? "")))
        guard error.isPassing, manner.isRepeatable || !error.wasSent, attempt < Self.attemptsMax else { throw error }
        do {
          try await world.sleep(Self.backoff.delay(attempt: attempt, random: world.random()))
        } catch {
          throw PlaidError("CANCELLED", "the call was cancelled", remedy: .retry)
        }
        attempt += 1
      }
    }
  }

  private func send(
    _ endpoint: String, _ body: JSONValue, _ deadline: Duration
  ) async throws(PlaidError) -> PlaidAnswer {
    let headers: HeaderFields = [
      "Content-Type": "application/json", "PLAID-CLIENT-ID": credentials.clientID,
      "PLAID-SECRET": credentials.secret.reveal, "Plaid-Version": Self.apiVersion,
    ]
    let call = HTTPCall(
      method: "POST", url: credentials.baseURL + endpoint, headers: headers, body: body.serialized(),
      deadline: deadline)
    let answer: HTTPAnswer
    do throws(HTTPClientError) {
      answer = try await http.send(call)
    } catch {
      throw PlaidError(error)
    }
    return try read(answer)
  }

  /// A success is status 200 with a JSON object; everything else is an error, also a proxy's page with status 200.
  private func read(_ answer: HTTPAnswer) throws(PlaidError) -> PlaidAnswer {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(answer.body)
    } catch {
      throw notPlaid(answer, "the answer is not JSON")
    }
    let root = document.root
    guard root.kind == .object else { throw notPlaid(answer, "the answer is no JSON object") }
    if answer.status == 200, root["error_code"]?.string == nil { return PlaidAnswer(bytes: answer.body, root: root) }
    let retryAfter = answer.headers["Retry-After"].flatMap { Int($0) }
    guard var error = PlaidError(root, status: answer.status, retryAfter: retryAfter) else {
      throw notPlaid(answer, "the answer is no error of Plaid's")
    }
    error.hide(credentials.secret.reveal)
    throw error
  }

  private func notPlaid(_ answer: HTTPAnswer, _ message: String) -> PlaidError {
    let isLimit = answer.status == 429
    let isOurs = (400..<500).contains(answer.status) && !isLimit && answer.status != 408
    return PlaidError(
      isLimit ? "RATE_LIMIT" : "MALFORMED_ANSWER", message, status: answer.status,
      remedy: isLimit ? .wait(PlaidRemedy.rateLimitPause) : isOurs ? .bug : .retry)
  }
}

extension PlaidError {
  /// What became of a call that has no answer. The transport's texts name hosts and causes, never headers or bodies.
  package init(_ error: HTTPClientError) {
    switch error {
    case .badURL(let text): self.init("BAD_URL", text, remedy: .configuration, wasSent: false)
    case .insecure(let text): self.init("INSECURE", text, remedy: .configuration, wasSent: false)
    case .cannotConnect(let text): self.init("CANNOT_CONNECT", text, remedy: .retry, wasSent: false)
    case .tls(let text): self.init("TLS", text, remedy: .retry, wasSent: false)
    case .timedOut: self.init("TIMED_OUT", "no answer in time", remedy: .retry)
    case .cut(let text): self.init("CUT", text, remedy: .retry)
    case .tooLarge(let limit): self.init("TOO_LARGE", "the answer has more than \(limit) bytes", remedy: .bug)
    case .cancelled: self.init("CANCELLED", "the call was cancelled", remedy: .retry)
    case .failed(let text): self.init("FAILED", text, remedy: .retry)
    }
  }
}
