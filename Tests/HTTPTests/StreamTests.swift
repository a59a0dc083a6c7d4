import Basics
import HTTP
import Testing

@Suite struct `A streamed body` {
  /// Serves one stream, made anew for each request.
  private static func serve(
    grace: Duration = .seconds(20), _ make: @escaping @Sendable () -> BodyStream,
    _ body: (HTTPServer, String) async throws -> Void
  ) async throws {
    var configuration = HTTPServer.Configuration()
    configuration.stopGrace = grace
    let server = HTTPServer(configuration) { _ in .streaming(200, contentType: "text/plain", make()) }
    let port = try server.start()
    do {
      try await body(server, "http://127.0.0.1:\(port)/")
      await server.stop()
    } catch {
      await server.stop()
      throw error
    }
  }

  private static func get(_ url: String) async throws -> HTTPAnswer {
    try await HTTPClient.live(log: .silent).send(HTTPCall(method: "GET", url: url, deadline: .seconds(30)))
  }

  @Test func `arrives whole, whatever the size of its parts`() async throws {
    let sizes = [1, 0, 100_000, 3, 0, 70_000, 32 << 10]
    let make: @Sendable () -> BodyStream = {
      let place = Locked(0)
      return BodyStream {
        let index = place.withLock { place in
          defer { place += 1 }
          return place
        }
        return index < sizes.count ? Array(repeating: UInt8(index), count: sizes[index]) : nil
      }
    }
    try await Self.serve(make) { _, url in
      for _ in 0..<3 {
        let answer = try await Self.get(url)
        let whole = sizes.enumerated().flatMap { Array(repeating: UInt8($0.offset), count: $0.element) }
        #expect(answer.status == 200 && answer.body == whole)
      }
    }
  }

  @Test func `that fails is cut off, and does not pass for a whole one`() async throws {
    let make: @Sendable () -> BodyStream = {
      let isFirst = Locked(true)
      return BodyStream {
        guard
          isFirst.withLock({ first in
            defer { first = false }
            return first
          })
        else { throw CancellationError() }
        return Array("half".utf8)
      }
    }
    try await Self.serve(make) { _, url in
      await #expect(throws: HTTPClientError.self) { _ = try await Self.get(url) }
    }
  }

  @Test func `does not keep a server from stopping`() async throws {
    let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
    let make: @Sendable () -> BodyStream = {
      BodyStream {
        beginning.yield()
        try await Task.sleep(for: .seconds(3_600))
        return nil
      }
    }
    try await Self.serve(grace: .milliseconds(50), make) { server, url in
      let asking = Task { try await Self.get(url) }
      for await _ in begun { break }
      await server.stop()
      await #expect(throws: HTTPClientError.self) { _ = try await asking.value }
    }
  }
}
