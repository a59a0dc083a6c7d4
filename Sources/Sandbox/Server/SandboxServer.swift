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
  package init(_ configuration: Configuration, http: HTTPClient, world: World = .live, log: Log = .silent) {
    self.configuration = configuration
    self.http = http
    outside = world
    self.log = log.with(("part", "sandbox"))
    var virtualNow: Timestamp?
    if case .virtual(let start) = configuration.clock { virtualNow = start }
    let now = virtualNow ?? world.now()
    let settings = Settings(
      clientID: configuration.clientID, secret: configuration.secret, seed: configuration.seed,
      startedOn: CalendarDate(utc: now), initialDelay: configuration.initialDelay,
      historicalDelay: configuration.historicalDelay, isControllable: configuration.isControllable,
      rateLimits: configuration.rateLimits,
      linkBase: configuration.linkBase ?? "http://\(configuration.host):\(configuration.port)")
    state = Locked(State(bank: SandboxWorld(settings, at: now), virtualNow: virtualNow))
    (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
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
    let reply = state.withLock { $0.bank.answer(request, at: time($0)) }
    wake.yield()
    if reply.delay > .zero { try? await outside.sleep(reply.delay) }
    return reply.response()
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
