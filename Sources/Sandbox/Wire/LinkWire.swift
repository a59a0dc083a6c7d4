import Basics
import JSON

/// What `/link/token/get` tells of a token and of the sessions opened with it.
enum LinkWire {
  static func json(of token: LinkToken) -> JSONValue {
    var metadata: JSONValue = [
      "account_filters": token.accountFilters ?? .object([]), "client_name": .string(token.clientName),
      "country_codes": JSONValue(token.countries), "initial_products": JSONValue(token.products),
      "language": .string(token.language), "redirect_uri": JSONValue(token.redirectURI),
      "webhook": JSONValue(token.webhook),
    ]
    metadata["institution_data"] = token.institutionData
    return [
      "created_at": Wire.instant(token.createdAt), "expiration": Wire.instant(token.expiresAt),
      "link_sessions": .array(token.sessions.map { session(of: $0, in: token) }), "link_token": .string(token.text),
      "metadata": metadata,
    ]
  }

  private static func session(of session: LinkSession, in token: LinkToken) -> JSONValue {
    var json: JSONValue = [
      "events": .array(session.events.enumerated().map { event($0.element, number: $0.offset, of: session) }),
      "exit": nil, "finished_at": Wire.instant(session.finishedAt), "link_session_id": .string(session.id),
      "on_exit": nil, "on_success": nil, "results": nil, "started_at": Wire.instant(session.startedAt),
    ]
    switch session.outcome {
    case .open, .repaired: break
    case .finished(let publicToken, _):
      let metadata: JSONValue = session.metadata ?? .object([])
      json["on_success"] = ["metadata": metadata, "public_token": .string(publicToken)]
      json["results"] = [
        "item_add_results": [
          [
            "accounts": metadata["accounts"] ?? [], "institution": metadata["institution"] ?? nil,
            "public_token": .string(publicToken),
          ]
        ]
      ]
    case .exited(let refusal):
      json["exit"] = [
        "error": refusal.map { error(of: $0) } ?? .null,
        "metadata": [
          "institution": session.institution.flatMap { Institution.named($0) }.map { named($0) } ?? .null,
          "link_session_id": .string(session.id), "request_id": "", "status": "requires_credentials",
        ],
      ]
      json["on_exit"] = json["exit"] ?? nil
    }
    return json
  }

  static func named(_ institution: Institution) -> JSONValue {
    ["institution_id": .string(institution.id), "name": .string(institution.name)]
  }

  static func error(of refusal: Refusal) -> JSONValue {
    [
      "display_message": .string(refusal.display ?? ""), "error_code": .string(refusal.code),
      "error_message": .string(refusal.message), "error_type": .string(refusal.type),
    ]
  }

  static func event(_ event: LinkSession.Event, number: Int, of session: LinkSession) -> JSONValue {
    [
      "event_id": .string("\(session.id)-\(number)"),
      "event_metadata": JSONValue.object(event.metadata).adding([
        .init("link_session_id", .string(session.id)), .init("timestamp", Wire.instant(event.at)),
      ]), "event_name": .string(event.name), "timestamp": Wire.instant(event.at),
    ]
  }
}
