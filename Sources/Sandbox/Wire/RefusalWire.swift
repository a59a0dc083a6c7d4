import JSON

/// Plaid's error object: in answers with the request's id, in webhooks with the status instead.
extension Refusal {
  private var common: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("display_message", JSONValue(display)), .init("documentation_url", .string(documentationURL)),
      .init("error_code", .string(code)),
    ]
    if let reason { members.append(.init("error_code_reason", .string(reason))) }
    return members + [.init("error_message", .string(message)), .init("error_type", .string(type))]
  }

  func json(requestID: String) -> JSONValue {
    .object(
      common + [
        .init("request_id", .string(requestID)), .init("suggested_action", JSONValue(suggestedAction)),
      ])
  }

  var webhookJSON: JSONValue { .object(common + [.init("status", .int(status))]) }

  /// Inside an Item: the object as an answer has it, without a request.
  var itemJSON: JSONValue { .object(common + [.init("suggested_action", JSONValue(suggestedAction))]) }
}
