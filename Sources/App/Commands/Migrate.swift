import Databases
import Store

/// Brings the tables to this version. Every other command does so too; this one does nothing else.
struct Migrate: Command {
  static let name = "migrate"
  static let summary = "Bring the tables to this version."
  static let details = """
    For those who start new programs only after the tables are ready. Several may do so at the same
    time: one brings the tables up to date, and the others wait for it.
    """

  init(_ arguments: inout Arguments) {}

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment))
    let version = try await Migrator.version(of: home.database)
    surroundings.terminal.line("\(home.directory.databaseName) has the tables of this version (\(version)).")
  }
}
