import Basics
import Finance
import HTTP
import JSON
import Store
import Sync

/// What is asked of a bank that is linked, besides reading what is new, and what its runs came to.
extension Interface {
  var connectionCareOperations: [Operation] { [refreshConnection, readBalances, repairedConnection, listRuns] }

  private var refreshConnection: Operation {
    Operation(
      "refreshConnection", .post, "/v1/connections/{id}/refresh", .connections, "Ask the bank for news now",
      needs: .household(.sync, .member), parameters: [.path("id", .id(Connection.self))],
      answers: [
        .json(202, Self.billedShape, "The bank is asked; what it has comes with a later sync.", example: Self.billed)
      ], problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
    ) { call in
      let id: ID<Connection> = try call.id()
      try await mustManage(id, call)
      try await banks(for: call).refresh(id)
      try await note("connection.refresh_billed", id, call)
      return .json(202, ["connection": Wire.id(id), "billed": true])
    }
    .saying(
      """
      Plaid bills each such call, so it is for whoever linked the bank, for admins and the owner. Without it banks are \
      asked some times a day, which costs nothing.
      """
    )
    .paced(.billed)
  }

  private static let billedShape = Shape.object([
    .required("connection", .id(Connection.self)), .required("billed", .flag, "The provider bills this call."),
  ])
  private static let billed: JSONValue = ["connection": "con_01kj3v5d8ve2r9q0w4y7h6t1cz", "billed": true]

  private var readBalances: Operation {
    Operation(
      "readLiveBalances", .post, "/v1/connections/{id}/balances", .connections,
      "Ask the bank for the balances of this moment", needs: .household(.sync, .member),
      parameters: [.path("id", .id(Connection.self))],
      answers: [
        .json(
          200,
          .object([
            .required("data", .list(of: Wire.accountShape, count: 0...1_000)),
            .required("billed", .flag, "The provider bills this call."),
          ]), "The accounts with their balances.", example: ["data": [Wire.accountExample], "billed": true])
      ], problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
    ) { call in
      let id: ID<Connection> = try call.id()
      try await mustManage(id, call)
      let accounts = try await banks(for: call).liveBalances(id)
      try await note("connection.balances_billed", id, call)
      return .json(200, ["data": .array(accounts.map(Wire.account)), "billed": true])
    }
    .saying(
      """
      Plaid bills each such call, so it is for whoever linked the bank, for admins and the owner. The balances that every \
      sync brings cost nothing.
      """
    )
    .paced(.billed)
  }

  private var repairedConnection: Operation {
    Operation(
      "repairedConnection", .post, "/v1/connections/{id}/repaired", .connections,
      "Say that the sign-in at a bank was repaired", needs: .household(.sync, .member),
      parameters: [.path("id", .id(Connection.self))],
      answers: [.json(200, Wire.connectionDetailShape, "The connection.", example: Wire.connectionDetailExample)],
      problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Connection> = try call.id()
      try await mustManage(id, call)
      try await banks.repaired(id)
      linked(id)
      return .json(200, try await describe(id, banks))
    }
    .saying("To be called when Link's update mode is done. The bank is asked whether it is true, and a sync begins.")
  }

  private var listRuns: Operation {
    Operation(
      "listSyncRuns", .get, "/v1/connections/{id}/sync-runs", .connections,
      "List a connection's syncs, the latest first", needs: .household(.read, .viewer),
      parameters: [.path("id", .id(Connection.self))] + .page,
      answers: [.page(of: Wire.runShape, "The runs.", example: Wire.runExample)], problems: [.connectionUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Connection> = try call.id()
      let (pages, list) = (Pages(banks), "runs \(id)")
      let demand = try pages.demand(call, list: list)
      let before = demand.after?.first.flatMap { ID<SyncRun>($0) }
      let runs = try await banks.reading { [scope = banks.scope] session -> [ListedRun] in
        guard try Connections.listed(id, scope, session) != nil else { throw BanksError.unknownConnection }
        return try SyncRuns.list(of: id, before: before, limit: demand.limit + 1, scope, session)
      }
      return try pages.answer(runs, demand, list: list, mark: { [$0.id.description] }, Wire.run)
    }
  }

  static let wait = Parameter.query(
    "wait", .integer(0...60), "Seconds to wait at most; without it the answer comes when all is read.")

  static let syncAnswers: [Answer] = [
    .json(200, Wire.outcomeShape, "It was read and kept.", example: Wire.outcomeExample),
    .json(
      202, Wire.outcomeShape, "It goes on, the bank still gathers its data, or another run is at it.",
      example: ["outcome": "running", "counts": .null, "connection": "con_01kj3v5d8ve2r9q0w4y7h6t1cz"]),
  ]

  /// Whoever does not want to wait longer is told that it goes on, and it does.
  func sync(_ id: ID<Connection>, isFull: Bool, _ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    guard let seconds: Int = call.query["wait"] else {
      return Self.answer(try await banks.syncToEnd(id, isFull: isFull), id)
    }
    _ = try banks.token(of: try await banks.connection(id))
    let (ends, sink) = AsyncStream.makeStream(
      of: Result<SyncOutcome, BanksError>?.self, bufferingPolicy: .bufferingOldest(1))
    Task(name: "sync") {
      do throws(BanksError) {
        sink.yield(.success(try await banks.syncToEnd(id, isFull: isFull)))
      } catch {
        sink.yield(.failure(error))
      }
    }
    let timer = Task(name: "sync patience") {
      try await banks.world.sleep(.seconds(seconds))
      sink.yield(nil)
    }
    defer { timer.cancel() }
    for await end in ends {
      guard let end else { break }
      return Self.answer(try end.get(), id)
    }
    try Task.checkCancellation()
    return .json(202, ["outcome": "running", "counts": .null, "connection": Wire.id(id)])
  }

  private static func answer(_ outcome: SyncOutcome, _ id: ID<Connection>) -> Response {
    let status = if case .applied = outcome { 200 } else { 202 }
    return .json(status, words(for: outcome).setting("connection", Wire.id(id)))
  }
}
