package import Basics
package import Databases
package import Finance

/// The terms of a card or loan from a day on, until the next row of the same account and kind.
package struct StoredLiability: Sendable, Equatable {
  package var account: ID<Account>
  /// `credit`, `mortgage`, `student`, or a later word of the provider's.
  package var kind: String
  /// The household's day on which the bank said so.
  package var day: CalendarDate
  /// Yearly, in percent.
  package var ratePercent: DecimalText?
  package var minimumPayment: DecimalText?
  package var nextDueOn: CalendarDate?
  package var lastPayment: DecimalText?
  package var lastPaymentOn: CalendarDate?
  package var lastStatement: DecimalText?
  package var lastStatementOn: CalendarDate?
  package var isOverdue: Bool?
  /// The whole object as sent.
  package var raw: String

  package init(account: ID<Account>, kind: String, day: CalendarDate, raw: String) {
    self.account = account
    self.kind = kind
    self.day = day
    self.raw = raw
  }
}

/// Cards and loans with their terms. A row is written when something changed.
package enum Liabilities {
  /// The last word on each account and kind.
  ///
  /// - Parameter day: As it was known at the end of that day; nil = now.
  package static func latest(
    in accounts: some Collection<ID<Account>>, on day: CalendarDate? = nil, _ scope: Scope, _ session: any Session
  ) throws -> [StoredLiability] {
    let limit = day ?? CalendarDate(days: .max)
    return try session.query(
      """
      SELECT l.account_id, l.kind, l.day, l.rate_percent, l.minimum_payment, l.next_due_on, l.last_payment,
        l.last_payment_on, l.last_statement, l.last_statement_on, l.is_overdue, l.raw
      FROM liability l
      WHERE l.household_id = \(scope.household) AND l.account_id IN \(list: accounts) AND l.day = (
        SELECT MAX(x.day) FROM liability x
        WHERE x.household_id = l.household_id AND x.account_id = l.account_id AND x.kind = l.kind AND x.day <= \(limit)
      )\(Visibility.rows(scope, "l.account_id"))
      ORDER BY l.account_id, l.kind
      """
    ) { row in
      var liability = StoredLiability(account: try row(0), kind: try row(1), day: try row(2), raw: try row(11))
      liability.ratePercent = try row(3)
      liability.minimumPayment = try row(4)
      liability.nextDueOn = try row(5)
      liability.lastPayment = try row(6)
      liability.lastPaymentOn = try row(7)
      liability.lastStatement = try row(8)
      liability.lastStatementOn = try row(9)
      liability.isOverdue = try row(10)
      return liability
    }
  }

  /// Writes the day's row; another of the same day gives way.
  package static func keep(_ liability: StoredLiability, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO liability (household_id, account_id, kind, day, rate_percent, minimum_payment, next_due_on,
        last_payment, last_payment_on, last_statement, last_statement_on, is_overdue, raw)
      VALUES (\(scope.household), \(liability.account), \(liability.kind), \(liability.day), \(liability.ratePercent),
        \(liability.minimumPayment), \(liability.nextDueOn), \(liability.lastPayment), \(liability.lastPaymentOn),
        \(liability.lastStatement), \(liability.lastStatementOn), \(liability.isOverdue), \(liability.raw))
      ON CONFLICT (household_id, account_id, kind, day) DO UPDATE SET rate_percent = excluded.rate_percent,
        minimum_payment = excluded.minimum_payment, next_due_on = excluded.next_due_on,
        last_payment = excluded.last_payment, last_payment_on = excluded.last_payment_on,
        last_statement = excluded.last_statement, last_statement_on = excluded.last_statement_on,
        is_overdue = excluded.is_overdue, raw = excluded.raw
      """)
  }
}
