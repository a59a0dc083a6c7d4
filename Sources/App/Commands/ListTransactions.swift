import API
import Basics
import Databases
import Finance
import JSON
import Store

/// Shows transactions, newest first.
struct ListTransactions: Command {
  static let name = "transactions"
  static let summary = "Show transactions, newest first."
  static let options: [Option] = [
    .value("account", "ACCOUNT", "only of these: an id, the last digits, or part of a name"),
    .value("since", "DAY", "from this day on, such as 2026-01-31"),
    .value("until", "DAY", "up to and with this day"),
    .value("limit", "NUMBER", "how many at most (50)"),
    .flag("pending", "only those that the bank has not booked yet"),
    .flag("posted", "only those that the bank has booked"),
    .flag("json", "as JSON, for programs"),
  ]

  private static let limitMax = 1_000_000

  let account: String?
  let since: CalendarDate?
  let until: CalendarDate?
  let limit: Int
  let isPending: Bool?
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    account = arguments.text("account")
    since = try Self.day("since", &arguments)
    until = try Self.day("until", &arguments)
    let wanted = "a number from 1 to \(AmountText.count(Self.limitMax))"
    let limit: Int = try arguments.option("limit", wanted: wanted) ?? 50
    guard (1...Self.limitMax).contains(limit) else { throw UsageError("--limit must be \(wanted)") }
    self.limit = limit
    let (pending, posted) = (arguments.flag("pending"), arguments.flag("posted"))
    if pending, posted { throw UsageError("--pending and --posted do not go together") }
    isPending = pending ? true : posted ? false : nil
    isJSON = arguments.flag("json")
    if let since, let until, since > until { throw UsageError("--since is after --until") }
  }

  private static func day(_ name: String, _ arguments: inout Arguments) throws(UsageError) -> CalendarDate? {
    guard let text = arguments.text(name) else { return nil }
    guard text.utf8.count == 10, let day = CalendarDate(text) else {
      throw UsageError("--\(name) must be a day such as 2026-01-31, not \"\(text)\"")
    }
    return day
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment), for: .reading)
    let (scope, limit) = (home.scope, limit)
    let accounts = try await home.database.read { try Accounts.list(after: nil, limit: .max, scope, $0) }
    var filter = TransactionFilter()
    if let account { filter.accounts = try Finding.accounts(account, among: accounts).map(\.id) }
    (filter.from, filter.to, filter.isPending) = (since, until, isPending)
    // One more than asked for tells whether there are more.
    let found = try await home.database.read { [filter] in
      try Transactions.entries(filter, after: nil, limit: limit + 1, scope, $0)
    }
    let rows = found.prefix(limit)
    let terminal = surroundings.terminal
    if isJSON { return terminal.json(["data": .array(rows.map(Wire.transaction))]) }
    guard !rows.isEmpty else {
      return terminal.line(
        accounts.isEmpty ? "No account is here yet: magpie help link says how." : "No transaction fits.")
    }
    let names = Dictionary(accounts.map { ($0.id, $0) }) { first, _ in first }
    var table = Table([.left, .left, .left, .right], head: ["Day", "Account", "What", "Amount"])
    for row in rows.map(\.row) { table.append(Self.row(row, names[row.account])) }
    terminal.table(table)
    if found.count > limit { terminal.line("There are more: --limit \(limit * 2), or --until an earlier day.") }
    Marks.explain(rows.map(\.row.origin), terminal)
  }

  private static func row(_ row: ListedTransaction, _ account: ListedAccount?) -> [String] {
    let name = (account?.name ?? "") + (account?.mask.map { " …\($0)" } ?? "") + Marks.mark(row.origin)
    let what = (row.isPending ? "(pending) " : "") + (row.merchantName ?? row.name)
    return [row.occurredOn.description, name, what, AmountText.full(row.amount)]
  }
}
