package import Basics

/// A transaction as the bank tells it, in our words: owner's sign, exact amount, nothing dropped.
package struct FeedTransaction: Sendable, Equatable {
  /// The provider's id; case-sensitive, unique per connection.
  package var id: String
  package var accountID: String
  package var isPending: Bool
  /// On a posted row, the id of the pending row it replaces.
  package var pendingID: String?
  /// Positive = into the owner's pocket; as many decimals as the bank sent.
  package var amount: DecimalText
  /// Nil when the bank named none: the account's currency holds.
  package var currency: Currency?
  /// When it counts for balances.
  package var bookedOn: CalendarDate
  package var bookedAt: Timestamp?
  package var authorizedOn: CalendarDate?
  package var authorizedAt: Timestamp?
  package var name: String
  package var originalDescription: String?
  package var merchantName: String?
  package var merchantEntityID: String?
  package var website: String?
  package var paymentChannel: String?
  package var checkNumber: String?
  package var transactionCode: String?
  package var category: FeedCategory?
  /// JSON objects and lists as the bank sent them; nil when it said nothing in them.
  package var counterparties: String?
  package var location: String?
  package var paymentMeta: String?
  /// A JSON object of every other key that held something.
  package var rest: String?

  package init(
    id: String, accountID: String, isPending: Bool, pendingID: String? = nil, amount: DecimalText,
    currency: Currency? = nil, bookedOn: CalendarDate, name: String
  ) {
    self.id = id
    self.accountID = accountID
    self.isPending = isPending
    self.pendingID = pendingID
    self.amount = amount
    self.currency = currency
    self.bookedOn = bookedOn
    self.name = name
  }
}

/// What the provider thinks the row is about.
package struct FeedCategory: Sendable, Equatable {
  package var primary: String
  package var detailed: String
  package var confidence: String?
  /// The version of the taxonomy, such as `v2`.
  package var version: String?
  /// The older taxonomy as a JSON list, when sent.
  package var legacy: String?

  package init(
    primary: String, detailed: String, confidence: String? = nil, version: String? = nil, legacy: String? = nil
  ) {
    self.primary = primary
    self.detailed = detailed
    self.confidence = confidence
    self.version = version
    self.legacy = legacy
  }
}
