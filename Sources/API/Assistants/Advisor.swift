package import Basics
package import HTTP
import JSON

/// A language model that the operator chose, asked by the protocol that OpenAI's servers speak and Ollama, llama.cpp and
/// others too. It may look things up with the read-only tools that assistants have; it never changes anything.
/// https://platform.openai.com/docs/api-reference/chat
package struct Advisor: Sendable {
  /// Where it is and what it is called. Off unless the operator says so.
  package struct Settings: Sendable {
    /// Up to and with `/v1`.
    package var url: String
    package var model: String
    package var key: Secret<String>?
    package var http: HTTPClient

    package init(url: String, model: String, key: Secret<String>? = nil, http: HTTPClient) {
      self.url = url
      self.model = model
      self.key = key
      self.http = http
    }
  }

  /// What happens while a question is answered, for whoever waits.
  enum Step: Sendable, Equatable {
    /// The model looks something up.
    case lookUp(String)
    /// A piece of its words.
    case text(String)
  }

  struct Reply: Sendable {
    var answer: String
    var tools: [String] = []
    var promptTokens = 0
    var completionTokens = 0
  }

  static let roundsMax = 6
  /// So many things at once may a model look up; what it asks beyond that is not heard.
  static let callsMax = 8
  static let deadline = Duration.seconds(120)

  let settings: Settings
  let assistant: Assistant

  /// - Throws: ``Problem`` when the model cannot be reached, refuses, or answers with what is no answer.
  func ask(
    _ question: String, metrics: String, tell: (@Sendable (Step) -> Void)? = nil
  ) async throws -> Reply {
    var messages: [JSONValue] = [
      ["role": "system", "content": .string(AssistantWords.instructions + "\n" + AssistantWords.guide)],
      ["role": "user", "content": .string("The numbers, as data:\n" + metrics)],
      ["role": "user", "content": .string(question)],
    ]
    var reply = Reply(answer: "")
    for round in 0..<Self.roundsMax {
      let isLast = round == Self.roundsMax - 1
      let body = try await send(messages, withTools: !isLast, tell)
      reply.promptTokens += Self.tokens(body, "prompt_tokens")
      reply.completionTokens += Self.tokens(body, "completion_tokens")
      guard let message = body["choices"]?.elements.first?["message"] else { throw Self.garbage }
      // What is not answered must not be in what the model is told it asked.
      let calls = Array((message["tool_calls"]?.elements ?? []).prefix(Self.callsMax))
      if calls.isEmpty || isLast {
        let text = message["content"]?.string ?? message["refusal"]?.string
        guard let text, !text.isEmpty else { throw Self.garbage }
        reply.answer = String(text.prefix(20_000))
        return reply
      }
      messages.append(["role": "assistant", "content": message["content"] ?? .null, "tool_calls": .array(calls)])
      for call in calls {
        let name = call["function"]?["name"]?.string ?? ""
        reply.tools.append(String(name.prefix(60)))
        tell?(.lookUp(String(name.prefix(60))))
        messages.append([
          "role": "tool", "tool_call_id": call["id"] ?? "", "content": .string(await result(of: name, call)),
        ])
      }
    }
    throw Self.garbage
  }

  /// A model's server may say anything: what no answer can take is no count.
  private static func tokens(_ body: JSONValue, _ name: String) -> Int {
    min(max(0, body["usage"]?[name]?.int ?? 0), 1_000_000_000)
  }

  /// What a tool says, also when the model asked for something that is not there.
  private func result(of name: String, _ call: JSONValue) async -> String {
    let text = call["function"]?["arguments"]?.string ?? "{}"
    guard let arguments = try? JSONValue.parse(text), case .object = arguments else {
      return "The arguments are no JSON."
    }
    do {
      let result = try await assistant.callTool(["name": .string(name), "arguments": arguments])
      return String((result["content"]?.elements.first?["text"]?.string ?? "").prefix(30_000))
    } catch {
      return "There is no such tool."
    }
  }

  private func send(
    _ messages: [JSONValue], withTools: Bool, _ tell: (@Sendable (Step) -> Void)?
  ) async throws -> JSONValue {
    var body: JSONValue = [
      "model": .string(settings.model), "messages": .array(messages), "stream": .bool(tell != nil),
    ]
    if tell != nil { body["stream_options"] = ["include_usage": true] }
    if withTools {
      body["tools"] = .array(
        assistant.tools.filter { assistant.isAllowed($0) && $0.scope == .read }.map { tool in
          [
            "type": "function",
            "function": [
              "name": .string(tool.name), "description": tool.description["description"] ?? "",
              "parameters": tool.description["inputSchema"] ?? [:],
            ],
          ]
        })
    }
    var headers: HeaderFields = ["Content-Type": "application/json"]
    if let key = settings.key { headers["Authorization"] = "Bearer \(key.reveal)" }
    var call = HTTPCall(
      method: "POST", url: settings.url + "/chat/completions", headers: headers, body: body.serialized(),
      deadline: Self.deadline, answerBytesMax: 1 << 20)
    let stream = Locked(AdvisorStream())
    if let tell {
      call.heard = { bytes in
        let said = stream.withLock { $0.hear(bytes) }
        if !said.isEmpty { tell(.text(said)) }
      }
    }
    let answer: HTTPAnswer
    do throws(HTTPClientError) {
      answer = try await settings.http.send(call)
    } catch {
      throw ProblemKind.advisorUnreachable.problem()
    }
    guard answer.status == 200 else {
      throw ProblemKind.advisorRefused.problem(detail: "The model's server answered with status \(answer.status).")
    }
    let heard = stream.withLock { $0 }
    if heard.events > 0 {
      guard heard.isWhole else {
        throw ProblemKind.advisorRefused.problem(detail: "The model's server stopped in the middle of its answer.")
      }
      return heard.answer
    }
    guard let read = try? JSONValue.parse(answer.body), case .object = read else { throw Self.garbage }
    // A server that does not stream says it all at once.
    if let tell, let text = read["choices"]?.elements.first?["message"]?["content"]?.string { tell(.text(text)) }
    return read
  }

  private static var garbage: Problem {
    ProblemKind.advisorRefused.problem(detail: "The model's server answered with what is no answer.")
  }
}

extension ProblemKind {
  static let advisorOff = ProblemKind(
    409, "advisor.off", "There is no model to ask.", "Set MAGPIE_ADVISOR_URL and MAGPIE_ADVISOR_MODEL.")
  static let advisorUnreachable = ProblemKind(
    502, "advisor.unreachable", "The model cannot be reached.", "Try again later.")
  static let advisorRefused = ProblemKind(
    502, "advisor.refused", "The model gave no answer.", "Try again, or look at the model's own server.")
}
