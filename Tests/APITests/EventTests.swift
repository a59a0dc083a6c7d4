import Basics
import Databases
import Finance
import Glibc
import HTTP
import JSON
import Store
import Sync
import Testing

@testable import API

/// A client of an event stream, over a socket of its own that a thread of its own reads.
final class EventListener: Sendable {
  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let parts: AsyncStream<[UInt8]>
  private let descriptor: Int32

  init(_ http: HTTPBench, _ query: String = "", headers: [String: String] = [:]) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = (UInt16(http.origin.split(separator: ":").last ?? "") ?? 0).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let descriptor = descriptor
    let failure = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(failure == 0)
    var request = "GET /v1/events\(query) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(HTTPBench.token)\r\n"
    for (name, value) in headers { request += "\(name): \(value)\r\n" }
    let bytes = Array((request + "\r\n").utf8)
    _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    let (parts, sink) = AsyncStream.makeStream(of: [UInt8].self)
    self.parts = parts
    let work = Work {
      var buffer = [UInt8](repeating: 0, count: 16_384)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        sink.yield(Array(buffer[..<count]))
      }
      sink.finish()
      Glibc.close(descriptor)
    }
    var thread = pthread_t()
    let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
      if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }
    if pthread_create(&thread, nil, start, Unmanaged.passRetained(work).toOpaque()) == 0 { pthread_detach(thread) }
  }

  /// Waits for so many events; the time limit of the test is the deadline.
  func events(_ count: Int) async -> [(id: Int, kind: String)] {
    var bytes: [UInt8] = []
    for await part in parts {
      bytes += part
      let found = Self.events(in: Self.body(of: bytes))
      if found.count >= count { return found }
    }
    return Self.events(in: Self.body(of: bytes))
  }

  /// What has come of a chunked body (RFC 9112 §7.1).
  private static func body(of bytes: [UInt8]) -> String {
    let crlf: [UInt8] = [13, 10]
    guard let head = bytes.firstRange(of: crlf + crlf) else { return "" }
    var (rest, body): (ArraySlice<UInt8>, [UInt8]) = (bytes[head.upperBound...], [])
    while let line = rest.firstRange(of: crlf),
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), size > 0
    {
      body += rest[line.upperBound...].prefix(size)
      rest = rest[line.upperBound...].dropFirst(size + 2)
    }
    return String(decoding: body, as: UTF8.self)
  }

  private static func events(in text: String) -> [(id: Int, kind: String)] {
    // An event is whole when its empty line has come.
    let lines = text.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast().joined(separator: "\n")
    return lines.split(separator: "\n").reduce(into: []) { events, line in
      if line.hasPrefix("id: ") { events.append((Int(line.dropFirst(4)) ?? -1, "")) }
      if line.hasPrefix("event: "), !events.isEmpty { events[events.count - 1].kind = String(line.dropFirst(7)) }
    }
  }

  func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

extension HTTPBench {
  /// Something happens in the household.
  fileprivate func happen(_ kind: String, _ count: Int = 1) async throws {
    let (scope, now) = (bench.scope, bench.world.now())
    try await bench.database.write { session in
      try Events.append((0..<count).map { _ in NewEvent(kind: kind, body: "{}") }, now: now, scope, session)
    }
  }
}

@Suite struct `The stream of events` {
  @Test(.timeLimit(.minutes(2))) func `sends what happens, in order, and goes on where it ended`() async throws {
    try await HTTPBench.run { http in
      try await http.happen("one", 2)
      let first = try EventListener(http, "?after=0")
      #expect(await first.events(2).map(\.id) == [1, 2])
      first.close()
      try await http.happen("two", 450)
      let second = try EventListener(http, headers: ["Last-Event-ID": "2"])
      let events = await second.events(450)
      #expect(events.map(\.id) == Array(3...452) && events.allSatisfy { $0.kind == "two" })
      second.close()
    }
  }

  @Test(.timeLimit(.minutes(2))) func `sends at once what happens while it is listened to`() async throws {
    try await HTTPBench.run { http in
      try await http.happen("past", 3)
      let listener = try EventListener(http)
      let hub = http.hub
      for await count in hub.counts() where count == 1 { break }
      try await http.happen("present")
      await hub.look()
      #expect(await listener.events(1).map(\.kind) == ["present"])
      listener.close()
      // Whoever hangs up is forgotten.
      for await count in hub.counts() where count == 0 { break }
    }
  }

  @Test(.timeLimit(.minutes(2))) func `says so when what was asked for is not kept any more`() async throws {
    try await HTTPBench.run { http in
      try await http.happen("old", 5)
      try await http.bench.world.sleep(.seconds(40 * 86_400))
      let now = http.bench.world.now()
      try await http.bench.database.write { try Events.forget(now: now, $0) }
      try await http.happen("new", 2)
      let lost = try EventListener(http, "?after=3")
      #expect(await lost.events(1).map(\.kind) == ["reset"])
      lost.close()
      let exact = try EventListener(http, "?after=5")
      #expect(await exact.events(2).map(\.id) == [6, 7])
      exact.close()
      let ahead = try EventListener(http, "?after=900")
      #expect(await ahead.events(1).map(\.kind) == ["reset"])
      ahead.close()
      let odd = try EventListener(http, headers: ["Last-Event-ID": "evt-seven"])
      #expect(await odd.events(1).map(\.kind) == ["reset"])
      odd.close()
    }
  }

  /// The next time that a hub wakes a listener, of two who stand beside each other.
  private func wake(
    pause: @escaping @Sendable (Duration) async throws -> Void,
    _ happen: (_ counted: CountedDatabase, _ bench: BankBench) async throws -> Void
  ) async throws -> Bool {
    let bench = try await BankBench()
    let counted = CountedDatabase(bench.database)
    let hub = EventHub(counted, World(now: bench.world.now, sleep: pause, random: bench.world.random))
    let running = Task { try await hub.run() }
    defer { running.cancel() }
    let wakes = hub.listen(to: bench.scope.household)
    try await happen(counted, bench)
    for await _ in wakes { return true }
    return false
  }

  @Test(.timeLimit(.minutes(1))) func `is woken by what this program writes, without looking for it`() async throws {
    // The pause between two looks never ends.
    let isWoken = try await wake { _ in
      try await Task.sleep(for: .seconds(86_400))
    } _: { counted, bench in
      let (scope, now) = (bench.scope, bench.world.now())
      try await counted.write { try Events.append([NewEvent(kind: "one", body: "{}")], now: now, scope, $0) }
    }
    #expect(isWoken)
  }

  @Test(.timeLimit(.minutes(1))) func `is woken by what others write, a moment later`() async throws {
    let isWoken = try await wake {
      try await Task.sleep(for: $0)
    } _: { _, bench in
      let (scope, now) = (bench.scope, bench.world.now())
      try await bench.database.write { try Events.append([NewEvent(kind: "one", body: "{}")], now: now, scope, $0) }
    }
    #expect(isWoken)
  }

  @Test(.timeLimit(.minutes(3))) func `serves a hundred who come and go, and misses nothing for any`() async throws {
    try await HTTPBench.run { http in
      try await http.happen("e", 50)
      try await withThrowingTaskGroup(of: [Int].self) { group in
        for index in 0..<100 {
          group.addTask {
            var seen: [Int] = []
            // Three times: hang up after some, and come again with the last one seen.
            for part in 1...3 {
              let listener = try EventListener(http, "?after=\(seen.last ?? 0)")
              let wanted = part == 3 ? 50 - seen.count : 10 + index % 7
              seen += await listener.events(wanted).prefix(wanted).map(\.id)
              listener.close()
            }
            return seen
          }
        }
        for try await seen in group { #expect(seen == Array(1...50)) }
      }
    }
  }

  @Test func `is for those who may read`() async throws {
    try await HTTPBench.run { http in
      let stranger = try await http.send("GET", "/v1/events", token: nil)
      let odd = try await http.get("/v1/events?after=-1")
      #expect(stranger.status == 401 && odd.status == 422)
    }
  }
}

@Suite struct `What people are told` {
  @Test func `are listed, read, dismissed and muted by each person for themselves`() async throws {
    try await HTTPBench.run { http in
      let id = try await http.link()
      let connection = try #require(ID<Connection>(id))
      let (scope, world) = (http.bench.scope, http.bench.world)
      try await http.bench.database.write { session in
        let fault = FeedFault(type: "ITEM_ERROR", code: "ITEM_LOGIN_REQUIRED", message: "m")
        for _ in 0..<2 {
          try ConnectionKeeping.note(
            .failed(.reauthenticate(fault)), connection, now: world.now(), world, scope, session)
        }
      }
      let listed = try await http.get("/v1/notifications")
      #expect(
        listed.rows.compactMap { $0["kind"]?.string }
          == ["connection.sign_in_needed", "history.complete", "history.first_days"])
      #expect(listed.rows[0]["title"]?.string == "First Platypus Bank wants you to sign in again.")
      #expect(listed.rows[0]["link"]?.string == "/v1/connections/\(id)")
      let first = try #require(listed.rows[0]["id"]?.string)
      #expect(try await http.post("/v1/notifications/\(first)/read").status == 204)
      #expect(try await http.get("/v1/notifications?unread=true").rows.count == 2)
      let second = try #require(listed.rows[1]["id"]?.string)
      #expect(try await http.post("/v1/notifications/\(second)/dismiss").status == 204)
      #expect(try await http.get("/v1/notifications").rows.count == 2)
      let muted = try await http.send("PUT", "/v1/notifications/muted", ["kinds": ["history.first_days"]])
      #expect(muted.status == 200)
      #expect(try await http.get("/v1/notifications/muted").json["kinds"]?.elements.count == 1)
      #expect(try await http.get("/v1/notifications").rows.map { $0["id"]?.string } == [first])
      #expect(try await http.send("PUT", "/v1/notifications/muted", ["kinds": ["nothing"]]).status == 422)
      let nobody = world.newID(Notice.self)
      #expect(try await http.post("/v1/notifications/\(nobody)/read").status == 404)
      // Well again: it settles by itself, and others are told when it happens anew.
      try await http.bench.database.write { session in
        try ConnectionKeeping.note(.synced(.historical), connection, now: world.now(), world, scope, session)
      }
      #expect(try await http.get("/v1/notifications").rows[0]["settled_at"]?.string != nil)
    }
  }

  @Test func `about what a person may not see are not shown to them`() async throws {
    let bench = try await BankBench()
    let (scope, world) = (bench.scope, bench.world)
    let other = Scope(household: scope.household, user: world.newID())
    let stored = try await bench.banks().linkSandbox(institution: "ins_109508")
    _ = try await bench.banks().sync(stored.id)
    try await bench.database.write { session in
      try session.execute(
        "INSERT INTO person (id, name, created_at) VALUES (\(other.user), 'Other', \(world.now()))")
      for account in try Accounts.list(after: nil, limit: 50, scope, session) {
        try session.execute(
          """
          INSERT INTO account_share (household_id, account_id, level, set_by, set_at)
          VALUES (\(scope.household), \(account.id), 'hidden', \(scope.user), \(world.now()))
          """)
      }
    }
    let seen = try await bench.database.read { session in
      (
        try Notifications.list(before: nil, limit: 50, scope, session).count,
        try Notifications.list(before: nil, limit: 50, other, session).count
      )
    }
    #expect(seen == (2, 0))
  }
}

@Suite struct `What people set up together` {
  @Test func `is told as changed, so that others read it anew`() async throws {
    let house = try await PeopleBench()
    try await house.setUp()
    let token = try await house.token()
    func ask(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
      let answer = try await house.send(method, path, body, token: token)
      #expect(answer.status < 300, "\(method) \(path): \(answer.text)")
      return answer.json
    }
    _ = try await ask("PUT", "/v1/budgets/TRAVEL", ["amount": "90.00", "rollover": "none"])
    let goal = try await ask("POST", "/v1/goals", ["name": "Sea", "amount": "900.00"])
    _ = try await ask("DELETE", "/v1/goals/\(goal["id"]?.string ?? "")")
    _ = try await ask("DELETE", "/v1/budgets/TRAVEL")
    let content: JSONValue = [
      "name": "Kiosk", "when": ["text": "any", "contains": "kiosk"], "then": ["category": "FOOD_AND_DRINK_GROCERIES"],
    ]
    let rule = try await ask("POST", "/v1/rules", content)
    _ = try await ask("DELETE", "/v1/rules/\(rule["id"]?.string ?? "")")
    _ = try await ask("PATCH", "/v1/household", ["name": "The shed"])
    let told = try await house.bench.database.read { [scope = house.scope] session in
      try Events.after(0, limit: 100, scope, session).map(\.event.kind).filter {
        ["plans.changed", "rules.changed", "household.changed"].contains($0)
      }
    }
    let plans = [String](repeating: "plans.changed", count: 4)
    #expect(told == plans + ["rules.changed", "rules.changed", "household.changed"])
  }
}
