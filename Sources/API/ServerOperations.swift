import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// Whether the server is well.
extension Interface {
  var serverOperations: [Operation] {
    [
      Operation(
        "getHealth", .get, "/health", .server, "Say whether the server can work", needs: .open,
        answers: [
          .json(200, Wire.healthShape, "It can.", example: Wire.healthExample),
          .json(
            503, Wire.healthShape, "The database does not answer.",
            example: ["status": "failing", "database": "unreachable", "simulated": false, "version": "0.1.0"]),
        ]
      ) { _ in await health() }
      .paced(.free),
      Operation(
        "getReady", .get, "/ready", .server, "Say whether the server takes requests now", needs: .open,
        answers: [
          .json(200, Wire.readyShape, "It does.", example: ["status": "ready"]),
          .json(503, Wire.readyShape, "Not now: send requests elsewhere.", example: ["status": "not_ready"]),
        ]
      ) { _ in await ready() }
      .saying("For load balancers: the database answers, and its tables are those that this program knows.")
      .paced(.free),
      Operation(
        "getMetrics", .get, "/metrics", .server, "Show measurements in Prometheus' text format", needs: .measuring,
        answers: [
          .other(
            200, "text/plain", "The measurements.",
            example: """
              # HELP magpie_http_requests_total Requests answered.
              # TYPE magpie_http_requests_total counter
              magpie_http_requests_total{method="GET",route="/v1/accounts",status="200"} 12

              """)
        ], problems: [.notFound]
      ) { _ in
        var response = Response.text(200, await measurements())
        response.headers["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8"
        return response
      }
      .saying("Only there when `MAGPIE_METRICS_TOKEN` is set.").paced(.free),
      Operation(
        "getDescription", .get, "/openapi.json", .server, "Describe the interface to programs", needs: .open,
        parameters: [
          .query("for", .word(["actions"]), "Only what a custom GPT's actions need: at most 30 operations.")
        ],
        answers: [
          .json(
            200, .map(of: .any, countMax: 20), "OpenAPI 3.1.",
            example: ["openapi": "3.1.0", "info": ["title": "Magpie", "version": .string(version)], "paths": [:]])
        ]
      ) { call in
        let use: String? = call.query["for"]
        if use == "actions" { return .json(200, actions()) }
        return .json(200, documents.openAPI { OpenAPI(operations, version: version).document().serialized() })
      },
      Operation(
        "getReference", .get, "/docs", .server, "Describe the interface to people", needs: .open,
        answers: [.other(200, "text/html", "A page.", example: "<!doctype html>…")]
      ) { _ in documents.page { ReferencePage(operations: operations, version: version).response() } },
    ]
  }

  /// 200, or 503 when the database does not answer or belongs to another version of this program.
  private func ready() async -> Response {
    let isReady: Bool
    do {
      isReady = try await Migrator.version(of: banks.database) == Schema.migrations.count
    } catch {
      log.error("the database does not answer", ("error", .text("\(error)")))
      isReady = false
    }
    return .json(isReady ? 200 : 503, ["status": isReady ? "ready" : "not_ready"])
  }

  private func measurements() async -> String {
    let (now, streams) = (banks.world.now(), hub.count)
    let own = metrics.text(version: version, isSimulated: banks.settings.origin == .simulated)
    // Without the database there is still what the process itself counts.
    let max = banks.settings.callsPerDay
    let report = try? await banks.database.read { try WorkReport.read(now: now, streams: streams, callsMax: max, $0) }
    return own + (report?.text ?? "")
  }

  /// 200, or 503 when the database does not answer.
  private func health() async -> Response {
    let isReachable: Bool
    do {
      isReachable = try await banks.database.read { try $0.first("SELECT 1") { try $0(0, as: Int.self) } } == 1
    } catch {
      log.error("the database does not answer", ("error", .text("\(error)")))
      isReachable = false
    }
    return .json(
      isReachable ? 200 : 503,
      [
        "status": isReachable ? "ok" : "failing", "database": isReachable ? "ok" : "unreachable",
        "simulated": .bool(banks.settings.origin == .simulated), "version": .string(version),
      ])
  }
}

extension Wire {
  static let healthShape = Shape.object(
    "Health",
    [
      .required("status", .word(["ok", "failing"])), .required("database", .word(["ok", "unreachable"])),
      .required("simulated", .flag, "The bank is the simulated one."), .required("version", .text()),
    ])
  static let readyShape = Shape.object("Readiness", [.required("status", .word(["ready", "not_ready"]))])
  static let healthExample: JSONValue = ["status": "ok", "database": "ok", "simulated": true, "version": "0.1.0"]
}

/// What is said to everybody alike, made once.
final class Documents: Sendable {
  private let made = Locked<(openAPI: [UInt8]?, page: Response?)>((nil, nil))

  func openAPI(_ make: () -> [UInt8]) -> [UInt8] {
    if let bytes = made.withLock({ $0.openAPI }) { return bytes }
    let bytes = make()
    made.withLock { $0.openAPI = bytes }
    return bytes
  }

  func page(_ make: () -> Response) -> Response {
    if let page = made.withLock({ $0.page }) { return page }
    let page = make()
    made.withLock { $0.page = page }
    return page
  }
}
