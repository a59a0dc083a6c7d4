import Basics
import Databases
import Finance

/// What the events say has changed among the rows: by id while they are few, else as days of an account.
struct SearchNews {
  struct Item {
    var position: Int
    var account: ID<Account>
    var ids: [ID<Transaction>]?
    var days: ClosedRange<CalendarDate>?
  }
  var items: [Item]
  /// The last event there is, of any kind.
  var through: Int

  static func after(
    _ position: Int, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> SearchNews {
    let through = try session.first(
      "SELECT event_position FROM household WHERE id = \(scope.household)"
    ) { try $0(0, as: Int.self) }
    func member(_ name: String) -> SQL {
      session.dialect == .sqlite ? "json_extract(body, \("$." + name))" : "CAST(body AS json) ->> \(name)"
    }
    let items = try session.query(
      """
      SELECT position, \(member("account")), \(member("ids")), \(member("from")), \(member("through"))
      FROM event WHERE household_id = \(scope.household) AND position > \(position)
        AND kind IN ('transaction.added', 'transaction.changed', 'transaction.removed')
      ORDER BY position LIMIT \(limit)
      """
    ) { row in try item(row) }
    let isAll = items.count < limit
    return SearchNews(items: items, through: isAll ? through ?? position : items.last?.position ?? position)
  }

  private static func item(_ row: borrowing Row) throws -> Item {
    guard let account = ID<Account>(try row(1, as: String.self)) else {
      throw DatabaseError(kind: .programmer, message: "an event about rows names no account")
    }
    var item = Item(position: try row(0), account: account)
    if let list = try row(2, as: String?.self) {
      // A JSON list of our own ids, which hold no character that JSON would escape.
      item.ids = list.split(separator: "\"").compactMap { ID<Transaction>($0) }
    }
    if let from = try row(3, as: String?.self).flatMap({ CalendarDate($0) }),
      let through = try row(4, as: String?.self).flatMap({ CalendarDate($0) }), from <= through
    {
      item.days = from...through
    }
    return item
  }
}

extension SearchNews.Item {
  /// As a condition on `t`. An account's days that were not told are all of them.
  var condition: SQL {
    if let ids, ids.count <= Limits.listMax { return "t.id IN \(list: ids)" }
    let account: SQL = "t.account_id = \(account)"
    guard let days else { return account }
    return "(\(account) AND t.booked_on BETWEEN \(days.lowerBound) AND \(days.upperBound))"
  }

  /// Nil when there are more.
  func rows(atMost max: Int, _ scope: Scope, _ session: any Session) throws -> [ID<Transaction>]? {
    if let ids { return ids }
    let rows = try session.query(
      """
      SELECT t.id FROM bank_transaction t WHERE t.household_id = \(scope.household) AND \(condition) LIMIT \(max + 1)
      """
    ) { try $0(0, as: ID<Transaction>.self) }
    return rows.count > max ? nil : rows
  }
}
