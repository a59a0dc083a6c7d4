import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// What people are told, read and put aside.
extension Interface {
  var notificationOperations: [Operation] {
    [
      Operation(
        "listNotifications", .get, "/v1/notifications", .notifications, "List what you are told, the newest first",
        needs: .household(.read, .viewer),
        parameters: .page + [.query("unread", .flag, "Only what you have not read and still holds.")],
        answers: [.page(of: Wire.notificationShape, "A page.", example: Wire.notificationExample)]
      ) { call in
        let banks = try banks(for: call)
        let (pages, list) = (Pages(banks), "notifications")
        let isUnreadOnly: Bool = call.query["unread"] ?? false
        let demand = try pages.demand(call, list: list)
        let before = demand.after?.first.flatMap { ID<Notice>($0) }
        let rows = try await banks.reading { [scope = banks.scope] session in
          try Notifications.list(
            before: before, limit: demand.limit + 1, isUnreadOnly: isUnreadOnly, scope, session)
        }
        return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.notification)
      },
      mark("readNotification", "/v1/notifications/{id}/read", "Note that you have read it", isDismissed: false),
      mark("dismissNotification", "/v1/notifications/{id}/dismiss", "Put it aside", isDismissed: true),
      Operation(
        "getMutedNotifications", .get, "/v1/notifications/muted", .notifications,
        "Show what you do not want to hear of",
        needs: .household(.read, .viewer),
        answers: [.json(200, Self.mutedShape, "The kinds.", example: Self.mutedExample)]
      ) { call in
        let banks = try banks(for: call)
        let kinds = try await banks.reading { [scope = banks.scope] in try Notifications.muted(scope, $0) }
        return .json(200, ["kinds": JSONValue(kinds)])
      },
      Operation(
        "setMutedNotifications", .put, "/v1/notifications/muted", .notifications, "Say what you do not want to hear of",
        needs: .household(.write, .viewer), body: .json(Self.mutedShape, example: Self.mutedExample),
        answers: [.json(200, Self.mutedShape, "The kinds.", example: Self.mutedExample)]
      ) { call in
        let banks = try banks(for: call)
        let words: [String] = call.body["kinds"] ?? []
        let kinds = words.compactMap { NotificationKind(rawValue: $0) }
        let now = banks.world.now()
        try await banks.writing { [scope = banks.scope] in
          try Notifications.setMuted(kinds, now: now, scope, $0)
        }
        return .json(200, ["kinds": JSONValue(Set(words).sorted())])
      },
    ]
  }

  private func mark(_ id: String, _ path: String, _ summary: String, isDismissed: Bool) -> Operation {
    Operation(
      id, .post, path, .notifications, summary, needs: .household(.write, .viewer),
      parameters: [.path("id", .id(Notice.self))], answers: [.empty("It is noted.")]
    ) { call in
      let banks = try banks(for: call)
      let (notice, now): (ID<Notice>, Timestamp) = (try call.id(), banks.world.now())
      let isThere = try await banks.writing { [scope = banks.scope] in
        try Notifications.mark(notice, isDismissed: isDismissed, now: now, scope, $0)
      }
      guard isThere else { throw Problem.notFound }
      return Response(204)
    }
  }

  private static let mutedExample: JSONValue = ["kinds": ["history.complete"]]

  private static let mutedShape = Shape.object([
    .required(
      "kinds", .list(of: .word(NotificationKind.allCases.filter { $0 != .security }.map(\.rawValue)), count: 0...50))
  ])
}

extension Tag {
  package static let notifications = Tag("Notifications", "What people are told.")
}

extension Wire {
  static let notificationShape = Shape.object(
    "Notification",
    [
      .required("id", .id(Notice.self)),
      .required("kind", .text(), "Kinds are added over time."),
      .required("title", .text()),
      .required("advice", .text().orNull, "What to do; null when there is nothing to be done."),
      .required("connection", .id(Connection.self).orNull), .required("account", .id(Account.self).orNull),
      .required("institution", .text().orNull),
      .required("link", .text().orNull, "Where more is to be seen, on this server."),
      .required("made_at", .instant), .required("settled_at", .instant.orNull, "It has ended by itself."),
      .required("read_at", .instant.orNull),
    ])

  static let notificationExample: JSONValue = [
    "id": "ntf_01kj3v5d8ve2r9q0w4y7h6t1cz", "kind": "connection.sign_in_needed",
    "title": "First Platypus Bank wants you to sign in again.",
    "advice": "Sign in at the bank again through this connection.",
    "connection": "con_01kj3v5d8ve2r9q0w4y7h6t1cz", "account": nil, "institution": "First Platypus Bank",
    "link": "/v1/connections/con_01kj3v5d8ve2r9q0w4y7h6t1cz", "made_at": "2026-03-14T09:00:00Z", "settled_at": nil,
    "read_at": nil,
  ]

  /// Where more is to be seen: what it is about, the nearest first.
  private static func link(of row: ListedNotification) -> String? {
    if let connection = row.connection { return "/v1/connections/\(connection)" }
    let body = try? JSONValue.parse(Array(row.body.utf8))
    if let transaction = body?["transaction"]?.string { return "/v1/transactions/\(transaction)" }
    if let account = row.account { return "/v1/accounts/\(account)" }
    return switch NotificationKind(rawValue: row.kind) {
    case .budgetPassed: "/v1/admin/status"
    case .budgetOverspent: "/v1/budgets"
    case .lowBalance: "/v1/forecast"
    case .deadLetter: "/v1/jobs/dead"
    case .webhookDisabled: "/v1/webhook-endpoints"
    case .invitation: "/invitation"
    case .security: "/v1/sessions"
    default: nil
    }
  }

  static func notification(_ row: ListedNotification) -> JSONValue {
    let words = NotificationWords(row)
    return [
      "id": id(row.id), "kind": .string(row.kind), "title": .string(words.title), "advice": JSONValue(words.advice),
      "connection": row.connection.map { id($0) } ?? .null, "account": row.account.map { id($0) } ?? .null,
      "institution": JSONValue(row.institutionName),
      "link": JSONValue(link(of: row)), "made_at": instant(row.madeAt),
      "settled_at": row.settledAt.map { instant($0) } ?? .null, "read_at": row.readAt.map { instant($0) } ?? .null,
    ]
  }
}
