import Basics

/// How the program speaks to others: one closure, so that a test hands in its own answers.
package struct HTTPClient: Sendable {
  /// Sends one request and waits for the whole answer. Any status is an answer; redirects are not followed.
  package var send: @Sendable (HTTPCall) async throws(HTTPClientError) -> HTTPAnswer

  package init(send: @escaping @Sendable (HTTPCall) async throws(HTTPClientError) -> HTTPAnswer) {
    self.send = send
  }
}

/// One request to another server.
package struct HTTPCall: Sendable {
  package var method: String
  /// `https`, or `http` when the host is this machine. No user or password in it.
  package var url: String
  package var headers: HeaderFields
  package var body: [UInt8]
  /// From the start of the call until the last byte of the answer.
  package var deadline: Duration
  /// Until the connection stands, name look-up and TLS included.
  package var connectDeadline: Duration
  /// The most bytes the answer's body may have, after decompression.
  package var answerBytesMax: Int
  /// Shown each part of the answer's body as it comes, decompressed, from any thread; the answer has all of it too.
  package var heard: (@Sendable ([UInt8]) -> Void)?

  package init(
    method: String, url: String, headers: HeaderFields = .init(), body: [UInt8] = [], deadline: Duration,
    connectDeadline: Duration = .seconds(10), answerBytesMax: Int = Limits.answerBytesMax
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.deadline = deadline
    self.connectDeadline = connectDeadline
    self.answerBytesMax = answerBytesMax
  }
}

/// What came back, whole and decompressed.
package struct HTTPAnswer: Sendable {
  package var status: Int
  package var headers: HeaderFields
  package var body: [UInt8]

  package init(status: Int, headers: HeaderFields = .init(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why there is no answer. Texts name hosts and causes, never headers, bodies or queries.
package enum HTTPClientError: Error, Equatable, Sendable {
  /// The URL or another part of the call cannot be sent as it is written. Trying again does not help.
  case badURL(String)
  /// Plain `http` to something other than this machine; nothing was sent.
  case insecure(String)
  /// No connection: nothing was sent, so trying again is safe.
  case cannotConnect(String)
  /// The other end could not prove who it is, or speaks no TLS we accept; nothing was sent.
  case tls(String)
  /// The deadline passed. The request may have been acted upon.
  case timedOut
  /// The connection ended before the answer did. The request may have been acted upon.
  case cut(String)
  /// The answer is larger than the call allows.
  case tooLarge(limit: Int)
  /// The calling task was cancelled.
  case cancelled
  /// Anything else, in the transport's words.
  case failed(String)
}
