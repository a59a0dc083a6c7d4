import Basics
import Databases
import Finance
import JSON
import Store

/// Fetches what is new at the banks.
struct SyncBanks: Command {
  static let name = "sync"
  static let summary = "Fetch what is new at your banks, or at one of them."
  static let words = "[CONNECTION]"
  static let options: [Option] = [
    .flag("all", "every bank, which is also what happens without a name"),
    .flag("full", "read everything anew, and take out what a bank no longer lists"),
    .flag("wait", "wait for others who are at a bank, and for pauses it asks for, up to ten minutes"),
    .flag("json", "as JSON, for programs"),
  ]
  static let details = """
    CONNECTION is an id (con_…) or part of a bank's name. Only one program syncs a bank at a time;
    a sync that is interrupted loses nothing, and the next one goes on from the same place.
    """

  /// How long `--wait` waits for one bank.
  private static let patience = Duration.seconds(600)

  let word: String?
  let isFull: Bool
  let isWaiting: Bool
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    word = arguments.word()
    isFull = arguments.flag("full")
    isWaiting = arguments.flag("wait")
    isJSON = arguments.flag("json")
    if arguments.flag("all"), word != nil { throw UsageError("--all does not go with the name of one bank") }
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment))
    let scope = home.scope
    let known = try await home.database.read { try Connections.all(scope, $0) }
    let chosen = try word.map { [try Finding.connection($0, among: known)] }
    let connections = chosen ?? known.filter { $0.sealedToken != nil && $0.state != .removing }
    guard !connections.isEmpty else {
      if isJSON { return surroundings.terminal.json(["data": []]) }
      throw Failure("no bank is linked yet; magpie help link says how")
    }
    let reports = try await surroundings.stoppable {
      try await Bank.with(home) { bank in
        let work = SyncWork(home, bank.banks, surroundings.terminal)
        var reports: [SyncWork.Report] = []
        for connection in connections {
          let patience = isWaiting ? Self.patience : .zero
          let report = try await work.sync(connection, isFull: isFull, patience: patience)
          if !isJSON { work.tell([report]) }
          reports.append(report)
        }
        await SearchKeeper.afterCommand(home)
        return reports
      }
    }
    if isJSON { surroundings.terminal.json(["data": .array(reports.map(SyncWork.json))]) }
    if let failure = SyncWork.failure(reports) { throw failure }
  }
}
