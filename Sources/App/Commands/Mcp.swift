import API
import Basics
import Dispatch
import Finance
import Glibc
import JSON

/// Answers an AI assistant that started this program: one JSON message a line, in and out.
struct AnswerAssistant: Command {
  static let name = "mcp"
  static let summary = "Answer an AI assistant over standard input and output."
  static let options: [Option] = [
    .flag("write", "let it plan changes; each is made only after its confirmation came back")
  ]
  static let details = """
    An assistant that speaks the Model Context Protocol starts this by itself: give it the command
    "magpie mcp". It reads what you may see, and changes nothing unless --write is given.
    """

  private static let lineMax = 1 << 20

  let mayWrite: Bool

  init(_ arguments: inout Arguments) throws(UsageError) { mayWrite = arguments.flag("write") }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment))
    try await Bank.with(home) { bank in
      let interface = Interface(
        bank.banks, token: home.apiToken, identity: home.identity, publicURL: home.configuration.publicURL,
        version: Magpie.version, log: home.log)
      var caller = Caller.installation(home.scope)
      caller.scopes = mayWrite ? [.read, .write] : [.read]
      for await line in Self.lines() {
        let requestID = home.world.newID(AnswerAssistant.self).description
        let assistant = Assistant(interface, Assistant.Visit(caller: caller, requestID: requestID))
        if let answer = await assistant.answer(line) { surroundings.terminal.line(answer.text()) }
      }
    }
  }

  /// The messages of standard input until it ends. Read on a thread of its own, since reading waits.
  private static func lines() -> AsyncStream<JSONValue> {
    AsyncStream { continuation in
      DispatchQueue(label: "standard input").async {
        var (line, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
          let count = read(0, &chunk, chunk.count)
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { break }
          for byte in chunk.prefix(count) {
            if byte != UInt8(ascii: "\n") {
              line.append(byte)
              continue
            }
            // What is no JSON is answered as such; an empty line is nothing.
            if line.contains(where: { $0 != 0x20 && $0 != 0x0D }) {
              continuation.yield((try? JSONValue.parse(line)) ?? .null)
            }
            line.removeAll(keepingCapacity: true)
          }
          if line.count > lineMax { break }
        }
        continuation.finish()
      }
    }
  }
}

extension AnswerAssistant: Identified {
  static let idPrefix = "req"
}
