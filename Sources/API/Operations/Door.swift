package import Basics
import Crypto
import Databases
package import Finance
package import HTTP

/// Who gets through to which operation.
struct Door: Sendable {
  /// How fresh the proof has to be for what cannot be undone.
  static let proofAge = Duration.seconds(5 * 60)

  let authenticate: @Sendable (Request) async throws -> Caller
  /// Shown by whoever reads the measurements; nil: nobody may.
  let metricsToken: Secret<String>?
  let limiter: RateLimiter
  /// Those that are believed when they say who asked them.
  let proxies: TrustedProxies
  /// Nil: every answer is worked out anew.
  let shelf: AnswerShelf?
  let world: World

  /// Finds out who asks, whether they may, and what they want; then asks the operation.
  func answer(_ operation: Operation, _ request: Request, _ visitor: Visitor) async throws -> Response {
    if operation.pace == .signIn {
      try limiter.take(limiter.limits.signIn, for: "sign-in \(client(of: request))")
    }
    let caller = try await admit(request, to: operation)
    visitor.trace.note(caller)
    if let caller, operation.pace != .free {
      try limiter.take(limiter.limits.ordinary, for: "person \(caller.user)")
      if operation.pace == .billed { try limiter.take(limiter.limits.billed, for: "billed \(caller.user)") }
    }
    let place = try await place(operation, request, caller)
    if let place, let kept = shelf?.answer(to: place.key, place.version) { return Finishing.finish(kept, request) }
    let call = try operation.call(request, visitor.info, caller)
    var response = try await Following.$isAllowed.withValue(operation.mayFollow) {
      try await handled(operation, call)
    }
    if let successor = operation.successor {
      response.headers.append("Link", "<\(successor)>; rel=\"successor-version\"")
    }
    if let place {
      if response.status == 200 { response = response.tagged(EntityTag(of: response.body)) }
      shelf?.keep(response, place.key, place.version)
    }
    return operation.answersSecrets ? response : Finishing.finish(response, request)
  }

  /// Where the answer may be kept already; nil for what is worked out each time.
  private func place(
    _ operation: Operation, _ request: Request, _ caller: Caller?
  ) async throws -> (key: AnswerShelf.Key, version: AnswerShelf.Version)? {
    guard operation.keepsAnswers, request.method == "GET", let shelf, let scope = try caller?.membership.get().scope
    else { return nil }
    let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    return (
      AnswerShelf.Key(scope: scope, question: "\(request.path)?\(query)"), try await shelf.version(of: scope.household)
    )
  }

  /// Those whose signature is wrong too often are told to wait, as are those whose token is.
  private func handled(_ operation: Operation, _ call: Call) async throws -> Response {
    do {
      return try await operation.handler(call)
    } catch let problem as Problem where operation.access == .signed && problem.status == 401 {
      try limiter.take(limiter.limits.failures, for: "failure \(client(of: call.request))")
      throw problem
    }
  }

  /// Who asks, by address. Behind a trusted proxy it is who asked the proxy.
  private func client(of request: Request) -> String { RateLimiter.client(proxies.client(of: request)) }

  /// Whoever is wrong too often is told to wait in place of being told that it was wrong.
  private func known(_ request: Request) async throws -> Caller {
    do {
      return try await authenticate(request)
    } catch let problem as Problem where problem.status == 401 {
      try limiter.take(limiter.limits.failures, for: "failure \(client(of: request))")
      throw problem
    }
  }

  private func admit(_ request: Request, to operation: Operation) async throws -> Caller? {
    switch operation.access {
    case .open, .signed: return nil
    case .measuring:
      guard let metricsToken else { throw Problem.notFound }
      guard let shown = Self.bearer(of: request),
        ConstantTime.equal(Hash.sha256(shown), Hash.sha256(metricsToken.reveal))
      else { throw ProblemKind.unauthorized.problem(detail: "Send Authorization: Bearer with MAGPIE_METRICS_TOKEN.") }
      return nil
    case .person(let scope):
      let caller = try await known(request)
      try check(caller, scope, operation)
      return caller
    case .household(let scope, let role):
      let caller = try await known(request)
      try check(caller, scope, operation)
      let membership = try caller.membership.get()
      guard membership.role >= role else {
        throw ProblemKind.roleTooLow.problem(
          detail: "You are \(membership.role.rawValue) here; this needs \(role.rawValue) or above.")
      }
      return caller
    }
  }

  private func check(_ caller: Caller, _ scope: APIScope, _ operation: Operation) throws(Problem) {
    guard caller.scopes.contains(scope) else {
      throw ProblemKind.scopeMissing.problem(detail: "It needs the scope \(scope.rawValue).")
    }
    guard operation.needsFreshProof else { return }
    switch caller.via {
    case .installation: break
    case .apiKey:
      guard caller.scopes.contains(.admin) else {
        throw ProblemKind.scopeMissing.problem(detail: "It needs the scope admin.")
      }
    case .session:
      guard let provedAt = caller.provedAt, world.now() - provedAt < Self.proofAge else {
        throw ProblemKind.proofTooOld.problem()
      }
    }
  }

  /// The one bearer token of a request; nil when there is none, or more than one `Authorization`.
  static func bearer(of request: Request) -> String? {
    let fields = request.headers.all("Authorization")
    let words = fields.first?.split(separator: " ", maxSplits: 1).map(String.init) ?? []
    guard fields.count == 1, words.count == 2, words[0].lowercased() == "bearer" else { return nil }
    return words[1]
  }
}

/// The one token of this installation. Its digest is compared, so that the time taken tells neither where a guess
/// differs nor how long the token is.
package struct Doorkeeper: Sendable {
  private let digest: [UInt8]
  private let owner: Caller

  package init(_ token: Secret<String>, owner: Scope) {
    digest = Hash.sha256(token.reveal)
    self.owner = .installation(owner)
  }

  package func admit(_ request: Request) throws(Problem) -> Caller {
    guard let shown = Door.bearer(of: request), ConstantTime.equal(Hash.sha256(shown), digest) else {
      throw Problem(
        401, "unauthorized", "This needs the token of this installation.",
        detail: "Send Authorization: Bearer with the text of the file api.token in the data folder.")
    }
    return owner
  }
}
