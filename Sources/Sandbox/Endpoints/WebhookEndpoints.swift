import JSON

/// `/webhook_verification_key/get`: the public half of the key that signed a webhook.
enum WebhookEndpoints {
  static let all: [Endpoint] = [
    Endpoint("/webhook_verification_key/get", Shape(.required("key_id"))) { world, body throws(Refusal) in
      guard let key = world.webhooks.key(try body.required("key_id")) else { throw .webhookKey }
      return .object(["key": key.json])
    }
  ]
}
