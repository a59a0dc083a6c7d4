import Basics
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
      response = .problem(ProblemKind.hostUnknown.problem(), requestID: context.info.requestID)
    }
    response.headers["Request-Id"] = context.info.requestID
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status == 401 { response.headers["WWW-Authenticate"] = "Bearer realm=\"magpie\"" }
    // The path and the query may hold what a log should not.
    log.info(
      "request", ("request_id", .text(context.info.requestID)), ("method", .text(String(request.method.prefix(10)))),
      ("route", .text(context.info.endpoint ?? "-")), ("status", .number(response.status)),
      ("milliseconds", .number(Int((world.now() - began).milliseconds))),
      ("user", .text(context.trace.caller?.user.description ?? "-")))
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
  let trace = Trace()
}

/// What is learned about a request on its way in, for the line that is written when it is out again.
final class Trace: Sendable {
  private let known = Locked<Caller?>(nil)

  func note(_ caller: Caller?) { known.withLock { $0 = caller } }
  var caller: Caller? { known.withLock { $0 } }
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
