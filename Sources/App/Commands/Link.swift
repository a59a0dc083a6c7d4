import API
import Basics
import Databases
import Finance
import JSON
import Plaid
import Store

/// Links a bank, or signs in again at one, and fetches its rows.
struct Link: Command {
  static let name = "link"
  static let summary = "Link a bank, or sign in again at one that is linked."
  static let options: [Option] = [
    .value("renew", "CONNECTION", "sign in again at a bank that is linked: an id or part of its name"),
    .value("institution", "ID", "an invented bank, such as ins_109508 (simulated bank and Plaid's sandbox)"),
    .value("username", "NAME", "who signs in at the invented bank (user_good)"),
    .value("password", "WORD", "with which password (pass_good)"),
    .value("public-token", "TOKEN", "what Plaid Link gave at its end; good for 30 minutes and one use"),
    .flag("adopt", "link accounts that are linked already, and carry them on under the new link"),
    .flag("no-sync", "do not fetch anything yet"),
    .flag("json", "as JSON, for programs"),
  ]
  static let details = """
    Without options it shows the address of a page on which you choose your bank and sign in. The
    page is Plaid's; what you type there never passes through Magpie.

    Without Plaid keys the bank is simulated, and all of its money is invented: on its page
    user_good and pass_good sign in. The same without a page:
      magpie link --institution ins_109508
    Other people live there too: --username user_yuppie, user_small_business, user_transactions_dynamic.
    """

  /// How long the first sync waits for a bank's older rows. Real banks may take longer; later syncs bring them.
  private static let patience = Duration.seconds(30)

  enum Way: Sendable {
    /// On a page of Plaid's.
    case page
    case renewal(String)
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
    let renewed = arguments.text("renew")
    switch (institution, token, renewed) {
    case (let institution?, nil, nil):
      way = .institution(
        institution, user: arguments.text("username") ?? "user_good",
        password: arguments.text("password") ?? "pass_good")
    case (nil, let token?, nil): way = .publicToken(token)
    case (nil, nil, let renewed?): way = .renewal(renewed)
    case (nil, nil, nil): way = .page
    default: throw UsageError("only one of --institution, --public-token and --renew can be given")
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
        let work = SyncWork(home, bank.banks, terminal)
        var reports: [SyncWork.Report] = []
        for connection in try await linked(bank, home, terminal) {
          if !isJSON { Self.tell(connection, bank, isNew: !isRenewal, terminal) }
          guard isSynced else {
            reports.append(SyncWork.Report(connection: connection))
            continue
          }
          let runs = try await work.syncHistory(connection, patience: Self.patience)
          if !isJSON { work.tell(runs) }
          reports += runs
        }
        await SearchKeeper.afterCommand(home)
        return reports
      }
    }
    if isJSON { terminal.json(["data": .array(reports.map { isSynced ? SyncWork.json($0) : Self.bare($0) })]) }
    if isSynced, let last = reports.last, let failure = SyncWork.failure([last]) {
      throw Failure("the bank is linked, but its rows are not here yet. \(failure)", failure.code)
    }
  }

  private var isRenewal: Bool {
    if case .renewal = way { true } else { false }
  }

  private static func tell(_ connection: StoredConnection, _ bank: Bank, isNew: Bool, _ terminal: Terminal) {
    let note = bank.isSimulated ? ", a simulated bank: all of its money is invented" : ""
    terminal.line("\(isNew ? "Linked" : "Signed in again at") \(SyncWork.name(of: connection))\(note).")
    terminal.line("  \(connection.id)")
  }

  private static func bare(_ report: SyncWork.Report) -> JSONValue {
    SyncWork.json(report).setting("outcome", "linked")
  }

  private func linked(_ bank: Bank, _ home: Home, _ terminal: Terminal) async throws -> [StoredConnection] {
    let banks = bank.banks
    // With --json, standard output is for the program; the person reads the other one.
    let page = HostedLink(
      banks: banks, world: home.world, tell: { isJSON ? terminal.complain($0) : terminal.line($0) })
    switch way {
    case .institution(let institution, let user, let password):
      return [try await banks.linkSandbox(institution: institution, user: user, password: password, adopt: adopts)]
    case .publicToken(let token):
      return [try await banks.exchange(token, adopt: adopts)]
    case .page:
      var connections: [StoredConnection] = []
      for token in try await page.run() { connections.append(try await banks.exchange(token, adopt: adopts)) }
      return connections
    case .renewal(let word):
      let scope = home.scope
      let known = try await home.database.read { try Connections.all(scope, $0) }
      let connection = try Finding.connection(word, among: known)
      for token in try await page.run(renewing: connection.id) { _ = try await banks.exchange(token) }
      return [try await banks.connection(connection.id)]
    }
  }
}
