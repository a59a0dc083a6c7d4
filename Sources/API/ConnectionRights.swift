import Basics
import Finance
import HTTP
import Store

/// Who may do what with a connection, beyond what their role says: what one person linked another one of the household
/// may read, and only admins and owners end it or sign in through it.
extension Interface {
  /// - Throws: 404 for a connection that the person sees nothing of, 403 for one of somebody else's.
  func mustManage(_ id: ID<Connection>, _ call: Call) async throws {
    let (scope, role) = (try call.scope, try call.role)
    let standing = try await banks.reading { try Connections.standing(of: id, scope, $0) }
    guard let standing else { throw BanksError.unknownConnection }
    guard standing.owner == scope.user || role >= .admin else {
      throw ProblemKind.roleTooLow.problem(detail: "Somebody else linked it: ask them, an admin or the owner.")
    }
  }

  /// Adds to the audit log what was done with a connection.
  ///
  /// - Parameter tells: Whoever did it is told, and whoever linked the bank.
  func note(_ action: String, _ id: ID<Connection>, tells: Bool = false, _ call: Call) async throws {
    let (scope, trail) = (try call.scope, Trail(call))
    try await banks.writing { [identity] session in
      try identity.note(action, by: scope.user, subject: "\(id)", in: scope.household, trail, session)
      guard tells else { return }
      let owner = try Connections.owner(id, of: scope.household, session)?.user
      for user in Set([scope.user, owner].compactMap(\.self)).sorted() {
        try identity.tell(action, user, in: scope.household, session)
      }
    }
  }

  /// Adds to the audit log that everything somebody sees was taken away in a file, and tells them.
  func noteExport(_ what: String, _ call: Call) async throws {
    let (scope, trail) = (try call.scope, Trail(call))
    try await banks.writing { [identity] session in
      try identity.note("export.made", by: scope.user, subject: what, in: scope.household, trail, session)
      try identity.tell("export.made", scope.user, in: scope.household, session)
    }
  }
}
