package import Basics
package import Databases
package import Finance

/// The place of a transaction in a list.
package struct TransactionPosition: Sendable, Equatable {
  package var occurredOn: CalendarDate
  package var id: ID<Transaction>
  /// In minor units; counts where the order is by amount.
  package var amountMinor: Int64

  package init(occurredOn: CalendarDate, id: ID<Transaction>, amountMinor: Int64 = 0) {
    self.occurredOn = occurredOn
    self.id = id
    self.amountMinor = amountMinor
  }

  /// Whether it comes before another one in an order.
  func precedes(_ other: TransactionPosition, _ order: TransactionOrder) -> Bool {
    let (left, right) = order.isDescending ? (other, self) : (self, other)
    if order.isByAmount { return (left.amountMinor, left.id) < (right.amountMinor, right.id) }
    return (left.occurredOn, left.id) < (right.occurredOn, right.id)
  }
}

/// A transaction as a list shows it: the bank's words under what a person wrote.
package struct ListedTransaction: Sendable, Equatable {
  package var id: ID<Transaction>
  package var account: ID<Account>
  package var isPending: Bool
  package var amount: Money
  /// The bank's own digits where they are finer than the minor unit.
  package var exact: String?
  package var bookedOn: CalendarDate
  package var occurredOn: CalendarDate
  package var name: String
  package var originalDescription: String?
  package var merchantName: String?
  package var paymentChannel: String?
  package var categoryPrimary: String?
  package var categoryDetailed: String?
  package var flow: String
  package var notes: String?
  package var origin: String
  /// A person's, else our judgement's, else the bank's.
  package var category: String?
  package var isExcluded: Bool
  package var isReviewed: Bool
  package var isDeleted: Bool

  package var position: TransactionPosition {
    TransactionPosition(occurredOn: occurredOn, id: id, amountMinor: amount.minorUnits)
  }

  /// What a query selects for one, with the occurred day where it stands.
  static func columns(day: SQL) -> SQL {
    """
    t.id AS id, t.account_id, t.is_pending, t.amount_minor AS amount_minor, t.currency, t.exact, t.booked_on,
    \(day) AS day, COALESCE(o.name, t.name), t.original_description, t.merchant_name, t.payment_channel,
    t.category_primary, t.category_detailed,
    CASE WHEN o.is_excluded = 1 THEN 'excluded' ELSE COALESCE(c.flow, t.flow) END, o.notes, t.origin,
    COALESCE(o.category, j.value, t.category_detailed), COALESCE(o.is_excluded, 0), COALESCE(o.is_reviewed, 0),
    CASE WHEN o.deleted_at IS NULL THEN 0 ELSE 1 END
    """
  }

  /// What else hangs on `t` and `o`: few rows have it.
  static let joins: SQL = """
    LEFT JOIN judgement j ON j.household_id = t.household_id AND j.transaction_id = t.id AND j.field = 'category'
    LEFT JOIN category c ON c.household_id = t.household_id AND c.code = COALESCE(o.category, j.value)
    """

  static let overlay: SQL =
    "LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id"

  init(_ row: borrowing Row) throws {
    (id, account, isPending) = (try row(0), try row(1), try row(2))
    amount = Money(minorUnits: try row(3), try row(4))
    (exact, bookedOn, occurredOn, name) = (try row(5), try row(6), try row(7), try row(8))
    (originalDescription, merchantName, paymentChannel) = (try row(9), try row(10), try row(11))
    (categoryPrimary, categoryDetailed, flow, notes) = (try row(12), try row(13), try row(14), try row(15))
    (origin, category, isExcluded) = (try row(16), try row(17), try row(18))
    (isReviewed, isDeleted) = (try row(19), try row(20))
  }
}

/// What few rows have, and a list shows where there is some.
package struct TransactionExtras: Sendable, Equatable {
  package var tags: [ID<Tag>] = []
  /// Fields that people invented.
  package var custom: [String: String] = [:]
  package var parts: [SplitPart] = []
  /// Other rows that it is put together with, of those that the person sees.
  package var links: [PairLink] = []

  package init() {}
}

extension Transactions {
  /// Tags, invented fields and parts of the rows of a page. Rows without any are not in it.
  package static func extras(
    of ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>: TransactionExtras] {
    var extras: [ID<Transaction>: TransactionExtras] = [:]
    let place: SQL = "household_id = \(scope.household) AND transaction_id IN \(list: ids.prefix(Limits.listMax))"
    _ = try session.query(
      "SELECT transaction_id, tag_id FROM transaction_tag WHERE \(place) ORDER BY transaction_id, tag_id"
    ) { row in extras[try row(0), default: TransactionExtras()].tags.append(try row(1)) }
    _ = try session.query("SELECT transaction_id, name, value FROM transaction_field WHERE \(place)") { row in
      extras[try row(0), default: TransactionExtras()].custom[try row(1)] = try row(2, as: String.self)
    }
    _ = try session.query(
      """
      SELECT transaction_id, amount_minor, category, note FROM split WHERE \(place) ORDER BY transaction_id, position
      """
    ) { row in
      extras[try row(0), default: TransactionExtras()].parts.append(
        SplitPart(amountMinor: try row(1), category: try row(2), note: try row(3)))
    }
    for (id, link) in try Pairs.links(of: ids, scope, session) {
      extras[id, default: TransactionExtras()].links.append(link)
    }
    return extras
  }
}
