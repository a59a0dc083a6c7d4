package import Databases

/// Whether the database itself is whole. Reads every page: seconds for a million rows.
package enum Integrity {
  /// What the engine finds wrong, a line each; empty when all is well.
  package static func damage(_ session: any Session, linesMax: Int = 20) throws -> [String] {
    guard session.dialect == .sqlite else { return [] }
    return try session.query("PRAGMA integrity_check(20)") { try $0(0, as: String.self) }
      .filter { $0 != "ok" }.prefix(linesMax).map { $0 }
  }

  /// Rows that belong to something that is not there, by table.
  package static func orphans(_ session: any Session) throws -> [String: Int] {
    guard session.dialect == .sqlite else { return [:] }
    let tables = try session.query("PRAGMA foreign_key_check") { try $0(0, as: String.self) }
    return tables.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
