package import Basics
package import Databases
package import Finance

/// Names two rows that belong together.
package enum PairName: Identified {
  package static let idPrefix = "pai"
}

/// Two rows of the ledger that belong together, or may.
package struct Pair: Sendable, Equatable {
  /// Stored: spellings never change.
  package enum Kind: String, Sendable, CaseIterable {
    /// Money between own accounts: what left, and what arrived.
    case transfer
    /// A purchase, and what came back of it.
    case refund
    /// What is kept, and what may be the same once more.
    case duplicate
  }
  /// Stored: spellings never change.
  package enum State: String, Sendable, CaseIterable {
    case linked
    /// A person is asked.
    case suggested
    /// A person said no: they are not put together again.
    case refused
    /// A person said yes, and since then a row changed so that they do not fit. They are linked when they fit again.
    case waiting
  }

  package var id: ID<PairName>
  package var kind: Kind
  package var first: ID<Transaction>
  package var second: ID<Transaction>
  /// The amounts when they were put together, in the smallest units of each row's currency.
  package var firstMinor: Int64
  package var secondMinor: Int64
  /// What the rows are filed under for it; nil: it says nothing about that.
  package var firstCategory: String?
  package var secondCategory: String?
  /// How much of the second's currency came for one of the first's.
  package var impliedRate: DecimalText?
  /// What was lost on the way, in the smallest units; nil: nothing.
  package var feeMinor: Int64?
  package var state: State
  /// A person said so.
  package var isOwn = false
  /// The day of the later row.
  package var lastOn: CalendarDate

  package init(
    id: ID<PairName>, kind: Kind, first: PairableRow, second: PairableRow, state: State, fee: Int64? = nil,
    rate: DecimalText? = nil
  ) {
    (self.id, self.kind, self.state) = (id, kind, state)
    (self.first, self.second) = (first.id, second.id)
    (firstMinor, secondMinor) = (first.minor, second.minor)
    (impliedRate, feeMinor) = (rate, fee)
    lastOn = max(first.day, second.day)
  }
}

/// What it means for a row that it belongs to another one.
package struct PairedLeg: Sendable, Equatable {
  package var kind: Pair.Kind
  package var category: String
  /// A person said so: then it is a person's word.
  package var isOwn: Bool

  package init(kind: Pair.Kind, category: String, isOwn: Bool) {
    (self.kind, self.category, self.isOwn) = (kind, category, isOwn)
  }
}

/// A row that counts for something else since it was linked or parted.
package struct PairedRow: Sendable, Equatable {
  package var id: ID<Transaction>
  package var account: ID<Account>
  package var day: CalendarDate

  package init(id: ID<Transaction>, account: ID<Account>, day: CalendarDate) {
    (self.id, self.account, self.day) = (id, account, day)
  }
}

/// The other row of a pair, as it is shown on each of the two.
package struct PairLink: Sendable, Equatable {
  package var pair: ID<PairName>
  package var kind: Pair.Kind
  package var isFirst: Bool
  package var isOwn: Bool
  package var other: ID<Transaction>
  package var account: ID<Account>
  package var amount: Money
  /// In the currency of the first.
  package var feeMinor: Int64?
  package var impliedRate: DecimalText?
}

/// Pairs as they are kept.
package enum Pairs {
  private static let columns: SQL = """
    p.id, p.kind, p.first_id, p.second_id, p.first_minor, p.second_minor, p.first_category, p.second_category,
    p.implied_rate, p.fee_minor, p.state, p.is_own, p.last_on
    """

  private static func pair(_ row: borrowing Row) throws -> Pair? {
    // What only a later version knows is left to it.
    guard let kind = Pair.Kind(rawValue: try row(1)), let state = Pair.State(rawValue: try row(10)) else { return nil }
    return Pair(
      id: try row(0), kind: kind, first: try row(2), second: try row(3), firstMinor: try row(4),
      secondMinor: try row(5), firstCategory: try row(6), secondCategory: try row(7), impliedRate: try row(8),
      feeMinor: try row(9), state: state, isOwn: try row(11), lastOn: try row(12))
  }

  package static func askWhetherAny(_ scope: Scope, _ session: any Session) throws -> Later<Bool> {
    try session.askFirst("SELECT 1 FROM pair WHERE household_id = \(scope.household) LIMIT 1") { _ in true }
      .map { $0 ?? false }
  }

  /// Keeps it, in place of what is kept of the same two rows. A person's word is not forgotten.
  package static func keep(
    _ pair: Pair, by person: ID<User>? = nil, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      INSERT INTO pair (household_id, id, kind, first_id, second_id, first_minor, second_minor, first_category,
        second_category, implied_rate, fee_minor, state, is_own, last_on, made_at, decided_by)
      VALUES (\(scope.household), \(pair.id), \(pair.kind.rawValue), \(pair.first), \(pair.second),
        \(pair.firstMinor), \(pair.secondMinor), \(pair.firstCategory), \(pair.secondCategory), \(pair.impliedRate),
        \(pair.feeMinor), \(pair.state.rawValue), \(pair.isOwn), \(pair.lastOn), \(now), \(person))
      ON CONFLICT (household_id, first_id, second_id, kind) DO UPDATE SET first_minor = excluded.first_minor,
        second_minor = excluded.second_minor, first_category = excluded.first_category,
        second_category = excluded.second_category, implied_rate = excluded.implied_rate,
        fee_minor = excluded.fee_minor, state = excluded.state, is_own = excluded.is_own,
        last_on = excluded.last_on, decided_by = COALESCE(excluded.decided_by, pair.decided_by)
      """)
  }

  package static func forget(_ id: ID<PairName>, _ scope: Scope, _ session: any Session) throws {
    try session.execute("DELETE FROM pair WHERE household_id = \(scope.household) AND id = \(id)")
  }

  /// Those whose later row was of these days when they were put together.
  package static func around(
    _ days: ClosedRange<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> [Pair] {
    try session.query(
      """
      SELECT \(columns) FROM pair p WHERE p.household_id = \(scope.household)
        AND p.last_on BETWEEN \(days.lowerBound) AND \(days.upperBound) ORDER BY p.id
      """, pair
    ).compactMap { $0 }
  }

  /// Every pair of a row, whatever its state.
  package static func of(
    _ ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> [Pair] {
    let list = ids.prefix(Limits.listMax)
    let half: (SQL) -> SQL = { column in
      "SELECT \(columns) FROM pair p WHERE p.household_id = \(scope.household) AND \(column) IN \(list: list)"
    }
    // One after the other, so that each finds its index.
    let both = try [half("p.first_id"), half("p.second_id")].flatMap { try session.query($0, pair) }
    var seen: Set<ID<PairName>> = []
    return both.compactMap { $0 }.filter { seen.insert($0.id).inserted }
  }

  /// What it means for rows that they are linked to others. Rows that stand alone are not in it.
  package static func legs(
    of ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>: PairedLeg] {
    guard !ids.isEmpty, try askWhetherAny(scope, session).get() else { return [:] }
    var legs: [ID<Transaction>: PairedLeg] = [:]
    for pair in try of(ids, scope, session).sorted(by: { $0.id < $1.id }) where pair.state == .linked {
      if let category = pair.firstCategory {
        legs[pair.first] = PairedLeg(kind: pair.kind, category: category, isOwn: pair.isOwn)
      }
      if let category = pair.secondCategory {
        legs[pair.second] = PairedLeg(kind: pair.kind, category: category, isOwn: pair.isOwn)
      }
    }
    return legs
  }

  /// Living rows that some rows are linked with, where a person sees these too.
  static func links(
    of ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> [(row: ID<Transaction>, link: PairLink)] {
    guard !ids.isEmpty, try askWhetherAny(scope, session).get() else { return [] }
    let list = ids.prefix(Limits.listMax)
    func half(_ own: SQL, _ other: SQL, isFirst: Bool) throws -> [(row: ID<Transaction>, link: PairLink)] {
      try session.query(
        """
        SELECT \(own), p.id, p.kind, p.is_own, b.id, b.account_id, b.amount_minor, b.currency, p.fee_minor,
          p.implied_rate
        FROM pair p JOIN bank_transaction b ON b.household_id = p.household_id AND b.id = \(other)
        WHERE p.household_id = \(scope.household) AND \(own) IN \(list: list) AND p.state = 'linked' AND b.is_gone = 0
          \(Visibility.rows(scope, "b.account_id"))
        ORDER BY p.id
        """
      ) { row in
        let link = PairLink(
          pair: try row(1), kind: Pair.Kind(rawValue: try row(2)) ?? .transfer, isFirst: isFirst, isOwn: try row(3),
          other: try row(4), account: try row(5), amount: Money(minorUnits: try row(6), try row(7)),
          feeMinor: try row(8), impliedRate: try row(9))
        return (try row(0), link)
      }
    }
    return try half("p.first_id", "p.second_id", isFirst: true) + half("p.second_id", "p.first_id", isFirst: false)
  }

  /// One whose rows a person sees both.
  package static func find(_ id: ID<PairName>, _ scope: Scope, _ session: any Session) throws -> Pair? {
    try session.first(
      """
      SELECT \(columns) FROM pair p
      JOIN bank_transaction a ON a.household_id = p.household_id AND a.id = p.first_id
      JOIN bank_transaction b ON b.household_id = p.household_id AND b.id = p.second_id
      WHERE p.household_id = \(scope.household) AND p.id = \(id)
        \(Visibility.rows(scope, "a.account_id"))\(Visibility.rows(scope, "b.account_id"))
      """, pair
    ) ?? nil
  }

  /// The living ones in a state whose rows a person sees both, the latest first, from after `after`.
  package static func list(
    _ state: Pair.State, after: (day: CalendarDate, id: ID<PairName>)? = nil, limit: Int, _ scope: Scope,
    _ session: any Session
  ) throws -> [Pair] {
    var place: SQL = ""
    if let after { place = "AND (p.last_on, p.id) < (\(after.day), \(after.id))" }
    return try session.query(
      """
      SELECT \(columns) FROM pair p
      JOIN bank_transaction a ON a.household_id = p.household_id AND a.id = p.first_id
      JOIN bank_transaction b ON b.household_id = p.household_id AND b.id = p.second_id
      WHERE p.household_id = \(scope.household) AND p.state = \(state.rawValue) AND a.is_gone = 0 AND b.is_gone = 0
        \(place)\(Visibility.rows(scope, "a.account_id"))\(Visibility.rows(scope, "b.account_id"))
      ORDER BY p.last_on DESC, p.id DESC LIMIT \(limit)
      """, pair
    ).compactMap { $0 }
  }
}

extension Pair {
  fileprivate init(
    id: ID<PairName>, kind: Kind, first: ID<Transaction>, second: ID<Transaction>, firstMinor: Int64,
    secondMinor: Int64, firstCategory: String?, secondCategory: String?, impliedRate: DecimalText?, feeMinor: Int64?,
    state: State, isOwn: Bool, lastOn: CalendarDate
  ) {
    (self.id, self.kind, self.first, self.second) = (id, kind, first, second)
    (self.firstMinor, self.secondMinor) = (firstMinor, secondMinor)
    (self.firstCategory, self.secondCategory) = (firstCategory, secondCategory)
    (self.impliedRate, self.feeMinor) = (impliedRate, feeMinor)
    (self.state, self.isOwn, self.lastOn) = (state, isOwn, lastOn)
  }

  package func other(than id: ID<Transaction>) -> ID<Transaction> { id == first ? second : first }
}
