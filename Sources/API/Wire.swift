package import Basics
package import Finance
package import JSON
package import Store

/// How our values look on the wire: amounts as decimal strings with their currency, days, instants in RFC 3339, ids with
/// their prefix. Members may be added later; none changes its meaning. The command line's JSON looks the same.
package enum Wire {
  static func id<Owner>(_ id: ID<Owner>?) -> JSONValue { JSONValue(id?.description) }
  static func day(_ day: CalendarDate?) -> JSONValue { JSONValue(day?.description) }
  static func instant(_ instant: Timestamp?) -> JSONValue { JSONValue(instant?.description) }

  package static func money(_ money: Money) -> JSONValue {
    ["amount": .string(money.decimal), "currency": .string(money.currency.code)]
  }

  static func money(_ minor: Int64?, _ currency: Currency) -> JSONValue {
    minor.map { money(Money(minorUnits: $0, currency)) } ?? .null
  }

  static func isSimulated(_ origin: String) -> JSONValue { .bool(origin == Origin.simulated.rawValue) }

  package static func connection(_ connection: ListedConnection) -> JSONValue {
    [
      "id": id(connection.id),
      "institution": ["id": JSONValue(connection.institutionID), "name": JSONValue(connection.institutionName)],
      "environment": .string(connection.environment), "state": .string(connection.state.rawValue),
      "state_code": JSONValue(connection.stateCode), "message": JSONValue(connection.stateMessage),
      "history": .string(connection.progress.rawValue), "accounts": .int(connection.accounts),
      "last_success_at": instant(connection.lastSuccessAt), "last_attempt_at": instant(connection.lastAttemptAt),
      "consent_expires_at": instant(connection.consentExpiresAt), "created_at": instant(connection.createdAt),
      "simulated": isSimulated(connection.origin),
    ]
  }

  static func run(_ run: ListedRun) -> JSONValue {
    [
      "id": id(run.id), "kind": .string(run.kind), "phase": .string(run.phase), "started_at": instant(run.startedAt),
      "ended_at": instant(run.endedAt), "outcome": JSONValue(run.outcome), "error_code": JSONValue(run.errorCode),
      "error_message": JSONValue(run.errorMessage), "counts": counts(run.counts),
    ]
  }

  package static func counts(_ counts: RunCounts) -> JSONValue {
    [
      "pages": .int(counts.pages), "rows": .int(counts.rows), "added": .int(counts.added),
      "changed": .int(counts.changed), "removed": .int(counts.removed), "quarantined": .int(counts.quarantined),
      "restarts": .int(counts.restarts), "oldest": day(counts.oldest),
    ]
  }

  /// A problem inside another answer: the members of one of its own, without the request's.
  package static func problem(_ problem: Problem) -> JSONValue {
    [
      "status": .int(problem.status), "code": .string(problem.code), "title": .string(problem.title),
      "detail": JSONValue(problem.detail),
    ]
  }
}
