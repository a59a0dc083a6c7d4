import Basics
import HTTP
import JSON

/// Where Plaid tells what is new. Anybody may knock; only what Plaid signed is taken.
extension Interface {
  var webhookOperations: [Operation] {
    let receive = Operation(
      "receivePlaidWebhook", .post, "/v1/webhooks/plaid", .webhooks, "Take a webhook of Plaid's", needs: .signed,
      body: .raw(bytesMax: Limits.webhookBytesMax),
      answers: [
        .json(
          200, .object([.required("status", .word(["taken", "known"]))]),
          "It is kept, with all that it leads to; or it was before.", example: ["status": "taken"])
      ], problems: [.webhookRefused, .webhookKeyUnavailable, .tooLarge] + ProblemKind.database
    ) { call in
      let signatures = call.request.headers.all("Plaid-Verification")
      let answer = try await banks.receive(
        call.request.body, signature: signatures.count == 1 ? signatures.first : nil, verifier)
      return .json(200, ["status": .string(answer.rawValue)])
    }
    .saying("For Plaid. Answers at once; the bank is read afterwards.").paced(.free)
    return [
      receive,
      receive.former("/plaid/webhook", "formerWebhook"),
      receive.former("/api/v1/plaid/webhook", "formerWebhookOfVersionOne"),
      receive.former("/api/plaid/webhook", "formerPlaidWebhook"),
      receive.former("/v1/sync/plaid/webhook", "formerSyncWebhook"),
    ]
  }
}

extension ProblemKind {
  package static let webhookRefused = ProblemKind(
    401, "webhook.refused", "This webhook is not Plaid's, or not any more.",
    "Nothing: Plaid signs its webhooks, and each signature is good for five minutes.")
  package static let webhookKeyUnavailable = ProblemKind(
    503, "webhook.key_unavailable", "Plaid's key cannot be asked for at this moment.", "Send it again later.")
}

extension Tag {
  package static let webhooks = Tag("Webhooks", "What banks tell us, and what we tell others.")
}
