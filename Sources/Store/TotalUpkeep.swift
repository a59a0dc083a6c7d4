package import Basics
package import Databases
package import Finance

/// Gathers what the rows of one transaction change in the totals, and writes it with them.
///
/// Totals are a table and not a question, so that a year of a million rows is summed at once; who changes a row says
/// what it counted for before and after.
package struct TotalUpkeep {
  package struct Counted: Sendable, Equatable {
    package var key: TotalKey
    package var minor: Int64
    /// Of a row that stands in parts: then these are counted, and `key` says what they have in common.
    package var parts: [Part] = []
  }
  package struct Part: Sendable, Equatable {
    package var category: String
    package var flow: FlowKind
    package var minor: Int64
  }
  fileprivate struct Change {
    var minor: Int64 = 0
    var rows = 0
  }
  /// A category that a person or a judgement chose says what kind of money it is; else the bank's words do.
  private static let counting = PreparedSQL(
    """
    SELECT t.account_id, COALESCE(o.occurred_on, t.occurred_on),
      COALESCE(p.category, o.category, j.value, t.category_detailed), t.currency,
      CASE WHEN o.is_excluded = 1 THEN 'excluded' ELSE COALESCE(pc.flow, c.flow, t.flow) END, t.is_pending,
      COALESCE(p.amount_minor, t.amount_minor), p.position
    FROM bank_transaction t
    LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
    LEFT JOIN judgement j ON j.household_id = t.household_id AND j.transaction_id = t.id AND j.field = 'category'
    LEFT JOIN category c ON c.household_id = t.household_id AND c.code = COALESCE(o.category, j.value)
    LEFT JOIN split p ON p.household_id = t.household_id AND p.transaction_id = t.id
    LEFT JOIN category pc ON pc.household_id = p.household_id AND pc.code = p.category
    WHERE t.household_id = ? AND t.id = ? AND t.is_gone = 0 AND o.deleted_at IS NULL ORDER BY p.position
    """)
  private var changes: [TotalKey: Change] = [:]
  /// So many keys are kept before they are written: memory must not grow with history.
  private static let keysMax = 8_000

  package init() {}

  /// What a row counts for now; nil when it is gone, deleted by a person, or unknown.
  package static func counted(
    _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> Counted? {
    var counted: Counted?
    try session.forEach(
      counting,
      { binder in
        binder.bind(scope.household)
        binder.bind(id)
      }
    ) { row in
      let minor: Int64 = try row(6)
      let flow = FlowKind(rawValue: try row(4)) ?? .expense
      let category = try row(2, as: String?.self) ?? Totals.uncategorized
      if counted == nil {
        counted = Counted(
          key: TotalKey(
            account: try row(0), day: try row(1), category: category, currency: try row(3), flow: flow,
            isPending: try row(5)),
          minor: minor)
      }
      if try row(7, as: Int?.self) != nil {
        counted?.parts.append(Part(category: category, flow: flow, minor: minor))
      }
    }
    return counted
  }

  /// A row counted for `before` and counts for `after` now.
  package mutating func move(
    from before: Counted?, to after: Counted?, _ scope: Scope, _ session: any Session
  ) throws {
    guard before != after else { return }
    if let before { try add(before, sign: -1) }
    if let after { try add(after, sign: 1) }
    if changes.count >= Self.keysMax { try write(scope, session) }
  }

  /// Of a row in parts only the first counts as a row, so that the rows of all lines are as many as there are.
  private mutating func add(_ counted: Counted, sign: Int) throws {
    if counted.parts.isEmpty { return try add(Int64(sign) * counted.minor, rows: sign, to: counted.key) }
    for (index, part) in counted.parts.enumerated() {
      var key = counted.key
      (key.category, key.flow) = (part.category, part.flow)
      try add(Int64(sign) * part.minor, rows: index == 0 ? sign : 0, to: key)
    }
  }

  private mutating func add(_ minor: Int64, rows: Int, to key: TotalKey) throws {
    let (sum, overflow) = changes[key, default: Change()].minor.addingReportingOverflow(minor)
    guard !overflow else { throw MoneyError.overflow }
    changes[key, default: Change()].minor = sum
    changes[key, default: Change()].rows += rows
  }

  /// Writes what was gathered, by the day, by the month and in all. To be called before the transaction ends.
  package mutating func write(_ scope: Scope, _ session: any Session) throws {
    // Neighbours in a table's key are written together.
    let ordered = changes.filter { $0.value.rows != 0 || $0.value.minor != 0 }.sorted {
      ($0.key.account, $0.key.day) < ($1.key.account, $1.key.day)
    }
    changes.removeAll(keepingCapacity: true)
    guard !ordered.isEmpty else { return }
    let firstDay = try Totals.firstMonthDay(scope, session)
    for (key, change) in ordered { try Self.day.write(change, scope, session) { $0.bind(key) } }
    var months: [TotalKey: Change] = [:]
    var sums: [Sum: Change] = [:]
    for (key, change) in ordered {
      var month = key
      month.day = Totals.month(of: key.day, firstDay: firstDay)
      try months[month, default: Change()].add(change)
      try sums[Sum(account: key.account, currency: key.currency, isPending: key.isPending), default: Change()].add(
        change)
    }
    for (key, change) in months.sorted(by: { ($0.key.account, $0.key.day) < ($1.key.account, $1.key.day) }) {
      try Self.month.write(change, scope, session) { $0.bind(key) }
    }
    for (key, change) in sums.sorted(by: { $0.key.account < $1.key.account }) {
      try Self.account.write(change, scope, session) { binder in
        binder.bind(key.account)
        binder.bind(key.currency)
        binder.bind(key.isPending)
      }
    }
    // The next writing may be about the same days.
    try session.settle()
  }

  private struct Sum: Hashable {
    var account: ID<Account>
    var currency: Currency
    var isPending: Bool
  }
}

extension TotalUpkeep.Change {
  fileprivate mutating func add(_ other: TotalUpkeep.Change) throws {
    let (sum, overflow) = minor.addingReportingOverflow(other.minor)
    guard !overflow else { throw MoneyError.overflow }
    minor = sum
    rows += other.rows
  }
}

/// One of the tables of totals: adds to a line, and drops it when nothing stands behind it any more.
private struct TotalTable: Sendable {
  let adding: PreparedSQL
  let dropping: PreparedSQL

  func write(
    _ change: TotalUpkeep.Change, _ scope: Scope, _ session: any Session, key: (inout Binder) -> Void
  ) throws(DatabaseError) {
    guard change.rows != 0 || change.minor != 0 else { return }
    try session.post(adding) { binder in
      binder.bind(scope.household)
      key(&binder)
      binder.bind(change.minor)
      binder.bind(change.rows)
    }
    guard change.rows <= 0 else { return }
    try session.post(dropping) { binder in
      binder.bind(scope.household)
      key(&binder)
    }
  }
}

extension TotalUpkeep {
  private static let day = TotalTable(
    adding: PreparedSQL(
      together: """
        INSERT INTO total_day (household_id, account_id, day, category, currency, flow, is_pending, amount_minor, rows)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (household_id, account_id, day, category, currency, flow, is_pending)
        DO UPDATE SET amount_minor = total_day.amount_minor + excluded.amount_minor,
          rows = total_day.rows + excluded.rows
        """, turn: 3),
    dropping: PreparedSQL(
      """
      DELETE FROM total_day WHERE household_id = ? AND account_id = ? AND day = ? AND category = ? AND currency = ?
        AND flow = ? AND is_pending = ? AND rows = 0 AND amount_minor = 0
      """))

  private static let month = TotalTable(
    adding: PreparedSQL(
      together: """
        INSERT INTO total_month (household_id, account_id, day, category, currency, flow, is_pending, amount_minor, rows)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (household_id, account_id, day, category, currency, flow, is_pending)
        DO UPDATE SET amount_minor = total_month.amount_minor + excluded.amount_minor,
          rows = total_month.rows + excluded.rows
        """, turn: 3),
    dropping: PreparedSQL(
      """
      DELETE FROM total_month WHERE household_id = ? AND account_id = ? AND day = ? AND category = ? AND currency = ?
        AND flow = ? AND is_pending = ? AND rows = 0 AND amount_minor = 0
      """))

  private static let account = TotalTable(
    adding: PreparedSQL(
      together: """
        INSERT INTO total_account (household_id, account_id, currency, is_pending, amount_minor, rows)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (household_id, account_id, currency, is_pending)
        DO UPDATE SET amount_minor = total_account.amount_minor + excluded.amount_minor,
          rows = total_account.rows + excluded.rows
        """, turn: 3),
    dropping: PreparedSQL(
      """
      DELETE FROM total_account WHERE household_id = ? AND account_id = ? AND currency = ? AND is_pending = ?
        AND rows = 0 AND amount_minor = 0
      """))
}

extension Binder {
  /// A line's key, in the order of the tables.
  fileprivate mutating func bind(_ key: TotalKey) {
    bind(key.account)
    bind(key.day)
    bind(key.category)
    bind(key.currency)
    bind(key.flow.rawValue)
    bind(key.isPending)
  }
}
