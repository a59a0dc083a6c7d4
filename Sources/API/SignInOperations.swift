import Basics
import Crypto
import Finance
import HTTP
import JSON
import Store

/// Getting in: the first start, signing in, tokens, and going out again.
extension Interface {
  static let nameShape = Shape.text(1...100)
  static let emailShape = Shape.text(3...254)
  static let passwordShape = Shape.secret(1...1_000)
  /// One that is chosen now.
  static let newPasswordShape = Shape.secret(PasswordRule.charactersMin...PasswordRule.charactersMax)
  static let codeShape = Shape.secret(1...40).described("Six digits from the app, or a recovery code.")
  private static let secretShape = Shape.secret(1...200)
  private static let signInProblems: [ProblemKind] =
    [.signInRefused, .secondFactorNeeded, .signInBusy, .setupNeeded] + ProblemKind.database

  private static let tokensShape = Shape.object(
    "Tokens",
    [
      .required("access_token", .secret(1...4_000), "Send it as `Authorization: Bearer`."),
      .required("token_type", .word(["Bearer"])), .required("expires_in", .count, "Seconds."),
      .required("refresh_token", .secret(1...200).orNull, "Good for one exchange."),
      .required("scope", .text(0...100), "Words with spaces between them."),
    ])
  private static let browserShape = Shape.object(
    "BrowserSession", [.required("csrf", .text(), "Send it as `Magpie-CSRF` with everything that changes something.")])

  var signInOperations: [Operation] { entranceOperations + tokenOperations }

  private var entranceOperations: [Operation] {
    [
      Operation(
        "setUp", .post, "/v1/setup", .signIn, "Use the secret of the first start: who does so is the owner",
        needs: .open,
        body: .json(
          .object([
            .required("secret", Self.secretShape), .required("name", Self.nameShape),
            .required("email", Self.emailShape), .required("password", Self.newPasswordShape),
          ]), example: IdentityExample.setUp), answers: [.empty("The owner can sign in now.")],
        problems: [.setupRefused, .signInBusy] + ProblemKind.database
      ) { call in try await setUp(call) }
      .paced(.signIn),
      Operation(
        "register", .post, "/v1/auth/register", .signIn, "Become known, where the server takes new people",
        needs: .open,
        body: .json(
          .object([
            .required("name", Self.nameShape), .required("email", Self.emailShape),
            .required("password", Self.newPasswordShape), .optional("invitation", Self.secretShape),
          ]), example: IdentityExample.register),
        answers: [.json(201, Self.tokensShape, "Known and signed in.", example: IdentityExample.tokens)],
        problems: [.setupNeeded, .registrationClosed, .emailTaken, .invitationRefused, .signInBusy]
          + ProblemKind.database
      ) { call in try await register(call) }
      .paced(.signIn).secretly(),
      Operation(
        "mailPasswordReset", .post, "/v1/auth/reset", .signIn, "Ask for a reset secret by mail", needs: .open,
        body: .json(.object([.required("email", Self.emailShape)]), example: IdentityExample.mailReset),
        answers: [.empty("If somebody signs in with this address, a mail is on its way.", status: 202)],
        problems: [.mailMissing] + ProblemKind.database
      ) { call in
        try await identity.mailReset(to: try call.body.required("email"), Trail(call))
        return Response(202)
      }
      .saying(
        """
        The answer is the same, and takes the same time, whether anybody signs in with the address. The secret is good for \
        half an hour, and once; at most one mail goes to a person in a quarter of an hour.
        """
      )
      .paced(.signIn),
      Operation(
        "resetPassword", .post, "/v1/auth/password-reset", .signIn, "Set a password with a reset secret",
        needs: .open,
        body: .json(
          .object([.required("secret", Self.secretShape), .required("password", Self.newPasswordShape)]),
          example: IdentityExample.reset),
        answers: [.empty("The password is set, and every sign-in ended.")],
        problems: [.resetRefused, .signInBusy] + ProblemKind.database
      ) { call in
        try await identity.reset(try call.body.required("secret"), to: try call.body.required("password"))
        return Response(204)
      }
      .paced(.signIn),
    ]
  }

  private var tokenOperations: [Operation] {
    [
      Operation(
        "makeToken", .post, "/v1/auth/token", .signIn, "Sign in with a password, a refresh token or an API key",
        needs: .open, body: .form(Self.grantShape, example: IdentityExample.grant),
        answers: [.json(200, Self.tokensShape, "The tokens.", example: IdentityExample.tokens)],
        problems: Self.signInProblems
      ) { call in
        do {
          return try await makeToken(call)
        } catch let problem as Problem where problem.status == 401 {
          return try Self.refusal(of: problem, call)
        }
      }
      .saying(
        """
        Refresh tokens are good once. One that comes twice, other than right after, ends its sign-in. Refusals have \
        `error` and `error_description` too, as RFC 6749 has them.
        """
      )
      .paced(.signIn).secretly(),
      Operation(
        "signInBrowser", .post, "/v1/auth/browser", .signIn, "Sign in with a cookie, for browsers", needs: .open,
        body: .json(Self.proofShape, example: IdentityExample.proof),
        answers: [
          .json(
            200, Self.browserShape, "The cookie is set.", headers: [("Set-Cookie", "The sign-in.")],
            example: IdentityExample.browser)
        ],
        problems: Self.signInProblems + [.forgeryRefused]
      ) { call in try await signInBrowser(call) }
      .paced(.signIn).secretly(),
      Operation(
        "confirmPerson", .post, "/v1/auth/confirm", .signIn, "Prove again who you are, for five minutes",
        needs: .person(.read),
        body: .json(
          .object([.required("password", Self.passwordShape), .optional("totp", Self.codeShape)]),
          example: IdentityExample.confirm),
        answers: [.empty("Proved.")],
        problems: [.signInRefused, .secondFactorNeeded, .signInBusy, .signInNeeded, .setupNeeded]
      ) { call in
        try await identity.confirm(
          try call.caller, try call.body.required("password"), call.body["totp"], Trail(call))
        return Response(204)
      }
      .paced(.signIn),
      Operation(
        "signOut", .post, "/v1/auth/logout", .signIn, "End this sign-in", needs: .person(.read),
        answers: [.empty("Ended. The access token is void at once.")], problems: [.signInNeeded]
      ) { call in
        let (caller, now) = (try call.caller, banks.world.now())
        let id = try identity.session(of: caller)
        _ = try await banks.writing { try Sessions.end(id, of: caller.user, now: now, $0) }
        var response = Response(204)
        response.headers["Set-Cookie"] = Identity.setCookie(Secret(""), seconds: 0)
        return response
      },
    ]
  }

  private static let proofShape = Shape.object([
    .required("email", emailShape), .required("password", passwordShape), .optional("totp", codeShape),
  ])

  private static let grantShape = Shape.either([
    grant(
      "password",
      [.required("username", emailShape), .required("password", passwordShape), .optional("totp", codeShape)]),
    grant("refresh_token", [.required("refresh_token", secretShape)]),
    grant("api_key", [.required("api_key", secretShape)]),
  ])

  private static func grant(_ type: String, _ members: [Shape.Member]) -> Shape {
    .object(
      [.required("grant_type", .word([type]))] + members + [
        .optional("client_id", .text(0...200), "Taken and not looked at: there are no registered clients."),
        .optional("client_secret", .secret(0...200), "The same."),
        .optional("scope", .text(0...200), "The same: `scope` in the answer says what the token may be used for."),
      ])
  }

  private func setUp(_ call: Call) async throws -> Response {
    try await identity.setUp(
      try call.body.required("secret"), name: try call.body.required("name"), email: try call.body.required("email"),
      try call.body.required("password"), owner: banks.scope, Trail(call))
    return Response(204)
  }

  private func register(_ call: Call) async throws -> Response {
    let tokens = try await identity.register(
      name: try call.body.required("name"), email: try call.body.required("email"),
      try call.body.required("password"), invitation: call.body["invitation"], Trail(call))
    return .json(201, Self.wire(tokens))
  }

  private func makeToken(_ call: Call) async throws -> Response {
    let tokens: Identity.Tokens
    switch call.body["grant_type"] as String? {
    case "password":
      let proof = Identity.Proof(
        email: try call.body.required("username"), password: try call.body.required("password"),
        code: call.body["totp"])
      tokens = try await identity.signIn(proof, Trail(call))
    case "refresh_token": tokens = try await identity.refresh(try call.body.required("refresh_token"), Trail(call))
    default: tokens = try await identity.exchange(key: try call.body.required("api_key"))
    }
    return .json(200, Self.wire(tokens))
  }

  /// For clients made for OAuth 2: RFC 6749 §5.2.
  private static func refusal(of problem: Problem, _ call: Call) throws -> Response {
    var response = Response.problem(problem, requestID: call.info.requestID)
    response.body = try JSONValue.parse(response.body).setting("error", "invalid_grant")
      .setting("error_description", .string(problem.title)).serialized()
    return response
  }

  private func signInBrowser(_ call: Call) async throws -> Response {
    // Else another site could sign a person in as somebody else.
    guard identity.isOurOrigin(call.request) else { throw ProblemKind.forgeryRefused.problem() }
    let session = try await identity.signInBrowser(
      .init(
        email: try call.body.required("email"), password: try call.body.required("password"),
        code: call.body["totp"]), Trail(call))
    var response = Response.json(200, ["csrf": .string(session.csrf)])
    response.headers["Set-Cookie"] = Identity.setCookie(
      session.cookie, seconds: Sessions.lifetime.components.seconds)
    return response
  }

  private static func wire(_ tokens: Identity.Tokens) -> JSONValue {
    [
      "access_token": .string(tokens.access.reveal), "token_type": "Bearer",
      "expires_in": .int(Int(TokenSigning.lifetime.components.seconds)),
      "refresh_token": JSONValue(tokens.refresh?.reveal),
      "scope": .string(APIScope.allCases.filter(tokens.scopes.contains).map(\.rawValue).joined(separator: " ")),
    ]
  }
}
