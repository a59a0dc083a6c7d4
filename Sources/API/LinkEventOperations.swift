import Basics
import Databases
import Finance
import HTTP
import JSON
import Plaid
import Store

/// What a page's Link told in `onEvent` and `onExit`, kept for finding out why somebody did not get through.
extension Interface {
  var linkEventOperations: [Operation] {
    [
      Operation(
        "keepLinkEvent", .post, "/v1/plaid/link-events", .connections, "Keep what Link told your page",
        needs: .household(.sync, .member),
        body: .json(Self.linkEventShape, bytesMax: 16 << 10, example: Self.linkEventBody),
        answers: [
          .json(201, Wire.linkEventShape, "What was kept.", example: Wire.linkEventExample)
        ]
      ) { call in try await keepLinkEvent(call) }
      .saying(
        """
        Send `event` and `metadata` as onEvent gets them; for onExit the event is EXIT, with its `error`. Known members \
        are kept, without anything that looks like a token, and the latest 500 of each person.
        """
      )
      .repeatable(),
      Operation(
        "listLinkEvents", .get, "/v1/plaid/link-events", .connections,
        "List what Link told your pages, the latest first",
        needs: .household(.read, .viewer), parameters: .page,
        answers: [.page(of: Wire.linkEventShape, "What was kept.", example: Wire.linkEventExample)]
      ) { call in
        let banks = try banks(for: call)
        let (pages, list) = (Pages(banks), "link events")
        let demand = try pages.demand(call, list: list)
        let before = demand.after?.first.flatMap { ID<LinkEvent>($0) }
        let rows = try await banks.reading { [scope = banks.scope] session in
          try LinkEvents.list(before: before, limit: demand.limit + 1, scope, session)
        }
        return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.linkEvent)
      },
    ]
  }

  /// What Plaid's script passes on is Plaid's affair: it may grow.
  private static let linkEventShape = Shape.object([
    .required("event", .token(1...60)), .optional("connection", .id(Connection.self).orNull, "In update mode."),
    .optional("metadata", .map(of: .any, countMax: 60).orNull), .optional("error", .map(of: .any, countMax: 60).orNull),
  ])

  private static let linkEventBody: JSONValue = [
    "event": "EXIT", "metadata": ["link_session_id": "4d2a", "status": "requires_credentials"],
    "error": ["error_type": "ITEM_ERROR", "error_code": "INVALID_CREDENTIALS"],
  ]

  private func keepLinkEvent(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    var event = StoredLinkEvent(
      id: banks.world.newID(), at: banks.world.now(), name: try call.body.required("event"))
    let metadata = call.body.object["metadata"]
    let institution = metadata?["institution"]
    event.connection = call.body["connection"]
    event.session = Self.words(metadata?["link_session_id"])
    event.institutionID = Self.words(metadata?["institution_id"] ?? institution?["institution_id"])
    event.institutionName = Self.words(metadata?["institution_name"] ?? institution?["name"])
    event.viewName = Self.words(metadata?["view_name"])
    event.exitStatus = Self.words(metadata?["exit_status"] ?? metadata?["status"])
    let error = call.body.object["error"]
    event.errorType = Self.words(error?["error_type"] ?? metadata?["error_type"])
    event.errorCode = Self.words(error?["error_code"] ?? metadata?["error_code"])
    event.requestID = Self.words(metadata?["request_id"])
    do {
      return try await call.once(banks) { [event, scope = banks.scope] session in
        if let connection = event.connection, try Connections.find(connection, scope, session) == nil {
          throw Problem.invalid(["/connection": "is not a connection here"])
        }
        try LinkEvents.keep(event, scope, session)
        return .json(201, Wire.linkEvent(event))
      }
    } catch {
      throw call.problem(of: error)
    }
  }

  /// A text from a page that anybody may have written: short, one line, and without tokens.
  private static func words(_ value: JSONValue?) -> String? {
    guard let text = value?.string, !text.isEmpty else { return nil }
    let line = String(
      String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    return String(PlaidError.withoutTokens(line).prefix(200))
  }
}

extension Wire {
  static func linkEvent(_ event: StoredLinkEvent) -> JSONValue {
    [
      "id": id(event.id), "at": instant(event.at), "event": .string(event.name),
      "link_session_id": JSONValue(event.session), "connection": id(event.connection),
      "institution": [
        "id": JSONValue(event.institutionID), "name": JSONValue(event.institutionName),
      ], "view_name": JSONValue(event.viewName), "exit_status": JSONValue(event.exitStatus),
      "error_type": JSONValue(event.errorType), "error_code": JSONValue(event.errorCode),
      "request_id": JSONValue(event.requestID),
    ]
  }

  static let linkEventShape = Shape.object(
    "LinkEvent",
    [
      .required("id", .id(LinkEvent.self)), .required("at", .instant), .required("event", .token),
      .required("link_session_id", .foreign.orNull), .required("connection", .id(Connection.self).orNull),
      .required(
        "institution", .object([.required("id", .foreign.orNull), .required("name", .foreign.orNull)])),
    ]
      + ["view_name", "exit_status", "error_type", "error_code", "request_id"].map { .required($0, .foreign.orNull) })

  static let linkEventExample: JSONValue = [
    "id": "lev_01kj3v5d8ve2r9q0w4y7h6t1cz", "at": "2026-03-14T09:00:00Z", "event": "EXIT", "link_session_id": "4d2a",
    "connection": .null, "institution": ["id": .null, "name": .null], "view_name": .null,
    "exit_status": "requires_credentials", "error_type": "ITEM_ERROR", "error_code": "INVALID_CREDENTIALS",
    "request_id": .null,
  ]
}
