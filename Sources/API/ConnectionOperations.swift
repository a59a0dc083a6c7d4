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
  var connectionOperations: [Operation] {
    linkOperations + connectionListOperations + syncOperations + connectionCareOperations
      + linkEventOperations + institutionOperations
  }

  private var linkOperations: [Operation] {
    let linkToken = Operation(
      "createLinkToken", .post, "/v1/plaid/link-token", .connections, "Make a token that opens Plaid Link",
      needs: .household(.sync, .member), body: .json(Self.linkTokenShape, isOptional: true, example: [:]),
      answers: [
        .json(
          200, Wire.linkTokenShape, "The token, which works once and not for long.", example: Wire.linkTokenExample)
      ], problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
    ) { call in try await createLinkToken(call) }
    .saying(
      """
      For a new bank; with `connection`, to sign in again there; with `select_accounts` too, to choose again which accounts \
      the bank shows.
      """
    )
    .secretly()
    let exchange = Operation(
      "linkBank", .post, "/v1/plaid/exchange", .connections, "Turn Link's public token into a connection",
      needs: .household(.sync, .member),
      body: .json(Self.exchangeShape, example: ["public_token": "public-sandbox-2f1c7f4e"]),
      answers: [
        .json(
          201, Wire.connectionDetailShape, "The connection.", headers: [("Location", "Where it is.")],
          example: Wire.connectionDetailExample)
      ],
      problems: [.publicTokenInvalid, .connectionDuplicate, .otherHousehold, .linkOrphaned] + ProblemKind.token
        + ProblemKind.bank
    ) { call in try await linkBank(call) }
    .saying(
      """
      Send what Link gave when it was done. With `institution` a bank that is linked already is refused before anything \
      is exchanged, without it right after; `adopt` links all the same and carries the accounts on.
      """
    )
    .repeatable()
    return [
      linkToken, exchange, linkToken.former("/v1/link-token", "createLinkTokenAtFormerPath"),
      exchange.former("/v1/exchange", "linkBankAtFormerPath"),
    ]
  }

  private var connectionListOperations: [Operation] {
    [
      Operation(
        "listConnections", .get, "/v1/connections", .connections, "List connections, removed ones included",
        needs: .household(.read, .viewer), parameters: .page,
        answers: [.page(of: Wire.connectionShape, "The connections.", example: Wire.connectionExample)]
      ) { call in try await connections(call) },
      Operation(
        "getConnection", .get, "/v1/connections/{id}", .connections, "Show a connection with its latest run",
        needs: .household(.read, .viewer), parameters: [.path("id", .id(Connection.self))],
        answers: [.json(200, Wire.connectionDetailShape, "The connection.", example: Wire.connectionDetailExample)],
        problems: [.connectionUnknown]
      ) { call in .json(200, try await describe(try call.id(), banks(for: call))) },
      Operation(
        "removeConnection", .delete, "/v1/connections/{id}", .connections, "End a connection at the provider and here",
        needs: .household(.sync, .member), parameters: [.path("id", .id(Connection.self))],
        answers: [.empty("It is removed, or was before.")],
        problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
      ) { call in
        let id: ID<Connection> = try call.id()
        try await mustManage(id, call)
        try await banks(for: call).remove(id)
        try await note("connection.removed", id, tells: true, call)
        return Response(204)
      }
      .saying("Its token is destroyed. Its accounts and rows stay.").freshly(),
    ]
  }

  private var syncOperations: [Operation] {
    [
      Operation(
        "syncConnection", .post, "/v1/connections/{id}/sync", .connections, "Read what is new at a bank",
        needs: .household(.sync, .member), parameters: [.path("id", .id(Connection.self)), Self.wait],
        body: .json(Self.syncShape, isOptional: true, example: ["full": true]), answers: Self.syncAnswers,
        problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
      ) { call in try await sync(try call.id(), isFull: call.body["full"] ?? false, call) }
      .saying(
        "Answers when that is done, or after `wait` seconds; then it goes on. `full` reads everything anew and drops what the bank no longer lists."
      ),
      Operation(
        "syncAll", .post, "/v1/sync", .connections, "Read what is new at every bank, one after the other",
        needs: .household(.sync, .member), body: .json(Self.syncShape, isOptional: true, example: [:]),
        answers: [
          .json(
            200, .whole(Wire.anyOutcomeShape), "An outcome for each; one that failed has a problem.",
            example: ["data": [Wire.outcomeExample]])
        ]
      ) { call in try await syncAll(call) },
    ]
  }

  private static let linkTokenShape = Shape.object([
    .optional("connection", .id(Connection.self).orNull, "Sign in again at this one."),
    .optional("select_accounts", .flag.orNull, "With `connection`: let the person choose accounts again."),
  ])
  .holding { value in
    value["select_accounts"]?.bool == true && value["connection"]?.isNull ?? true
      ? ["/connection": "is required with select_accounts"] : [:]
  }

  private static let syncShape = Shape.object([.optional("full", .flag.orNull)])

  private static let exchangeShape = Shape.object([
    .required("public_token", .text()),
    .optional(
      "institution",
      .object([.required("id", .text()), .optional("name", .text().orNull)]).orNull),
    .optional(
      "accounts",
      .list(
        of: .object([
          .required("name", .text()), .optional("mask", .text().orNull), .optional("type", .text().orNull),
        ]), count: 0...200
      ).orNull),
    .optional("adopt", .flag.orNull, "Link although the accounts are there already, and carry them on."),
  ])
  .holding { value in
    let accounts = value["accounts"]?.elements ?? []
    return value["institution"]?.isNull ?? true && !accounts.isEmpty
      ? ["/institution": "is required with accounts"] : [:]
  }

  private func createLinkToken(_ call: Call) async throws -> Response {
    if let id: ID<Connection> = call.body["connection"] { try await mustManage(id, call) }
    let made = try await banks(for: call).linkToken(
      updating: call.body["connection"], selectsAccounts: call.body["select_accounts"] ?? false)
    return .json(200, ["link_token": .string(made.token.reveal), "expires_at": Wire.instant(made.expiresAt)])
  }

  private func linkBank(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    let institution: Fields? = call.body["institution"]
    let accounts: [Fields] = call.body["accounts"] ?? []
    let metadata = try institution.map { institution in
      LinkMetadata(
        institutionID: try institution.required("id"), institutionName: institution["name"],
        accounts: try accounts.map {
          LinkMetadata.Account(name: try $0.required("name"), mask: $0["mask"], type: $0["type"])
        })
    }
    let publicToken: Secret<String> = try call.body.required("public_token")
    let adopts = call.body["adopt"] ?? false
    return try await call.once(banks) { keep in
      let trail = Trail(call)
      let connection = try await banks.exchange(publicToken, metadata: metadata, adopt: adopts) { id, session in
        try identity.note(
          "connection.linked", by: banks.scope.user, subject: "\(id)", in: banks.scope.household, trail, session)
        try keep(Self.linkedAnswer(id, banks.scope, session), session)
      }
      linked(connection.id)
      return try await banks.reading { [scope = banks.scope] in try Self.linkedAnswer(connection.id, scope, $0) }
    }
  }

  private static func linkedAnswer(
    _ id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> Response {
    var response = Response.json(201, try description(of: id, scope, session))
    response.headers["Location"] = "/v1/connections/\(id)"
    return response
  }

  private func connections(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    let (pages, list) = (Pages(banks), "connections")
    let demand = try pages.demand(call, list: list)
    let after = demand.after?.first.flatMap { ID<Connection>($0) }
    let rows = try await banks.reading { [scope = banks.scope] session in
      try Connections.list(after: after, limit: demand.limit + 1, scope, session)
    }
    return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.connection)
  }

  /// A bank that fails does not stop the others and shows as a problem.
  func syncAll(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    var results: [JSONValue] = []
    for id in try await banks.living() {
      var result: JSONValue
      do throws(BanksError) {
        result = Self.words(for: try await banks.syncToEnd(id, isFull: call.body["full"] ?? false))
      } catch {
        result = ["outcome": "failed", "problem": Wire.problem(error.problem)]
      }
      result["connection"] = Wire.id(id)
      results.append(result)
    }
    return .json(200, .object([.init("data", .array(results))]))
  }

  func describe(_ id: ID<Connection>, _ banks: Banks) async throws -> JSONValue {
    try await banks.reading { [scope = banks.scope] in try Self.description(of: id, scope, $0) }
  }

  private static func description(
    of id: ID<Connection>, _ scope: Scope, _ session: any Session
  ) throws -> JSONValue {
    guard let connection = try Connections.listed(id, scope, session) else { throw BanksError.unknownConnection }
    let run = try SyncRuns.latest(of: id, scope, session)
    return Wire.connection(connection).setting("latest_run", run.map(Wire.run) ?? .null)
  }

  static func words(for outcome: SyncOutcome) -> JSONValue {
    switch outcome {
    case .applied(let counts): ["outcome": "applied", "counts": Wire.counts(counts)]
    case .notReady: ["outcome": "not_ready", "counts": .null]
    case .superseded: ["outcome": "running_elsewhere", "counts": .null]
    }
  }
}
