import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Store
import Testing

@testable import API

/// A household that tells addresses, and what they were told: a receiver on this machine that answers as it is told.
private final class Receiver: Sendable {
  struct Call: Sendable {
    var headers: HeaderFields
    var body: [UInt8]
    var json: JSONValue? { try? JSONValue.parse(body) }
    var position: Int? { if case .number(let text) = json?["position"] { Int(text) } else { nil } }
    var kind: String? { json?["type"]?.string }
  }

  let calls = Locked<[Call]>([])
  /// The next answers; when none is left, 204.
  let answers = Locked<[Int]>([])

  func handle(_ request: Request) -> Response {
    calls.withLock { $0.append(Call(headers: request.headers, body: request.body)) }
    return Response(answers.withLock { $0.isEmpty ? 204 : $0.removeFirst() })
  }

  var positions: [Int] { calls.withLock { $0.compactMap(\.position) } }
}

private struct OutgoingHouse: Sendable {
  let http: HTTPBench
  let receiver: Receiver
  let url: String

  var bench: BankBench { http.bench }
  static let here = OutgoingRules(allowed: ["127.0.0.1"].compactMap { AddressBlock($0) })

  static func run(_ body: (OutgoingHouse) async throws -> Void) async throws {
    let receiver = Receiver()
    let server = HTTPServer(.init(), handler: { receiver.handle($0) })
    let port = try server.start()
    var settings = Interface.Settings()
    settings.outgoing = .live(log: .silent, rules: here)
    do {
      try await HTTPBench.run(settings: settings) { http in
        try await body(OutgoingHouse(http: http, receiver: receiver, url: "http://127.0.0.1:\(port)/hook"))
      }
      await server.stop()
    } catch {
      await server.stop()
      throw error
    }
  }

  func worker(rules: OutgoingRules = here) -> Worker {
    let banks = bench.banks()
    let outgoing = Outgoing(banks.database, banks.world, banks.sealing, http: .live(log: .silent, rules: rules))
    let world = bench.world
    return Worker(
      bench.database, world: world, log: .silent, settings: .init(owner: "one"),
      handlers: DeliveryJobs(outgoing, log: .silent).handlers,
      buried: { job, failure, session in try DeliveryJobs.buried(job, failure, world: world, session) })
  }

  /// Tells of as many things, one transaction each.
  func tell(_ count: Int, _ kind: String = "thing.happened", account: ID<Account>? = nil) async throws {
    let (scope, now) = (bench.scope, bench.world.now())
    for _ in 0..<count {
      try await bench.database.write { session in
        try Events.append([NewEvent(kind: kind, body: "{\"n\":1}", account: account)], now: now, scope, session)
      }
    }
  }

  /// What the watch and a worker do, until nothing is due.
  func deliver(_ worker: Worker? = nil) async {
    let worker = worker ?? self.worker()
    let watch = DeliveryWatch(bench.database, bench.world) {}
    repeat { await watch.look() } while await worker.drain() > 0
  }

  func make(_ kinds: [String] = []) async throws -> (id: String, secret: String) {
    let made = try await http.post("/v1/webhook-endpoints", ["url": .string(url), "kinds": JSONValue(kinds)])
    #expect(made.status == 201, "\(made.text)")
    return (try #require(made.json["id"]?.string), try #require(made.json["secret"]?.string))
  }

  func endpoint(_ id: String) async throws -> StoredEndpoint {
    let (scope, id) = (bench.scope, try #require(ID<WebhookEndpoint>(id)))
    return try #require(
      try await bench.database.read { try WebhookEndpoints.find(id, of: scope.household, $0) })
  }

  var notices: [String] {
    get async throws {
      let scope = bench.scope
      return try await bench.database.read { session in
        try Notifications.list(before: nil, limit: 50, scope, session).map(\.kind)
      }
    }
  }
}

@Suite(.timeLimit(.minutes(2))) struct `Outgoing webhooks` {
  /// By the words of Standard Webhooks: `v1,` and the base 64 of HMAC-SHA256 over `id.timestamp.body`.
  private func isSigned(_ call: Receiver.Call, by secrets: [String]) throws -> Bool {
    let id = try #require(call.headers["webhook-id"])
    let time = try #require(call.headers["webhook-timestamp"])
    let message = Array("\(id).\(time).".utf8) + call.body
    let expected = try secrets.map { secret in
      "v1," + Base64.encode(HMAC.sha256(key: try #require(Base64.decode(String(secret.dropFirst(6)))), message))
    }
    return call.headers["webhook-signature"] == expected.joined(separator: " ")
  }

  @Test func `are signed as Standard Webhooks says`() {
    // The example of its specification.
    let signature = WebhookSignature.sign(
      Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      with: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")])
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func `tell an address everything from then on, in order and once`() async throws {
    try await OutgoingHouse.run { house in
      try await house.tell(3)
      let (id, secret) = try await house.make()
      try await house.tell(30)
      await house.deliver()
      #expect(house.receiver.positions == Array(4...33))
      let call = try #require(house.receiver.calls.withLock { $0.first })
      #expect(try isSigned(call, by: [secret]))
      #expect(call.kind == "thing.happened")
      #expect(call.json?["id"]?.string == call.headers["webhook-id"])
      await house.deliver()
      #expect(house.receiver.calls.withLock { $0.count } == 30)
      let listed = try await house.http.get("/v1/webhook-endpoints/\(id)/deliveries?limit=2")
      #expect(listed.rows.count == 2)
      #expect(listed.rows.first?["status"] == 204)
      #expect(try await house.endpoint(id).position == 33)
    }
  }

  @Test func `try again what was not taken, and hold back what comes after it`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make()
      try await house.tell(5)
      house.receiver.answers.withLock { $0 = [204, 204, 500, 500, 204] }
      await house.deliver()
      // The third is being rested; nothing overtakes it.
      #expect(house.receiver.positions == [1, 2, 3, 3])
      try await house.bench.world.sleep(.seconds(60))
      await house.deliver()
      #expect(house.receiver.positions == [1, 2, 3, 3, 3, 4, 5])
      let calls = house.receiver.calls.withLock { $0 }
      #expect(Set(calls[2...4].compactMap { $0.headers["webhook-id"] }).count == 1)
      let listed = try await house.http.get("/v1/webhook-endpoints/\(id)/deliveries")
      #expect(listed.rows.first { $0["position"] == 3 }?["tries"] == 3)
    }
  }

  @Test func `end after days of failures, with word to whoever made it, and go on where they ended`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make()
      try await house.tell(2)
      house.receiver.answers.withLock { $0 = [Int](repeating: 503, count: 100) }
      let began = house.bench.world.now()
      for _ in 0..<200 where try await house.endpoint(id).state == .active {
        await house.deliver()
        try await house.bench.world.sleep(.seconds(3600))
      }
      #expect(try await house.endpoint(id).state == .disabled)
      #expect(house.bench.world.now() - began > .seconds(2 * 86_400))
      #expect(Set(house.receiver.positions) == [1])
      #expect(try await house.notices == ["webhook.disabled"])
      #expect(try await house.bench.database.read { try DeadLetters.list(of: nil, limit: 9, $0) }.isEmpty)
      house.receiver.answers.withLock { $0 = [] }
      let changed = try await house.http.send("PATCH", "/v1/webhook-endpoints/\(id)", ["state": "active"])
      #expect(changed.json["state"] == "active" && changed.json["reason"] == .null)
      await house.deliver()
      // The third is that it was told so.
      #expect(house.receiver.positions.suffix(3) == [1, 2, 3])
    }
  }

  @Test func `end at once for an address that says it is gone`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make()
      try await house.tell(1)
      house.receiver.answers.withLock { $0 = [410] }
      await house.deliver()
      #expect(try await house.endpoint(id).state == .disabled)
    }
  }

  @Test func `tell of what was asked for alone`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make(["transaction", "sync.finished"])
      for kind in ["transaction.added", "transactional", "sync.started", "sync.finished", "account.changed"] {
        try await house.tell(1, kind)
      }
      await house.deliver()
      #expect(house.receiver.calls.withLock { $0.compactMap(\.kind) } == ["transaction.added", "sync.finished"])
      // What was passed over is passed over for good.
      #expect(try await house.endpoint(id).position == 5)
    }
  }

  @Test func `sign with both secrets for a day after a change`() async throws {
    try await OutgoingHouse.run { house in
      let (id, former) = try await house.make()
      let renewed = try await house.http.post("/v1/webhook-endpoints/\(id)/secret")
      let secret = try #require(renewed.json["secret"]?.string)
      try await house.tell(1)
      await house.deliver()
      let first = try #require(house.receiver.calls.withLock { $0.last })
      #expect(try isSigned(first, by: [secret, former]))
      try await house.bench.world.sleep(.seconds(86_401))
      try await house.tell(1)
      await house.deliver()
      let second = try #require(house.receiver.calls.withLock { $0.last })
      #expect(try isSigned(second, by: [secret]))
      // Sealed, and found by a change of the key.
      let boxes = try await house.bench.database.read { try SealedTokens.all($0) }
      #expect(boxes.filter { if case .webhook = $0.place { true } else { false } }.count == 2)
    }
  }

  @Test func `can be told again, one or from a position on`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make()
      try await house.tell(4)
      await house.deliver()
      #expect(try await house.http.post("/v1/webhook-endpoints/\(id)/resend", ["position": 2]).status == 202)
      await house.deliver()
      #expect(house.receiver.positions == [1, 2, 3, 4, 2])
      #expect(try await house.http.post("/v1/webhook-endpoints/\(id)/replay", ["after": 2]).status == 200)
      await house.deliver()
      #expect(house.receiver.positions == [1, 2, 3, 4, 2, 3, 4])
      #expect(try await house.http.post("/v1/webhook-endpoints/\(id)/replay", ["after": 9]).code == "event.unknown")
    }
  }

  @Test func `go on at once, with all their tries, when a person has seen to it`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make()
      try await house.tell(2)
      house.receiver.answers.withLock { $0 = [Int](repeating: 503, count: 9) }
      for _ in 0..<9 {
        await house.deliver()
        try await house.bench.world.sleep(.seconds(13 * 3600))
      }
      await house.deliver()
      #expect(house.receiver.positions == [Int](repeating: 1, count: 9) + [1, 2])
      try await house.tell(1)
      house.receiver.answers.withLock { $0 = [Int](repeating: 503, count: 6) }
      for _ in 0..<6 {
        await house.deliver()
        try await house.bench.world.sleep(.seconds(13 * 3600))
      }
      try await house.bench.world.sleep(.seconds(-13 * 3600))
      await house.deliver()
      #expect(house.receiver.positions.count == 17, "the next try is hours away")
      let path = "/v1/webhook-endpoints/\(id)"
      _ = try await house.http.send("PATCH", path, ["description": "mended"])
      await house.deliver()
      #expect(house.receiver.positions.suffix(2) == [3, 3])
      // Again out of reach; what is told again is tried at once too.
      try await house.tell(1)
      house.receiver.answers.withLock { $0 = [503] }
      await house.deliver()
      #expect(try await house.http.post(path + "/replay", ["after": 2]).status == 200)
      await house.deliver()
      #expect(house.receiver.positions.suffix(3) == [4, 3, 4])
      _ = try await house.http.send("PATCH", path, ["state": "paused"])
      #expect(try await house.http.post(path + "/resend", ["position": 2]).code == "webhook.halted")
    }
  }

  @Test func `can be tried out`() async throws {
    try await OutgoingHouse.run { house in
      let (id, secret) = try await house.make()
      let test = try await house.http.post("/v1/webhook-endpoints/\(id)/test")
      #expect(test.json["delivered"] == true && test.json["status"] == 204, "\(test.text)")
      let call = try #require(house.receiver.calls.withLock { $0.last })
      #expect(call.kind == "ping")
      #expect(try isSigned(call, by: [secret]))
      house.receiver.answers.withLock { $0 = [302] }
      let moved = try await house.http.post("/v1/webhook-endpoints/\(id)/test")
      #expect(moved.json["delivered"] == false && moved.json["status"] == 302)
    }
  }

  @Test func `do not reach this machine unless the operator allows it`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make()
      try await house.tell(1)
      await house.deliver(house.worker(rules: OutgoingRules()))
      #expect(house.receiver.calls.withLock { $0.isEmpty })
      let listed = try await house.http.get("/v1/webhook-endpoints/\(id)/deliveries")
      #expect(listed.rows.first?["failure"]?.string?.contains("may not be asked") == true, "\(listed.text)")
    }
  }

  @Test func `end with the rights of whoever made them`() async throws {
    try await OutgoingHouse.run { house in
      let (id, _) = try await house.make()
      try await house.tell(1)
      let scope = house.bench.scope
      try await house.bench.database.write { session in
        try session.execute("UPDATE membership SET role = 'member' WHERE household_id = \(scope.household)")
      }
      await house.deliver()
      #expect(house.receiver.calls.withLock { $0.isEmpty })
      #expect(try await house.endpoint(id).state == .disabled)
    }
  }

  @Test func `go on after a crash between sending and noting`() async throws {
    try await OutgoingHouse.run { house in
      _ = try await house.make()
      try await house.tell(3)
      let crashing = CrashingWrites(house.bench.database, after: 2)
      let banks = house.bench.banks(database: crashing)
      let outgoing = Outgoing(
        crashing, banks.world, banks.sealing, http: .live(log: .silent, rules: OutgoingHouse.here))
      let worker = Worker(
        house.bench.database, world: house.bench.world, log: .silent, settings: .init(owner: "one"),
        handlers: DeliveryJobs(outgoing, log: .silent).handlers)
      await house.deliver(worker)
      #expect(house.receiver.positions == [1, 2, 3])
      try await house.bench.world.sleep(.seconds(60))
      await house.deliver()
      // The third was sent and not noted: it comes twice, under one name.
      #expect(house.receiver.positions == [1, 2, 3, 3])
    }
  }
}

/// Writes so often, and fails from then on.
private final class CrashingWrites: Database {
  private let inner: any Database
  private let left: Locked<Int>

  init(_ inner: any Database, after count: Int) {
    self.inner = inner
    left = Locked(count)
  }

  func read<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    try await inner.read(body)
  }

  @discardableResult
  func write<Value: Sendable>(_ body: @Sendable @escaping (any Session) throws -> Value) async throws -> Value {
    let mayWrite = left.withLock { left in
      left -= 1
      return left >= 0
    }
    guard mayWrite else { throw DatabaseError(kind: .full, message: "no room") }
    return try await inner.write(body)
  }
}
