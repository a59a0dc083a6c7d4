import API
import Basics
import Finance
import JSON
import Plaid
import Store

/// Links a bank, and fetches its first rows.
struct Link: Command {
  static let name = "link"
  static let summary = "Link a bank: with a token from Plaid Link, or an invented one."
  static let options: [Option] = [
    .value("institution", "ID", "an invented bank, such as ins_109508 (simulated bank and Plaid's sandbox)"),
    .value("username", "NAME", "who signs in at the invented bank (user_good)"),
    .value("password", "WORD", "with which password (pass_good)"),
    .value("public-token", "TOKEN", "what Plaid Link gave at its end; good for 30 minutes and one use"),
    .flag("adopt", "link accounts that are linked already, and carry them on under the new link"),
    .flag("no-sync", "do not fetch anything yet"),
    .flag("json", "as JSON, for programs"),
  ]
  static let details = """
    Without Plaid keys the bank is simulated, and all of its money is invented:
      magpie link --institution ins_109508
    Other people live there too: --username user_yuppie, user_small_business, user_transactions_dynamic.
    """

  /// How long the first sync waits for a bank's older rows. Real banks may take longer; later syncs bring them.
  private static let patience = Duration.seconds(30)

  enum Way: Sendable {
    case institution(String, user: String, password: String)
    case publicToken(Secret<String>)
  }

  let way: Way
  let adopts: Bool
  let isSynced: Bool
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    let institution = arguments.text("institution")
    let token = arguments.text("public-token").map { Secret($0) }
    switch (institution, token) {
    case (let institution?, nil):
      way = .institution(
        institution, user: arguments.text("username") ?? "user_good",
        password: arguments.text("password") ?? "pass_good")
    case (nil, let token?): way = .publicToken(token)
    case (nil, nil): throw UsageError("what to link is missing: --institution ins_109508, or --public-token TOKEN")
    case (_?, _?): throw UsageError("--institution and --public-token do not go together")
    }
    adopts = arguments.flag("adopt")
    isSynced = !arguments.flag("no-sync")
    isJSON = arguments.flag("json")
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment))
    let terminal = surroundings.terminal
    let reports = try await surroundings.stoppable {
      try await Bank.with(home) { bank in
        let connection = try await linked(bank.banks)
        let work = SyncWork(home, bank.banks, terminal)
        if !isJSON {
          let note = bank.isSimulated ? ", a simulated bank: all of its money is invented" : ""
          terminal.line("Linked \(SyncWork.name(of: connection))\(note).")
          terminal.line("  \(connection.id)")
        }
        guard isSynced else { return [SyncWork.Report(connection: connection)] }
        let reports = try await work.syncHistory(connection, patience: Self.patience)
        if !isJSON { work.tell(reports) }
        return reports
      }
    }
    if isJSON { terminal.json(["data": .array(reports.map { isSynced ? SyncWork.json($0) : Self.bare($0) })]) }
    if isSynced, let last = reports.last, let failure = SyncWork.failure([last]) {
      throw Failure("the bank is linked, but its rows are not here yet. \(failure)", failure.code)
    }
  }

  private static func bare(_ report: SyncWork.Report) -> JSONValue {
    SyncWork.json(report).setting("outcome", "linked")
  }

  private func linked(_ banks: Banks) async throws -> StoredConnection {
    switch way {
    case .institution(let institution, let user, let password):
      try await banks.linkSandbox(institution: institution, user: user, password: password, adopt: adopts)
    case .publicToken(let token):
      try await banks.exchange(token, adopt: adopts)
    }
  }
}
