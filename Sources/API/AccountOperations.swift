import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// Accounts: looking at them, and what people may change about them.
extension Interface {
  var accountOperations: [Operation] {
    [listAccounts, getAccount, createAccount, editAccount, turnFeed, orderAccounts, syncAccount]
      + accountFactOperations
  }

  private var listAccounts: Operation {
    Operation(
      "listAccounts", .get, "/v1/accounts", .accounts, "List accounts with their balances",
      needs: .household(.read, .viewer), parameters: .page,
      answers: [.page(of: Wire.accountShape, "The accounts.", example: Wire.accountExample)]
    ) { call in
      let banks = try banks(for: call)
      let (pages, list) = (Pages(banks), "accounts")
      let demand = try pages.demand(call, list: list)
      let after = demand.after?.first.flatMap { ID<Account>($0) }
      let rows = try await banks.reading { [scope = banks.scope] session in
        try Accounts.list(after: after, limit: demand.limit + 1, scope, session)
      }
      return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.account)
    }
    .saying("In the order that the household gave them, else by age.").kept()
  }

  private var getAccount: Operation {
    Operation(
      "getAccount", .get, "/v1/accounts/{id}", .accounts, "Show an account", needs: .household(.read, .viewer),
      parameters: [.path("id", .id(Account.self))],
      answers: [.json(200, Wire.accountShape, "The account.", example: Wire.accountExample)],
      problems: [.accountUnknown]
    ) { call in
      let banks = try banks(for: call)
      return .json(200, Wire.account(try await account(try call.id(), banks)))
    }
  }

  private var createAccount: Operation {
    Operation(
      "createAccount", .post, "/v1/accounts", .accounts, "Keep an account by hand",
      needs: .household(.write, .member),
      body: .json(
        .object([
          .required("name", .text(1...100)), .required("kind", .word(AccountKind.self)),
          .required("currency", .currency), .optional("notes", .lines().orNull),
          .optional("balance", .money, "What it holds today, from your side: a debt is negative."),
        ]), example: ["name": "Cash", "kind": "cash", "currency": "USD"]),
      answers: [
        .json(
          201, Wire.accountShape, "The account.", headers: [("Location", "Where it is.")], example: Wire.accountExample)
      ]
    ) { call in
      let banks = try banks(for: call)
      let kind = AccountKind(rawValue: try call.body.required("kind")) ?? .otherAsset
      let account = NewAccount(
        name: try call.body.required("name"), kind: kind, currency: try call.body.required("currency"),
        notes: call.body["notes"])
      let balance: Money? = call.body["balance"]
      return try await call.stroke(banks) { edits, session in
        let id = try Manual.create(account, &edits, session)
        if let balance {
          let today = try Households.day(at: edits.now, banks.scope, session)
          try Manual.edit(id, [.balance(today, balance)], &edits, session)
        }
        return Call.shown(try Self.shown(id, banks.scope, session), status: 201, at: "/v1/accounts/\(id)")
      }
    }
    .saying("For cash, and for what no bank tells. Its balances and transactions are written down by hand.")
    .repeatable()
  }

  private var editAccount: Operation {
    Operation(
      "editAccount", .patch, "/v1/accounts/{id}", .accounts, "Rename, hide or close an account",
      needs: .household(.write, .member), parameters: [.path("id", .id(Account.self)), .ifMatch],
      body: .json(
        .object([
          .optional("name", .text(1...100)), .optional("notes", .lines().orNull), .optional("hidden", .flag),
          .optional("closed", .flag),
          .optional("kind", .word(AccountKind.self), "Of an account kept by hand that has no rows yet."),
          .optional(
            "balance",
            .object([
              .optional("day", .day, "Today, unless it is told."),
              .required("amount", .money.orNull, "Null takes a typed balance back."),
            ]), "Of an account kept by hand: what it held at the end of a day."),
        ]), example: ["name": "Household account", "hidden": false]),
      answers: [.json(200, Wire.accountShape, "The account as it is now.", example: Wire.accountExample)],
      problems: [.accountUnknown, .accountKeptByBank, .accountHasRows]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Account> = try call.id()
      return try await call.stroke(banks) { edits, session in
        try call.check(ifMatch: try Self.shown(id, banks.scope, session))
        let today = try Households.day(at: edits.now, banks.scope, session)
        try Manual.edit(id, Self.edits(call.body, today: today), &edits, session)
        return Call.shown(try Self.shown(id, banks.scope, session))
      }
    }
    .saying("Only what is named changes. A bank that renames an account later does not overwrite your name.")
  }

  private static func edits(_ body: Fields, today: CalendarDate) throws(Problem) -> [AccountEdit] {
    var edits: [AccountEdit] = []
    if let name: String = body["name"] { edits.append(.name(name)) }
    switch body.change("notes", as: String.self) {
    case .leave: break
    case .clear: edits.append(.notes(nil))
    case .set(let notes): edits.append(.notes(notes.isEmpty ? nil : notes))
    }
    if let isHidden: Bool = body["hidden"] { edits.append(.isHidden(isHidden)) }
    if let isClosed: Bool = body["closed"] { edits.append(.isClosed(isClosed)) }
    if let kind: String = body["kind"] { edits.append(.kind(AccountKind(rawValue: kind) ?? .otherAsset)) }
    if let balance: Fields = body["balance"] {
      let day: CalendarDate = balance["day"] ?? today
      // The latest balance is what the account holds now: nobody knows one of a day ahead.
      guard day <= today || (balance["amount"] as Money?) == nil else {
        throw Problem.invalid(["/balance/day": "must not be after today"])
      }
      edits.append(.balance(day, balance["amount"]))
    }
    return edits
  }

  private var turnFeed: Operation {
    Operation(
      "turnFeed", .post, "/v1/accounts/{id}/feed", .accounts,
      "Say whether a bank tells an account's amounts the wrong way round", needs: .household(.write, .member),
      parameters: [.path("id", .id(Account.self))],
      body: .json(.object([.required("turned", .flag)]), example: ["turned": false]),
      answers: [
        .json(
          200, .object([.required("turned", .flag), .required("rows", .count)]), "So many rows were turned.",
          example: ["turned": true, "rows": 730])
      ], problems: [.accountUnknown]
    ) { call in
      let banks = try banks(for: call)
      let (id, isTurned): (ID<Account>, Bool) = (try call.id(), try call.body.required("turned"))
      let now = banks.world.now()
      let rows = try await banks.database.write { [scope = banks.scope] session in
        try TurnedFeeds.turn(id, isTurned: isTurned, now: now, scope, session)
      }
      guard let rows else { throw ProblemKind.accountUnknown.problem() }
      return .json(200, ["turned": .bool(isTurned), "rows": .int(rows)])
    }
    .saying(
      """
      All rows of the bank change their sign at once, and those that come do too; balances stay. Said again the other way \
      round, all is as it was. `GET /v1/insights` offers it as `turned_feed`. Categories and pairs that were concluded from the \
      former signs follow with `POST /v1/categories/sort`.
      """)
  }

  private var orderAccounts: Operation {
    Operation(
      "orderAccounts", .put, "/v1/accounts/order", .accounts, "Put accounts in an order",
      needs: .household(.write, .member),
      body: .json(
        .object([.required("accounts", .list(of: .id(Account.self), count: 1...500))]),
        example: ["accounts": ["acc_01kj3v5d8ve2r9q0w4y7h6t1cz"]]),
      answers: [.empty("They stand in that order.")]
    ) { call in
      let banks = try banks(for: call)
      let ids: [ID<Account>] = try call.body.required("accounts")
      guard Set(ids).count == ids.count else { throw Problem.invalid(["/accounts": "must name each account once"]) }
      return try await call.stroke(banks) { edits, session in
        try Manual.reorder(ids, &edits, session)
        return Response(204)
      }
    }
    .saying("Those that are not named follow in the order they had.")
  }

  private var syncAccount: Operation {
    Operation(
      "syncAccount", .post, "/v1/accounts/{id}/sync", .accounts, "Read what is new at an account's bank",
      needs: .household(.sync, .member), parameters: [.path("id", .id(Account.self)), Self.wait],
      answers: Self.syncAnswers,
      problems: [.accountUnknown, .accountByHand, .connectionUnknown] + ProblemKind.token + ProblemKind.bank
    ) { call in
      let banks = try banks(for: call)
      let account = try await account(try call.id(), banks)
      guard let connection = account.connection else { throw ProblemKind.accountByHand.problem() }
      return try await sync(connection, isFull: false, call)
    }
    .saying("Its bank's other accounts come along.")
  }

  private func account(_ id: ID<Account>, _ banks: Banks) async throws -> ListedAccount {
    let account = try await banks.reading { [scope = banks.scope] in try Accounts.listed(id, scope, $0) }
    guard let account else { throw ProblemKind.accountUnknown.problem() }
    return account
  }

  private static func shown(
    _ id: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> JSONValue {
    guard let account = try Accounts.listed(id, scope, session) else { throw ProblemKind.accountUnknown.problem() }
    return Wire.account(account)
  }

  private var accountFactOperations: [Operation] {
    [
      Operation(
        "listAccountBalances", .get, "/v1/accounts/{id}/balances", .accounts,
        "List an account's balances by day, the latest first", needs: .household(.read, .viewer),
        parameters: [
          .path("id", .id(Account.self)), .query("from", .day, "The first day."), .query("to", .day, "The last day."),
        ] + .page,
        answers: [.page(of: Wire.balanceDayShape, "The balances.", example: Wire.balanceDayExample)],
        problems: [.accountUnknown]
      ) { call in
        let banks = try banks(for: call)
        let account = try await account(try call.id(), banks)
        let (from, to): (CalendarDate?, CalendarDate?) = (call.query["from"], call.query["to"])
        let (pages, list) = (
          Pages(banks), "balances \(account.id) \(from?.description ?? "") \(to?.description ?? "")"
        )
        let demand = try pages.demand(call, list: list)
        let before = demand.after?.first.flatMap { CalendarDate($0) }
        let rows = try await banks.reading { [scope = banks.scope] session in
          try BalanceDays.list(
            of: account.id, from: from, to: to, before: before, limit: demand.limit + 1, scope, session)
        }
        return try pages.answer(rows, demand, list: list, mark: { [$0.day.description] }, Wire.balanceDay)
      }
      .saying("Days on which nobody looked have none."),
      Operation(
        "proveAccount", .get, "/v1/accounts/{id}/proof", .accounts, "Say whether an account adds up",
        needs: .household(.read, .viewer), parameters: [.path("id", .id(Account.self))],
        answers: [.json(200, Wire.proofShape, "What was found.", example: Wire.proofExample)],
        problems: [.accountUnknown]
      ) { call in
        let banks = try banks(for: call)
        let id: ID<Account> = try call.id()
        let proof = try await banks.reading { [scope = banks.scope] in
          try BalanceProofs.all(scope, $0, only: id).first
        }
        guard let proof else { throw ProblemKind.accountUnknown.problem() }
        return .json(200, Wire.proof(proof))
      }
      .saying("The first known balance, and every transaction booked since, should come to the last balance."),
    ]
  }
}
