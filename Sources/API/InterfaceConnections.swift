import Basics
import Databases
import Finance
import HTTP
import JSON
import Plaid
import Store
import Sync

/// Linking banks, looking at connections, syncing and removing them.
extension Interface {
  /// `{"connection": "con_…"}` to sign in again there; nothing for a new bank.
  func linkToken(_ request: Request) async throws -> Response {
    var body = try BodyReader(request, isOptional: true)
    let connection = body.id("connection", Connection.self)
    try body.finish()
    let made = try await banks.linkToken(updating: connection)
    let answer: JSONValue = [
      "link_token": .string(made.token.reveal), "expires_at": Wire.instant(made.expiresAt),
    ]
    return .json(200, answer.serialized())
  }

  /// `{"public_token", "institution": {"id", "name"}?, "accounts": [{"name", "mask", "type"}]?, "adopt"?}`: what Link
  /// told when it was done. With the institution a duplicate is noticed before anything is exchanged.
  func exchange(_ request: Request) async throws -> Response {
    var body = try BodyReader(request)
    let publicToken = Secret(body.requiredText("public_token"))
    let institution = body.object("institution") { (id: $0.requiredText("id"), name: $0.text("name")) }
    let accounts = body.list("accounts", countMax: 200) { account in
      LinkMetadata.Account(
        name: account.requiredText("name"), mask: account.text("mask"), type: account.text("type"))
    }
    if institution == nil, !accounts.isEmpty { body.refuse("institution", "is required with accounts") }
    let adopt = body.flag("adopt")
    try body.finish()
    let metadata = institution.map {
      LinkMetadata(institutionID: $0.id, institutionName: $0.name, accounts: accounts)
    }
    let connection = try await banks.exchange(publicToken, metadata: metadata, adopt: adopt)
    linked(connection.id)
    var response = Response.json(201, try await describe(connection.id).serialized())
    response.headers["Location"] = "/v1/connections/\(connection.id)"
    return response
  }

  func connections(_ request: Request) async throws -> Response {
    let (pages, list) = (Pages(banks: banks), "connections")
    var query = QueryReader(request)
    let demand = pages.demand(&query, list: list)
    try query.finish()
    let after = demand.after?.first.flatMap { ID<Connection>($0) }
    let rows = try await banks.reading { [scope = banks.scope] session in
      try Connections.list(after: after, limit: demand.limit + 1, scope, session)
    }
    return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.connection)
  }

  func connection(_ context: Owner) async throws -> Response {
    let id = try context.info.parameter("id", as: ID<Connection>.self)
    return .json(200, try await describe(id).serialized())
  }

  func remove(_ context: Owner) async throws -> Response {
    try await banks.remove(try context.info.parameter("id", as: ID<Connection>.self))
    return Response(204)
  }

  /// `{"full": true}` reads everything anew.
  func sync(_ request: Request, _ context: Owner) async throws -> Response {
    let id = try context.info.parameter("id", as: ID<Connection>.self)
    var body = try BodyReader(request, isOptional: true)
    let isFull = body.flag("full")
    try body.finish()
    let outcome = try await banks.syncToEnd(id, isFull: isFull)
    let status = if case .applied = outcome { 200 } else { 202 }
    return .json(status, Self.words(for: outcome).setting("connection", Wire.id(id)).serialized())
  }

  /// Every living connection, one after the other; a bank that fails does not stop the others and shows as a problem.
  func syncAll(_ request: Request) async throws -> Response {
    var body = try BodyReader(request, isOptional: true)
    let isFull = body.flag("full")
    try body.finish()
    let living = try await banks.living()
    var results: [JSONValue] = []
    for id in living {
      var result: JSONValue
      do throws(BanksError) {
        result = Self.words(for: try await banks.syncToEnd(id, isFull: isFull))
      } catch {
        result = ["outcome": "failed", "problem": Wire.problem(error.problem)]
      }
      result["connection"] = Wire.id(id)
      results.append(result)
    }
    return .json(200, JSONValue.object([.init("data", .array(results))]).serialized())
  }

  private func describe(_ id: ID<Connection>) async throws -> JSONValue {
    let found = try await banks.reading { [scope = banks.scope] session in
      try Connections.listed(id, scope, session).map { ($0, try SyncRuns.latest(of: id, scope, session)) }
    }
    guard let (connection, run) = found else { throw BanksError.unknownConnection }
    return Wire.connection(connection).setting("latest_run", run.map(Wire.run) ?? .null)
  }

  private static func words(for outcome: SyncOutcome) -> JSONValue {
    switch outcome {
    case .applied(let counts): ["outcome": "applied", "counts": Wire.counts(counts)]
    case .notReady: ["outcome": "not_ready", "counts": .null]
    case .superseded: ["outcome": "running_elsewhere", "counts": .null]
    }
  }
}
