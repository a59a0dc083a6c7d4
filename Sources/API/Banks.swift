package import Basics
import Categories
package import Crypto
package import Databases
package import Finance
package import Jobs
package import Plaid
package import Store
package import Sync

/// Everything that is done with banks: linking, syncing and removing. The command line and the HTTP face both go through
/// it, so that they follow the same rules.
package struct Banks: Sendable {
  /// What this installation is, towards banks.
  package struct Settings: Sendable {
    package var origin: Origin
    /// `sandbox` or `production`.
    package var environment: String
    /// Where the provider answers. Together with the environment it says where a token may be sent.
    package var host: String
    package var products: [String]
    package var countryCodes: [String]
    package var language: String
    /// Without a slash at the end; nil when nobody outside can reach this server.
    package var publicURL: String?
    /// Who holds the leases of this process's runs: different for each process.
    package var owner: String
    /// Calls of runs in a day and household; nil: as many as it takes.
    package var callsPerDay: Int?
    /// Whether the schedule of balances asks the bank itself, which is billed.
    package var hasLiveBalances: Bool

    /// Asked for by its own call, and billed: never a product of Link.
    private static let streamsProduct = "recurring_transactions"
    /// An invented bank sends no bill.
    var asksForStreams: Bool { origin == .simulated || products.contains(Self.streamsProduct) }
    var linkProducts: [String] {
      let products = products.filter { $0 != Self.streamsProduct }
      return products.isEmpty ? ["transactions"] : products
    }

    package init(
      origin: Origin, environment: String, host: String, products: [String] = ["transactions"],
      countryCodes: [String] = ["US"], language: String = "en", publicURL: String? = nil, owner: String,
      callsPerDay: Int? = nil, hasLiveBalances: Bool = false
    ) {
      self.origin = origin
      self.environment = environment
      self.host = host
      self.products = products
      self.countryCodes = countryCodes
      self.language = language
      self.publicURL = publicURL
      self.owner = owner
      self.callsPerDay = callsPerDay
      self.hasLiveBalances = hasLiveBalances
    }
  }

  /// How secrets are sealed. Closures, so that keys can be exchanged while they are in use.
  ///
  /// `seal` is called inside the write transaction that keeps the box. Whoever drops an old key looks for boxes under it
  /// in a write transaction as well, so none can be left behind.
  package struct Sealing: Sendable {
    package var seal: @Sendable (_ plain: Secret<String>, _ for: AssociatedData) throws -> [UInt8]
    package var open: @Sendable (_ box: [UInt8], _ for: AssociatedData) throws -> Secret<String>

    package init(
      seal: @escaping @Sendable (_ plain: Secret<String>, _ for: AssociatedData) throws -> [UInt8],
      open: @escaping @Sendable (_ box: [UInt8], _ for: AssociatedData) throws -> Secret<String>
    ) {
      self.seal = seal
      self.open = open
    }

    /// One ring that never changes.
    package init(_ ring: KeyRing) {
      self.init(
        seal: { ring.seal($0, associatedData: $1) }, open: { try ring.openText($0, associatedData: $1) })
    }
  }

  package let plaid: PlaidClient
  package let database: any Database
  package let world: World
  package let scope: Scope
  package let sealing: Sealing
  package let settings: Settings
  package let log: Log
  /// Rung when there is work in the queue.
  package let bell: JobBell

  package init(
    plaid: PlaidClient, database: any Database, world: World, scope: Scope, sealing: Sealing, settings: Settings,
    log: Log, bell: JobBell = JobBell()
  ) {
    self.plaid = plaid
    self.database = database
    self.world = world
    self.scope = scope
    self.sealing = sealing
    self.settings = settings
    self.log = log
    self.bell = bell
  }

  /// The same banks for somebody else, or for the whole household.
  package func acting(as scope: Scope) -> Banks {
    Banks(
      plaid: plaid, database: database, world: world, scope: scope, sealing: sealing, settings: settings, log: log,
      bell: bell)
  }

  // MARK: - Linking

  /// A token that opens Link: for a new bank, or to sign in again at one that is linked.
  ///
  /// - Parameters:
  ///   - selectsAccounts: At one that is linked: the person may choose again which accounts are shown.
  ///   - isHosted: On a page of the provider's, for those who have no page of their own.
  package func linkToken(
    updating id: ID<Connection>? = nil, selectsAccounts: Bool = false, isHosted: Bool = false
  ) async throws(BanksError) -> PlaidLinkToken {
    var accessToken: Secret<String>?
    if let id { accessToken = try token(of: try await connection(id)) }
    let request = PlaidLinkRequest(
      userID: scope.user.description, language: settings.language, countryCodes: settings.countryCodes,
      products: settings.linkProducts, webhook: settings.webhookURL,
      redirectURI: settings.publicURL.map { $0 + "/link/return" }, accessToken: accessToken,
      selectsAccounts: selectsAccounts, isHosted: isHosted)
    return try await asking { () throws(PlaidError) in try await plaid.linkTokenCreate(request) }
  }

  /// How far a Link on a hosted page has come.
  package func linkStatus(_ token: PlaidLinkToken) async throws(BanksError) -> PlaidLinkStatus {
    try await asking { () throws(PlaidError) in try await plaid.linkTokenGet(token.token) }
  }

  // MARK: - Syncing

  /// Brings the ledger level with the bank.
  ///
  /// - Parameters:
  ///   - kind: Nil: what comes next in the connection's life.
  ///   - isFull: Reads everything anew and tombstones what the bank no longer lists.
  package func sync(
    _ id: ID<Connection>, kind: RunKind? = .manual, isFull: Bool = false,
    progress: @escaping @Sendable (SyncProgress) -> Void = { _ in }
  ) async throws(BanksError) -> SyncOutcome {
    try await sync(try await connection(id), kind: kind, isFull: isFull, progress: progress)
  }

  /// ``sync(_:kind:isFull:progress:)`` of one that was just read.
  func sync(
    _ stored: StoredConnection, kind: RunKind?, isFull: Bool = false,
    progress: @escaping @Sendable (SyncProgress) -> Void
  ) async throws(BanksError) -> SyncOutcome {
    let (id, began) = (stored.id, world.now())
    let meter = settings.callsPerDay.map { CallMeter(database, world, scope, callsMax: $0) }
    let plain = plaid.feed(accessToken: try token(of: stored), withStreams: settings.asksForStreams)
    let feed = meter.map { plain.metered(by: $0) } ?? plain
    let engine = SyncEngine(
      database: database, world: world, scope: scope, owner: settings.owner, judging: HouseholdJudge.judging)
    do {
      // Calls to the bank and what they came to are one story in the log.
      return try await Log.$story.withValue([("connection", .id(id))]) {
        do {
          let outcome = try await engine.run(
            id, feed: feed, kind: kind, isFull: isFull, beginning: { try meter?.begin($0) ?? Later {} },
            progress: progress)
          await meter?.settle()
          tell(outcome, since: began)
          return outcome
        } catch {
          log.notice(
            "not synced", ("reason", .text("\(BanksError(error))")),
            ("milliseconds", .number(Int((world.now() - began).milliseconds))))
          await meter?.settle()
          throw error
        }
      }
    } catch {
      let error = BanksError(error)
      // That we gave up says nothing about the bank.
      if error == .cancelled {
        try await writing { [scope] in try Connections.forgetCancelling(id, back: stored.state, scope, $0) }
      }
      throw error
    }
  }

  private func tell(_ outcome: SyncOutcome, since began: Timestamp) {
    let took = ("milliseconds", LogValue.number(Int((world.now() - began).milliseconds)))
    switch outcome {
    case .applied(let counts):
      log.info(
        "synced", ("pages", .number(counts.pages)), ("rows", .number(counts.rows)), ("added", .number(counts.added)),
        ("changed", .number(counts.changed)), ("removed", .number(counts.removed)),
        ("set_aside", .number(counts.quarantined)), took)
    case .notReady: log.info("synced: the bank is still gathering its data", took)
    case .superseded: log.info("not synced: another run is at it", took)
    }
  }

  /// Reads balances alone, from what the provider has at hand.
  ///
  /// - Returns: How many accounts; nil when another run is at this connection.
  package func refreshBalances(_ id: ID<Connection>) async throws(BanksError) -> Int? {
    let meter = settings.callsPerDay.map { CallMeter(database, world, scope, callsMax: $0) }
    let plain = try await feed(for: id)
    let engine = SyncEngine(database: database, world: world, scope: scope, owner: settings.owner)
    do {
      let count = try await engine.refreshBalances(id, feed: meter.map { plain.metered(by: $0) } ?? plain)
      await meter?.settle()
      return count
    } catch {
      await meter?.settle()
      throw BanksError(error)
    }
  }

  /// Tells the provider under which address we are reached.
  package func tellWebhookAddress(of id: ID<Connection>) async throws(BanksError) {
    guard let url = settings.webhookURL else { return }
    let accessToken = try token(of: try await connection(id))
    try await count()
    _ = try await asking { () throws(PlaidError) in try await plaid.webhookUpdate(accessToken, url: url) }
    try await writing { [scope] in try Connections.setWebhookURL(id, url, scope, $0) }
  }

  /// Takes one call from the household's day, for what is asked outside of runs.
  func count() async throws(BanksError) {
    guard let callsMax = settings.callsPerDay else { return }
    let meter = CallMeter(database, world, scope, callsMax: callsMax)
    do throws(FeedError) { try await meter.take() } catch { throw .bank(error) }
    await meter.settle()
  }

  /// ``sync(_:kind:isFull:progress:)`` for a caller who may hang up: what was begun is brought to its end all the same.
  /// Nothing is counted for whom something of the connection is withheld.
  func syncToEnd(_ id: ID<Connection>, isFull: Bool) async throws(BanksError) -> SyncOutcome {
    let outcome = try await unbreakably { () async throws(BanksError) in try await sync(id, isFull: isFull) }
    guard case .applied = outcome else { return outcome }
    let standing = try await reading { [scope] in try Connections.standing(of: id, scope, $0) }
    return standing?.isWhole == true ? outcome : .applied(RunCounts())
  }

  /// Every connection that can be synced, oldest first.
  package func living() async throws(BanksError) -> [ID<Connection>] {
    try await reading { [scope] session in
      try Connections.all(scope, session).filter { connection in
        guard connection.sealedToken != nil, connection.state != .removing else { return false }
        return try scope.isWhole || Connections.standing(of: connection.id, scope, session) != nil
      }.map(\.id)
    }
  }

  /// The bank behind a connection, as the engine sees it.
  package func feed(for id: ID<Connection>) async throws(BanksError) -> BankFeed {
    plaid.feed(accessToken: try token(of: try await connection(id)))
  }

  // MARK: - What both share

  /// - Throws: ``BanksError/unknownConnection`` too when the person sees nothing of it.
  package func connection(_ id: ID<Connection>) async throws(BanksError) -> StoredConnection {
    let found = try await reading { [scope] session -> StoredConnection? in
      guard try scope.isWhole || Connections.standing(of: id, scope, session) != nil else { return nil }
      return try Connections.find(id, scope, session)
    }
    guard let found else { throw .unknownConnection }
    return found
  }

  /// Opens a connection's token, and only for the place it was got from.
  func token(of connection: StoredConnection) throws(BanksError) -> Secret<String> {
    guard connection.environment == settings.environment, connection.host == settings.host else {
      throw .linkedElsewhere(environment: connection.environment, host: connection.host)
    }
    guard let box = connection.sealedToken else { throw .removed }
    do {
      return try sealing.open(box, Self.associatedData(connection.id, scope, settings))
    } catch {
      throw .locked("\(Self.words(for: error))")
    }
  }

  /// What a connection's token is sealed for.
  package static func associatedData(
    _ connection: ID<Connection>, _ scope: Scope, _ settings: Settings
  ) -> AssociatedData {
    SealedTokens.associatedData(
      scope.household, connection, environment: settings.environment, host: settings.host)
  }

  private static func words(for error: any Error) -> String {
    switch error as? SealedBoxError {
    case .unknownKey: "The key it was sealed with is not here"
    case .notABox, .forged: "It was changed, or sealed for something else"
    case nil: "The keys cannot be read"
    }
  }

  /// Runs in a task of its own, which the caller's cancellation does not reach.
  func unbreakably<Value: Sendable>(
    _ body: @escaping @Sendable () async throws(BanksError) -> Value
  ) async throws(BanksError) -> Value {
    let task = Task { () async -> Result<Value, BanksError> in
      do throws(BanksError) {
        return .success(try await body())
      } catch {
        return .failure(error)
      }
    }
    return try await task.value.get()
  }

  func asking<Value>(_ call: () async throws(PlaidError) -> Value) async throws(BanksError) -> Value {
    do throws(PlaidError) {
      return try await call()
    } catch {
      if error.code == "CANCELLED" { throw .cancelled }
      if error.code == "INVALID_PUBLIC_TOKEN" { throw .badPublicToken }
      throw .bank(error.feedError)
    }
  }

  func reading<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws(BanksError) -> Value {
    do {
      return try await database.read(body)
    } catch {
      throw BanksError(error)
    }
  }

  func writing<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws(BanksError) -> Value {
    do {
      return try await database.write(body)
    } catch {
      throw BanksError(error)
    }
  }
}

extension BanksError {
  /// What any failure below means to the caller.
  init(_ error: any Error) {
    switch error {
    case let error as BanksError: self = error
    case let error as FeedError: self = error.fault.code == "CANCELLED" ? .cancelled : .bank(error)
    case let error as DatabaseError: self = .storage(error.kind)
    case is CancellationError: self = .cancelled
    default: self = .storage(nil)
    }
  }
}
