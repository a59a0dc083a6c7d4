import Basics
import Finance
import HTTP
import JSON
import Plaid
import Testing

private struct Case: Sendable, CustomTestStringConvertible {
  var answer: Result<HTTPAnswer, HTTPClientError>
  var expected: String
  var testDescription: String

  init(_ code: String, _ expected: String, type: String = "ITEM_ERROR", status: Int = 400, message: String = "words") {
    answer = .success(PlaidTests.answer(errorBody(code, type: type, message: message), status: status))
    self.expected = expected
    testDescription = code
  }

  init(_ name: String, body: String, status: Int, _ expected: String) {
    answer = .success(PlaidTests.answer(body, status: status))
    self.expected = expected
    testDescription = name
  }

  init(_ error: HTTPClientError, _ expected: String) {
    answer = .failure(error)
    self.expected = expected
    testDescription = "\(error)"
  }

  static let all: [Case] = [
    Case("ITEM_LOGIN_REQUIRED", "reauthenticate"), Case("NO_ACCOUNTS", "reauthenticate"),
    Case("ITEM_LOCKED", "reauthenticate"), Case("ITEM_NOT_FOUND", "gone"),
    Case("INVALID_ACCESS_TOKEN", "gone", type: "INVALID_INPUT"),
    Case("USER_PERMISSION_REVOKED", "gone", type: "INVALID_INPUT"), Case("PRODUCT_NOT_READY", "notReady"),
    Case("PRODUCTS_NOT_SUPPORTED", "unsupported"), Case("NO_LIABILITY_ACCOUNTS", "unsupported"),
    Case("INVALID_API_KEYS", "configuration", type: "INVALID_INPUT"),
    Case("INVALID_PRODUCT", "configuration", type: "INVALID_INPUT"),
    Case("INVALID_ACCOUNT_ID", "accountsChanged", type: "INVALID_INPUT"),
    Case("TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION", "mutated", type: "TRANSACTIONS_ERROR"),
    Case("INVALID_FIELD", "cursorRefused", type: "INVALID_REQUEST", message: "cursor not associated with access_token"),
    Case("INVALID_FIELD", "bug", type: "INVALID_REQUEST", message: "count must be below 500"),
    Case("MISSING_FIELDS", "bug", type: "INVALID_REQUEST"),
    Case("INSTITUTION_DOWN", "retry", type: "INSTITUTION_ERROR"),
    Case("INSTITUTION_WHO_KNOWS", "retry", type: "INSTITUTION_ERROR"),
    Case("INSTITUTION_NO_LONGER_SUPPORTED", "gone", type: "INSTITUTION_ERROR"),
    Case("INTERNAL_SERVER_ERROR", "retry", type: "API_ERROR", status: 500),
    Case("PLANNED_MAINTENANCE", "wait", type: "API_ERROR", status: 503),
    Case("ACCOUNTS_LIMIT", "wait", type: "RATE_LIMIT_EXCEEDED", status: 429),
    Case("CREDITS_EXHAUSTED", "configuration", type: "RATE_LIMIT_EXCEEDED", status: 429),
    Case("A_CODE_OF_TOMORROW", "bug"),
    Case("a page with status 200", body: "<html>welcome to this hotel</html>", status: 200, "retry"),
    Case("a page with status 502", body: "<html>bad gateway</html>", status: 502, "retry"),
    Case("a page with status 429", body: "slow down", status: 429, "wait"),
    Case("half an answer", body: #"{"accounts":["#, status: 200, "retry"),
    Case("an empty answer", body: "", status: 200, "retry"), Case("a list", body: "[]", status: 200, "retry"),
    Case("an error with status 200", body: errorBody("ITEM_NOT_FOUND"), status: 200, "gone"),
    Case(.timedOut, "retry"), Case(.cut("x"), "retry"), Case(.cannotConnect("x"), "retry"), Case(.tls("x"), "retry"),
    Case(.insecure("x"), "configuration"), Case(.badURL("x"), "configuration"),
  ]
}

@Suite struct `An error of Plaid's` {
  @Test(arguments: Case.all) fileprivate func `says what can be done`(example: Case) async throws {
    let feed = Wire([example.answer]).client().feed(accessToken: token)
    let error = try #require(await feedError { _ = try await feed.accounts() })
    #expect("\(error)".hasPrefix(example.expected + "("), "\(error)")
  }

  @Test func `keeps Plaid's words for the operator, the person and the support`() async throws {
    let feed = Wire(errorBody("ITEM_LOCKED"), status: 400).client().feed(accessToken: token)
    let fault = try #require(await feedError { _ = try await feed.accounts() }).fault
    #expect(
      fault
        == FeedFault(
          type: "ITEM_ERROR", code: "ITEM_LOCKED", message: "words", displayMessage: "sorry", requestID: "req1"))
  }

  @Test func `holds neither token nor key, however the answer echoes them`() async throws {
    let message = "no such \(token.reveal), nor public-production-1-2, for secret-1; accessible public-ish link-ed"
    let lines = Locked<[String]>([])
    let log = Log(level: .debug) { line in lines.withLock { $0.append(line) } }
    let feed = Wire(errorBody("BAD", message: message), status: 400).client(log: log).feed(accessToken: token)
    let error = try #require(await feedError { _ = try await feed.accounts() })
    #expect(error.fault.message == "no such •••, nor •••, for •••; accessible public-ish link-ed")
    let told = lines.withLock { $0.joined() } + "\(error)"
    #expect(!told.contains(token.reveal) && !told.contains("secret-1") && told.contains("BAD"))
  }

  @Test func `holds neither in any of its fields`() async throws {
    let said = "x \(token.reveal) secret-1"
    let body: JSONValue = [
      "error_type": .string(said), "error_code": .string(said), "error_message": .string(said),
      "display_message": .string(said), "request_id": .string(said),
    ]
    let feed = Wire(body.text(), status: 500).client().feed(accessToken: token)
    let fault = try #require(await feedError { _ = try await feed.accounts() }).fault
    for field in [fault.type, fault.code, fault.message, fault.displayMessage, fault.requestID] {
      #expect(field == "x ••• •••")
    }
  }

  @Test func `waits as long as the answer asks, within reason`() async {
    let body = errorBody("RATE_LIMIT", type: "RATE_LIMIT_EXCEEDED")
    for (header, seconds) in [("7", 7), ("0", 1), ("99999999", 21_600), ("soon", 60)] {
      let limited = answer(body, status: 429, headers: ["Retry-After": header])
      let feed = Wire([.success(limited)]).client().feed(accessToken: token)
      guard case .wait(let pause, _) = await feedError({ _ = try await feed.accounts() }) else {
        Issue.record("not told to wait")
        continue
      }
      #expect(pause == .seconds(seconds))
    }
  }

  @Test func `about a product the bank lacks is no error, and one without consent asks nobody to sign in`() async throws
  {
    let none = Wire(errorBody("NO_INVESTMENT_ACCOUNTS"), status: 400).client().feed(accessToken: token)
    #expect(try await none.holdings() == nil)
    let closed = Wire(errorBody("ADDITIONAL_CONSENT_REQUIRED"), status: 400).client().feed(accessToken: token)
    let error = try #require(await feedError { _ = try await closed.liabilities() })
    #expect("\(error)".hasPrefix("unsupported("))
  }
}
