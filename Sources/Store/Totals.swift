package import Basics
import Databases
package import Finance

/// What a line of the totals stands for: the living rows of an account that share all of this.
package struct TotalKey: Hashable, Sendable {
  package var account: ID<Account>
  /// The day a row occurred, as its person or else its bank says.
  package var day: CalendarDate
  /// A person's, else our judgement's, else the bank's detailed category, else ``Totals/uncategorized``.
  package var category: String
  package var currency: Currency
  package var flow: FlowKind
  package var isPending: Bool

  package init(
    account: ID<Account>, day: CalendarDate, category: String, currency: Currency, flow: FlowKind, isPending: Bool
  ) {
    self.account = account
    self.day = day
    self.category = category
    self.currency = currency
    self.flow = flow
    self.isPending = isPending
  }
}

/// How much, in minor units from the owner's side, and from how many rows.
package struct TotalSum: Hashable, Sendable {
  package var amountMinor: Int64
  package var rows: Int

  package init(amountMinor: Int64, rows: Int) {
    self.amountMinor = amountMinor
    self.rows = rows
  }
}

/// Sums of the ledger by account, day, category, currency, flow and pending: kept, so that a question about years does
/// not read every row. The same by month, and all that an account ever took, so that no answer costs more as years pass.
///
/// Per account, so that what a person may not see is not in their sums. A line exists while a living row stands behind
/// it; rows that the bank took back or a person deleted count nowhere. A row in parts is filed by its parts and counted
/// as a row where its first part is.
package enum Totals {
  /// What a row is filed under that nobody has given a category. Stored, so it never changes.
  package static let uncategorized = "UNCATEGORIZED"

  /// The totals as the rows themselves give them: the rule of what belongs to which line, in one place.
  static func counted(_ scope: Scope) -> SQL {
    """
    SELECT account_id, day, category, currency, flow, is_pending, CAST(SUM(amount) AS bigint) AS amount_minor,
      CAST(SUM(is_row) AS bigint) AS line_rows
    FROM (
      SELECT t.account_id, COALESCE(o.occurred_on, t.occurred_on) AS day,
        COALESCE(p.category, o.category, j.value, t.category_detailed, \(uncategorized)) AS category,
        t.currency AS currency,
        CASE WHEN o.is_excluded = 1 THEN 'excluded' ELSE COALESCE(pc.flow, c.flow, t.flow) END AS flow,
        t.is_pending AS is_pending, COALESCE(p.amount_minor, t.amount_minor) AS amount,
        CASE WHEN p.position > 0 THEN 0 ELSE 1 END AS is_row
      FROM bank_transaction t
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      LEFT JOIN judgement j ON j.household_id = t.household_id AND j.transaction_id = t.id AND j.field = 'category'
      LEFT JOIN category c ON c.household_id = t.household_id AND c.code = COALESCE(o.category, j.value)
      LEFT JOIN split p ON p.household_id = t.household_id AND p.transaction_id = t.id
      LEFT JOIN category pc ON pc.household_id = p.household_id AND pc.code = p.category
      WHERE t.household_id = \(scope.household) AND t.is_gone = 0 AND o.deleted_at IS NULL
        \(Visibility.rows(scope, "t.account_id"))
    ) AS living
    GROUP BY account_id, day, category, currency, flow, is_pending
    HAVING SUM(is_row) <> 0 OR SUM(amount) <> 0
    """
  }

  static func line(_ row: borrowing Row) throws -> (TotalKey, TotalSum) {
    let key = TotalKey(
      account: try row(0), day: try row(1), category: try row(2), currency: try row(3), flow: try flow(row(4)),
      isPending: try row(5))
    return (key, TotalSum(amountMinor: try row(6), rows: try row(7)))
  }

  static func flow(_ text: String) throws(DatabaseError) -> FlowKind {
    guard let flow = FlowKind(rawValue: text) else {
      throw DatabaseError(kind: .programmer, message: "no flow is called \(text)")
    }
    return flow
  }
}
