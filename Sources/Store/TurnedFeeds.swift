package import Basics
package import Databases
package import Finance

/// Turning the amounts of an account whose bank tells them the wrong way round: what is there at once, and what comes
/// from then on. Turned again, all is as it was.
package enum TurnedFeeds {
  /// The bank's rows alone: what a person typed or a file brought stays. Judgements stay too; sorting anew looks at them.
  ///
  /// - Returns: How many rows stand the other way now; nil when there is no such account, or no bank keeps it.
  package static func turn(
    _ account: ID<Account>, isTurned: Bool, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Int? {
    let found = try session.first(
      """
      SELECT kind, is_turned FROM account
      WHERE household_id = \(scope.household) AND id = \(account) AND deleted_at IS NULL AND origin <> 'manual'
        \(Visibility.rows(scope, "id"))
      """
    ) { (AccountKind(rawValue: try $0(0)) ?? .otherAsset, try $0(1, as: Bool.self)) }
    guard let (kind, wasTurned) = found else { return nil }
    guard wasTurned != isTurned else { return 0 }
    try session.execute(
      """
      UPDATE account SET is_turned = \(isTurned) WHERE household_id = \(scope.household) AND id = \(account)
      """)
    // By the sign that rows have before they are turned.
    let kinds = try session.query(
      """
      SELECT DISTINCT category_primary, category_detailed, CASE WHEN amount_minor > 0 THEN 1 ELSE 0 END
      FROM bank_transaction WHERE household_id = \(scope.household) AND account_id = \(account) AND amount_minor <> 0
      """
    ) { (try $0(0, as: String?.self), try $0(1, as: String?.self), try $0(2, as: Bool.self)) }
    let ours: SQL = """
      EXISTS (SELECT 1 FROM transaction_source s WHERE s.household_id = bank_transaction.household_id
        AND s.transaction_id = bank_transaction.id)
      """
    for (primary, detailed, isIncoming) in kinds {
      let flow = ProviderCategory.flow(
        primary: primary, detailed: detailed, amountIsIncoming: !isIncoming, on: kind)
      let sign: SQL = isIncoming ? "amount_minor > 0" : "amount_minor < 0"
      try session.execute(
        """
        UPDATE bank_transaction SET flow = \(flow.rawValue)
        WHERE household_id = \(scope.household) AND account_id = \(account) AND \(ours) AND \(sign)
          AND COALESCE(category_primary, '') = \(primary ?? "") AND COALESCE(category_detailed, '') = \(detailed ?? "")
        """)
    }
    let turned: SQL =
      "amount_minor = -amount_minor, exact = CASE WHEN exact LIKE '-%' THEN SUBSTR(exact, 2) ELSE '-' || exact END"
    let rows: SQL = """
      SELECT t.id FROM bank_transaction t JOIN transaction_source s
        ON s.household_id = t.household_id AND s.transaction_id = t.id
      WHERE t.household_id = \(scope.household) AND t.account_id = \(account)
      """
    try session.execute(
      """
      UPDATE split SET amount_minor = -amount_minor
      WHERE household_id = \(scope.household) AND transaction_id IN (\(rows))
      """)
    let count = try session.changes(
      """
      UPDATE bank_transaction SET \(turned), changed_at = \(now)
      WHERE household_id = \(scope.household) AND account_id = \(account) AND \(ours)
      """)
    try session.execute(
      """
      UPDATE transaction_source SET \(turned)
      WHERE household_id = \(scope.household) AND transaction_id IN (\(rows))
      """)
    try Totals.recount(scope.wholeHousehold, session)
    try tell(account, count, now: now, scope, session)
    return count
  }

  /// In one event, and without ids: those are of all its rows.
  private static func tell(
    _ account: ID<Account>, _ count: Int, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    let days = try session.first(
      """
      SELECT MIN(occurred_on), MAX(occurred_on) FROM bank_transaction
      WHERE household_id = \(scope.household) AND account_id = \(account)
      """
    ) { (try $0(0, as: CalendarDate?.self), try $0(1, as: CalendarDate?.self)) }
    guard count > 0, let first = days?.0, let last = days?.1 else { return }
    let body =
      "{\"account\":\"\(account)\",\"count\":\(count),\"from\":\"\(first)\",\"through\":\"\(last)\"}"
    let event = NewEvent(kind: "transaction.changed", body: body, account: account)
    try Events.append([event], now: now, scope, session)
  }
}
