package import Basics
import Databases
package import Finance
package import HTTP
import JSON
import Plaid

/// The HTTP interface: what its operations need, and the way of a request to one of them.
package struct Interface: Sendable {
  let banks: Banks
  let identity: Identity
  /// How the outside reaches this server: its host may be asked for.
  let publicURL: String?
  let version: String
  let log: Log
  /// Told of each new connection, so that its first sync need not wait.
  let linked: @Sendable (ID<Connection>) -> Void
  /// Says who asks.
  ///
  /// - Throws: 401 for whoever cannot show it.
  package var authenticate: @Sendable (Request) async throws -> Caller
  /// What the operator may choose.
  package struct Settings: Sendable {
    /// What whoever reads `/metrics` shows; nil: nobody can.
    package var metricsToken: Secret<String>?
    package var limits = RateLimits()
    /// Sites whose pages may ask from a browser, such as `https://app.example`.
    package var origins: Set<String> = []
    /// Hosts that may be asked for besides the public URL's and this machine's.
    package var hosts: [String] = []
    /// The model that advice may be asked of; nil: none is.
    package var advisor: Advisor.Settings?
    /// The simulated bank's Link; nil where the bank is a real one.
    package var simulatedLink: SimulatedLink?
    /// Proxies that are believed when they say who asked them.
    package var proxies = TrustedProxies.loopback
    /// How streams wait between two signs of life.
    package var wait: @Sendable (Duration) async throws -> Void = World.live.sleep

    /// What billed calls are estimated to cost.
    package var prices = BilledPrices.standard
    /// Reaches addresses that people name; nil where this process asks none.
    package var outgoing: HTTPClient?
    /// Memory for answers that are kept until something changes; 0: none are.
    package var keptAnswerBytes = 0

    package init() {}
  }

  package var settings = Settings()
  /// Believes webhooks of Plaid's.
  let verifier: WebhookVerifier
  /// Wakes those who follow events. Whoever serves runs it.
  package let hub: EventHub
  let documents = Documents()
  let institutions = InstitutionShelf()
  let assistants = AssistantDesk()
  let metrics: Measurements

  /// - Parameter token: What programs show as `Authorization: Bearer …` to act as the owner of the installation.
  package init(
    _ banks: Banks, token: Secret<String>, identity: Identity? = nil, publicURL: String? = nil, version: String,
    log: Log, linked: @escaping @Sendable (ID<Connection>) -> Void = { _ in }
  ) {
    self.banks = banks
    self.publicURL = publicURL
    self.version = version
    self.log = log
    self.linked = linked
    verifier = WebhookVerifier(banks.plaid)
    hub = EventHub(banks.database, banks.world)
    metrics = Measurements(startedAt: banks.world.now())
    let doorkeeper = Doorkeeper(token, owner: banks.scope)
    let identity =
      identity
      ?? Identity(database: banks.database, world: banks.world, sealing: banks.sealing, publicURL: publicURL)
    self.identity = identity
    authenticate = { request in try await identity.caller(request, doorkeeper) }
  }

  /// The banks as whoever asks may use them.
  func banks(for call: Call) throws(Problem) -> Banks { banks.acting(as: try call.scope) }

  /// Names requests, in the log and in answers.
  private enum Asked: Identified {
    static let idPrefix = "req"
  }

  /// Answers every request, also those that make no sense.
  package func handler() -> @Sendable (Request) async -> Response {
    let handler = routes().handler()
    let world = banks.world
    return { request in
      let requestID = Self.given(request) ?? world.newID(Asked.self).description
      do {
        return try await handler(request, Visitor(info: RequestInfo(requestID: requestID)))
      } catch {
        return .problem(ProblemKind.internalError.problem(), requestID: requestID)
      }
    }
  }

  /// The caller's own name for the request, if it is fit for a log.
  private static func given(_ request: Request) -> String? {
    let fields = request.headers.all("Request-Id") + request.headers.all("X-Request-Id")
    guard fields.count == 1, let name = fields.first, Shape.token(1...64).mistakes(in: .string(name)).isEmpty else {
      return nil
    }
    return name
  }

  /// Only where the writes of this program are counted can it be told when an answer is out of date.
  private var shelf: AnswerShelf? {
    guard settings.keptAnswerBytes > 0, let database = banks.database as? CountedDatabase else { return nil }
    return AnswerShelf(database, world: banks.world, bytesMax: settings.keptAnswerBytes)
  }

  private func routes() -> Router<Visitor> {
    var router = Router<Visitor>()
    router.use(
      Gate(
        hosts: AllowedHosts(publicURL: publicURL, others: settings.hosts),
        origins: AllowedOrigins(origins: settings.origins), isSecure: publicURL?.hasPrefix("https://") == true,
        measurements: metrics, log: log, world: banks.world))
    router.use(ProblemMiddleware<Visitor>(log: log))
    router.use(Patience())
    let door = Door(
      authenticate: authenticate, metricsToken: settings.metricsToken,
      limiter: RateLimiter(settings.limits, now: banks.world.now), proxies: settings.proxies, shelf: shelf,
      world: banks.world)
    for operation in operations {
      router.on(operation.method.rawValue, operation.path) { request, visitor in
        try await door.answer(operation, request, visitor)
      }
    }
    addWebRoutes(to: &router, WebApplication())
    return router
  }
}
