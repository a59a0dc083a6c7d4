import Basics
import Glibc
import HTTP
import JSON
import Testing

@testable import App

/// `magpie serve` in this process, until a test stops it.
private final class Serving: Sendable {
  private let output = Locked("")
  private let complaints = Locked("")
  private let stops: AsyncStream<Void>
  private let stop: AsyncStream<Void>.Continuation
  private let lines: AsyncStream<Void>
  private let news: AsyncStream<Void>.Continuation

  init() {
    (stops, stop) = AsyncStream.makeStream()
    (lines, news) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var text: String { output.withLock { $0 } }
  var told: String { complaints.withLock { $0 } }

  func run(_ words: [String], _ environment: [String: String]) async -> Int32 {
    let terminal = Terminal(
      write: { [self] text in
        output.withLock { $0 += text }
        news.yield()
      },
      complainRaw: { [self] text in
        complaints.withLock { $0 += text }
        news.yield()
      }, hasColour: false)
    return await Program.magpie.run(
      words,
      in: Surroundings(
        environment: environment, terminal: terminal, untilStop: { [stops] in for await _ in stops {} }))
  }

  func end() { stop.finish() }

  /// Waits until something was written; the time limit of the test is the deadline.
  func wait(for words: String) async {
    if text.contains(words) { return }
    for await _ in lines where text.contains(words) { return }
  }

  var address: String? {
    text.firstRange(of: "listens on ").map { String(text[$0.upperBound...].prefix { $0 != "\n" }) }
  }
}

@Suite struct `The server` {
  @Test(.timeLimit(.minutes(15)))
  func `shows an invented household by itself, and ends when it is told to`() async throws {
    let dwelling = Dwelling()
    let environment = ["MAGPIE_DATA_DIR": dwelling.data]
    let serving = Serving()
    async let code = serving.run(["serve", "--port", "0"], environment)
    await serving.wait(for: "Stop with Ctrl-C.")
    let address = try #require(serving.address)
    let client = HTTPClient.live(log: .silent)
    let health = try await client.send(HTTPCall(method: "GET", url: address + "/health", deadline: .seconds(20)))
    #expect(try JSONValue.parse(health.body)["simulated"] == true)

    await serving.wait(for: "keeps this up to date")
    let text = serving.text
    #expect(text.contains("back to ") && text.contains("First Platypus Bank: ") && text.contains("Net worth"))
    #expect(
      text.split(separator: "\n").filter { !$0.hasPrefix("Try:") && !$0.hasPrefix("Data:") }
        .allSatisfy { $0.count <= 110 })

    // The command that it prints to try works.
    let token = try #require(Folder.text(dwelling.data + "/api.token")).filter { !$0.isWhitespace }
    #expect(text.contains("cat '\(dwelling.data)/api.token'") && !text.contains(token))
    let headers: HeaderFields = ["Authorization": "Bearer \(token)"]
    let accounts = try await client.send(
      HTTPCall(method: "GET", url: address + "/v1/accounts", headers: headers, deadline: .seconds(20)))
    #expect(try JSONValue.parse(accounts.body)["data"]?.elements.count == 8)

    let second = Serving()
    let port = address.split(separator: ":").last.map(String.init) ?? ""
    let other = Dwelling()
    let taken = await second.run(["serve", "--port", port], ["MAGPIE_DATA_DIR": other.data])
    #expect(taken == 1 && second.told.contains("port \(port) on 127.0.0.1 is taken"))

    serving.end()
    #expect(await code == 0)
    #expect(serving.text.contains("Stopped."))
    await #expect(throws: HTTPClientError.self) {
      try await client.send(HTTPCall(method: "GET", url: address + "/health", deadline: .seconds(5)))
    }

    // A second start finds everything as it was and links nothing again.
    let again = Serving()
    async let ended = again.run(["serve", "--port", "0"], environment)
    await again.wait(for: "keeps this up to date")
    again.end()
    #expect(await ended == 0 && again.told.isEmpty)
  }

  @Test(arguments: ["0.0.0.0", "192.168.1.7", "::"])
  func `refuses to be reached from elsewhere in the clear`(host: String) async {
    let serving = Serving()
    let code = await serving.run(["serve"], ["MAGPIE_HOST": host, "MAGPIE_DATA_DIR": Dwelling().data])
    #expect(code == ExitCode.attention.rawValue && serving.told.contains("MAGPIE_HOST"))
  }
}
