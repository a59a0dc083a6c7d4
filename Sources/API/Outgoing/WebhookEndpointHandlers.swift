import Basics
import Crypto
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Store

/// What is done with addresses of other programs when a person asks for it.
extension Interface {
  func makeEndpoint(_ call: Call) async throws -> Response {
    let (banks, now, trail) = (try banks(for: call), self.banks.world.now(), Trail(call))
    let (url, words, kinds): (String, String?, [String]?) = (
      try call.body.required("url"), call.body["description"], call.body["kinds"]
    )
    let (secret, id, scope) = (WebhookSignature.makeSecret(), banks.world.newID(WebhookEndpoint.self), banks.scope)
    return try await call.once(banks) { [identity] session in
      guard try WebhookEndpoints.all(scope, session).count < WebhookEndpoints.countMax else {
        throw ProblemKind.tooManyEndpoints.problem()
      }
      let box = try banks.sealing.seal(secret, SealedTokens.associatedData(scope.household, webhook: id))
      let endpoint = StoredEndpoint(
        id: id, scope: scope, url: url, words: words ?? "", kinds: kinds ?? [], secretBox: box,
        position: try Events.extent(of: scope.household, session).last, madeAt: now)
      try WebhookEndpoints.insert(endpoint, session)
      try identity.note(
        "webhook_endpoint.made", by: scope.user, subject: "\(id)", detail: DeliveryJobs.host(of: url),
        in: scope.household, trail, session)
      return .json(201, Wire.endpoint(endpoint).setting("secret", .string(secret.reveal)))
    }
  }

  /// - Parameter change: On a copy, which is then kept.
  func changing(
    _ call: Call, _ action: String, _ change: @escaping @Sendable (inout StoredEndpoint) -> Void
  ) async throws -> Response {
    let (banks, id, trail) = (try banks(for: call), try call.id(of: WebhookEndpoint.self), Trail(call))
    let changed = try await banks.database.write { [scope = banks.scope, identity] session -> StoredEndpoint in
      guard var endpoint = try WebhookEndpoints.find(id, of: scope.household, session) else { throw Problem.notFound }
      try call.check(ifMatch: Wire.endpoint(endpoint))
      change(&endpoint)
      // It is told what its person sees: whoever says where that goes has to be the one who sees it.
      try WebhookEndpoints.change(endpoint, by: scope.user, session)
      try identity.note(
        action, by: scope.user, subject: "\(id)", detail: DeliveryJobs.host(of: endpoint.url), in: scope.household,
        trail, session)
      guard let kept = try WebhookEndpoints.find(id, of: scope.household, session) else { throw Problem.notFound }
      try goOn(kept, banks, session)
      return kept
    }
    banks.bell.ring()
    return .json(200, Wire.endpoint(changed))
  }

  /// What rests because the address failed, half a day at worst, goes on at once and with all its tries: a person has
  /// seen to it.
  private func goOn(_ endpoint: StoredEndpoint, _ banks: Banks, _ session: any Session) throws {
    let (lane, subject, household) = (JobKind.delivery.lane, "\(endpoint.id)", endpoint.scope.household)
    try JobQueue.cancel(lane, subject, session)
    guard endpoint.state == .active, try Events.extent(of: household, session).last > endpoint.position else { return }
    let job = NewJob(.delivery, subject, household: ID(bits: household.bits), priority: .person)
    try JobQueue.add(job, id: banks.world.newID(), now: banks.world.now(), session)
  }

  func renewSecret(_ call: Call) async throws -> Response {
    let (banks, id, trail) = (try banks(for: call), try call.id(of: WebhookEndpoint.self), Trail(call))
    let (secret, until) = (WebhookSignature.makeSecret(), banks.world.now() + Outgoing.formerTime)
    try await banks.database.write { [scope = banks.scope, identity] session in
      guard let endpoint = try WebhookEndpoints.find(id, of: scope.household, session) else { throw Problem.notFound }
      let box = try banks.sealing.seal(secret, Outgoing.associatedData(endpoint))
      try WebhookEndpoints.setSecret(
        box, former: endpoint.secretBox, until: until, endpoint, by: scope.user, session)
      try identity.note(
        "webhook_endpoint.secret_renewed", by: scope.user, subject: "\(id)", in: scope.household, trail, session)
    }
    return .json(200, ["secret": .string(secret.reveal), "former_until": Wire.instant(until)])
  }

  func testEndpoint(_ call: Call) async throws -> Response {
    let (banks, id) = (try banks(for: call), try call.id(of: WebhookEndpoint.self))
    let household = banks.scope.household
    let found = try await banks.reading { try WebhookEndpoints.find(id, of: household, $0) }
    guard let endpoint = found else { throw Problem.notFound }
    guard let http = settings.outgoing else { throw ProblemKind.outgoingClosed.problem() }
    let outgoing = Outgoing(banks.database, banks.world, banks.sealing, http: http)
    // No position of the household's: it is in nobody's order.
    let ping = OutgoingEvent(
      household: household, position: 0, at: banks.world.now(), kind: "ping",
      data: "{\"endpoint\":\"\(endpoint.id)\"}", name: "evt_\(RandomBytes.token(bytes: 12))")
    let (attempt, _) = try await outgoing.send(ping, to: endpoint)
    return .json(
      200,
      [
        "delivered": .bool(attempt.isDelivered), "status": JSONValue(attempt.status),
        "failure": JSONValue(attempt.failure), "milliseconds": .int(attempt.milliseconds),
      ])
  }

  func replay(_ call: Call, after position: Int) async throws -> Response {
    let (banks, id) = (try banks(for: call), try call.id(of: WebhookEndpoint.self))
    let endpoint = try await banks.database.write { [scope = banks.scope] session -> StoredEndpoint in
      guard let endpoint = try WebhookEndpoints.find(id, of: scope.household, session) else { throw Problem.notFound }
      let extent = try Events.extent(of: scope.household, session)
      guard position >= extent.first - 1, position <= extent.last else { throw ProblemKind.eventUnknown.problem() }
      try WebhookEndpoints.rewind(endpoint, to: position, session)
      var moved = endpoint
      moved.position = position
      try goOn(moved, banks, session)
      return moved
    }
    banks.bell.ring()
    return .json(200, Wire.endpoint(endpoint))
  }

  func resend(_ call: Call, _ position: Int) async throws -> Response {
    let (banks, id, now) = (try banks(for: call), try call.id(of: WebhookEndpoint.self), self.banks.world.now())
    try await banks.database.write { [scope = banks.scope, world = banks.world] session in
      guard let endpoint = try WebhookEndpoints.find(id, of: scope.household, session) else { throw Problem.notFound }
      guard endpoint.state == .active else { throw ProblemKind.endpointHalted.problem() }
      let event = try Events.after(position - 1, limit: 1, endpoint.scope, session).first
      guard event?.position == position else { throw ProblemKind.eventUnknown.problem() }
      let job = NewJob(
        .delivery, "\(id) \(position)", household: ID(bits: scope.household.bits), priority: .person)
      try JobQueue.add(job, id: world.newID(), now: now, session)
    }
    banks.bell.ring()
    return Response(202)
  }
}

extension Wire {
  static let endpointShape = Shape.object(
    "WebhookEndpoint",
    [
      .required("id", .id(WebhookEndpoint.self)), .required("url", .text(1...2_000)),
      .required("description", .text(0...200)),
      .required("kinds", .list(of: .token(1...60), count: 0...50), "None: all."),
      .required("state", .word(StoredEndpoint.State.self)),
      .required("reason", .text(0...400).orNull, "Why it is disabled."),
      .required("position", .count, "The last event that was delivered or passed over."),
      .required("failing_since", .instant.orNull), .required("created_by", .id(User.self)),
      .required("created_at", .instant),
    ])

  static let endpointExample: JSONValue = [
    "id": "whe_01kj3v5d8ve2r9q0w4y7h6t1cz", "url": "https://hooks.example.com/magpie", "description": "Budget sheet",
    "kinds": ["transaction", "sync.finished"], "state": "active", "reason": nil, "position": 41, "failing_since": nil,
    "created_by": "usr_01kj3v5d8ve2r9q0w4y7h6t1cz", "created_at": "2026-03-14T09:00:00Z",
  ]

  static func endpoint(_ endpoint: StoredEndpoint) -> JSONValue {
    [
      "id": id(endpoint.id), "url": .string(endpoint.url), "description": .string(endpoint.words),
      "kinds": JSONValue(endpoint.kinds), "state": .string(endpoint.state.rawValue),
      "reason": JSONValue(endpoint.reason), "position": .int(endpoint.position),
      "failing_since": endpoint.failingSince.map { instant($0) } ?? .null, "created_by": id(endpoint.scope.user),
      "created_at": instant(endpoint.madeAt),
    ]
  }

  static let deliveryShape = Shape.object(
    "WebhookDelivery",
    [
      .required("position", .count), .required("kind", .token(1...60)), .required("tries", .count),
      .required("first_at", .instant), .required("last_at", .instant), .required("delivered_at", .instant.orNull),
      .required("status", .integer(100...999).orNull, "The last answer's; null when there was none."),
      .required("failure", .text().orNull, "Why there was none."), .required("milliseconds", .count),
    ])

  static let deliveryExample: JSONValue = [
    "position": 41, "kind": "sync.finished", "tries": 2, "first_at": "2026-03-14T09:00:00Z",
    "last_at": "2026-03-14T09:00:06Z", "delivered_at": "2026-03-14T09:00:06Z", "status": 204, "failure": nil,
    "milliseconds": 83,
  ]

  static func delivery(_ row: ListedDelivery) -> JSONValue {
    [
      "position": .int(row.position), "kind": .string(row.kind), "tries": .int(row.tries),
      "first_at": instant(row.firstAt), "last_at": instant(row.lastAt),
      "delivered_at": row.deliveredAt.map { instant($0) } ?? .null, "status": JSONValue(row.status),
      "failure": JSONValue(row.failure), "milliseconds": .int(row.milliseconds),
    ]
  }
}
