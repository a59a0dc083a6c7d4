import Basics
import Finance
import Plaid
import Store

/// What a person asks of a bank that is linked, besides reading what is new.
extension Banks {
  /// Asks the bank for news now; they come with a later sync. Billed for each call.
  func refresh(_ id: ID<Connection>) async throws(BanksError) {
    let accessToken = try token(of: try await connection(id))
    try await count()
    try await asking { () throws(PlaidError) in try await plaid.transactionsRefresh(accessToken) }
  }

  /// Asks the bank for the balances of this moment and keeps them. Billed for each call.
  func liveBalances(_ id: ID<Connection>) async throws(BanksError) -> [ListedAccount] {
    try await unbreakably { () async throws(BanksError) in
      let accessToken = try token(of: try await connection(id))
      try await count()
      let answer = try await asking { () throws(PlaidError) in try await plaid.accountsBalanceGet(accessToken) }
      let told = plaid.accounts(answer, isLive: true)
      let now = world.now()
      return try await writing { [scope] session in
        // Other people's accounts of the connection are kept level too; only the person's are shown.
        let whole = scope.wholeHousehold
        let today = try Households.day(at: now, whole, session)
        let muted = Set(
          try Accounts.sources(whole, session).filter { $0.connection == id && $0.isMuted }.map(\.providerID))
        let known = try Accounts.bySource(id, whole, session)
        var ids: Set<ID<Account>> = []
        for account in told {
          guard let ours = known[account.id] else { continue }
          ids.insert(ours.id)
          if muted.contains(account.id) { continue }
          do {
            try Accounts.refresh(ours.id, account, day: today, now: now, whole, session)
          } catch is MoneyError {
            // A balance too large to count leaves the last one standing.
            continue
          }
        }
        try Events.append(ids.sorted().map { Accounts.changed($0, of: id) }, now: now, whole, session)
        return try Accounts.list(after: nil, limit: Limits.listMax, scope, session).filter { ids.contains($0.id) }
      }
    }
  }

  /// The person went through Link's update mode: looks whether the bank lets us in again.
  ///
  /// - Throws: What still is wrong.
  func repaired(_ id: ID<Connection>) async throws(BanksError) {
    let stored = try await connection(id)
    let accessToken = try token(of: stored)
    let item = try await asking { () throws(PlaidError) in try await plaid.itemGet(accessToken) }
    if let error = item.error { throw .bank(error.feedError) }
    let state: ConnectionState = stored.lastSuccessAt == nil ? .pending : .healthy
    try await writing { [scope] session in
      try Connections.setState(id, state, code: nil, message: nil, scope, session)
    }
  }
}
