import Basics
import Databases
import Finance
import HTTP
package import JSON
package import Jobs
import Store

/// What goes on by itself, for the people who run it.
extension Interface {
  var workOperations: [Operation] {
    [
      Operation(
        "getStatus", .get, "/v1/admin/status", .work, "Show how the work of the installation stands",
        needs: .household(.admin, .owner),
        answers: [.json(200, Wire.statusShape, "The last day's.", example: Wire.statusExample)]
      ) { call in
        let banks = try banks(for: call)
        let (now, streams) = (banks.world.now(), hub.count)
        let report = try await banks.reading { try WorkReport.read(now: now, streams: streams, callsMax: nil, $0) }
        return .json(200, Wire.status(report, callsMax: banks.settings.callsPerDay))
      },
      Operation(
        "listDeadJobs", .get, "/v1/jobs/dead", .work, "List work that was given up, the latest first",
        needs: .household(.read, .admin),
        answers: [
          .json(200, .whole(Wire.deadJobShape), "At most a hundred.", example: ["data": [Wire.deadJobExample]])
        ]
      ) { call in
        let banks = try banks(for: call)
        let household = ID<Tenant>(bits: banks.scope.household.bits)
        let letters = try await banks.reading { try DeadLetters.list(of: household, limit: 100, $0) }
        return .json(200, .object([.init("data", .array(letters.map(Wire.deadJob)))]))
      },
      Operation(
        "retryDeadJob", .post, "/v1/jobs/dead/{id}/retry", .work, "Try it again now",
        needs: .household(.sync, .admin), parameters: [.path("id", .id(QueuedJob.self))],
        answers: [.empty("It is in the queue.", status: 202)]
      ) { call in
        let banks = try banks(for: call)
        let (id, now): (ID<QueuedJob>, Timestamp) = (try call.id(), banks.world.now())
        let household = ID<Tenant>(bits: banks.scope.household.bits)
        guard try await banks.writing({ try DeadLetters.retry(id, of: household, now: now, $0) }) else {
          throw Problem.notFound
        }
        banks.bell.ring()
        return Response(202)
      },
      Operation(
        "dropDeadJob", .delete, "/v1/jobs/dead/{id}", .work, "Drop it", needs: .household(.sync, .admin),
        parameters: [.path("id", .id(QueuedJob.self))], answers: [.empty("It is gone.")]
      ) { call in
        let banks = try banks(for: call)
        let id: ID<QueuedJob> = try call.id()
        let household = ID<Tenant>(bits: banks.scope.household.bits)
        guard try await banks.writing({ try DeadLetters.drop(id, of: household, $0) }) else { throw Problem.notFound }
        return Response(204)
      },
    ]
  }
}

extension Tag {
  package static let work = Tag("Work", "What goes on by itself, and what was given up.")
}

extension Wire {
  static let statusShape = Shape.object(
    "Status",
    [
      .required("active_connections", .count, "Connections that are read."),
      .required("pending_syncs", .count, "Reading that waits or goes on."),
      .required("error_rate", .text(), "Failed runs among all of the last day, from 0.000 to 1.000."),
      .required("avg_sync_time", .count, "Milliseconds, of the last day's runs."),
      .required(
        "api_usage",
        .object([
          .required("calls_today", .count, "Of all households."),
          .required("calls_most", .count, "Of the household that made most of them."),
          .required("calls_max", .count.orNull, "How many each household may make; null: as many as it takes."),
        ])),
      .required("dead_jobs", .count), .required("held_back", .list(of: .text()), "Providers and banks left alone."),
    ])

  static let statusExample: JSONValue = [
    "active_connections": 3, "pending_syncs": 1, "error_rate": "0.042", "avg_sync_time": 1840,
    "api_usage": ["calls_today": 57, "calls_most": 31, "calls_max": 5000], "dead_jobs": 0, "held_back": [],
  ]

  static func status(_ report: WorkReport, callsMax: Int?) -> JSONValue {
    let living = ["pending", "healthy", "degraded", "expiring"]
    let total = report.runs.outcomes.reduce(0) { $0 + $1.count }
    let failed = report.runs.outcomes.first { $0.outcome == "failed" }?.count ?? 0
    let rate = total == 0 ? 0 : failed * 1000 / total
    let syncs = report.queue.filter { JobKind(rawValue: $0.kind)?.lane == JobKind.update.lane }
    return [
      "active_connections": .int(
        report.runs.connections.filter { living.contains($0.state) }.reduce(0) { $0 + $1.count }),
      "pending_syncs": .int(syncs.reduce(0) { $0 + $1.waiting + $1.running }),
      "error_rate": .string("\(rate / 1000).\(String(1000 + rate % 1000).dropFirst())"),
      "avg_sync_time": .int(report.runs.meanMilliseconds),
      "api_usage": [
        "calls_today": .int(report.callsToday), "calls_most": .int(report.callsMost), "calls_max": JSONValue(callsMax),
      ],
      "dead_jobs": .int(report.queue.reduce(0) { $0 + $1.dead }),
      "held_back": JSONValue(
        report.circuits.filter { $0.value.state(now: report.now) != .closed }.map(\.key).sorted()),
    ]
  }

  static let deadJobShape = Shape.object(
    "DeadJob",
    [
      .required("id", .id(QueuedJob.self)), .required("kind", .text()), .required("subject", .text()),
      .required("attempts", .count), .required("code", .text().orNull), .required("reason", .text().orNull),
      .required("given_up_at", .instant),
    ])

  static let deadJobExample: JSONValue = [
    "id": "job_01kj3v5d8ve2r9q0w4y7h6t1cz", "kind": "sync.update", "subject": "con_01kj3v5d8ve2r9q0w4y7h6t1cz",
    "attempts": 3, "code": "bank.unreachable", "reason": "the bank cannot be reached at the moment",
    "given_up_at": "2026-11-20T02:10:31.482Z",
  ]

  package static func deadJob(_ letter: DeadLetter) -> JSONValue {
    [
      "id": id(letter.job.id), "kind": .string(letter.job.kind.rawValue), "subject": .string(letter.job.subject),
      "attempts": .int(letter.job.attempt), "code": JSONValue(letter.code), "reason": JSONValue(letter.message),
      "given_up_at": instant(letter.endedAt),
    ]
  }
}
