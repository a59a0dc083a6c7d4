import Basics
import JSON

/// `/item/…`: from a public token to an Item, and its end.
enum ItemEndpoints {
  private static let tokenOnly = Shape(.required("access_token"))

  static let all: [Endpoint] = [
    Endpoint("/item/public_token/exchange", Shape(.required("public_token")), exchange),
    Endpoint("/item/get", tokenOnly) { world, body throws(Refusal) in
      let item = try world.item(body)
      return .object(["item": world.json(of: item, isFull: true), "status": world.statusJSON(of: item)])
    },
    Endpoint(
      "/item/remove",
      Shape(
        .required("access_token"), .optional("reason_code", .word(Vocabulary.removalReasons)), .optional("reason_note")),
      remove),
    Endpoint("/item/webhook/update", Shape(.required("access_token"), .optional("webhook")), updateWebhook),
    Endpoint("/item/access_token/invalidate", tokenOnly, invalidate),
  ]

  private static func exchange(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let text = try body.required("public_token")
    guard let token = world.publicTokens[text], let item = world.items[token.item] else { throw .publicToken }
    guard world.now < token.expiresAt else { throw .expiredPublicToken }
    world.publicTokens[text] = nil
    world.keep(.exchanged(item: item.id))
    return .object(["access_token": .string(item.accessToken), "item_id": .string(item.id)])
  }

  private static func remove(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.item(body)
    if let note = body.string("reason_note"), note.count > 512 {
      throw .invalidField("reason_note must not be longer than 512 characters")
    }
    world.items[item.id]?.isRemoved = true
    world.forget(item.id)
    return .empty
  }

  private static func updateWebhook(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.item(body)
    let url = body.string("webhook")
    if let url { try WebhookTarget.check(url) }
    world.items[item.id]?.webhook = url
    if let url {
      world.announce(
        item.id, type: "ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED", ["new_webhook_url": .string(url), "error": nil])
    }
    return .object(["item": world.json(of: world.items[item.id] ?? item)])
  }

  private static func invalidate(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.item(body)
    let number = (world.itemOrder.firstIndex(of: item.id) ?? 0) + 1
    let token = Item.accessToken(number: number, generation: item.tokenGeneration + 1, naming: world.naming)
    world.itemIDs[item.accessToken] = nil
    world.itemIDs[token] = item.id
    world.items[item.id]?.tokenGeneration += 1
    world.items[item.id]?.accessToken = token
    return .object(["new_access_token": .string(token)])
  }
}

extension SandboxWorld {
  /// Nothing happens by itself to a removed Item any more.
  mutating func forget(_ id: String) {
    agenda.cancel { event in
      switch event {
      case .initialUpdate(let item), .historicalUpdate(let item), .poll(let item), .loginExpires(let item),
        .consentWarning(let item), .consentEnds(let item):
        item == id
      case .rotateKey: false
      }
    }
    webhooks.forget(item: id)
  }
}
