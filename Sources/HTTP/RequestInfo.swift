package import Basics

/// What the router knows about a request besides the request. Each application context starts from one.
package struct RequestInfo: Sendable {
  /// Names this request in the log and in a problem's `request_id`.
  package let requestID: String
  /// The path's parameters by name, decoded.
  package internal(set) var parameters: [String: String] = [:]
  /// The route's pattern, such as `/v1/accounts/{id}`: a safe label for logs and metrics, as the path is not.
  package internal(set) var endpoint: String?

  package init(requestID: String) { self.requestID = requestID }

  /// A path parameter as a typed identity.
  ///
  /// - Throws: 404 when it does not read as one: what has no identity does not exist.
  package func parameter<Owner>(_ name: String, as: ID<Owner>.Type = ID<Owner>.self) throws(Problem) -> ID<Owner> {
    guard let id = parameters[name].flatMap({ ID<Owner>($0) }) else { throw .notFound }
    return id
  }
}

extension Problem {
  package static let notFound = Problem(404, "not_found", "There is nothing here.")
}

/// A value made for each request and handed down the chain; what it holds is what the handler may rely on.
package protocol RequestContext: Sendable {
  var info: RequestInfo { get set }
}
