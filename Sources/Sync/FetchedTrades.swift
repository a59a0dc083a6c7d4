import Basics
import Finance
import Store

/// The days whose trades are read.
struct TradesWindow: Equatable {
  /// How far back a bank tells: Plaid's limit, and what a first reading asks for.
  static let monthsMax = 24
  /// How far back the days already read are read again: banks correct and book late.
  static let overlapDays = 14
  /// Days at the far end of a whole reading where the bank's calendar may begin later than ours: their rows are not
  /// missed when they are not listed.
  static let edgeDays = 3

  var days: ClosedRange<CalendarDate>
  /// It begins where the bank's memory does.
  var isWhole: Bool

  /// - Parameters:
  ///   - newestAccount: When the youngest account was first seen: one that is younger than the last success has
  ///     never been read.
  init(today: CalendarDate, last: StoredProduct?, newestAccount: Timestamp?, isFull: Bool) {
    let oldest = today.adding(months: -Self.monthsMax)
    var first = oldest
    if !isFull, let through = last?.throughOn, let success = last?.lastSuccessAt, (newestAccount ?? success) <= success
    {
      first = min(max(oldest, through - Self.overlapDays), today)
    }
    days = first...today
    isWhole = first == oldest
  }

  /// Days of which a row that is not listed is gone.
  var certain: ClosedRange<CalendarDate> {
    isWhole ? min(days.lowerBound + Self.edgeDays, days.upperBound)...days.upperBound : days
  }
}

/// The trades of a window, put together from slices of a list that may move while it is read.
///
/// Each slice begins with the last row of the one before: when it is not there, rows came or went in front of it. At the
/// end the first slice is read again, because what came and went together moves nothing.
struct FetchedTrades: Sendable {
  var accounts: [FeedAccount]
  private(set) var securities: [FeedSecurity] = []
  private(set) var transactions: [FeedInvestmentTransaction] = []
  private(set) var unreadable: [FeedUnreadable] = []
  private(set) var unreadableSecurities: Set<FeedUnreadable> = []
  /// Whether these are all the trades of the window: only then is one that is not among them gone.
  private(set) var isComplete = true
  private let total: Int
  /// How many rows of the list have been read.
  private(set) var count = 0
  private var seen: Set<String> = []
  private let firstNames: Set<String>

  /// Slices in one reading. Plaid gives up to 500 rows in one: a bank that goes on after this is looping.
  static let slicesMax = 400

  /// - Parameter slice: The first.
  private init(_ slice: FeedInvestmentTransactions) {
    accounts = slice.accounts
    total = slice.total
    firstNames = Set(Self.names(slice))
    take(slice)
    if count != Self.names(slice).count { isComplete = false }
  }

  private static func names(_ slice: FeedInvestmentTransactions) -> [String] {
    slice.transactions.map(\.id) + slice.unreadable.map { $0.id ?? $0.raw }
  }

  private mutating func take(_ slice: FeedInvestmentTransactions) {
    securities += slice.securities
    unreadableSecurities.formUnion(slice.unreadableSecurities)
    for row in slice.transactions where seen.insert(row.id).inserted { transactions.append(row) }
    for row in slice.unreadable where seen.insert(row.id ?? row.raw).inserted { unreadable.append(row) }
    count = seen.count
  }

  /// Takes a slice that was asked for from the last row read; false when the list moved.
  private mutating func follow(_ slice: FeedInvestmentTransactions) -> Bool {
    let names = Self.names(slice)
    let known = names.filter { seen.contains($0) }.count
    let before = count
    take(slice)
    return slice.total == total && known == 1 && count - before == names.count - 1
  }

  /// Reads until a reading holds still, or keeps what the last one found, marked as incomplete.
  ///
  /// - Parameter step: Called before each question; throws to stop.
  /// - Returns: Nil when this bank has no investments.
  static func fetch(
    _ feed: BankFeed, _ window: TradesWindow, world: World, step: () async throws -> Void
  ) async throws -> FetchedTrades? {
    var attempt = 0
    while true {
      let isLast = attempt == Limits.restartsMax
      guard let fetched = try await read(feed, window.days, isLast: isLast, step) else { return nil }
      if fetched.isComplete || isLast { return fetched }
      attempt += 1
      try await world.sleep(
        Backoff(first: .seconds(1), longest: .seconds(30)).delay(attempt: attempt, random: world.random()))
    }
  }

  private static func read(
    _ feed: BankFeed, _ days: ClosedRange<CalendarDate>, isLast: Bool, _ step: () async throws -> Void
  ) async throws -> FetchedTrades? {
    try await step()
    guard let first = try await feed.investmentTransactions(days.lowerBound, days.upperBound, 0) else { return nil }
    var fetched = FetchedTrades(first)
    var slices = 1
    while fetched.count < fetched.total, fetched.isComplete || isLast {
      guard slices < slicesMax else { throw endless }
      try await step()
      let offset = max(0, fetched.count - 1)
      let before = fetched.count
      if let slice = try await feed.investmentTransactions(days.lowerBound, days.upperBound, offset) {
        if !fetched.follow(slice) { fetched.isComplete = false }
      } else {
        fetched.isComplete = false
      }
      slices += 1
      if fetched.count == before { break }
    }
    if slices > 1, fetched.isComplete {
      try await step()
      let again = try await feed.investmentTransactions(days.lowerBound, days.upperBound, 0)
      fetched.isComplete = again.map { $0.total == first.total && Set(names($0)) == fetched.firstNames } ?? false
    }
    return fetched
  }

  private static let endless = FeedError.retry(
    FeedFault(
      type: "MAGPIE", code: "TOO_MANY_TRADES", message: "the bank gave more slices of trades than any real bank has"))
}
