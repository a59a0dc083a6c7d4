import Basics
import HTTP
import Testing

@Suite(.timeLimit(.minutes(15))) struct `A server` {
  let client = HTTPClient.live(log: .silent)

  @Test func `hands a request to its handler as it was sent`() async throws {
    try await withServer { request in
      let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
      let body = String(decoding: request.body, as: UTF8.self)
      var response = Response.text(
        201, "\(request.method) \(request.path) [\(query)] \(request.headers["X-ONE"] ?? "-") \(body) \(request.peer)")
      response.headers.append("Set-Cookie", "a=1")
      response.headers.append("Set-Cookie", "b=2")
      response.headers["Content-Length"] = "7"
      return response
    } _: { origin, _ in
      let answer = try await client.send(
        HTTPCall(
          method: "PUT", url: origin + "/a%2Fb/%C3%A9?q=x+y&q=%26", headers: ["x-one": "1", "X-Empty": ""],
          body: Array("hello".utf8), deadline: .seconds(20)))
      #expect(answer.status == 201)
      #expect(answer.text == "PUT /a%2Fb/%C3%A9 [q=x y;q=&] 1 hello 127.0.0.1")
      #expect(answer.headers["content-TYPE"] == "text/plain; charset=utf-8")
      #expect(answer.headers.all("set-cookie") == ["a=1", "b=2"])
      #expect(answer.headers["Date"] != nil)
      #expect(answer.headers["Content-Length"] == "\(answer.body.count)")
    }
  }

  @Test func `answers HEAD with the header of GET and no body`() async throws {
    try await withServer { request in
      .text(200, "12345 \(request.method)")
    } _: { origin, _ in
      let answer = try await client.send(HTTPCall(method: "HEAD", url: origin + "/", deadline: .seconds(20)))
      #expect(answer.status == 200)
      #expect(answer.headers["Content-Length"] == "10")
      #expect(answer.body.isEmpty)
    }
  }

  @Test func `works on many slow requests at once`() async throws {
    let arrived = Tally()
    try await withServer { request in
      arrived.add()
      // Nobody is answered before everybody is here.
      await arrived.wait(for: 64)
      return .text(200, request.path)
    } _: { origin, _ in
      let paths = try await withThrowingTaskGroup(of: String.self) { group in
        for index in 0..<64 { group.addTask { try await client.get(origin + "/\(index)").text } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(paths == Set((0..<64).map { "/\($0)" }))
    }
  }

  @Test(arguments: [1_000, 1_001, 3_000_000]) func `bounds the body`(size: Int) async throws {
    try await withServer(.init(bodyBytesMax: 1_000)) { request in
      .text(200, "\(request.body.count)")
    } _: { origin, _ in
      let body = [UInt8](repeating: 65, count: size)
      let announced = try await client.post(origin + "/", body)
      let chunked = try await client.post(origin + "/", body, headers: ["Transfer-Encoding": "chunked"])
      for answer in [announced, chunked] {
        #expect(answer.status == (size <= 1_000 ? 200 : 413))
        #expect(size > 1_000 || answer.text == "1000")
        #expect(size <= 1_000 || answer.text.contains(#""code":"too_large""#))
      }
      // And it goes on.
      #expect(try await client.post(origin + "/", [1]).text == "1")
    }
  }

  @Test(arguments: [1_001, 5_000, 5_001]) func `takes more on paths that are for files`(size: Int) async throws {
    try await withServer(.init(bodyBytesMax: 1_000, largeBodies: ["/file": 5_000])) { request in
      .text(200, "\(request.body.count)")
    } _: { origin, _ in
      let body = [UInt8](repeating: 65, count: size)
      // More often than there is room at once: each leaves its place.
      for _ in 0..<10 {
        let answer = try await client.post(origin + "/file?x=1", body)
        #expect(answer.status == (size <= 5_000 ? 200 : 413))
        #expect(size > 5_000 || answer.text == "\(size)")
      }
      #expect(try await client.post(origin + "/other", body).status == 413)
      let chunked = try await client.post(origin + "/file", body, headers: ["Transfer-Encoding": "chunked"])
      #expect(chunked.status == 413, "whose length is not announced")
    }
  }

  @Test func `refuses a body before it is sent when the client asks`() async throws {
    try await withServer(.init(bodyBytesMax: 1_000)) { _ in
      Response(204)
    } _: { _, server in
      let raw = try RawClient(port: try #require(server.port))
      raw.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
      let answer = await raw.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test func `bounds the header`() async throws {
    try await withServer { _ in
      Response(204)
    } _: { origin, _ in
      let big = HTTPCall(
        method: "GET", url: origin + "/", headers: ["X-Big": String(repeating: "x", count: 60_000)],
        deadline: .seconds(20))
      #expect(try await client.send(big).status == 431)
      let long = try await client.get(origin + "/" + String(repeating: "x", count: 60_000))
      #expect(long.status == 414)
      let fine = try await client.get(origin + "/" + String(repeating: "x", count: 8_000))
      #expect(fine.status == 204)
    }
  }

  @Test(arguments: [
    "nonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", "\u{0}\u{1}\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nno",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfive5",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  ]) func `survives what is not HTTP`(text: String) async throws {
    let handled = Tally()
    try await withServer { _ in
      handled.add()
      return Response(204)
    } _: { origin, server in
      let raw = try RawClient(port: try #require(server.port))
      raw.say(text)
      raw.hangUp()
      #expect(try await client.get(origin + "/").status == 204)
      #expect(handled.count == 1)
    }
  }

  @Test func `takes the whole URL in a request line`() async throws {
    try await withServer { request in
      .text(200, request.path + " " + (request.queryValue("q") ?? "-"))
    } _: { _, server in
      let port = try #require(server.port)
      for (target, expected) in [("http://any.test/a/b?q=1", "/a/b 1"), ("HTTP://any.test?q=2", "/ 2")] {
        let raw = try RawClient(port: port)
        raw.say("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let answer = await raw.readToEnd()
        #expect(answer.hasSuffix("\r\n\r\n" + expected))
      }
    }
  }

  @Test func `answers requests that are sent without waiting`() async throws {
    try await withServer {
      .text(200, $0.path + ";")
    } _: { _, server in
      let raw = try RawClient(port: try #require(server.port))
      raw.say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let text = await raw.readToEnd()
      #expect(text.contains("/1;HTTP/1.1 200") && text.hasSuffix("/2;"))
    }
  }

  @Test func `leaves out a header field with a line break in it`() async throws {
    try await withServer { _ in
      var response = Response.text(200, "ok")
      response.headers["X-Bad"] = "a\r\nX-Smuggled: b"
      response.headers["X-Good"] = "c"
      return response
    } _: { origin, _ in
      let answer = try await client.get(origin + "/")
      #expect(answer.headers["X-Smuggled"] == nil)
      #expect(answer.headers["X-Good"] == "c")
      #expect(answer.text == "ok")
    }
  }

  @Test(arguments: ["GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab", ""])
  func `hangs up on a client that does not come to the point`(start: String) async throws {
    let handled = Tally()
    let gate = TestGate()
    try await withServer(.init(requestTimeout: .milliseconds(100))) { _ in
      handled.add()
      await gate.wait()
      return .text(200, "done")
    } _: { origin, server in
      async let patient = client.get(origin)
      await handled.wait(for: 1)
      let raw = try RawClient(port: try #require(server.port))
      raw.say(start)
      let answer = await raw.readToEnd()
      #expect(answer.isEmpty)
      // By now the first client has waited longer than that; but it is the handler's turn, which may take its time.
      gate.open()
      #expect(try await patient.text == "done")
      #expect(handled.count == 1)
    }
  }

  @Test func `takes a whole body from a client that then closes its half`() async throws {
    try await withServer { request in
      .text(200, "\(request.body.count)")
    } _: { _, server in
      let raw = try RawClient(port: try #require(server.port))
      raw.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n" + String(repeating: "x", count: 50_000))
      raw.closeHalf()
      let answer = await raw.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("50000"))
    }
  }

  @Test func `cancels the work for a client that has hung up`() async throws {
    let (begun, cancelled) = (Tally(), Tally())
    try await withServer { request in
      guard request.path == "/slow" else { return Response(204) }
      begun.add()
      await TestGate().wait()
      if Task.isCancelled { cancelled.add() }
      return Response(204)
    } _: { origin, server in
      let raw = try RawClient(port: try #require(server.port))
      raw.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
      await begun.wait(for: 1)
      raw.hangUp()
      await cancelled.wait(for: 1)
      #expect(try await client.get(origin + "/").status == 204)
    }
  }

  @Test func `notices at once that the rest of a body will not come`() async throws {
    let patient = HTTPServer.Configuration(idleTimeoutSeconds: 600, stopGrace: .seconds(600))
    try await withServer(patient) { _ in
      Response(204)
    } _: { _, server in
      for _ in 0..<50 {
        let raw = try RawClient(port: try #require(server.port))
        raw.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfive5")
        raw.hangUp()
      }
      // Stopping waits for every request that was begun.
    }
  }

  @Test func `turns away connections above its limit and takes them again later`() async throws {
    try await withServer(.init(threads: 1, connectionsMax: 2)) { _ in
      Response(204)
    } _: { _, server in
      let port = try #require(server.port)
      let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
      let first = try RawClient(port: port)
      let second = try RawClient(port: port)
      for raw in [first, second] {
        raw.say(get)
        let answer = await raw.read { $0.hasSuffix("\r\n\r\n") }
        #expect(answer.hasPrefix("HTTP/1.1 204 "))
      }
      let third = try RawClient(port: port)
      third.say(get)
      let refusal = await third.readToEnd()
      #expect(refusal.hasPrefix("HTTP/1.1 503 "))
      #expect(refusal.contains("Retry-After: 1\r\n") && refusal.contains(#""code":"too_many_connections""#))
      first.hangUp()
      // The daemon notices in its own time; every refused connection makes it look again.
      var status = ""
      while !status.hasPrefix("HTTP/1.1 204 ") {
        let later = try RawClient(port: port)
        later.say(get)
        status = await later.read { $0.contains("\r\n\r\n") }
        try #require(status.hasPrefix("HTTP/1.1 "))
      }
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost", "::1", "0.0.0.0", "::"]) func `listens at`(host: String) async throws {
    let server = HTTPServer(.init(host: host)) { .text(200, $0.peer) }
    let port = try server.start()
    #expect(server.port == port && port > 0)
    #expect(try server.start() == port)
    let isSix = host.contains(":")
    let peer = isSix ? "[::1]" : "127.0.0.1"
    #expect(try await client.get("http://\(peer):\(port)/").text == (isSix ? "::1" : "127.0.0.1"))
    // 127.0.0.1 means itself: another address of the same machine is not served.
    if host == "127.0.0.1" {
      await #expect(throws: HTTPClientError.self) { try await client.get("http://127.0.0.2:\(port)/") }
    }
    if host == "::" {
      #expect(try await client.get("http://127.0.0.1:\(port)/").text == "127.0.0.1")
    }
    await server.stop()
    #expect(server.port == nil)
  }

  @Test func `says that its port is taken`() async throws {
    try await withServer { _ in
      Response(204)
    } _: { _, server in
      let port = try #require(server.port)
      let other = HTTPServer(.init(port: port)) { _ in Response(204) }
      let error = #expect(throws: CannotListen.self) { try other.start() }
      #expect(error?.isTaken == true)
      #expect(error.map { "\($0)" } == "port \(port) on 127.0.0.1 is taken")
      #expect(error?.reason == "Address already in use")
    }
  }

  @Test(arguments: ["bank.example", "", "300.1.1.1", "192.0.2.1"]) func `cannot listen at`(host: String) {
    let server = HTTPServer(.init(host: host)) { _ in Response(204) }
    let error = #expect(throws: CannotListen.self) { try server.start() }
    #expect(error?.isTaken == false && error?.host == host && error?.reason.isEmpty == false)
  }
}

@Suite(.timeLimit(.minutes(15))) struct `Stopping a server` {
  let client = HTTPClient.live(log: .silent)

  @Test func `answers every request that was begun`() async throws {
    let begun = Tally()
    let gates = (0..<8).map { _ in TestGate() }
    let server = HTTPServer(.init()) { request in
      begun.add()
      await gates[Int(request.path.dropFirst()) ?? 0].wait()
      return .text(200, Task.isCancelled ? "cancelled" : "done")
    }
    let origin = "http://127.0.0.1:\(try server.start())"
    let running = Task { try await server.run() }
    let calls = (0..<8).map { index in Task { try await client.get(origin + "/\(index)") } }
    await begun.wait(for: 8)
    running.cancel()
    // It is stopping when it no longer tells a port; only then may the handlers end.
    while server.port != nil { await Task.yield() }
    for gate in gates { gate.open() }
    for call in calls {
      let answer = try await call.value
      #expect(answer.status == 200 && answer.text == "done")
      #expect(answer.headers["Connection"]?.lowercased() == "close")
    }
    try await running.value
    await #expect {
      try await client.get(origin + "/0")
    } throws: {
      if case HTTPClientError.cannotConnect = $0 { true } else { false }
    }
  }

  @Test func `answers for handlers that do not end`() async throws {
    let begun = Tally()
    let never = TestGate()
    let server = HTTPServer(.init(stopGrace: .milliseconds(20))) { request in
      begun.add()
      // A handler that is deaf to cancellation.
      await Task { await never.wait() }.value
      return Response(204)
    }
    let origin = "http://127.0.0.1:\(try server.start())"
    let call = Task { try await client.get(origin + "/") }
    await begun.wait(for: 1)
    await server.stop()
    #expect(try await call.value.status == 503)
    never.open()
  }

  @Test func `may be asked for twice, or of one that never started`() async throws {
    let server = HTTPServer(.init()) { _ in Response(204) }
    await server.stop()
    _ = try server.start()
    async let one: Void = server.stop()
    async let other: Void = server.stop()
    _ = await (one, other)
    #expect(throws: CannotListen.self) { try server.start() }
  }

  @Test func `under load loses no request that was accepted`() async throws {
    for _ in 0..<10 {
      let handled = Tally()
      let server = HTTPServer(.init()) { _ in
        handled.add()
        return .text(200, "x")
      }
      let origin = "http://127.0.0.1:\(try server.start())"
      let answered = await withTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask {
            var count = 0
            while let answer = try? await client.get(origin + "/"), answer.status == 200 { count += 1 }
            return count
          }
        }
        await handled.wait(for: 200)
        await server.stop()
        return await group.reduce(0, +)
      }
      #expect(answered == handled.count)
    }
  }
}
