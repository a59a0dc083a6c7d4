import Basics
import Finance

/// What one stroke touched, for the events that tell of it: ids while they are few, else a range of days.
struct EditedThings {
  private struct Rows {
    var count = 0
    var ids: [ID<Transaction>] = []
    var first: CalendarDate?
    var last: CalendarDate?
  }
  /// More ids than this are told as a range of days, or not at all.
  private static let idsMax = 500

  private var accounts: [ID<Account>: Rows] = [:]
  private var others: [ChangeEntity: Set<String>] = [:]
  /// Rows that other words or another day find now.
  var reworded: Set<ID<Transaction>> = []

  mutating func note(_ id: ID<Transaction>, _ account: ID<Account>, _ day: CalendarDate?) {
    var rows = accounts[account, default: Rows()]
    rows.count += 1
    if rows.ids.count < Self.idsMax { rows.ids.append(id) }
    if let day {
      rows.first = min(rows.first ?? day, day)
      rows.last = max(rows.last ?? day, day)
    }
    accounts[account] = rows
  }

  mutating func note(_ entity: ChangeEntity, _ id: String) { others[entity, default: []].insert(id) }

  /// In a fixed order, so that equal edits tell equal stories.
  func events(_ group: ID<ChangeGroup>) -> [NewEvent] {
    let rows = accounts.sorted { $0.key < $1.key }.map { account, rows in
      var body =
        "{\"group\":\"\(group)\",\"account\":\"\(account)\",\"added\":0,\"changed\":\(rows.count),\"removed\":0"
      if let first = rows.first, let last = rows.last { body += ",\"from\":\"\(first)\",\"through\":\"\(last)\"" }
      if rows.count <= Self.idsMax {
        body += ",\"ids\":[" + rows.ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
      }
      return NewEvent(kind: "transactions.changed", body: body + "}", account: account)
    }
    let touched = (others[.account] ?? []).sorted().map { id in
      NewEvent(kind: "accounts.changed", body: "{\"group\":\"\(group)\",\"ids\":[\"\(id)\"]}", account: ID<Account>(id))
    }
    let things = others.filter { $0.key != .account }.sorted { $0.key.rawValue < $1.key.rawValue }.map { entity, ids in
      // Ids are ours, or codes made of letters and underscores: nothing in them needs escaping.
      let list = ids.sorted().prefix(Self.idsMax).map { "\"\($0)\"" }.joined(separator: ",")
      return NewEvent(
        kind: "\(entity.plural).changed", body: "{\"group\":\"\(group)\",\"count\":\(ids.count),\"ids\":[\(list)]}")
    }
    return rows + touched + things
  }
}

extension ChangeEntity {
  /// Part of an event's name, which never changes.
  var plural: String { self == .category ? "categories" : rawValue + "s" }
}
