package import Basics
package import Databases
package import Finance

/// The account a row stands on, and of what kind it is: rows on a loan count otherwise than rows on a card.
package struct AccountPlace: Sendable {
  package var id: ID<Account>
  package var kind: AccountKind

  package init(_ id: ID<Account>, _ kind: AccountKind) {
    self.id = id
    self.kind = kind
  }
}

/// The ledger's rows. Sync writes only what the bank said; what people wrote stands in the overlay.
package enum Transactions {
  /// The bank lists none of the row's names any more. A person's deletion is another thing and stands elsewhere.
  package static func markGone(
    _ id: ID<Transaction>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE bank_transaction SET is_gone = 1, changed_at = \(now)
      WHERE household_id = \(scope.household) AND id = \(id)
      """)
  }

  /// The leading name went and another one lives on: the row shows what that one said.
  package static func fallBack(
    to source: TransactionSource, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE bank_transaction SET is_gone = 0, is_pending = \(source.isPending), amount_minor = \(source.amountMinor),
        exact = \(source.exact), booked_on = \(source.bookedOn), changed_at = \(now)
      WHERE household_id = \(scope.household) AND id = \(source.transaction)
      """)
  }

  static func flow(of feed: FeedTransaction, _ amount: Money, _ kind: AccountKind) -> FlowKind {
    ProviderCategory.flow(
      primary: feed.category?.primary, detailed: feed.category?.detailed, amountIsIncoming: amount.minorUnits > 0,
      on: kind)
  }

  /// What a row that nobody has written on counts for.
  package static func counted(
    _ feed: FeedTransaction, account: AccountPlace, amount: Money
  ) -> TotalUpkeep.Counted {
    TotalUpkeep.Counted(
      key: TotalKey(
        account: account.id, day: feed.authorizedOn ?? feed.bookedOn,
        category: feed.category?.detailed ?? Totals.uncategorized,
        currency: amount.currency, flow: flow(of: feed, amount, account.kind), isPending: feed.isPending),
      minor: amount.minorUnits)
  }

  /// Living rows of one account, day and amount, oldest first, also those that a person deleted.
  package static func alike(
    _ account: ID<Account>, _ day: CalendarDate, _ amount: Money, _ scope: Scope, _ session: any Session
  ) throws -> [(id: ID<Transaction>, name: String, originalDescription: String?)] {
    try session.query(
      """
      SELECT id, name, original_description FROM bank_transaction
      WHERE household_id = \(scope.household) AND account_id = \(account) AND booked_on = \(day)
        AND amount_minor = \(amount.minorUnits) AND currency = \(amount.currency) AND is_gone = 0 ORDER BY id
      """
    ) { (try $0(0), try $0(1), try $0(2)) }
  }

  package static func account(
    of id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> ID<Account>? {
    try session.first(
      """
      SELECT account_id FROM bank_transaction
      WHERE household_id = \(scope.household) AND id = \(id)\(Visibility.rows(scope, "account_id"))
      """
    ) { try $0(0) }
  }

  /// Living rows in the days given that no living name of this connection stands for: known from an earlier connection,
  /// and not sent by the one that took its place. Pending ones of any day: a bank shows all it has.
  package static func leftOver(
    _ account: ID<Account>, from: CalendarDate, through: CalendarDate, by connection: ID<Connection>, _ scope: Scope,
    _ session: any Session
  ) throws -> [(id: ID<Transaction>, isPending: Bool)] {
    try session.query(
      """
      SELECT t.id, t.is_pending FROM bank_transaction t
      WHERE t.household_id = \(scope.household) AND t.account_id = \(account) AND t.is_gone = 0
        AND (t.is_pending = 1 OR t.booked_on BETWEEN \(from) AND \(through)) AND NOT EXISTS (
          SELECT 1 FROM transaction_source s WHERE s.household_id = t.household_id AND s.transaction_id = t.id
            AND s.connection_id = \(connection) AND s.removed_at IS NULL)
      ORDER BY t.booked_on, t.id
      """
    ) { (try $0(0), try $0(1)) }
  }
}
