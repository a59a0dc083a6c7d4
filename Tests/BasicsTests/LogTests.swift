import Basics
import Testing

@Suite struct `A secret` {
  private struct Holder { var token = Secret("hunter2") }

  @Test func `is never in a text made of it`() {
    let secret = Secret("hunter2")
    var dumped = ""
    dump(Holder(), to: &dumped)
    dump(secret, to: &dumped)
    let texts = [
      "\(secret)", String(describing: secret), String(reflecting: secret), "\(Holder())", String(reflecting: Holder()),
      "\([secret])", "\(Optional(secret) as Any)", dumped,
    ]
    for text in texts { #expect(!text.contains("hunter2")) }
    #expect(secret.reveal == "hunter2")
    #expect(secret == Secret("hunter2"))
  }
}

@Suite struct `A log line` {
  private func lines(level: Log.Level = .debug, _ write: (Log) -> Void) -> [String] {
    let lines = Locked<[String]>([])
    write(Log(level: level, now: { Timestamp(seconds: 0) }) { line in lines.withLock { $0.append(line) } })
    return lines.withLock { $0 }
  }

  @Test func `is one object of its fields`() {
    let written = lines {
      $0.with(("part", "sync")).info("done", ("rows", 3), ("all", true), ("token", .secret(Secret("hunter2"))))
    }
    let wanted =
      #"{"time":"1970-01-01T00:00:00Z","level":"info","message":"done","#
      + #""part":"sync","rows":3,"all":true,"token":"•••"}"#
    #expect(written == [wanted])
  }

  @Test func `says what the work of its task is about`() {
    let written = lines { log in
      Log.$story.withValue([("connection", "con_1")]) { log.with(("part", "http")).debug("call", ("status", 200)) }
      log.debug("other")
    }
    #expect(written[0].hasSuffix(#""part":"http","connection":"con_1","status":200}"#))
    #expect(!written[1].contains("connection"))
  }

  @Test func `cannot be broken by what it tells`() {
    let written = lines { $0.error("a\"b\\c\nd\re\tf\u{0}\u{1B}[31m\u{7F}", ("na\nme", "é😀")) }
    #expect(written.count == 1)
    #expect(written[0].contains(#""message":"a\"b\\c\nd\re\tf\u0000\u001b[31m\u007f""#))
    #expect(written[0].contains(#""na\nme":"é😀""#))
    #expect(written[0].unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
  }

  @Test func `is left out below the level`() {
    let written = lines(level: .warning) { log in
      log.debug("1")
      log.info("2")
      log.notice("3")
      log.warning("4")
      log.error("5")
    }
    #expect(written.count == 2)
  }
}

@Suite struct `A group of services` {
  private struct Part: Service {
    let name: String
    let journal: Locked<[String]>
    func run() async throws {
      let (never, end) = AsyncStream.makeStream(of: Never.self)
      for await _ in never {}
      end.finish()
      journal.withLock { $0.append(name) }
    }
  }
  private struct Broken: Service {
    struct Reason: Error {}
    let name = "broken"
    func run() async throws { throw Reason() }
  }

  @Test func `stops the last part first`() async throws {
    let journal = Locked<[String]>([])
    let group = ServiceGroup(["store", "worker", "door"].map { Part(name: $0, journal: journal) })
    try await group.run(until: {})
    #expect(journal.withLock { $0 } == ["door", "worker", "store"])
  }

  @Test func `stops all when one fails, and tells why`() async {
    let journal = Locked<[String]>([])
    let group = ServiceGroup([Part(name: "store", journal: journal), Broken()])
    await #expect(throws: Broken.Reason.self) {
      try await group.run(until: { try? await Task.sleep(for: .seconds(60)) })
    }
    #expect(journal.withLock { $0 } == ["store"])
  }
}
