import Basics
import CPostgres

/// How a session comes to its server.
extension PostgresSession {
  /// Connects to the primary: among several hosts that say they are, to the one that was promoted last.
  static func primary(_ settings: PostgresSettings, _ term: PostgresTerm) throws(DatabaseError) -> PostgresSession {
    let hosts = PostgresHosts.all(settings)
    var found: PostgresSession?
    var problem = DatabaseError(kind: .disconnected, message: "no host is named")
    for host in hosts {
      do throws(DatabaseError) {
        let session = try PostgresSession(settings, at: host)
        term.note(session.mark)
        if found.map({ ($0.mark?.timeline ?? 0) < (session.mark?.timeline ?? 0) }) ?? true { found = session }
      } catch {
        problem = error
      }
    }
    guard let found else { throw problem }
    guard term.isCurrent(found.mark) else { throw superseded }
    return found
  }

  /// What is said of a server that another has taken over from.
  static let superseded = DatabaseError(
    kind: .disconnected, message: "this server is no longer the primary: another was promoted")

  /// What is said of a standby that has not replayed what was asked for, or is none of this primary's.
  static let behind = DatabaseError(kind: .disconnected, message: "this standby has not come so far")

  static func connect(
    _ settings: PostgresSettings, _ host: [(String, String)]
  ) throws(DatabaseError) -> OpaquePointer {
    var problem: UnsafeMutablePointer<CChar>?
    let parsed = unsafe PQconninfoParse(settings.address.reveal, &problem)
    defer {
      unsafe PQconninfoFree(parsed)
      unsafe PQfreemem(problem)
    }
    // What libpq says here quotes the address, and with it what may be a password.
    guard unsafe parsed != nil else {
      throw DatabaseError(kind: .programmer, message: "the address of the PostgreSQL server cannot be understood")
    }
    let parameters = settings.parameters(at: host)
    let connection = unsafe withCStrings(parameters.map(\.0)) { names in
      unsafe withCStrings(parameters.map(\.1)) { values in unsafe PQconnectdbParams(names, values, 1) }
    }
    guard let connection = unsafe connection else {
      throw DatabaseError(kind: .disconnected, message: "no memory for a connection")
    }
    guard unsafe PQstatus(connection) == CONNECTION_OK, unsafe PQenterPipelineMode(connection) == 1 else {
      let message = unsafe String(cString: PQerrorMessage(connection))
      unsafe PQfinish(connection)
      throw DatabaseError(kind: .disconnected, message: message.split(separator: "\n").joined(separator: " "))
    }
    // Notices such as "already exists, skipping" would go to standard error.
    unsafe PQsetNoticeProcessor(connection, { _, _ in }, nil)
    return unsafe connection
  }
}
