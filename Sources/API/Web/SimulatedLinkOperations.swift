package import Basics
import Finance
package import HTTP
import JSON

/// Link at the simulated bank, step by step, for a page that shows the steps itself: Plaid's own Link can only be loaded
/// from Plaid.
extension Interface {
  /// Takes a form as the simulated bank's own pages send it, and answers with the next step as JSON.
  package typealias SimulatedLink = @Sendable (_ form: Secret<String>) async -> Response

  var simulatedLinkOperations: [Operation] {
    [
      Operation(
        "stepSimulatedLink", .post, "/v1/simulated-bank/link", .connections, "Take a step through the simulated Link",
        needs: .household(.sync, .member), body: .json(Self.simulatedStepShape, example: Self.stepExample),
        answers: [.json(200, .map(of: .any), "The next step.", example: Self.answerExample)], problems: [.notFound]
      ) { call in try await simulatedStep(call) }
      .saying("Only where the bank is the simulated one. A real bank is linked in Plaid's own window.").secretly()
    ]
  }

  private static let stepExample: JSONValue = [
    "token": "link-sandbox-6d5f1c1a-7f0e-4f4f-9a53-bd2f0d6e7a31", "session": "0b0f1c1e-2f6a-4b1e-9a35-a1b6e1d5c3f7",
    "step": "institution", "institution": "ins_109508",
  ]
  private static let answerExample: JSONValue = [
    "step": "credentials", "session": "0b0f1c1e-2f6a-4b1e-9a35-a1b6e1d5c3f7", "repair": false,
    "institution": ["id": "ins_109508", "name": "First Platypus Bank", "oauth": false], "error": .null,
  ]

  private static let simulatedStepShape = Shape.object([
    .required("token", .secret(1...200), "The link token."), .optional("session", .text(1...100)),
    .optional("step", .word(["institution", "consent", "credentials", "mfa", "accounts", "exit"])),
    .optional("institution", .text(1...100)), .optional("username", .text(0...10_000)),
    .optional("password", .secret(0...10_000)), .optional("answers", .list(of: .text(0...200), count: 0...20)),
    .optional("accounts", .list(of: .text(1...100), count: 0...500)),
  ])

  private func simulatedStep(_ call: Call) async throws -> Response {
    guard let link = settings.simulatedLink else { throw ProblemKind.notFound.problem() }
    var fields: [(String, String)] = []
    for name in ["token", "session", "step", "institution", "username", "password"] {
      if let value: String = call.body[name] { fields.append((name, value)) }
    }
    let answers: [String] = call.body["answers"] ?? []
    fields += answers.enumerated().map { ("answer\($0.offset)", $0.element) }
    let accounts: [String] = call.body["accounts"] ?? []
    fields += accounts.map { ("account", $0) }
    return await link(Secret(fields.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")))
  }
}
