import Basics
import Crypto
import Finance
import HTTP
import JSON
import Store

/// Oneself: name, password, second factor, sign-ins and keys.
extension Interface {
  private static let meShape = Shape.object(
    "Me",
    [
      .required("id", .id(User.self)), .required("name", nameShape), .required("email", emailShape.orNull),
      .required("locale", .text(2...20)), .required("second_factor", .flag, "A second factor is asked for."),
      .required("recovery_codes_left", .count), .required("created_at", .instant),
    ])
  private static let sessionShape = Shape.object(
    "Session",
    [
      .required("id", .id(SignIn.self)), .required("kind", .word(["token", "cookie"])),
      .required("created_at", .instant), .required("seen_at", .instant), .required("expires_at", .instant),
      .required("client", .foreign.orNull, "What the program calls itself."),
      .required("peer", .text(0...100).orNull, "The address it signed in from."),
      .required("current", .flag, "The one that asks."),
    ])
  private static let keyMembers: [Shape.Member] = [
    .required("id", .id(APIKey.self)), .required("name", nameShape), .required("hint", .text(), "How the key begins."),
    .required("scopes", .list(of: .word(APIScope.self), count: 0...4)), .required("household", .id(Household.self)),
    .required("created_at", .instant), .required("expires_at", .instant.orNull),
    .required("used_at", .instant.orNull),
  ]
  private static let keyShape = Shape.object("APIKey", keyMembers)

  var personOperations: [Operation] { meOperations + secondFactorOperations + entryOperations + keyOperations }

  private var meOperations: [Operation] {
    [
      Operation(
        "getMe", .get, "/v1/me", .people, "Show who asks", needs: .person(.read),
        answers: [.json(200, Self.meShape, "You.", example: IdentityExample.me)]
      ) { call in .json(200, try await me(try call.caller)) },
      Operation(
        "changeMe", .patch, "/v1/me", .people, "Change one's name or language", needs: .person(.write),
        body: .json(
          .object([.optional("name", Self.nameShape), .optional("locale", .text(2...20))]),
          example: IdentityExample.changeMe), answers: [.json(200, Self.meShape, "You.", example: IdentityExample.me)]
      ) { call in
        let caller = try call.caller
        let (name, locale): (String?, String?) = (call.body["name"], call.body["locale"])
        try await banks.writing { session in
          if let name { try Users.rename(caller.user, name, session) }
          if let locale { try Users.setLocale(caller.user, locale, session) }
        }
        return .json(200, try await me(caller))
      },
      Operation(
        "changePassword", .post, "/v1/me/password", .people, "Change one's password; other sign-ins end",
        needs: .person(.admin),
        body: .json(
          .object([
            .required("current_password", Self.passwordShape), .required("new_password", Self.newPasswordShape),
          ]), example: IdentityExample.changePassword), answers: [.empty("Changed.")],
        problems: [.signInRefused, .signInBusy, .signInNeeded]
      ) { call in
        try await identity.changePassword(
          try call.caller, from: try call.body.required("current_password"),
          to: try call.body.required("new_password"), Trail(call))
        return Response(204)
      }
      .freshly().paced(.signIn),
    ]
  }

  private var secondFactorOperations: [Operation] {
    let codesShape = Shape.object(
      "RecoveryCodes", [.required("recovery_codes", .list(of: .secret(1...40), count: 0...20), "Shown once.")])
    return [
      Operation(
        "beginSecondFactor", .post, "/v1/me/second-factor", .people, "Begin to set up a second factor",
        needs: .person(.admin),
        answers: [
          .json(
            201,
            .object(
              "SecondFactor",
              [
                .required("secret", .secret(1...200), "To type into the app."),
                .required("address", .secret(1...1_000), "The same as an otpauth:// address, for a QR code."),
              ]), "To be confirmed with a code from the app.",
            example: IdentityExample.secondFactor)
        ], problems: [.secondFactorThere, .signInNeeded]
      ) { call in .json(201, try await identity.beginSecondFactor(try call.caller)) }
      .freshly().secretly(),
      Operation(
        "confirmSecondFactor", .post, "/v1/me/second-factor/confirm", .people, "Confirm it with a code from the app",
        needs: .person(.admin),
        body: .json(
          .object([.required("totp", Self.codeShape)]), example: IdentityExample.confirmSecondFactor),
        answers: [.json(200, codesShape, "From now on a code is asked for.", example: IdentityExample.codes)],
        problems: [.secondFactorMissing, .signInRefused]
      ) { call in
        let codes = try await identity.confirmSecondFactor(
          try call.caller, try call.body.required("totp"), Trail(call))
        return .json(200, ["recovery_codes": .array(codes.map { .string($0.reveal) })])
      }
      .freshly().secretly().paced(.signIn),
      Operation(
        "renewRecoveryCodes", .post, "/v1/me/recovery-codes", .people, "Make new recovery codes; the old ones are void",
        needs: .person(.admin), answers: [.json(200, codesShape, "The codes.", example: IdentityExample.codes)],
        problems: [.secondFactorMissing]
      ) { call in
        let codes = try await identity.renewRecoveryCodes(try call.caller, Trail(call))
        return .json(200, ["recovery_codes": .array(codes.map { .string($0.reveal) })])
      }
      .freshly().secretly(),
      Operation(
        "removeSecondFactor", .delete, "/v1/me/second-factor", .people, "Take the second factor away",
        needs: .person(.admin), answers: [.empty("Gone.")], problems: [.secondFactorMissing]
      ) { call in
        try await identity.removeSecondFactor(try call.caller, Trail(call))
        return Response(204)
      }
      .freshly(),
    ]
  }

  private var entryOperations: [Operation] {
    [
      Operation(
        "listSessions", .get, "/v1/sessions", .people, "List where one is signed in", needs: .person(.read),
        answers: [
          .json(
            200, .whole(Self.sessionShape), "The sign-ins, the latest first.",
            example: IdentityExample.list(IdentityExample.session))
        ]
      ) { call in
        let (caller, now) = (try call.caller, banks.world.now())
        let own = try? identity.session(of: caller)
        let all = try await banks.reading { try Sessions.all(of: caller.user, now: now, $0) }
        return .json(200, ["data": .array(all.map { Self.wire($0, own) })])
      },
      Operation(
        "endSession", .delete, "/v1/sessions/{id}", .people, "End one sign-in", needs: .person(.write),
        parameters: [.path("id", .id(SignIn.self))], answers: [.empty("Ended.")]
      ) { call in
        let (caller, now, id) = (try call.caller, banks.world.now(), try call.id(of: SignIn.self))
        guard try await banks.writing({ try Sessions.end(id, of: caller.user, now: now, $0) }) else {
          throw Problem.notFound
        }
        return Response(204)
      },
      Operation(
        "endAllSessions", .delete, "/v1/sessions", .people, "Sign out everywhere, here too", needs: .person(.write),
        answers: [.empty("Ended.")]
      ) { call in
        let (caller, now, trail) = (try call.caller, banks.world.now(), Trail(call))
        try await banks.writing { [identity] session in
          try Sessions.endAll(of: caller.user, now: now, session)
          try identity.note("sign_in.ended_all", about: caller.user, trail, session)
        }
        return Response(204)
      },
    ]
  }

  private var keyOperations: [Operation] {
    [
      Operation(
        "listAPIKeys", .get, "/v1/api-keys", .people, "List one's API keys", needs: .person(.read),
        answers: [
          .json(
            200, .whole(Self.keyShape), "The keys, without the keys themselves.",
            example: IdentityExample.list(IdentityExample.key))
        ]
      ) { call in
        let caller = try call.caller
        let all = try await banks.reading { try APIKeys.all(of: caller.user, $0) }
        return .json(200, ["data": .array(all.map(Self.wire))])
      },
      Operation(
        "makeAPIKey", .post, "/v1/api-keys", .people, "Make an API key; it is shown once",
        needs: .household(.admin, .viewer),
        body: .json(
          .object([
            .required("name", Self.nameShape),
            .required("scopes", .list(of: .word(APIScope.self), count: 1...4)), .optional("expires_at", .instant),
          ]), example: IdentityExample.newKey),
        answers: [
          .json(
            201, .object("NewAPIKey", Self.keyMembers + [.required("key", .secret(1...200))]), "The key.",
            example: IdentityExample.madeKey)
        ]
      ) { call in try await makeKey(call) }
      .freshly().secretly().repeatable(),
      Operation(
        "revokeAPIKey", .delete, "/v1/api-keys/{id}", .people, "Revoke an API key", needs: .person(.admin),
        parameters: [.path("id", .id(APIKey.self))], answers: [.empty("Revoked: it is void at once.")]
      ) { call in
        let (caller, now, trail) = (try call.caller, banks.world.now(), Trail(call))
        let id = try call.id(of: APIKey.self)
        let isDone = try await banks.writing { [identity] session in
          guard try APIKeys.revoke(id, of: caller.user, now: now, session) else { return false }
          try identity.note("api_key.revoked", about: caller.user, trail, session)
          return true
        }
        guard isDone else { throw Problem.notFound }
        return Response(204)
      },
    ]
  }

  private func me(_ caller: Caller) async throws -> JSONValue {
    let (profile, credential, codes) = try await banks.reading { session in
      (
        try Users.profile(caller.user, session), try Users.credential(of: caller.user, session),
        try SecondFactors.codesLeft(caller.user, session)
      )
    }
    guard let profile else { throw Problem.notFound }
    return [
      "id": Wire.id(caller.user), "name": .string(profile.name), "email": JSONValue(credential?.email),
      "locale": .string(profile.locale), "second_factor": .bool(credential?.hasSecondFactor ?? false),
      "recovery_codes_left": .int(codes), "created_at": Wire.instant(profile.createdAt),
    ]
  }

  private func makeKey(_ call: Call) async throws -> Response {
    let (caller, scope, now, trail) = (try call.caller, try call.scope, banks.world.now(), Trail(call))
    let name: String = try call.body.required("name")
    let words: [String] = try call.body.required("scopes")
    let scopes = APIScope.allCases.filter { words.contains($0.rawValue) }
    // A key makes no key that may do more than itself.
    guard caller.scopes.isSuperset(of: scopes) else { throw ProblemKind.scopeMissing.problem() }
    let expiresAt: Timestamp? = call.body["expires_at"]
    if let expiresAt, expiresAt <= now { throw Problem.invalid(["/expires_at": "must be in the future"]) }
    let key = Secret(Identity.apiKeyPrefix + RandomBytes.token())
    let new = NewAPIKey(
      id: banks.world.newID(), name: name, hash: Hash.sha256(key.reveal), hint: String(key.reveal.prefix(8)),
      scopes: scopes.map(\.rawValue).joined(separator: " "), expiresAt: expiresAt)
    return try await call.once(banks) { [identity] session in
      try APIKeys.insert(new, now: now, scope, session)
      try identity.note(
        "api_key.made", by: caller.user, subject: "\(new.id)", detail: new.scopes, in: scope.household, trail, session)
      try identity.tell("api_key.made", caller.user, in: scope.household, session)
      guard let listed = try APIKeys.all(of: caller.user, session).first(where: { $0.id == new.id }) else {
        throw ProblemKind.internalError.problem()
      }
      return .json(201, Self.wire(listed).setting("key", .string(key.reveal)))
    }
  }

  private static func wire(_ session: ListedSession, _ own: ID<SignIn>?) -> JSONValue {
    [
      "id": Wire.id(session.id), "kind": .string(session.kind), "created_at": Wire.instant(session.madeAt),
      "seen_at": Wire.instant(session.seenAt), "expires_at": Wire.instant(session.expiresAt),
      "client": JSONValue(session.client), "peer": JSONValue(session.peer), "current": .bool(session.id == own),
    ]
  }

  private static func wire(_ key: ListedAPIKey) -> JSONValue {
    [
      "id": Wire.id(key.id), "name": .string(key.name), "hint": .string(key.hint),
      "scopes": .array(key.scopes.split(separator: " ").map { .string(String($0)) }),
      "household": Wire.id(key.household), "created_at": Wire.instant(key.madeAt),
      "expires_at": Wire.instant(key.expiresAt), "used_at": Wire.instant(key.usedAt),
    ]
  }
}
