import Basics
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Store
import Testing
import Workshop

@testable import API

extension PeopleBench {
  /// Sends what waits, to a mail server on this machine.
  fileprivate func mail(to sink: MailSink) async {
    let server = SMTPServer(url: Secret("smtp://127.0.0.1:\(sink.port)"), requiresTLS: false)
    let jobs = MailJobs(
      bench.database, mailroom, by: .smtp(server), from: "magpie@example.org", publicURL: "https://money.example")
    await Worker(
      bench.database, world: bench.world, log: .silent, settings: .init(owner: "one"), handlers: jobs.handlers
    ).drain()
  }

  fileprivate func askForReset(_ email: String) async throws -> HTTPBench.Answer {
    try await send("POST", "/v1/auth/reset", ["email": .string(email)])
  }
}

@Suite(.timeLimit(.minutes(2))) struct `Links by mail` {
  @Test func `set a forgotten password, and tell nobody who signs in here`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let (token, sink) = (try await house.token(), try MailSink())
    defer { sink.stop() }
    let times = Locked<[Duration]>([])
    for email in ["OWNER@x.example", "nobody@x.example", "owner@x.example"] {
      let begun = house.bench.world.now()
      let asked = try await house.askForReset(email)
      #expect(asked.status == 202 && asked.text.isEmpty, "\(email): \(asked.text)")
      times.withLock { $0.append(house.bench.world.now() - begun) }
    }
    #expect(times.withLock { $0.allSatisfy { $0 >= Identity.mailedResetAnswer } })
    await house.mail(to: sink)
    // One mail, whoever asks twice, and none to those who are not here.
    let mail = try #require(sink.mails.first)
    #expect(sink.mails.count == 1 && mail.to == ["<Owner@x.example>"], "\(sink.mails.map(\.to))")
    let text = mail.body.joined(separator: "\n").replacing("=\n", with: "").replacing("=3D", with: "=")
    let link = try #require(text.split(separator: "\n").first { $0.hasPrefix("https://money.example/reset#") })
    let secret = String(link.split(separator: "#")[1])
    let kept = try await house.bench.database.read { session in
      try session.query("SELECT hash FROM one_time_secret WHERE purpose = 'reset'") { try $0(0, as: [UInt8].self) }
    }
    #expect(kept.count == 1 && kept[0] != Array(secret.utf8))
    let body: JSONValue = ["secret": .string(secret), "password": "another odd jam, on rye"]
    #expect(try await house.send("POST", "/v1/auth/password-reset", body).status == 204)
    #expect(try await house.send("POST", "/v1/auth/password-reset", body).code == "auth.reset_refused")
    #expect(try await house.send("GET", "/v1/me", token: token).status == 401, "every sign-in ended")
    #expect(try await house.signIn().code == "auth.refused")
    let log = try await house.bench.database.read { session in
      try session.query("SELECT action FROM audit ORDER BY at, id") { try $0(0, as: String.self) }
    }
    #expect(log.contains("password.reset_mailed") && log.contains("password.changed"), "\(log)")
  }

  @Test func `are good for half an hour, and come seldom`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let sink = try MailSink()
    defer { sink.stop() }
    for _ in 0..<3 {
      _ = try await house.askForReset("owner@x.example")
      try await house.wait(.seconds(20 * 60))
      await house.mail(to: sink)
    }
    #expect(sink.mails.count == 3)
    let mail = try #require(sink.mails.first)
    let text = mail.body.joined(separator: "\n").replacing("=\n", with: "").replacing("=3D", with: "=")
    let secret = try #require(text.split(separator: "#").last?.split(separator: "\n").first)
    let body: JSONValue = ["secret": .string(String(secret)), "password": "another odd jam, on rye"]
    #expect(try await house.send("POST", "/v1/auth/password-reset", body).code == "auth.reset_refused")
  }

  @Test func `are not to be had where no mail is sent, and not without end`() async throws {
    let house = try await PeopleBench(sendsMail: false)
    try await house.setUp()
    #expect(try await house.askForReset("owner@x.example").code == "mail.none")
    #expect(try await house.askForReset("nobody@x.example").code == "mail.none")
    let limited = try await PeopleBench(limits: RateLimits())
    var codes: [String?] = []
    for _ in 0..<80 { codes.append(try await limited.askForReset("nobody@x.example").code) }
    #expect(codes.contains("rate.limited"))
  }
}

@Suite struct `People` {
  @Test func `hear of what was changed about how they sign in, and nobody else does`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    _ = try await house.add("other@x.example", .admin)
    let token = try await house.token()
    let made = try await house.send("POST", "/v1/api-keys", ["name": "k", "scopes": ["read"]], token: token)
    #expect(made.status == 201)
    let elsewhere = try await house.token()
    let guess: JSONValue = ["current_password": "not the one", "new_password": "nine geese in a tall hat"]
    #expect(try await house.send("POST", "/v1/me/password", guess, token: token).code == "auth.refused")
    let changed = try await house.send(
      "POST", "/v1/me/password",
      ["current_password": .string(PeopleBench.password), "new_password": "nine geese in a tall hat"], token: token)
    #expect(changed.status == 204, "\(changed.text)")
    #expect(try await house.send("GET", "/v1/me", token: elsewhere).status == 401, "other sign-ins end")
    let told = try await house.send("GET", "/v1/notifications", token: token).rows
    #expect(
      told.compactMap { $0["title"]?.string } == ["Your password was changed.", "An API key was made in your name."])
    let other = try await house.token("other@x.example")
    #expect(try await house.send("GET", "/v1/notifications", token: other).rows.isEmpty)
    #expect(try await !house.send("GET", "/v1/events?after=0", token: other).text.contains("account.security"))
    let muted = try await house.send(
      "PUT", "/v1/notifications/muted", ["kinds": ["account.security"]], token: other)
    #expect(muted.status == 422)
  }
}
