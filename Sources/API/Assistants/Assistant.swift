import Basics
import Finance
package import JSON

/// Answers AI assistants, which speak the Model Context Protocol: JSON-RPC 2.0, the same over HTTP and over a pipe.
///
/// What they may ask is the interface itself: most tools are operations under another name, with the same checks of who
/// may and of what comes in. Nothing needs to be remembered between two messages, so that any node may answer.
/// https://modelcontextprotocol.io/specification
package struct Assistant: Sendable {
  /// Versions of the protocol that begin with a handshake, newest first.
  static let versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  /// In these each request says all there is to know, and there is no handshake.
  static let statelessVersions = ["2026-07-28"]

  let interface: Interface
  let visit: Visit

  /// Who asks, and by which way.
  package struct Visit: Sendable {
    package var caller: Caller
    package var requestID: String
    package var peer: String?

    package init(caller: Caller, requestID: String, peer: String? = nil) {
      self.caller = caller
      self.requestID = requestID
      self.peer = peer
    }
  }

  package init(_ interface: Interface, _ visit: Visit) {
    self.interface = interface
    self.visit = visit
  }

  /// A refusal as JSON-RPC has it.
  struct Refusal: Error {
    var code: Int
    var message: String
    var data: JSONValue?

    static func parameters(_ message: String) -> Refusal { Refusal(code: -32602, message: message) }
  }

  /// - Returns: Nil for what wants no answer: notifications, and answers to what we never asked.
  package func answer(_ message: JSONValue) async -> JSONValue? {
    if case .array(let messages) = message {
      // Several at once, as one older version has it.
      guard !messages.isEmpty, messages.count <= 50 else {
        return Self.refusal(.null, Refusal(code: -32600, message: "Send one message, or a few."))
      }
      var answers: [JSONValue] = []
      for one in messages { if let answer = await answer(one) { answers.append(answer) } }
      return answers.isEmpty ? nil : .array(answers)
    }
    let id = message["id"] ?? .null
    guard message["jsonrpc"] == "2.0", id.isNull || id.string != nil || id.int != nil else {
      return Self.refusal(.null, Refusal(code: -32600, message: "This is no message of JSON-RPC 2.0."))
    }
    guard let method = message["method"]?.string else {
      if message["result"] != nil || message["error"] != nil { return nil }
      return Self.refusal(id, Refusal(code: -32600, message: "A message names its method."))
    }
    guard !id.isNull else { return nil }
    do {
      let parameters = message["params"] ?? [:]
      let version = parameters["_meta"]?["io.modelcontextprotocol/protocolVersion"]?.string
      if let version, !Self.statelessVersions.contains(version), !Self.versions.contains(version) {
        throw Refusal(
          code: -32022, message: "This version of the protocol is not spoken here.",
          data: [
            "supported": JSONValue(Self.statelessVersions + Self.versions),
            "requested": .string(String(version.prefix(40))),
          ])
      }
      var result = try await self.result(of: method, parameters)
      if let version, Self.statelessVersions.contains(version) {
        result["resultType"] = "complete"
        if method != "tools/call" {
          result["ttlMs"] = 0
          result["cacheScope"] = "private"
        }
      }
      return ["jsonrpc": "2.0", "id": id, "result": result]
    } catch let refusal as Refusal {
      return Self.refusal(id, refusal)
    } catch {
      interface.log.error(
        "assistant's request failed", ("request_id", .text(visit.requestID)), ("error", .text("\(error)")))
      return Self.refusal(id, Refusal(code: -32603, message: "Something went wrong on our side."))
    }
  }

  static func refusal(_ id: JSONValue, _ refusal: Refusal) -> JSONValue {
    var error: JSONValue = ["code": .int(refusal.code), "message": .string(refusal.message)]
    if let data = refusal.data { error["data"] = data }
    return ["jsonrpc": "2.0", "id": id, "error": error]
  }

  private func result(of method: String, _ parameters: JSONValue) async throws -> JSONValue {
    switch method {
    case "initialize": return initialize(parameters)
    case "server/discover":
      return [
        "supportedVersions": JSONValue(Self.statelessVersions + Self.versions), "capabilities": Self.capabilities,
        "serverInfo": serverInfo, "instructions": .string(AssistantWords.instructions),
        "_meta": ["io.modelcontextprotocol/serverInfo": serverInfo],
      ]
    case "ping": return [:]
    case "tools/list": return ["tools": .array(tools.filter(isAllowed).map(\.description))]
    case "tools/call": return try await callTool(parameters)
    case "resources/list": return ["resources": AssistantWords.resources]
    case "resources/templates/list": return ["resourceTemplates": AssistantWords.templates]
    case "resources/read": return try await resource(parameters)
    case "prompts/list": return ["prompts": AssistantWords.prompts]
    case "prompts/get": return try AssistantWords.prompt(parameters)
    default: throw Refusal(code: -32601, message: "There is no such method.")
    }
  }

  private func initialize(_ parameters: JSONValue) -> JSONValue {
    let wanted = parameters["protocolVersion"]?.string ?? ""
    return [
      "protocolVersion": .string(Self.versions.contains(wanted) ? wanted : Self.versions[0]),
      "capabilities": Self.capabilities, "serverInfo": serverInfo,
      "instructions": .string(AssistantWords.instructions),
    ]
  }

  private static let capabilities: JSONValue = ["tools": [:], "resources": [:], "prompts": [:]]

  private var serverInfo: JSONValue {
    ["name": "magpie", "title": "Magpie", "version": .string(interface.version)]
  }

  private func resource(_ parameters: JSONValue) async throws -> JSONValue {
    guard let uri = parameters["uri"]?.string, uri.utf8.count <= 200 else {
      throw Refusal.parameters("A resource is named by its uri.")
    }
    if uri == "magpie://guide" {
      return ["contents": [["uri": "magpie://guide", "mimeType": "text/plain", "text": .string(AssistantWords.guide)]]]
    }
    let (name, arguments): (String, JSONValue)
    switch uri {
    case "magpie://overview": (name, arguments) = ("get_overview", [:])
    case "magpie://accounts": (name, arguments) = ("list_accounts", [:])
    default:
      guard uri.hasPrefix("magpie://transactions/") else {
        throw Refusal(code: -32002, message: "There is no such resource.", data: ["uri": .string(uri)])
      }
      (name, arguments) = ("explain_transaction", ["id": .string(String(uri.dropFirst(22)))])
    }
    guard let tool = tools.first(where: { $0.name == name }), isAllowed(tool) else {
      throw Refusal(code: -32002, message: "There is no such resource.", data: ["uri": .string(uri)])
    }
    let value: JSONValue
    do {
      value = try await self.value(of: tool, arguments)
    } catch let error as any UserFacingError {
      throw Refusal(code: -32002, message: error.problem.title, data: ["uri": .string(uri)])
    }
    return [
      "contents": [["uri": .string(uri), "mimeType": "application/json", "text": .string(value.text())]]
    ]
  }
}
