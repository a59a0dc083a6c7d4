import Basics
import Finance
import JSON
import Store

/// The shapes of what ``Wire`` writes.
extension Wire {
  package static let connectionShape = Shape.object("Connection", connectionMembers)

  private static let connectionMembers: [Shape.Member] = [
    .required("id", .id(Connection.self)),
    .required(
      "institution", .object([.required("id", .foreign.orNull), .required("name", .foreign.orNull)])),
    .required("environment", .foreign), .required("state", .word(ConnectionState.self)),
    .required("state_code", .foreign.orNull), .required("message", .foreign.orNull),
    .required("history", .token, "How far back the bank's data is in: `initial`, then `historical`."),
    .required("accounts", .count), .required("last_success_at", .instant.orNull),
    .required("last_attempt_at", .instant.orNull), .required("consent_expires_at", .instant.orNull),
    .required("created_at", .instant), .required("simulated", .flag, "It is to the simulated bank."),
  ]

  package static let connectionDetailShape = Shape.object(
    "ConnectionDetail", connectionMembers + [.required("latest_run", runShape.orNull)])

  package static let runShape = Shape.object(
    "SyncRun",
    [
      .required("id", .id(SyncRun.self)), .required("kind", .token), .required("phase", .token),
      .required("started_at", .instant), .required("ended_at", .instant.orNull),
      .required("outcome", .token.orNull), .required("error_code", .foreign.orNull),
      .required("error_message", .foreign.orNull), .required("counts", countsShape),
    ])

  package static let countsShape = Shape.object(
    "SyncCounts",
    ["pages", "rows", "added", "changed", "removed", "quarantined", "restarts"].map { .required($0, .count) }
      + [.required("oldest", .day.orNull)])

  package static let outcomeShape = Shape.object("SyncOutcome", outcomeMembers)

  private static let outcomeMembers: [Shape.Member] = [
    .required("outcome", .word(["applied", "not_ready", "running_elsewhere", "running"])),
    .required("counts", countsShape.orNull), .required("connection", .id(Connection.self)),
  ]

  /// Among several, one that failed has a problem in place of counts.
  package static let anyOutcomeShape = Shape.either([
    outcomeShape,
    .object(
      "SyncFailure",
      [
        .required("outcome", .word(["failed"])), .required("problem", problemShape),
        .required("connection", .id(Connection.self)),
      ]),
  ])

  /// A problem inside another answer.
  package static let problemShape = Shape.object(
    "InnerProblem",
    [
      .required("status", .integer(400...599)), .required("code", .token), .required("title", .foreign),
      .required("detail", .foreign.orNull),
    ])

  package static let linkTokenShape = Shape.object(
    "LinkToken", [.required("link_token", .foreign), .required("expires_at", .instant.orNull)])
}

/// Answers as the simulated bank gives them.
extension Wire {
  static let linkTokenExample: JSONValue = [
    "link_token": "link-sandbox-6d5f1c1a-7f0e-4f4f-9a53-bd2f0d6e7a31", "expires_at": "2026-03-14T13:00:00Z",
  ]

  static let connectionExample: JSONValue = [
    "id": "con_01kj3v5d8ve2r9q0w4y7h6t1cz", "institution": ["id": "ins_109508", "name": "First Platypus Bank"],
    "environment": "sandbox", "state": "healthy", "state_code": .null, "message": .null, "history": "historical",
    "accounts": 12, "last_success_at": "2026-03-14T09:00:00Z", "last_attempt_at": "2026-03-14T09:00:00Z",
    "consent_expires_at": .null, "created_at": "2026-03-14T09:00:00Z", "simulated": true,
  ]

  static let connectionDetailExample = connectionExample.setting("latest_run", runExample)

  static let runExample: JSONValue = [
    "id": "run_01kj3v5d8ve2r9q0w4y7h6t1cz", "kind": "manual", "phase": "ended", "started_at": "2026-03-14T09:00:00Z",
    "ended_at": "2026-03-14T09:00:02.250Z", "outcome": "applied", "error_code": .null, "error_message": .null,
    "counts": countsExample,
  ]

  static let countsExample: JSONValue = [
    "pages": 2, "rows": 731, "added": 731, "changed": 0, "removed": 0, "quarantined": 0, "restarts": 0,
    "oldest": "2024-03-15",
  ]

  static let outcomeExample: JSONValue = [
    "outcome": "applied", "counts": countsExample, "connection": "con_01kj3v5d8ve2r9q0w4y7h6t1cz",
  ]
}
