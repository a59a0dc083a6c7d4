import Basics
import Databases
import Finance
import Interchange
import Store

/// Writes the household as plain-text accounting, for other programs and for keeping.
struct WriteJournal: Command {
  static let name = "journal"
  static let summary = "Write transactions for hledger, ledger or beancount."
  static let words = ""
  static let options: [Option] = [
    .value("format", "NAME", "hledger (also for ledger) or beancount; hledger unless told"),
    .value("from", "DAY", "the first day; without one, as far back as rows go"),
    .value("to", "DAY", "the last day, included; without one, as far as rows go"),
  ]
  static let details = """
    For example: magpie journal > household.journal && hledger -f household.journal bal -M
    """

  let format: Journal.Format
  let from: CalendarDate?
  let to: CalendarDate?

  init(_ arguments: inout Arguments) throws(UsageError) {
    let name = arguments.text("format") ?? Journal.Format.hledger.rawValue
    guard let format = Journal.Format(rawValue: name) else {
      throw UsageError("--format must be hledger or beancount, not \"\(name)\"")
    }
    self.format = format
    from = try Self.day("from", &arguments)
    to = try Self.day("to", &arguments)
    if let from, let to, from > to { throw UsageError("--to must not be before --from") }
  }

  private static func day(_ name: String, _ arguments: inout Arguments) throws(UsageError) -> CalendarDate? {
    guard let text = arguments.text(name) else { return nil }
    guard let day = CalendarDate(text) else { throw UsageError("--\(name) must be a day such as 2026-01-31") }
    return day
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment), for: .reading)
    let (scope, format, from, to) = (home.scope, format, from, to)
    let now = home.world.now()
    let beginning = try await home.database.read { session in
      let today = try Households.day(at: now, scope, session)
      let window =
        from == nil && to == nil
        ? nil : (from ?? CalendarDate(days: -700_000))..<((to ?? CalendarDate(days: 2_900_000)) + 1)
      return try Journal.begin(format, window: window, accounts: [], today: today, scope, session)
    }
    write(beginning.text, surroundings)
    guard let days = beginning.days else { return }
    var (journal, first) = (beginning.journal, days.lowerBound)
    while first < days.upperBound {
      let part = first..<min(first + Journal.stretch, days.upperBound)
      let (text, after) = try await home.database.read { [journal] session in
        var journal = journal
        return (try journal.part(part, beginning.filter, scope, session), journal)
      }
      write(text, surroundings)
      (journal, first) = (after, part.upperBound)
    }
  }

  private func write(_ text: String, _ surroundings: Surroundings) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      surroundings.terminal.line(String(line))
    }
  }
}
