import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Store

/// Addresses of other programs that are told what happens: made, changed, tried out, and looked at when something did
/// not come.
extension Interface {
  var webhookEndpointOperations: [Operation] { endpointOperations + deliveryOperations }

  private var endpointOperations: [Operation] {
    [
      Operation(
        "listWebhookEndpoints", .get, "/v1/webhook-endpoints", .outgoing,
        "List the addresses that are told what happens",
        needs: .household(.admin, .admin),
        answers: [
          .json(
            200, .whole(Wire.endpointShape), "The addresses, without their secrets.",
            example: ["data": [Wire.endpointExample]])
        ]
      ) { call in
        let banks = try banks(for: call)
        let all = try await banks.reading { [scope = banks.scope] in try WebhookEndpoints.all(scope, $0) }
        return .json(200, ["data": .array(all.map(Wire.endpoint))])
      },
      Operation(
        "makeWebhookEndpoint", .post, "/v1/webhook-endpoints", .outgoing,
        "Have an address told what happens; its secret is shown once", needs: .household(.admin, .admin),
        body: .json(
          .object([.required("url", Self.urlShape)] + Self.endpointFields),
          example: ["url": "https://hooks.example.com/magpie", "kinds": ["transaction", "sync.finished"]]),
        answers: [
          .json(
            201, .object("NewWebhookEndpoint", Wire.endpointShape.members + [.required("secret", .secret(1...200))]),
            "It is told of what happens from now on.",
            example: Wire.endpointExample.setting("secret", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"))
        ], problems: [.tooManyEndpoints]
      ) { call in try await makeEndpoint(call) }
      .saying(
        """
        Events come by POST, signed as Standard Webhooks says, in their order and at least once. The address sees what \
        you see, and hears nothing more when you leave the household. It has to be https and out in the world, unless \
        the operator allows others.
        """
      )
      .freshly().secretly().repeatable(),
      Operation(
        "changeWebhookEndpoint", .patch, "/v1/webhook-endpoints/{id}", .outgoing,
        "Change an address, what it is told of, or halt it", needs: .household(.admin, .admin),
        parameters: [.path("id", .id(WebhookEndpoint.self)), .ifMatch],
        body: .json(
          .object(
            [.optional("url", Self.urlShape), .optional("state", .word(["active", "paused"]))] + Self.endpointFields),
          example: ["state": "paused"]),
        answers: [.json(200, Wire.endpointShape, "As it is now.", example: Wire.endpointExample)]
      ) { call in
        let (url, words, kinds, state): (String?, String?, [String]?, String?) = (
          call.body["url"], call.body["description"], call.body["kinds"], call.body["state"]
        )
        return try await changing(call, "webhook_endpoint.changed") { endpoint in
          if let url { endpoint.url = url }
          if let words { endpoint.words = words }
          if let kinds { endpoint.kinds = kinds }
          if let state = state.flatMap(StoredEndpoint.State.init(rawValue:)) { endpoint.state = state }
        }
      }
      .saying(
        """
        One that was disabled and is made active goes on with the event that it did not take. From now on it is told what \
        you see.
        """
      )
      .freshly(),
      Operation(
        "removeWebhookEndpoint", .delete, "/v1/webhook-endpoints/{id}", .outgoing, "Tell an address nothing more",
        needs: .household(.admin, .admin), parameters: [.path("id", .id(WebhookEndpoint.self))],
        answers: [.empty("It is gone, and what was delivered to it is forgotten.")]
      ) { call in
        let (banks, id, trail) = (try banks(for: call), try call.id(of: WebhookEndpoint.self), Trail(call))
        try await banks.database.write { [scope = banks.scope, identity] session in
          guard let endpoint = try WebhookEndpoints.find(id, of: scope.household, session) else {
            throw Problem.notFound
          }
          try WebhookEndpoints.remove(endpoint, session)
          try JobQueue.cancel(JobKind.delivery.lane, "\(id)", session)
          try identity.note(
            "webhook_endpoint.removed", by: scope.user, subject: "\(id)", in: scope.household, trail, session)
        }
        return Response(204)
      }
      .freshly(),
      Operation(
        "renewWebhookSecret", .post, "/v1/webhook-endpoints/{id}/secret", .outgoing, "Make a new secret for an address",
        needs: .household(.admin, .admin), parameters: [.path("id", .id(WebhookEndpoint.self))],
        answers: [
          .json(
            200,
            .object("WebhookSecret", [.required("secret", .secret(1...200)), .required("former_until", .instant)]),
            "For a day both secrets sign.",
            example: [
              "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "former_until": "2026-03-15T09:00:00Z",
            ])
        ]
      ) { call in try await renewSecret(call) }
      .freshly().secretly(),
    ]
  }

  private var deliveryOperations: [Operation] {
    [
      Operation(
        "testWebhookEndpoint", .post, "/v1/webhook-endpoints/{id}/test", .outgoing, "Send an address a ping now",
        needs: .household(.admin, .admin), parameters: [.path("id", .id(WebhookEndpoint.self))],
        answers: [
          .json(
            200,
            .object(
              "WebhookTest",
              [
                .required("delivered", .flag), .required("status", .integer(100...999).orNull),
                .required("failure", .text().orNull), .required("milliseconds", .count),
              ]), "How it went.",
            example: ["delivered": true, "status": 204, "failure": nil, "milliseconds": 83])
        ], problems: [.outgoingClosed]
      ) { call in try await testEndpoint(call) }
      .paced(.signIn),
      Operation(
        "listWebhookDeliveries", .get, "/v1/webhook-endpoints/{id}/deliveries", .outgoing,
        "List what an address was told, the latest first", needs: .household(.admin, .admin),
        parameters: .page + [.path("id", .id(WebhookEndpoint.self))],
        answers: [.page(of: Wire.deliveryShape, "A page.", example: Wire.deliveryExample)]
      ) { call in
        let (banks, id) = (try banks(for: call), try call.id(of: WebhookEndpoint.self))
        let (pages, list) = (Pages(banks), "deliveries \(id)")
        let demand = try pages.demand(call, list: list)
        let before = demand.after?.first.flatMap { Int($0) }
        let rows = try await banks.reading { [scope = banks.scope] session -> [ListedDelivery]? in
          guard try WebhookEndpoints.find(id, of: scope.household, session) != nil else { return nil }
          return try WebhookDeliveries.list(of: id, before: before, limit: demand.limit + 1, scope, session)
        }
        guard let rows else { throw Problem.notFound }
        return try pages.answer(rows, demand, list: list, mark: { ["\($0.position)"] }, Wire.delivery)
      },
      Operation(
        "replayWebhookEvents", .post, "/v1/webhook-endpoints/{id}/replay", .outgoing,
        "Tell an address again what happened since a position", needs: .household(.admin, .admin),
        parameters: [.path("id", .id(WebhookEndpoint.self))],
        body: .json(
          .object([.required("after", .integer(0...Int(Int32.max)), "The last one that is not told again.")]),
          example: ["after": 0]),
        answers: [
          .json(200, Wire.endpointShape, "It goes on from there, once it is active.", example: Wire.endpointExample)
        ],
        problems: [.eventUnknown]
      ) { call in
        let after: Int = try call.body.required("after")
        return try await replay(call, after: after)
      },
      Operation(
        "resendWebhookEvent", .post, "/v1/webhook-endpoints/{id}/resend", .outgoing,
        "Tell an address of one event once more, out of its turn", needs: .household(.admin, .admin),
        parameters: [.path("id", .id(WebhookEndpoint.self))],
        body: .json(.object([.required("position", .integer(1...Int(Int32.max)))]), example: ["position": 1]),
        answers: [.empty("It is on its way; the list of deliveries shows how it went.", status: 202)],
        problems: [.eventUnknown, .endpointHalted]
      ) { call in try await resend(call, try call.body.required("position")) },
    ]
  }

  private static let urlShape = Shape.text(10...2_000).described("https, without user and password.").holding { value in
    let text = value.string ?? ""
    let rest = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let isRight = !host.isEmpty && !host.contains("@") && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    return isRight ? [:] : ["": "must be an https address without user and password"]
  }

  private static let endpointFields: [Shape.Member] = [
    .optional("description", .text(0...200), "A note of yours."),
    .optional(
      "kinds", .list(of: .token(1...60), count: 0...50),
      "Kinds of events, such as `transaction.added`, or `transaction` for all that begin so; none: all."),
  ]
}

extension Tag {
  package static let outgoing = Tag("Outgoing webhooks", "Addresses of other programs that are told what happens.")
}

extension ProblemKind {
  static let tooManyEndpoints = ProblemKind(
    409, "webhook.too_many", "This household has as many addresses as it may have.", "Remove one first.")
  static let outgoingClosed = ProblemKind(
    503, "webhook.closed", "This process sends nothing out.", "Ask a server that does the work.")
  static let endpointHalted = ProblemKind(
    409, "webhook.halted", "Nothing is sent to this address at the moment.", "Make it active first.")
  static let eventUnknown = ProblemKind(
    409, "event.unknown", "There is no such event, or it is not kept any more.", "Take a later position.")
}
