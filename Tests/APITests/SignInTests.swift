import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

@Suite struct `Signing in` {
  @Test func `waits for the first start, which happens once`() async throws {
    let house = try await PeopleBench(.open)
    #expect(try await house.signIn().code == "setup.needed")
    #expect(try await house.send("GET", "/v1/accounts", token: "x").code == "unauthorized")
    #expect(try await house.send("GET", "/v1/accounts", token: HTTPBench.token).status == 200, "the operator's token")
    let old = try #require(try await house.identity.makeSetup())
    let secret = try #require(try await house.identity.makeSetup())
    #expect(try await house.send("POST", "/v1/setup", PeopleBench.start(old.reveal)).code == "setup.refused")
    #expect(try await house.send("POST", "/v1/setup", PeopleBench.start("x")).code == "setup.refused")
    let weak = PeopleBench.start(secret.reveal).setting("password", "password1234")
    #expect(try await house.send("POST", "/v1/setup", weak).pointers == ["/password"])
    let answers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask { try await house.send("POST", "/v1/setup", PeopleBench.start(secret.reveal)).status }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.sorted() == [204, 403, 403, 403])
    #expect(try await house.identity.makeSetup() == nil)
    let me = try await house.send("GET", "/v1/me", token: try await house.token())
    #expect(me.json["id"] == .string("\(house.scope.user)") && me.json["name"] == "Olive")
    #expect(try await house.send("GET", "/v1/me").code == "unauthorized")
  }

  @Test func `lets the set-up secret lapse after an hour`() async throws {
    let house = try await PeopleBench()
    let secret = try #require(try await house.identity.makeSetup())
    try await house.wait(.seconds(3_601))
    #expect(try await house.send("POST", "/v1/setup", PeopleBench.start(secret.reveal)).code == "setup.refused")
  }

  @Test func `says the same of people there are and are not, and makes guessing slow`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    var told: Set<String> = []
    for email in ["owner@x.example", "nobody@x.example"] {
      for attempt in 0..<6 {
        let body: JSONValue = ["grant_type": "password", "username": .string(email), "password": "wrong"]
        let answer = try await house.send("POST", "/v1/auth/token", body)
        told.insert("\(attempt) \(answer.code ?? "") \(answer.json["detail"]?.string ?? "")")
        #expect(answer.code == (attempt < 5 ? "auth.refused" : "rate.limited"))
      }
    }
    #expect(told.count == 6)
    #expect(try await house.signIn().code == "rate.limited", "the right password has to wait too")
    try await house.wait(.seconds(2))
    #expect(try await house.signIn().status == 200)
    #expect(try await house.signIn().status == 200, "and what failed is forgotten")
  }

  @Test func `gives tokens that end with their sign-in`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let tokens = try await house.signIn().json
    let access = try #require(tokens["access_token"]?.string)
    #expect(tokens["token_type"] == "Bearer" && tokens["expires_in"] == 600)
    #expect(try await house.send("GET", "/v1/me", token: access).status == 200)
    #expect(try await house.send("GET", "/v1/me", token: access + "x").status == 401)
    let other = try await house.token()
    #expect(try await house.send("GET", "/v1/sessions", token: access).rows.count == 2)
    #expect(try await house.send("POST", "/v1/auth/logout", token: access).status == 204)
    #expect(try await house.send("GET", "/v1/me", token: access).status == 401, "at once")
    #expect(try await house.send("GET", "/v1/me", token: other).status == 200)
    try await house.wait(.seconds(601))
    #expect(try await house.send("GET", "/v1/me", token: other).status == 401, "after ten minutes")
  }

  @Test func `signs out everywhere`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let (one, two) = (try await house.token(), try await house.token())
    #expect(try await house.send("DELETE", "/v1/sessions", token: one).status == 204)
    for token in [one, two] { #expect(try await house.send("GET", "/v1/me", token: token).status == 401) }
  }

  @Test func `changes refresh tokens, forgives a lost answer, and ends what was stolen`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    func refresh(_ token: String) async throws -> HTTPBench.Answer {
      try await house.send(
        "POST", "/v1/auth/token", ["grant_type": "refresh_token", "refresh_token": .string(token)])
    }
    let first = try #require(try await house.signIn().json["refresh_token"]?.string)
    let second = try #require(try await refresh(first).json["refresh_token"]?.string)
    #expect(second != first)
    try await house.wait(.seconds(9))
    #expect(try await refresh(first).json["refresh_token"]?.string == second, "the answer was lost")
    let answer = try await refresh(second)
    let third = try #require(answer.json["refresh_token"]?.string)
    let access = try #require(answer.json["access_token"]?.string)
    #expect(try await house.send("GET", "/v1/me", token: access).status == 200)
    #expect(try await refresh(first).code == "auth.refused", "somebody else has it")
    #expect(try await refresh(third).code == "auth.refused")
    #expect(try await house.send("GET", "/v1/me", token: access).status == 401)
    let late = try #require(try await house.signIn().json["refresh_token"]?.string)
    let next = try #require(try await refresh(late).json["refresh_token"]?.string)
    try await house.wait(.seconds(11))
    #expect(try await refresh(late).code == "auth.refused")
    #expect(try await refresh(next).code == "auth.refused")
  }

  @Test func `asks for the second factor, takes each code once, and paper in place of a phone`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let token = try await house.token()
    let begun = try await house.send("POST", "/v1/me/second-factor", token: token)
    #expect(begun.status == 201)
    #expect(try await house.signIn().status == 200, "not asked for until it is confirmed")
    let stored = try await house.bench.database.read { try Users.credential(of: house.scope.user, $0) }
    let box = try #require(stored?.totpBox)
    let secret = try house.identity.open(box, of: house.scope.user)
    #expect(begun.json["secret"]?.string == TOTP.text(secret).reveal)
    func code() -> String { TOTP.code(secret, step: TOTP.step(at: house.bench.world.now())) }
    #expect(
      try await house.send("POST", "/v1/me/second-factor/confirm", ["totp": "000000x"], token: token).status == 401)
    let confirmed = try await house.send(
      "POST", "/v1/me/second-factor/confirm", ["totp": .string(code())], token: token)
    let paper = (confirmed.json["recovery_codes"]?.elements ?? []).compactMap { $0.string }
    #expect(Set(paper).count == 10)
    #expect(try await house.signIn().code == "auth.second_factor_needed")
    #expect(try await house.signIn(totp: code()).code == "auth.refused", "used for confirming")
    try await house.wait(.seconds(30))
    #expect(try await house.signIn(totp: code()).status == 200)
    #expect(try await house.signIn(totp: code()).code == "auth.refused")
    #expect(try await house.signIn(totp: paper[0].uppercased()).status == 200)
    #expect(try await house.signIn(totp: paper[0]).code == "auth.refused")
    #expect(try await house.send("GET", "/v1/me", token: token).json["recovery_codes_left"] == 9)
    #expect(try await house.send("DELETE", "/v1/me/second-factor", token: token).status == 204)
    #expect(try await house.signIn().status == 200)
  }

  @Test func `asks for a fresh proof before what cannot be undone`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let refresh = try #require(try await house.signIn().json["refresh_token"]?.string)
    try await house.wait(.seconds(301))
    let grant: JSONValue = ["grant_type": "refresh_token", "refresh_token": .string(refresh)]
    let token = try #require(try await house.send("POST", "/v1/auth/token", grant).json["access_token"]?.string)
    let key: JSONValue = ["name": "k", "scopes": ["read"]]
    #expect(try await house.send("POST", "/v1/api-keys", key, token: token).code == "auth.proof_too_old")
    let wrong: JSONValue = ["password": "wrong"]
    #expect(try await house.send("POST", "/v1/auth/confirm", wrong, token: token).code == "auth.refused")
    let right: JSONValue = ["password": .string(PeopleBench.password)]
    #expect(try await house.send("POST", "/v1/auth/confirm", right, token: token).status == 204)
    #expect(try await house.send("POST", "/v1/api-keys", key, token: token).status == 201)
  }

  @Test func `takes keys for what they are for, until they are revoked or run out`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let token = try await house.token()
    let expires = house.bench.world.now() + .seconds(3_600)
    let body: JSONValue = ["name": "reader", "scopes": ["read"], "expires_at": .string(expires.description)]
    let made = try await house.send("POST", "/v1/api-keys", body, token: token)
    let (id, key) = (try #require(made.json["id"]?.string), try #require(made.json["key"]?.string))
    #expect(try await house.send("GET", "/v1/accounts", token: key).status == 200)
    #expect(try await house.send("PATCH", "/v1/me", ["name": "x"], token: key).code == "scope.missing")
    #expect(try await house.send("POST", "/v1/api-keys", body, token: key).code == "scope.missing")
    let listed = try await house.send("GET", "/v1/api-keys", token: token)
    #expect(listed.rows.first?["used_at"]?.string != nil && !listed.text.contains(key))
    let grant = try await house.send("POST", "/v1/auth/token", ["grant_type": "api_key", "api_key": .string(key)])
    #expect(grant.json["scope"] == "read" && grant.json["refresh_token"] == .null)
    let access = try #require(grant.json["access_token"]?.string)
    #expect(try await house.send("GET", "/v1/accounts", token: access).status == 200)
    #expect(try await house.send("PATCH", "/v1/me", ["name": "x"], token: access).code == "scope.missing")
    try await house.wait(.seconds(3_601))
    #expect(try await house.send("GET", "/v1/accounts", token: key).status == 401, "it ran out")
    let again = try await house.token()
    let second = try await house.send("POST", "/v1/api-keys", ["name": "k", "scopes": ["read"]], token: again)
    let other = try #require(second.json["key"]?.string)
    #expect(try await house.send("DELETE", "/v1/api-keys/\(id)", token: again).status == 204)
    let otherID = try #require(second.json["id"]?.string)
    #expect(try await house.send("DELETE", "/v1/api-keys/\(otherID)", token: again).status == 204)
    #expect(try await house.send("GET", "/v1/accounts", token: other).status == 401)
    let text = try await house.bench.database.read { session in
      try session.query("SELECT hint, scopes FROM api_key") { try $0(0, as: String.self) + (try $0(1)) }.joined()
    }
    #expect(!text.contains(key) && !text.contains(other))
  }

  @Test func `sets browsers a cookie that no other site can use`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let proof: JSONValue = ["email": "owner@x.example", "password": .string(PeopleBench.password)]
    #expect(try await house.send("POST", "/v1/auth/browser", proof).code == "auth.csrf")
    let ours: HeaderFields = ["Origin": "https://money.example"]
    let answer = try await house.send("POST", "/v1/auth/browser", proof, headers: ours)
    let set = try #require(answer.headers["Set-Cookie"])
    #expect(set.hasPrefix("__Host-magpie=") && set.contains("; Path=/; "))
    for word in ["Secure", "HttpOnly", "SameSite=Lax"] { #expect(set.contains("; \(word)")) }
    #expect(!set.contains("Domain"))
    let cookie = String(set.prefix { $0 != ";" })
    let csrf = try #require(answer.json["csrf"]?.string)
    func change(_ headers: HeaderFields) async throws -> HTTPBench.Answer {
      var headers = headers
      headers["Cookie"] = cookie
      return try await house.send("PATCH", "/v1/me", ["name": "Olive"], headers: headers)
    }
    #expect(try await house.send("GET", "/v1/me", headers: ["Cookie": cookie]).status == 200)
    #expect(try await change([:]).code == "auth.csrf")
    #expect(try await change(ours).code == "auth.csrf")
    #expect(try await change(["Magpie-CSRF": csrf]).code == "auth.csrf")
    #expect(try await change(["Magpie-CSRF": csrf, "Origin": "https://evil.example"]).code == "auth.csrf")
    #expect(try await change(["Magpie-CSRF": csrf, "Sec-Fetch-Site": "same-site"]).code == "auth.csrf")
    #expect(try await change(["Magpie-CSRF": csrf + "x", "Sec-Fetch-Site": "same-origin"]).code == "auth.csrf")
    #expect(try await change(["Magpie-CSRF": csrf, "Sec-Fetch-Site": "same-origin"]).status == 200)
    #expect(try await change(["Magpie-CSRF": csrf, "Origin": "https://money.example"]).status == 200)
    let both: HeaderFields = ["Cookie": cookie, "Authorization": "Bearer wrong"]
    #expect(try await house.send("GET", "/v1/me", headers: both).status == 401, "a bearer request ignores cookies")
    try await house.wait(.seconds(31 * 86_400))
    #expect(try await house.send("GET", "/v1/me", headers: ["Cookie": cookie]).status == 401, "unused for a month")
  }

  @Test func `changes a forgotten password and ends what was signed in`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let token = try await house.token()
    #expect(try await house.identity.makeReset(email: "nobody@x.example") == nil)
    let secret = try #require(try await house.identity.makeReset(email: "OWNER@x.example"))
    let body: JSONValue = ["secret": .string(secret.reveal), "password": "another odd jam, on rye"]
    #expect(try await house.send("POST", "/v1/auth/password-reset", body).status == 204)
    #expect(try await house.send("POST", "/v1/auth/password-reset", body).code == "auth.reset_refused")
    #expect(try await house.send("GET", "/v1/me", token: token).status == 401)
    #expect(try await house.signIn().code == "auth.refused")
  }

  @Test func `takes new people as the server's rule has it`() async throws {
    let body: JSONValue = ["name": "New", "email": "new@x.example", "password": .string(PeopleBench.password)]
    let closed = try await PeopleBench(.closed)
    try await closed.setUp()
    #expect(try await closed.send("POST", "/v1/auth/register", body).code == "auth.registration_closed")
    let open = try await PeopleBench(.open)
    #expect(try await open.send("POST", "/v1/auth/register", body).code == "setup.needed")
    try await open.setUp()
    let made = try await open.send("POST", "/v1/auth/register", body)
    let token = try #require(made.json["access_token"]?.string)
    #expect(try await open.send("GET", "/v1/members", token: token).rows.count == 1, "a household of their own")
    #expect(try await open.send("POST", "/v1/auth/register", body).code == "auth.email_taken")
    let invite = try await PeopleBench(.invite)
    try await invite.setUp()
    #expect(try await invite.send("POST", "/v1/auth/register", body).code == "auth.registration_closed")
    let owner = try await invite.token()
    let invitation = try await invite.send("POST", "/v1/invitations", ["role": "member"], token: owner)
    let invited = body.setting("invitation", invitation.json["secret"] ?? "")
    #expect(try await invite.send("POST", "/v1/auth/register", invited).status == 201)
    #expect(try await invite.send("GET", "/v1/members", token: owner).rows.map { $0["role"] } == ["owner", "member"])
    let twice = invited.setting("email", "third@x.example")
    #expect(try await invite.send("POST", "/v1/auth/register", twice).code == "invitation.refused")
  }
}
