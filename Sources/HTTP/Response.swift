package import Basics

/// One answer. Its body is whole in memory, and bounded, unless it is a ``BodyStream``.
///
/// The server writes `Content-Length`, `Transfer-Encoding` and `Date` itself and ignores them here, and it sends no body
/// in answer to `HEAD`.
package struct Response: Sendable {
  package var status: Int
  package var headers = HeaderFields()
  package var body: [UInt8]
  /// A fault, for the simulated bank: the full length is announced and the connection closed after so many bytes of it.
  package var cutAfterBytes: Int?
  /// In place of a body that is there already.
  package var stream: BodyStream?

  package init(_ status: Int, body: [UInt8] = [], contentType: String? = nil) {
    self.status = status
    self.body = body
    headers["Content-Type"] = contentType
  }

  /// - Parameter bytes: JSON, written already.
  package static func json(_ status: Int, _ bytes: [UInt8]) -> Response {
    Response(status, body: bytes, contentType: "application/json")
  }

  package static func text(_ status: Int, _ text: String) -> Response {
    Response(status, body: Array(text.utf8), contentType: "text/plain; charset=utf-8")
  }

  package static func html(_ status: Int, _ html: String) -> Response {
    Response(status, body: Array(html.utf8), contentType: "text/html; charset=utf-8")
  }

  /// Problem details (RFC 9457), with our `code`, `request_id` and, for input mistakes, `errors` by JSON pointer.
  package static func problem(_ problem: Problem, requestID: String) -> Response {
    self.problem(problem, requestID: Optional(requestID))
  }

  /// - Parameter requestID: Nil when the server refuses before the request has been given an identity.
  static func problem(_ problem: Problem, requestID: String?) -> Response {
    var text = ProblemText()
    text.member("type", "about:blank")
    text.member("title", problem.title)
    text.member("status", number: problem.status)
    if let detail = problem.detail { text.member("detail", detail) }
    text.member("code", problem.code)
    if let requestID { text.member("request_id", requestID) }
    if !problem.fields.isEmpty { text.errors(problem.fields) }
    return Response(problem.status, body: text.finished(), contentType: "application/problem+json")
  }
}
