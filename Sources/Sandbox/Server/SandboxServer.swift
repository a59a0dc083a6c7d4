package import Basics
import Finance
package import HTTP
import JSON

/// The simulated Plaid with a clock, a socket and a way to send webhooks: the effects around ``SandboxWorld``.
package final class SandboxServer: Service {
  package enum Clock: Sendable {
    /// The machine's, plus whatever a tester adds.
    case real
    /// Stands still until a tester moves it.
    case virtual(start: Timestamp)
  }

  package struct Configuration: Sendable {
    package var host: String
    /// 0 takes any free port.
    package var port: UInt16
    package var clientID: String
    package var secret: Secret<String>
    package var seed: UInt64
    package var clock: Clock
    /// Whether `/control/…` and the fault header work.
    package var isControllable: Bool
    /// From linking to the last thirty days being there, and to all of it. Zero: at once.
    package var initialDelay: Duration
    package var historicalDelay: Duration
    package var rateLimits: Settings.RateLimits
    /// Where people reach this server, without a slash at the end; nil: where it listens.
    package var linkBase: String?

    package init(
      host: String = "127.0.0.1", port: UInt16 = 0, clientID: String, secret: Secret<String>, seed: UInt64,
      clock: Clock = .real, isControllable: Bool = false, initialDelay: Duration = .seconds(1),
      historicalDelay: Duration = .seconds(2), rateLimits: Settings.RateLimits = .off, linkBase: String? = nil
    ) {
      self.host = host
      self.port = port
      self.clientID = clientID
      self.secret = secret
      self.seed = seed
      self.clock = clock
      self.isControllable = isControllable
      self.initialDelay = initialDelay
      self.historicalDelay = historicalDelay
      self.rateLimits = rateLimits
      self.linkBase = linkBase
    }
  }

  struct State: Sendable {
    var bank: SandboxWorld
    /// Where the bank's Items outlive the process; nil: they do not.
    var journal: Journal?
    /// What the virtual clock shows, or what was added to the real one.
    var virtualNow: Timestamp?
    var offset = Duration.zero
  }

  package let name = "sandbox"
  let configuration: Configuration
  let http: HTTPClient
  let outside: World
  let log: Log
  let state: Locked<State>
  private let running = Locked<Running?>(nil)
  private let wakes: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation

  private struct Running: Sendable {
    var server: HTTPServer
    var postman: Task<Void, Never>
  }

  /// - Parameters:
  ///   - http: Sends the webhooks.
  ///   - world: Gives the real clock, and waits where the bank is slow.
  package convenience init(
    _ configuration: Configuration, http: HTTPClient, world: World = .live, log: Log = .silent
  ) {
    let bank = SandboxWorld(Self.settings(configuration, header: nil, world), at: Self.start(configuration, world))
    self.init(configuration, bank, nil, http, world, log)
  }

  /// A bank that goes on where it was left, in this process or in another one that runs at this moment.
  ///
  /// Items, their tokens, their rows and every cursor are as they were; what happened at the bank since then has
  /// happened. Sign-in pages that were open, faults that were asked for and unsent webhooks are forgotten.
  /// - Parameter journal: A file that this bank alone uses, made when it is missing, in a folder that is there. It holds
  ///   no token and no key. What the configuration says of delays counts only for a new one.
  package convenience init(
    _ configuration: Configuration, journal path: String, http: HTTPClient, world: World = .live, log: Log = .silent
  ) throws(JournalTrouble) {
    let header = Journal.Header(
      seed: configuration.seed, startedAt: Self.start(configuration, world), initialDelay: configuration.initialDelay,
      historicalDelay: configuration.historicalDelay)
    let journal = try Journal(path, header: header)
    let settings = Self.settings(configuration, header: journal.header, world)
    var state = State(bank: SandboxWorld(settings, at: journal.header.startedAt), journal: journal)
    try state.restore(settings)
    self.init(configuration, state.bank, state.journal, http, world, log)
  }

  private init(
    _ configuration: Configuration, _ bank: SandboxWorld, _ journal: Journal?, _ http: HTTPClient, _ world: World,
    _ log: Log
  ) {
    self.configuration = configuration
    self.http = http
    outside = world
    self.log = log.with(("part", "sandbox"))
    var state = State(bank: bank, journal: journal)
    if case .virtual(let start) = configuration.clock { state.virtualNow = max(start, bank.now) }
    // Nobody is told of what happened while nobody was there; whoever reads finds it.
    state.bank.webhooks.isMuted = true
    state.bank.advance(to: state.virtualNow ?? world.now())
    state.bank.webhooks.isMuted = false
    state.bank.keepsFacts = journal != nil
    self.state = Locked(state)
    (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  private static func start(_ configuration: Configuration, _ world: World) -> Timestamp {
    if case .virtual(let start) = configuration.clock { return start }
    return world.now()
  }

  private static func settings(
    _ configuration: Configuration, header: Journal.Header?, _ world: World
  ) -> Settings {
    Settings(
      clientID: configuration.clientID, secret: configuration.secret, seed: configuration.seed,
      startedOn: CalendarDate(utc: header?.startedAt ?? start(configuration, world)),
      initialDelay: header?.initialDelay ?? configuration.initialDelay,
      historicalDelay: header?.historicalDelay ?? configuration.historicalDelay,
      isControllable: configuration.isControllable, rateLimits: configuration.rateLimits,
      linkBase: configuration.linkBase ?? "http://\(configuration.host):\(configuration.port)")
  }

  /// What time it is at the bank.
  package var now: Timestamp { state.withLock { time($0) } }

  func time(_ state: State) -> Timestamp { state.virtualNow ?? outside.now() + state.offset }

  /// What time it is for whoever checks a signature: the real clock never jumps for them.
  func signingTime(_ state: State) -> Timestamp { state.virtualNow ?? outside.now() }

  // MARK: - Answering

  /// Answers one request, over a socket or within the process.
  package func handle(_ request: Request) async -> Response {
    if configuration.isControllable, let response = await handleTime(request) { return response }
    let reply: Reply
    do throws(JournalTrouble) {
      reply = try state.withLock { state throws(JournalTrouble) in
        try state.alone { $0.bank.answer(request, at: time($0)) }
      }
    } catch {
      log.error("the journal failed", ("reason", .text("\(error)")))
      let id = state.withLock { $0.bank.nextRequestID() }
      return Reply(.internalError, requestID: id).response()
    }
    wake.yield()
    if reply.delay > .zero { try? await outside.sleep(reply.delay) }
    return reply.response()
  }

  /// Where a form of Link goes: a first one opens a visit.
  package static func linkPath(_ form: String) -> String {
    form.contains("session=") ? FakeLink.submitPath : FakeLink.path
  }

  // MARK: - Running

  /// Listens and begins to send webhooks.
  /// - Returns: The port.
  @discardableResult
  package func start() throws(CannotListen) -> UInt16 {
    let server = HTTPServer(
      .init(host: configuration.host, port: configuration.port), handler: { [self] in await handle($0) })
    let port = try server.start()
    if configuration.linkBase == nil {
      state.withLock { $0.bank.settings.linkBase = "http://\(configuration.host):\(port)" }
    }
    let postman = Task(name: "sandbox webhooks") { await deliverForever() }
    running.withLock { $0 = Running(server: server, postman: postman) }
    log.info("sandbox listens", ("port", .number(Int(port))))
    return port
  }

  package func stop() async {
    let running = self.running.withLock { running in
      defer { running = nil }
      return running
    }
    await running?.server.stop()
    running?.postman.cancel()
    await running?.postman.value
  }

  /// Starts, waits to be cancelled, and stops.
  package func run() async throws {
    try start()
    let (never, end) = AsyncStream.makeStream(of: Never.self)
    for await _ in never {}
    end.finish()
    await stop()
  }

  /// Sends what is due whenever something happened, and when the clock comes to the next thing.
  private func deliverForever() async {
    var timer: Task<Void, Never>?
    wake.yield()
    for await _ in wakes {
      await deliverDue()
      timer?.cancel()
      let rest = state.withLock { state in
        state.virtualNow == nil ? state.bank.nextDue.map { $0 - time(state) } : nil
      }
      guard let rest else { continue }
      timer = Task(name: "sandbox timer") { [outside, wake] in
        do {
          try await outside.sleep(max(rest, .milliseconds(1)))
          wake.yield()
        } catch {}  // A newer timer took over.
      }
    }
    timer?.cancel()
  }
}
