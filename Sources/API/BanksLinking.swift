package import Basics
package import Databases
package import Finance
import Jobs
import Plaid
package import Store
import Sync

/// What Link told about a new sign-in, before its public token is exchanged.
package struct LinkMetadata: Sendable {
  package struct Account: Sendable {
    package var name: String
    package var mask: String?
    package var type: String?

    package init(name: String, mask: String? = nil, type: String? = nil) {
      self.name = name
      self.mask = mask
      self.type = type
    }
  }

  package var institutionID: String
  package var institutionName: String?
  /// Empty when Link did not tell: any connection to the same bank then counts as the same.
  package var accounts: [Account]

  package init(institutionID: String, institutionName: String? = nil, accounts: [Account] = []) {
    self.institutionID = institutionID
    self.institutionName = institutionName
    self.accounts = accounts
  }
}

/// From a public token to a connection: never a second one to the same accounts by mistake, never one at the provider
/// that nobody here knows of.
extension Banks {
  /// Turns Link's public token into a connection, and keeps its token sealed in the same write.
  ///
  /// With metadata a duplicate is refused before anything is exchanged. A bare token has to be exchanged to learn whose
  /// it is; when it is refused then, the new Item is removed again. The work goes on when the caller gives up: half of
  /// it would leave an Item that goes on being billed.
  ///
  /// - Parameter adopt: Link although the accounts are there already, and carry them on under the new connection.
  /// - Parameter kept: Called in the transaction that keeps the connection.
  package func exchange(
    _ publicToken: Secret<String>, metadata: LinkMetadata? = nil, adopt: Bool = false,
    kept: @escaping @Sendable (ID<Connection>, any Session) throws -> Void = { _, _ in }
  ) async throws(BanksError) -> StoredConnection {
    try await unbreakably { () async throws(BanksError) in
      try await exchangeNow(publicToken, metadata: metadata, adopt: adopt, kept)
    }
  }

  /// Links an invented bank, without a person: in Plaid's sandbox and at the simulated bank.
  package func linkSandbox(
    institution: String, user: String = "user_good", password: String = "pass_good", adopt: Bool = false
  ) async throws(BanksError) -> StoredConnection {
    guard settings.environment == "sandbox" else { throw .sandboxOnly }
    let publicToken = try await asking { () throws(PlaidError) in
      try await plaid.sandboxPublicTokenCreate(
        institutionID: institution, products: settings.linkProducts,
        webhook: settings.webhookURL, username: user, password: password)
    }
    return try await exchange(publicToken, adopt: adopt)
  }

  /// Ends a connection at the provider, and then here. Its rows stay.
  ///
  /// Until the provider has confirmed it the connection is `removing` and keeps its token, so that asking again goes on
  /// where this stopped: a forgotten Item goes on being billed.
  package func remove(_ id: ID<Connection>) async throws(BanksError) {
    try await unbreakably { () async throws(BanksError) in
      let stored = try await connection(id)
      if stored.state == .removed { return }
      if stored.sealedToken != nil {
        let accessToken = try token(of: stored)
        let (banks, now) = (self, world.now())
        try await writing { session in
          try ConnectionKeeping.note(.removalBegan, id, now: now, banks.world, banks.scope, session)
          try JobQueue.cancel(JobKind.update.lane, id.description, session)
          // Should we not come to the end of it: a worker will.
          try banks.enqueue(.removal, id, priority: .event, now: now, after: .seconds(60), banks.scope, session)
        }
        try await endAtProvider(accessToken)
      }
      let (banks, now) = (self, world.now())
      try await writing { session in
        try ConnectionKeeping.note(.removed, id, now: now, banks.world, banks.scope, session)
        try Connections.end(id, banks.scope, session)
        try JobQueue.cancel(JobKind.removal.lane, id.description, session)
      }
      log.notice("connection removed", ("connection", .id(id)))
    }
  }

  private func exchangeNow(
    _ publicToken: Secret<String>, metadata: LinkMetadata?, adopt: Bool,
    _ kept: @escaping @Sendable (ID<Connection>, any Session) throws -> Void
  ) async throws(BanksError) -> StoredConnection {
    if let metadata, !adopt { try await refuseDuplicate(of: Newcomer(metadata)) }
    let exchanged = try await asking { () throws(PlaidError) in try await plaid.publicTokenExchange(publicToken) }
    if let known = try await keepIfKnown(exchanged, kept) { return known }
    do throws(BanksError) {
      let newcomer = try await described(exchanged.accessToken, metadata)
      return try await keep(exchanged, newcomer, adopts: adopt, kept)
    } catch {
      do throws(BanksError) {
        try await endAtProvider(exchanged.accessToken)
      } catch {
        log.error(
          "an Item is left over at the provider", ("item", .text(exchanged.itemID)), ("reason", .text("\(error)")))
        throw .orphaned(itemID: exchanged.itemID)
      }
      throw error
    }
  }

  /// Link's update mode ends with a public token of the Item that is there already: it only gets its token anew.
  private func keepIfKnown(
    _ exchanged: PlaidExchange, _ kept: @escaping @Sendable (ID<Connection>, any Session) throws -> Void
  ) async throws(BanksError) -> StoredConnection? {
    let (scope, settings) = (scope, settings)
    let route = try await reading { session in
      try Connections.route(
        environment: settings.environment, host: settings.host, itemID: exchanged.itemID, session
      )
      .map { ($0.household, $0.connection) }
    }
    guard let (household, id) = route else { return nil }
    guard household == scope.household else { throw .otherHousehold }
    let now = world.now()
    try await writing { session in
      try Connections.setToken(sealed(exchanged.accessToken, for: id), of: id, scope, session)
      try ConnectionKeeping.note(.signedIn, id, now: now, world, scope, session)
      try enqueue(.update, id, priority: .person, now: now, scope, session)
      try kept(id, session)
    }
    bell.ring()
    log.info("connection signed in again", ("connection", .id(id)))
    return try await connection(id)
  }

  /// What the bank itself says about a new Item: for a bare token the only word on whose it is.
  private func described(
    _ accessToken: Secret<String>, _ metadata: LinkMetadata?
  ) async throws(BanksError) -> Newcomer {
    if let metadata { return Newcomer(metadata) }
    do throws(FeedError) {
      return Newcomer(try await plaid.feed(accessToken: accessToken).accounts())
    } catch {
      throw BanksError(error)
    }
  }

  private func refuseDuplicate(of newcomer: Newcomer) async throws(BanksError) {
    let (scope, settings) = (scope, settings)
    try await reading { try newcomer.refuseIfLinked(settings, scope, $0) }
  }

  /// Duplicates are looked for once more in the write itself: two links of one bank may be under way at once.
  private func keep(
    _ exchanged: PlaidExchange, _ newcomer: Newcomer, adopts: Bool,
    _ kept: @escaping @Sendable (ID<Connection>, any Session) throws -> Void
  ) async throws(BanksError) -> StoredConnection {
    let (scope, settings, now) = (scope, settings, world.now())
    let id: ID<Connection> = world.newID()
    try await writing { session in
      if !adopts { try newcomer.refuseIfLinked(settings, scope, session) }
      let box = try sealed(exchanged.accessToken, for: id)
      try Connections.insert(
        NewConnection(
          id: id, origin: settings.origin, environment: settings.environment, host: settings.host,
          itemID: exchanged.itemID, institutionID: newcomer.institutionID, institutionName: newcomer.institutionName,
          sealedToken: box, adopts: adopts), scope, now: now, session)
      try Connections.setWebhookURL(id, settings.webhookURL, scope, session)
      try enqueue(.initialSync, id, priority: .person, now: now, scope, session)
      try Events.append(
        [NewEvent(kind: "connection.added", body: "{\"connection\":\"\(id)\"}", connection: id)], now: now, scope,
        session)
      try kept(id, session)
    }
    bell.ring()
    log.notice(
      "bank linked", ("connection", .id(id)), ("institution", .text(newcomer.institutionID ?? "unknown")))
    return try await connection(id)
  }

  /// Called in the transaction that stores the box: whoever changes the key looks for boxes under the old one in a write
  /// transaction too, so none is left behind.
  private func sealed(_ accessToken: Secret<String>, for id: ID<Connection>) throws(BanksError) -> [UInt8] {
    do {
      return try sealing.seal(accessToken, Self.associatedData(id, scope, settings))
    } catch {
      throw .locked("The keys cannot be read")
    }
  }

  /// An Item that is gone already is as good as removed.
  private func endAtProvider(_ accessToken: Secret<String>) async throws(BanksError) {
    do throws(PlaidError) {
      try await plaid.itemRemove(accessToken)
    } catch {
      guard error.remedy == .gone else { throw .bank(error.feedError) }
    }
  }
}
