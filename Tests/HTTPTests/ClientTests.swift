import Basics
import Glibc
import HTTP
import Testing

@Suite(.timeLimit(.minutes(15))) struct `A client` {
  let client = HTTPClient.live(log: .silent)

  /// A port where nobody listens: one that was bound a moment ago.
  func freePort() async throws -> UInt16 {
    let server = HTTPServer(.init()) { _ in Response(204) }
    let port = try server.start()
    await server.stop()
    return port
  }

  @Test func `keeps its connection for the next call`() async throws {
    try await withServer(.init(threads: 1, connectionsMax: 1)) {
      .text(200, $0.path)
    } _: { origin, _ in
      // The server takes one connection only and would answer a second 503.
      for index in 0..<50 {
        let answer = try await client.get(origin + "/\(index)")
        #expect(answer.status == 200 && answer.text == "/\(index)")
      }
    }
  }

  @Test(arguments: [0, 1, 1_000, 999_999]) func `tells a cut answer from a whole one`(cut: Int) async throws {
    try await withServer { _ in
      var response = Response(200, body: [UInt8](repeating: 1, count: 1_000_000))
      response.cutAfterBytes = cut
      return response
    } _: { origin, _ in
      await #expect {
        try await client.get(origin + "/")
      } throws: {
        if case HTTPClientError.cut = $0 { true } else { false }
      }
    }
  }

  @Test func `takes an answer whole when the cut comes after its end`() async throws {
    try await withServer { _ in
      var response = Response.text(200, "12345")
      response.cutAfterBytes = 5
      return response
    } _: { origin, _ in
      let answer = try await client.get(origin + "/")
      #expect(answer.text == "12345")
    }
  }

  @Test func `bounds the answer`() async throws {
    try await withServer { _ in
      Response(200, body: [UInt8](repeating: 7, count: 100_000))
    } _: { origin, _ in
      await #expect(throws: HTTPClientError.tooLarge(limit: 99_999)) {
        try await client.get(origin + "/", answerBytesMax: 99_999)
      }
      let whole = try await client.get(origin + "/", answerBytesMax: 100_000)
      #expect(whole.body == [UInt8](repeating: 7, count: 100_000))
    }
  }

  @Test func `decompresses, and bounds what comes out`() async throws {
    try await withServer { request in
      guard request.headers["Accept-Encoding"] == "gzip" else { return Response(406) }
      var response = Response(200, body: squeezed)
      response.headers["Content-Encoding"] = "gzip"
      return response
    } _: { origin, _ in
      let answer = try await client.get(origin + "/")
      #expect(answer.body == [UInt8](repeating: UInt8(ascii: "a"), count: 100_000))
      #expect(answer.headers["Content-Encoding"] == nil)
      await #expect(throws: HTTPClientError.tooLarge(limit: 10_000)) {
        try await client.get(origin + "/", answerBytesMax: 10_000)
      }
    }
  }

  @Test func `gives up at its deadline`() async throws {
    try await withServer { _ in
      await TestGate().wait()
      return Response(204)
    } _: { origin, _ in
      await #expect(throws: HTTPClientError.timedOut) {
        try await client.get(origin + "/", deadline: .milliseconds(50))
      }
      await #expect(throws: HTTPClientError.timedOut) { try await client.get(origin + "/", deadline: .zero) }
    }
  }

  @Test func `says when nobody listens`() async throws {
    let port = try await freePort()
    await #expect {
      try await client.get("http://127.0.0.1:\(port)/")
    } throws: {
      if case HTTPClientError.cannotConnect = $0 { true } else { false }
    }
  }

  @Test(arguments: [
    "http://bank.example/", "http://192.168.0.1/", "http://127.0.0.1.bank.example/", "http://localhost.bank.example/",
    "http://[::2]/", "http://0.0.0.0/", "http://128.0.0.1/", "HTTP://Bank.Example:80/x",
  ]) func `sends nothing in the clear beyond this machine`(url: String) async {
    await #expect {
      try await client.get(url)
    } throws: {
      if case HTTPClientError.insecure = $0 { true } else { false }
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost", "LOCALHOST", "127.1", "0x7f000001"])
  func `speaks in the clear to this machine as`(host: String) async throws {
    try await withServer { _ in
      Response(204)
    } _: { _, server in
      let answer = try await client.get("http://\(host):\(server.port ?? 0)/")
      #expect(answer.status == 204)
    }
  }

  @Test(arguments: [
    "", "nonsense", "/path", "ftp://127.0.0.1/", "file:///etc/passwd", "https://", "http://user:pass@127.0.0.1/",
    "https://user@bank.example/", "http://127.0.0.1:99999/", "http://a b/",
  ]) func `refuses as a URL`(url: String) async {
    await #expect {
      try await client.get(url)
    } throws: {
      if case HTTPClientError.badURL = $0 { true } else { false }
    }
  }

  @Test(arguments: [
    ("GE T", "X", "y"), ("GET", "X\r\nY", "y"), ("GET", "X", "y\r\nZ: 1"), ("GET", "", "y"), ("", "X", "y"),
  ])
  func `refuses a line break in a line`(method: String, name: String, value: String) async throws {
    try await withServer { _ in
      Response(204)
    } _: { origin, _ in
      await #expect {
        try await client.send(
          HTTPCall(method: method, url: origin, headers: [name: value], deadline: .seconds(20)))
      } throws: {
        if case HTTPClientError.badURL = $0 { true } else { false }
      }
    }
  }

  @Test func `does not speak TLS with somebody who does not`() async throws {
    try await withServer { _ in
      Response(204)
    } _: { _, server in
      await #expect {
        try await client.get("https://127.0.0.1:\(try #require(server.port))/")
      } throws: {
        if case HTTPClientError.tls = $0 { true } else { false }
      }
    }
  }

  @Test func `does not follow a redirect`() async throws {
    try await withServer { _ in
      var response = Response(302)
      response.headers["Location"] = "http://127.0.0.1:1/"
      return response
    } _: { origin, _ in
      let answer = try await client.get(origin + "/")
      #expect(answer.status == 302 && answer.headers["location"] == "http://127.0.0.1:1/")
    }
  }

  @Test func `ends at once when its task is cancelled`() async throws {
    let (begun, ended) = (Tally(), Tally())
    try await withServer { _ in
      begun.add()
      await TestGate().wait()
      ended.add()
      return Response(204)
    } _: { origin, _ in
      let call = Task { try await client.get(origin + "/") }
      await begun.wait(for: 1)
      call.cancel()
      await #expect(throws: HTTPClientError.cancelled) { try await call.value }
      // The connection went with it, and so the server's work did too.
      await ended.wait(for: 1)
    }
  }

  @Test func `does not begin in a cancelled task`() async throws {
    let handled = Tally()
    try await withServer { _ in
      handled.add()
      return Response(204)
    } _: { origin, _ in
      let gate = TestGate()
      let call = Task {
        await gate.wait()
        return try await client.get(origin + "/")
      }
      call.cancel()
      await #expect(throws: HTTPClientError.cancelled) { try await call.value }
      #expect(handled.count == 0)
    }
  }

  @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) func `sends`(method: String) async throws {
    try await withServer { request in
      .text(
        200,
        "\(request.method) \(request.headers["Content-Length"] ?? "-") \(request.headers["Content-Type"] ?? "-") "
          + "\(request.headers["Expect"] ?? "-") \(request.body.count)")
    } _: { origin, _ in
      let empty = try await client.send(HTTPCall(method: method, url: origin, deadline: .seconds(20)))
      let zero = ["POST", "PUT", "PATCH"].contains(method) ? "0" : "-"
      #expect(empty.text == "\(method) \(zero) - - 0")
      let full = try await client.send(
        HTTPCall(
          method: method, url: origin, headers: ["Content-Type": "text/x", "content-length": "9"],
          body: [UInt8](repeating: 0, count: 5_000), deadline: .seconds(20)))
      #expect(full.text == "\(method) 5000 text/x - 5000")
    }
  }

  @Test func `logs the URL without its query, and nothing of what was said`() async throws {
    let lines = Locked<[String]>([])
    let logging = HTTPClient.live(log: Log(level: .debug) { line in lines.withLock { $0.append(line) } })
    try await withServer { _ in
      .text(200, "body-secret")
    } _: { origin, _ in
      _ = try await logging.post(
        origin + "/path?token=query-secret", Array("sent-secret".utf8), headers: ["X": "header-secret"])
    }
    let all = lines.withLock { $0 }
    #expect(all.count == 1)
    #expect(all.first?.contains("/path\"") == true && all.first?.contains("200") == true)
    #expect(all.first?.contains("secret") == false)
  }

  @Test func `ignores the environment's proxies`() async {
    await #expect(processExitsWith: .success) {
      setenv("http_proxy", "http://127.0.0.1:1", 1)
      setenv("ALL_PROXY", "http://127.0.0.1:1", 1)
      let server = HTTPServer(.init()) { _ in Response(204) }
      let port = try server.start()
      let answer = try await HTTPClient.live(log: .silent).get("http://127.0.0.1:\(port)/")
      exit(answer.status == 204 ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test func `is let go with its last copy`() async throws {
    try await withServer { _ in
      Response(204)
    } _: { origin, _ in
      for _ in 0..<20 {
        let answer = try await HTTPClient.live(log: .silent).get(origin)
        #expect(answer.status == 204)
      }
    }
  }
}

/// What `gzip -9` makes of 100,000 times the letter a.
private let squeezed: [UInt8] = {
  let hex = Array(
    ("1f8b0800000000000203edc13101000000c2a0aceb5fc21a1e4001000000000000000000000000000000000000000000"
      + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      + "000000000000000000000000000000000000000000000000000000af0687fae21ba0860100").utf8)
  return stride(from: 0, to: hex.count, by: 2).map { index in
    UInt8(String(decoding: hex[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
  }
}()
