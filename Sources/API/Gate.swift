import Basics
import HTTP

/// What every request passes on its way in and out: which host it asked for, whether another site may ask at all, what is
/// counted and logged, which headers go back.
struct Gate: Middleware {
  let hosts: AllowedHosts
  let origins: AllowedOrigins
  /// The public URL is https: browsers may be told to stay with it.
  let isSecure: Bool
  let measurements: Measurements
  let log: Log
  let world: World

  func respond(to request: Request, _ context: Visitor, next: Handler<Visitor>) async throws -> Response {
    let began = world.now()
    measurements.began()
    var response: Response
    if !hosts.allow(request.headers.all("Host")) {
      response = .problem(ProblemKind.hostUnknown.problem(), requestID: context.info.requestID)
    } else if let preflight = origins.preflight(request) {
      response = preflight
    } else {
      response = try await next(request, context)
    }
    decorate(&response, request, context)
    let duration = world.now() - began
    let route = context.info.endpoint ?? "-"
    measurements.ended(method: request.method, route: route, status: response.status, after: duration)
    // The path and the query may hold what a log should not.
    log.info(
      "request", ("request_id", .text(context.info.requestID)), ("method", .text(String(request.method.prefix(10)))),
      ("route", .text(route)), ("status", .number(response.status)),
      ("milliseconds", .number(Int(duration.milliseconds))), ("bytes", .number(response.body.count)),
      ("user", .text(context.trace.caller?.user.description ?? "-")),
      ("via", .text(context.trace.caller?.via.word ?? "-")))
    return response
  }

  private func decorate(_ response: inout Response, _ request: Request, _ context: Visitor) {
    response.headers["Request-Id"] = context.info.requestID
    if response.headers["Cache-Control"] == nil { response.headers["Cache-Control"] = "no-store" }
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if response.headers["Content-Security-Policy"] == nil {
      response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    }
    if isSecure { response.headers["Strict-Transport-Security"] = "max-age=31536000" }
    if response.status == 401 { response.headers["WWW-Authenticate"] = "Bearer realm=\"magpie\"" }
    origins.decorate(&response, request)
  }
}

extension Caller.Via {
  /// For the log: how, and not with what.
  fileprivate var word: String {
    switch self {
    case .installation: "installation"
    case .session: "session"
    case .apiKey: "api_key"
    }
  }
}

/// Hosts that a request may name. A page of another site whose name was pointed at this machine (DNS rebinding) names
/// its own and is refused.
struct AllowedHosts: Sendable {
  /// The host of the public URL, and others that the operator allows, in lower case.
  private let names: Set<String>

  init(publicURL: String?, others: [String] = []) {
    let host = publicURL.flatMap { url in
      url.firstRange(of: "://").map { Self.withoutPort(url[$0.upperBound...].prefix { $0 != "/" }) }
    }
    names = Set(others.map { Self.withoutPort($0[...]) } + [host].compactMap(\.self))
  }

  /// - Parameter fields: Every `Host` field of the request: there has to be exactly one (RFC 9112 §3.2).
  func allow(_ fields: [String]) -> Bool {
    guard fields.count == 1, let field = fields.first else { return false }
    let host = Self.withoutPort(field[...])
    if host == "localhost" || host == "[::1]" || names.contains(host) { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func withoutPort(_ text: Substring) -> String {
    let lower = text.lowercased()
    if lower.first == "[" { return lower.firstIndex(of: "]").map { String(lower[...$0]) } ?? lower }
    return String(lower.prefix { $0 != ":" })
  }
}

/// Other sites whose pages may ask us from a browser (the Fetch standard's CORS protocol). None, unless configured.
/// Cookies are never taken from there: such pages bring a token.
struct AllowedOrigins: Sendable {
  let origins: Set<String>

  /// The answer to a browser that asks beforehand; nil for every other request.
  func preflight(_ request: Request) -> Response? {
    guard request.method == "OPTIONS", request.headers["Access-Control-Request-Method"] != nil, allowed(request) != nil
    else { return nil }
    var response = Response(204)
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, PUT, PATCH, DELETE"
    response.headers["Access-Control-Allow-Headers"] =
      "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Magpie-Household, Request-Id"
    response.headers["Access-Control-Max-Age"] = "600"
    return response
  }

  func decorate(_ response: inout Response, _ request: Request) {
    guard !origins.isEmpty else { return }
    response.headers.append("Vary", "Origin")
    guard let origin = allowed(request) else { return }
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Location, Magpie-Change, Request-Id, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
  }

  private func allowed(_ request: Request) -> String? {
    request.headers["Origin"].flatMap { origins.contains($0) ? $0 : nil }
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
      return Self.postponed(error.problem, pause, context)
    } catch let error as PostponedProblem {
      return Self.postponed(error.problem, error.retryAfter, context)
    }
  }

  private static func postponed(_ problem: Problem, _ pause: Duration, _ context: Visitor) -> Response {
    var response = Response.problem(problem, requestID: context.info.requestID)
    response.headers["Retry-After"] = String(max(1, pause.components.seconds))
    return response
  }
}
