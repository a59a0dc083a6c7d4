import Basics
import Crypto
import HTTP

/// What every request passes on its way in and out: which host it asked for, what is logged, which headers go back.
struct Gate: Middleware {
  let hosts: AllowedHosts
  let log: Log
  let world: World

  func respond(to request: Request, _ context: Visitor, next: Handler<Visitor>) async throws -> Response {
    let began = world.now()
    var response: Response
    if hosts.allow(request.headers.all("Host")) {
      response = try await next(request, context)
    } else {
      let problem = Problem(
        421, "host.unknown", "This server does not answer for that host.",
        detail: "Use localhost, a loopback address or the host of MAGPIE_PUBLIC_URL.")
      response = .problem(problem, requestID: context.info.requestID)
    }
    response.headers["Request-Id"] = context.info.requestID
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status == 401 { response.headers["WWW-Authenticate"] = "Bearer realm=\"magpie\"" }
    // The path and the query may hold what a log should not.
    log.info(
      "request", ("request_id", .text(context.info.requestID)), ("method", .text(String(request.method.prefix(10)))),
      ("status", .number(response.status)), ("milliseconds", .number(Int((world.now() - began).milliseconds))))
    return response
  }
}

/// Hosts that a request may name. A page of another site whose name was pointed at this machine (DNS rebinding) names
/// its own and is refused.
struct AllowedHosts: Sendable {
  /// The host of the public URL, in lower case.
  let publicHost: String?

  init(publicURL: String?) {
    publicHost = publicURL.flatMap { url in
      url.firstRange(of: "://").map { Self.withoutPort(url[$0.upperBound...].prefix { $0 != "/" }) }
    }
  }

  /// - Parameter fields: Every `Host` field of the request: there has to be exactly one (RFC 9112 §3.2).
  func allow(_ fields: [String]) -> Bool {
    guard fields.count == 1, let field = fields.first else { return false }
    let host = Self.withoutPort(field[...])
    if host == "localhost" || host == "[::1]" || host == publicHost { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func withoutPort(_ text: Substring) -> String {
    let lower = text.lowercased()
    if lower.first == "[" { return lower.firstIndex(of: "]").map { String(lower[...$0]) } ?? lower }
    return String(lower.prefix { $0 != ":" })
  }
}

/// Whoever is at the door.
struct Visitor: RequestContext {
  var info: RequestInfo
}

/// Somebody who showed the token: the owner of the installation.
struct Owner: RequestContext {
  var info: RequestInfo
}

/// The one token of this installation. Its digest is compared, so that the time taken tells neither where a guess
/// differs nor how long the token is.
struct Doorkeeper: Sendable {
  private let digest: [UInt8]

  init(_ token: Secret<String>) { digest = Hash.sha256(token.reveal) }

  func admit(_ request: Request, _ visitor: Visitor) throws(Problem) -> Owner {
    let fields = request.headers.all("Authorization")
    let words = fields.first?.split(separator: " ", maxSplits: 1).map(String.init) ?? []
    guard fields.count == 1, words.count == 2, words[0].lowercased() == "bearer",
      ConstantTime.equal(Hash.sha256(words[1]), digest)
    else {
      throw Problem(
        401, "unauthorized", "This needs the token of this installation.",
        detail: "Send Authorization: Bearer with the text of the file api.token in the data folder.")
    }
    return Owner(info: visitor.info)
  }
}

/// Tells callers when to come back, where waiting is what helps.
struct Patience: Middleware {
  func respond(to request: Request, _ context: Visitor, next: Handler<Visitor>) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as BanksError {
      guard let pause = error.retryAfter else { throw error }
      var response = Response.problem(error.problem, requestID: context.info.requestID)
      response.headers["Retry-After"] = String(max(1, pause.components.seconds))
      return response
    }
  }
}
