package import Basics
package import Databases
package import Finance

/// Names what Link told.
package enum LinkEvent: Identified {
  package static let idPrefix = "lev"
}

/// Something that happened while a person went through Link, as their page told it. It holds no secret.
package struct StoredLinkEvent: Sendable, Equatable {
  package var id: ID<LinkEvent>
  package var at: Timestamp
  /// Plaid's name, such as `OPEN` or `EXIT`.
  package var name: String
  /// Plaid's name for the walk through Link, which its support asks for.
  package var session: String?
  package var connection: ID<Connection>?
  package var institutionID: String?
  package var institutionName: String?
  package var viewName: String?
  package var exitStatus: String?
  package var errorType: String?
  package var errorCode: String?
  package var requestID: String?

  package init(id: ID<LinkEvent>, at: Timestamp, name: String) { (self.id, self.at, self.name) = (id, at, name) }
}

/// What Link told, for finding out why somebody did not get through. Each person sees their own.
package enum LinkEvents {
  /// So many are kept of each person; older ones go.
  package static let keptMax = 500

  package static func keep(_ event: StoredLinkEvent, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO link_event (household_id, id, person_id, at, name, session, connection_id, institution_id,
        institution_name, view_name, exit_status, error_type, error_code, request_id)
      VALUES (\(scope.household), \(event.id), \(scope.user), \(event.at), \(event.name), \(event.session),
        \(event.connection), \(event.institutionID), \(event.institutionName), \(event.viewName),
        \(event.exitStatus), \(event.errorType), \(event.errorCode), \(event.requestID))
      """)
    try session.execute(
      """
      DELETE FROM link_event WHERE household_id = \(scope.household) AND person_id = \(scope.user) AND id <= (
        SELECT id FROM link_event WHERE household_id = \(scope.household) AND person_id = \(scope.user)
        ORDER BY id DESC LIMIT 1 OFFSET \(keptMax))
      """)
  }

  /// The latest first, from before `before`.
  package static func list(
    before: ID<LinkEvent>?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [StoredLinkEvent] {
    let rest: SQL = before.map { "AND id < \($0)" } ?? ""
    return try session.query(
      """
      SELECT id, at, name, session, connection_id, institution_id, institution_name, view_name, exit_status,
        error_type, error_code, request_id FROM link_event
      WHERE household_id = \(scope.household) AND person_id = \(scope.user) \(rest) ORDER BY id DESC LIMIT \(limit)
      """
    ) { row in
      var event = StoredLinkEvent(id: try row(0), at: try row(1), name: try row(2))
      (event.session, event.connection) = (try row(3), try row(4))
      (event.institutionID, event.institutionName, event.viewName) = (try row(5), try row(6), try row(7))
      (event.exitStatus, event.errorType, event.errorCode) = (try row(8), try row(9), try row(10))
      event.requestID = try row(11)
      return event
    }
  }
}
