package import Basics
import Databases
package import Finance
import Store

extension SyncEngine {
  /// Reads balances alone, from what the provider has at hand: free, and told apart from those asked of the bank.
  ///
  /// Accounts that are new wait for the next sync, which knows whose they are.
  ///
  /// - Returns: How many accounts were refreshed; nil when somebody else is at this connection.
  package func refreshBalances(_ id: ID<Connection>, feed: BankFeed) async throws -> Int? {
    let (scope, owner, world) = (scope, owner, world)
    let now = world.now()
    let begun = try await database.write { session -> (Lease, CalendarDate)? in
      let zone = try Households.timeZone(scope, session).flatMap { try? TimeZone.named($0) }
      guard
        let lease = try Connections.takeLease(
          id, owner: owner, until: now + Self.leaseTime, now: now, scope, session)
      else { return nil }
      return (lease, CalendarDate(days: (zone ?? .utc).day(of: now)))
    }
    guard let (lease, day) = begun else { return nil }
    do {
      let answer = try await feed.accounts()
      let now = world.now()
      return try await database.write { session in
        guard try Connections.holds(lease, scope, session) else { return nil }
        let sources = try Accounts.sources(scope, session).filter { $0.connection == id && !$0.isMuted }
        let known = Dictionary(sources.map { ($0.providerID, $0.account) }, uniquingKeysWith: { first, _ in first })
        var count = 0
        for account in answer.accounts {
          guard let ours = known[account.id] else { continue }
          // A balance too large to count is told by the next sync, which can set it aside.
          guard let isOther = try? Accounts.refresh(ours, account, day: day, now: now, scope, session) else { continue }
          if isOther { try Events.append([Accounts.changed(ours, of: id)], now: now, scope, session) }
          count += 1
        }
        try Connections.release(lease, scope, session)
        return count
      }
    } catch {
      let fault = error as? FeedError
      try await database.writeThroughOutage(world) { session in
        if let fault, try Connections.holds(lease, scope, session) {
          try ConnectionKeeping.note(.failed(fault), id, now: now, world, scope, session)
        }
        try Connections.release(lease, scope, session)
      }
      throw error
    }
  }
}
