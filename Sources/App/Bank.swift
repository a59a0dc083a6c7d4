package import API
import Basics
import Crypto
import Databases
import Finance
import HTTP
import Jobs
import Plaid
import Sandbox
import Store

/// The bank provider of an installation, opened: Plaid when there are keys, and otherwise a simulated bank within this
/// process.
package struct Bank: Sendable {
  package let banks: Banks
  let simulated: SandboxServer?

  /// Whether all of this bank's money is invented.
  package var isSimulated: Bool { simulated != nil }

  /// The address of the simulated bank does not outlive the process, so its tokens are sealed for this word.
  static let simulatedHost = "simulated-bank"
  /// Which families live there. Tokens follow from it: a change would lose every link.
  static let simulatedSeed: UInt64 = 1

  /// - Parameter isPrompt: A simulated bank that is new has all of its history ready at once, instead of a moment later
  ///   as banks have.
  /// - Throws: ``Failure`` with what to do when there is no bank to speak to.
  package static func open(_ home: Home, isPrompt: Bool = false) async throws -> Bank {
    do {
      let hadReal = try await home.database.read { try Connections.hadReal($0) }
      let choice = try Choice(home.configuration, hadReal: hadReal)
      try await dropLeasesOfTheDead(home)
      let http = HTTPClient.live(log: home.log)
      switch choice {
      case .plaid(let keys):
        let configuration = home.configuration
        return Bank(
          home, at: configuration.plaidBaseURL, clientID: keys.clientID, secret: keys.secret, http: http,
          simulated: nil)
      case .simulated:
        let (clientID, secret) = (Hex.encode(RandomBytes.make(12)), Secret(Hex.encode(RandomBytes.make(16))))
        let server = try SandboxServer(
          .init(
            clientID: clientID, secret: secret, seed: Self.simulatedSeed,
            initialDelay: isPrompt ? .zero : .milliseconds(200),
            historicalDelay: isPrompt ? .zero : .milliseconds(500)), journal: home.directory.simulatedBank, http: http,
          world: home.world,
          log: home.log)
        let port = try server.start()
        return Bank(
          home, at: "http://127.0.0.1:\(port)", clientID: clientID, secret: secret, http: http, simulated: server)
      }
    } catch {
      throw Fault.failure(error, directory: home.directory)
    }
  }

  private init(
    _ home: Home, at url: String, clientID: String, secret: Secret<String>, http: HTTPClient, simulated: SandboxServer?
  ) {
    let configuration = home.configuration
    let environment = simulated == nil ? configuration.plaidEnvironment.rawValue : "sandbox"
    let plaid = PlaidClient(
      credentials: PlaidCredentials(clientID: clientID, secret: secret, environment: environment, baseURL: url),
      http: http, world: home.world, log: home.log)
    let keys = home.keys
    banks = Banks(
      plaid: plaid, database: home.database, world: home.world, scope: home.scope,
      sealing: .init(
        seal: { try keys.seal($0, associatedData: $1) }, open: { try keys.openText($0, associatedData: $1) }),
      settings: .init(
        origin: simulated == nil ? .plaid : .simulated, environment: environment,
        host: simulated == nil ? url : Self.simulatedHost, products: configuration.products,
        countryCodes: configuration.countryCodes, language: configuration.language,
        // The simulated bank is within this process, so nobody needs to be reached from outside.
        publicURL: simulated == nil ? configuration.publicURL : nil,
        owner: ProcessName.current ?? RandomBytes.token(bytes: 16),
        callsPerDay: simulated == nil ? configuration.work.callsPerDay : nil,
        hasLiveBalances: configuration.work.hasLiveBalances), log: home.log)
    self.simulated = simulated
  }

  /// A step through the simulated bank's Link, for the web application; nil where the bank is a real one.
  var link: Interface.SimulatedLink? {
    guard let simulated else { return nil }
    return { form in
      await simulated.handle(
        Request(
          "POST", SandboxServer.linkPath(form.reveal), headers: ["Accept": "application/json"],
          body: Array(form.reveal.utf8)))
    }
  }

  /// Ends what runs in this process for the bank.
  package func close() async { await simulated?.stop() }

  /// Opens the bank for one piece of work.
  package static func with<Result>(
    _ home: Home, isPrompt: Bool = false, _ body: (Bank) async throws -> Result
  ) async throws -> Result {
    let bank = try await open(home, isPrompt: isPrompt)
    do {
      let result = try await body(bank)
      await bank.close()
      return result
    } catch {
      await bank.close()
      throw Fault.failure(error, directory: home.directory)
    }
  }

  /// A process that was killed leaves behind what it held; nobody waits for one that is gone.
  private static func dropLeasesOfTheDead(_ home: Home) async throws {
    let (leases, workers) = try await home.database.read { session in
      (
        try Connections.leases(session).filter { ProcessName.hasEnded($0.1.owner) },
        try JobClaims.owners(session).filter { ProcessName.hasEnded($0) }
      )
    }
    guard !leases.isEmpty || !workers.isEmpty else { return }
    let user = home.scope.user
    try await home.database.write { session in
      for (household, lease) in leases {
        try Connections.release(lease, Scope(household: household, user: user), session)
      }
      // Whoever works next puts their jobs back.
      for worker in workers { try JobClaims.giveUp(worker, session) }
    }
  }
}

extension Bank {
  /// Which bank the settings and the past allow. Pure.
  enum Choice: Sendable {
    case plaid(Configuration.Credentials)
    case simulated

    /// - Parameter hadReal: The database has, or ever had, a connection that was not simulated.
    init(_ configuration: Configuration, hadReal: Bool) throws(Failure) {
      if let credentials = configuration.credentials, configuration.simulation != .on {
        self = .plaid(credentials)
        return
      }
      guard configuration.simulation != .off else {
        throw Failure(
          """
          there is no bank to speak to: set PLAID_CLIENT_ID and PLAID_SECRET (see magpie help plaid), or take \
          MAGPIE_SIMULATION=off away
          """, .attention)
      }
      guard !hadReal else {
        throw Failure(
          """
          this database holds bank links from Plaid, so the simulated bank keeps away from it: set PLAID_CLIENT_ID \
          and PLAID_SECRET, or try things out in another MAGPIE_DATA_DIR
          """, .attention)
      }
      self = .simulated
    }
  }
}
