import Basics
import Finance
import HTTP
import JSON

/// The tester's levers: faults, time, disorder at the bank, and the truth to compare with.
///
/// These addresses exist only where the configuration switches them on. Moving the clock and delivering what is due need
/// more than the world and are done by the server; all others are here. All are POSTs of a JSON object below `/control/`:
///
/// - `clock/advance {seconds}`, `webhooks/deliver`
/// - `state`, `item/truth {item_id}`: what there is, and what a reader must end up with
/// - `faults/add {fault, endpoint?, institution_id?, item_id?, count?, percent?}`, `faults/list`, `faults/remove {number?}`;
///   the words are those of ``Fault``
/// - `rates {mode?, endpoint?, per_item?, per_client?}`
/// - `webhooks/disorder {duplicate?, lose?, hold?, reversed?}`, `webhooks/rotate_key`, `webhooks/list`
/// - `item/churn`, `item/resend`, `item/remove_rows`, `item/correct {by_minor}`: on `transaction_ids`, or on the newest
///   `rows` posted ones
/// - `item/mutate_during_pagination`, `item/poll`, `item/vanish_account {account_id}`, `item/restore_accounts`,
///   `item/relink_ids`, `item/break {error_code?}`, `item/repair {login_repaired?}`
enum Control {
  static let prefix = "/control/"

  struct Lever: Sendable {
    var path: String
    var shape: Shape
    var pull: @Sendable (inout SandboxWorld, Body) throws(Refusal) -> JSONValue

    init(
      _ path: String, _ shape: Shape = Shape(),
      _ pull: @escaping @Sendable (inout SandboxWorld, Body) throws(Refusal) -> JSONValue
    ) {
      self.path = Control.prefix + path
      self.shape = shape
      self.pull = pull
    }
  }

  static let levers: [String: Lever] = Dictionary(
    uniqueKeysWithValues: (worldLevers + itemLevers).map { ($0.path, $0) })

  static func answer(_ world: inout SandboxWorld, _ request: Request, requestID: String) -> Reply {
    guard let lever = levers[request.path], ["GET", "POST"].contains(request.method) else {
      return Reply(.notFound, requestID: requestID)
    }
    do throws(Refusal) {
      let bytes = request.body.isEmpty ? Array("{}".utf8) : request.body
      guard let body = try? JSONValue.parse(bytes), case .object = body else { throw .unreadableBody }
      try lever.shape.check(body)
      let item = body["item_id"]?.string
      let before = item.flatMap { world.items[$0]?.mark }
      let answer = try lever.pull(&world, Body(body))
      world.keep(.pulled(path: request.path, body: body), ifChanged: item, since: before)
      return Reply(.object(answer), requestID: requestID)
    } catch {
      return Reply(error, requestID: requestID)
    }
  }

  // MARK: - The whole world

  private static let worldLevers: [Lever] = [
    Lever("state") { world, _ throws(Refusal) in
      [
        "now": Wire.instant(world.now), "requests": .int(world.requestCount),
        "items": .array(world.itemOrder.compactMap { world.items[$0] }.map(summary)),
      ]
    },
    Lever(
      "faults/add",
      Shape(
        .required("fault"), .optional("endpoint"), .optional("institution_id"), .optional("item_id"),
        .optional("count", .integer(1...1_000_000)), .optional("percent", .integer(1...100)))
    ) { world, body throws(Refusal) in
      let text = try body.required("fault")
      guard let fault = Fault(text) else { throw .invalidField("fault \(text) is not known") }
      let number = world.faults.add(
        .init(
          number: 0, fault: fault, text: text, endpoint: body.string("endpoint"),
          institution: body.string("institution_id"), item: body.string("item_id"), remaining: body.int("count"),
          percent: body.int("percent") ?? 100))
      return ["number": .int(number)]
    },
    Lever("faults/list") { world, _ throws(Refusal) in
      [
        "faults": .array(
          world.faults.rules.map { rule in
            [
              "number": .int(rule.number), "fault": .string(rule.text), "endpoint": JSONValue(rule.endpoint),
              "institution_id": JSONValue(rule.institution), "item_id": JSONValue(rule.item),
              "remaining": JSONValue(rule.remaining), "percent": .int(rule.percent),
            ]
          })
      ]
    },
    Lever("faults/remove", Shape(.optional("number", .integer(1...Int.max)))) { world, body throws(Refusal) in
      world.faults.remove(body.int("number"))
      return .object([])
    },
    Lever(
      "rates",
      Shape(
        .optional("mode", .word(["off", "sandbox", "production"])), .optional("endpoint"),
        .optional("per_item", .integer(0...1_000_000)), .optional("per_client", .integer(0...1_000_000)))
    ) { world, body throws(Refusal) in
      if let mode = body.string("mode").flatMap(Settings.RateLimits.init) { world.rates.mode = mode }
      if let endpoint = body.string("endpoint") {
        world.rates.overrides[endpoint] = .init(
          perItem: body.int("per_item"), perClient: body.int("per_client") ?? 1_000_000)
      }
      return .object([])
    },
    Lever(
      "webhooks/disorder",
      Shape(
        .optional("duplicate", .integer(0...1_000)), .optional("lose", .integer(0...1_000)),
        .optional("hold", .boolean), .optional("reversed", .boolean))
    ) { world, body throws(Refusal) in
      if let count = body.int("duplicate") { world.webhooks.duplicatesLeft = count }
      if let count = body.int("lose") { world.webhooks.lossesLeft = count }
      if body.bool("hold") == true { world.webhooks.hold() }
      if body.bool("hold") == false { world.webhooks.release(reversed: body.bool("reversed") ?? false) }
      return .object([])
    },
    Lever("webhooks/rotate_key") { world, _ throws(Refusal) in
      world.webhooks.rotateKey(at: world.now)
      return ["key_id": .string(world.webhooks.keys[world.webhooks.keys.count - 1].id)]
    },
    Lever("webhooks/list") { world, _ throws(Refusal) in
      ["waiting": .array(world.webhooks.letters.map(waiting)), "attempts": .array(world.webhooks.records.map(attempt))]
    },
  ]

  private static func summary(of item: Item) -> JSONValue {
    [
      "item_id": .string(item.id), "institution_id": .string(item.institution.id),
      "username": .string(item.customer.signIn.username), "is_removed": .bool(item.isRemoved),
      "error_code": JSONValue(item.trouble?.code), "is_armed": .bool(item.isArmed),
      "log_length": .int(item.bulk?.rows ?? item.ledger.log.end),
    ]
  }

  private static func waiting(_ letter: WebhookOffice.Letter) -> JSONValue {
    [
      "number": .int(letter.number), "webhook_code": .string(letter.code), "item_id": JSONValue(letter.item),
      "url": .string(letter.url), "due_at": Wire.instant(letter.dueAt), "attempts": .int(letter.attempts),
    ]
  }

  private static func attempt(_ record: WebhookOffice.Record) -> JSONValue {
    [
      "number": .int(record.letter), "webhook_code": .string(record.code), "item_id": JSONValue(record.item),
      "url": .string(record.url), "at": Wire.instant(record.at), "attempt": .int(record.attempt),
      "status": JSONValue(record.status), "next_at": Wire.instant(record.nextAt),
    ]
  }
}
