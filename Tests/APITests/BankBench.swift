import API
import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Plaid
import Sandbox
import Store
import Workshop

/// A household with an empty ledger, and the simulated bank behind Plaid's client, all in one process.
///
/// Every request to the bank is remembered, and a test may answer one in the bank's place.
final class BankBench: Sendable {
  typealias Intercept = @Sendable (HTTPCall) -> Result<HTTPAnswer, HTTPClientError>?

  let database: any Database
  let world = World.simulated(seed: 7, start: Timestamp(seconds: 1_773_478_800))
  let scope: Scope
  let sandbox: SandboxServer
  let ring = KeyRing(current: SealingKey.generate())
  private let lines = Locked<[String]>([])
  private let state = Locked<(calls: [HTTPCall], intercept: Intercept?)>(([], nil))

  init() async throws {
    database = try TestDatabase.fresh()
    scope = Scope(household: world.newID(), user: world.newID())
    sandbox = SandboxServer(
      .init(
        clientID: "client-1", secret: Secret("secret-1"), seed: 1, clock: .virtual(start: world.now()),
        isControllable: true, initialDelay: .zero, historicalDelay: .zero),
      http: HTTPClient { _ throws(HTTPClientError) in throw .cannotConnect("nowhere") }, world: world)
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    try await database.write { [scope, world] session in
      try Households.create(scope, name: "Test", timeZone: "UTC", currency: .usd, now: world.now(), session)
    }
  }

  var log: Log { Log(level: .debug, now: world.now) { [lines] line in lines.withLock { $0.append(line) } } }
  var logged: [String] { lines.withLock { $0 } }
  var calls: [HTTPCall] { state.withLock { $0.calls } }

  /// Answers in the bank's place where the closure gives an answer; nil ends it.
  func intercept(_ body: Intercept?) { state.withLock { $0.intercept = body } }

  /// The bodies of all requests to an endpoint.
  func asked(_ endpoint: String) throws -> [JSONValue] {
    try calls.filter { $0.url.hasSuffix(endpoint) }.map { try JSONValue.parse($0.body) }
  }

  var http: HTTPClient {
    HTTPClient { [self] call throws(HTTPClientError) in
      let answer = state.withLock { state in
        state.calls.append(call)
        return state.intercept?(call)
      }
      if let answer { return try answer.get() }
      let path = call.url.dropFirst("https://bank.test".count)
      let response = await sandbox.handle(
        Request(call.method, String(path), headers: call.headers, body: call.body))
      return HTTPAnswer(status: response.status, headers: response.headers, body: response.body)
    }
  }

  func plaid(_ environment: String = "sandbox") -> PlaidClient {
    PlaidClient(
      credentials: PlaidCredentials(
        clientID: "client-1", secret: Secret("secret-1"), environment: environment, baseURL: "https://bank.test"),
      http: http, world: world, log: log)
  }

  func banks(
    environment: String = "sandbox", host: String = "bank.test", publicURL: String? = nil, scope: Scope? = nil,
    database: (any Database)? = nil, ring: KeyRing? = nil
  ) -> Banks {
    Banks(
      plaid: plaid(environment), database: database ?? self.database, world: world, scope: scope ?? self.scope,
      sealing: Banks.Sealing(ring ?? self.ring),
      settings: .init(
        origin: .simulated, environment: environment, host: host, publicURL: publicURL, owner: "test"),
      log: log)
  }

  /// A fresh public token of an invented customer.
  func publicToken(_ institution: String = "ins_109508", user: String = "user_good") async throws -> Secret<String> {
    try await plaid().sandboxPublicTokenCreate(institutionID: institution, username: user)
  }

  func control(_ lever: String, _ body: JSONValue = .object([])) async throws -> JSONValue {
    let response = await sandbox.handle(Request("POST", "/control/" + lever, body: body.serialized()))
    return try JSONValue.parse(response.body)
  }

  /// How many Items live at the bank.
  func livingItems() async throws -> Int {
    try await control("state")["items"]?.elements.filter { $0["is_removed"]?.bool == false }.count ?? 0
  }
}

/// A database whose next write fails, as on a full disk.
final class FailingDatabase: Database {
  private let inner: any Database
  private let isBroken = Locked(true)

  init(_ inner: any Database) { self.inner = inner }

  func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    try await inner.read(body)
  }

  @discardableResult
  func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    throw DatabaseError(kind: .full, message: "no room")
  }
}

func error<Success>(_ body: () async throws -> Success) async -> BanksError? {
  do {
    _ = try await body()
    return nil
  } catch { return error as? BanksError }
}
