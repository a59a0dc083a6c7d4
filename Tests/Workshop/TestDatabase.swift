import Basics
import Glibc
import Synchronization

@testable package import Databases

/// A fresh, empty database for one test: SQLite in memory, or a schema of its own on a PostgreSQL server when
/// `MAGPIE_TEST_POSTGRES` names one. So every test that begins with it can be run on both.
package enum TestDatabase {
  /// The server's address: `postgres://…`.
  package static let server: String? = getenv("MAGPIE_TEST_POSTGRES").map { String(cString: $0) }
    .flatMap { $0.isEmpty ? nil : $0 }

  package static let missing = "MAGPIE_TEST_POSTGRES names no server; scripts/check starts one"

  private static let count = Atomic<Int>(0)

  package static func fresh() throws -> any Database {
    guard server != nil else { return try SQLiteDatabase.inMemory() }
    return try PostgresDatabase(settings())
  }

  /// How to reach a schema that was made just now.
  package static func settings(connectionsMax: Int = 3) throws -> PostgresSettings {
    guard let server else { throw Missing() }
    let name = "test_\(getpid())_\(count.wrappingAdd(1, ordering: .relaxed).newValue)"
    let session = try PostgresSession(PostgresSettings(address: Secret(server)))
    try session.begin("BEGIN", isReading: false)
    try session.execute(SQL(stringLiteral: "CREATE SCHEMA \(name)"))
    try session.commit()
    let mark = server.contains("?") ? "&" : "?"
    // A busy machine may take its time to let one more in.
    var options = "connect_timeout=60&options=-c%20search_path%3D\(name)"
    if let parts = getenv("MAGPIE_TEST_PARTITIONS") {
      options += "%20-c%20magpie.partitions%3D\(String(cString: parts))"
    }
    return PostgresSettings(address: Secret("\(server)\(mark)\(options)"), connectionsMax: connectionsMax)
  }

  package struct Missing: Error {}
}
