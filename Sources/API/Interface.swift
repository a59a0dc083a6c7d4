package import Basics
import Databases
package import Finance
package import HTTP
import JSON

/// The HTTP interface: every route on one page. `/health` is for everybody; all else is under `/v1`, for whoever shows
/// the token of this installation.
package struct Interface: Sendable {
  let banks: Banks
  let token: Secret<String>
  /// How the outside reaches this server: its host may be asked for.
  let publicURL: String?
  let version: String
  let log: Log
  /// Told of each new connection, so that its first sync need not wait.
  let linked: @Sendable (ID<Connection>) -> Void

  /// - Parameter token: What programs show as `Authorization: Bearer …`.
  package init(
    _ banks: Banks, token: Secret<String>, publicURL: String? = nil, version: String, log: Log,
    linked: @escaping @Sendable (ID<Connection>) -> Void = { _ in }
  ) {
    self.banks = banks
    self.token = token
    self.publicURL = publicURL
    self.version = version
    self.log = log
    self.linked = linked
  }

  /// Names requests, in the log and in answers.
  private enum Asked: Identified {
    static let idPrefix = "req"
  }

  /// Answers every request, also those that make no sense.
  package func handler() -> @Sendable (Request) async -> Response {
    let handler = routes().handler()
    let world = banks.world
    return { request in
      let requestID = world.newID(Asked.self).description
      do {
        return try await handler(request, Visitor(info: RequestInfo(requestID: requestID)))
      } catch {
        return .problem(Problem(500, "internal", "Something went wrong on our side."), requestID: requestID)
      }
    }
  }

  /// Every route, so that its description can be compared with it.
  var endpoints: [(method: String, pattern: String)] { routes().endpoints }

  private func routes() -> Router<Visitor> {
    var router = Router<Visitor>()
    router.use(
      Gate(hosts: AllowedHosts(publicURL: publicURL), log: log, world: banks.world))
    router.use(ProblemMiddleware<Visitor>(log: log))
    router.use(Patience())
    router.on("GET", "/health") { request, context in await health() }
    let doorkeeper = Doorkeeper(token)
    router.group({ request, visitor in try doorkeeper.admit(request, visitor) }) { owner in
      owner.on("POST", "/v1/link-token") { request, _ in try await linkToken(request) }
      owner.on("POST", "/v1/exchange") { request, _ in try await exchange(request) }
      owner.on("GET", "/v1/connections") { request, _ in try await connections(request) }
      owner.on("GET", "/v1/connections/{id}") { _, context in try await connection(context) }
      owner.on("DELETE", "/v1/connections/{id}") { _, context in try await remove(context) }
      owner.on("POST", "/v1/connections/{id}/sync") { request, context in try await sync(request, context) }
      owner.on("POST", "/v1/sync") { request, _ in try await syncAll(request) }
      owner.on("GET", "/v1/accounts") { request, _ in try await accounts(request) }
      owner.on("GET", "/v1/transactions") { request, _ in try await transactions(request) }
    }
    return router
  }

  /// Whether the server can do its work: 200, or 503 when the database does not answer.
  private func health() async -> Response {
    let isReachable: Bool
    do {
      isReachable = try await banks.database.read { try $0.first("SELECT 1") { try $0(0, as: Int.self) } } == 1
    } catch {
      log.error("the database does not answer", ("error", .text("\(error)")))
      isReachable = false
    }
    let answer: JSONValue = [
      "status": isReachable ? "ok" : "failing", "database": isReachable ? "ok" : "unreachable",
      "simulated": .bool(banks.settings.origin == .simulated), "version": .string(version),
    ]
    return .json(isReachable ? 200 : 503, answer.serialized())
  }
}
