import Basics

/// The seam every bank data provider implements: what the engine asks, in our own words.
///
/// Signs are already the owner's (positive = into the pocket), ids are the provider's own. A provider is made by the
/// door and handed to the engine; the engine imports none.
package struct BankFeed: Sendable {
  /// One page of changes after `cursor` ("" from the beginning).
  package var page: @Sendable (_ cursor: String) async throws(FeedError) -> FeedPage
  /// The rows of a page as they were received. Pure: also used to replay what was kept.
  package var rows: @Sendable (_ raw: [UInt8]) throws(FeedError) -> FeedRows
  /// One transaction as kept in quarantine. Pure.
  package var row: @Sendable (_ raw: [UInt8]) -> FeedRow
  /// All accounts with their balances, from the provider's cache: free.
  package var accounts: @Sendable () async throws(FeedError) -> FeedAccounts
  /// Nil when this bank has no investments.
  package var holdings: @Sendable () async throws(FeedError) -> FeedHoldings?
  package var investmentTransactions:
    @Sendable (_ from: CalendarDate, _ through: CalendarDate, _ offset: Int) async throws(FeedError)
      -> FeedInvestmentTransactions?
  package var liabilities: @Sendable () async throws(FeedError) -> FeedLiabilities?
  /// Nil when the provider is not to be asked: it may cost extra.
  package var streams: (@Sendable () async throws(FeedError) -> FeedStreams?)?

  package init(
    page: @escaping @Sendable (_ cursor: String) async throws(FeedError) -> FeedPage,
    rows: @escaping @Sendable (_ raw: [UInt8]) throws(FeedError) -> FeedRows,
    row: @escaping @Sendable (_ raw: [UInt8]) -> FeedRow,
    accounts: @escaping @Sendable () async throws(FeedError) -> FeedAccounts,
    holdings: @escaping @Sendable () async throws(FeedError) -> FeedHoldings?,
    investmentTransactions:
      @escaping @Sendable (_ from: CalendarDate, _ through: CalendarDate, _ offset: Int) async throws(FeedError)
      -> FeedInvestmentTransactions?,
    liabilities: @escaping @Sendable () async throws(FeedError) -> FeedLiabilities?,
    streams: (@Sendable () async throws(FeedError) -> FeedStreams?)? = nil
  ) {
    self.page = page
    self.rows = rows
    self.row = row
    self.accounts = accounts
    self.holdings = holdings
    self.investmentTransactions = investmentTransactions
    self.liabilities = liabilities
    self.streams = streams
  }
}

/// What went wrong at a provider, by what the caller can do about it.
package enum FeedError: Error, Equatable, Sendable {
  /// The person must sign in at the bank again (update mode).
  case reauthenticate(FeedFault)
  /// Not now: rate limited or maintenance. Try again after the given time.
  case wait(Duration, FeedFault)
  /// A passing failure of the network, the provider or the bank; the call may be repeated.
  case retry(FeedFault)
  /// The bank's data is still being gathered; ask again later.
  case notReady(FeedFault)
  /// The connection is gone for good: removed or revoked. Only linking anew helps.
  case gone(FeedFault)
  /// Keys, products or permissions of this installation are wrong: the operator must act.
  case configuration(FeedFault)
  /// This bank or connection does not have the feature. Remember, and do not ask again soon.
  case unsupported(FeedFault)
  /// The bank's data changed between two pages: drop the run's pages and start from its first cursor.
  case mutated(FeedFault)
  /// The cursor itself is refused: only reading everything anew helps.
  case cursorRefused(FeedFault)
  /// An account id is no longer known: read the accounts again.
  case accountsChanged(FeedFault)
  /// Our request was wrong: a mistake in this program.
  case bug(FeedFault)

  package var fault: FeedFault {
    switch self {
    case .reauthenticate(let fault), .wait(_, let fault), .retry(let fault), .notReady(let fault), .gone(let fault),
      .configuration(let fault), .unsupported(let fault), .mutated(let fault), .cursorRefused(let fault),
      .accountsChanged(let fault), .bug(let fault):
      fault
    }
  }
}

/// What the provider said about a failure. Holds no token and no account data.
package struct FeedFault: Equatable, Sendable {
  package var type: String
  package var code: String
  /// For the operator.
  package var message: String
  /// For the person, when the provider has one.
  package var displayMessage: String?
  package var requestID: String?

  package init(
    type: String, code: String, message: String, displayMessage: String? = nil, requestID: String? = nil
  ) {
    self.type = type
    self.code = code
    self.message = message
    self.displayMessage = displayMessage
    self.requestID = requestID
  }
}

/// How much of its history the bank has given so far.
package enum FeedProgress: String, Sendable, Equatable {
  case unknown, notReady, initial, historical
}

/// One page: the bytes as received, and what the loop needs to know about them.
package struct FeedPage: Sendable {
  package var raw: [UInt8]
  package var nextCursor: String
  package var hasMore: Bool
  package var progress: FeedProgress
  package var accounts: [FeedAccount]
  package var added: Int
  package var modified: Int
  package var removed: Int
  /// The earliest booked day on this page.
  package var oldest: CalendarDate?

  package init(
    raw: [UInt8], nextCursor: String, hasMore: Bool, progress: FeedProgress, accounts: [FeedAccount], added: Int,
    modified: Int, removed: Int, oldest: CalendarDate?
  ) {
    self.raw = raw
    self.nextCursor = nextCursor
    self.hasMore = hasMore
    self.progress = progress
    self.accounts = accounts
    self.added = added
    self.modified = modified
    self.removed = removed
    self.oldest = oldest
  }
}

/// The rows of one page: what came or changed, in the bank's order, and then what went.
package struct FeedRows: Sendable {
  package var upserts: [FeedRow]
  package var removals: [String]
  /// The whole JSON of an upsert, by its place in the list, as the bank sent it. Made only when asked: nearly every
  /// row is understood, and none of those needs it.
  package var raw: @Sendable (_ index: Int) -> String

  package init(
    upserts: [FeedRow], removals: [String], raw: @escaping @Sendable (_ index: Int) -> String = { _ in "{}" }
  ) {
    self.upserts = upserts
    self.removals = removals
    self.raw = raw
  }
}

/// One row of a page: readable, or kept as it came with the reason.
package enum FeedRow: Sendable {
  case transaction(FeedTransaction)
  case unreadable(FeedUnreadable)
}

/// A row that cannot be understood. Nothing is lost: it is quarantined and can be replayed by a later version.
package struct FeedUnreadable: Sendable, Hashable {
  /// The provider's id when at least that could be read.
  package var id: String?
  package var reason: String
  /// The whole row as JSON, as the bank sent it.
  package var raw: String
  /// The provider's id of the account it belongs to, when that could be read.
  package var accountID: String?

  package init(id: String?, reason: String, raw: String, accountID: String? = nil) {
    self.id = id
    self.reason = reason
    self.raw = raw
    self.accountID = accountID
  }
}
