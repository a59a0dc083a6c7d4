package import Basics
package import Databases
import Finance

/// Deletes what somebody wanted gone, a few hundred rows in a transaction, so that nobody else waits long to write.
///
/// After each of these transactions the totals are those of the rows that are left.
package struct ErasedRows {
  /// Rows of the ledger that go in one transaction.
  package static let atOnce = 300
  /// Other rows that do.
  private static let othersAtOnce = 2_000

  private let erasure: StoredErasure
  private let scope: Scope
  private let judging: Judging
  private let world: World
  private let now: Timestamp
  private var budget = Self.othersAtOnce
  private var gone = 0

  /// Goes on with it.
  ///
  /// - Returns: Whether something is left to be done.
  package static func step(
    _ id: ID<Erasure>, judging: Judging, _ world: World, _ session: any Session
  ) throws -> Bool {
    guard let erasure = try Erasures.take(id, session) else { return false }
    var step = ErasedRows(erasure, judging, world)
    let isMore = try step.run(session)
    try Erasures.note(id, rows: step.gone, session)
    if !isMore { try step.finish(session) }
    return isMore
  }

  private init(_ erasure: StoredErasure, _ judging: Judging, _ world: World) {
    (self.erasure, scope, self.judging, self.world) = (erasure, erasure.scope, judging, world)
    now = world.now()
  }

  private mutating func run(_ session: any Session) throws -> Bool {
    switch erasure.what {
    case .household: return try household(session)
    // Done in the transaction that asked for it.
    case .person: return false
    case .account:
      let ids = try session.query(Erasures.accounts(of: erasure)) { try $0(0, as: ID<Account>.self) }
      // What the bank wrote at the time holds rows of the account too.
      let connections = try session.query(
        """
        SELECT DISTINCT connection_id FROM account_source
        WHERE household_id = \(scope.household) AND account_id IN \(list: ids)
        """
      ) { try $0(0, as: ID<Connection>.self) }
      for connection in connections where try words(of: connection, session) { return true }
      return try accounts(ids, session)
    case .connection, .simulated:
      let connections = try Erasures.connections(of: erasure, session)
      let ids = try session.query(Erasures.accounts(of: erasure)) { try $0(0, as: ID<Account>.self) }
      if try accounts(Array(Set(ids)), session) { return true }
      for id in connections where try connection(id, session) { return true }
      return false
    }
  }

  private func finish(_ session: any Session) throws {
    if erasure.what == .household {
      guard erasure.keepsHousehold else {
        try session.execute("DELETE FROM membership WHERE household_id = \(scope.household)")
        try session.execute("DELETE FROM household WHERE id = \(scope.household)")
        return try Erasures.end(erasure.id, now: now, session)
      }
      try Households.rename("Home", scope, session)
      try Categories.seed(scope, session)
      let record = AuditRecord(
        id: world.newID(), at: now, user: erasure.person, through: "session", action: "household.erased",
        subject: "\(scope.household)")
      try Audit.add(record, to: scope.household, session)
    }
    try Erasures.end(erasure.id, now: now, session)
    guard erasure.what != .person else { return }
    let body = "{\"erasure\":\"\(erasure.id)\",\"what\":\"\(erasure.what.rawValue)\"}"
    // Whoever asked is told; the others learn from the rows, as far as they saw them.
    try Events.append(
      [NewEvent(kind: "data.erased", body: body, person: erasure.person)], now: now, scope, session)
  }

  // MARK: - Pieces

  /// Deletes so many rows of a table as there is room for.
  ///
  /// - Returns: Whether there are more.
  private mutating func drop(_ table: String, _ condition: SQL, _ session: any Session) throws -> Bool {
    guard budget > 0 else { return true }
    let key = SQL(stringLiteral: try Shape(of: table, session).keyColumns.joined(separator: ", "))
    let name = SQL(stringLiteral: table)
    let count = try session.changes(
      "DELETE FROM \(name) WHERE (\(key)) IN (SELECT \(key) FROM \(name) WHERE \(condition) LIMIT \(budget))")
    gone += count
    budget -= count
    return budget <= 0
  }

  /// The same for several, one after the other.
  private mutating func drop(_ tables: [(String, SQL)], _ session: any Session) throws -> Bool {
    for (table, condition) in tables where try drop(table, condition, session) { return true }
    return false
  }

  /// What was told of it before. That it went is told by ids alone, and stays as long as events do.
  private func told(_ condition: SQL) -> SQL {
    let ends = [
      "transaction.removed", "account.changed", "connection.changed", "connection.removed", "data.erased",
    ]
    return "\(condition) AND (at < \(erasure.askedAt) OR kind NOT IN \(list: ends))"
  }

  private var here: SQL { "household_id = \(scope.household)" }

  /// Drops rows from the search. The index is told what stood there.
  private func forget(_ condition: SQL, limit: Int, _ session: any Session) throws -> Int {
    let documents = try session.query(
      """
      SELECT document, folded, merchant_id FROM search_document WHERE \(here) AND \(condition) LIMIT \(limit)
      """
    ) { (try $0(0, as: Int64.self), try $0(1, as: String.self), try $0(2, as: ID<Merchant>?.self)) }
    guard !documents.isEmpty else { return 0 }
    for (document, folded, _) in documents { try SearchIndex.forget(document, folded: folded, session) }
    try session.settle()
    let merchants = Set(documents.compactMap(\.2))
    guard !merchants.isEmpty else { return documents.count }
    // A name that no row has any more would still tell of the rows.
    try session.execute(
      """
      DELETE FROM merchant WHERE \(here) AND id IN \(list: merchants) AND id NOT IN (
        SELECT merchant_id FROM search_document WHERE \(here) AND merchant_id IN \(list: merchants))
      """)
    return documents.count
  }

  // MARK: - Accounts

  private mutating func accounts(_ ids: [ID<Account>], _ session: any Session) throws -> Bool {
    guard !ids.isEmpty else { return false }
    let ours: SQL = "\(here) AND account_id IN \(list: ids)"
    if try transactions(ours, session) { return true }
    let texts = ids.map(\.description)
    let notices: SQL = "SELECT id FROM notification WHERE \(ours)"
    if try drop(
      [
        ("investment_transaction", ours), ("holding", ours), ("balance_snapshot", ours), ("liability", ours),
        ("bank_stream", ours), ("account_share", ours), ("total_day", ours), ("total_month", ours),
        ("total_account", ours), ("notification_reader", "\(here) AND notification_id IN (\(notices))"),
        ("notification", ours), ("event", told(ours)),
        ("change", "\(here) AND entity = 'account' AND entity_id IN \(list: texts)"), ("account_source", ours),
      ], session)
    {
      return true
    }
    try session.execute("UPDATE goal SET account_id = NULL WHERE \(ours)")
    // What others saw of it.
    try session.execute("DELETE FROM audit WHERE \(ours)")
    gone += try session.changes("DELETE FROM account WHERE \(here) AND id IN \(list: ids)")
    return false
  }

  /// - Returns: Whether any were there: then there may be more.
  private mutating func transactions(_ condition: SQL, _ session: any Session) throws -> Bool {
    let rows = try session.query(
      "SELECT id, account_id FROM bank_transaction WHERE \(condition) LIMIT \(Self.atOnce)"
    ) { (id: try $0(0, as: ID<Transaction>.self), account: try $0(1, as: ID<Account>.self)) }
    guard !rows.isEmpty else { return false }
    let ids = rows.map(\.id)
    var totals = TotalUpkeep()
    for id in ids {
      try totals.move(from: TotalUpkeep.counted(id, scope, session), to: nil, scope, session)
    }
    let partners = try partners(of: ids, session)
    _ = try forget("transaction_id IN \(list: ids)", limit: ids.count, session)
    let hanging: SQL = "\(here) AND transaction_id IN \(list: ids)"
    let tables: [SQL] = [
      "transaction_source", "transaction_overlay", "judgement", "split", "transaction_tag", "transaction_field",
      "rule_run_row", "transaction_import",
    ]
    for table in tables { gone += try session.changes("DELETE FROM \(table) WHERE \(hanging)") }
    try session.execute("DELETE FROM pair WHERE \(here) AND (first_id IN \(list: ids) OR second_id IN \(list: ids))")
    try session.execute("DELETE FROM inbox WHERE \(here) AND entity_id IN \(list: ids)")
    try changes(of: ids.map(\.description), session)
    gone += try session.changes("DELETE FROM bank_transaction WHERE \(here) AND id IN \(list: ids)")
    // What was one half of a transfer is an ordinary row now.
    var judged = JudgedRows(judging)
    let moved = try judged.rejudge(partners, &totals, now: now, scope, session)
    try totals.write(scope, session)
    try tell("transaction.removed", rows.map { ($0.id, $0.account) }, session)
    try tell("transaction.changed", moved.map { ($0.id, $0.account) }, session)
    return true
  }

  /// Rows that stay and belonged to some that go.
  private func partners(
    of ids: [ID<Transaction>], _ session: any Session
  ) throws -> [ID<Transaction>] {
    let pairs = try session.query(
      """
      SELECT first_id, second_id FROM pair
      WHERE \(here) AND (first_id IN \(list: ids) OR second_id IN \(list: ids))
      """
    ) { [try $0(0, as: ID<Transaction>.self), try $0(1, as: ID<Transaction>.self)] }
    return Set(pairs.joined()).subtracting(ids).sorted()
  }

  /// What people wrote about rows, before and after. A change of which nothing is left was none.
  private func changes(of entities: [String], _ session: any Session) throws {
    let theirs: SQL = "\(here) AND entity = 'transaction' AND entity_id IN \(list: entities)"
    let groups = Set(
      try session.query("SELECT DISTINCT group_id FROM change WHERE \(theirs)") { try $0(0, as: ID<ChangeGroup>.self) })
    guard !groups.isEmpty else { return }
    try session.execute("DELETE FROM change WHERE \(theirs)")
    try session.execute(
      """
      DELETE FROM change_group WHERE \(here) AND id IN \(list: groups)
        AND id NOT IN (SELECT group_id FROM change WHERE \(here) AND group_id IN \(list: groups))
      """)
  }

  private func tell(
    _ kind: String, _ rows: [(ID<Transaction>, ID<Account>)], _ session: any Session
  ) throws {
    let events = Dictionary(grouping: rows, by: \.1).sorted { $0.key < $1.key }.map { account, rows in
      NewEvent(
        kind: kind,
        body: """
          {"account":"\(account)","count":\(rows.count),"ids":[\(rows.map { "\"\($0.0)\"" }.joined(separator: ","))]}
          """, account: account)
    }
    try Events.append(events, now: now, scope, session)
  }

  // MARK: - Connections

  /// What the bank wrote, as it came.
  private mutating func words(of id: ID<Connection>, _ session: any Session) throws -> Bool {
    let theirs: SQL = "\(here) AND connection_id = \(id)"
    return try drop(
      [
        ("raw_batch", "\(here) AND run_id IN (SELECT id FROM sync_run WHERE \(theirs))"), ("quarantine", theirs),
      ], session)
  }

  private mutating func connection(_ id: ID<Connection>, _ session: any Session) throws -> Bool {
    if try words(of: id, session) { return true }
    let theirs: SQL = "\(here) AND connection_id = \(id)"
    let notices: SQL = "SELECT id FROM notification WHERE \(theirs)"
    // Accounts that another connection carries on hold these.
    let free: SQL = """
      \(theirs) AND id NOT IN (SELECT security_id FROM holding WHERE \(here))
        AND id NOT IN (SELECT security_id FROM investment_transaction WHERE \(here) AND security_id IS NOT NULL)
      """
    if try drop(
      [
        ("sync_run", theirs), ("transaction_source", theirs), ("connection_product", theirs),
        ("bank_stream", theirs), ("account_source", theirs),
        ("security_price", "\(here) AND security_id IN (SELECT id FROM security WHERE \(free))"), ("security", free),
        ("notification_reader", "\(here) AND notification_id IN (\(notices))"), ("notification", theirs),
        ("event", told(theirs)), ("provider_route", theirs), ("webhook_event", theirs),
        ("link_event", theirs), ("job", "subject = \(id.description) AND state <> 'running'"),
      ], session)
    {
      return true
    }
    let isHeld = try session.first(
      """
      SELECT 1 FROM security WHERE \(theirs) UNION ALL SELECT 1 FROM investment_transaction WHERE \(theirs) LIMIT 1
      """
    ) { try $0(0, as: Int.self) }
    if isHeld != nil {
      try session.execute(
        """
        UPDATE connection SET institution_name = NULL, institution_id = NULL, state_code = NULL, state_message = NULL,
          provider_item_id = '', cursor = '' WHERE \(here) AND id = \(id)
        """)
    } else {
      gone += try session.changes("DELETE FROM connection WHERE \(here) AND id = \(id)")
    }
    return false
  }

  // MARK: - Households

  /// What stays until the end, and what says that it was.
  private static let last: Set = ["household", "membership", "erasure", "session"]

  /// Everything that names the household, children first: the tables are found in the schema, so that none is forgotten.
  private mutating func household(_ session: any Session) throws -> Bool {
    let documents = try forget("1 = 1", limit: Self.atOnce, session)
    if documents > 0 { return true }
    try session.execute("DELETE FROM search_state WHERE \(here)")
    for table in Schema.tables.reversed() where !Self.last.contains(table) {
      guard try Shape(of: table, session).columns.contains("household_id") else { continue }
      if try drop(table, here, session) { return true }
    }
    return false
  }
}
