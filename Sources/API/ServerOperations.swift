import Basics
import Databases
import Finance
import HTTP
import JSON

/// Whether the server is well.
extension Interface {
  var serverOperations: [Operation] {
    [
      Operation(
        "getHealth", .get, "/health", .server, "Say whether the server can work", needs: .open,
        answers: [
          .json(200, Wire.healthShape, "It can.", example: Wire.healthExample),
          .json(503, Wire.healthShape, "The database does not answer."),
        ]
      ) { _ in await health() }
      .paced(.free)
    ]
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
  static let healthExample: JSONValue = ["status": "ok", "database": "ok", "simulated": true, "version": "0.1.0"]
}
