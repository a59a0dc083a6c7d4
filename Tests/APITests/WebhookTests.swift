import Basics
import Crypto
import Databases
import Finance
import JSON
import Jobs
import Plaid
import Store
import Testing

@testable import API

/// A connection that Plaid sends webhooks about, signed with a key of the test's own.
struct WebhookBench {
  let bench: BankBench
  let banks: Banks
  let connection: ID<Connection>
  let itemID: String
  let key = ES256.PrivateKey.generate()
  let verifier: WebhookVerifier

  init(publicURL: String? = nil) async throws {
    bench = try await BankBench()
    banks = bench.banks(publicURL: publicURL)
    let linked = try await banks.linkSandbox(institution: "ins_109508")
    (connection, itemID) = (linked.id, linked.itemID)
    let publicKey = key.publicKey
    verifier = WebhookVerifier(now: bench.world.now) { id throws(PlaidError) in
      PlaidWebhookKey(id: id, publicKey: publicKey)
    }
    try await forgetJobs()
  }

  func forgetJobs() async throws {
    try await bench.database.write { try $0.execute("DELETE FROM job") }
  }

  func body(_ type: String, _ code: String, _ more: JSONValue = .object([]), item: String? = nil) -> [UInt8] {
    var body: JSONValue = [
      "webhook_type": .string(type), "webhook_code": .string(code), "item_id": .string(item ?? itemID),
      "environment": "sandbox",
    ]
    if case .object(let members) = more { for member in members { body[member.key] = member.value } }
    return body.serialized(indent: 2)
  }

  /// - Parameter mark: Tokens of one second over one body are otherwise alike only by their random signature.
  func sign(_ body: [UInt8], at time: Timestamp? = nil, by other: ES256.PrivateKey? = nil) -> String {
    let claims: JSONValue = [
      "iat": .int((time ?? bench.world.now()).seconds), "request_body_sha256": .string(Hex.encode(Hash.sha256(body))),
    ]
    return JWT.signed(claims: claims.serialized(), keyID: "key-1", key: other ?? key)
  }

  @discardableResult
  func send(_ type: String, _ code: String, _ more: JSONValue = .object([])) async throws -> Banks.WebhookAnswer {
    let body = body(type, code, more)
    return try await banks.receive(body, signature: sign(body), verifier)
  }

  func jobs() async throws -> [String] {
    try await bench.database.read { session in
      try session.query("SELECT kind FROM job WHERE state = 'waiting' ORDER BY kind") { try $0(0, as: String.self) }
    }
  }

  func state() async throws -> ConnectionState { try await banks.connection(connection).state }

  func notices() async throws -> [String] {
    let scope = bench.scope
    return try await bench.database.read { try Notifications.list(before: nil, limit: 50, scope, $0).map(\.kind) }
  }

  func outcomes() async throws -> [String] {
    try await bench.database.read { session in
      try session.query("SELECT outcome FROM webhook_event ORDER BY received_at, id") { try $0(0, as: String.self) }
    }
  }
}

/// One code of Plaid's: how the connection is before, what comes, and what follows.
private struct Row: CustomTestStringConvertible, Sendable {
  var type: String
  var code: String
  var more: JSONValue = .object([])
  var before = ConnectionState.healthy
  var progress = FeedProgress.historical
  var after: ConnectionState
  var jobs: [String] = []
  var notices: [String] = []
  var outcome = "taken"

  var testDescription: String { "\(type) \(code) when \(before.rawValue), \(progress.rawValue)" }
}

private let signInError: JSONValue = [
  "error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED", "error_message": "the login details changed",
  "display_message": nil, "status": 400,
]
private let downError: JSONValue = [
  "error_type": "INSTITUTION_ERROR", "error_code": "INSTITUTION_DOWN", "error_message": "down", "status": 400,
]

@Suite struct `A webhook of Plaid's` {
  private static let table: [Row] = [
    Row(
      type: "TRANSACTIONS", code: "SYNC_UPDATES_AVAILABLE",
      more: ["initial_update_complete": true, "historical_update_complete": true], after: .healthy,
      jobs: ["sync.update"]),
    Row(
      type: "TRANSACTIONS", code: "SYNC_UPDATES_AVAILABLE",
      more: ["initial_update_complete": true, "historical_update_complete": false], before: .pending,
      progress: .notReady, after: .pending, jobs: ["sync.initial"]),
    Row(
      type: "TRANSACTIONS", code: "SYNC_UPDATES_AVAILABLE",
      more: ["initial_update_complete": true, "historical_update_complete": true], progress: .initial,
      after: .healthy, jobs: ["sync.historical"]),
    Row(
      type: "TRANSACTIONS", code: "SYNC_UPDATES_AVAILABLE", before: .needsReauthentication,
      after: .needsReauthentication, jobs: ["sync.update"]),
    Row(type: "TRANSACTIONS", code: "SYNC_UPDATES_AVAILABLE", before: .revoked, after: .revoked, outcome: "noted"),
    Row(type: "TRANSACTIONS", code: "SYNC_UPDATES_AVAILABLE", before: .removing, after: .removing, outcome: "noted"),
    Row(
      type: "TRANSACTIONS", code: "INITIAL_UPDATE", more: ["new_transactions": 19, "error": nil], before: .pending,
      progress: .unknown, after: .pending, jobs: ["sync.initial"]),
    Row(type: "TRANSACTIONS", code: "INITIAL_UPDATE", after: .healthy, outcome: "noted"),
    Row(
      type: "TRANSACTIONS", code: "HISTORICAL_UPDATE", more: ["new_transactions": 231, "error": "none"],
      progress: .initial, after: .healthy, jobs: ["sync.historical"]),
    Row(type: "TRANSACTIONS", code: "HISTORICAL_UPDATE", after: .healthy, outcome: "noted"),
    Row(type: "TRANSACTIONS", code: "DEFAULT_UPDATE", more: ["new_transactions": 3], after: .healthy, outcome: "noted"),
    Row(
      type: "TRANSACTIONS", code: "TRANSACTIONS_REMOVED", more: ["removed_transactions": ["a"]], after: .healthy,
      outcome: "noted"),
    Row(
      type: "TRANSACTIONS", code: "RECURRING_TRANSACTIONS_UPDATE", more: ["account_ids": ["a"]], after: .healthy,
      jobs: ["sync.update"]),
    Row(
      type: "ITEM", code: "ERROR", more: ["error": signInError], after: .needsReauthentication,
      notices: ["connection.sign_in_needed"]),
    Row(
      type: "ITEM", code: "ERROR", more: ["error": signInError], before: .needsReauthentication,
      after: .needsReauthentication),
    Row(type: "ITEM", code: "ERROR", more: ["error": downError], after: .degraded),
    Row(
      type: "ITEM", code: "ERROR", more: ["error": downError], before: .needsReauthentication,
      after: .needsReauthentication),
    Row(type: "ITEM", code: "ERROR", more: ["error": nil], after: .healthy, outcome: "noted"),
    Row(
      type: "ITEM", code: "LOGIN_REPAIRED", before: .needsReauthentication, after: .healthy, jobs: ["sync.update"]),
    Row(
      type: "ITEM", code: "PENDING_EXPIRATION", more: ["consent_expiration_time": "2026-03-21T09:00:00Z"],
      after: .expiring, notices: ["connection.expiring"]),
    Row(
      type: "ITEM", code: "PENDING_DISCONNECT",
      more: ["reason": "INSTITUTION_TOKEN_EXPIRATION", "disconnect_time": "2026-03-21T09:00:00Z"],
      after: .expiring, notices: ["connection.expiring"]),
    Row(type: "ITEM", code: "PENDING_DISCONNECT", before: .needsReauthentication, after: .needsReauthentication),
    Row(
      type: "ITEM", code: "NEW_ACCOUNTS_AVAILABLE", more: ["error": nil], after: .healthy,
      notices: ["connection.new_accounts"]),
    Row(
      type: "ITEM", code: "USER_PERMISSION_REVOKED", more: ["error": nil], after: .revoked,
      notices: ["connection.revoked"]),
    Row(type: "ITEM", code: "USER_PERMISSION_REVOKED", before: .removed, after: .removed, outcome: "noted"),
    Row(
      type: "ITEM", code: "USER_ACCOUNT_REVOKED", more: ["account_id": "acc-1"], after: .healthy,
      jobs: ["sync.update"], notices: ["connection.account_revoked"]),
    Row(
      type: "ITEM", code: "WEBHOOK_UPDATE_ACKNOWLEDGED", more: ["new_webhook_url": "https://x.example/w"],
      after: .healthy, outcome: "noted"),
    Row(
      type: "HOLDINGS", code: "DEFAULT_UPDATE", more: ["new_holdings": 1, "updated_holdings": 0], after: .healthy,
      jobs: ["holdings"]),
    Row(
      type: "INVESTMENTS_TRANSACTIONS", code: "DEFAULT_UPDATE", more: ["new_investments_transactions": 2],
      after: .healthy, jobs: ["holdings"]),
    Row(type: "INVESTMENTS_TRANSACTIONS", code: "HISTORICAL_UPDATE", after: .healthy, jobs: ["holdings"]),
    Row(
      type: "LIABILITIES", code: "DEFAULT_UPDATE", more: ["account_ids_with_new_liabilities": ["a"]], after: .healthy,
      jobs: ["liabilities"]),
    Row(type: "LINK", code: "SESSION_FINISHED", after: .healthy, outcome: "noted"),
    Row(type: "LINK", code: "ITEM_ADD_RESULT", after: .healthy, outcome: "noted"),
    Row(type: "LINK", code: "EVENTS", after: .healthy, outcome: "noted"),
    Row(type: "ITEM", code: "SOMETHING_NEW", after: .healthy, outcome: "unknown"),
    Row(type: "HOLDINGS", code: "SOMETHING_NEW", after: .healthy, outcome: "unknown"),
    Row(type: "ASSETS", code: "PRODUCT_READY", after: .healthy, outcome: "unknown"),
  ]

  @Test func `of every code does what it should`() async throws {
    for row in Self.table {
      let bench = try await WebhookBench()
      let (id, scope) = (bench.connection, bench.bench.scope)
      try await bench.bench.database.write { session in
        try Connections.setState(id, row.before, code: nil, message: nil, scope, session)
        try session.execute("UPDATE connection SET progress = \(row.progress.rawValue)")
      }
      #expect(try await bench.send(row.type, row.code, row.more) == .taken)
      #expect(try await bench.state() == row.after, "\(row.testDescription)")
      #expect(try await bench.jobs() == row.jobs, "\(row.testDescription)")
      #expect(try await bench.notices() == row.notices, "\(row.testDescription)")
      #expect(try await bench.outcomes() == [row.outcome], "\(row.testDescription)")
      // The same news a second time, signed anew, tells nobody twice.
      #expect(try await bench.send(row.type, row.code, row.more) == .taken)
      #expect(try await bench.state() == row.after, "\(row.testDescription) twice")
      #expect(try await bench.notices() == row.notices, "\(row.testDescription) twice")
      #expect(try await bench.jobs() == row.jobs, "\(row.testDescription) twice")
    }
  }

  @Test func `takes the token away with the permission, and calls off what waits`() async throws {
    let bench = try await WebhookBench()
    try await bench.send("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
    #expect(try await bench.jobs().count == 1)
    try await bench.send("ITEM", "USER_PERMISSION_REVOKED")
    #expect(try await bench.jobs().isEmpty)
    #expect(try await bench.banks.connection(bench.connection).sealedToken == nil)
  }

  @Test func `counts again when it is equal but signed anew, and not when it is repeated`() async throws {
    let bench = try await WebhookBench()
    let body = bench.body("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
    let first = bench.sign(body)
    #expect(try await bench.banks.receive(body, signature: first, bench.verifier) == .taken)
    try await bench.forgetJobs()
    #expect(try await bench.banks.receive(body, signature: first, bench.verifier) == .known)
    #expect(try await bench.jobs().isEmpty)
    try await bench.bench.world.sleep(.seconds(1))
    #expect(try await bench.banks.receive(body, signature: bench.sign(body), bench.verifier) == .taken)
    #expect(try await bench.jobs().count == 1)
  }

  @Test func `is not believed when forged, stale, of another body or another environment`() async throws {
    let bench = try await WebhookBench()
    let body = bench.body("ITEM", "USER_PERMISSION_REVOKED")
    let now = bench.bench.world.now()
    let other = bench.body("ITEM", "USER_PERMISSION_REVOKED", ["environment": "production"])
    let attempts: [([UInt8], String?)] = [
      (body, nil), (body, "a.b.c"), (body, bench.sign(body, by: .generate())),
      (body, bench.sign(body, at: now - .seconds(301))), (body, bench.sign(body, at: now + .seconds(120))),
      (body, bench.sign(other)), (other, bench.sign(other)), (Array("[]".utf8), bench.sign(Array("[]".utf8))),
    ]
    for (body, signature) in attempts {
      await #expect(throws: Problem.self) {
        try await bench.banks.receive(body, signature: signature, bench.verifier)
      }
    }
    #expect(try await bench.outcomes().isEmpty)
    #expect(try await bench.state() != .revoked)
  }

  @Test func `for a link that is still being kept is looked at again`() async throws {
    let bench = try await WebhookBench()
    let body = bench.body("ITEM", "ERROR", item: "nobody's")
    #expect(try await bench.banks.receive(body, signature: bench.sign(body), bench.verifier) == .taken)
    #expect(try await bench.jobs() == ["webhook"])
    #expect(try await bench.outcomes() == ["unplaced"])
  }

  @Test func `is counted, unknown ones together`() async throws {
    let bench = try await WebhookBench()
    try await bench.send("ITEM", "LOGIN_REPAIRED")
    try await bench.send("ITEM", "NEW_THING_1")
    try await bench.send("ITEM", "NEW_THING_2")
    let counts = try await bench.bench.database.read { try WebhookEvents.counts($0).map { "\($0)" } }
    #expect(counts.count == 2)
    #expect(counts.contains { $0.contains("LOGIN_REPAIRED") })
    #expect(counts.contains { $0.contains("other") && $0.contains("2") })
  }
}

@Suite struct `The address for webhooks` {
  @Test(arguments: [
    "/v1/webhooks/plaid", "/plaid/webhook", "/api/v1/plaid/webhook", "/api/plaid/webhook", "/v1/sync/plaid/webhook",
  ])
  func `takes what the simulated bank signs, and nothing else`(_ path: String) async throws {
    try await HTTPBench.run { http in
      let banks = http.bench.banks()
      let linked = try await banks.linkSandbox(institution: "ins_109508")
      let body = Array(
        #"{"webhook_type":"ITEM","webhook_code":"NEW_ACCOUNTS_AVAILABLE","item_id":"\#(linked.itemID)","environment":"sandbox"}"#
          .utf8)
      let answer = try await http.send("POST", path, raw: body, token: nil)
      #expect(answer.status == 401 && answer.code == "webhook.refused")
      let large = try await http.send("POST", path, raw: [UInt8](repeating: 32, count: 70_000), token: nil)
      #expect(large.status == 413)
    }
  }
}
