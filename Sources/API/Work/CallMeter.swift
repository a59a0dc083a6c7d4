import Basics
import Databases
import Finance
import Jobs
import Store

/// Counts the calls of one run against the household's day, and ends the run when the day's calls are used up: a loop
/// must never burn a person's quota.
final class CallMeter: Sendable {
  /// Calls are taken from the day in handfuls: counting each alone would write as often as we ask.
  private static let handful = 20
  /// What an update asks: the rows, and the accounts.
  private static let first = 2

  private let database: any Database
  private let world: World
  private let scope: Scope
  private let callsMax: Int
  private struct Counts {
    /// Taken in a transaction of which nobody has said yet that it was kept.
    var begun = 0
    var left = 0
  }
  private let counts = Locked(Counts())

  init(_ database: any Database, _ world: World, _ scope: Scope, callsMax: Int) {
    self.database = database
    self.world = world
    self.scope = scope
    self.callsMax = callsMax
  }

  /// Takes what most runs need, in the transaction that begins one, once it is certain that it does.
  func begin(_ session: any Session) throws -> Later<Void> {
    try CallBudget.askToTake(
      Self.first, of: callsMax, ID(bits: scope.household.bits), now: world.now(), session
    ).map { granted in
      // Of a transaction that is tried again, the last try counts; of one that fails, none: nothing is given back then.
      self.counts.withLock { $0.begun = granted }
    }
  }

  /// One call is about to be made.
  func take() async throws(FeedError) {
    if takeOne() { return }
    let (scope, world, max, now) = (scope, world, callsMax, world.now())
    let household: ID<Tenant> = ID(bits: scope.household.bits)
    let granted: Int
    do {
      granted = try await database.write { session in
        let granted = try CallBudget.take(Self.handful, of: max, household, now: now, session)
        if granted == 0 {
          let day = NewNotification(.budgetPassed, cause: "calls \(now.seconds / 86_400)", body: "{\"calls\":\(max)}")
          try Notifications.add(day, id: world.newID(), now: now, scope, session)
        }
        return granted
      }
    } catch {
      throw .retry(FeedFault(type: "MAGPIE", code: "CALLS_UNCOUNTED", message: "the call could not be counted"))
    }
    counts.withLock { $0.left += granted }
    guard !takeOne() else { return }
    throw .wait(
      CallBudget.renews(after: now) - now,
      FeedFault(
        type: "MAGPIE", code: Self.passed,
        message: "the calls of this day are used up (MAGPIE_CALLS_PER_DAY); it goes on tomorrow"))
  }

  /// The code of a budget that was used up.
  static let passed = "DAILY_CALLS_USED_UP"

  private func takeOne() -> Bool {
    counts.withLock { counts in
      // Whoever asks the bank has begun.
      counts.left += counts.begun
      counts.begun = 0
      guard counts.left > 0 else { return false }
      counts.left -= 1
      return true
    }
  }

  /// Gives back what was taken and not used.
  func settle() async {
    let rest = counts.withLock { counts in
      defer { counts = Counts() }
      return counts.left
    }
    guard rest > 0 else { return }
    let (now, household) = (world.now(), ID<Tenant>(bits: scope.household.bits))
    // At worst the day ends a few calls early.
    _ = try? await database.write { try CallBudget.giveBack(rest, household, now: now, $0) }
  }
}

extension BankFeed {
  /// The same feed, with each call counted.
  func metered(by meter: CallMeter) -> BankFeed {
    let feed = self
    var metered = BankFeed(
      page: { cursor throws(FeedError) in
        try await meter.take()
        return try await feed.page(cursor)
      }, rows: feed.rows, row: feed.row,
      accounts: { () throws(FeedError) in
        try await meter.take()
        return try await feed.accounts()
      },
      holdings: { () throws(FeedError) in
        try await meter.take()
        return try await feed.holdings()
      },
      investmentTransactions: { from, through, offset throws(FeedError) in
        try await meter.take()
        return try await feed.investmentTransactions(from, through, offset)
      },
      liabilities: { () throws(FeedError) in
        try await meter.take()
        return try await feed.liabilities()
      })
    if let streams = feed.streams {
      metered.streams = { () throws(FeedError) in
        try await meter.take()
        return try await streams()
      }
    }
    return metered
  }
}
