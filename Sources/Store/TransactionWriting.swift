package import Basics
package import Databases
package import Finance

/// Writing a row of the ledger as the bank tells it. A million of them pass through here, so statements are prepared.
extension Transactions {
  private static let insertion = PreparedSQL(
    together: """
      INSERT INTO bank_transaction (household_id, id, created_at, origin, account_id, is_pending, amount_minor, currency,
        exact, booked_on, booked_at, authorized_on, authorized_at, occurred_on, name, original_description, merchant_name,
        merchant_entity_id, website, payment_channel, check_number, transaction_code, category_primary, category_detailed,
        category_confidence, category_version, category_legacy, counterparties, location, payment_meta, rest, flow,
        changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, turn: 1)

  private static let replacement = PreparedSQL(
    """
    UPDATE bank_transaction SET is_gone = 0, account_id = ?, is_pending = ?, amount_minor = ?, currency = ?, exact = ?,
      booked_on = ?, booked_at = ?, authorized_on = ?, authorized_at = ?, occurred_on = ?, name = ?,
      original_description = ?, merchant_name = ?, merchant_entity_id = ?, website = ?, payment_channel = ?,
      check_number = ?, transaction_code = ?, category_primary = ?, category_detailed = ?, category_confidence = ?,
      category_version = ?, category_legacy = ?, counterparties = ?, location = ?, payment_meta = ?, rest = ?, flow = ?,
      changed_at = ?
    WHERE household_id = ? AND id = ?
    """)

  package static func insert(
    _ id: ID<Transaction>, _ feed: FeedTransaction, account: AccountPlace, amount: Money, exact: DecimalText?,
    origin: String, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.post(insertion) { binder in
      binder.bind(scope.household)
      binder.bind(id)
      binder.bind(now)
      binder.bind(origin)
      bind(feed, account, amount, exact, now, &binder)
    }
  }

  /// The bank's latest words on a row that is there. It lives again if it was gone.
  package static func replace(
    _ id: ID<Transaction>, _ feed: FeedTransaction, account: AccountPlace, amount: Money, exact: DecimalText?,
    now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.post(replacement) { binder in
      bind(feed, account, amount, exact, now, &binder)
      binder.bind(scope.household)
      binder.bind(id)
    }
  }

  /// What the bank said, in the order of both statements.
  private static func bind(
    _ feed: FeedTransaction, _ account: AccountPlace, _ amount: Money, _ exact: DecimalText?, _ now: Timestamp,
    _ binder: inout Binder
  ) {
    binder.bind(account.id)
    binder.bind(feed.isPending)
    binder.bind(amount.minorUnits)
    binder.bind(amount.currency)
    binder.bind(exact)
    binder.bind(feed.bookedOn)
    binder.bind(feed.bookedAt)
    binder.bind(feed.authorizedOn)
    binder.bind(feed.authorizedAt)
    binder.bind(feed.authorizedOn ?? feed.bookedOn)
    binder.bind(feed.name)
    binder.bind(feed.originalDescription)
    binder.bind(feed.merchantName)
    binder.bind(feed.merchantEntityID)
    binder.bind(feed.website)
    binder.bind(feed.paymentChannel)
    binder.bind(feed.checkNumber)
    binder.bind(feed.transactionCode)
    binder.bind(feed.category?.primary)
    binder.bind(feed.category?.detailed)
    binder.bind(feed.category?.confidence)
    binder.bind(feed.category?.version)
    binder.bind(feed.category?.legacy)
    binder.bind(feed.counterparties)
    binder.bind(feed.location)
    binder.bind(feed.paymentMeta)
    binder.bind(feed.rest)
    binder.bind(flow(of: feed, amount, account.kind).rawValue)
    binder.bind(now)
  }
}
