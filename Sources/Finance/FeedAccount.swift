package import Basics

/// The accounts of one connection, and what the provider says about the connection itself.
package struct FeedAccounts: Sendable {
  package var accounts: [FeedAccount]
  package var institutionID: String?
  package var institutionName: String?
  package var consentExpiresAt: Timestamp?
  /// Accounts that cannot be told apart, for want of an id.
  package var unreadable: [FeedUnreadable]

  package init(
    accounts: [FeedAccount], institutionID: String? = nil, institutionName: String? = nil,
    consentExpiresAt: Timestamp? = nil, unreadable: [FeedUnreadable] = []
  ) {
    self.accounts = accounts
    self.institutionID = institutionID
    self.institutionName = institutionName
    self.consentExpiresAt = consentExpiresAt
    self.unreadable = unreadable
  }
}

/// An account as the provider shows it. Balances are already from the owner's side: a debt is negative.
package struct FeedAccount: Sendable, Equatable {
  package var id: String
  /// The same across connections, at the banks that have one.
  package var persistentID: String?
  package var name: String
  package var officialName: String?
  package var mask: String?
  package var kind: AccountKind
  /// The provider's own words for type and subtype.
  package var type: String
  package var subtype: String?
  package var currency: Currency?
  /// Owner's side: money held is positive, money owed negative.
  package var current: DecimalText?
  /// As the bank means them.
  package var available: DecimalText?
  package var limit: DecimalText?
  /// When the bank last looked, if it says.
  package var balanceAt: Timestamp?
  package var isLive: Bool
  package var rest: String?

  package init(
    id: String, persistentID: String? = nil, name: String, officialName: String? = nil, mask: String? = nil,
    kind: AccountKind, type: String, subtype: String? = nil, currency: Currency? = nil, current: DecimalText? = nil,
    available: DecimalText? = nil, limit: DecimalText? = nil, balanceAt: Timestamp? = nil, isLive: Bool = false,
    rest: String? = nil
  ) {
    self.id = id
    self.persistentID = persistentID
    self.name = name
    self.officialName = officialName
    self.mask = mask
    self.kind = kind
    self.type = type
    self.subtype = subtype
    self.currency = currency
    self.current = current
    self.available = available
    self.limit = limit
    self.balanceAt = balanceAt
    self.isLive = isLive
    self.rest = rest
  }
}
