import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Store

/// Households, who belongs to them, invitations, what people share, and the audit log.
extension Interface {
  private static let householdShape = Shape.object(
    "Household",
    [
      .required("id", .id(Household.self)), .required("name", nameShape),
      .required("role", .word(Role.self), "What you are there."), .required("time_zone", .text()),
      .required("base_currency", .currency, "What sums are told in."),
      .required("first_weekday", .integer(1...7), "When weeks begin: 1 for Monday to 7 for Sunday."),
      .required("first_month_day", .integer(1...28), "The day of the calendar on which months begin."),
      .required("created_at", .instant),
    ])
  private static let memberShape = Shape.object(
    "Member",
    [
      .required("id", .id(User.self)), .required("name", nameShape), .required("email", emailShape.orNull),
      .required("role", .word(Role.self)), .required("joined_at", .instant),
    ])
  private static let invitationMembers: [Shape.Member] = [
    .required("id", .id(Invitation.self)), .required("role", .word(["viewer", "member", "admin"])),
    .required("email", emailShape.orNull), .required("invited_by", .id(User.self)),
    .required("created_at", .instant), .required("expires_at", .instant),
  ]
  private static let auditShape = Shape.object(
    "AuditEntry",
    [
      .required("id", .id(AuditEntry.self)), .required("at", .instant), .required("user", .id(User.self).orNull),
      .required("through", .token), .required("action", .token), .required("subject", .text(0...100).orNull),
      .required("detail", .text(0...200).orNull), .required("request_id", .text(0...100).orNull),
      .required("peer", .text(0...100).orNull),
    ])
  private static let invitedRole = Shape.word(["viewer", "member", "admin"])

  var householdOperations: [Operation] { homeOperations + memberOperations + invitationOperations + logOperations }

  private var homeOperations: [Operation] {
    [
      Operation(
        "listHouseholds", .get, "/v1/households", .people, "List the households one belongs to", needs: .person(.read),
        answers: [
          .json(
            200, .whole(Self.householdShape), "The households.",
            example: IdentityExample.list(IdentityExample.madeHousehold))
        ]
      ) { call in
        let caller = try call.caller
        let all = try await banks.reading { try Memberships.households(of: caller.user, $0) }
        return .json(200, ["data": .array(all.map(Self.wire))])
      },
      Operation(
        "makeHousehold", .post, "/v1/households", .people, "Make a household of one's own", needs: .person(.admin),
        body: .json(
          .object([
            .required("name", Self.nameShape), .optional("time_zone", .text(1...60)),
            .optional("base_currency", .currency),
          ]), example: IdentityExample.newHousehold),
        answers: [.json(201, Self.householdShape, "The household.", example: IdentityExample.madeHousehold)]
      ) { call in try await makeHousehold(call) }
      .repeatable(),
      Operation(
        "getHousehold", .get, "/v1/household", .people, "Show the household", needs: .household(.read, .viewer),
        answers: [.json(200, Self.householdShape, "The household.", example: IdentityExample.madeHousehold)]
      ) { call in
        let scope = try call.scope
        let value = try await banks.database.read { try Self.household(scope, $0) }
        return .json(200, value).tagged(Self.householdTag(value))
      },
      Operation(
        "changeHousehold", .patch, "/v1/household", .people, "Rename the household, or say what it counts by",
        needs: .household(.admin, .admin), parameters: [.ifMatch],
        body: .json(
          .object([
            .optional("name", Self.nameShape), .optional("base_currency", .currency),
            .optional("first_weekday", .integer(1...7)), .optional("first_month_day", .integer(1...28)),
          ]), example: IdentityExample.changeHousehold),
        answers: [.json(200, Self.householdShape, "The household.", example: IdentityExample.madeHousehold)]
      ) { call in try await changeHousehold(call) }
      .saying("Budgets are in the base currency: it can be changed while there are none."),
    ]
  }

  private var memberOperations: [Operation] {
    [
      Operation(
        "listMembers", .get, "/v1/members", .people, "List who belongs to the household",
        needs: .household(.read, .viewer),
        answers: [
          .json(
            200, .whole(Self.memberShape), "The members.", example: IdentityExample.list(IdentityExample.member))
        ]
      ) { call in
        let scope = try call.scope
        let all = try await banks.reading { try Memberships.members(scope, $0) }
        return .json(200, ["data": .array(all.map(Self.wire))])
      },
      Operation(
        "getMember", .get, "/v1/members/{id}", .people, "Show somebody of the household",
        needs: .household(.read, .viewer), parameters: [.path("id", .id(User.self))],
        answers: [.json(200, Self.memberShape, "The member.", example: IdentityExample.member)]
      ) { call in
        let (scope, user) = (try call.scope, try call.id(of: User.self))
        let value = try await banks.database.read { try Self.member(user, scope, $0) }
        return .json(200, value).tagged(Self.householdTag(value))
      },
      Operation(
        "changeMember", .patch, "/v1/members/{id}", .people, "Change somebody's role",
        needs: .household(.admin, .admin), parameters: [.path("id", .id(User.self)), .ifMatch],
        body: .json(.object([.required("role", .word(Role.self))]), example: IdentityExample.changeMember),
        answers: [.json(200, Self.memberShape, "The member.", example: IdentityExample.member)],
        problems: [.lastOwner]
      ) { call in try await changeMember(call) }
      .saying("Only owners make owners, and change what owners are.").freshly(),
      Operation(
        "removeMember", .delete, "/v1/members/{id}", .people, "Leave the household, or remove somebody from it",
        needs: .household(.admin, .viewer),
        parameters: [
          .path("id", .id(User.self)),
          .query(
            "heir", .id(User.self), "Who gets their connections; without one these are ended, and their rows stay."),
        ], answers: [.empty("Removed: they see nothing of it any more.")], problems: [.lastOwner, .roleTooLow]
      ) { call in try await removeMember(call) }
      .freshly(),
    ]
  }

  private var invitationOperations: [Operation] {
    [
      Operation(
        "listInvitations", .get, "/v1/invitations", .people, "List open invitations",
        needs: .household(.read, .admin),
        answers: [
          .json(
            200, .whole(.object("Invitation", Self.invitationMembers)), "Those that still open.",
            example: IdentityExample.list(IdentityExample.invitation))
        ]
      ) { call in
        let (scope, now) = (try call.scope, banks.world.now())
        let all = try await banks.reading { try Invitations.open(now: now, scope, $0) }
        return .json(200, ["data": .array(all.map(Self.wire))])
      },
      Operation(
        "makeInvitation", .post, "/v1/invitations", .people, "Invite somebody; the secret is shown once",
        needs: .household(.admin, .admin),
        body: .json(
          .object([.required("role", Self.invitedRole), .optional("email", Self.emailShape)]),
          example: IdentityExample.newInvitation),
        answers: [
          .json(
            201,
            .object("NewInvitation", Self.invitationMembers + [.required("secret", .secret(1...200))]),
            "It opens once.", example: IdentityExample.madeInvitation)
        ]
      ) { call in try await invite(call) }
      .secretly().repeatable(),
      Operation(
        "revokeInvitation", .delete, "/v1/invitations/{id}", .people, "Revoke an invitation",
        needs: .household(.admin, .admin), parameters: [.path("id", .id(Invitation.self))],
        answers: [.empty("Revoked.")]
      ) { call in
        let (scope, now, id) = (try call.scope, banks.world.now(), try call.id(of: Invitation.self))
        let isRevoked = try await banks.writing { session in
          guard try Invitations.revoke(id, now: now, scope, session) else { return false }
          try Notifications.settle(.invitation, cause: "\(id)", now: now, session)
          return true
        }
        guard isRevoked else { throw Problem.notFound }
        return Response(204)
      },
      Operation(
        "acceptInvitation", .post, "/v1/invitations/accept", .people, "Join a household", needs: .person(.admin),
        body: .json(.object([.required("secret", .secret(1...200))]), example: IdentityExample.accept),
        answers: [.empty("You belong to it now.")],
        problems: [.invitationRefused, .alreadyMember]
      ) { call in try await accept(call) }
      .paced(.signIn),
    ]
  }

  private var logOperations: [Operation] {
    [
      Operation(
        "listAuditLog", .get, "/v1/audit-log", .people, "List what was done that matters to others, the latest first",
        needs: .household(.read, .viewer), parameters: .page,
        answers: [.page(of: Self.auditShape, "The entries.", example: IdentityExample.auditEntry)]
      ) { call in try await auditLog(call) }
      .saying("Admins and owners see everybody's entries, others their own."),
      Operation(
        "shareAccount", .put, "/v1/accounts/{id}/sharing", .accounts, "Say what the others see of one's account",
        needs: .household(.write, .member), parameters: [.path("id", .id(Account.self))],
        body: .json(.object([.required("level", .word(SharingLevel.self))]), example: IdentityExample.share),
        answers: [
          .json(
            200, .object([.required("level", .word(SharingLevel.self))]), "The level.",
            example: IdentityExample.share)
        ],
        problems: [.roleTooLow]
      ) { call in try await share(call) },
    ]
  }

  private func makeHousehold(_ call: Call) async throws -> Response {
    let (caller, trail) = (try call.caller, Trail(call))
    let name: String = try call.body.required("name")
    let zone: String = call.body["time_zone"] ?? "UTC"
    guard (try? TimeZone.named(zone)) != nil else {
      throw Problem.invalid(["/time_zone": "must be a time zone such as Europe/Berlin"])
    }
    let currency = (call.body["base_currency"] as String?).flatMap { Currency(stored: $0) } ?? .usd
    return try await call.once(banks) { [identity] session in
      let id = try identity.newHousehold(name, zone, currency, for: caller.user, trail, session)
      return .json(201, try Self.household(Scope(household: id, user: caller.user), session))
    }
  }

  static func household(_ scope: Scope, _ session: any Session) throws -> JSONValue {
    let all = try Memberships.households(of: scope.user, session)
    guard let found = all.first(where: { $0.id == scope.household }) else { throw Problem.notFound }
    return wire(found)
  }

  private static func member(_ user: ID<User>, _ scope: Scope, _ session: any Session) throws -> JSONValue {
    guard let found = try Memberships.members(scope, session).first(where: { $0.user == user }) else {
      throw Problem.notFound
    }
    return wire(found)
  }

  static func householdTag(_ value: JSONValue) -> EntityTag { EntityTag(of: value.serialized()) }

  private func changeMember(_ call: Call) async throws -> Response {
    let (scope, own, now, trail) = (try call.scope, try call.role, banks.world.now(), Trail(call))
    let user = try call.id(of: User.self)
    guard let role = (call.body["role"] as String?).flatMap(Role.init(rawValue:)) else { throw Problem.notFound }
    let member = try await changing { [identity] session in
      guard let before = try Memberships.role(of: user, scope, session) else { throw Problem.notFound }
      try call.check(ifMatch: Self.householdTag(try Self.member(user, scope, session)))
      guard max(before, role) < .owner || own == .owner else { throw ProblemKind.roleTooLow.problem() }
      try Memberships.setRole(of: user, role, now: now, scope, session)
      try identity.note(
        "member.role_changed", by: scope.user, subject: "\(user)", detail: "\(before.rawValue) \(role.rawValue)",
        in: scope.household, trail, session)
      try identity.tell("member.role_changed", user, in: scope.household, session)
      return try Self.member(user, scope, session)
    }
    return .json(200, member).tagged(Self.householdTag(member))
  }

  private func removeMember(_ call: Call) async throws -> Response {
    let (scope, own, now, trail) = (try call.scope, try call.role, banks.world.now(), Trail(call))
    let user = try call.id(of: User.self)
    let heir: ID<User>? = call.query["heir"]
    try await changing { [identity] session in
      guard let role = try Memberships.role(of: user, scope, session) else { throw Problem.notFound }
      guard user == scope.user || own >= .admin && role <= own else { throw ProblemKind.roleTooLow.problem() }
      if let heir, try Memberships.role(of: heir, scope, session) == nil || heir == user {
        throw Problem.invalid(["?heir": "must be somebody else of this household"])
      }
      try Memberships.remove(user, heir: heir, now: now, scope, session)
      try identity.note(
        "member.removed", by: scope.user, subject: "\(user)", in: scope.household, trail, session)
    }
    return Response(204)
  }

  /// A write whose refusals of memberships are told as problems.
  private func changing<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    do {
      return try await banks.database.write(body)
    } catch Memberships.Refusal.lastOwner {
      throw ProblemKind.lastOwner.problem()
    } catch Memberships.Refusal.notAMember {
      throw Problem.notFound
    }
  }

  private func invite(_ call: Call) async throws -> Response {
    let (scope, own, now, trail) = (try call.scope, try call.role, banks.world.now(), Trail(call))
    let email: String? = call.body["email"]
    guard let role = (call.body["role"] as String?).flatMap(Role.init(rawValue:)), role <= own, role < .owner else {
      throw ProblemKind.roleTooLow.problem()
    }
    if let email { try identity.checkEmail(email) }
    let (secret, id) = (Secret("mgi_" + RandomBytes.token()), banks.world.newID(Invitation.self))
    let hash = Hash.sha256(secret.reveal)
    return try await call.once(banks) { [identity] session in
      try Invitations.insert(id, hash: hash, role: role, email: email, now: now, scope, session)
      try identity.note(
        "invitation.made", by: scope.user, subject: "\(id)", detail: role.rawValue, in: scope.household, trail, session)
      if let email {
        try tellInvited(id, email, by: scope, now: now, session)
        try mailInvitation(id, to: email, secret, by: scope, now: now, session)
      }
      guard let listed = try Invitations.open(now: now, scope, session).first(where: { $0.id == id }) else {
        throw ProblemKind.internalError.problem()
      }
      return .json(201, Self.wire(listed).setting("secret", .string(secret.reveal)))
    }
  }

  private func accept(_ call: Call) async throws -> Response {
    let (caller, trail, now) = (try call.caller, Trail(call), banks.world.now())
    let secret: Secret<String> = try call.body.required("secret")
    let key = Hash.sha256(secret.reveal)
    try await banks.database.write { [identity] session in
      guard let household = try Invitations.household(of: key, now: now, session) else {
        throw ProblemKind.invitationRefused.problem()
      }
      let own = Scope(household: household, user: caller.user)
      // Whoever belongs to it already leaves the invitation to others.
      guard try Memberships.role(of: caller.user, own, session) == nil else {
        throw ProblemKind.alreadyMember.problem()
      }
      try identity.accept(key, caller.user, trail, session)
    }
    return Response(204)
  }

  private func auditLog(_ call: Call) async throws -> Response {
    let (scope, role, pages, list) = (try call.scope, try call.role, Pages(try banks(for: call)), "audit-log")
    let demand = try pages.demand(call, list: list)
    let before = demand.after?.first.flatMap { ID<AuditEntry>($0) }
    let rows = try await banks.reading { session in
      try Audit.list(isOwnOnly: role < .admin, before: before, limit: demand.limit + 1, scope, session)
    }
    return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Self.wire)
  }

  private func share(_ call: Call) async throws -> Response {
    let (scope, now, trail) = (try call.scope, banks.world.now(), Trail(call))
    let id = try call.id(of: Account.self)
    guard let level = (call.body["level"] as String?).flatMap(SharingLevel.init(rawValue:)) else {
      throw Problem.notFound
    }
    try await banks.database.write { [identity] session in
      guard try Sharing.level(of: id, scope, session) != nil else { throw Problem.notFound }
      guard try Sharing.set(level, for: id, now: now, scope, session) else {
        throw ProblemKind.roleTooLow.problem(detail: "Only whose account it is can say what the others see.")
      }
      try Audit.add(
        AuditRecord(
          id: identity.world.newID(), at: now, user: scope.user, through: "session", action: "account.shared",
          subject: "\(id)", detail: level.rawValue, account: id, requestID: trail.requestID, peer: trail.peer),
        to: scope.household, session)
    }
    return .json(200, ["level": .string(level.rawValue)])
  }
}

/// How they look on the wire.
extension Interface {
  private static func wire(_ household: ListedHousehold) -> JSONValue {
    [
      "id": Wire.id(household.id), "name": .string(household.name), "role": .string(household.role.rawValue),
      "time_zone": .string(household.settings.timeZone),
      "base_currency": .string(household.settings.baseCurrency.code),
      "first_weekday": .int(household.settings.firstWeekday),
      "first_month_day": .int(household.settings.firstMonthDay),
      "created_at": Wire.instant(household.createdAt),
    ]
  }

  private static func wire(_ member: Member) -> JSONValue {
    [
      "id": Wire.id(member.user), "name": .string(member.name), "email": JSONValue(member.email),
      "role": .string(member.role.rawValue), "joined_at": Wire.instant(member.joinedAt),
    ]
  }

  private static func wire(_ invitation: ListedInvitation) -> JSONValue {
    [
      "id": Wire.id(invitation.id), "role": .string(invitation.role.rawValue), "email": JSONValue(invitation.email),
      "invited_by": Wire.id(invitation.invitedBy), "created_at": Wire.instant(invitation.madeAt),
      "expires_at": Wire.instant(invitation.expiresAt),
    ]
  }

  private static func wire(_ entry: AuditRecord) -> JSONValue {
    [
      "id": Wire.id(entry.id), "at": Wire.instant(entry.at), "user": Wire.id(entry.user),
      "through": .string(entry.through), "action": .string(entry.action), "subject": JSONValue(entry.subject),
      "detail": JSONValue(entry.detail), "request_id": JSONValue(entry.requestID), "peer": JSONValue(entry.peer),
    ]
  }
}
