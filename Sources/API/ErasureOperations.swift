import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// Erasing: what was linked, what was written down, a household, oneself. Nothing of it can be brought back.
extension Interface {
  /// So long the answer may wait for the end; a job does the rest.
  private static let patience = Duration.seconds(3)

  var erasureOperations: [Operation] { bankErasures + peopleErasures + erasureLists }

  private func erasing(
    _ id: String, _ path: String, _ summary: String, needs access: Operation.Access, parameters: [Parameter] = [],
    body: RequestBody? = nil, problems: [ProblemKind] = [], _ words: String,
    _ handler: @escaping @Sendable (Call) async throws -> Response
  ) -> Operation {
    Operation(
      id, .post, path, .erasing, summary, needs: access, parameters: parameters, body: body,
      answers: [
        .json(
          202, Wire.erasureShape, "It has begun, and is done when `state` says so.",
          headers: [("Location", "Where it is.")], example: Wire.erasureExample)
      ], problems: problems, handler
    )
    .saying(words).freshly()
  }

  private var bankErasures: [Operation] {
    [
      erasing(
        "eraseConnection", "/v1/connections/{id}/erase", "Erase a connection with its accounts and rows",
        needs: .household(.admin, .member), parameters: [.path("id", .id(Connection.self))],
        problems: [.connectionUnknown] + ProblemKind.token,
        """
        It is ended at the provider first, if it was not. Accounts that another connection carries on stay, with their \
        rows.
        """
      ) { call in
        let id: ID<Connection> = try call.id()
        try await mustManage(id, call)
        return try await eraseBanks(.connection, id.description, "connection.erased", call) { whole, session in
          [try Connections.find(id, whole, session)].compactMap(\.self)
        }
      },
      erasing(
        "eraseSimulated", "/v1/simulated/erase", "Erase all simulated banks with their accounts and rows",
        needs: .household(.admin, .admin), problems: ProblemKind.token,
        "What real banks sent and what people wrote down by hand stays."
      ) { call in
        try await eraseBanks(.simulated, nil, "simulated.erased", call) { whole, session in
          try Connections.all(whole, session).filter { $0.origin == Origin.simulated.rawValue }
        }
      },
      erasing(
        "eraseAccount", "/v1/accounts/{id}/erase", "Erase an account with its rows",
        needs: .household(.admin, .member), parameters: [.path("id", .id(Account.self))],
        problems: [.accountUnknown, .accountLiving],
        """
        One that was kept by hand, or whose connection was ended: a bank that still sends it would bring it back. What the \
        bank's answers were kept for reading them anew goes for the whole connection.
        """
      ) { call in try await eraseAccount(call) },
    ]
  }

  private var peopleErasures: [Operation] {
    [
      erasing(
        "eraseHousehold", "/v1/household/erase", "Erase the household with everything in it",
        needs: .household(.admin, .owner),
        body: .json(
          .object([.required("name", Self.nameShape, "Its name, as a sign that it is meant.")]),
          example: ["name": "Olive’s household"]), problems: ProblemKind.token,
        """
        All who belong to it lose it at once. Its banks are ended at the provider first. The household that the server \
        was set up with stays, empty, and whoever asked owns it.
        """
      ) { call in try await eraseHousehold(call) },
      erasing(
        "eraseMe", "/v1/me/erase", "Erase oneself", needs: .person(.admin),
        body: .json(
          .object([.required("email", Self.emailShape, "One's address, as a sign that it is meant.")]),
          example: ["email": "olive@money.example"]), problems: [.lastOwner] + ProblemKind.token,
        """
        How one signs in, one's name and address, and all that one linked or wrote down by hand. Households that nobody \
        else belongs to go with it; in others, somebody else has to be an owner.
        """
      ) { call in try await eraseMe(call) },
    ]
  }

  private var erasureLists: [Operation] {
    [
      Operation(
        "listErasures", .get, "/v1/erasures", .erasing, "List what one wanted erased, the latest first",
        needs: .person(.read), parameters: .page,
        answers: [.page(of: Wire.erasureShape, "Ids and counts; nothing of what it was.", example: Wire.erasureExample)]
      ) { call in
        let user = try call.caller.user
        let pages = Pages(banks.acting(as: Scope(household: banks.scope.household, user: user)))
        let demand = try pages.demand(call, list: "erasures")
        let before = demand.after?.first.flatMap { ID<Erasure>($0) }
        let rows = try await banks.reading {
          try Erasures.list(of: user, before: before, limit: demand.limit + 1, $0)
        }
        return try pages.answer(rows, demand, list: "erasures", mark: { [$0.id.description] }, Wire.erasure)
      },
      Operation(
        "getErasure", .get, "/v1/erasures/{id}", .erasing, "Show how far an erasure has come", needs: .person(.read),
        parameters: [.path("id", .id(Erasure.self))],
        answers: [.json(200, Wire.erasureShape, "How it stands.", example: Wire.erasureExample)]
      ) { call in
        let (user, id) = (try call.caller.user, try call.id(of: Erasure.self))
        guard let found = try await banks.reading({ try Erasures.find(id, $0) }), found.person == user else {
          throw Problem.notFound
        }
        return .json(200, Wire.erasure(found))
      },
    ]
  }

  // MARK: - Doing it

  /// Goes on with it for a moment, and answers with how it stands. A bank that cannot be reached now is asked again later.
  private func answer(_ begun: StoredErasure, _ others: [StoredErasure] = []) async throws -> Response {
    var erasure = begun
    for one in others + [begun] {
      do throws(BanksError) {
        let now = try await banks.erase(one.id, within: Self.patience)
        if one.id == begun.id, let now { erasure = now }
      } catch {
        guard case .bank = error else { throw error }
        if one.id == begun.id { erasure.problem = error.problem.title }
      }
    }
    var response = Response.json(202, Wire.erasure(erasure))
    response.headers["Location"] = "/v1/erasures/\(erasure.id)"
    return response
  }

  private func eraseBanks(
    _ what: StoredErasure.What, _ subject: String?, _ action: String, _ call: Call,
    _ which: @escaping @Sendable (Scope, any Session) throws -> [StoredConnection]
  ) async throws -> Response {
    let (banks, trail) = (try banks(for: call), Trail(call))
    let whole = banks.scope.wholeHousehold
    try banks.acting(as: whole).checkEnding(try await banks.reading { try which(whole, $0) })
    let begun = try await banks.writing { [identity] session in
      let begun = try banks.begin(banks.erasure(what, subject), session)
      try identity.note(
        action, by: banks.scope.user, subject: subject, in: banks.scope.household, trail, session)
      var told: Set<ID<User>> = [banks.scope.user]
      for connection in try which(whole, session) {
        if let owner = try Connections.owner(connection.id, of: whole.household, session) { told.insert(owner.user) }
      }
      for user in told.sorted() { try identity.tell(action, user, in: whole.household, session) }
      return begun
    }
    return try await answer(begun)
  }

  private func eraseAccount(_ call: Call) async throws -> Response {
    let (banks, role, trail) = (try banks(for: call), try call.role, Trail(call))
    let id: ID<Account> = try call.id()
    let scope = banks.scope
    let begun = try await banks.database.write { [identity] session in
      guard try Accounts.listed(id, scope, session) != nil else { throw ProblemKind.accountUnknown.problem() }
      let owners = try Erasures.owners(of: id, scope, session)
      guard role >= .admin || owners.isEmpty || owners.contains(scope.user) else {
        throw ProblemKind.roleTooLow.problem(detail: "It is somebody else's: ask them, an admin or the owner.")
      }
      guard try Erasures.livingConnection(of: id, scope, session) == nil else {
        throw ProblemKind.accountLiving.problem()
      }
      let begun = try banks.begin(banks.erasure(.account, id.description), session)
      try identity.note(
        "account.erased", by: scope.user, subject: "\(id)", in: scope.household, trail, session)
      for user in owners.union([scope.user]).sorted() {
        try identity.tell("account.erased", user, in: scope.household, session)
      }
      return begun
    }
    return try await answer(begun)
  }

  private func eraseHousehold(_ call: Call) async throws -> Response {
    let (banks, trail) = (try banks(for: call), Trail(call))
    let (scope, name): (Scope, String) = (banks.scope, try call.body.required("name"))
    try await checkEnding(scope.wholeHousehold)
    let isHome = scope.household == self.banks.scope.household
    let begun = try await banks.database.write { session in
      let known = try Memberships.households(of: scope.user, session).first { $0.id == scope.household }
      guard known?.name == name else { throw Problem.invalid(["/name": "must be the name of the household"]) }
      return try Self.erase(scope, isHome: isHome, banks, session)
    }
    note(begun, trail)
    return try await answer(begun)
  }

  private func checkEnding(_ whole: Scope) async throws {
    try banks.acting(as: whole).checkEnding(try await banks.reading { try Connections.all(whole, $0) })
  }

  private static func erase(
    _ scope: Scope, isHome: Bool, _ banks: Banks, _ session: any Session
  ) throws -> StoredErasure {
    let new = banks.acting(as: scope).erasure(.household, "\(scope.household)", keepsHousehold: isHome)
    let begun = try banks.begin(new, session)
    try ErasedPeople.shut(
      scope.household, keeper: isHome ? scope.user : nil, now: banks.world.now(), session)
    return begun
  }

  /// Where the audit log goes as well, the server's own log is what is left.
  private func note(_ erasure: StoredErasure, _ trail: Trail) {
    log.notice(
      "erasing", ("erasure", .id(erasure.id)), ("what", .text(erasure.what.rawValue)),
      ("household", .id(erasure.household)), ("user", .id(erasure.person)), ("request_id", .text(trail.requestID)))
  }

  private func eraseMe(_ call: Call) async throws -> Response {
    let (user, trail) = (try call.caller.user, Trail(call))
    let email: String = try call.body.required("email")
    let (banks, home) = (banks, banks.scope.household)
    let households = try await banks.reading { try ErasedPeople.households(of: user, $0) }
    for household in households {
      try await checkEnding(Scope(household: household.id, user: user).wholeHousehold)
    }
    let (begun, others) = try await banks.database.write { [identity] session in
      guard let credential = try Users.credential(of: user, session), let folded = Users.folded(email: email),
        folded == Users.folded(email: credential.email)
      else { throw Problem.invalid(["/email": "must be the address that you sign in with"]) }
      var others: [StoredErasure] = []
      for household in try ErasedPeople.households(of: user, session) {
        let scope = Scope(household: household.id, user: user)
        guard household.others > 0 else {
          others.append(try Self.erase(scope, isHome: household.id == home, banks, session))
          continue
        }
        guard household.isOwnedByOthers else { throw ProblemKind.lastOwner.problem() }
        let own = banks.acting(as: scope)
        let things = try ErasedPeople.belongings(of: user, in: household.id, session)
        for id in things.connections {
          others.append(try own.begin(own.erasure(.connection, id.description), session))
        }
        for id in things.accounts { others.append(try own.begin(own.erasure(.account, id.description), session)) }
        try Memberships.remove(user, heir: nil, now: banks.world.now(), scope, session)
        try identity.note("member.erased", by: user, subject: "\(user)", in: household.id, trail, session)
      }
      try ErasedPeople.erase(user, session)
      let own = banks.acting(as: Scope(household: households.first?.id ?? home, user: user))
      return (try own.begin(own.erasure(.person, user.description), session), others)
    }
    note(begun, trail)
    return try await answer(begun, others)
  }
}

extension Tag {
  package static let erasing = Tag(
    "Erasing", "Deleting for good: a connection, an account, simulated banks, a household, oneself.")
}

extension ProblemKind {
  static let accountLiving = ProblemKind(
    409, "account.living", "A bank still sends this account.",
    "End its connection first, or erase the connection: its accounts go with it.")
}

extension Wire {
  static let erasureShape = Shape.object(
    "Erasure",
    [
      .required("id", .id(Erasure.self)), .required("what", .word(StoredErasure.What.self)),
      .required("subject", .text(0...100).orNull, "The id of what it is about."),
      .required("state", .word(["running", "done"])), .required("rows", .count, "Rows that are gone so far."),
      .required("asked_at", .instant), .required("ended_at", .instant.orNull),
      .required("problem", .text(0...500).orNull, "Why it waits: it is tried again."),
    ])

  static let erasureExample: JSONValue = [
    "id": "ers_01kj3v5d8ve2r9q0w4y7h6t1cz", "what": "connection", "subject": "con_01kj3v5d8ve2r9q0w4y7h6t1cz",
    "state": "done", "rows": 214, "asked_at": "2026-03-14T09:00:00Z", "ended_at": "2026-03-14T09:00:00Z",
    "problem": .null,
  ]

  static func erasure(_ erasure: StoredErasure) -> JSONValue {
    [
      "id": id(erasure.id), "what": .string(erasure.what.rawValue), "subject": JSONValue(erasure.subject),
      "state": .string(erasure.endedAt == nil ? "running" : "done"), "rows": .int(erasure.rows),
      "asked_at": instant(erasure.askedAt), "ended_at": instant(erasure.endedAt), "problem": JSONValue(erasure.problem),
    ]
  }
}
