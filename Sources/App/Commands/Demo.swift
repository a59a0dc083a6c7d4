import API
import Basics
import Databases
import Finance
import Insights
import JSON
import Store
import Sync

/// Shows what Magpie does, without keys: links a simulated bank over HTTP, fetches two years of an invented household,
/// and says what there is to say about it. Leaves nothing behind unless asked to.
struct Demo: Command {
  static let name = "demo"
  static let summary = "Link a simulated bank, fetch two years, and show a summary."
  static let options: [Option] = [
    .flag("json", "as JSON, for programs"),
    .flag("keep", "keep what was fetched, in MAGPIE_DATA_DIR"),
  ]

  /// The bank of the demonstration, and its name while it is being asked.
  private static let institution = "ins_109508"
  private static let institutionName = "First Platypus Bank"

  let isJSON: Bool
  let isKept: Bool

  init(_ arguments: inout Arguments) {
    isJSON = arguments.flag("json")
    isKept = arguments.flag("keep")
  }

  func run(_ surroundings: Surroundings) async throws {
    let terminal = surroundings.terminal
    let folder = try isKept ? nil : TemporaryFolder(surroundings.environment)
    defer { folder?.remove() }
    let home = try await Home.open(try configuration(surroundings.environment, in: folder))
    let overview = try await Self.unlessStopped(surroundings.untilStop) { try await fetch(home, terminal) }
    let summary = Summary(overview)
    if isJSON {
      terminal.json(summary.json)
    } else {
      summary.show(on: terminal)
      terminal.line()
      if isKept {
        terminal.line("Kept in \(home.directory.path)")
      } else {
        terminal.line("Nothing was kept; `magpie demo --keep` keeps it.")
      }
      terminal.line("For your own banks see `magpie help plaid`.")
    }
  }

  /// Settings of real banks have no place here, however they stand.
  private func configuration(
    _ environment: [String: String], in folder: TemporaryFolder?
  ) throws -> Configuration {
    var environment = environment.filter { !$0.key.hasPrefix("PLAID_") }
    if let folder {
      environment["MAGPIE_DATA_DIR"] = folder.path
      environment["MAGPIE_ENCRYPTION_KEY"] = nil
      environment["MAGPIE_ENCRYPTION_KEY_PREVIOUS"] = nil
      environment["DATABASE_URL"] = nil
    }
    let configuration = try Configuration(environment)
    guard configuration.simulation != .off else {
      throw Failure("the demo needs the simulated bank, and MAGPIE_SIMULATION=off forbids it: take it away", .attention)
    }
    return configuration
  }

  private func fetch(_ home: Home, _ terminal: Terminal) async throws -> Overview {
    let (scope, world) = (home.scope, home.world)
    try await Bank.with(home, isPrompt: true) { bank in
      let linked = try await home.database.read { try Connections.all(scope, $0) }
      let known = linked.first { $0.institutionID == Self.institution && $0.state != .removed }
      let connection: StoredConnection
      if let known {
        connection = known
      } else {
        connection = try await bank.banks.linkSandbox(institution: Self.institution)
      }
      let bar = ProgressBar(Self.institutionName, terminal)
      defer { bar.clear() }
      _ = try await bank.banks.sync(connection.id, kind: known == nil ? .initial : .update) { bar.show($0) }
    }
    if isKept { await SearchKeeper.afterCommand(home) }
    let now = world.now()
    return try await home.database.read { try Overview.read(now: now, scope, $0) }
  }

  /// The first to end ends the other.
  private static func unlessStopped<Value: Sendable>(
    _ untilStop: @escaping @Sendable () async -> Void, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask(name: "demo") { try await work() }
      group.addTask(name: "stop") {
        await untilStop()
        return nil
      }
      let first = try await group.next()
      group.cancelAll()
      guard let first, let value = first else { throw CancellationError() }
      return value
    }
  }
}
