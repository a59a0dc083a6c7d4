import Basics
import Crypto
import HTTP
import Sandbox

/// Runs the simulated bank by itself, for whoever builds against Plaid's protocol. Reachable from this machine only.
struct RunSandbox: Command {
  static let name = "sandbox"
  static let summary = "Run a simulated bank that speaks Plaid's protocol."
  static let options: [Option] = [
    .value("port", "PORT", "where to listen on 127.0.0.1; 0 takes a free one (8090)"),
    .value("client-id", "ID", "the client id to accept (made up and printed when not given)"),
    .value("secret", "SECRET", "the secret to accept (made up and printed when not given)"),
    .value("seed", "NUMBER", "which families live at the bank; the same number gives the same (1)"),
    .flag("control", "let testers move the clock and cause trouble under /control"),
    .flag("verbose", "log every happening to standard error"),
  ]

  let port: UInt16
  let clientID: String?
  let secret: Secret<String>?
  let seed: UInt64
  let isControllable: Bool
  let isVerbose: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    port = try arguments.option("port", wanted: "a number from 0 to 65535") ?? 8090
    clientID = arguments.text("client-id")
    secret = arguments.text("secret").map { Secret($0) }
    seed = try arguments.option("seed", wanted: "a number, 0 or more") ?? 1
    isControllable = arguments.flag("control")
    isVerbose = arguments.flag("verbose")
    if clientID?.isEmpty == true { throw UsageError("--client-id must not be empty") }
    if secret?.reveal.isEmpty == true { throw UsageError("--secret must not be empty") }
  }

  func run(_ surroundings: Surroundings) async throws {
    let log = Log.standardError(level: isVerbose ? .debug : .warning)
    let clientID = clientID ?? Hex.encode(RandomBytes.make(12))
    let secret = secret ?? Secret(Hex.encode(RandomBytes.make(15)))
    let server = SandboxServer(
      .init(port: port, clientID: clientID, secret: secret, seed: seed, isControllable: isControllable),
      http: .live(log: log), log: log)
    let port = try server.start()
    let terminal = surroundings.terminal
    terminal.line("The simulated bank listens on http://127.0.0.1:\(port). Stop it with Ctrl-C.")
    terminal.line("  PLAID_BASE_URL=http://127.0.0.1:\(port)")
    terminal.line("  PLAID_CLIENT_ID=\(clientID)")
    if self.secret == nil { terminal.line("  PLAID_SECRET=\(secret.reveal)") }
    await surroundings.untilStop()
    await server.stop()
  }
}
