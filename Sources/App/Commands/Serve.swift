import API
import Basics
import Databases
import HTTP
import Store

/// The server: keeps every linked bank up to date and answers on this machine, until it is stopped.
struct Serve: Command {
  static let name = "serve"
  static let summary = "Keep your banks up to date and answer on this machine."
  static let options: [Option] = [
    .value("port", "PORT", "where to listen in place of MAGPIE_PORT; 0 takes a free one"),
    .flag("verbose", "log every request and call to standard error"),
  ]

  /// The bank and customer that show what Magpie does when there is none yet.
  private static let firstInstitution = "ins_109508"

  let port: UInt16?
  let isVerbose: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    port = try arguments.option("port", wanted: "a number from 0 to 65535")
    isVerbose = arguments.flag("verbose")
  }

  func run(_ surroundings: Surroundings) async throws {
    let configuration = try Configuration(surroundings.environment)
    guard Self.isLoopback(configuration.host) || Self.hasProxyElsewhere(configuration) else {
      throw Failure(
        """
        MAGPIE_HOST=\(configuration.host) would send bank data unprotected over the network: leave it at 127.0.0.1 and \
        put a reverse proxy in front. Where that is on another machine, name its address in MAGPIE_TRUSTED_PROXIES and \
        the https:// address it answers at in MAGPIE_PUBLIC_URL (see magpie help https)
        """, .attention)
    }
    let log = Log.standardError(level: isVerbose ? .debug : .warning)
    let home = try await Home.open(configuration, log: log)
    try await Bank.with(home) { bank in try await serve(bank, home, surroundings) }
  }

  private func serve(_ bank: Bank, _ home: Home, _ surroundings: Surroundings) async throws {
    let configuration = home.configuration
    let screen = ServeScreen(bank, home, surroundings.terminal)
    let workforce = try Workforce(bank, home, slots: configuration.work.workers) { screen.show($0) }
    var interface = Interface(
      bank.banks, token: home.apiToken, identity: home.identity, publicURL: configuration.publicURL,
      version: Magpie.version, log: home.log)
    interface.settings.metricsToken = configuration.metricsToken
    interface.settings.origins = Set(configuration.origins)
    interface.settings.hosts = configuration.allowedHosts
    interface.settings.proxies = configuration.work.trusted
    interface.settings.prices = configuration.work.prices
    interface.settings.outgoing = .live(log: home.log, rules: configuration.work.outgoingRules)
    interface.settings.keptAnswerBytes = configuration.keptAnswersMegabytes << 20
    interface.settings.advisor = configuration.advisor.map {
      Advisor.Settings(url: $0.url, model: $0.model, key: $0.key, http: .live(log: home.log))
    }
    if !configuration.isRateLimited { interface.settings.limits = .off }
    interface.settings.simulatedLink = bank.link
    let server = HTTPServer(
      .init(host: configuration.host, port: port ?? configuration.port, largeBodies: interface.largeBodies),
      handler: interface.handler())
    // A secret is shown to eyes only.
    let setup = surroundings.terminal.hasBars ? try await home.identity.makeSetup() : nil
    do throws(CannotListen) {
      screen.welcome(port: try server.start(), host: configuration.host, setup: setup)
    } catch {
      guard error.isTaken else { throw error }
      throw Failure("\(error): stop the other program, or set MAGPIE_PORT or --port to another port")
    }
    // Beside the services, so that a request to stop is heard while the first bank is being linked.
    let opening = Task(name: "first link") { await Self.linkFirst(bank, home, screen) }
    defer { opening.cancel() }
    let isWorking = configuration.work.workers > 0
    if isWorking { try await workforce.greet() }
    let services = [server as any Service, interface.hub] + (isWorking ? workforce.services : [])
    try await ServiceGroup(services + [SearchKeeper(home), screen]).run(until: surroundings.untilStop)
    surroundings.terminal.line("Stopped. Nothing is lost; magpie serve goes on where this ended.")
  }

  /// Links the simulated bank where nothing was ever linked. Whoever removed it does not get it again by itself.
  private static func linkFirst(_ bank: Bank, _ home: Home, _ screen: ServeScreen) async {
    do {
      let scope = home.scope
      let isNew = try await home.database.read { session in
        try Connections.list(after: nil, limit: 1, scope, session).isEmpty
      }
      guard isNew else { return }
      guard bank.isSimulated else { return screen.sayNothingLinked() }
      _ = try await bank.banks.linkSandbox(institution: firstInstitution)
    } catch is CancellationError {
    } catch {
      screen.complain("the simulated bank could not be linked", error)
    }
  }

  /// Whoever says both has put something in front that keeps bank data from travelling in the clear any further.
  private static func hasProxyElsewhere(_ configuration: Configuration) -> Bool {
    configuration.work.trusted.areElsewhere && configuration.publicURL?.hasPrefix("https://") == true
  }

  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets.first == "127" && octets.allSatisfy { UInt8($0) != nil }
  }
}
