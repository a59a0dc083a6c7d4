import API
import Basics
import Databases
import Finance
import JSON
import Store

/// Shows every account with its balance.
struct ListAccounts: Command {
  static let name = "accounts"
  static let summary = "Show your accounts and what is in them."
  static let options: [Option] = [.flag("json", "as JSON, for programs")]

  let isJSON: Bool

  init(_ arguments: inout Arguments) { isJSON = arguments.flag("json") }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment), for: .reading)
    let scope = home.scope
    let accounts = try await home.database.read { try Accounts.list(after: nil, limit: .max, scope, $0) }
    let terminal = surroundings.terminal
    if isJSON { return terminal.json(["data": .array(accounts.map(Wire.account))]) }
    guard !accounts.isEmpty else { return terminal.line("No account is here yet: magpie help link says how.") }
    var table = Table([.left, .left, .left, .right], head: ["Bank", "Account", "Kind", "Balance"])
    for account in accounts.sorted(by: Self.order) { table.append(Self.row(account)) }
    terminal.table(table)
    Marks.explain(accounts.map(\.origin), hasOld: accounts.contains { $0.noLongerSentAt != nil }, terminal)
  }

  private static func order(_ left: ListedAccount, _ right: ListedAccount) -> Bool {
    (left.institutionName ?? "", left.kind, left.id) < (right.institutionName ?? "", right.kind, right.id)
  }

  private static func row(_ account: ListedAccount) -> [String] {
    let balance = account.currentMinor.map { AmountText.full(Money(minorUnits: $0, account.currency)) } ?? "unknown"
    let bank = (account.institutionName ?? "") + Marks.mark(account.origin)
    let name = account.name + (account.mask.map { " …\($0)" } ?? "") + (account.noLongerSentAt == nil ? "" : Marks.old)
    return [bank, name, account.kind.replacing("_", with: " "), balance]
  }
}

/// Signs in lists that say more than there is room for, and what they mean.
enum Marks {
  static let simulated = " *"
  static let old = " †"

  static func mark(_ origin: String) -> String { origin == Origin.simulated.rawValue ? simulated : "" }

  /// The lines below a list, where one of the signs stands in it.
  static func explain(_ origins: [String], hasOld: Bool = false, _ terminal: Terminal) {
    let isSimulated = origins.contains(Origin.simulated.rawValue)
    if isSimulated || hasOld { terminal.line() }
    if isSimulated { terminal.line("* simulated: all of this money is invented") }
    if hasOld { terminal.line("† the bank no longer sends it: its last balance") }
  }
}
