import Basics
import Finance
import Store

/// Which rows a run touched, gathered per account for an event of each kind: counts, and ids while they are few.
struct Touched {
  fileprivate struct Rows {
    var count = 0
    var ids: [ID<Transaction>] = []
    var first: CalendarDate?
    var last: CalendarDate?
  }
  /// Part of an event's name, which never changes. In the order in which they are told.
  enum Kind: String, CaseIterable { case added, changed, removed }

  private var accounts: [ID<Account>: [Kind: Rows]] = [:]
  /// More ids than this are told as a range of days.
  private static let idsMax = 500

  mutating func note(_ id: ID<Transaction>, _ account: ID<Account>, _ day: CalendarDate, _ kind: Kind) {
    accounts[account, default: [:]][kind, default: Rows()].note(id, day, idsMax: Self.idsMax)
  }

  /// At most three events per account, in the accounts' order.
  func events(of connection: ID<Connection>, run: ID<SyncRun>) -> [NewEvent] {
    accounts.sorted { $0.key < $1.key }.flatMap { account, touched in
      Kind.allCases.compactMap { kind in
        guard let rows = touched[kind] else { return nil }
        var body = "{\"connection\":\"\(connection)\",\"run\":\"\(run)\",\"account\":\"\(account)\""
        body += ",\"count\":\(rows.count)"
        if let first = rows.first, let last = rows.last { body += ",\"from\":\"\(first)\",\"through\":\"\(last)\"" }
        if rows.count <= Self.idsMax {
          body += ",\"ids\":[" + rows.ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        }
        return NewEvent(kind: "transaction.\(kind.rawValue)", body: body + "}", account: account)
      }
    }
  }
}

extension Touched.Rows {
  fileprivate mutating func note(_ id: ID<Transaction>, _ day: CalendarDate, idsMax: Int) {
    count += 1
    if ids.count < idsMax { ids.append(id) }
    first = min(first ?? day, day)
    last = max(last ?? day, day)
  }
}
