import Basics
import Databases
import Store

/// Moves to another store: everything is copied, and both sides are counted and compared.
struct Copy: Command {
  static let name = "copy"
  static let summary = "Copy everything to another database, and compare."
  static let options: [Option] = [
    .value("from", "PLACE", "where the data is; else the file in the data folder"),
    .value("to", "PLACE", "an empty place; else the server of DATABASE_URL"),
  ]
  static let details = """
    PLACE is sqlite:FILE, or the address of a server: postgres://…. A password is better kept in
    DATABASE_URL than typed here, where other programs can see it. Stop Magpie first: a copy that
    somebody writes to meanwhile is refused. The source stays as it is; encryption.key stays in the
    data folder and is needed with the copy too.
    """

  let from: String?
  let to: String?

  init(_ arguments: inout Arguments) throws(UsageError) {
    from = arguments.text("from")
    to = arguments.text("to")
  }

  func run(_ surroundings: Surroundings) async throws {
    let (configuration, terminal) = (try Configuration(surroundings.environment), surroundings.terminal)
    let from = try Place(from) ?? .file(configuration.dataDirectory + "/magpie.db")
    guard let to = try Place(to) ?? configuration.databaseURL.map(Place.server) else {
      throw Failure("say where to: --to postgres://…, or set DATABASE_URL", .usage)
    }
    guard from.isThere else { throw Failure("there is no \(from)") }
    try to.make()
    do {
      let sums = try await Copying.run(from: try from.open(), to: try to.open(), now: World.live.now())
      var table = Table([.left, .right], head: ["Table", "Rows"])
      for sum in sums where sum.rows > 0 { table.append([sum.table, String(sum.rows)]) }
      terminal.table(table)
      let rows = sums.reduce(0) { $0 + $1.rows }
      terminal.line("\n\(rows) rows are at \(to) now, each the same as at \(from).")
    } catch {
      throw Self.failure(error, from, to)
    }
  }

  private static func failure(_ error: any Error, _ from: Place, _ to: Place) -> Failure {
    switch error {
    case CopyError.otherVersion(let found, let known):
      Failure("\(from) has tables of another Magpie (\(found) of \(known)): run magpie migrate on it first", .attention)
    case CopyError.notEmpty(let table):
      Failure("\(to) is not empty (there are rows in \(table)): name a place without data", .attention)
    case CopyError.differs(let table):
      Failure(
        """
        \(table) differs between \(from) and \(to): somebody wrote meanwhile. Stop Magpie, empty \(to), and copy again
        """, .attention)
    case let error as DatabaseError:
      Failure(
        "copying from \(from) to \(to) failed: \(error.message). The source is as it was; empty \(to) and try again")
    default: Fault.failure(error)
    }
  }

  private enum Place: CustomStringConvertible {
    case file(String)
    case server(Secret<String>)

    init?(_ text: String?) throws(Failure) {
      guard let text else { return nil }
      if text.hasPrefix("sqlite:") {
        self = .file(String(text.dropFirst("sqlite:".count)))
      } else if PostgresAddress.isOne(text) {
        self = .server(Secret(text))
      } else {
        throw Failure("a place is sqlite:FILE or postgres://…", .usage)
      }
    }

    /// Without a password.
    var description: String {
      switch self {
      case .file(let path): path
      case .server(let address): PostgresAddress.shown(address.reveal)
      }
    }

    var isThere: Bool {
      guard case .file(let path) = self else { return true }
      return PrivateFile.stamp(path) != nil
    }

    /// A new file is made for its owner alone.
    func make() throws(Failure) {
      guard case .file(let path) = self, !isThere else { return }
      _ = try PrivateFile.create(path, "")
    }

    func open() throws -> any Database {
      switch self {
      case .file(let path): try SQLiteDatabase(path: path)
      case .server(let address): try PostgresDatabase(PostgresSettings(address: address))
      }
    }
  }
}
