import Basics
import Finance
import HTTP
import JSON
import Plaid
import Store
import Sync

/// Paths that other programs of this kind are asked at: the same work with the same rights, in the shapes that those
/// programs answer. Each says where to ask instead.
extension Interface {
  var formerOperations: [Operation] {
    let plain = [formerLinkTokens, formerExchanges, formerLists].flatMap(\.self)
    return plain + formerAccountOperations + [formerTrigger]
  }

  private var formerLinkTokens: [Operation] {
    [
      ("formerCreateLinkToken", "/api/create_link_token"), ("formerLinkToken", "/plaid/link/token"),
      ("formerLinkTokenOfVersionOne", "/api/v1/plaid/link/token"),
      ("formerBankingLinkToken", "/api/v1/banking/plaid/create-link-token"),
      ("formerPlaidLinkToken", "/api/plaid/create_link_token"),
    ].map { id, path in
      Operation(
        id, .post, path, .former, "Make a token that opens Plaid Link", needs: .household(.sync, .member),
        body: .json(Self.householdShape, isOptional: true, example: [:]),
        answers: [
          .json(
            200, .object([.required("link_token", .foreign)]), "The token.",
            example: ["link_token": "link-sandbox-6d5f1c1a-7f0e-4f4f-9a53-bd2f0d6e7a31"])
        ], problems: ProblemKind.bank + [.notFound]
      ) { call in
        try checkHousehold(call)
        let made = try await banks(for: call).linkToken()
        return .json(200, ["link_token": .string(made.token.reveal)])
      }
      .replaced(by: "/v1/plaid/link-token").secretly()
    }
  }

  private var formerExchanges: [Operation] {
    [
      ("formerSetAccessToken", "/api/set_access_token"), ("formerExchange", "/plaid/link/exchange"),
      ("formerExchangeOfVersionOne", "/api/v1/plaid/link/exchange"),
      ("formerBankingExchange", "/api/v1/banking/plaid/exchange-public-token"),
      ("formerPlaidExchange", "/api/plaid/exchange_public_token"),
      ("formerItemExchange", "/v1/plaid/item/public-token/exchange"),
    ].map { id, path in
      Operation(
        id, .post, path, .former, "Link a bank and read it for the first time", needs: .household(.sync, .member),
        body: .form(Self.formerExchangeShape, example: ["public_token": "public-sandbox-2f1c7f4e"]),
        answers: [
          .json(
            200, Self.formerLinkedShape, "The accounts that were added, and the name of the connection.",
            example: ["accounts_added": 2, "item_id": "con_01kj3v5d8ve2r9q0w4y7h6t1cz"])
        ],
        problems: [.publicTokenInvalid, .connectionDuplicate, .otherHousehold, .linkOrphaned, .notFound]
          + ProblemKind.token + ProblemKind.bank
      ) { call in try await formerExchange(call) }
      .replaced(by: "/v1/plaid/exchange")
    }
  }

  private var formerLists: [Operation] {
    [
      ("formerAccounts", "/plaid/accounts"), ("formerAccountsOfVersionOne", "/api/v1/plaid/accounts"),
      ("formerBankingAccounts", "/api/v1/banking/accounts"),
    ].map { id, path in
      Operation(
        id, .get, path, .former, "List accounts", needs: .household(.read, .viewer),
        parameters: [.query("household_id", .id(Household.self), "Only the one that the request acts in.")],
        answers: [
          .json(200, .list(of: Wire.accountShape, count: 0...500), "The first 500.", example: [Wire.accountExample])
        ], problems: [.notFound]
      ) { call in
        try checkHousehold(call)
        let banks = try banks(for: call)
        let rows = try await banks.reading { [scope = banks.scope] session in
          try Accounts.list(after: nil, limit: 500, scope, session)
        }
        return .json(200, .array(rows.map(Wire.account)))
      }
      .replaced(by: "/v1/accounts")
    }
  }

  private var formerAccountOperations: [Operation] {
    [("", ""), ("OfVersionOne", "/api/v1")].flatMap { suffix, prefix in
      [
        Operation(
          "formerSync\(suffix)", .post, prefix + "/plaid/accounts/{id}/sync", .former,
          "Read what is new at an account's bank", needs: .household(.sync, .member),
          parameters: [.path("id", .id(Account.self))],
          body: .json(.object([]), isOptional: true, example: [:]),
          answers: [
            .json(200, Self.formerSyncShape, "It was read and kept.", example: Self.formerSyncExample),
            .json(
              202, Self.formerSyncShape, "The bank still gathers its data, or another run is at it.",
              example: ["transactions_added": 0, "transactions_modified": 0, "transactions_removed": 0]),
          ], problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
        ) { call in try await formerSync(call) }
        .replaced(by: "/v1/sync"),
        Operation(
          "formerRemove\(suffix)", .delete, prefix + "/plaid/accounts/{id}", .former,
          "End the connection behind an account", needs: .household(.sync, .member),
          parameters: [.path("id", .id(Account.self))], answers: [.empty("It is removed, or was before.")],
          problems: [.connectionUnknown] + ProblemKind.token + ProblemKind.bank
        ) { call in
          let banks = try banks(for: call)
          let id = try await connection(of: call, banks)
          try await mustManage(id, call)
          try await banks.remove(id)
          try await note("connection.removed", id, tells: true, call)
          return Response(204)
        }
        .saying("Its other accounts are not read any more either. Every row stays.").freshly()
        .replaced(by: "/v1/connections"),
      ]
    }
  }

  private var formerTrigger: Operation {
    Operation(
      "formerTrigger", .post, "/v1/sync/trigger", .former, "Read what is new at every bank",
      needs: .household(.sync, .member), body: .json(.object([]), isOptional: true, example: [:]),
      answers: [
        .json(
          200, .whole(Wire.anyOutcomeShape), "An outcome for each.", example: ["data": [Wire.outcomeExample]])
      ]
    ) { call in try await syncAll(call) }
    .replaced(by: "/v1/sync")
  }

  private static let householdShape = Shape.object([.optional("household_id", .id(Household.self).orNull)])

  private static let formerExchangeShape = Shape.object([
    .required("public_token", .text()), .optional("household_id", .id(Household.self).orNull),
    .optional("metadata", .any, "What Link told. It is not needed, and not kept."),
  ])

  private static let formerLinkedShape = Shape.object([
    .required("accounts_added", .count), .required("item_id", .id(Connection.self)),
  ])

  private static let formerSyncShape = Shape.object(
    ["transactions_added", "transactions_modified", "transactions_removed"].map { .required($0, .count) })
  private static let formerSyncExample: JSONValue = [
    "transactions_added": 15, "transactions_modified": 1, "transactions_removed": 0,
  ]

  /// A household that is named has to be the one that the request acts in.
  private func checkHousehold(_ call: Call) throws(Problem) {
    let inBody: ID<Household>? = call.body["household_id"]
    let inQuery: ID<Household>? = call.query["household_id"]
    guard let named = inBody ?? inQuery else { return }
    guard try call.scope.household == named else { throw .notFound }
  }

  /// Links and reads. When reading has to wait the bank is linked all the same, and its accounts come with the next sync.
  private func formerExchange(_ call: Call) async throws -> Response {
    try checkHousehold(call)
    let banks = try banks(for: call)
    let connection = try await banks.exchange(try call.body.required("public_token"))
    try await note("connection.linked", connection.id, call)
    linked(connection.id)
    do throws(BanksError) {
      _ = try await banks.syncToEnd(connection.id, isFull: false)
    } catch {
      log.notice("a new bank could not be read yet", ("connection", .id(connection.id)), ("reason", .text("\(error)")))
    }
    let count = try await banks.reading { [scope = banks.scope] session in
      try Connections.listed(connection.id, scope, session)?.accounts ?? 0
    }
    return .json(200, ["accounts_added": .int(count), "item_id": Wire.id(connection.id)])
  }

  private func formerSync(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    let outcome = try await banks.syncToEnd(try await connection(of: call, banks), isFull: false)
    guard case .applied(let counts) = outcome else {
      return .json(202, ["transactions_added": 0, "transactions_modified": 0, "transactions_removed": 0])
    }
    return .json(
      200,
      [
        "transactions_added": .int(counts.added), "transactions_modified": .int(counts.changed),
        "transactions_removed": .int(counts.removed),
      ])
  }

  private func connection(of call: Call, _ banks: Banks) async throws -> ID<Connection> {
    let id: ID<Account> = try call.id()
    let found = try await banks.reading { [scope = banks.scope] session in
      try Accounts.list(after: nil, limit: 10_000, scope, session).first { $0.id == id }?.connection
    }
    guard let found else { throw Problem.notFound }
    return found
  }
}
