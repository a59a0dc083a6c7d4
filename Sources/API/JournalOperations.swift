import Basics
import Finance
import HTTP
import Interchange
import JSON
import Store

/// The household as plain-text accounting, written stretch by stretch while it is sent.
extension Interface {
  var journalOperations: [Operation] {
    [
      Operation(
        "exportJournal", .get, "/v1/journal", .transactions, "Export the household as plain-text accounting",
        needs: .household(.read, .viewer),
        parameters: [
          .query(
            "format", .word(Journal.Format.self), "For hledger and ledger, or for beancount.", standard: "hledger"),
          .query("from", .day, "The first day; without one, as far back as rows go."),
          .query("to", .day, "The last day, included; without one, as far as rows go."), Self.ofAccounts,
        ],
        answers: [
          .other(
            200, "text/plain", "A journal, in UTF-8.",
            example: """
              2026-03-10 * Corner shop  ; id:txn_01kj3v5d8ve2r9q0w4y7h6t1cz
                Assets:Checking:Plaid-Checking-0000  -24.50 USD
                Expenses:Food-And-Drink-Groceries  24.50 USD
              """)
        ]
      ) { call in try await exportJournal(call) }
      .saying(
        """
        Each row is an entry of what its account lost or got and what that was for; parts of a split row are postings of \
        one entry. What an account held before is its opening balance, so that balances are the bank's. Deleted rows are \
        left out, pending ones are marked with an exclamation mark.
        """
      )
      .freshly()
    ]
  }

  private func exportJournal(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    let format = Journal.Format(rawValue: try call.query.required("format")) ?? .hledger
    let (from, to): (CalendarDate?, CalendarDate?) = (call.query["from"], call.query["to"])
    let accounts: [ID<Account>] = call.query["account"] ?? []
    if let from, let to, from > to { throw Problem.invalid(["?to": "must not be before from"]) }
    let now = banks.world.now()
    // The beginning is read before anything is sent: what fails by then is still told as a problem.
    let beginning = try await banks.reading { [scope = banks.scope] session in
      let today = try Households.day(at: now, scope, session)
      let window = from == nil && to == nil ? nil : (from ?? Self.dawn)..<((to ?? Self.dusk) + 1)
      return try Journal.begin(format, window: window, accounts: accounts, today: today, scope, session)
    }
    try await noteExport("journal", call)
    let state = Locked(JournalRest(beginning))
    let stream = BodyStream {
      while true {
        let now = state.withLock { $0.next() }
        switch now {
        case .nothing: return nil
        case .text(let text): return Array(text.utf8)
        case .days(let days, let journal):
          let (text, after) = try await banks.reading { [scope = banks.scope] session in
            var journal = journal
            let text = try journal.part(days, beginning.filter, scope, session)
            return (text, journal)
          }
          state.withLock { $0.journal = after }
          if !text.isEmpty { return Array(text.utf8) }
        }
      }
    }
    var response = Response.streaming(200, contentType: "text/plain; charset=utf-8", stream)
    let name = format == .hledger ? "household.journal" : "household.beancount"
    response.headers["Content-Disposition"] = "attachment; filename=\"\(name)\""
    return response
  }

  private static let dawn = CalendarDate(days: -700_000)
  private static let dusk = CalendarDate(days: 2_900_000)
}

/// What of a journal is still to be sent.
private struct JournalRest: Sendable {
  enum Step: Sendable {
    case text(String)
    case days(Range<CalendarDate>, Journal)
    case nothing
  }

  var journal: Journal
  private var text: String?
  private var days: Range<CalendarDate>?

  init(_ beginning: Journal.Beginning) {
    (journal, text, days) = (beginning.journal, beginning.text, beginning.days)
  }

  mutating func next() -> Step {
    if let text {
      self.text = nil
      return .text(text)
    }
    guard let days, !days.isEmpty else { return .nothing }
    let end = min(days.lowerBound + Journal.stretch, days.upperBound)
    self.days = end..<days.upperBound
    return .days(days.lowerBound..<end, journal)
  }
}
