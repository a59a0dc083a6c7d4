import Basics
import Finance
import HTTP
import JSON

extension Tag {
  package static let assistants = Tag("Assistants", "AI assistants that speak the Model Context Protocol.")
}

extension ProblemKind {
  static let assistantSession = ProblemKind(
    404, "mcp.session_unknown", "This session has ended.", "Begin a new one with initialize.")
  static let assistantOrigin = ProblemKind(
    403, "mcp.origin", "Another site may not ask this from a browser.", "Ask from this server's own address.")
  static let assistantVersion = ProblemKind(
    400, "mcp.version", "This version of the protocol is not spoken here.", "Use one of those that initialize offers.")
}

/// The Model Context Protocol's streamable HTTP: a message in, an answer out, and no stream of our own.
extension Interface {
  var assistantOperations: [Operation] {
    [
      Operation(
        "askAssistantServer", .post, "/mcp", .assistants, "Answer an AI assistant",
        needs: .household(.read, .viewer),
        body: .json(
          .any,
          example: [
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": [
              "protocolVersion": "2025-06-18", "capabilities": [:], "clientInfo": ["name": "example", "version": "1"],
            ],
          ]),
        answers: [
          .json(200, .any, "The answer, as JSON-RPC 2.0 has it.", example: Self.greeting),
          .empty("It wanted no answer.", status: 202),
        ], problems: [.assistantSession, .assistantOrigin, .assistantVersion]
      ) { call in try await assist(call) }
      .saying("The Model Context Protocol's streamable HTTP. Tools that write need the scope `write` too.").secretly(),
      Operation(
        "endAssistantSession", .delete, "/mcp", .assistants, "End an assistant's session",
        needs: .household(.read, .viewer), answers: [.empty("It has ended.")],
        problems: [.assistantSession, .assistantOrigin]
      ) { call in
        try refuseOtherOrigin(call)
        guard let session = call.request.headers["Mcp-Session-Id"] else {
          throw ProblemKind.assistantSession.problem()
        }
        assistants.close(session, try Self.owner(call))
        return Response(204)
      },
    ]
  }

  private static let greeting: JSONValue = [
    "jsonrpc": "2.0", "id": 1,
    "result": [
      "protocolVersion": "2025-06-18", "capabilities": ["tools": [:], "resources": [:], "prompts": [:]],
      "serverInfo": ["name": "magpie", "title": "Magpie", "version": "1.0.0"],
      "instructions": .string(AssistantWords.instructions),
    ],
  ]

  private static func owner(_ call: Call) throws(Problem) -> AssistantPlan.Owner {
    AssistantPlan.Owner(user: try call.caller.user, household: try call.scope.household, via: try call.caller.via)
  }

  private func assist(_ call: Call) async throws -> Response {
    try refuseOtherOrigin(call)
    let message = call.body.object
    let owner = try Self.owner(call)
    if let version = call.request.headers["MCP-Protocol-Version"],
      !(Assistant.versions + Assistant.statelessVersions).contains(version)
    {
      // In the new versions the refusal itself says which ones are spoken.
      guard message["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] != nil else {
        throw ProblemKind.assistantVersion.problem()
      }
    }
    if let session = call.request.headers["Mcp-Session-Id"], !assistants.isOpen(session, owner) {
      throw ProblemKind.assistantSession.problem()
    }
    let visit = Assistant.Visit(caller: try call.caller, requestID: call.info.requestID, peer: call.request.peer)
    guard let answer = await Assistant(self, visit).answer(message) else { return Response(202) }
    var response = Response.json(200, answer)
    if message["method"] == "initialize", answer["result"] != nil {
      response.headers["Mcp-Session-Id"] = assistants.open(owner)
    }
    return response
  }

  /// A page of another site could ask through a browser that is signed in here.
  private func refuseOtherOrigin(_ call: Call) throws(Problem) {
    guard let origin = call.request.headers["Origin"]?.lowercased() else { return }
    let host = call.request.headers["Host"]?.lowercased() ?? ""
    guard settings.origins.contains(origin) || origin == "http://\(host)" || origin == "https://\(host)" else {
      throw ProblemKind.assistantOrigin.problem()
    }
  }
}
