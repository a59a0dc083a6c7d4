import Basics
import Glibc
import HTTP
import Testing

@Suite(.timeLimit(.minutes(15))) struct `A server with many clients` {
  let client = HTTPClient.live(log: .silent)

  @Test func `answers on the thread that reads when nothing has to be waited for`() async throws {
    @Sendable func thread() -> String {
      var name = [UInt8](repeating: 0, count: 64)
      let count = readlink("/proc/thread-self", &name, name.count)
      return String(decoding: name.prefix(max(0, count)), as: UTF8.self)
    }
    try await withServer(.init(threads: 1)) { _ in
      .text(200, thread())
    } _: { origin, _ in
      var readers: Set<String> = []
      for _ in 0..<20 { readers.insert(try await client.get(origin + "/").text) }
      let pool = await withTaskGroup(of: String.self) { group in
        for _ in 0..<200 { group.addTask { thread() } }
        return await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(readers.count == 1 && readers.isDisjoint(with: pool))
    }
  }

  @Test func `can be stopped in the midst of requests, whatever its threads are doing`() async throws {
    for _ in 0..<20 {
      let server = HTTPServer(.init()) { _ in Response(204) }
      let origin = "http://127.0.0.1:\(try server.start())"
      let (served, clients) = (Tally(), 4)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<clients {
          group.addTask {
            // Until nobody is there any more.
            while let answer = try? await client.get(origin + "/"), answer.status == 204 { served.add() }
          }
        }
        await served.wait(for: clients)
        await server.stop()
        try await group.waitForAll()
      }
    }
  }

  @Test func `survives many more clients than it has room for`() async throws {
    try await withServer(.init(connectionsMax: 8)) { _ in
      Response(204)
    } _: { origin, server in
      let port = try #require(server.port)
      var crowd: [RawClient] = []
      for _ in 0..<60 {
        let raw = try RawClient(port: port)
        raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        crowd.append(raw)
      }
      for raw in crowd { raw.hangUp() }
      var status = 503
      while status == 503 { status = try await client.get(origin + "/").status }
      #expect(status == 204)
    }
  }
}
