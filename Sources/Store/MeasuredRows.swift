package import Basics
package import Databases
package import Finance

/// A row, or one part of a split row, with what counts about it when money is measured.
package struct MeasuredRow: Sendable, Equatable {
  package var id: ID<Transaction>
  package var account: ID<Account>
  /// The effective day.
  package var day: CalendarDate
  package var amountMinor: Int64
  package var currency: Currency
  package var flow: FlowKind
  /// The effective category, or ``Totals/uncategorized``.
  package var category: String
  /// The bank's name for whom it was paid to; nil when it gave none.
  package var merchant: String?
  package var name: String
  package var isPending: Bool
  /// Its place among the parts of a split row; nil for a row in one piece.
  package var part: Int?

  package init(
    id: ID<Transaction>, account: ID<Account>, day: CalendarDate, amountMinor: Int64, currency: Currency,
    flow: FlowKind, category: String, merchant: String?, name: String, isPending: Bool = false, part: Int? = nil
  ) {
    self.id = id
    self.account = account
    self.day = day
    self.amountMinor = amountMinor
    self.currency = currency
    self.flow = flow
    self.category = category
    self.merchant = merchant
    self.name = name
    self.isPending = isPending
    self.part = part
  }

  /// Whom it was paid to, as well as can be said.
  package var payee: String { merchant ?? name }

  /// Split rows in one piece again, filed as their first part: what was paid once is one payment, whatever it was for.
  ///
  /// - Parameter rows: The parts of a row follow each other.
  package static func whole(_ rows: some Sequence<MeasuredRow>) -> [MeasuredRow] {
    var whole: [MeasuredRow] = []
    for row in rows {
      if let part = row.part, part > 0, let last = whole.indices.last, whole[last].id == row.id {
        whole[last].amountMinor &+= row.amountMinor
      } else {
        whole.append(row)
      }
    }
    return whole
  }
}

/// Rows of a window as the totals count them: what measures read that the totals cannot answer, such as by merchant.
package enum MeasuredRows {
  /// Rows of some days, oldest first; none that is gone or deleted.
  ///
  /// - Parameters:
  ///   - days: Effective days, from the first up to, but not with, the last.
  ///   - max: The most rows that are read; the newest are left out beyond it.
  package static func read(
    _ days: Range<CalendarDate>, _ filter: TotalFilter, atMost max: Int = 2_000_000, _ scope: Scope,
    _ session: any Session
  ) throws -> [MeasuredRow] {
    // Rows whose day a person moved are few, and have no index of that day.
    let columns: SQL = """
      t.id AS id, t.account_id AS account_id, COALESCE(o.occurred_on, t.occurred_on) AS day,
      COALESCE(p.amount_minor, t.amount_minor) AS minor, t.currency AS currency,
      CASE WHEN o.is_excluded = 1 THEN 'excluded' ELSE COALESCE(pc.flow, c.flow, t.flow) END AS flow,
      COALESCE(p.category, o.category, j.value, t.category_detailed, \(Totals.uncategorized)) AS category,
      t.merchant_name AS merchant, COALESCE(o.name, t.name) AS name, t.is_pending AS is_pending, p.position AS part
      """
    let joins: SQL = """
      LEFT JOIN judgement j ON j.household_id = t.household_id AND j.transaction_id = t.id AND j.field = 'category'
      LEFT JOIN category c ON c.household_id = t.household_id AND c.code = COALESCE(o.category, j.value)
      LEFT JOIN split p ON p.household_id = t.household_id AND p.transaction_id = t.id
      LEFT JOIN category pc ON pc.household_id = p.household_id AND pc.code = p.category
      """
    let living: SQL = """
      t.household_id = \(scope.household) AND t.is_gone = 0 AND o.deleted_at IS NULL\(Visibility.rows(scope, "t.account_id"))
      """
    let only: SQL
    if let accounts = filter.accounts {
      only = "AND t.account_id IN \(list: accounts.prefix(Limits.listMax))"
    } else {
      only = ""
    }
    let overlay: SQL = "o.household_id = t.household_id AND o.transaction_id = t.id"
    return try session.query(
      """
      SELECT * FROM (
        SELECT \(columns) FROM bank_transaction t LEFT JOIN transaction_overlay o ON \(overlay) \(joins)
        WHERE \(living) \(only) AND o.occurred_on IS NULL
          AND t.occurred_on >= \(days.lowerBound) AND t.occurred_on < \(days.upperBound)
        UNION ALL
        SELECT \(columns) FROM transaction_overlay o CROSS JOIN bank_transaction t \(joins)
        WHERE o.household_id = \(scope.household) AND \(overlay) AND \(living) \(only)
          AND o.occurred_on >= \(days.lowerBound) AND o.occurred_on < \(days.upperBound)
      ) AS measured ORDER BY day, id, part LIMIT \(max)
      """
    ) { row in
      MeasuredRow(
        id: try row(0), account: try row(1), day: try row(2), amountMinor: try row(3), currency: try row(4),
        flow: FlowKind(rawValue: try row(5)) ?? .expense, category: try row(6), merchant: try row(7),
        name: try row(8), isPending: try row(9), part: try row(10))
    }
  }

  /// The tags of rows of some days, by name; a row may carry several.
  package static func tags(
    _ days: Range<CalendarDate>, _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>: [String]] {
    var tags: [ID<Transaction>: [String]] = [:]
    _ = try session.query(
      """
      SELECT u.transaction_id, g.name FROM transaction_tag u
      JOIN tag g ON g.household_id = u.household_id AND g.id = u.tag_id
      JOIN bank_transaction t ON t.household_id = u.household_id AND t.id = u.transaction_id
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      WHERE u.household_id = \(scope.household) AND g.deleted_at IS NULL
        AND COALESCE(o.occurred_on, t.occurred_on) >= \(days.lowerBound)
        AND COALESCE(o.occurred_on, t.occurred_on) < \(days.upperBound)\(Visibility.rows(scope, "t.account_id"))
      ORDER BY u.transaction_id, g.name
      """
    ) { row in tags[try row(0), default: []].append(try row(1)) }
    return tags
  }

  /// Whose accounts they are, by the name of the person whose connection leads them. Accounts kept by hand are nobody's.
  package static func people(_ scope: Scope, _ session: any Session) throws -> [ID<Account>: String] {
    let rows = try session.query(
      """
      SELECT s.account_id, p.name FROM account_source s
      JOIN connection c ON c.household_id = s.household_id AND c.id = s.connection_id
      JOIN person p ON p.id = c.person_id
      WHERE s.household_id = \(scope.household) AND s.is_muted = 0\(Visibility.rows(scope, "s.account_id"))
      ORDER BY s.seen_from
      """
    ) { (try $0(0, as: ID<Account>.self), try $0(1, as: String.self)) }
    return Dictionary(rows) { first, _ in first }
  }
}
