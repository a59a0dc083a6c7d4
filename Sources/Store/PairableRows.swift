package import Basics
package import Databases
package import Finance

/// What of a row says whether it belongs to another one.
package struct PairableRow: Sendable, Equatable {
  /// How likely it is one half of a transfer, by what it is filed under.
  package enum Standing: Int, Sendable, Comparable {
    /// A person filed it as something else.
    case own = -1
    case other
    /// Nobody knows what it is, or the bank only names a drawer.
    case unknown
    /// Suggested to be one.
    case suggested
    case transfer

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package var id: ID<Transaction>
  package var account: ID<Account>
  package var kind: AccountKind
  package var minor: Int64
  package var currency: Currency
  package var day: CalendarDate
  package var standing: Standing
  /// What it counts as now.
  package var flow: FlowKind
  package var category: String?
  /// Who filed it, as the pipeline spells it: `person`, or a judgement's source; nil for the bank and for nobody.
  package var source: String?
  /// A bank sent it.
  package var isFromBank: Bool

  package init(
    id: ID<Transaction>, account: ID<Account>, kind: AccountKind, minor: Int64, currency: Currency, day: CalendarDate,
    standing: Standing, flow: FlowKind, category: String?, source: String?, isFromBank: Bool
  ) {
    (self.id, self.account, self.kind, self.minor, self.currency) = (id, account, kind, minor, currency)
    (self.day, self.standing, self.flow, self.category) = (day, standing, flow, category)
    (self.source, self.isFromBank) = (source, isFromBank)
  }
}

package enum PairableRows {
  private static let columns: SQL = """
    t.id, t.account_id, a.kind, t.amount_minor, t.currency, COALESCE(o.occurred_on, t.occurred_on),
    CASE
      WHEN o.category IS NOT NULL THEN CASE WHEN c.flow = 'transfer' THEN 3 ELSE -1 END
      WHEN COALESCE(c.flow, t.flow) = 'transfer' THEN 3
      WHEN j.source IN ('rule', 'memory') THEN 0
      WHEN s.value LIKE 'TRANSFER%' OR s.value = 'LOAN_PAYMENTS_CREDIT_CARD_PAYMENT' THEN 2
      WHEN j.value IS NOT NULL THEN 0
      WHEN t.category_detailed IS NULL OR t.category_detailed LIKE '%OTHER%' THEN 1
      WHEN t.category_confidence IN ('LOW', 'UNKNOWN') THEN 1
      ELSE 0 END,
    COALESCE(c.flow, t.flow), COALESCE(o.category, j.value, t.category_detailed),
    CASE WHEN o.category IS NOT NULL THEN 'person' ELSE j.source END,
    CASE WHEN t.origin IN ('manual', 'import') THEN 0 ELSE 1 END
    """

  private static let joins: SQL = """
    JOIN account a ON a.household_id = t.household_id AND a.id = t.account_id
    LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
    LEFT JOIN judgement j ON j.household_id = t.household_id AND j.transaction_id = t.id AND j.field = 'category'
    LEFT JOIN judgement s ON s.household_id = t.household_id AND s.transaction_id = t.id AND s.field = 'suggestion'
    LEFT JOIN category c ON c.household_id = t.household_id AND c.code = COALESCE(o.category, j.value)
    """

  /// Loans are left out: what moves there is counted where the money left.
  private static let living: SQL = """
    t.is_gone = 0 AND t.is_pending = 0 AND o.deleted_at IS NULL
    AND a.kind NOT IN ('loan', 'mortgage', 'student_loan')
    """

  private static func row(_ row: borrowing Row) throws -> PairableRow {
    PairableRow(
      id: try row(0), account: try row(1), kind: AccountKind(rawValue: try row(2)) ?? .checking, minor: try row(3),
      currency: try row(4), day: try row(5), standing: .init(rawValue: try row(6)) ?? .other,
      flow: try Totals.flow(row(7)), category: try row(8), source: try row(9), isFromBank: try row(10))
  }

  /// The little of a row that says whether it is worth a closer look: read without anything that hangs on it.
  package struct Sketch: Sendable {
    package var id: ID<Transaction>
    package var account: ID<Account>
    package var minor: Int64
    package var currency: Currency
    package var day: CalendarDate
    /// By the bank's word, or because there is none.
    package var mayBeTransfer: Bool
    package var isFromBank: Bool
  }

  /// Living, booked rows of some days.
  package static func sketches(
    _ days: ClosedRange<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> [Sketch] {
    try session.query(
      """
      SELECT t.id, t.account_id, t.amount_minor, t.currency, t.occurred_on,
        CASE WHEN t.flow = 'transfer' OR t.category_detailed IS NULL THEN 1 ELSE 0 END,
        CASE WHEN t.origin IN ('manual', 'import') THEN 0 ELSE 1 END
      FROM bank_transaction t
      WHERE t.household_id = \(scope.household) AND t.is_gone = 0 AND t.is_pending = 0
        AND t.occurred_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
      """
    ) { row in
      Sketch(
        id: try row(0), account: try row(1), minor: try row(2), currency: try row(3), day: try row(4),
        mayBeTransfer: try row(5), isFromBank: try row(6))
    }
  }

  package static func named(
    _ ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> [PairableRow] {
    var found: [PairableRow] = []
    for start in stride(from: 0, to: ids.count, by: Limits.listMax) {
      found += try session.query(
        """
        SELECT \(columns) FROM bank_transaction t \(joins)
        WHERE t.household_id = \(scope.household) AND \(living)
          AND t.id IN \(list: ids[start..<min(start + Limits.listMax, ids.count)]) ORDER BY t.id
        """, row)
    }
    return found
  }

  /// From the first to the last row of a household; nil when it has none.
  package static func days(_ scope: Scope, _ session: any Session) throws -> ClosedRange<CalendarDate>? {
    let ends = try session.first(
      """
      SELECT MIN(occurred_on), MAX(occurred_on) FROM bank_transaction WHERE household_id = \(scope.household)
      """
    ) { (try $0(0, as: CalendarDate?.self), try $0(1, as: CalendarDate?.self)) }
    guard let (first, last) = ends, let first, let last else { return nil }
    return first...last
  }

  /// How many living rows stand in some days: what looking through them costs.
  package static func askForCount(
    _ days: ClosedRange<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> Later<Int> {
    try session.askFirst(
      """
      SELECT COUNT(*) FROM bank_transaction t WHERE t.household_id = \(scope.household)
        AND t.occurred_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
      """
    ) { try $0(0, as: Int.self) }.map { $0 ?? 0 }
  }

  /// Those of some rows that stand in parts: a person or a rule said what they are.
  package static func inParts(
    _ ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> Set<ID<Transaction>> {
    Set(
      try session.query(
        """
        SELECT DISTINCT transaction_id FROM split
        WHERE household_id = \(scope.household) AND transaction_id IN \(list: ids.prefix(Limits.listMax))
        """
      ) { try $0(0, as: ID<Transaction>.self) })
  }
}
