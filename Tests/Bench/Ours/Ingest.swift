import Basics
import Categories
import Databases
import Finance
import Glibc
import HTTP
import Plaid
import Store
import Sync

/// From a bank's answers to committed rows, the whole way that a sync takes: client, spool, reader, engine, store.
enum Ingest {
  struct Wrong: Error { var message: String }

  /// - Parameters:
  ///   - path: A file that is not there yet, or the `postgres://` address of a database without tables.
  ///   - judged: Whether each row gets its category and merchant in the transaction that brings it, as it does for people.
  /// - Returns: One JSON object with rows and seconds.
  static func run(pages: String, database path: String, judged: Bool) async throws -> String {
    let pages = try Pages(pages)
    let (database, world) = (try store(path), World.live)
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    let connection: ID<Connection> = world.newID()
    try await database.write { session in
      try Households.create(scope, name: "Bench", timeZone: "UTC", currency: .usd, now: world.now(), session)
      try Connections.insert(
        NewConnection(id: connection, origin: .simulated, environment: "sandbox", host: "bench", itemID: "bench"),
        scope, now: world.now(), session)
    }
    guard let accounts = pages.next() else { throw Wrong(message: "no accounts") }
    let client = Bench.client(
      HTTPClient { call throws(HTTPClientError) in
        if call.url.hasSuffix("/accounts/get") { return HTTPAnswer(status: 200, body: accounts) }
        if call.url.hasSuffix("/transactions/sync"), let page = pages.next() {
          return HTTPAnswer(status: 200, body: page)
        }
        return HTTPAnswer(status: 400, body: Array(#"{"error_type":"INVALID_REQUEST","error_code":"NO"}"#.utf8))
      })
    let engine = SyncEngine(
      database: database, world: world, scope: scope, owner: "bench",
      judging: judged ? HouseholdJudge.judging : nil)
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = try await engine.run(connection, feed: client.feed(accessToken: Secret("token")), kind: .initial)
    let seconds = (clock.now - start) / .seconds(1)
    guard case .applied(let counts) = outcome else { throw Wrong(message: "the run ended as \(outcome)") }
    let kept = try await database.read { session in
      try session.first("SELECT (SELECT count(*) FROM bank_transaction), (SELECT count(*) FROM transaction_source)") {
        (try $0(0, as: Int.self), try $0(1, as: Int.self))
      }
    }
    guard counts.added > 0, kept?.0 == counts.added, kept?.1 == counts.added, counts.quarantined == 0 else {
      throw Wrong(message: "\(counts) but \(String(describing: kept)) in the tables")
    }
    return #"{"rows": \#(counts.added), "seconds": \#(seconds)}"#
  }

  private static func store(_ path: String) throws -> any Database {
    guard path.hasPrefix("postgres://") else { return try SQLiteDatabase(path: path) }
    return try PostgresDatabase(PostgresSettings(address: Secret(path)))
  }

  /// Opens a ledger and reads its accounts and newest rows, as the first answers of a server do.
  static func open(_ path: String) async throws -> String {
    let database = try SQLiteDatabase(path: path)
    _ = try await Migrator.migrate(database, Schema.migrations, now: World.live.now())
    let found = try await database.read { session in
      guard let scope = try Households.only(session) else { throw Wrong(message: "nobody lives here") }
      return (
        try Accounts.all(scope, session).count,
        try Transactions.list(TransactionFilter(), after: nil, limit: 100, scope, session).count
      )
    }
    return #"{"accounts": \#(found.0), "rows": \#(found.1)}"#
  }
}
