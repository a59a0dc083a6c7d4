import Basics
import Databases
import Finance
import Store

/// What the apply of one product did.
package struct ProductCounts: Sendable, Equatable {
  package var added = 0
  package var changed = 0
  /// Closed or no longer listed. Nothing is ever deleted.
  package var removed = 0
  package var quarantined = 0
  /// The bank's list held still while it was read. When it did not, what was read is kept, nothing is taken for gone,
  /// and the next run reads the same days again.
  package var isWhole = true
  package init() {}
}

/// Where a product's answer goes: the connection's accounts as they are known in the applying transaction.
struct ProductTarget {
  let connection: ID<Connection>
  /// By the provider's id. Accounts that another connection leads are not among them.
  let accounts: [String: TargetAccount]
  /// Accounts whose rows are left aside, because another connection tells them too.
  let muted: Set<String>
  /// The household's day.
  let today: CalendarDate
  let now: Timestamp
  let world: World
  let scope: Scope

  init(
    connection: ID<Connection>, accounts: [String: TargetAccount], muted: Set<String> = [], today: CalendarDate,
    now: Timestamp, world: World, scope: Scope
  ) {
    self.connection = connection
    self.accounts = accounts
    self.muted = muted
    self.today = today
    self.now = now
    self.world = world
    self.scope = scope
  }

  /// Reads the accounts.
  init(
    _ connection: ID<Connection>, today: CalendarDate, now: Timestamp, world: World, _ scope: Scope,
    _ session: any Session
  ) throws {
    let muted = try Products.mutedAccounts(connection, scope, session)
    let accounts = try Accounts.bySource(connection, scope, session).filter { !muted.contains($0.key) }
    self.init(
      connection: connection, accounts: accounts.mapValues { TargetAccount(id: $0.id, currency: $0.currency) },
      muted: muted, today: today, now: now, world: world, scope: scope)
  }

  /// Ours for those accounts that an answer lists: of the others it says nothing.
  func listed(_ feed: [FeedAccount]) -> Set<ID<Account>> { Set(feed.compactMap { accounts[$0.id]?.id }) }
}

/// An account that rows may go to. Rows that name no currency are in its own.
struct TargetAccount: Equatable {
  var id: ID<Account>
  var currency: Currency
}
