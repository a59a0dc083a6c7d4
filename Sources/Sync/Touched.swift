import Basics
import Finance
import Store

/// Which rows a run touched, gathered per account for one event each: counts, and ids while they are few.
struct Touched {
  fileprivate struct Rows {
    var added = 0
    var changed = 0
    var removed = 0
    var ids: [ID<Transaction>] = []
    var first: CalendarDate?
    var last: CalendarDate?
  }
  enum Kind { case added, changed, removed }

  private var accounts: [ID<Account>: Rows] = [:]
  /// More ids than this are told as a range of days.
  private static let idsMax = 500

  mutating func note(_ id: ID<Transaction>, _ account: ID<Account>, _ day: CalendarDate, _ kind: Kind) {
    accounts[account, default: Rows()].note(id, day, kind, idsMax: Self.idsMax)
  }

  /// One event per account, in the accounts' order.
  func events(of connection: ID<Connection>, run: ID<SyncRun>) -> [NewEvent] {
    accounts.sorted { $0.key < $1.key }.map { account, rows in
      var body = "{\"connection\":\"\(connection)\",\"run\":\"\(run)\",\"account\":\"\(account)\""
      body += ",\"added\":\(rows.added),\"changed\":\(rows.changed),\"removed\":\(rows.removed)"
      if let first = rows.first, let last = rows.last { body += ",\"from\":\"\(first)\",\"through\":\"\(last)\"" }
      if rows.added + rows.changed + rows.removed <= Self.idsMax {
        body += ",\"ids\":[" + rows.ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
      }
      return NewEvent(kind: "transactions.changed", body: body + "}", account: account)
    }
  }
}

extension Touched.Rows {
  fileprivate mutating func note(_ id: ID<Transaction>, _ day: CalendarDate, _ kind: Touched.Kind, idsMax: Int) {
    switch kind {
    case .added: added += 1
    case .changed: changed += 1
    case .removed: removed += 1
    }
    if ids.count < idsMax { ids.append(id) }
    first = min(first ?? day, day)
    last = max(last ?? day, day)
  }
}
