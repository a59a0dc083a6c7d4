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
  /// Things that nobody else sees.
  private var own: [ChangeEntity: Set<String>] = [:]
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

  mutating func note(_ entity: ChangeEntity, _ id: String, isPrivate: Bool) {
    if isPrivate { own[entity, default: []].insert(id) } else { others[entity, default: []].insert(id) }
  }

  /// In a fixed order, so that equal edits tell equal stories.
  ///
  /// - Parameter person: Whose edits they are.
  func events(_ group: ID<ChangeGroup>, by person: ID<User>) -> [NewEvent] {
    let rows = accounts.sorted { $0.key < $1.key }.map { account, rows in
      var body = "{\"group\":\"\(group)\",\"account\":\"\(account)\",\"count\":\(rows.count)"
      if let first = rows.first, let last = rows.last { body += ",\"from\":\"\(first)\",\"through\":\"\(last)\"" }
      if rows.count <= Self.idsMax {
        body += ",\"ids\":[" + rows.ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
      }
      return NewEvent(kind: "transaction.changed", body: body + "}", account: account)
    }
    let touched = (others[.account] ?? []).sorted().map { id in
      NewEvent(kind: "account.changed", body: "{\"group\":\"\(group)\",\"ids\":[\"\(id)\"]}", account: ID<Account>(id))
    }
    let things = others.filter { $0.key != .account }.sorted { $0.key.rawValue < $1.key.rawValue }
    let secrets = own.sorted { $0.key.rawValue < $1.key.rawValue }
    return rows + touched + things.map { Self.event(group, $0.key, $0.value) }
      + secrets.map { Self.event(group, $0.key, $0.value, person: person) }
  }

  private static func event(
    _ group: ID<ChangeGroup>, _ entity: ChangeEntity, _ ids: Set<String>, person: ID<User>? = nil
  ) -> NewEvent {
    var body = "{\"group\":\"\(group)\",\"count\":\(ids.count)"
    // Some merchants are known to those alone who see an account: which they are is not told.
    if entity != .merchant {
      // Ids are ours, or codes made of letters and underscores: nothing in them needs escaping.
      let list = ids.sorted().prefix(idsMax).map { "\"\($0)\"" }
      body += ",\"ids\":[" + list.joined(separator: ",") + "]"
    }
    return NewEvent(kind: "\(entity.plural).changed", body: body + "}", person: person)
  }
}

extension ChangeEntity {
  /// Part of an event's name, which never changes.
  var plural: String { self == .category ? "categories" : rawValue + "s" }
}
